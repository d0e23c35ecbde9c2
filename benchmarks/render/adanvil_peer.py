"""The standard ad as an AdAnvil storyboard: clips, karaoke captions, a boxed title, an end card, one track.

AdAnvil goes into an environment of its own: ``python -m venv DIR``, then ``DIR/bin/pip install
adanvil==0.4.0``; ffmpeg and ffprobe must be on the PATH. It knows hard cuts only, and chooses preset and
quality itself (medium 19 over parts encoded at veryfast 16). It is told to leave the clips' brightness alone;
the sound goes through the loudness pass that it does unasked.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from adcli.units import FPS, AspectRatio
from benchmarks.render.cutlist import CutList
from benchmarks.render.peer import Job, groups, link


def job(ad: CutList, ratio: AspectRatio, folder: Path, install: Path) -> Job:
    """A new project and the command that renders its storyboard."""
    adanvil = install / "bin" / "adanvil"
    project = folder / "project"
    subprocess.run([adanvil, "init", project, "standard"], check=True, stdout=subprocess.DEVNULL)
    (project / "storyboard.json").write_text(json.dumps(_storyboard(ad, ratio, project)))
    command: list[str | Path] = [adanvil, "render", project, "storyboard.json"]
    return Job(command, folder, project / "renders" / "standard.mp4")


def _storyboard(ad: CutList, ratio: AspectRatio, project: Path) -> dict[str, Any]:
    size = ratio.size
    segments: list[dict[str, Any]] = []
    for number, cut in enumerate(ad.cuts):
        source = link(Path(cut.clip), project / "footage", f"clip-{number}.mp4")
        shown = {"in": 0.0, "out": cut.seconds, "gamma": None}
        segments.append({"type": "clip", "source": f"footage/{source}", **shown})
    card = link(Path(ad.closing[ratio.value]), project / "assets", "closing.png")
    last = ad.seconds - ad.closing_start
    segments.append(
        {"type": "image", "source": f"assets/{card}", "duration": last, "fit": "cover", "label": "end_card"}
    )
    sound = link(Path(ad.sound), project / "music", "sound.wav")
    return {
        "version": 1,
        "name": "standard",
        "story": "offer",
        "format": {"width": size.width, "height": size.height, "fps": FPS},
        "segments": segments,
        "overlays": [_title(ad, size.height), *_captions(ad, size.height)],
        "audio": {"music": f"music/{sound}"},
        "output": {"path": "renders/standard.mp4", "quality": "final"},
    }


def _title(ad: CutList, height: int) -> dict[str, Any]:
    return {
        "type": "caption",
        "style": "box",
        "lines": [ad.title],
        "start": 0.0,
        "end": ad.title_until,
        "y": round(height * 0.16),
    }


def _captions(ad: CutList, height: int) -> list[dict[str, Any]]:
    return [
        {
            "type": "caption",
            "style": "outline",
            "animation": "karaoke",
            "highlight": "#FFE135",
            "highlight_scale": 1.15,
            "lines": [" ".join(word.text.upper() for word in group)],
            "start": group[0].start,
            "end": group[-1].end,
            "word_times": [(word.start, word.end) for word in group],
            "y": round(height * 0.62),
            "size": 60,
        }
        for group in groups(ad)
    ]
