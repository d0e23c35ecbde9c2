"""The ad that everything in here renders: given clips, a spoken script, music, captions, a title, a packshot.

Its clips are made once: slow zooms into a fractal under light grain, 1080x1920, at 24 and 30 frames a second,
which is about as hard to encode as what a phone or a video model gives.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from adcli.media.ffmpeg import find_ffmpeg
from benchmarks.render.used import Used, used

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "campaigns" / "assets"
RATIOS = ("9:16", "4:5", "1:1", "16:9")
CLIPS = 6
CLIPS_FOLDER = Path(os.environ["ADCLI_BENCH_CLIPS"]) if "ADCLI_BENCH_CLIPS" in os.environ else None
"""Where clips are kept between measurements, if anywhere."""
_CLIP_SECONDS = 5
_PLACES = ((-0.743643, 0.131825), (-0.1592, 1.0317), (-1.25066, 0.02012), (0.2549, 0.0005), (-0.5251, 0.5260),
           (-0.7269, 0.1889))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ad:
    """A campaign in a folder of its own, and where its state lies."""

    folder: Path

    @property
    def file(self) -> Path:
        """The campaign."""
        return self.folder / "campaign.yaml"

    @property
    def videos(self) -> list[Path]:
        """What it has made."""
        return sorted((self.folder / "out").rglob("*.mp4"))

    def change(self, **fields: Any) -> None:
        """Writes the campaign with other fields."""
        campaign = yaml.safe_load(self.file.read_text()) | fields
        self.file.write_text(yaml.safe_dump(campaign, sort_keys=False))

    def run(self, *flags: str) -> Used:
        """What a run takes, all its processes together."""
        command = [sys.executable, "-m", "adcli.cli.main", "run", str(self.file), "-q", *flags]
        return used(command, cwd=self.folder, env={**os.environ, "PYTHONPATH": str(ROOT)})

    def scenes(self) -> list[str]:
        """Names of the scenes, in order."""
        plan = subprocess.run(
            [sys.executable, "-m", "adcli.cli.main", "plan", str(self.file), "--json"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        tasks = json.loads(plan.stdout)["tasks"]
        return list(dict.fromkeys(task["scene"] for task in tasks if task["stage"] == "scene"))


def make_ad(folder: Path, seconds: float, ratios: Sequence[str] = RATIOS, **fields: Any) -> Ad:
    """The standard ad of so many seconds in a new folder; nothing is rendered yet, voices are spoken."""
    material(folder)
    ad = Ad(folder)
    ad.file.write_text(yaml.safe_dump(_campaign(seconds, ratios) | fields, sort_keys=False))
    scenes: dict[str, Mapping[str, Any]] = {}
    for number, name in enumerate(name for name in ad.scenes() if name != "cta"):
        moves = {} if number % 3 else {"transition": ("swipe", "fade")[number // 3 % 2]}
        scenes[name] = {"clip": f"clip-{number % CLIPS}.mp4"} | moves
    ad.change(scenes=scenes)
    ad.run("-s", "stage:script", "-s", "stage:voice", "-s", "stage:music")
    return ad


def material(folder: Path) -> None:
    """Clips and pictures; clips are made once for a whole measurement."""
    folder.mkdir(parents=True)
    store = CLIPS_FOLDER or folder.parent / "clips"
    store.mkdir(exist_ok=True)
    for number in range(CLIPS):
        path = store / f"clip-{number}.mp4"
        if not path.exists():
            _clip(path, number)
        os.link(path, folder / path.name)
    shutil.copytree(ASSETS, folder / "assets")


def _clip(path: Path, number: int) -> None:
    x, y = _PLACES[number]
    rate = (30, 24)[number % 2]
    source = f"mandelbrot=s=540x960:r={rate}:start_x={x}:start_y={y}:start_scale=0.6:end_scale=0.02"
    source += f":end_pts={rate * 12}"
    grain = "scale=1080:1920:flags=bicubic,noise=alls=6:allf=t,format=yuv420p"
    command = [str(find_ffmpeg()), "-v", "error", "-y", "-f", "lavfi", "-i", source, "-vf", grain]
    command += ["-t", str(_CLIP_SECONDS), "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", str(path)]
    subprocess.run(command, check=True)


def _campaign(seconds: float, ratios: Sequence[str]) -> dict[str, Any]:
    return {
        "name": "standard",
        "template": "problem-solution",
        "aspect_ratios": list(ratios),
        "duration": seconds,
        "product": {
            "name": "Tarn Bottle",
            "description": "An insulated steel bottle.",
            "images": ["assets/bottle.png"],
            "benefits": ["ice cold all day", "never leaks", "fits every bag", "light to carry"],
            "audience": "commuters",
        },
        "characters": [{"name": "Maria", "packshot": "cold"}],
        "packshots": {"cold": {"headline": "Cold until midnight", "cta": "Get yours today"}},
        "title": {"text": "Still warm by noon?", "until": 1.8},
    }
