from __future__ import annotations

import re
from itertools import combinations

import pytest

from adcli.graph.fit import fit
from adcli.graph.lines import count_units
from adcli.providers.local.script import FIELDS, body, write
from adcli.spec.template import Role, SceneTemplate, Template, Visual
from tests.templates.shipped import (
    ARCHETYPES,
    NAMES,
    PRODUCTS,
    SERUM,
    TEMPLATES,
    clip_seconds,
    dearest_usd,
    script_fields,
)

FIELD = re.compile(r"\{(\w*)\}")
CLAIMS = re.compile(
    r"\d|%|[$€£]|#1|\b(?:best|number one|guarantee\w*|clinical\w*|doctor\w*|dermatolog\w*|proven|cure\w*"
    r"|scientif\w*|award\w*|sold out|discount|cheap\w*|free|reviews?|stars?|customers?)\b",
    re.IGNORECASE,
)
archetype = pytest.mark.parametrize("name", ARCHETYPES)
every = pytest.mark.parametrize("name", NAMES)


def bodies(template: Template) -> list[SceneTemplate]:
    return [scene for scene in template.scenes if scene.role is Role.BODY]


def patterns(scene: SceneTemplate, language: str = "en") -> list[tuple[str, str]]:
    return [(slot, line) for slot, lines in scene.lines.get(language, {}).items() for line in lines]


def test_the_eight_archetypes_and_the_pipelines_are_there() -> None:
    assert set(ARCHETYPES) == {
        "problem-solution",
        "pov-reaction",
        "unboxing",
        "tiktok-made-me-buy-it",
        "founder-story",
        "testimonial",
        "before-after",
        "green-screen",
    }
    assert {"image", "animate", "voice", "lipsync"} <= set(NAMES)


@every
def test_a_template_is_named_like_its_file_and_says_what_it_is(name: str) -> None:
    template = TEMPLATES[name]
    assert template.name == name
    assert template.title
    assert template.description
    assert template.seconds.min <= 5
    assert template.seconds.max >= 60


@archetype
def test_an_archetype_knows_its_tone_emotion_pacing_and_hook(name: str) -> None:
    template = TEMPLATES[name]
    assert all((template.tone, template.emotion, template.pacing, template.hook_format))


@archetype
def test_scenes_keep_the_pace(name: str) -> None:
    spans = {Role.HOOK: (1.5, 2.5), Role.BODY: (2.0, 3.0), Role.CTA: (1.5, 3.0)}
    for scene in TEMPLATES[name].scenes:
        low, high = spans[scene.role]
        assert low <= scene.seconds.min <= scene.seconds.ideal <= scene.seconds.max <= high, scene.id


@archetype
def test_an_archetype_goes_from_one_hook_over_bodies_to_one_packshot(name: str) -> None:
    hook, *middle, cta = TEMPLATES[name].scenes
    assert hook.role is Role.HOOK
    assert all(scene.role is Role.BODY for scene in middle)
    assert (cta.role, cta.visual) == (Role.CTA, Visual.PACKSHOT)
    assert {"headline", "cta", "voiceover"} <= set(cta.slots)


@archetype
def test_all_hooks_share_every_other_segment(name: str) -> None:
    hook, *others = TEMPLATES[name].scenes
    assert hook.source is None
    assert all(scene.source is None or scene.source.scene != hook.id for scene in others)
    for seconds in (*range(5, 31), *range(40, 181, 20)):
        assert fit(TEMPLATES[name], seconds)[1].template.transition == "cut", seconds


@archetype
def test_product_and_text_are_seen_within_the_first_second(name: str) -> None:
    hook = TEMPLATES[name].scenes[0]
    assert "{product}" in hook.prompt
    assert "text" in hook.slots


@archetype
@pytest.mark.parametrize("seconds", [5, 10, 15, 20, 25, 30])
def test_an_ad_up_to_thirty_seconds_pays_for_three_clips_at_most(name: str, seconds: int) -> None:
    scenes = fit(TEMPLATES[name], seconds)
    moving = (Visual.ANIMATED, Visual.CLIP, Visual.GREEN_SCREEN)
    own = [scene for scene in scenes if scene.source is None and scene.template.visual in moving]
    assert len(own) <= 3
    assert all(clip_seconds(scene, scenes) <= 5 for scene in own)
    assert dearest_usd(scenes) <= 1.50


@archetype
def test_a_borrowed_clip_is_kept_whenever_its_borrower_is(name: str) -> None:
    for seconds in (*range(5, 31), 60, 180):
        for scene in fit(TEMPLATES[name], seconds):
            assert scene.template.source is None or scene.source is not None, (seconds, scene.name)


@archetype
def test_a_borrowed_clip_moves(name: str) -> None:
    scenes = {scene.id: scene for scene in TEMPLATES[name].scenes}
    for scene in scenes.values():
        if scene.source:
            assert scenes[scene.source.scene].visual in (Visual.ANIMATED, Visual.GREEN_SCREEN)
            assert scene.source.at + scene.seconds.max <= 5.5


def test_no_two_archetypes_have_the_same_list_of_scenes() -> None:
    lists = [
        tuple((scene.role, scene.visual, scene.camera) for scene in TEMPLATES[name].scenes)
        for name in ARCHETYPES
    ]
    assert len(set(lists)) == len(lists)
    shapes = [
        tuple((scene.visual, bool(scene.source), scene.speaks, scene.transition, scene.repeat is None)
              for scene in TEMPLATES[name].scenes)
        for name in ARCHETYPES
    ]  # fmt: skip
    assert len(set(shapes)) == len(shapes)


@archetype
def test_camera_and_motion_differ_from_scene_to_scene(name: str) -> None:
    scenes = TEMPLATES[name].scenes
    assert len({scene.camera for scene in scenes}) >= 5
    assert len({scene.motion for scene in scenes}) >= 5
    assert all(scene.camera and scene.motion for scene in scenes)


def test_no_camera_or_motion_wording_is_used_by_two_archetypes() -> None:
    for first, second in combinations(ARCHETYPES, 2):
        for part in ("camera", "motion"):
            ours = {getattr(scene, part) for scene in TEMPLATES[first].scenes}
            theirs = {getattr(scene, part) for scene in TEMPLATES[second].scenes}
            assert ours & theirs <= {"none"}, (first, second, part)


@archetype
def test_long_ads_have_something_to_repeat(name: str) -> None:
    template = TEMPLATES[name]
    groups = {scene.repeat for scene in template.scenes if scene.repeat}
    assert len(groups) == 1
    assert sum(scene.repeat is not None for scene in template.scenes) >= 3
    assert len(fit(template, 180)) > 50


@archetype
def test_a_repeat_group_stands_together(name: str) -> None:
    groups = [scene.repeat for scene in TEMPLATES[name].scenes]
    first = next(at for at, group in enumerate(groups) if group)
    last = max(at for at, group in enumerate(groups) if group)
    assert None not in groups[first : last + 1]


@every
def test_every_scene_with_a_picture_of_its_own_has_wording_for_it(name: str) -> None:
    for scene in TEMPLATES[name].scenes:
        if scene.visual is not Visual.PACKSHOT and TEMPLATES[name].deliver != "audio":
            assert scene.prompt
            assert "image_prompt" in scene.slots


@every
def test_only_known_fields_stand_in_braces(name: str) -> None:
    for scene in TEMPLATES[name].scenes:
        texts = [scene.prompt, *(line for language in scene.lines for _, line in patterns(scene, language))]
        for text in texts:
            assert set(FIELD.findall(text)) <= FIELDS, text
            assert text.count("{") == text.count("}") == len(FIELD.findall(text)), text


@every
def test_copy_names_the_scenes_own_slots_and_has_alternatives(name: str) -> None:
    for scene in TEMPLATES[name].scenes:
        words = set(scene.slots) - {"image_prompt"}
        for language, lines in scene.lines.items():
            assert set(lines) == words, (scene.id, language)
            for slot, alternatives in lines.items():
                assert len(set(alternatives)) == len(alternatives) >= 3, (scene.id, slot)
                assert any(not FIELD.search(line) for line in alternatives), (scene.id, slot)
        assert not words or "en" in scene.lines


@every
def test_lines_claim_nothing_that_the_brief_does_not_say(name: str) -> None:
    for scene in TEMPLATES[name].scenes:
        for _, line in patterns(scene):
            assert not CLAIMS.search(line), line


@every
@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("seconds", [5, 15, 30, 60])
def test_every_slot_is_filled_within_its_limit(name: str, product: str, seconds: int) -> None:
    fields = script_fields(name, seconds, PRODUCTS[product], hooks=3)
    made = write(body(fields))
    for scene in fields["scenes"]:
        for slot, rule in scene["slots"].items():
            text = made.outputs[f"{scene['name']}.{slot}"]
            assert isinstance(text, str)
            assert text.strip() == text != ""
            assert "{" not in text
            assert count_units(text) <= rule["max_words"]
    assert made.notes == ()


@pytest.mark.parametrize(
    ("name", "deliver", "visual", "slots"),
    [
        ("image", "image", Visual.STILL, {"text", "image_prompt"}),
        ("animate", "video", Visual.ANIMATED, {"image_prompt"}),
        ("voice", "audio", Visual.STILL, {"voiceover"}),
        ("lipsync", "video", Visual.ANIMATED, {"voiceover", "image_prompt"}),
    ],
)
def test_a_one_stage_pipeline_is_one_scene(name: str, deliver: str, visual: Visual, slots: set[str]) -> None:
    template = TEMPLATES[name]
    (scene,) = fit(template, 12.5)
    assert (template.deliver, scene.name, scene.template.visual) == (deliver, "hook", visual)
    assert set(scene.template.slots) == slots
    assert scene.frames == 375


def test_a_serum_ad_reads_as_one_story() -> None:
    outputs = write(body(script_fields("problem-solution", 15, SERUM))).outputs
    spoken = [str(text) for slot, text in outputs.items() if slot.endswith(".voiceover")]
    assert len(spoken) == len(set(spoken)) == 6
    assert sum("Glow Serum" in line for line in spoken) <= 3
    assert any("soft skin" in line.casefold() for line in spoken)
