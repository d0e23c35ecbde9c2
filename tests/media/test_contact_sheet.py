"""Contact sheets: the right frames in reading order, and words that stay in their place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adcli.media.contact_sheet import PAPER, Cell, Heading, draw_sheet
from tests.media.rendering import LEVEL, STEP, counted

pytestmark = pytest.mark.media

HEIGHT = 160
HEADING = Heading("campaign / maria", ("problem-solution", "1:1"))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return counted(tmp_path_factory.mktemp("sheet") / "video.mp4", 30, "30", "320x320")


def sheet(video: Path, moments: list[float], line: str = "", name: str = "body-1") -> Image.Image:
    cells = [Cell(name, moment, moment, line) for moment in moments]
    return draw_sheet(video, HEADING, cells, HEIGHT)


def frames_in(picture: Image.Image) -> list[int]:
    """Numbers of the counted frames, found as even squares in reading order."""
    pixels = np.asarray(picture.convert("L"), int)
    found, y = [], 0
    while y + HEIGHT <= pixels.shape[0]:
        squares = [pixels[y : y + HEIGHT, x : x + HEIGHT] for x in range(pixels.shape[1] - HEIGHT)]
        even = [bool(np.ptp(square) <= 4) for square in squares]
        starts = [x for x, is_even in enumerate(even) if is_even and not (x and even[x - 1])]
        found += [round((float(squares[x].mean()) - LEVEL) / STEP) for x in starts]
        y += HEIGHT if starts else 1
    return found


def test_frames_stand_in_order(video: Path) -> None:
    assert frames_in(sheet(video, [0.2, 0.4, 0.8])) == [6, 12, 24]


def test_many_frames_take_several_rows(video: Path) -> None:
    shown = list(range(4, 30))  # those before are as dark as the paper
    picture = sheet(video, [n / 30 for n in shown])
    assert frames_in(picture) == shown
    assert picture.width <= 2600


@pytest.mark.parametrize("line", ["word " * 200, "w" * 300, "{\\an8}<b>&amp;\n\x00", "שלום 24 عالم", "日本"])
def test_long_and_strange_lines_stay_below_their_frame(video: Path, line: str) -> None:
    plain = np.asarray(sheet(video, [0.2, 0.4]))
    written = np.asarray(sheet(video, [0.2, 0.4], line, "a-very-long-name-of-a-scene-" * 4))
    assert written.shape == plain.shape
    gap = max(6, HEIGHT // 32)
    for x in (slice(0, gap), slice(gap + HEIGHT, 2 * gap + HEIGHT), slice(2 * gap + 2 * HEIGHT, None)):
        assert (written[HEIGHT:, x] == tuple(PAPER)).all(), "nothing is written between frames"
