"""Jobs and photos for the tests of pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from adcli.work import Artifact, Job

GREEN = (20, 200, 60)


def job(stage: str, params: Mapping[str, Any], folder: Path, *files: Path) -> Job:
    """A job of the local provider whose assets are called a0, a1, …"""
    workdir = folder / hashlib.sha256(repr((stage, params)).encode()).hexdigest()[:8]
    workdir.mkdir(exist_ok=True)
    assets = {f"a{n}": Artifact(file, f"a{n}", "image/png") for n, file in enumerate(files)}
    return Job("ann/hook/x", stage, "local", None, params, (), assets, workdir)


def bottle(path: Path, *, alpha: bool) -> Path:
    """A green bottle, on nothing or on white."""
    image = Image.new("RGBA", (400, 700), (255, 255, 255, 0 if alpha else 255))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((120, 160, 280, 660), 40, fill=(*GREEN, 255))
    pen.rectangle((170, 60, 230, 170), fill=(40, 40, 50, 255))
    (image if alpha else image.convert("RGB")).save(path)
    return path


def near(image: Image.Image, colour: tuple[int, int, int], reach: int = 60) -> int:
    """Number of pixels at most ``reach`` from a colour in each channel."""
    import numpy as np

    distance = np.abs(np.asarray(image.convert("RGB")).astype(int) - np.array(colour))
    return int((distance.max(axis=2) <= reach).sum())
