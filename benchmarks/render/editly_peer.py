"""The standard ad by editly: video layers, a slide between clips, captions by a Fabric layer, one track.

editly goes into a folder of its own: ``npm install editly@0.14.2`` there, which builds node-canvas and
headless-gl and wants Debian's libcairo2-dev, libpango1.0-dev, libjpeg-dev, libgif-dev, librsvg2-dev,
libxi-dev, libgl1-mesa-dev and libglew-dev. It draws in OpenGL, so xvfb-run is needed, too, and ffmpeg and
ffprobe on the PATH. x264 gets the preset and quality of adcli's ``final``.
"""

from __future__ import annotations

import json
from pathlib import Path

from adcli.units import FPS, AspectRatio
from benchmarks.render.cutlist import CutList
from benchmarks.render.peer import TEMPLATES, Job, page


def job(ad: CutList, ratio: AspectRatio, folder: Path, install: Path) -> Job:
    """What editly is told, and the command that does it."""
    told = page(ad, ratio, folder) | {"fps": FPS}
    (folder / "page.json").write_text(json.dumps(told))
    screen: list[str | Path] = ["xvfb-run", "-a", "-s", "-ac -screen 0 1280x1024x24"]
    script = TEMPLATES / "editly.mjs"
    return Job([*screen, "node", script, install.resolve(), folder], folder, folder / "made.mp4")
