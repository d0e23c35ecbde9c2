"""``python -m tests.emulator --port 0 --ledger FILE``: runs the emulator and prints its port.

With ``--exports`` it also prints the variables that point adcli to it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.emulator.app import environment
from tests.emulator.server import listening, make_server


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--ledger", type=Path, required=True, help="file that every charge is appended to")
    parser.add_argument("--exports", action="store_true", help="print what a shell has to export")
    given = parser.parse_args()
    with listening(given.port) as held:
        port = held.getsockname()[1]
        print(port, flush=True)  # noqa: T201
        for name, value in environment(f"http://127.0.0.1:{port}").items() if given.exports else ():
            print(f"export {name}={value}", flush=True)  # noqa: T201
        make_server(given.ledger).run([held])


main()
