"""A campaign's platform reaches the scenes that draw text, and nothing that costs money."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.graph.expand import expand
from adcli.graph.task import Graph
from adcli.registry import catalogue
from adcli.spec.load import load_campaign
from adcli.spec.platforms import Platform

CAMPAIGN = """
name: placed
template: problem-solution
aspect_ratios: [9:16, 1:1]
duration: 8
product: {name: Glow}
characters: [{name: Maria, prompt: woman}]
"""


def graph_of(folder: Path, more: str = "") -> Graph:
    (folder / "campaign.yaml").write_text(CAMPAIGN + more)
    return expand(load_campaign(folder / "campaign.yaml"), catalogue())


@pytest.mark.parametrize("platform", list(Platform))
def test_scenes_are_drawn_for_the_campaigns_platform(tmp_path: Path, platform: Platform) -> None:
    tasks = graph_of(tmp_path, f"platform: {platform.value}\n").tasks.values()
    scenes = [task for task in tasks if task.stage == "scene"]
    assert scenes
    assert {task.params.get("platform", "universal") for task in scenes} == {platform.value}


def test_without_one_text_keeps_clear_of_what_any_app_covers(tmp_path: Path) -> None:
    plain, named = graph_of(tmp_path).tasks, graph_of(tmp_path, "platform: universal\n").tasks
    assert {name: task.recipe for name, task in plain.items()} == {
        name: task.recipe for name, task in named.items()
    }


def test_another_platform_makes_pictures_and_voices_no_second_time(tmp_path: Path) -> None:
    plain, moved = graph_of(tmp_path).tasks, graph_of(tmp_path, "platform: tiktok\n").tasks
    changed = {task.stage for name, task in moved.items() if plain[name].recipe != task.recipe}
    assert changed == {"scene", "assemble", "publish"}
