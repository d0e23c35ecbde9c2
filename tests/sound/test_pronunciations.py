"""The campaign's own pronunciations: what is said for a written word, and which lines are made again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.errors import InvalidInput
from adcli.graph.task import Graph
from adcli.providers.local import kokoro, voice
from adcli.providers.local.ipa import of_ipa
from adcli.providers.local.reading import Reading, needed
from tests.graph.campaigns import graph_of
from tests.sound.making import file_of, make, words_of

OWN = {
    "Northpeak": "north peak",
    "Glow Serum": "gloh seerum gold",
    "glow": "gloh",
    "Aqua Vita": "akwa veeta",
    "24/7": "always",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NORTHPEAK!", ["north peak!"]),
        ("(Northpeak’s)", ["(north peak's)"]),
        ("Northpeak-bottle", ["north peak bottle"]),
        ("#Northpeak @northpeak", ["hashtag north peak", "at north peak"]),
        ("northpeak.com/shop", ["north peak dot com slash shop"]),
        ("hi@northpeak.com,", ["hi at north peak dot com,"]),
        ("Northpeaks Northpeak🔥", ["Northpeaks", "north peak"]),
        ("All glow serum.", ["All", "gloh seerum gold.", ""]),
        ("A glow, serum.", ["A", "gloh,", "serum."]),
        ("Try Aqua  vita now", ["Try", "akwa", "veeta", "now"]),
        ("Open 24/7.", ["Open", "always."]),
    ],
)
def test_whole_words_and_phrases_are_said_as_told_the_longest_first(text: str, said: list[str]) -> None:
    reading = Reading.of(text, "en", OWN)
    assert list(reading.spoken) == said
    assert list(reading.shown) == text.split()


def test_a_phrase_that_is_said_as_one_shares_its_time_among_its_words(tmp_path: Path) -> None:
    params = {"text": "All Glow Serum. Now!", "engine": "silence", "language": "en", "pronunciations": OWN}
    words = words_of(make(voice.make, params, tmp_path))
    assert [word["text"] for word in words] == ["All", "Glow", "Serum.", "Now!"]
    lengths = [word["end"] - word["start"] for word in words]
    assert min(lengths[1:3]) > 0.3
    assert words[1]["end"] == words[2]["start"]


@pytest.mark.parametrize(
    ("ipa", "american", "british"),
    [
        ("dʒɪmnɛst", "ʤˈɪmnɛst", "ʤˈɪmnɛst"),
        ("ˈlu.meɪ", "lˈumA", "lˈumA"),
        ("ˈnɔːrθˌpiːk", "nˈɔɹθpˌik", "nˈɔːɹθpˌiːk"),
        ("ʃaʊˈmiː", "ʃWmˈi", "ʃWmˈiː"),
        ("t͡ʃæt ɡoʊ", "ʧˈæt ɡˈO", "ʧˈat ɡˈQ"),
    ],
)
def test_ipa_becomes_the_voices_own_signs(ipa: str, american: str, british: str) -> None:
    assert (of_ipa(ipa, british=False), of_ipa(ipa, british=True)) == (american, british)


@settings(deadline=None)  # the first reading loads the dictionary
@given(st.text(max_size=30))
def test_whatever_stands_between_slashes_gives_known_signs_or_none(ipa: str) -> None:
    reading = Reading.of("So X!", "en", {"X": f"/{ipa}/"})
    units = kokoro.runs(reading, "af_heart")[0]
    assert [unit.text for unit in units] == ["So", "X!"]


def test_sounds_are_spoken_where_they_stand() -> None:
    reading = Reading.of("The gym-nest's gym-nest!", "en", {"Gym-Nest": "/dʒɪmnɛst/"})
    sounds = ["".join(unit.phonemes).strip() for unit in kokoro.runs(reading, "af_heart")[0]]
    assert sounds == ["ðə", "ʤˈɪmnɛsts", "ʤˈɪmnɛst!"]


def test_no_text_of_a_user_can_pose_as_sounds() -> None:
    reading = Reading.of("a\ue000b\ue001 Northpeak\ue000x\ue001", "en", {"Northpeak": "n\ue000o\ue001"})
    assert not {"\ue000", "\ue001"} & set("".join(reading.spoken))


def test_a_line_needs_the_words_that_stand_in_it() -> None:
    assert needed("The NORTHPEAK’s glow serum.", OWN) == {
        "Northpeak": "north peak",
        "Glow Serum": "gloh seerum gold",
    }
    assert needed("At northpeak.com.", OWN) == {"Northpeak": "north peak"}
    assert needed("Nothing here, 24/75.", OWN) == {}


SCRIPT = {"hook": "Meet Northpeak, today.", "body-1": "Calm skin.", "body-2": "More time for you."}


def spoken(tmp_path: Path, provider: str = "local", **changes: Any) -> Graph:
    person = {"name": "Maria", "prompt": "woman", "script": SCRIPT}
    return graph_of(tmp_path, characters=[person], providers={"voice": provider}, **changes)


def voices(graph: Graph) -> dict[str, str]:
    """Recipes of the lines that are known before anything runs; others are the script stage's to write."""
    return {name: graph.tasks[name].recipe for name in (f"maria/{scene}/voice" for scene in SCRIPT)}


def test_only_lines_with_the_word_are_made_again(tmp_path: Path) -> None:
    plain, told = (voices(spoken(tmp_path, pronunciations=own)) for own in ({}, {"northpeak": "north peak"}))
    changed = {name for name in plain if plain[name] != told[name]}
    assert changed == {"maria/hook/voice"}
    again = voices(spoken(tmp_path, pronunciations={"northpeak": "north peak", "gym": "jim"}))
    assert again == told


def test_a_bought_voice_gets_what_it_takes_and_the_plan_says_the_rest(tmp_path: Path) -> None:
    own = {"northpeak": "north peak", "calm skin": "kahm skin", "Meet": "/miːt/"}
    graph = spoken(tmp_path, "elevenlabs:eleven_multilingual_v2", pronunciations=own)
    assert graph.tasks["maria/hook/voice"].params["pronunciations"] == {"northpeak": "north peak"}
    assert "elevenlabs takes respellings of single words only: calm skin, Meet as it reads it" in graph.notes


def test_pico_is_given_respellings_only_and_the_plan_says_so(tmp_path: Path) -> None:
    own = {"Northpeak": "Nordpiek", "Gym": "/dʒɪm/"}
    script = {"hook": "Northpeak Gym.", "body-1": "Ruhe.", "body-2": "Ruhe."}
    person = {"name": "Anna", "prompt": "Frau", "script": script}
    graph = graph_of(tmp_path, characters=[person], providers={}, language="de", pronunciations=own)
    params = graph.tasks["anna/hook/voice"].params
    if params["engine"] == "pico":
        assert params["pronunciations"] == {"Northpeak": "Nordpiek"}
        assert any("Pico takes respellings, not sounds" in note for note in graph.notes)


@pytest.mark.parametrize(
    ("own", "field"),
    [
        ({"a": "//"}, "respelling"),
        ({"a": "…"}, "respelling"),
        ({"Glow": "x", "glow": "y"}, "once"),
        ({" ": "x"}, "a word"),
    ],
)
def test_a_pronunciation_that_cannot_be_used_is_told(tmp_path: Path, own: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        spoken(tmp_path, pronunciations=own)
    problem = caught.value.problems[0]
    assert str(problem.field).startswith("pronunciations")
    assert field in str(problem)


@pytest.mark.media
@pytest.mark.xdist_group("kokoro")
def test_a_respelled_line_sounds_otherwise_and_shows_the_same(tmp_path: Path) -> None:
    params = {"text": "My Xq runs.", "engine": "kokoro", "voice": "af_heart", "language": "en"}
    plain = make(voice.make, params, tmp_path / "a")
    own = make(voice.make, params | {"pronunciations": {"xq": "/ˈɛksiˌkjuː/"}}, tmp_path / "b")
    assert [word["text"] for word in words_of(own)] == ["My", "Xq", "runs."]
    first, second = (file_of(made, "audio").path.read_bytes() for made in (plain, own))
    assert first != second
