from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from adcli.errors import InvalidInput
from adcli.graph.brief import Options
from adcli.graph.expand import expand, fitted_scenes
from adcli.graph.fit import FittedScene, fit
from adcli.graph.lines import count_units
from adcli.graph.task import Graph
from adcli.providers.local.script import body, write
from adcli.registry import catalogue
from adcli.spec.load import Loaded, load_campaign
from adcli.spec.templates import load_template
from tests.engine.clips import clip
from tests.graph.campaigns import PAID
from tests.templates.shipped import LANGUAGES, SHIPPED, script_fields

LENGTHS = {"hook": 2.0, "main": 8.0, "a": 3.0, "b": 1.0, "blink": 0.5}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    for name, seconds in LENGTHS.items():
        clip(folder / f"{name}.mp4", seconds, 440, size="32x32")
    return folder


def loaded(folder: Path, inputs: dict[str, Any], **changes: Any) -> Loaded:
    campaign = {"name": "cut", "template": "assembly", "product": {"name": "Glow"}, "inputs": inputs}
    path = folder / "campaign.yaml"
    path.write_text(yaml.safe_dump(campaign | changes, sort_keys=False))
    return load_campaign(path)


def scenes_of(folder: Path, inputs: dict[str, Any], **changes: Any) -> tuple[FittedScene, ...]:
    return fitted_scenes(loaded(folder, inputs, **changes))


def graph_of(folder: Path, inputs: dict[str, Any], **changes: Any) -> Graph:
    return expand(loaded(folder, inputs, **changes), catalogue(), Options())


def shown(scenes: tuple[FittedScene, ...]) -> list[tuple[str, str | None, int]]:
    return [(scene.name, scene.material, scene.frames) for scene in scenes]


ALL = {"hook": "hook.mp4", "main": "main.mp4"}


def test_without_a_duration_an_ad_lasts_as_long_as_its_material(clips: Path) -> None:
    assert shown(scenes_of(clips, ALL)) == [
        ("hook", "hook.mp4", 60),
        ("body-1", "main.mp4", 240),
        ("cta", None, 72),
    ]
    assert shown(scenes_of(clips, {"main": "main.mp4"}))[0] == ("hook", None, 69)


def test_cutaways_lie_at_even_places_over_one_main_clip_that_goes_on(clips: Path) -> None:
    scenes = scenes_of(clips, ALL | {"broll": ["a.mp4", "b.mp4"]})
    assert [(scene.name, scene.material) for scene in scenes] == [
        ("hook", "hook.mp4"),
        ("body-1", "main.mp4"),
        ("body-2", "a.mp4"),
        ("body-3", "main.mp4"),
        ("body-4", "b.mp4"),
        ("body-5", "main.mp4"),
        ("cta", None),
    ]
    assert [scene.frames for scene in scenes[1:6]] == [54, 48, 54, 30, 54]
    for first, second in pairwise(scenes):
        assert second.start == first.start + first.frames
    for scene in scenes[1:6:2]:
        assert scene.at == pytest.approx((scene.start - scenes[1].start) / 30)
    assert [scene.sounds for scene in scenes] == [60, 240, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_main_part_is_exactly_as_long_as_asked_whatever_is_laid_over_it(clips: Path, count: int) -> None:
    for duration in (11.7, 12, 12.4):
        scenes = scenes_of(clips, ALL | {"broll": ["a.mp4"] * count}, duration=duration)
        assert sum(scene.frames for scene in scenes) == round(duration * 30)
        assert min(scene.frames for scene in scenes[1:-1]) >= 24


def test_a_main_part_that_is_not_given_is_made_of_spoken_scenes(clips: Path) -> None:
    scenes = scenes_of(clips, {"hook": "hook.mp4", "broll": ["a.mp4"]}, duration=15)
    assert sum(scene.frames for scene in scenes) == 450
    assert scenes[0].material == "hook.mp4"
    assert [scene.material for scene in scenes].count("a.mp4") == 1
    assert scenes[1].material is None
    tasks = graph_of(clips, {"hook": "hook.mp4", "broll": ["a.mp4"]}, duration=15).tasks
    cutaway = next(scene.name for scene in scenes if scene.material == "a.mp4")
    assert f"ad/{cutaway}/voice" in tasks
    assert f"ad/{cutaway}/image" not in tasks
    assert "ad/body-1/image" in tasks
    assert not {"ad/hook/voice", "ad/hook/image"} & set(tasks)


def test_characters_share_what_is_given_and_get_generated_parts_of_their_own(clips: Path) -> None:
    people = [{"name": "Maria", "prompt": "woman"}, {"name": "Jonas", "prompt": "man"}]
    graph = graph_of(
        clips, {"main": "main.mp4"}, characters=people, aspect_ratios=["9:16", "4:5", "1:1", "16:9"]
    )
    tasks = graph.tasks
    assert len(graph.ads) == 2
    assert all(len(ad.goals) == 4 for ad in graph.ads)
    given = [tasks[f"{name}/body-1/original"].recipe for name in ("maria", "jonas")]
    assert given[0] == given[1]
    made = [tasks[f"{name}/hook/image"].recipe for name in ("maria", "jonas")]
    assert made[0] != made[1]


def test_a_listener_hears_the_main_clip_once_and_every_part_shows_its_own_words(clips: Path) -> None:
    inputs = ALL | {"broll": ["a.mp4"]}
    listener = {"transcribe": "elevenlabs:scribe_v2"}
    tasks = graph_of(clips, inputs, providers=listener).tasks
    assert {name for name in tasks if name.endswith("/transcribe")} == {
        "ad/hook/transcribe",
        "ad/body-1/transcribe",
    }
    leads = [tasks[f"ad/body-{n}/scene@9x16"].params["captions"]["lead"] for n in (1, 2, 3)]
    starts = [scene.start for scene in scenes_of(clips, inputs)[1:4]]
    assert leads == pytest.approx([(starts[0] - start) / 30 for start in starts])
    assert tasks["ad/master"].params["lines"][1]["start"] == pytest.approx(2.0)


def test_nobody_knows_the_words_of_a_clip_that_nobody_listens_to(clips: Path) -> None:
    tasks = graph_of(clips, ALL).tasks
    assert "captions" not in tasks["ad/hook/scene@9x16"].params
    assert "text" not in tasks["ad/hook/scene@9x16"].params


def test_listed_hooks_are_texts_over_one_given_hook(clips: Path) -> None:
    graph = graph_of(clips, ALL, hooks=["Day one", "Day ten"])
    assert [(ad.id, ad.hook_text) for ad in graph.ads] == [("ad", "Day one"), ("ad-h2", "Day ten")]
    shown = [graph.tasks[f"{ad.id}/hook/scene@9x16"].params for ad in graph.ads]
    assert [params["text"]["text"] for params in shown] == ["Day one", "Day ten"]
    assert shown[0]["picture"] == shown[1]["picture"]


def test_the_only_packshot_closes_an_ad_without_characters(clips: Path) -> None:
    packshots = {"own": {"headline": "Now in blue", "seconds": 2}}
    tasks = graph_of(clips, ALL, packshots=packshots).tasks
    params = tasks["ad/cta/scene@9x16"].params
    assert (params["frames"], params["picture"]["packshot"]["headline"]) == (60, "Now in blue")


def test_what_has_no_effect_is_said(clips: Path) -> None:
    people = [{"name": "Maria"}]
    for template, inputs, changes, words in (
        ("assembly", ALL, {"voiceover_text": "Hello."}, "the script is spoken in the packshot alone"),
        ("testimonial", {"main": "main.mp4"}, {"duration": 10}, "leaves out inputs.main; template assembly"),
        ("assembly", ALL | {"video": "a.mp4"}, {}, "leaves out inputs.video; template post works on them"),
    ):
        graph = graph_of(clips, inputs, template=template, characters=people, **changes)
        assert any(words in warning for warning in graph.warnings), graph.warnings


def test_paid_providers_are_asked_for_the_missing_parts_alone(clips: Path) -> None:
    tasks = graph_of(clips, {"main": "main.mp4"}, providers=PAID, product={"name": "Glow"}).tasks
    bought = {name for name, task in tasks.items() if task.provider != "local"}
    assert bought == {"ad/hook/image", "ad/hook/animate", "ad/hook/voice", "ad/cta/voice"}


@pytest.mark.parametrize(
    ("inputs", "changes", "field", "words"),
    [
        (ALL, {"duration": 15}, "inputs.main", "8.0 s; expected at least 10.6 s for 15 s with 4.4 s"),
        (ALL, {"duration": 5}, "duration", "leave no room for the main clip"),
        (ALL | {"broll": ["a.mp4"] * 6}, {}, "inputs.broll", "of the main one; expected at most 4"),
        (ALL, {"hooks": 3}, "hooks", "found 3; expected 1"),
        (ALL, {"scenes": {"body-1": {"seconds": 3}}}, "scenes.body-1.seconds", "expected them for hook"),
        (ALL, {"scenes": {"hook": {"seconds": 4}}}, "inputs.hook", "found 2.0 s; expected at least 4 s"),
        (ALL, {"scenes": {"body-2": {"text": "x"}}}, "scenes.body-2", "there is no scene 'body-2'"),
        ({"hook": "hook.mp4", "broll": ["a.mp4"] * 9}, {}, "inputs.broll", "expected at most 3"),
        ({"hook": "hook.mp4", "broll": ["b.mp4"]}, {}, "inputs.broll.0", "found 1.0 s; expected at least"),
        ({"hook": "https://x.example/h", "main": "main.mp4"}, {}, "inputs.hook", "its length isn't known"),
        ({"main": "https://x.example/m.mp4"}, {}, "inputs.main", "expected the ad's duration"),
        ({"hook": "hook.mp4", "main": "blink.mp4"}, {}, "inputs.main", "found 0.5 s; expected at least 1 s"),
        ({"main": "campaign.yaml"}, {}, "inputs.main", "found text content; expected MP4"),
    ],
)  # fmt: skip
def test_what_can_not_be_assembled_is_a_problem_with_its_place(
    clips: Path, inputs: dict[str, Any], changes: dict[str, Any], field: str, words: str
) -> None:
    if changes == {"duration": 5}:
        changes |= {"scenes": {"cta": {"seconds": 3}}}
    with pytest.raises(InvalidInput) as caught:
        graph_of(clips, inputs, **changes)
    problem = caught.value.problems[0]
    assert problem.field == field, problem
    assert words in problem.message
    assert problem.line


def test_remote_clips_are_assembled_once_lengths_are_written(clips: Path) -> None:
    inputs = {
        "hook": "https://x.example/h.mp4",
        "main": "s3://bucket/m.mov",
        "broll": ["https://x.example/b.mp4"],
    }
    tasks = graph_of(clips, inputs, duration=12, scenes={"hook": {"seconds": 2}}).tasks
    assert {"campaign/h-mp4/fetch", "campaign/m-mov/fetch", "campaign/b-mp4/fetch"} <= set(tasks)
    assert tasks["ad/assemble@9x16"].params["frames"] == 360


def test_a_damaged_video_is_a_problem_before_anything_runs(clips: Path) -> None:
    whole = (clips / "main.mp4").read_bytes()
    (clips / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidInput, match="found a damaged video"):
        loaded(clips, {"main": "cut.mp4"})


@pytest.mark.parametrize("seconds", [5, 15, 30, 60, 180])
def test_what_is_made_has_words_for_every_length_in_five_languages(seconds: int) -> None:
    template = load_template("assembly", Path())
    assert sum(scene.frames for scene in fit(template, seconds)) == seconds * 30
    for language in LANGUAGES if seconds <= 60 else ():
        for product in SHIPPED.values():
            fields = script_fields("assembly", seconds, product[language], language=language, hooks=3)
            made = write(body(fields))
            assert made.notes == (), language
            for scene in fields["scenes"]:
                for slot, rule in scene["slots"].items():
                    line = str(made.outputs[f"{scene['name']}.{slot}"])
                    assert 0 < count_units(line) <= rule["max_words"], (language, line)
