"""Who speaks for whom."""

from __future__ import annotations

from typing import Any

import pytest

from adcli.providers.local import voice
from adcli.providers.local.voices import KOKORO, Sex, kokoro_voice, pico_voice, sex_of

SEX = {found.name: found.sex for found in KOKORO}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Rachel", "af_heart"),
        ("rachel", "af_heart"),
        ("Bella", "af_bella"),
        ("Domi", "af_sarah"),
        ("Adam", "am_michael"),
        ("Josh", "am_puck"),
        ("Arnold", "am_onyx"),
        ("Alice", "bf_emma"),
        ("Daniel - British narrator", "bm_george"),
        ("am_fenrir", "am_fenrir"),
    ],
)
def test_a_well_known_voice_name_has_its_shipped_voice(asked: str, expected: str) -> None:
    assert kokoro_voice(asked, {"id": 7, "prompt": "whoever"}, "en") == expected


@pytest.mark.parametrize(
    "names",
    [
        "Rachel Bella Elli Domi Charlotte Alice Lily Jessica Sarah Laura Matilda Aria",
        "Adam Antoni Josh Sam Arnold Callum Brian George Daniel Charlie Liam Eric Chris Will Roger Bill",
    ],
)
def test_the_table_keeps_the_sex_of_each_named_voice(names: str) -> None:
    sexes = {SEX[kokoro_voice(name, {}, "en")] for name in names.split()}
    assert len(sexes) == 1


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ({"prompt": "woman, 30, freckles"}, Sex.WOMAN),
        ({"prompt": "bearded man of 40 with his wife"}, Sex.MAN),
        ({"prompt": "eine junge Frau im Bad", "name": "Alex"}, Sex.WOMAN),
        ({"prompt": "hombre de 50 años"}, Sex.MAN),
        ({"prompt": "un homme barbu"}, Sex.MAN),
        ({"name": "Мария"}, Sex.WOMAN),
        ({"name": "Luca"}, Sex.MAN),
        ({"name": "Sofía Reyes"}, Sex.WOMAN),
        ({"name": "Jean"}, None),
        ({"name": "Xq"}, None),
        ({}, None),
    ],
)
def test_sex_comes_from_prompt_then_name(character: dict[str, Any], expected: Sex | None) -> None:
    assert sex_of(None, character) == expected


def test_characters_without_a_voice_differ() -> None:
    women = [kokoro_voice(None, {"id": n, "name": "Ana", "prompt": "woman"}, "en") for n in range(1, 5)]
    men = [kokoro_voice(None, {"id": n, "name": "Tom", "prompt": "man"}, "en") for n in range(1, 5)]
    assert len(set(women)) == 4
    assert len(set(men)) == 4
    assert {SEX[name] for name in women} == {Sex.WOMAN}
    assert {SEX[name] for name in men} == {Sex.MAN}


def test_a_character_keeps_its_voice() -> None:
    character = {"id": "maria-s", "name": "Maria", "prompt": ""}
    assert len({kokoro_voice(None, character, "en") for _ in range(3)}) == 1


@pytest.mark.parametrize(("language", "prompt"), [("en-GB", "woman"), ("en", "British woman, 40")])
def test_british_people_speak_british(language: str, prompt: str) -> None:
    assert kokoro_voice(None, {"id": 1, "prompt": prompt}, language) == "bf_emma"


def test_pico_men_are_lower_than_women() -> None:
    assert pico_voice("Rachel", {"id": 1}, "de-DE") == "de-DE/mid"
    assert pico_voice("Adam", {"id": 1}, "de-DE") == "de-DE/low"


def fields(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "text": "Hi.",
        "voice": None,
        "language": "en",
        "seconds": 3.0,
        "settings": {},
        "seed": 42,
    }
    return plain | {"character": {"id": 1, "name": "Maria", "prompt": "woman"}} | changes


def test_the_body_holds_what_the_sound_depends_on_and_no_more() -> None:
    assert voice.body(fields(voice="Rachel", settings={"stability": 0.5, "speed": 1.0})) == {
        "text": "Hi.",
        "engine": "kokoro",
        "voice": "af_heart",
        "language": "en",
        "seconds": 3.0,
    }
    assert voice.body(fields(settings={"speed": 1.1}))["speed"] == 1.1


def test_only_the_pronunciations_a_line_uses_belong_to_it() -> None:
    given = {"Nuvé": "noo vay", "Acme": "ack mee"}
    assert voice.body(fields(text="Try nuvé!", pronunciations=given))["pronunciations"] == {"Nuvé": "noo vay"}
    assert "pronunciations" not in voice.body(fields(text="Try it.", pronunciations=given))
    assert voice.body(fields(text={"$input": 0}, pronunciations=given))["pronunciations"] == given


def test_a_text_that_is_not_known_yet_passes_through() -> None:
    reference = {"$input": 0}
    assert voice.body(fields(text=reference))["text"] is reference


def test_languages_without_a_voice_are_timed_silence() -> None:
    assert voice.body(fields(language="pt-BR"))["engine"] == "silence"
    assert "voice" not in voice.body(fields(language="ja"))


def test_the_note_says_what_was_mapped() -> None:
    assert voice.note(fields(voice="Rachel")) == "voice Rachel → Kokoro af_heart"
    assert voice.note(fields(voice="af_heart")) is None
    assert voice.note(fields()) == "voice of Maria → Kokoro af_heart"
    assert "timed silence" in (voice.note(fields(language="ja")) or "")
