"""The emulator with media that cost nothing: made once, and marked so that no two have the same bytes.

What is measured against it is adcli, on a machine where both share the cores.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tests.emulator import media, pictures, replicate_output
from tests.emulator.server import Emulator, listening, make_server

_ROOT = Path(__file__).parents[1]
_clip, _draw = lru_cache(media.clip.__wrapped__), lru_cache(pictures.draw.__wrapped__)


def clip(seed: str, seconds: float, width: int, height: int, sound: bool = False) -> bytes:
    """As the emulator's, with a box that players skip."""
    return _clip("", seconds, width, height, sound) + b"\0\0\0\x28free" + _mark(seed)


def draw(seed: str, width: int, height: int, suffix: str) -> bytes:
    """As the emulator's; a JPEG gets a comment."""
    made = _draw("" if suffix == "jpg" else seed, width, height, suffix)
    return made[:2] + b"\xff\xfe\0\x22" + _mark(seed) + made[2:] if suffix == "jpg" else made


def _mark(seed: str) -> bytes:
    return hashlib.sha256(seed.encode()).digest()


@contextlib.contextmanager
def running(ledger: Path) -> Iterator[Emulator]:
    """An emulator in a process of its own, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.quick_emulator", str(ledger)]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Emulator(f"http://127.0.0.1:{process.stdout.readline().strip()}", ledger)
        finally:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quick_emulator", description=__doc__)
    parser.add_argument("ledger", type=Path)
    vars(media)["clip"], vars(replicate_output)["draw"] = clip, draw
    with listening() as held:
        print(held.getsockname()[1], flush=True)
        make_server(parser.parse_args().ledger).run([held])


if __name__ == "__main__":
    main()
