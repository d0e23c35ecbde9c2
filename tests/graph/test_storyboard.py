"""Storyboard marks enter the params of scenes only where they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.graph.brief import Options
from adcli.graph.expand import expand
from adcli.graph.task import Graph, Input
from adcli.registry import catalogue
from adcli.spec.load import load_campaign

CAMPAIGN = """
name: marked
template: problem-solution
duration: 8
product: {name: Glow}
characters: [{name: Maria, prompt: woman}]
scenes: {hook: {motion: whip pan, prompt: "a messy <b>desk</b>"}}
"""


def graph_of(folder: Path, options: Options | None = None, *, output: str = "") -> Graph:
    (folder / "campaign.yaml").write_text(CAMPAIGN + output)
    return expand(load_campaign(folder / "campaign.yaml"), catalogue(), options)


@pytest.mark.parametrize("asked", ["flag", "campaign"])
def test_marks_change_scenes_and_what_is_joined_from_them_alone(tmp_path: Path, asked: str) -> None:
    plain = graph_of(tmp_path)
    output = "output: {storyboard: true}\n" if asked == "campaign" else ""
    marked = graph_of(tmp_path, Options(storyboard=asked == "flag"), output=output)
    changed = {task.stage for name, task in marked.tasks.items() if plain.tasks[name].recipe != task.recipe}
    assert {"scene", "assemble", "publish"} == changed
    assert not any("marks" in task.params for task in plain.tasks.values())


def test_marks_tell_the_scenes_number_time_camera_and_prompt(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path, Options(storyboard=True)).tasks
    scenes = [task for task in tasks.values() if task.stage == "scene"]
    marks = [task.params["marks"] for task in scenes]
    assert [mark["number"] for mark in marks] == list(range(1, len(scenes) + 1))
    assert {mark["total"] for mark in marks} == {8 * 30}
    starts = [mark["start"] for mark in marks]
    assert starts[0] == 0
    assert starts == sorted(starts)
    assert (marks[0]["motion"], marks[0]["prompt"]) == ("whip pan", "a messy <b>desk</b>")
    assert marks[1]["prompt"].keys() == {"$input"}
    assert marks[-1]["packshot"]
    assert Input("maria/script", "body-1.image_prompt") in scenes[1].inputs


def test_a_picture_drawn_here_is_set_in_motion_in_its_layers(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path).tasks
    clips = [task for task in tasks.values() if task.stage == "animate"]
    assert clips
    for task in clips:
        assert Input(task.id.replace("/animate", "/image"), "layers") in task.inputs
        assert "image" not in task.params


def test_a_bought_picture_is_one_layer(tmp_path: Path) -> None:
    bought = 'providers: {image: "replicate:google/nano-banana"}\n'
    tasks = graph_of(tmp_path, output=bought).tasks
    clips = [task for task in tasks.values() if task.stage == "animate"]
    assert {item.output for task in clips for item in task.inputs} == {"image"}
    assert not any("layers" in task.params for task in clips)
