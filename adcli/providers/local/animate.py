"""Free draft of stage ``animate``: a camera move over the picture, composed later by stage ``scene``.

The clip is a move container: a zip of ``move.json`` and PNG layers. ``x`` and ``y`` are the
centre of the view in 0–1 of the picture, ``zoom`` ≥ 1 is relative to covering the frame.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

MEDIA_TYPE = "application/vnd.adcli.move+zip"
"""Of a move container."""

_COVER = (1296, 2304)  # 1.2 times the tallest frame, so that a zoom stays sharp
_LONGEST = 4096
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: same picture, same bytes


class View(NamedTuple):
    """What the camera sees at one moment."""

    x: float
    y: float
    zoom: float


class Move(NamedTuple):
    """From one view to another; ``ease`` is linear, inout or out."""

    start: View
    end: View
    ease: str = "inout"


MOVES: Mapping[str, Move] = {
    "push": Move(View(0.5, 0.5, 1.0), View(0.5, 0.475, 1.14)),
    "crash": Move(View(0.5, 0.5, 1.0), View(0.5, 0.45, 1.4), "out"),
    "pull": Move(View(0.5, 0.47, 1.16), View(0.5, 0.5, 1.0)),
    "left": Move(View(0.545, 0.5, 1.12), View(0.455, 0.5, 1.12)),
    "right": Move(View(0.455, 0.5, 1.12), View(0.545, 0.5, 1.12)),
    "up": Move(View(0.5, 0.55, 1.12), View(0.5, 0.45, 1.12)),
    "down": Move(View(0.5, 0.45, 1.12), View(0.5, 0.55, 1.12)),
    "handheld": Move(View(0.487, 0.508, 1.05), View(0.512, 0.491, 1.075), "linear"),
    "orbit": Move(View(0.46, 0.5, 1.1), View(0.535, 0.485, 1.17)),
    "whip": Move(View(0.395, 0.5, 1.28), View(0.5, 0.49, 1.12), "out"),
    "static": Move(View(0.5, 0.5, 1.0), View(0.5, 0.497, 1.03), "linear"),
}
"""Moves by name; a locked camera still breathes, so that nobody takes it for a frozen picture.

Every view lies wholly inside an upright picture in an upright frame.
"""

_ALONG = r"(pan|slid|track|truck|mov|drift|glid)\w*( slow| slowly)?( to the)?"
_WORDS: tuple[tuple[str, str], ...] = (
    ("whip", r"whip|swish|snap pan|fast pan"),
    (
        "crash",
        r"crash|jump zoom|punch|(fast|quick|sudden|snap) (push|zoom|lean)|smash|jerk|thrust|jaw drops",
    ),
    (
        "pull",
        r"pull|zoom(s|ing)? out|dolly (out|back)|back away|steps back|eases back|reveal|"
        r"(view|frame) (opens|widens)",
    ),
    ("orbit", r"orbit|arc\b|circ(l|ular)|around|rotat|turntable|360|spins?\b|turns once"),
    ("left", rf"{_ALONG} left|right to left"),
    (
        "right",
        rf"{_ALONG} right|left to right|\bpan(s|ning)?\b|slider|dolly along|crawl|sway|parallax|"
        r"(view|camera) (slides|glides|wanders|drifts|creeps)",
    ),
    ("up", r"tilt\w*( slowly)? up|tilts from|crane up|\brise|rising|pedestal up|lift|upwards"),
    (
        "down",
        r"tilt\w*( slowly)? down|crane down|overhead|top.?down|flat.?lay|lower|from above|sets? .* down",
    ),
    (
        "push",
        r"push|dolly|zoom|close.?in|closer|moves in|leans? in|lean(s|ing)? into|\btilt|macro|creep|approach",
    ),
    (
        "handheld",
        r"hand.?held|selfie|shak|pov|ugc|wobbl|phone cam|vlog|walk|talks?|talking|speak|first person",
    ),
    ("static", r"static|locked|tripod|\bstill\b|fixed|no (camera )?movement"),
)


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: the picture and the name of the move; its seconds change nothing."""
    return {"image": fields["image"], "move": move_name(str(fields.get("motion") or ""))}


def move_name(motion: str) -> str:
    """The move that a wording asks for: its earliest known word decides; a slow push-in else."""
    text = motion.casefold()
    found = [(match.start(), name) for name, words in _WORDS if (match := re.search(words, text))]
    return min(found, default=(0, "push"), key=lambda hit: hit[0])[1]


def make(job: Job) -> Made:
    """The container, with the picture as its one layer."""
    from adcli.media.photo import open_photo
    from adcli.providers.local.drawing.finish import on_neutral

    picture = _working_size(on_neutral(open_photo(job.file(job.params["image"]).path)))
    target = job.workdir / "clip.zip"
    write_container(target, picture, MOVES[job.params["move"]])
    return Made({"clip": File(target, MEDIA_TYPE, {"width": picture.width, "height": picture.height})})


def write_container(target: Path, picture: Image.Image, move: Move) -> None:
    """Writes the zip: stored, with fixed times, so that equal pictures give equal bytes."""
    layer = {
        "file": "layer-0.png",
        "from": move.start._asdict(),
        "to": move.end._asdict(),
        "ease": move.ease,
    }
    document = {"format": 1, "width": picture.width, "height": picture.height, "layers": [layer]}
    pixels = io.BytesIO()
    picture.save(pixels, "PNG", compress_level=2)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry("move.json"), json.dumps(document, indent=1))
        archive.writestr(_entry("layer-0.png"), pixels.getvalue())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o644 << 16
    return entry


def _working_size(picture: Image.Image) -> Image.Image:
    """Never larger than covering the frame needs, nor longer than 4096 px."""
    cover = max(_COVER[0] / picture.width, _COVER[1] / picture.height)
    scale = min(1.0, cover, _LONGEST / max(picture.size))
    if scale == 1.0:
        return picture
    return picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
