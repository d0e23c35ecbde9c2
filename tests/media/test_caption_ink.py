"""What captions draw lies in the boxes that their document tells of."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from adcli.media import ffmpeg
from adcli.media.caption_styles import style_names
from adcli.media.layout import Frame
from adcli.media.subtitles import Document
from adcli.units import AspectRatio, Size
from tests.media import caption_cases as cases

pytestmark = pytest.mark.media

SIZE, RATE = Size(270, 270), 6
GREY = 128


def inked(document: Document, folder: Path) -> list[tuple[float, tuple[int, int, int, int] | None]]:
    """Seconds of each frame, and left, top, right and bottom of what is not grey in it."""
    (folder / "t.ass").write_text(document.text(), encoding="utf-8")
    source = f"color=0x{GREY:02x}{GREY:02x}{GREY:02x}:s={SIZE.width}x{SIZE.height}:r={RATE}"
    count = int(document.seconds * RATE)
    arguments = [
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        source,
        "-vf",
        "format=gbrp,ass=t.ass,format=rgb24",
    ]
    ffmpeg.run([*arguments, "-frames:v", str(count), "-f", "rawvideo", "out.rgb"], cwd=folder, timeout=60)
    frames = np.fromfile(folder / "out.rgb", np.uint8).reshape(count, SIZE.height, SIZE.width, 3)
    found: list[tuple[float, tuple[int, int, int, int] | None]] = []
    for number, frame in enumerate(frames):
        drawn = (np.abs(frame.astype(int) - GREY) > 12).any(axis=2)
        down, across = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
        ends = (int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1) if down.size else None
        found.append((number / RATE, ends))
    return found


def hundredths(seconds: float) -> float:
    """As ASS has it."""
    return math.floor(100 * seconds + 1e-6) / 100


@pytest.mark.parametrize("script", ["latin", "arabic", "devanagari", "emoji", "long words"])
@pytest.mark.parametrize("style", style_names())
def test_nothing_is_drawn_outside_the_boxes(tmp_path: Path, style: str, script: str) -> None:
    document = cases.drawn(style, Frame(AspectRatio.SQUARE, SIZE), script, position="bottom")
    seen = 0
    for at, ends in inked(document, tmp_path):
        boxes = [box for box in document.boxes if hundredths(box.start) <= at < hundredths(box.end)]
        assert (ends is None) or len(boxes) == 1
        if ends is not None:
            seen += 1
            (box,) = boxes
            room = (ends[0] - box.left, ends[1] - box.top, box.right - ends[2], box.bottom - ends[3])
            assert min(room) > -1.5, (at, room)
    assert seen > 6
