"""The standard ad as a HyperFrames page: video elements with their times, a paused GSAP timeline, one audio.

HyperFrames goes into a folder of its own: ``npm install node@22 hyperframes@0.8.170 gsap`` (it wants Node 22,
which comes along). Its browser is the system's: Debian's chromium-headless-shell; ffmpeg and ffprobe must be
on the PATH. It takes adcli's quality (CRF 20); the preset is its own choice. Extracted frames aren't kept.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from adcli.units import FPS, AspectRatio
from benchmarks.render.cutlist import CutList
from benchmarks.render.peer import CRF, TEMPLATES, Job, link, page


def job(ad: CutList, ratio: AspectRatio, folder: Path, install: Path) -> Job:
    """A project of one page, and the command that renders it."""
    browser = shutil.which("chromium-headless-shell")
    assert browser, "chromium-headless-shell is not installed"
    project, modules = folder / "project", install.resolve() / "node_modules"
    told = page(ad, ratio, project)
    link(modules / "gsap" / "dist" / "gsap.min.js", project, "gsap.min.js")
    (project / "index.html").write_text(_page(told))
    made = folder / "made.mp4"
    command: list[str | Path] = [
        modules / ".bin" / "hyperframes",
        "render",
        project,
        "-o",
        made,
        "--fps",
        str(FPS),
    ]
    extra = {
        "PATH": f"{modules / 'node' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HYPERFRAMES_BROWSER_PATH": browser,
        "HYPERFRAMES_EXTRACT_CACHE_DIR": "off",
        "DO_NOT_TRACK": "1",
    }
    return Job([*command, "--crf", str(CRF), "--workers", "1", "--quiet"], folder, made, extra)


def _page(told: dict[str, Any]) -> str:
    shots = "\n".join(_video(number, shot) for number, shot in enumerate(told["shots"]))
    text = (TEMPLATES / "hyperframes.html").read_text()
    for name in ("width", "height", "seconds", "closing_start", "title", "title_until"):
        text = text.replace(f"__{name.upper()}__", str(told[name]))
    text = text.replace("__LAST__", str(told["seconds"] - told["closing_start"]))
    return text.replace("__SHOTS__", shots).replace("__PAGE__", json.dumps(told))


def _video(number: int, shot: dict[str, Any]) -> str:
    times = f'data-start="{shot["start"]}" data-duration="{shot["seconds"]}" data-track-index="{number}"'
    return f'<video id="shot-{number}" class="clip" src="{shot["file"]}" {times} muted playsinline></video>'
