"""Who speaks for whom."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.graph.brief import Cast
from adcli.providers.local import voice
from adcli.providers.local.voices import (
    KOKORO,
    Sex,
    kokoro_voice,
    kokoro_voices,
    other_voice,
    other_voices,
    sex_of,
)
from adcli.spec.campaign import Character

SEX = {found.name: found.sex for found in KOKORO}
PEOPLE: list[dict[str, Any]] = [
    {"prompt": "woman"},
    {"prompt": "man"},
    {"prompt": "woman, 60"},
    {"prompt": "young man"},
    {"prompt": "British woman"},
    {"prompt": "Scottish man, 70"},
    {"name": "Kim Q", "prompt": "somebody"},
    {"prompt": "woman", "voice": "Rachel"},
    {"prompt": "man", "voice": "unheard of"},
]


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
        ("Daniel - British narrator", "bm_daniel"),
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


def cast(*people: dict[str, Any]) -> Cast:
    return Cast(tuple(Character(**{"name": f"P{n}", **known}) for n, known in enumerate(people)))


def test_characters_of_one_kind_get_voices_in_turn_and_share_only_when_all_are_taken() -> None:
    people = [{"prompt": "woman"}, {"prompt": "man"}] * 6 + [{"prompt": "woman"}]
    voices = kokoro_voices(cast(*people), "en")
    assert voices[:4] == ("af_heart", "am_michael", "af_bella", "am_fenrir")
    assert len(set(voices[:12])) == len(KOKORO)
    assert voices[12] == "af_heart"
    assert all(SEX[name] is (Sex.MAN if n % 2 else Sex.WOMAN) for n, name in enumerate(voices))


@given(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=12), st.sampled_from(["en", "en-GB"]))
def test_one_more_character_changes_nobody_s_voice(people: list[dict[str, Any]], language: str) -> None:
    whole, before = (kokoro_voices(cast(*some), language) for some in (people, people[:-1]))
    assert whole[:-1] == before
    assert other_voices("pico", cast(*people), "de-DE")[:-1] == other_voices(
        "pico", cast(*people[:-1]), "de-DE"
    )


@given(st.lists(st.sampled_from(PEOPLE[:6]), max_size=12))
def test_nobody_shares_a_voice_while_another_of_the_kind_is_free(people: list[dict[str, Any]]) -> None:
    voices = kokoro_voices(cast(*people), "en")
    for sex in Sex:
        own = [name for name in voices if SEX[name] is sex]
        assert len(set(own)) == min(len(own), 6)


@pytest.mark.parametrize(
    ("prompt", "voice"),
    [
        ("woman, 62, silver hair", "af_kore"),
        ("grandfather in an armchair", "am_onyx"),
        ("teenage girl, 17, skateboard", "af_bella"),
        ("young man, energetic", "am_fenrir"),
        ("woman, 30, holds 20% more", "af_heart"),
        ("British woman, 24", "bf_isabella"),
        ("мужчина, 40", "am_michael"),
    ],
)
def test_a_voice_is_as_old_as_its_person(prompt: str, voice: str) -> None:
    assert kokoro_voice(None, {"name": "X", "prompt": prompt}, "en") == voice


def test_a_voice_that_somebody_names_is_kept_from_those_who_follow() -> None:
    people = [
        {"prompt": "woman", "voice": "Rachel"},
        {"prompt": "woman"},
        {"prompt": "woman", "voice": "Rachel"},
    ]
    assert kokoro_voices(cast(*people), "en") == ("af_heart", "af_bella", "af_heart")
    notes = [
        voice.note(fields(voice="Rachel", character={"name": "P2"}, cast=cast(*people), position=n))
        for n in (0, 2)
    ]
    assert notes == ["voice Rachel → Kokoro af_heart", "voice Rachel → Kokoro af_heart; the same voice as P0"]


def test_pico_s_pitches_are_shared_out_too() -> None:
    people = [{"prompt": "Frau"}, {"prompt": "Mann"}, {"prompt": "Frau"}, {"prompt": "Mann"}]
    pitches = other_voices("pico", cast(*people), "de-DE")
    assert pitches == ("de-DE/mid", "de-DE/low", "de-DE/high", "de-DE/deep")


@pytest.mark.parametrize(("language", "prompt"), [("en-GB", "woman"), ("en", "British woman, 40")])
def test_british_people_speak_british(language: str, prompt: str) -> None:
    assert kokoro_voice(None, {"id": 1, "prompt": prompt}, language) == "bf_emma"


def test_pico_men_are_lower_than_women() -> None:
    assert other_voice("pico", "Rachel", {"id": 1}, "de-DE") == "de-DE/mid"
    assert other_voice("pico", "Adam", {"id": 1}, "de-DE") == "de-DE/low"


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
    assert voice.body(fields(language="ja"))["engine"] == "silence"
    assert "voice" not in voice.body(fields(language="ja"))


def test_the_note_says_what_was_mapped() -> None:
    assert voice.note(fields(voice="Rachel")) == "voice Rachel → Kokoro af_heart"
    assert voice.note(fields(voice="af_heart")) is None
    assert voice.note(fields()) == "voice of Maria → Kokoro af_heart"
    assert "timed silence" in (voice.note(fields(language="ja")) or "")
