from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import InvalidInput
from adcli.spec.template import Kind
from adcli.spec.templates import list_templates, load_template
from tests.spec.conftest import Complain, Load

MINE = """\
name: mine
kind: archetype
title: Mine
description: A short one.
seconds: {min: 5, ideal: 6, max: 8}
scenes:
  - {id: open, role: hook, visual: animated, seconds: {min: 1.5, ideal: 2, max: 2.5}}
  - {id: again, role: body, visual: animated, from: {scene: open, at: 1}, seconds: {min: 2, ideal: 2, max: 3}}
  - {id: close, role: cta, visual: packshot, seconds: {min: 1.5, ideal: 2, max: 3}}
"""


@pytest.fixture
def wrong(tmp_path: Path) -> Complain:
    """The lines that reading a template text complains with."""

    def lines(text: str) -> list[str]:
        (tmp_path / "mine.yaml").write_text(text)
        with pytest.raises(InvalidInput) as caught:
            load_template("./mine.yaml", tmp_path)
        return [str(problem) for problem in caught.value.problems]

    return lines


@pytest.mark.parametrize("name", list_templates())
def test_every_shipped_template_is_valid_and_called_like_its_file(name: str) -> None:
    assert load_template(name, Path()).name == name


def test_the_eight_archetypes_are_shipped() -> None:
    archetypes = {name for name in list_templates() if load_template(name, Path()).kind is Kind.ARCHETYPE}
    assert archetypes >= {
        "problem-solution",
        "pov-reaction",
        "unboxing",
        "tiktok-made-me-buy-it",
        "founder-story",
        "testimonial",
        "before-after",
        "green-screen",
    }


def test_a_campaign_may_bring_its_own_template(load: Load, folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE)
    loaded = load("name: demo\ntemplate: ./mine.yaml\nduration: 6\ncharacters: [{name: M}]\n")
    assert loaded.template.name == "mine"
    source = loaded.template.scenes[1].source
    assert source is not None
    assert (source.scene, source.at) == ("open", 1)


def test_a_duration_outside_the_templates_is_reported_in_the_campaign(
    complain: Complain, folder: Path
) -> None:
    (folder / "mine.yaml").write_text(MINE)
    [line] = complain("name: demo\ntemplate: mine.yaml\nduration: 12\ncharacters: [{name: M}]\n")
    assert line == "campaign.yaml:3:11: duration: found 12 s; expected 5 to 8 s for template mine"


def test_a_broken_template_is_reported_with_its_own_place_beside_the_campaigns_problems(
    complain: Complain, folder: Path
) -> None:
    (folder / "mine.yaml").write_text(MINE.replace("visual: packshot", "visual: packshoot"))
    lines = complain("name: demo\ntemplate: mine.yaml\nseed: x\ncharacters: [{name: M}]\n")
    assert lines[0].startswith("campaign.yaml:3:7: seed: found 'x'")
    assert lines[1].startswith("mine.yaml:9:36: scenes.2.visual: found 'packshoot'; expected one of")
    assert lines[1].endswith("did you mean packshot?")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("id: again", "id: open", "mine.yaml:8:10: scenes.1.id: found a second 'open'; expected unique ids"),
        ("scene: open", "scene: opn", "mine.yaml:8:61: scenes.1.from.scene: found 'opn'; expected the id"),
        ("scene: open", "scene: again", "mine.yaml:8:61: scenes.1.from.scene: found 'again'"),
        (
            "role: body",
            "role: hook",
            "mine.yaml:7:3: scenes: found 2 scenes of role hook; expected exactly one",
        ),
        ("ideal: 6", "ideal: 9", "mine.yaml:5:10: seconds: found 5, 9, 8; expected min ≤ ideal ≤ max"),
        ("min: 1.5, ideal: 2, max: 2.5", "min: 2.1, ideal: 2, max: 2.5", "mine.yaml:7:55: scenes.0.seconds:"),
        (
            "kind: archetype",
            "kind: ad",
            "mine.yaml:2:7: kind: found 'ad'; expected one of archetype, pipeline",
        ),
        ("title: Mine\n", "", "mine.yaml:1:1: title: found nothing; expected a value"),
        ("title: Mine", "titel: Mine\ntitle: Mine", "mine.yaml:3:1: titel: found the unknown field 'titel'"),
    ],
)
def test_a_wrong_template_says_where_and_why(wrong: Complain, old: str, new: str, line: str) -> None:
    [found] = wrong(MINE.replace(old, new, 1))
    assert found.replace("./", "").startswith(line)


def test_the_hook_comes_first_and_the_closing_last(wrong: Complain) -> None:
    swapped = (
        MINE.replace("role: hook", "role: x")
        .replace("role: cta", "role: hook")
        .replace("role: x", "role: cta")
    )
    assert len(wrong(swapped)) == 2


@pytest.mark.parametrize(
    ("scenes", "told"),
    [
        ("[]", "found no scenes; expected at least one scene"),
        (
            "[{id: a, role: hook, visual: still, seconds: {min: 2, ideal: 2, max: 2}},"
            " {id: b, role: cta, visual: packshot, seconds: {min: 2, ideal: 2, max: 2}}]",
            "found no scene of role body; expected one",
        ),
    ],
)
def test_a_template_for_material_has_a_scene_for_each_part(wrong: Complain, scenes: str, told: str) -> None:
    head = MINE.partition("scenes:")[0].replace("kind: archetype", "kind: pipeline\nmade_from: material")
    assert any(told in line for line in wrong(f"{head}scenes: {scenes}\n"))


def test_an_unknown_template_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="did you mean unboxing"):
        load_template("unboxin", Path())
