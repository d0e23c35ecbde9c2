"""Operation ``colour`` changes pixels as it is told, and refuses what is no LUT."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adcli.errors import TaskFailed
from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media

CORNERS = [(r, g, b) for b in (0, 1) for g in (0, 1) for r in (0, 1)]
"""Of a cube of two steps, red running fastest."""


def cube(target: Path, rows: list[tuple[int, int, int]], head: str = "LUT_3D_SIZE 2") -> Path:
    lines = [f"{r} {g} {b}" for r, g, b in rows]
    target.write_text("\n".join(['TITLE "test"', "# a comment", head, *lines]) + "\n")
    return target


INVERTED = [(1 - r, 1 - g, 1 - b) for r, g, b in CORNERS]


def shown(tmp_path: Path, source: Path, settings: dict[str, Any], x: float = 0.5, y: float = 0.5) -> Any:
    return f.colour(f.frames(f.film(tmp_path, source, {"colour": settings}))[3], x, y)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"brightness": 0.2}, (123, 123, 123)),
        ({"brightness": -0.2}, (4, 4, 4)),
        ({"contrast": 0}, (130, 130, 130)),
        ({"gamma": 2}, (130, 130, 130)),
    ],
)
def test_levels_move_an_even_grey(
    grey: Path, tmp_path: Path, settings: dict[str, float], wanted: tuple[int, int, int]
) -> None:
    assert near(shown(tmp_path, grey, settings), wanted, within=12)


def test_without_saturation_red_is_grey(wide: Path, tmp_path: Path) -> None:
    red, green, blue = shown(tmp_path, wide, {"saturation": 0}, 0.2)
    assert max(red, green, blue) - min(red, green, blue) < 6


@pytest.mark.parametrize(("warmth", "sign"), [(0.6, 1), (-0.6, -1)])
def test_warmth_moves_grey_towards_orange_or_blue(
    grey: Path, tmp_path: Path, warmth: float, sign: int
) -> None:
    red, green, blue = shown(tmp_path, grey, {"warmth": warmth})
    assert sign * (red - blue) > 12
    assert green == pytest.approx(64, abs=12)


def test_a_lut_maps_colours(wide: Path, tmp_path: Path) -> None:
    lut = cube(tmp_path / "inverted.cube", INVERTED)
    assert near(shown(tmp_path, wide, {"lut": lut}, 0.2), (0, 255, 255))
    assert near(shown(tmp_path, wide, {"lut": lut}, 0.8), (255, 255, 0))


def test_half_a_lut_is_half_way(wide: Path, tmp_path: Path) -> None:
    lut = cube(tmp_path / "inverted.cube", INVERTED)
    assert near(shown(tmp_path, wide, {"lut": lut, "strength": 0.5}, 0.2), (128, 128, 128))


def test_a_lut_that_changes_nothing_changes_nothing(wide: Path, tmp_path: Path) -> None:
    lut = cube(tmp_path / "same.cube", CORNERS)
    assert near(shown(tmp_path, wide, {"lut": lut}, 0.2), (255, 0, 0), within=6)


@pytest.mark.parametrize(
    ("head", "rows", "found"),
    [
        ("LUT_3D_SIZE 2", CORNERS[:7], "7 colours for a size of 2"),
        ("LUT_1D_SIZE 8", CORNERS, "a LUT of one dimension"),
        ("# nothing", CORNERS, "no LUT_3D_SIZE"),
        ("LUT_3D_SIZE 500", CORNERS, "a size of 500"),
        ("LUT_3D_SIZE two", CORNERS, "'LUT_3D_SIZE two' in line 3"),
        ("LUT_3D_SIZE 2\n0.5 0.5", CORNERS, "2 numbers in line 4"),
        ("LUT_3D_SIZE 2\nnan 0 0", CORNERS[1:], "a number that isn't finite"),
        ("LUT_3D_SIZE 2\nDOMAIN_MAX 1 0 1", CORNERS, "a DOMAIN_MAX that isn't above DOMAIN_MIN"),
    ],
)
def test_a_file_that_is_no_lut_is_refused(
    grey: Path, tmp_path: Path, head: str, rows: list[tuple[int, int, int]], found: str
) -> None:
    lut = cube(tmp_path / "odd.cube", rows, head)
    with pytest.raises(TaskFailed, match=rf"odd\.cube is no LUT: found {found}"):
        f.film(tmp_path, grey, {"colour": {"lut": lut}})
