"""Packshots come in within half a second, stand exactly as drawn, and pulse their button."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media.layout import Frame
from adcli.media.packshot import Packshot, draw_packshot
from adcli.media.packshot_motion import ARRIVAL
from adcli.units import AspectRatio, Size
from tests.media import rendering as r

pytestmark = pytest.mark.media

SPEC: dict[str, Any] = {
    "headline": "Cold until midnight", "cta": "Shop now", "badge": "Save 20%", "rating": 4.5,
    "product_name": "Tarn", "colors": ["#0D5766", "#F2A541"], "url": "tarn.example",
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> Packshot:
    return draw_packshot(SPEC, Frame(AspectRatio.SQUARE, Size(540, 540)), lambda _: Path())


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> list[r.Pixels]:
    return r.decoded(r.render(tmp_path_factory.mktemp("shot") / "w", {"packshot": SPEC}, 60).path)


def apart(frame: r.Pixels, picture: Any) -> float:
    return float(np.abs(frame.astype(int) - np.asarray(picture)).mean())


def room(drawn: Packshot, name: str) -> tuple[slice, slice]:
    box = drawn.layout.boxes[name]
    return slice(box.top, box.bottom), slice(box.left, box.right)


def test_every_frame_is_there_and_the_last_are_as_drawn(frames: list[r.Pixels], drawn: Packshot) -> None:
    assert len(frames) == 60
    for number in (ARRIVAL, ARRIVAL + 1, 30, 41, 55, 59):
        assert apart(frames[number], drawn.whole) < 2.5, number


def test_texts_stand_from_the_first_frame_and_the_rest_comes_in(
    frames: list[r.Pixels], drawn: Packshot
) -> None:
    opening = np.asarray(drawn.opening)
    rows, columns = room(drawn, "headline")
    assert apart(frames[0][rows, columns], opening[rows, columns]) < 4
    rows, columns = room(drawn, "cta")
    assert apart(frames[0][rows, columns], opening[rows, columns]) < 4
    gaps = [apart(frame, drawn.whole) for frame in frames[:ARRIVAL]]
    assert gaps[0] > 5 * gaps[-1]
    assert all(later < sooner + 1.2 for sooner, later in pairwise(gaps))


def test_there_is_no_jump_when_the_finished_picture_takes_over(frames: list[r.Pixels]) -> None:
    steps = [apart(frames[n + 1], frames[n]) for n in range(ARRIVAL)]
    assert steps[-1] < max(steps[:-2])
    assert steps[-1] < 1.5


@pytest.mark.parametrize("name", ["product", "badge", "cta"])
def test_every_part_is_in_its_place_when_it_has_arrived(
    frames: list[r.Pixels], drawn: Packshot, name: str
) -> None:
    rows, columns = room(drawn, name)
    whole = np.asarray(drawn.whole)[rows, columns]
    gap = apart(frames[0][rows, columns], whole)
    assert apart(frames[ARRIVAL - 1][rows, columns], whole) < 0.15 * gap


def test_the_button_swells_for_a_moment_and_nothing_else_moves(
    frames: list[r.Pixels], drawn: Packshot
) -> None:
    orange = [int((np.abs(frame.astype(int) - (242, 165, 65)).max(axis=2) < 24).sum()) for frame in frames]
    assert orange[48] > 1.04 * orange[40]
    assert orange[40] == pytest.approx(orange[58], rel=0.02)
    rows, columns = room(drawn, "headline")
    assert apart(frames[48][rows, columns], frames[40][rows, columns]) < 1


@pytest.mark.parametrize("count", [1, ARRIVAL - 1, ARRIVAL, ARRIVAL + 1, 54])
def test_a_packshot_of_any_length_ends_whole(tmp_path: Path, drawn: Packshot, count: int) -> None:
    shown = r.decoded(r.render(tmp_path / "w", {"packshot": SPEC}, count).path)
    assert len(shown) == count
    assert apart(shown[-1], drawn.whole) < 2.5


def test_a_packshot_of_words_alone_is_made(tmp_path: Path) -> None:
    spec = {"headline": "Now", "colors": []}
    assert len(r.decoded(r.render(tmp_path / "w", {"packshot": spec}, 24).path)) == 24
