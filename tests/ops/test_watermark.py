"""Operation ``watermark`` stands in its corner of what the platform leaves free."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adcli.errors import TaskFailed
from adcli.media.layout import Box, Frame
from adcli.spec.platforms import Platform
from adcli.units import AspectRatio, Size
from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
<rect width="40" height="40" fill="#ff0000"/></svg>"""


def marked(tmp_path: Path, source: Path, settings: dict[str, Any], **params: Any) -> Box:
    plain = f.film(tmp_path, source, {"crop": {"height": "100%"}}, **params)
    made = f.film(tmp_path, source, {"watermark": {"shadow": False, **settings}}, **params)
    return Box(*f.inked(made, plain, 5))


@pytest.mark.parametrize("platform", ["universal", "reels"])
@pytest.mark.parametrize("position", ["top-left", "top-right", "bottom-left", "bottom-right"])
def test_a_mark_stands_in_its_corner_of_the_zone(
    grey: Path, green: Path, tmp_path: Path, position: str, platform: str
) -> None:
    found = marked(tmp_path, grey, {"file": green, "position": position}, platform=platform)
    zone = Frame(AspectRatio.PORTRAIT, Size(180, 320), Platform(platform)).zone
    assert found.inside(zone)
    near_left, near_top = found.left - zone.left < 8, found.top - zone.top < 8
    near_right, near_bottom = zone.right - found.right < 8, zone.bottom - found.bottom < 8
    assert ("left" in position, "top" in position) == (near_left, near_top)
    assert ("right" in position, "bottom" in position) == (near_right, near_bottom)


def test_its_size_is_a_share_of_the_shorter_side(grey: Path, green: Path, tmp_path: Path) -> None:
    found = marked(tmp_path, grey, {"file": green, "size": 0.4})
    assert found.height == pytest.approx(0.4 * 180, abs=3)
    assert found.width == pytest.approx(0.4 * 180 * 120 / 200, abs=3)


@pytest.mark.parametrize(("opacity", "wanted"), [(1.0, (0, 192, 0)), (0.5, (32, 128, 32))])
def test_its_opacity_lets_the_video_through(
    grey: Path, green: Path, tmp_path: Path, opacity: float, wanted: tuple[int, int, int]
) -> None:
    settings = {"file": green, "size": 0.4, "opacity": opacity}
    box = marked(tmp_path, grey, settings)
    picture = f.frames(f.film(tmp_path, grey, {"watermark": settings}))[5]
    assert near(picture[round((box.top + box.bottom) / 2), round((box.left + box.right) / 2)], wanted)


def test_a_logo_can_be_an_svg(grey: Path, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG)
    settings = {"file": tmp_path / "logo.svg", "size": 0.3, "opacity": 1.0}
    box = marked(tmp_path, grey, settings)
    picture = f.frames(f.film(tmp_path, grey, {"watermark": settings}))[5]
    assert near(picture[round((box.top + box.bottom) / 2), round((box.left + box.right) / 2)], (255, 0, 0))


def test_a_text_can_be_the_mark(grey: Path, tmp_path: Path) -> None:
    found = marked(tmp_path, grey, {"text": "@glow", "size": 0.3, "position": "bottom-left"})
    zone = Frame(AspectRatio.PORTRAIT, Size(180, 320)).zone
    assert found.inside(zone) and found.width > 25


def test_a_shadow_darkens_what_is_around(tmp_path: Path, green: Path) -> None:
    bright = f.video(tmp_path / "bright.mp4", 0.3, source="color=white:s={size}:r={rate}:d={seconds}")
    settings = {"file": green, "size": 0.4, "opacity": 1.0}
    box = marked(tmp_path, bright, settings)
    picture = f.frames(f.film(tmp_path, bright, {"watermark": settings}))[5]
    assert picture[round(box.bottom) + 1, round((box.left + box.right) / 2)].max() < 235


def test_a_text_without_a_glyph_is_refused(grey: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match=r"no letter of .* can be drawn"):
        f.film(tmp_path, grey, {"watermark": {"text": "\ue000"}})


def test_a_mark_over_a_label_is_noted(grey: Path, green: Path, tmp_path: Path) -> None:
    slider = {"slider": {"file": green, "labels": ["Before", "After"]}}
    notes = f.run(tmp_path, grey, slider, {"watermark": {"file": green, "position": "top-left"}}).notes
    assert [note for note in notes if note.startswith("the watermark stands over the label")]
    notes = f.run(tmp_path, grey, slider, {"watermark": {"file": green, "position": "bottom-left"}}).notes
    assert not [note for note in notes if "stands over" in note]
