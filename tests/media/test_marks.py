"""Storyboard marks stand apart from each other, from titles, captions and calls to action."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media.layout import Frame, PixelBox
from adcli.media.marks import add_marks, laid_out
from adcli.media.packshot_layout import safe_box
from adcli.media.subtitles import Document
from adcli.units import AspectRatio, Quality
from tests.media import rendering as r

PROMPT = "Golden-hour mountain ridge, insulated steel bottle on a rock, warm haze. " * 30
SPEC: dict[str, Any] = {
    **{"number": 12, "name": "body-11", "packshot": False, "prompt": PROMPT, "start": 69, "total": 1800},
    **{"camera": "medium close-up, workshop behind", "motion": "slow push-in"},
}
RATIOS = list(AspectRatio)


def frame_of(ratio: AspectRatio, quality: Quality = Quality.FINAL) -> Frame:
    return Frame(ratio, quality.scale(ratio.size))


def apart(one: PixelBox, other: PixelBox) -> bool:
    across = one.right <= other.left or other.right <= one.left
    return across or one.bottom <= other.top or other.bottom <= one.top


@pytest.mark.parametrize("quality", [Quality.PREVIEW, Quality.FINAL])
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("position", ["bottom", "lower-middle", "center"])
def test_marks_lie_in_the_frame_and_overlap_nothing(
    ratio: AspectRatio, position: str, quality: Quality
) -> None:
    frame = frame_of(ratio, quality)
    captions_end = frame.caption_y(position) + 0.75 * 72 * frame.unit
    marks = laid_out(SPEC, frame, captions_end)
    whole = PixelBox(0, 0, frame.size.width, frame.size.height)
    for box in marks.boxes:
        assert whole.left <= box.left < box.right <= whole.right
        assert whole.top <= box.top < box.bottom <= whole.bottom
    assert all(apart(one, other) for one, other in combinations(marks.boxes, 2))
    assert all(chip.box.bottom <= frame.zone.top for chip in marks.chips)
    assert marks.clock.bottom <= frame.zone.top
    assert marks.bar.top >= captions_end
    assert not marks.lines or marks.prompt.top >= captions_end


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_packshot_keeps_its_call_to_action_and_headline_free(ratio: AspectRatio) -> None:
    marks = laid_out({**SPEC, "packshot": True, "prompt": ""}, frame_of(ratio))
    assert [chip.text for chip in marks.chips] == ["SCENE 12 · BODY 11", "PACKSHOT"]
    safe = safe_box(frame_of(ratio))
    assert all(chip.box.bottom <= safe.top for chip in marks.chips)
    assert marks.bar.top >= safe.bottom
    assert not marks.lines


def test_chips_name_scene_shot_and_move() -> None:
    marks = laid_out(SPEC, frame_of(AspectRatio.PORTRAIT))
    assert [chip.text for chip in marks.chips] == ["SCENE 12 · BODY 11", "MEDIUM CLOSE-UP", "PUSH-IN"]


def test_where_not_all_chips_fit_the_scene_stays() -> None:
    name = "a-scene-whose-name-goes-on-and-on-and-on-without-any-end"
    frame = frame_of(AspectRatio.SQUARE)
    marks = laid_out({**SPEC, "name": name}, frame)
    assert marks.chips[0].text.startswith("SCENE 12")
    assert max(chip.box.right for chip in marks.chips) <= marks.clock.left


@pytest.mark.parametrize("prompt", [PROMPT, "x" * 2000, "木" * 900])
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_long_prompt_ends_in_an_ellipsis(ratio: AspectRatio, prompt: str) -> None:
    marks = laid_out({**SPEC, "prompt": prompt}, frame_of(ratio))
    assert marks.lines[-1].endswith("…")
    assert len(marks.lines) <= 5
    assert not any(line.endswith("…") for line in marks.lines[:-1])


def test_a_short_prompt_is_shown_whole() -> None:
    marks = laid_out({**SPEC, "prompt": "A bottle on a rock"}, frame_of(AspectRatio.PORTRAIT))
    assert marks.lines == ("A bottle on a rock",)


def test_text_of_users_is_no_markup() -> None:
    frame = frame_of(AspectRatio.PORTRAIT)
    document = Document(frame.size, 2.0)
    add_marks(document, {**SPEC, "prompt": r"a {\an8\fs200}b \N c", "name": r"{\b1}"}, frame)
    written = [event for event in document.events if "MarkPrompt" in event or "MarkChip" in event]
    assert written
    for event in written:
        override = event.split(",,0,0,0,,", 1)[1].split("}", 1)[1]
        assert r"{\an8" not in override.replace(r"\{", "")
        assert r"\N" not in override


def test_the_clock_runs_on_from_the_scenes_start() -> None:
    frame = frame_of(AspectRatio.SQUARE)
    document = Document(frame.size, 1.0)
    add_marks(document, {**SPEC, "start": 69}, frame)
    told = [event.rsplit("}", 1)[1] for event in document.events if "MarkClock" in event]
    assert told == [f"0:0{tenth // 10}.{tenth % 10}" for tenth in range(23, 33)]


@pytest.mark.media
def test_marks_are_drawn_and_the_bar_grows(tmp_path: Path) -> None:
    clip = r.lavfi(tmp_path / "grey.mp4", "color=gray:s=64x64:r=30:d=1")
    frames = r.decoded(r.render(tmp_path / "work", clip, 24, marks={**SPEC, "total": 200}).path)
    marks = laid_out(
        {**SPEC, "total": 200}, Frame(AspectRatio.SQUARE, Quality.PREVIEW.scale(AspectRatio.SQUARE.size))
    )
    row = (marks.bar.top + marks.bar.bottom) // 2
    filled = [int((frame[row, :, 0].astype(int) - frame[row, :, 2] > 90).sum()) for frame in frames]
    assert filled[0] < filled[12] < filled[-1]
    assert abs(filled[-1] / marks.bar.width - 92 / 200) < 0.03
    chip = marks.chips[0].box
    assert r.near(frames[5][chip.bottom - 3, (chip.left + chip.right) // 2], (255, 90, 60), 40)
    assert np.abs(frames[5][250:300, 200:300].astype(int) - 128).max() < 12, "the picture is left alone"
