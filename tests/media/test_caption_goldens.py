"""Every style looks as it was looked at and approved, in every ratio and in some scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.media.caption_styles import style_names
from adcli.units import AspectRatio
from tests.media import caption_cases as cases
from tests.media.goldens import SCRIPTS, Drawing, likeness

pytestmark = pytest.mark.media

_LIKE = 0.98
DRAWN = [script for script in SCRIPTS if cases.drawable(script)]


@pytest.mark.parametrize("ratio", AspectRatio)
@pytest.mark.parametrize("style", style_names())
def test_captions_look_like_their_golden_pictures(tmp_path: Path, style: str, ratio: AspectRatio) -> None:
    found = likeness([Drawing(style, ratio, script) for script in DRAWN], tmp_path)
    assert {script: score for script, score in zip(DRAWN, found, strict=True) if score < _LIKE} == {}, (
        "if it is meant to look so: python -m tests.media.goldens"
    )


def test_another_word_is_told_by_that_measure(tmp_path: Path) -> None:
    styles = [style for style in style_names() if style != "clean"]
    drawings = [Drawing(style, AspectRatio.SQUARE, "latin", later=0.45) for style in styles]
    assert max(likeness(drawings, tmp_path)) < 0.95
