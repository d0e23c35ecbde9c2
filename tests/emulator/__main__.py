"""``python -m tests.emulator --port 0 --ledger FILE``: runs the emulator and prints its port."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.emulator.server import listening, make_server


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--ledger", type=Path, required=True, help="file that every charge is appended to")
    given = parser.parse_args()
    with listening(given.port) as held:
        print(held.getsockname()[1], flush=True)  # noqa: T201
        make_server(given.ledger).run([held])


main()
