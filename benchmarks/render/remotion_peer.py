"""The standard ad as a Remotion composition: OffthreadVideo in Sequences, captions as spans, one Audio.

Remotion goes into a folder of its own: ``npm install remotion@4.0.529 @remotion/renderer@4.0.529
@remotion/bundler@4.0.529 react react-dom``. Its browser is the system's: Debian's chromium-headless-shell.
Bundling is done before, uncounted; x264 gets the preset and quality of adcli's ``final``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from adcli.units import FPS, AspectRatio
from benchmarks.render.cutlist import CutList
from benchmarks.render.peer import TEMPLATES, Job, page


def job(ad: CutList, ratio: AspectRatio, folder: Path, install: Path) -> Job:
    """A bundle of the composition, and the command that renders it."""
    browser = shutil.which("chromium-headless-shell")
    assert browser, "chromium-headless-shell is not installed"
    told = page(ad, ratio, folder / "public") | {"fps": FPS, "browser": browser}
    (folder / "page.json").write_text(json.dumps(told))
    command: list[str | Path] = ["node", TEMPLATES / "remotion.mjs", install.resolve(), folder]
    subprocess.run([*command, "bundle"], check=True, stdout=subprocess.DEVNULL)
    return Job([*command, "render"], folder, folder / "made.mp4")
