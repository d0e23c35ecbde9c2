"""MoviePy's effects on real clips, frame by frame: what is seen, when, how large, and what is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.errors import TaskFailed
from adcli.media.probe import probe
from adcli.spec.effects import moviepy_effects
from adcli.stages import effects
from adcli.work import File
from tests.media import rendering as r

pytestmark = pytest.mark.media

Row = str | tuple[str, Mapping[str, Any]]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Thirty frames, each of its own grey."""
    return r.counted(tmp_path / "clip.mp4", 30)


def applied(clip: Path, rows: Sequence[Row], frames: int = 10, **params: Any) -> tuple[File, tuple[str, ...]]:
    written = [
        {"name": row, "params": {}} if isinstance(row, str) else {"name": row[0], "params": row[1]}
        for row in rows
    ]
    given = {**effects.SPEC.defaults, "clip": {"$input": 0}, "frames": frames, "effects": written, **params}
    folder = clip.parent / f"work-{len(list(clip.parent.glob('work-*')))}"
    made = effects.make(r.job(given, [r.artifact(clip)], folder))
    found = made.outputs["clip"]
    assert isinstance(found, File)
    return found, made.notes


def seen(clip: Path, rows: Sequence[Row], frames: int = 10, **params: Any) -> list[int]:
    """Which of the clip's frames each frame shows; negative for black."""
    return r.numbers(r.decoded(applied(clip, rows, frames, **params)[0].path))


def left_and_right(target: Path, left: int = 32) -> Path:
    """So many columns of red on the left, blue on the right."""
    sides = f"color=red:s={left}x64:r=30[a];color=blue:s={64 - left}x64:r=30[b]"
    return r.lavfi(target, f"{sides};[a][b]hstack", "-frames:v", "12")


def test_the_result_is_a_silent_clip_of_the_scenes_frames(clip: Path) -> None:
    made, notes = applied(clip, ["InvertColors"], 12)
    found = probe(made.path)
    assert (found.frames, found.codec, found.pix_fmt, found.audio_duration) == (12, "h264", "yuv420p", None)
    assert (made.meta["width"], made.meta["height"]) == (found.width, found.height) == (64, 64)
    assert notes == ()


def test_mirroring_swaps_the_sides(tmp_path: Path) -> None:
    clip = left_and_right(tmp_path / "clip.mp4")
    picture = r.decoded(applied(clip, ["MirrorX"], 3)[0].path)[1]
    assert r.near(picture[32, 8], (0, 0, 255))
    assert r.near(picture[32, 56], (255, 0, 0))


def test_black_and_white_takes_all_colour(tmp_path: Path) -> None:
    clip = left_and_right(tmp_path / "clip.mp4")
    picture = r.decoded(applied(clip, ["BlackAndWhite"], 3)[0].path)[1].astype(int)
    assert np.ptp(picture[32, 8]) <= 4
    assert abs(picture[32, 8, 0] - 85) <= 6


def test_colours_survive_the_way_through(tmp_path: Path) -> None:
    clip = left_and_right(tmp_path / "clip.mp4")
    before = r.decoded(clip)[1].astype(int)
    after = r.decoded(applied(clip, ["EvenSize"], 3)[0].path)[1].astype(int)
    assert np.abs(before[:, 4:28] - after[:, 4:28]).max() <= 4


TIMES: list[tuple[str, list[Row], list[int]]] = [
    ("backwards", ["TimeMirror"], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
    ("twice as fast, with more of the clip", [("MultiplySpeed", {"factor": 2})], list(range(0, 20, 2))),
    ("slower", [("MultiplySpeed", {"factor": 0.5})], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]),
    ("frozen", [("Freeze", {"t": 0.1, "freeze_duration": 0.1})], [0, 1, 2, 3, 3, 3, 3, 4, 5, 6]),
    ("there and back", ["TimeSymmetrize", ("MultiplySpeed", {"factor": 2})], [0, 2, 4, 6, 8, 9, 7, 5, 3, 1]),
    (
        "again and again",
        [("Loop", {"n": 3}), ("MultiplySpeed", {"factor": 3})],
        [0, 3, 6, 9, 2, 5, 8, 1, 4, 7],
    ),
    (
        "in the order they are written",
        [("MultiplySpeed", {"factor": 2}), "TimeMirror"],
        list(range(18, -1, -2)),
    ),
]


@pytest.mark.parametrize(("rows", "shown"), [row[1:] for row in TIMES], ids=[row[0] for row in TIMES])
def test_time(clip: Path, rows: list[Row], shown: list[int]) -> None:
    assert seen(clip, rows) == pytest.approx(shown, abs=1 if "TimeMirror" in rows[1:] else 0)


def test_what_a_clip_lacks_for_its_effects_stands_still_and_is_told(clip: Path) -> None:
    made, notes = applied(clip, [("MultiplySpeed", {"factor": 2})], 20)
    assert r.numbers(r.decoded(made.path)) == [*range(0, 30, 2), *[28] * 5]
    assert notes == ("effects end 0.2 s before their scene: its last picture stands still",)


def test_a_picture_that_stands_too_short_to_be_seen_is_not_told(clip: Path) -> None:
    assert applied(clip, [("MultiplySpeed", {"factor": 2})], 16)[1] == ()


def test_what_is_longer_than_the_scene_is_cut_and_told(clip: Path) -> None:
    _, notes = applied(clip, [("MultiplySpeed", {"factor": 0.5})])
    assert notes == ("effects make the scene 0.3 s longer: what is over is cut off",)


def test_a_clip_shorter_than_its_scene_is_told(clip: Path) -> None:
    made, notes = applied(clip, ["EvenSize"], 36)
    assert r.numbers(r.decoded(made.path)) == [*range(30), *[29] * 6]
    assert notes == ("the clip ends 0.2 s before its scene: its last picture stands still",)


def test_the_scene_begins_where_it_borrows_from_and_as_near(clip: Path) -> None:
    assert seen(clip, ["EvenSize"], 3, at=0.5) == [15, 16, 17]
    edged = left_and_right(clip.parent / "edged.mp4", 12)
    far, near = (r.decoded(applied(edged, ["EvenSize"], 2, zoom=zoom)[0].path)[0] for zoom in (1, 2))
    assert r.near(far[32, 4], (255, 0, 0))
    assert r.near(near[32, 4], (0, 0, 255))
    assert far.shape == near.shape


SIZES: list[tuple[Row, tuple[int, int]]] = [
    (("Resize", {"new_size": 0.5}), (32, 32)),
    (("Resize", {"new_size": [41, 31]}), (40, 30)),
    (("Crop", {"x_center": 32, "y_center": 32, "width": 20, "height": 40}), (20, 40)),
    (("Rotate", {"angle": 90}), (64, 64)),
    (("Rotate", {"angle": 45}), (90, 90)),
    (("Rotate", {"angle": 5, "expand": False, "bg_color": [255, 0, 0]}), (64, 64)),
    (("Margin", {"margin_size": 8}), (80, 80)),
    (("Margin", {"left": 8, "opacity": 0.5}), (72, 64)),
    (("Resize", {"width": 4000}), (1440, 1440)),
]


@pytest.mark.parametrize(("row", "size"), SIZES, ids=[f"{row[0][0]} {row[1]}" for row in SIZES])
def test_size(clip: Path, row: Row, size: tuple[int, int]) -> None:
    found = probe(applied(clip, [row], 2)[0].path)
    assert abs(found.width - size[0]) <= 2
    assert abs(found.height - size[1]) <= 2
    assert found.frames == 2


COMPOSED: list[tuple[Row, list[int]]] = [
    (("Blink", {"duration_on": 0.1, "duration_off": 0.1}), [0, 1, 2, -3, -3, -3, 6, 7, 8, 9]),
    (("SlideIn", {"duration": 0.2, "side": "right"}), [-3, -3, -3, 0, 4, 5, 6, 7, 8, 9]),
    (("FadeIn", {"duration": 0.2}), [-3, -3, -2, 0, 2, 4, 6, 7, 8, 9]),
    (("CrossFadeOut", {"duration": 0.2}), [0, 1, 2, 3, 4, 4, 3, 2, 1, -1]),
]


@pytest.mark.parametrize(("row", "shown"), COMPOSED, ids=[row[0][0] for row in COMPOSED])
def test_what_is_moved_away_or_transparent_leaves_black(clip: Path, row: Row, shown: list[int]) -> None:
    found = seen(clip, [row])
    assert np.abs(np.array(found) - shown).max() <= 2


GIVEN: dict[str, Mapping[str, Any]] = {
    "Blink": {"duration_on": 0.1, "duration_off": 0.1},
    "CrossFadeIn": {"duration": 0.1},
    "CrossFadeOut": {"duration": 0.1},
    "FadeIn": {"duration": 0.1, "initial_color": [255, 255, 255]},
    "FadeOut": {"duration": 0.1},
    "Freeze": {"t": "end", "freeze_duration": 0.1},
    "FreezeRegion": {"region": [0, 0, 20, 20]},
    "GammaCorrection": {"gamma": 1.4},
    "Loop": {"n": 2},
    "MakeLoopable": {"overlap_duration": 0.05},
    "MultiplyColor": {"factor": 0.5},
    "MultiplySpeed": {"factor": 1.5},
    "Resize": {"height": 48},
    "Rotate": {"angle": 7},
    "SlideIn": {"duration": 0.1, "side": "left"},
    "SlideOut": {"duration": 0.1, "side": "top"},
    "SuperSample": {"d": 0.04, "n_frames": 3},
}
CODE_ONLY = {"HeadBlur", "MasksAnd", "MasksOr"}


@pytest.mark.parametrize("name", sorted(moviepy_effects().keys() - CODE_ONLY))
def test_every_effect_of_moviepy_works(clip: Path, name: str) -> None:
    made, _ = applied(clip, [(name, GIVEN.get(name, {}))], 5)
    assert probe(made.path).frames == 5


def test_those_that_need_code_are_known() -> None:
    known = moviepy_effects().values()
    needy = {e.name for e in known if any(p.required and not p.kinds for p in e.parameters or ())}
    assert needy == CODE_ONLY


FAILURES: list[tuple[Row, str]] = [
    (("Resize", {}), "effect Resize failed: ValueError: You must provide either"),
    (("SlideIn", {"duration": 1, "side": "lft"}), "effect SlideIn failed: KeyError: 'lft'"),
    (("MultiplySpeed", {"factor": 0}), "effect MultiplySpeed failed: ZeroDivisionError"),
    (("Rotate", {"angel": 5}), "effect Rotate failed: TypeError"),
    (("Crop", {"x1": 100}), "picture of shape"),
    (("Freeze", {"t": 9, "freeze_duration": 1}), "effect Freeze failed: ValueError"),
]


@pytest.mark.parametrize(("row", "told"), FAILURES, ids=[row[0][0] for row in FAILURES])
def test_a_failing_effect_is_named(clip: Path, row: Row, told: str) -> None:
    with pytest.raises(TaskFailed, match=told):
        applied(clip, ["MirrorX", row, "EvenSize"], 3)


def test_the_drafts_camera_move_is_rendered_upright(tmp_path: Path) -> None:
    image = r.picture(tmp_path / "photo.png", 540, 960)
    view = {"x": 0.5, "y": 0.5, "zoom": 1.0}
    move = r.move(tmp_path / "clip.zip", image, view, view | {"zoom": 1.2})
    made, _ = applied(move, ["MirrorX"], 3)
    found = probe(made.path)
    assert (found.width, found.height, found.frames) == (1080, 1920, 3)
    first, *_, last = r.decoded(made.path)
    assert np.abs(first.astype(int) - last).mean() > 1


def test_a_large_clip_has_no_more_pixels_than_a_video(tmp_path: Path) -> None:
    clip = r.lavfi(tmp_path / "clip.mp4", "testsrc2=s=3840x2160:r=24:d=0.1")
    found = probe(applied(clip, ["EvenSize"], 2)[0].path)
    assert (found.width, found.height) == (1920, 1080)
