"""The same ad by adcli and by idiomatic MoviePy, one after the other.

``python -m benchmarks.render.moviepy_beside [--seconds 10] [--runs 3]``
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.render.ad import RATIOS, ROOT, make_ad
from benchmarks.render.cutlist import cut_list
from benchmarks.render.used import Used, used


def beside(folder: Path, seconds: float) -> tuple[Used, Used]:
    """What adcli and MoviePy take for four ratios of a new ad."""
    ad = make_ad(folder / "ad", seconds)
    ours = ad.run()
    listed = cut_list(ad).save(folder / "cutlist.json")
    command = [sys.executable, "-m", "benchmarks.render.moviepy_peer", listed, folder, ",".join(RATIOS)]
    return ours, used([str(part) for part in command], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        pairs = []
        for run in range(asked.runs):
            pairs.append(beside(Path(name) / str(run), asked.seconds))
            shutil.rmtree(Path(name) / str(run))
    for side, label in enumerate(("adcli", "MoviePy")):
        cpu, wall, mb = (statistics.median(getattr(pair[side], field) for pair in pairs) for field in _FIELDS)
        print(f"{label:8} {cpu:8.1f} CPU s  {wall:7.1f} s  {mb:6.0f} MB")
    print(f"{statistics.median(peer.cpu / ours.cpu for ours, peer in pairs):.2f} x adcli's CPU")


_FIELDS = ("cpu", "wall", "mb")


if __name__ == "__main__":
    main()
