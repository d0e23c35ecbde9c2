"""What is heard when: the music's cuts and packshot, and each ad's effects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adcli.graph.fit import fit
from tests.graph.campaigns import graph_of
from tests.templates.shipped import TEMPLATES

FREE: dict[str, Any] = {"providers": {}, "duration": 15}
TEMPLATE = TEMPLATES["tiktok-made-me-buy-it"]


def sounds(folder: Path, **changes: Any) -> list[tuple[str, float]]:
    """Effects of the ad's track."""
    tasks = graph_of(folder, **FREE | {"template": TEMPLATE.name} | changes).tasks
    return [(row["sound"], row["at"]) for row in tasks["maria/master"].params.get("sounds", [])]


def test_hook_title_transitions_packshot_and_button_are_heard_where_they_are_seen(tmp_path: Path) -> None:
    scenes = fit(TEMPLATE, 15)
    seen: list[tuple[str, float]] = [
        (scene.template.transition, scene.start / 30)
        for scene in scenes[1:]
        if scene.template.transition != "cut"
    ]
    found = sounds(tmp_path)
    assert found[:2] == [("hook", 0), ("pop", 0)]
    moves = [row for row in found if row[0] in {"swipe", "whip", "zoom", "fade"}]
    assert [name for name, _ in moves] == [name for name, _ in seen]
    assert [at for _, at in moves] == pytest.approx([at for _, at in seen])
    assert seen
    packshot = scenes[-1].start / 30
    assert dict(found)["packshot"] == pytest.approx(packshot)
    assert dict(found)["click"] == pytest.approx(packshot + 1.4)
    assert all(at < 15 for _, at in found)


@pytest.mark.parametrize("music", [False, {"prompt": "calm"}])
def test_sounds_can_be_turned_off_apart_from_the_music(tmp_path: Path, music: Any) -> None:
    assert sounds(tmp_path, sounds=False, music=music) == []
    assert sounds(tmp_path, music=music) != []


def test_a_changed_transition_makes_only_the_track_anew(tmp_path: Path) -> None:
    first = graph_of(tmp_path, **FREE).tasks
    scene = next(name for name, task in first.items() if task.stage == "scene" and "/body-2/" in name)
    changed = graph_of(tmp_path, **FREE, scenes={"body-2": {"transition": "whip"}}).tasks
    other = {name for name in first if first[name].recipe != changed[name].recipe}
    stages = {first[name].stage for name in other}
    assert stages == {"scene", "master", "assemble", "publish"}
    assert {name for name in other if first[name].stage == "scene"} == {scene}


def test_an_ad_without_text_in_its_hook_has_no_pop(tmp_path: Path) -> None:
    assert "pop" not in dict(sounds(tmp_path, scenes={"hook": {"text": ""}}))
    assert "pop" in dict(sounds(tmp_path, scenes={"hook": {"text": ""}}, title={"text": "New"}))


def test_music_knows_cuts_packshot_and_pacing_and_is_shared(tmp_path: Path) -> None:
    people = [{"name": "Maria", "prompt": "woman"}, {"name": "Tom", "prompt": "man"}]
    tasks = graph_of(tmp_path, **FREE, template=TEMPLATE.name, characters=people, hooks=2).tasks
    (music,) = [task for task in tasks.values() if task.stage == "music"]
    scenes = fit(TEMPLATE, 15)
    assert music.params["cuts"] == pytest.approx([scene.start / 30 for scene in scenes[1:]])
    assert music.params["packshot"] == pytest.approx(scenes[-1].start / 30)
    assert music.params["bpm"] > 72, "its pacing is the fastest"


@pytest.mark.parametrize("template", ["lipsync", "animate", "voice"])
def test_pipelines_have_no_effects(tmp_path: Path, template: str) -> None:
    tasks = graph_of(tmp_path, providers={}, template=template, duration=8).tasks
    tracks = [task for task in tasks.values() if task.stage == "master"]
    assert all("sounds" not in task.params for task in tracks)
