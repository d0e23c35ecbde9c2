"""Operation ``title`` writes a text at its time and place, inside the platform's zone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.errors import TaskFailed
from adcli.media.layout import Box, Frame
from adcli.spec.platforms import Platform
from adcli.units import AspectRatio, Size
from adcli.work import File
from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media


def titled(tmp_path: Path, source: Path, settings: dict[str, Any], number: int, **params: Any) -> Box:
    """What the title covers in one frame."""
    plain = f.film(tmp_path, source, {"crop": {"height": "100%"}}, **params)
    return Box(*f.inked(f.film(tmp_path, source, {"title": settings}, **params), plain, number))


@pytest.mark.parametrize("platform", ["universal", "stories"])
@pytest.mark.parametrize("position", ["top", "middle", "bottom"])
def test_a_title_stands_at_its_place_in_the_zone(
    grey: Path, tmp_path: Path, position: str, platform: str
) -> None:
    settings = {"text": "Glow by morning", "position": position}
    found = titled(tmp_path, grey, settings, 10, platform=platform)
    zone = Frame(AspectRatio.PORTRAIT, Size(180, 320), Platform(platform)).zone
    assert found.inside(zone, 1.5)
    middle = ((found.top + found.bottom) / 2 - zone.top) / zone.height
    assert {"top": middle < 0.3, "middle": abs(middle - 0.5) < 0.05, "bottom": middle > 0.7}[position]


def test_a_title_comes_and_goes_at_its_times(grey: Path, tmp_path: Path) -> None:
    settings = {"text": "Now", "kind": "text", "at": 0.1, "until": 0.3}
    pictures = f.frames(f.film(tmp_path, grey, {"title": settings}))
    seen = [bool(np.ptp(picture.astype(int)) > 60) for picture in pictures]
    assert not any(seen[:3]) and all(seen[3:7]) and not any(seen[9:])


def test_a_title_stays_to_the_end_by_default(grey: Path, tmp_path: Path) -> None:
    pictures = f.frames(f.film(tmp_path, grey, {"title": {"text": "Now"}}))
    assert all(np.ptp(picture.astype(int)) > 60 for picture in pictures)


def test_its_box_has_the_colour_that_is_asked_for(grey: Path, tmp_path: Path) -> None:
    settings = {"text": "III", "color": "#0000C0"}
    box = titled(tmp_path, grey, settings, 10)
    picture = f.frames(f.film(tmp_path, grey, {"title": settings}))[10]
    pixel = picture[round((box.top + box.bottom) / 2) - 1, round(box.left) + 5]
    assert near(pixel, (0, 0, 192), 30), pixel


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"text": "Late", "at": 3}, "the title's at is at 3 s, but the video lasts 0.50 s"),
        ({"text": "\ue000"}, "no letter of .* can be drawn"),
        ({"text": "Short", "at": 0.45}, "too short to be seen"),
    ],
)
def test_what_nobody_would_see_is_refused(
    grey: Path, tmp_path: Path, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(TaskFailed, match=words):
        f.film(tmp_path, grey, {"title": settings})


def test_letters_without_a_glyph_are_noted(grey: Path, tmp_path: Path) -> None:
    made = f.run(tmp_path, grey, {"title": {"text": "Glow \ue000"}})
    assert any("no glyph" in note for note in made.notes)


def test_a_title_stands_clear_of_captions_before_it(grey: Path, tmp_path: Path) -> None:
    words = '[{"text": "Hello", "start": 0.0, "end": 0.4}]'
    captions = {"lines": [{"words": words, "start": 0.0}], "position": "center"}
    long = "A title that would reach far down into the captions if nobody told it of them " * 2
    plain = f.film(tmp_path, grey, {"captions": captions})
    made = f.run(tmp_path, grey, {"captions": captions}, {"title": {"text": long}})
    video = made.outputs["video"]
    assert isinstance(video, File)
    title = f.inked(video, plain, 8)
    still = f.film(tmp_path, grey, {"crop": {"height": "100%"}})
    assert title[3] <= f.inked(plain, still, 8)[1] + 1
    assert not [note for note in made.notes if "stands over" in note]


def test_a_title_over_captions_is_noted(grey: Path, tmp_path: Path) -> None:
    words = '[{"text": "Hello", "start": 0.0, "end": 0.4}]'
    captions = {"lines": [{"words": words, "start": 0.0}], "position": "bottom"}
    made = f.run(tmp_path, grey, {"title": {"text": "Look", "position": "bottom"}}, {"captions": captions})
    assert [note for note in made.notes if note.startswith("the caption stands over the title at 0.0 s")]


def test_where_a_title_stands_is_judged(grey: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, grey, {"title": {"text": "Glow by morning"}}, ratio="9:16")
    checks = made.meta["checks"]
    assert isinstance(checks, list)
    assert [row["status"] for row in checks if isinstance(row, dict) and row["check"] == "text"] == ["pass"]
