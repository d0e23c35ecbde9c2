from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.graph.lines import count_units
from adcli.providers.local.script import body, make, write
from adcli.work import Job
from tests.templates.shipped import ARCHETYPES, NOTHING, PRODUCTS, SERUM, script_fields

FOLDED = re.compile(r"\W+")


def words(name: str = "problem-solution", seconds: float = 15, product: Mapping[str, Any] = SERUM,
          **more: Any) -> dict[str, str]:  # fmt: skip
    made = write(body(script_fields(name, seconds, product, **more)))
    return {slot: str(text) for slot, text in made.outputs.items()}


def folded(text: str) -> str:
    return FOLDED.sub(" ", text.casefold()).strip()


def written(outputs: Mapping[str, str], hook: int = 1) -> list[str]:
    """Every line of one ad, without picture wording."""
    own = "hook" if hook == 1 else f"hook-{hook}"
    return [
        folded(text)
        for slot, text in outputs.items()
        if not slot.endswith("image_prompt") and (slot.startswith(f"{own}.") or not slot.startswith("hook"))
    ]


def test_the_maker_gives_one_text_for_each_slot(tmp_path: Path) -> None:
    params = body(script_fields("unboxing", 15, SERUM, hooks=2))
    made = make(Job("maria/script", "script", "local", None, params, (), {}, tmp_path))
    assert {"hook.voiceover", "hook.text", "hook.image_prompt", "body-1.voiceover"} <= set(made.outputs)
    assert {"cta.voiceover", "cta.headline", "cta.cta", "hook-2.voiceover", "hook-2.text"} <= set(
        made.outputs
    )
    assert "hook-2.image_prompt" not in made.outputs
    assert all(isinstance(text, str) for text in made.outputs.values())
    assert not list(tmp_path.iterdir())


def test_params_hold_only_what_the_words_depend_on() -> None:
    fields = script_fields("unboxing", 15, {"name": "Kelp", "description": None, "benefits": []})
    params = body(fields)
    assert "template" not in params
    assert params["product"] == {"name": "Kelp"}
    assert "given_hooks" not in params
    toned = {**fields, "template": {"name": "unboxing", "tone": "angry"}}
    assert body(toned) == params
    cycled = {**fields, "scenes": [{**scene, "cycle": 7, "seconds": 2.5} for scene in fields["scenes"]]}
    assert body(cycled) == params


@pytest.mark.parametrize("name", ARCHETYPES)
def test_the_same_brief_gives_the_same_words_and_another_seed_or_character_others(name: str) -> None:
    assert words(name) == words(name)
    assert words(name, seed=7) != words(name)
    assert written(words(name, character="Viktor")) != written(words(name))


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("seconds", [5, 15, 30, 60, 180])
@pytest.mark.parametrize("name", ARCHETYPES)
def test_no_line_comes_twice_in_an_ad(name: str, seconds: int, product: str) -> None:
    outputs = words(name, seconds, PRODUCTS[product], hooks=5)
    for hook in range(1, 6):
        lines = written(outputs, hook)
        assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("name", ARCHETYPES)
def test_more_hooks_change_nothing_that_was_there(name: str, product: str) -> None:
    one = words(name, 15, PRODUCTS[product], hooks=1)
    five = words(name, 15, PRODUCTS[product], hooks=5)
    assert {slot: five[slot] for slot in one} == one
    assert set(five) - set(one) == {f"hook-{n}.{slot}" for n in range(2, 6) for slot in ("voiceover", "text")}
    for slot in ("voiceover", "text"):
        hooks = [five[f"{hook}.{slot}"] for hook in ("hook", "hook-2", "hook-3", "hook-4", "hook-5")]
        assert len({folded(line) for line in hooks}) == 5


def test_given_hooks_are_spoken_and_shown_and_leave_the_rest_alone() -> None:
    lines = ["I nearly gave up.", "Why does nobody talk about this?"]
    outputs = words(given_hooks=lines)
    assert (outputs["hook.voiceover"], outputs["hook.text"]) == (lines[0], lines[0])
    assert (outputs["hook-2.voiceover"], outputs["hook-2.text"]) == (lines[1], lines[1])
    ours = words()
    assert {slot: text for slot, text in outputs.items() if not slot.startswith("hook")} == {
        slot: text for slot, text in ours.items() if not slot.startswith("hook")
    }
    assert outputs["hook.image_prompt"] == ours["hook.image_prompt"]


def test_scenes_take_turns_through_the_benefits() -> None:
    outputs = words("problem-solution", 30)
    spoken = " ".join(text for slot, text in outputs.items() if slot.endswith(".voiceover")).casefold()
    assert all(benefit in spoken for benefit in SERUM["benefits"])


def test_one_wording_serves_one_benefit_while_others_are_left() -> None:
    for name in ARCHETYPES:
        spoken = [line for slot, line in words(name, 30).items() if slot.endswith(".voiceover")]
        stems = [
            folded(re.sub("soft skin|no sticky feel|vegan formula", "", line.casefold())) for line in spoken
        ]
        assert len(set(stems)) == len(stems), name


def test_text_on_the_screen_does_not_repeat_what_the_voice_just_said() -> None:
    for name in ARCHETYPES:
        outputs = words(name, 30)
        for slot, line in outputs.items():
            scene, _, kind = slot.partition(".")
            if kind == "text" and scene.startswith("body"):
                voice = folded(outputs[f"{scene}.voiceover"])
                assert not any(b in folded(line) and b in voice for b in SERUM["benefits"]), (name, scene)


def test_without_a_product_the_ad_still_has_words() -> None:
    for name in ARCHETYPES:
        outputs = words(name, 30, NOTHING)
        assert all(outputs.values())
        assert not any("  " in text or "{" in text for text in outputs.values())


def test_picture_wording_tells_of_person_and_product() -> None:
    outputs = words()
    assert "Glow Serum" in outputs["hook.image_prompt"]
    assert "woman, 30, freckles" in outputs["hook.image_prompt"]
    assert "the product" in words(product=NOTHING)["hook.image_prompt"]


def test_a_hook_action_is_in_the_hooks_picture_alone() -> None:
    fields = script_fields("problem-solution", 15, SERUM)
    fields["character"] = {"name": "Maria", "action": "leans into the camera"}
    outputs = write(body(fields)).outputs
    assert "leans into the camera" in str(outputs["hook.image_prompt"])
    assert not any("leans" in str(text) for slot, text in outputs.items() if slot.startswith("body"))


def test_words_of_the_brief_are_never_read_as_fields() -> None:
    product = {"name": "Glow {benefit}", "benefits": ["{product}", "soft skin."], "audience": "{character}"}
    outputs = words(product=product, hooks=5)
    assert not any("{" in text or "}" in text for text in outputs.values())
    assert any("Glow (benefit)" in text for text in outputs.values())


def test_a_sentence_begins_with_a_capital_and_names_stay_as_they_are() -> None:
    scene = {
        "name": "body-1", "role": "body", "slots": {"voiceover": {"max_words": 9}},
        "copy": {"voiceover": ["{benefit}. Done."]},
    }  # fmt: skip
    fields = {"scenes": [scene], "product": {"benefits": ["soft skin!"]}, "language": "en", "seed": 1}
    assert write(body(fields)).outputs["body-1.voiceover"] == "Soft skin. Done."
    scene["copy"] = {"voiceover": ["{product}. Done."]}
    fields["product"] = {"name": "iGlow"}
    assert write(body(fields)).outputs["body-1.voiceover"] == "iGlow. Done."


def test_a_language_without_words_of_its_own_is_said_in_a_note() -> None:
    fields = script_fields("unboxing", 15, SERUM, language="fr")
    for scene in fields["scenes"]:
        scene["copy_language"] = "en"
    made = write(body(fields))
    assert made.notes == ("the template has no words in fr; the draft's are in en",)


def test_a_template_without_copy_gets_plain_words_and_a_note() -> None:
    fields = script_fields("unboxing", 30, SERUM, language="fr", hooks=5)
    bare = [{key: value for key, value in scene.items() if key != "copy"} for scene in fields["scenes"]]
    made = write(body({**fields, "scenes": bare}))
    assert all(made.outputs.values())
    assert made.notes[0].endswith("the draft's are in en")
    lines = written({slot: str(text) for slot, text in made.outputs.items()})
    assert len(set(lines)) == len(lines)


def test_a_slot_too_short_for_any_line_is_shortened_and_said() -> None:
    scene = {
        "name": "cta",
        "role": "cta",
        "slots": {"cta": {"max_words": 1}},
        "copy": {"cta": ["Shop now please"]},
    }
    made = write(body({"scenes": [scene], "product": {}, "language": "en", "seed": 1}))
    assert made.outputs["cta.cta"] == "Shop"
    assert made.notes == ("shortened to fit: cta.cta",)


TEXT = st.text(max_size=60)


@given(
    st.fixed_dictionaries(
        {}, optional={"name": TEXT, "description": TEXT, "url": TEXT, "audience": TEXT,
                      "benefits": st.lists(TEXT, max_size=4)},
    ),
    TEXT, TEXT, st.sampled_from(ARCHETYPES), st.integers(0, 2**31 - 1),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_brief_fills_every_slot_within_its_limit(
    product: dict[str, Any], prompt: str, who: str, name: str, seed: int
) -> None:
    fields = script_fields(name, 15, product, seed=seed, hooks=2, character=who)
    fields["character"]["prompt"] = prompt
    outputs = write(body(fields)).outputs
    for scene in fields["scenes"]:
        for slot, rule in scene["slots"].items():
            text = str(outputs[f"{scene['name']}.{slot}"])
            assert text
            assert count_units(text) <= rule["max_words"]
            assert "{" not in text


DESCRIPTION = "steel, double-walled & <b>light</b> " * 60
STRANGE: Mapping[str, Mapping[str, Any]] = {
    "markup": {"name": "<b>Glow</b> & {\\an8}Co", "benefits": ["<script>soft</script> skin", "{\\b1}calm"]},
    "emoji": {"name": "🔥 Glow 👩🏽‍🚀", "benefits": ["🧴✨", "soft 🧖🏽‍♀️ skin"],
              "audience": "👨‍👩‍👧‍👦 parents"},
    "arabic": {"name": "ماء الورد", "benefits": ["بشرة ناعمة", "رائحة هادئة"], "audience": "الأمهات"},
    "hebrew": {"name": "זוהר", "benefits": ["עור רך"], "audience": "הורים"},
    "japanese": {"name": "雪の光美容液プレミアム", "benefits": ["うるおいが一日中つづく", "無香料"],
                 "audience": "忙しい人"},
    "thai": {"name": "เซรั่มหน้าใสพิเศษ", "benefits": ["ผิวนุ่มตลอดวัน"]},
    "long": {
        "name": "The Original Northpeak Extra Large Insulated Adventure Bottle",
        "benefits": ["keeps every drink as cold as it was in the fridge this morning", "light"],
        "audience": "people who walk to work in the rain every single day of the year",
    },
    "one word": {"name": "x" * 300, "benefits": ["y" * 300], "audience": "z" * 300},
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ru", "ar", "ja"])
@pytest.mark.parametrize("kind", STRANGE)
def test_strange_briefs_stay_within_limits_and_what_is_cut_is_said(kind: str, language: str) -> None:
    product = {**STRANGE[kind], "description": DESCRIPTION}
    for name in ARCHETYPES:
        for seconds in (5, 15):
            fields = script_fields(name, seconds, product, language=language, hooks=2)
            fields["character"]["prompt"] = "woman, 30, " + "freckles " * 222
            made = write(body(fields))
            for scene in fields["scenes"]:
                for slot, rule in scene["slots"].items():
                    text = str(made.outputs[f"{scene['name']}.{slot}"])
                    assert text.strip(), (name, scene["name"], slot)
                    assert "{" not in text
                    assert count_units(text) <= rule["max_words"], (name, scene["name"], slot, text)
            clean = product["name"].translate(str.maketrans("{}", "()"))
            seen = f"{made.outputs['hook.voiceover']} {made.outputs['hook.text']}"
            assert clean in seen or any("shortened" in note and "hook.text" in note for note in made.notes)
            assert any("hook.image_prompt" in note for note in made.notes)
            assert sum(map(len, made.notes)) < 2_000


def test_a_benefit_longer_than_every_slot_is_left_out_and_said() -> None:
    made = write(body(script_fields("problem-solution", 15, STRANGE["long"])))
    assert not any("fridge" in str(text) for text in made.outputs.values())
    assert made.notes == (
        "shortened to fit: hook.text",
        'too long for every scene, so left out: "keeps every drink as cold as it was in the fridge this morni…"',  # noqa: E501
    )


def test_a_long_name_stands_alone_in_the_hook_before_the_hook_names_nothing() -> None:
    product = {"name": "Northpeak Original Insulated Steel Bottle"}
    outputs = words("problem-solution", product=product, hooks=2)
    assert outputs["hook.text"] == outputs["hook-2.text"] == product["name"]


def test_a_scene_tells_a_benefit_that_it_has_room_for() -> None:
    product = {"name": "Kelp", "benefits": ["cold from the first to the very last drop", "no leaks"]}
    outputs = words("pov-reaction", 15, product)
    assert any("no leaks" in line.casefold() for line in written(outputs))


def test_the_closing_names_the_product_in_voice_or_headline() -> None:
    scene = {
        "name": "cta", "role": "cta",
        "slots": {"voiceover": {"max_words": 2}, "headline": {"max_words": 6}, "cta": {"max_words": 3}},
        "copy": {"voiceover": ["Tap below."], "headline": ["{benefit}", "{product}, solved"],
                 "cta": ["Shop now"]},
    }  # fmt: skip
    for seed in range(8):
        fields = {"scenes": [scene], "product": {"name": "Glow Serum", "benefits": ["soft skin"]}}
        outputs = write(body({**fields, "language": "en", "seed": seed})).outputs
        assert outputs["cta.headline"] == "Glow Serum, solved"


def test_a_draft_in_another_language_than_its_copy_takes_the_copys_openers() -> None:
    fields = script_fields("unboxing", 180, SERUM, language="nl")
    lines = [str(text) for slot, text in write(body(fields)).outputs.items() if slot.endswith("voiceover")]
    assert any(line.startswith(("Also:", "Plus:", "Again:")) for line in lines)


@pytest.mark.parametrize(
    ("pattern", "benefit", "line"),
    [
        ("¿{benefit}? Sí.", "piel suave", "¿Piel suave? Sí."),
        ("I mean… {benefit}.", "soft skin", "I mean… soft skin."),
        ("Ого: {benefit}.", "мягкая кожа", "Ого: мягкая кожа."),
        ("{benefit}. Серьёзно.", "мягкая кожа", "Мягкая кожа. Серьёзно."),
    ],
)
def test_only_what_begins_a_sentence_gets_a_capital(pattern: str, benefit: str, line: str) -> None:
    scene = {"name": "body-1", "role": "body", "slots": {"voiceover": {}}, "copy": {"voiceover": [pattern]}}
    fields = {"scenes": [scene], "product": {"benefits": [benefit]}, "language": "en", "seed": 1}
    assert write(body(fields)).outputs["body-1.voiceover"] == line


def test_a_line_that_leaves_half_of_its_scene_silent_waits() -> None:
    scene = {
        "name": "cta", "role": "cta", "slots": {"voiceover": {"max_words": 6}},
        "copy": {"voiceover": ["Tap now.", "It is waiting for you."]},
    }  # fmt: skip
    for seed in range(8):
        fields = {"scenes": [scene], "product": {"name": "Kelp"}, "language": "en", "seed": seed}
        assert write(body(fields)).outputs["cta.voiceover"] == "It is waiting for you."


@pytest.mark.parametrize("name", ARCHETYPES)
def test_the_voice_tells_a_benefit_again_only_when_other_lines_are_used_up(name: str) -> None:
    product = {"name": "Kelp", "benefits": ["no leaks"]}
    spoken = [line for slot, line in words(name, 15, product).items() if slot.endswith(".voiceover")]
    assert sum("no leaks" in line.casefold() for line in spoken) == 1
