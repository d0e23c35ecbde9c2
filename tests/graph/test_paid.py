"""What paid providers add to the graph: lines that are fitted, clips that are long enough, lips in time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import InvalidInput
from adcli.graph.expand import expand
from adcli.graph.fit import fit
from adcli.graph.lines import most_chars
from adcli.graph.task import Input, Task
from adcli.graph.words import copy_language, most_words
from adcli.providers.local.script import body, write
from adcli.registry import catalogue
from tests.graph.campaigns import PAID, graph_of, loaded, plan_of
from tests.templates.shipped import NAMES, PRODUCTS, TEMPLATES, script_fields

LINES = ("hook", "body-1", "body-2", "body-3", "cta")


def providers(**changes: str) -> dict[str, str]:
    return {name: model for name, model in (PAID | changes).items() if model != "local"}


def reads(task: Task) -> set[Input]:
    return set(task.inputs)


def test_a_bought_line_is_fitted_before_anything_reads_it(tmp_path: Path) -> None:
    graph = graph_of(tmp_path)
    for name, task in graph.tasks.items():
        for item in task.inputs:
            if item.task.endswith("/voice"):
                assert task.stage == "fit", name
    fitted = graph.tasks["maria/hook/fit"]
    assert reads(fitted) == {Input("maria/hook/voice", "audio"), Input("maria/hook/voice", "words")}
    assert Input("maria/hook/fit", "audio") in reads(graph.tasks["maria/master"])
    assert Input("maria/hook/fit", "words") in reads(graph.tasks["maria/hook/scene@9x16"])
    assert Input("maria/hook/fit", "audio") in reads(graph.tasks["maria/hook/conform"])
    assert fitted.params["seconds"] == graph.tasks["maria/hook/voice"].seconds


def test_the_drafts_voice_fits_its_lines_by_itself(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, providers=providers(voice="local"))
    assert not [name for name, task in graph.tasks.items() if task.stage == "fit"]
    assert Input("maria/hook/voice", "audio") in reads(graph.tasks["maria/master"])


@pytest.mark.parametrize(("voice", "last"), [(PAID["voice"], "fit"), ("local", "voice")])
def test_no_paid_clip_of_an_ad_starts_before_all_its_lines_fit(tmp_path: Path, voice: str, last: str) -> None:
    graph = graph_of(tmp_path, providers=providers(voice=voice))
    spoken = {name for name, task in graph.tasks.items() if task.stage == last}
    assert len(spoken) >= 5
    clips = [task for task in graph.tasks.values() if task.stage in ("animate", "lipsync")]
    bought = [task for task in clips if task.provider != "local"]
    assert {task.stage for task in bought} == {"animate", "lipsync"}
    for task in bought:
        assert set(task.after) == spoken, task.id
    assert not any(task.after for task in clips if task.provider == "local")


def test_a_line_still_to_be_written_says_how_long_it_may_get(tmp_path: Path) -> None:
    given = {"hook": {"voiceover": "Look at this."}}
    plan = plan_of(tmp_path, scenes=given)
    tasks = plan.graph.tasks
    assert tasks["maria/hook/voice"].max_chars is None
    unwritten = tasks["maria/body-1/voice"].max_chars
    assert unwritten
    assert 40 <= unwritten <= 120
    assert float(plan.rows["maria/hook/voice"].worth) == pytest.approx(len("Look at this.") * 0.0001)
    assert float(plan.rows["maria/body-1/voice"].worth) == pytest.approx(unwritten * 0.0001)


LONG: dict[str, Any] = {
    "name": "Donaudampfschifffahrtsgesellschaftskapitänsmützenwachs",
    "benefits": ["feuchtigkeitsspendende Langzeitpflegeformulierung", "no sticky feel"],
    "audience": "Hochgeschwindigkeitsstreckenplaner",
    "description": "x" * 300,
    "url": "https://example.com/a-very-long-path-without-any-end-at-all/" + "y" * 200,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "de", "ja", "th"])
def test_no_line_of_the_draft_is_longer_than_its_task_allows(name: str, language: str) -> None:
    for product in (*PRODUCTS.values(), LONG):
        for seconds in (5, 15, 30):
            outputs = write(body(script_fields(name, seconds, product, language=language, hooks=3))).outputs
            for scene in fit(TEMPLATES[name], seconds):
                if "voiceover" not in scene.template.slots:
                    continue
                quoted = [*product.get("benefits", ()), "Maria"]
                quoted += [text for text in product.values() if isinstance(text, str)]
                units = most_words(scene, "voiceover", language)
                most = most_chars(units, copy_language(scene, language), quoted)
                assert len(str(outputs[f"{scene.name}.voiceover"])) <= most, (scene.name, product)


def test_a_model_that_writes_japanese_gets_two_characters_a_sign() -> None:
    assert most_chars(20, "ja") == 40
    assert most_chars(20, "ja", ["Glow Serum"]) == 40 + 10 - 2 * 2
    assert most_chars(20, "en", ["Glow Serum"]) == 240


def test_a_speaking_clip_is_conformed_to_what_the_lip_sync_takes(tmp_path: Path) -> None:
    short = {"hook": {"seconds": 1.8}}
    tasks = graph_of(tmp_path, scenes=short).tasks
    sent = tasks["maria/hook/conform"]
    assert reads(sent) == {Input("maria/hook/animate", "clip"), Input("maria/hook/fit", "audio")}
    assert sent.params["frames"] == 60
    assert sent.params["lead"] == 0.1
    lips = tasks["maria/hook/lipsync"]
    assert reads(lips) == {Input("maria/hook/conform", "clip"), Input("maria/hook/conform", "audio")}
    assert lips.seconds == 2
    scene = tasks["maria/hook/scene@9x16"]
    assert scene.params["frames"] == 54
    assert Input("maria/hook/lipsync", "clip") in reads(scene)


def test_a_scene_within_the_limits_is_sent_as_long_as_it_is(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path, duration=20, scenes={"hook": {"seconds": 10}}).tasks
    assert tasks["maria/hook/conform"].params["frames"] == 300
    assert tasks["maria/hook/lipsync"].seconds == 10


def test_the_draft_needs_no_conforming(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path, providers=providers(lipsync="local")).tasks
    assert not [name for name, task in tasks.items() if task.stage == "conform"]
    assert reads(tasks["maria/hook/lipsync"]) == {
        Input("maria/hook/animate", "clip"),
        Input("maria/hook/fit", "audio"),
    }


def test_a_camera_move_of_the_draft_can_be_lip_synced(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path, providers=providers(animate="local")).tasks
    assert Input("maria/hook/animate", "clip") in reads(tasks["maria/hook/conform"])


def refusal(tmp_path: Path, **changes: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        plan_of(tmp_path, **changes)
    (problem,) = caught.value.problems
    return f"{problem.field}: {problem.message}"


def test_a_scene_that_speaks_for_longer_than_the_lip_sync_takes_is_refused(tmp_path: Path) -> None:
    free = providers(animate="local")
    assert refusal(tmp_path, duration=40, scenes={"hook": {"seconds": 10.1}}, providers=free) == (
        "scenes.hook.seconds: hook needs a clip of 10.1 s, but replicate:kwaivgi/kling-lip-sync takes "
        "2 to 10 s; expected fewer seconds for the scene, or a model for more"
    )


def test_a_clip_longer_than_any_that_is_sold_is_refused(tmp_path: Path) -> None:
    scenes = {"body-1": {"seconds": 12}}
    told = refusal(tmp_path, template="problem-solution", duration=30, scenes=scenes)
    assert told == (
        "scenes.body-1.seconds: body-1 needs a clip of 12 s, but replicate:kwaivgi/kling-v2.5-turbo-pro "
        "sells 5 or 10 s; expected fewer seconds for the scene, or a model for more"
    )


OWN_TEMPLATE = """
name: late
kind: archetype
title: Late
description: a scene that looks far into another one's clip
seconds: {min: 5, ideal: 9, max: 12}
scenes:
  - {id: open, role: hook, visual: still, seconds: {min: 2, ideal: 2, max: 2}, slots: {image_prompt: {}}}
  - {id: first, role: body, visual: animated, seconds: {min: 2, ideal: 3, max: 3}, slots: {image_prompt: {}}}
  - {id: late, role: body, visual: animated, from: {scene: first, at: 8.5, zoom: 1.3},
     seconds: {min: 2, ideal: 2, max: 2}, slots: {image_prompt: {}}}
  - {id: end, role: cta, visual: packshot, seconds: {min: 2, ideal: 2, max: 2},
     slots: {headline: {max_words: 4}, cta: {max_words: 3}}}
"""


def test_scenes_that_take_their_picture_from_a_clip_count(tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(OWN_TEMPLATE)
    late = {"template": "./late.yaml", "duration": 9}
    told = refusal(tmp_path, **late)
    assert told.startswith("providers.animate: body-1 needs a clip of 10.5 s (body-2 shows it too), ")
    own = plan_of(tmp_path, **late, scenes={"body-2": {"prompt": "a shelf"}})
    assert own.graph.tasks["maria/body-1/animate"].seconds == 3


def test_a_draft_may_be_longer_than_what_is_sold(tmp_path: Path) -> None:
    scenes = {"body-1": {"seconds": 12}}
    free = providers(animate="local", lipsync="local")
    assert plan_of(tmp_path, duration=30, scenes=scenes, providers=free)


@pytest.mark.parametrize("animate", ["local", PAID["animate"]])
def test_a_clip_bought_for_one_scene_is_seen_from_its_start(tmp_path: Path, animate: str) -> None:
    (tmp_path / "late.yaml").write_text(OWN_TEMPLATE)
    tasks = graph_of(
        tmp_path,
        template="./late.yaml",
        duration=9,
        scenes={"body-2": {"prompt": "a shelf"}},
        providers=providers(animate=animate),
    ).tasks
    params = tasks["maria/body-2/scene@9x16"].params
    seen = (params.get("at", 0), params.get("zoom", 1))
    assert seen == ((8.5, 1.3) if animate == "local" else (0, 1))


def test_who_borrows_a_speaking_scenes_clip_sees_no_lips_move(tmp_path: Path) -> None:
    tasks = graph_of(tmp_path, template="green-screen", duration=30).tasks
    borrower = next(task for task in tasks.values() if task.stage == "scene" and task.params.get("at") == 2)
    clip = borrower.inputs[borrower.params["picture"]["clip"]["$input"]].task
    assert clip.endswith("/animate")
    assert f"{clip.removesuffix('animate')}lipsync" in tasks


LISTENER = {"voice": "openai:tts-1", "transcribe": "elevenlabs:scribe_v2"}


def test_captions_of_a_voice_without_times_come_from_who_listens_to_it(tmp_path: Path) -> None:
    given = {"hook": {"voiceover": "Look at this."}}
    graph = graph_of(tmp_path, providers=providers(**LISTENER), scenes=given)
    heard = graph.tasks["maria/hook/transcribe"]
    assert reads(heard) == {Input("maria/hook/fit", "audio")}
    assert heard.seconds == graph.tasks["maria/hook/fit"].params["seconds"]
    assert "Look at this." in heard.params.values()
    assert Input("maria/hook/transcribe", "words") in reads(graph.tasks["maria/hook/scene@9x16"])
    assert Input("maria/hook/fit", "audio") in reads(graph.tasks["maria/master"])
    written = graph.tasks["maria/body-1/transcribe"]
    assert Input("maria/script", "body-1.voiceover") in reads(written)


class Measuring:
    """A provider that says of itself that it times the words it speaks."""

    TIMES_WORDS = True

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def test_who_times_its_own_words_is_not_listened_to(tmp_path: Path) -> None:
    known = catalogue()
    measuring: Any = Measuring(known.provider("openai"))
    stated = replace(known, providers={**known.providers, "openai": measuring})
    graph = expand(loaded(tmp_path, providers=providers(**LISTENER)), stated)
    assert not [name for name, task in graph.tasks.items() if task.stage == "transcribe"]
    assert Input("maria/hook/fit", "words") in reads(graph.tasks["maria/hook/scene@9x16"])


@pytest.mark.parametrize("changes", [{"voice": "local"}, {"transcribe": "local"}])
def test_nobody_listens_to_the_draft_or_unasked(tmp_path: Path, changes: dict[str, str]) -> None:
    graph = graph_of(tmp_path, providers=PAID | LISTENER | changes)
    assert not [name for name, task in graph.tasks.items() if task.stage == "transcribe"]


def test_the_lip_sync_pipeline_makes_a_given_picture_speak(tmp_path: Path) -> None:
    given = {"hook": {"image": "bottle.png", "voiceover": "Hello, this is me speaking to you."}}
    plan = plan_of(tmp_path, template="lipsync", duration=8, scenes=given)
    tasks = plan.graph.tasks
    assert not [name for name, task in tasks.items() if task.stage == "image"]
    assert tasks["maria/hook/lipsync"].seconds == 8
    assert Input("maria/hook/lipsync", "clip") in reads(tasks["maria/hook/scene@9x16"])
    assert "maria/publish@9x16" in tasks
    bought = {row.task.stage for row in plan.rows.values() if row.worth}
    assert bought == {"voice", "animate", "lipsync"}
