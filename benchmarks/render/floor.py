"""A whole ad in all ratios beside the encoder alone, and what is saved when little has changed.

``python -m benchmarks.render.floor [--seconds 30] [--runs 3] [--quality final] [--ratios 9:16,4:5,1:1,16:9]``
``… --hooks`` measures five hooks beside one, ``… --growth`` an ad of twice the length, and nothing else.

The floor is x264 with the very same arguments on the finished videos' frames, which are decoded to raw files
beforehand (uncounted; reading them is part of the floor). adcli's side is the whole command ``adcli run``,
from the start of Python to the published files, of which only script, voice and music were there before.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adcli.media import encode
from adcli.media.ffmpeg import find_ffmpeg
from adcli.media.probe import probe
from adcli.units import FPS, Quality
from benchmarks.render.ad import RATIOS, Ad, make_ad
from benchmarks.render.used import used


def floor(ad: Ad, quality: Quality) -> float:
    """CPU seconds of encoding the frames of all finished videos, one after another."""
    total = 0.0
    for video in ad.videos:
        found = probe(video)
        raw = ad.folder / "raw.yuv"
        command = [str(find_ffmpeg()), "-v", "error", "-nostdin", "-y"]
        decode = [*command, "-i", str(video), "-f", "rawvideo", "-pix_fmt", "yuv420p", str(raw)]
        subprocess.run(decode, check=True)
        source = [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s",
            f"{found.width}x{found.height}",
            "-r",
            str(FPS),
        ]
        encoded = [
            *command,
            *source,
            "-i",
            str(raw),
            *encode.x264(quality),
            "-an",
            str(ad.folder / "floor.mp4"),
        ]
        total += used(encoded, cwd=ad.folder).cpu
        raw.unlink()
    return total


def measured(ad: Ad, quality: Quality) -> dict[str, float]:
    """One round: everything, nothing, one scene, the music, and five hooks."""
    flags = ("--quality", quality.value)
    kept = ad.folder.parent / "warm"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(ad.folder, kept, symlinks=True)
    full = ad.run(*flags)
    row = {"full": full.cpu, "wall": full.wall, "mb": full.mb, "largest mb": full.largest_mb}
    row["floor"] = floor(ad, quality)
    row["again"] = ad.run(*flags).cpu
    for name, change in _CHANGES.items():
        change(ad)
        row[name] = ad.run(*flags).cpu
    shutil.rmtree(ad.folder)
    shutil.copytree(kept, ad.folder, symlinks=True)
    return row


def _one_scene(ad: Ad) -> None:
    name = ad.scenes()[len(ad.scenes()) // 2]
    scenes = _scenes(ad)
    scenes[name] = {**scenes[name], "text": "Only this"}
    ad.change(scenes=scenes)


def _audio(ad: Ad) -> None:
    ad.change(sounds=False)


def _scenes(ad: Ad) -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.safe_load(ad.file.read_text())["scenes"]
    return found


_CHANGES: dict[str, Callable[[Ad], None]] = {"one scene": _one_scene, "audio": _audio}


def hooks(folder: Path, seconds: float, quality: Quality) -> tuple[float, float]:
    """CPU seconds of one hook and of five, in four ratios each."""
    flags = ("--quality", quality.value)
    one = make_ad(folder / "one", seconds).run(*flags).cpu
    five = make_ad(folder / "five", seconds, hooks=5).run(*flags).cpu
    return one, five


def growth(folder: Path, seconds: float, quality: Quality) -> tuple[float, float]:
    """CPU seconds of an ad, and of one that is twice as long."""
    flags = ("--quality", quality.value)
    short, long = (make_ad(folder / str(n), n * seconds).run(*flags).cpu for n in (1, 2))
    return short, long


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quality", type=Quality, default=Quality.FINAL)
    parser.add_argument("--ratios", default=",".join(RATIOS))
    parser.add_argument("--hooks", action="store_true", help="measure five hooks beside one")
    parser.add_argument("--growth", action="store_true", help="measure an ad of twice the length")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.hooks or asked.growth:
            compare = hooks if asked.hooks else growth
            pairs = [compare(folder / str(run), asked.seconds, asked.quality) for run in range(asked.runs)]
            less, more = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
            print(f"{less:.1f} CPU s, {more:.1f}: {more / less:.2f} x")
            return
        ad = make_ad(folder / "ad", asked.seconds, asked.ratios.split(","))
        rows = [measured(ad, asked.quality) for _ in range(asked.runs)]
    middle = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
    print(f"{asked.seconds:g} s, {asked.ratios}, {asked.quality}: median of {asked.runs}")
    for key, value in middle.items():
        against = {"full": "floor"}.get(key, "full")
        share = (
            ""
            if key in ("wall", "mb", "largest mb", "floor")
            else f"  {value / middle[against]:.3f} x {against}"
        )
        print(f"{key:12} {value:8.2f}{share}")


if __name__ == "__main__":
    main()
