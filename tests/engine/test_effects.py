"""Effects of scenes in a campaign: what they make again, what is wrong with them, and whose code may run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adcli.engine.prepare import Settings, check_campaign, check_code, prepare
from adcli.errors import InvalidInput
from adcli.graph.task import Graph, Task
from adcli.plan.why import why
from tests.engine.studio import Studio
from tests.graph.campaigns import graph_of
from tests.media.rendering import lavfi

OWN = """
class Wave:
    def __init__(self, height, length=2.0):
        self.height = height

    def apply(self, clip):
        return clip
"""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def effects(*rows: Any, scene: str = "body-1") -> dict[str, Any]:
    return {scene: {"effects": list(rows)}}


def task(graph: Graph, name: str = "maria/body-1/effects") -> Task:
    return graph.tasks[name]


def test_effects_make_their_scene_again_and_nothing_else(studio: Studio) -> None:
    studio.run()
    made = studio.edit(scenes=effects("MirrorX")).run()
    wanted = {"maria/body-1/effects"} | {
        f"maria/{name}@{ratio}"
        for ratio in ("9x16", "1x1")
        for name in ("body-1/scene", "assemble", "publish")
    }
    assert made - wanted <= {"maria/body-2/scene@9x16", "maria/body-2/scene@1x1"}  # it swipes this one away
    assert wanted <= made
    assert studio.run() == set()


def test_a_changed_parameter_makes_the_effects_again_and_says_so(studio: Studio) -> None:
    studio.edit(scenes=effects("MirrorX", {"Rotate": {"angle": 5}})).run()
    studio.edit(scenes=effects("MirrorX", {"Rotate": {"angle": 7}}))
    plan = prepare(studio.file, Settings()).plan
    steps = why({name: row.verdict for name, row in plan.rows.items()}, "maria/body-1/effects")
    assert [step.reasons for step in steps] == [("changed:params.effects.1.params.angle",)]
    assert "maria/body-1/effects" in studio.run()
    assert {name for name in studio.statuses() if name.endswith("/effects")} == {"maria/body-1/effects"}


def test_hooks_of_a_character_share_the_effects_of_a_body(studio: Studio) -> None:
    studio.edit(hooks=2, scenes=effects("MirrorX")).run()
    ended = studio.statuses()
    assert (ended["maria/body-1/effects"], ended["maria-h2/body-1/effects"]) == ("done", "shared")


def test_a_campaign_without_effects_has_no_such_task(studio: Studio) -> None:
    graph = check_campaign(studio.file)[1]
    assert not any(task.stage == "effects" for task in graph.tasks.values())
    assert not any("effects" in warning for warning in graph.warnings)


def test_the_version_of_moviepy_is_in_the_key(tmp_path: Path) -> None:
    found = task(graph_of(tmp_path, providers={}, scenes=effects("MirrorX")))
    major, minor = found.params["moviepy"].split(".")
    assert (int(major), int(minor)) >= (2, 2)


def test_effects_begin_where_the_scene_looks_into_a_borrowed_clip(tmp_path: Path) -> None:
    graph = graph_of(tmp_path)
    borrowed = next(
        row
        for row in graph.tasks.values()
        if row.stage == "scene" and row.params.get("at") and "clip" in row.params["picture"]
    )
    assert borrowed.scene
    with_effects = graph_of(tmp_path, scenes=effects("MirrorX", scene=borrowed.scene))
    made = task(with_effects, f"maria/{borrowed.scene}/effects")
    assert made.params["at"] == borrowed.params["at"]
    assert made.params.get("zoom", 1) == borrowed.params.get("zoom", 1)
    assert made.params["frames"] == borrowed.params["frames"]
    segment = with_effects.tasks[borrowed.id]
    assert "at" not in segment.params
    assert "zoom" not in segment.params
    lender = [row for row in with_effects.tasks.values() if row.stage == "animate"]
    assert [row.recipe for row in lender] == [
        row.recipe for row in graph.tasks.values() if row.stage == "animate"
    ]


def test_a_given_clip_with_effects_comes_into_each_ratio_as_without_them(tmp_path: Path) -> None:
    lavfi(tmp_path / "wide.mp4", "testsrc2=s=64x36:r=30:d=0.2")
    plain = {"body-1": {"clip": "wide.mp4"}}
    changed = {"body-1": {"clip": "wide.mp4", "effects": ["MirrorX"]}}
    ratios = ["9:16", "16:9"]
    found = [
        [
            graph_of(tmp_path, providers={}, aspect_ratios=ratios, scenes=scenes)
            .tasks[f"maria/body-1/scene@{ratio}"]
            .params.get("fit", "crop")
            for ratio in ("9x16", "16x9")
        ]
        for scenes in (plain, changed)
    ]
    assert found == [["pad", "crop"], ["pad", "crop"]]


WRONG: list[tuple[Any, str, str]] = [
    (
        "MirorX",
        "0",
        "there is no effect 'MirorX'; expected one of MoviePy's, or module:Class; did you mean MirrorX?",
    ),
    ("AudioFadeIn", "0", "AudioFadeIn is an effect on sound"),
    ({"Rotate": {"angel": 5, "angle": 1}}, "0.Rotate.angel", "Rotate has no angel; expected angle, unit"),
    ({"Rotate": {"angel": 5, "angle": 1}}, "0.Rotate.angel", "did you mean angle?"),
    ({"Rotate": {}}, "0.Rotate", "Rotate needs angle: a number"),
    ("Rotate", "0", "Rotate needs angle: a number"),
    ({"Rotate": 5}, "0.Rotate", "found the number 5; expected a map of its parameters: angle, unit"),
    ({"Rotate": {"angle": "five"}}, "0.Rotate.angle", "found 'five'; expected a number"),
    ({"Rotate": {"angle": True}}, "0.Rotate.angle", "found true; expected a number"),
    ({"Rotate": {"angle": 5, "expand": 1}}, "0.Rotate.expand", "found the number 1; expected true or false"),
    ({"FadeIn": {"duration": None}}, "0.FadeIn.duration", "found nothing; expected a number"),
    ({"MirrorX": {}, "MirrorY": {}}, "0", "found 2 names in one effect; expected one"),
    ({"HeadBlur": {"radius": 5}}, "0.HeadBlur", "HeadBlur needs fx, which only Python code can give"),
    (
        {"FreezeRegion": {"mask": 1}},
        "0.FreezeRegion.mask",
        "mask is something which only Python code can give",
    ),
    ({"Scroll": {"w": {"$input": 3}}}, "0.Scroll.w", "found a name that begins with $"),
    ("nowhere.mod:Glow", "0", "there is no module nowhere.mod, neither installed nor beside the campaign"),
    ("json:Glow", "0", "json has no Glow; expected module:Class"),
]


@pytest.mark.parametrize(("row", "field", "told"), WRONG)
def test_what_is_wrong_is_told_with_its_place(studio: Studio, row: Any, field: str, told: str) -> None:
    studio.edit(scenes=effects(row))
    with pytest.raises(InvalidInput) as error:
        check_campaign(studio.file, allow_code=True)
    found = next(problem for problem in error.value.problems if told in problem.message)
    assert found.field == f"scenes.body-1.effects.{field}"
    assert found.line
    assert found.line > 10


@pytest.mark.parametrize(
    "row",
    [
        {"Rotate": {"angle": 5.5, "bg_color": [0, 0, 0], "center": None}},
        {"Freeze": {"t": "end", "freeze_duration": 1}},
        {"BlackAndWhite": {"RGB": [1, 1, 2]}},
        {"BlackAndWhite": {"RGB": "CRT_phosphor"}},
        {"Resize": {"new_size": 0.5}},
        {"Resize": {"new_size": [10, 20]}},
        {"MirrorX": None},
        {"Scroll": {"h": 100, "y_speed": 20}},
    ],
)
def test_what_moviepy_takes_is_valid(studio: Studio, row: Any) -> None:
    check_campaign(studio.edit(scenes=effects(row)).file)


def test_packshots_and_pictures_have_no_effects(studio: Studio) -> None:
    studio.edit(scenes=effects("MirrorX", scene="cta"))
    with pytest.raises(InvalidInput, match="found effects on a packshot, which is drawn for each ratio"):
        check_campaign(studio.file)
    studio.edit(template="image", duration=5, scenes=effects("MirrorX", scene="hook"))
    with pytest.raises(InvalidInput, match="template image makes no video"):
        check_campaign(studio.file)


def own(studio: Studio, source: str = OWN) -> Studio:
    package = studio.folder / "my_effects"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text(
        "raise RuntimeError('nothing of a campaign is imported to plan it')\n"
    )
    (package / "waves.py").write_text(source)
    return studio.edit(scenes=effects({"my_effects.waves:Wave": {"height": 3}}))


def test_code_of_ones_own_runs_when_it_is_allowed_only(studio: Studio) -> None:
    own(studio)
    with pytest.raises(InvalidInput) as refused:
        studio.run()
    (problem,) = refused.value.problems
    assert problem.message == "found my_effects.waves:Wave, Python code of its own; expected --allow-code"
    assert problem.line
    assert "--allow-code" in str(refused.value.hint)
    with pytest.raises(InvalidInput):
        check_campaign(studio.file)
    check_campaign(studio.file, allow_code=True)
    check_code(prepare(studio.file, Settings()).loaded, allowed=True)
    assert "maria/body-1/effects" in studio.run(allow_code=True)
    assert "my_effects" not in sys.modules


def test_an_edited_module_makes_its_effects_again(studio: Studio) -> None:
    own(studio).run(allow_code=True)
    assert studio.run(allow_code=True) == set()
    made = own(studio, OWN.replace("2.0", "3.0")).run(allow_code=True)
    assert "maria/body-1/effects" in made
    assert not any(name.endswith(("/image", "/animate", "/voice")) for name in made)


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({}, "my_effects.waves:Wave needs height"),
        ({"height": 1, "lenght": 2}, "has no lenght; expected height, length; did you mean length?"),
    ],
)
def test_parameters_of_ones_own_classes_are_checked_too(
    studio: Studio, params: dict[str, Any], told: str
) -> None:
    own(studio).edit(scenes=effects({"my_effects.waves:Wave": params}))
    with pytest.raises(InvalidInput, match=told.replace("?", r"\?")):
        check_campaign(studio.file, allow_code=True)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("class Wav:\n    pass\n", "has no Wave; expected module:Class; did you mean Wav?"),
        ("def broken(:\n", "waves.py is no Python"),
        ("\0", "waves.py "),
    ],
)
def test_a_module_that_lacks_the_class_is_told(studio: Studio, source: str, told: str) -> None:
    own(studio, source)
    with pytest.raises(InvalidInput) as error:
        check_campaign(studio.file, allow_code=True)
    assert told in str(error.value)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package that gives an effect, as pip would install it."""
    site = tmp_path / "site"
    info = site / "shiny-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "shiny.py").write_text(OWN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shiny\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[adcli.effects]\nWave = shiny:Wave\nMirrorX = shiny:Wave\n")
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop("shiny", None)


def test_effects_of_installed_packages_need_no_leave(studio: Studio, installed: Path) -> None:
    studio.edit(scenes=effects({"Wave": {"height": 2}}))
    assert "maria/body-1/effects" in studio.run()
    (row,) = task(check_campaign(studio.file)[1]).params["effects"]
    assert (row["name"], row["class"], row["params"]) == ("Wave", "shiny:Wave", {"height": 2})
    (installed / "shiny.py").write_text(OWN.replace("2.0", "3.0"))
    assert "maria/body-1/effects" in studio.run()


def test_no_module_beside_a_campaign_takes_the_place_of_an_installed_one(
    studio: Studio, installed: Path
) -> None:
    (studio.folder / "shiny.py").write_text("class Wave:\n    pass\n")
    graph = check_campaign(studio.edit(scenes=effects({"Wave": {"height": 2}})).file)[1]
    (row,) = task(graph).params["effects"]
    assert graph.assets[row["source"]["$asset"]].path == installed / "shiny.py"


def test_no_package_takes_the_place_of_moviepys_effects(studio: Studio, installed: Path) -> None:
    (row,) = task(check_campaign(studio.edit(scenes=effects("MirrorX")).file)[1]).params["effects"]
    assert row == {"name": "MirrorX", "params": {}}


def test_planning_imports_no_moviepy(studio: Studio) -> None:
    code = (
        "import sys; from pathlib import Path; from adcli.engine.prepare import check_campaign\n"
        f"check_campaign(Path({str(studio.edit(scenes=effects('MirrorX')).file)!r}))\n"
        "assert 'moviepy' not in sys.modules"
    )
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0
