"""What only shows once a campaign meets its template is a problem with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import InvalidInput
from tests.graph.campaigns import graph_of
from tests.media.rendering import lavfi


def test_a_template_of_pictures_takes_no_clip(tmp_path: Path) -> None:
    lavfi(tmp_path / "wide.mp4", "testsrc2=s=64x36:r=30:d=0.2")
    with pytest.raises(InvalidInput) as caught:
        graph_of(tmp_path, providers={}, template="image", duration=5, scenes={"hook": {"clip": "wide.mp4"}})
    (problem,) = caught.value.problems
    assert problem.field == "scenes.hook.clip"
    assert problem.message == "found a clip; template image makes pictures: expected image"
    assert problem.line


@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        ("en", "and so on " * 20, "60 words can't be spoken in 4.0 s; cut 48 words"),
        ("ja", "ぬるい水にうんざり。" * 5, "45 characters can't be spoken in 4.0 s; cut 26 characters"),
    ],
)
def test_a_script_that_is_too_long_is_counted_as_its_language_counts(
    language: str, words: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as caught:
        graph_of(tmp_path, language=language, duration=5, voiceover_text=words)
    (problem,) = caught.value.problems
    assert problem.message == told
