"""Scenes in front of a green screen, where a service cuts the person out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from adcli.errors import InvalidInput
from adcli.graph.fit import fit
from adcli.graph.task import Input
from tests.graph.campaigns import PAID, graph_of, plan_of
from tests.templates.shipped import TEMPLATES

CUT_OUT = {"matte": "replicate:851-labs/background-remover"}


def test_a_green_screens_person_is_cut_out_and_set_before_the_product(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path, template="green-screen", providers=PAID | CUT_OUT).tasks
    assert set(tasks["maria/hook/matte"].inputs) == {Input("maria/hook/image", "image")}
    composed = tasks["maria/hook/compose"]
    assert set(composed.inputs) == {Input("maria/hook/matte", "image")}
    assert "$asset" in composed.params["backdrop"]
    assert Input("maria/hook/compose", "image") in set(tasks["maria/hook/animate"].inputs)
    prompt = tasks["maria/hook/image"].params["prompt"]
    assert prompt.startswith("woman, 30; ")
    assert "Glow" not in prompt
    cut_out = [task.scene for task in tasks.values() if task.stage == "matte"]
    green = [
        scene.name for scene in fit(TEMPLATES["green-screen"], 15) if scene.template.visual == "green-screen"
    ]
    assert cut_out == [name for name in green if f"maria/{name}/image" in tasks]


def test_without_a_photo_the_person_stands_before_the_still_scenes_picture(tmp_path: Path) -> None:
    tasks = graph_of(
        tmp_path, template="green-screen", providers=PAID | CUT_OUT, product={"name": "Glow Serum"}
    ).tasks
    (picture,) = [i.task for i in tasks["maria/hook/compose"].inputs if i.task != "maria/hook/matte"]
    assert tasks[picture].stage == "image"
    still = {scene.name for scene in fit(TEMPLATES["green-screen"], 15) if scene.template.visual == "still"}
    assert tasks[picture].scene in still


def test_several_photos_take_turns_as_backdrops(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "blue").save(tmp_path / "page.png")
    product = {"name": "Glow Serum", "images": ["bottle.png", "page.png"]}
    tasks = graph_of(tmp_path, template="green-screen", providers=PAID | CUT_OUT, product=product).tasks
    backdrops = [task.params["backdrop"]["$asset"] for task in tasks.values() if task.stage == "compose"]
    assert len(backdrops) == len(set(backdrops)) == 2


GREEN_ALONE = """
name: alone
kind: pipeline
title: Alone
description: nothing to stand before
seconds: {min: 1, ideal: 5, max: 60}
scenes:
  - {id: person, role: hook, visual: green-screen, seconds: {min: 1, ideal: 5, max: 60},
     slots: {image_prompt: {}}}
"""


def test_a_green_screen_with_nothing_to_stand_before_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alone.yaml").write_text(GREEN_ALONE)
    product = {"name": "Glow Serum"}
    with pytest.raises(InvalidInput) as caught:
        plan_of(tmp_path, template="./alone.yaml", duration=5, providers=PAID | CUT_OUT, product=product)
    (problem,) = caught.value.problems
    assert problem.field == "providers.matte"
    assert problem.message == "hook has no picture to stand before; expected product.images, or a still scene"


def test_without_a_cut_out_green_screens_are_made_in_one_picture(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path, template="green-screen").tasks
    assert not [name for name, task in tasks.items() if task.stage in ("matte", "compose")]
    assert Input("maria/hook/image", "image") in set(tasks["maria/hook/animate"].inputs)
