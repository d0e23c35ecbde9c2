"""What is asked of ElevenLabs, what it may cost, and what a plan says about it: no network."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from adcli.providers import elevenlabs
from adcli.providers._elevenlabs_voices import Voice, default_voice, matching, nearest
from adcli.registry import Request, Sale, catalogue
from adcli.spec.prices import load_prices

V2, FLASH, V3 = "eleven_multilingual_v2", "eleven_flash_v2_5", "eleven_v3"
SOUND = "eleven_text_to_sound_v2"
VOICE: dict[str, Any] = {
    "text": "Meet Lumé.",
    "voice": "Rachel",
    "language": "en-GB",
    "seconds": 2.5,
    "character": {"id": "maria", "name": "Maria", "prompt": "woman, 30"},
    "settings": {"stability": 0.7},
    "pronunciations": {"lumé": "loo-may", "IP68": "I P sixty eight"},
    "seed": 42,
    "max_chars": None,
}
MUSIC = {"prompt": "", "mood": "warm, confident", "seconds": 14.9995, "seed": 42}


def asked(stage: str, model: str, extra: Any = None, **fields: Any) -> dict[str, Any]:
    base = {"voice": VOICE, "music": MUSIC, "transcribe": {"audio": {"$input": 0}, "language": "de-DE"}}[
        stage
    ]
    return dict(elevenlabs.body(Request(stage, model, {**base, **fields}, extra or {})))


def told(stage: str, model: str, extra: Any = None, **fields: Any) -> str | None:
    base = {"voice": VOICE, "music": MUSIC}[stage]
    return elevenlabs.note(Request(stage, model, {**base, **fields}, extra or {}))


def cost(stage: str, model: str, params: Any, **known: Any) -> tuple[Decimal, Decimal]:
    price = load_prices({})[f"elevenlabs:{model}"]
    found = elevenlabs.price(Sale(stage, model, params, **known), price)
    return found.min_usd, found.max_usd


def test_the_registry_knows_it() -> None:
    module = catalogue().provider("elevenlabs")
    assert set(module.SPEC.versions) == {"voice", "music", "transcribe"}
    assert module.SPEC.missing({}) == ("ELEVENLABS_API_KEY",)
    assert (module.SPEC.ability("voice").find, module.SPEC.ability("music").find) == (True, False)
    assert not any(module.SPEC.ability(stage).poll for stage in module.SPEC.versions)


def test_speech_is_asked_for_with_everything_that_decides_it_written_out() -> None:
    assert asked("voice", V2) == {
        "text": "Meet Lumé.",
        "voice": "Rachel",
        "model_id": V2,
        "voice_settings": {
            "stability": 0.7,
            "similarity_boost": 0.75,
            "style": 0.0,
            "use_speaker_boost": True,
            "speed": 1.0,
        },
        "seed": 42,
        "output_format": "mp3_44100_128",
        "pronunciations": {"lumé": "loo-may"},
    }


def test_what_does_not_decide_the_sound_is_not_in_the_body() -> None:
    assert asked("voice", V2, seconds=9.0, max_chars=5) == asked("voice", V2)
    assert "pronunciations" not in asked("voice", V2, text="Hello there.")


def test_any_pronunciation_may_be_needed_by_a_text_that_is_not_written_yet() -> None:
    assert set(asked("voice", V2, text={"$text": [{"$input": 0}]})["pronunciations"]) == {"lumé", "IP68"}


@pytest.mark.parametrize(
    ("model", "language", "code"),
    [
        (FLASH, "en-GB", "en"),
        (FLASH, "de", "de"),
        (V2, "de", None),
        (FLASH, "fil", None),
        (V3, "pt-BR", "pt"),
    ],
)
def test_the_language_goes_to_models_that_take_it(model: str, language: str, code: str | None) -> None:
    assert asked("voice", model, language=language).get("language_code") == code


@pytest.mark.parametrize(("given", "sent"), [(0.7, 0.5), (0.75, 0.5), (0.8, 1.0), (0.1, 0.0), (0.5, 0.5)])
def test_the_third_generation_gets_one_of_its_three_stabilities_and_no_style(
    given: float, sent: float
) -> None:
    settings = {"stability": given, "style": 0.3, "speed": 1.1}
    made = asked("voice", V3, settings=settings)["voice_settings"]
    assert made == {"stability": sent, "similarity_boost": 0.75, "speed": 1.1}


def test_a_plan_says_what_a_model_does_not_do() -> None:
    note = told("voice", V3, settings={"stability": 0.7, "style": 0.3}) or ""
    assert "eleven_v3 knows stability 0, 0.5 and 1: 0.5 is sent" in note
    assert "eleven_v3 has no style" in note
    assert told("voice", V3, settings={"stability": 1.0}) is None
    assert told("voice", V2) is None


def test_users_own_inputs_win_and_settings_are_completed() -> None:
    extra = {"apply_text_normalization": "on", "seed": 7, "voice_settings": {"style": 0.4}}
    made = asked("voice", V2, extra)
    assert (made["apply_text_normalization"], made["seed"]) == ("on", 7)
    assert (made["voice_settings"]["style"], made["voice_settings"]["stability"]) == (0.4, 0.7)


def test_a_character_without_a_voice_always_gets_the_same_one_and_the_plan_says_which() -> None:
    name = asked("voice", V2, voice=None)["voice"]
    assert name == default_voice(VOICE["character"])
    assert told("voice", V2, voice=None) == f"voice of Maria → {name}"
    assert told("voice", V2, {"voice": "Bob"}, voice=None) is None


def test_default_voices_follow_sex_and_accent() -> None:
    women = {default_voice({"id": f"w{n}", "prompt": "woman, 30"}) for n in range(40)}
    men = {default_voice({"id": f"m{n}", "prompt": "a bearded man"}) for n in range(40)}
    british = {default_voice({"id": f"b{n}", "prompt": "British woman"}) for n in range(40)}
    assert women == {"Jessica", "Sarah", "Laura", "Matilda"}
    assert men == {"Chris", "Brian", "Eric", "Will", "Liam", "Roger"}
    assert british == {"Alice", "Lily"}
    assert default_voice({}) in women | men


VOICES = (
    Voice("a" * 20, "Roger - Laid-Back, Casual, Resonant"),
    Voice("b" * 20, "Roger"),
    Voice("c" * 20, "Ann  Marie"),
    Voice("d" * 20, "Twin"),
    Voice("e" * 20, "Twin"),
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("roger", "b"),
        ("Roger - laid-back, casual, resonant", "a"),
        ("a" * 20, "a"),
        ("ANN MARIE", "c"),
        ("Twin", "de"),
        ("Nobody", ""),
    ],
)
def test_a_voice_is_meant_by_id_then_by_name_then_by_the_first_part_of_its_name(
    written: str, found: str
) -> None:
    assert "".join(voice.id[0] for voice in matching(VOICES, written)) == found


def test_the_nearest_names_are_offered() -> None:
    assert nearest(VOICES, "Rodger") == ("Roger",)
    assert nearest(VOICES, "Xylophone") == ()


def test_music_is_asked_for_by_prompt_else_by_mood_without_singing() -> None:
    made = asked("music", "music_v1")
    assert made["music_length_ms"] == 15_000
    assert made["force_instrumental"] is True
    assert "warm, confident" in made["prompt"]
    assert "seed" not in made  # refused together with a prompt
    assert asked("music", "music_v2", prompt="drums")["prompt"] == "drums"
    assert asked("music", "music_v1", seed=7) == made


def test_a_composition_plan_goes_alone() -> None:
    plan = {"sections": [{"duration_ms": 8000}, {"duration_ms": 7500}]}
    made = asked("music", "music_v1", {"composition_plan": plan})
    assert set(made) == {"model_id", "output_format", "composition_plan"}
    assert cost("music", "music_v1", made) == (Decimal("0.0775"), Decimal("0.0775"))
    unclear = {"composition_plan": {"sections": ["?"]}}
    assert cost("music", "music_v1", unclear) == (Decimal("0.015"), Decimal("3"))


def test_a_sound_effect_longer_than_half_a_minute_is_looped() -> None:
    short, long = asked("music", SOUND, seconds=12.0), asked("music", SOUND, seconds=45.0)
    assert (short["duration_seconds"], short["loop"]) == (12.0, False)
    assert (long["duration_seconds"], long["loop"]) == (30.0, True)
    assert told("music", SOUND, seconds=12.0) is None
    assert "looped" in (told("music", SOUND, seconds=45.0) or "")
    assert elevenlabs.seconds("music", SOUND) is None
    song = elevenlabs.seconds("music", "music_v1")
    assert song is not None
    assert (song.least, song.most) == (3, 600)


def test_a_transcript_is_asked_for_with_words_and_their_times() -> None:
    made = asked("transcribe", "scribe_v2", text="Hallo Welt.")
    assert made["timestamps_granularity"] == "word"
    assert (made["language_code"], made["written"]) == ("de", "Hallo Welt.")
    assert made["file"] == {"$input": 0}
    aligned = asked("transcribe", "forced_alignment", text="Hallo Welt.")
    assert aligned == {"file": {"$input": 0}, "text": "Hallo Welt."}


def test_speech_costs_what_is_spoken_not_what_is_written() -> None:
    params = asked("voice", V2, text="IP68!")
    assert cost("voice", V2, params) == (Decimal("0.0016"), Decimal("0.0016"))  # "I P sixty eight!"
    half = asked("voice", FLASH, text="x" * 1000, pronunciations={})
    assert cost("voice", FLASH, half) == (Decimal("0.05"), Decimal("0.05"))


def test_a_text_still_to_be_written_costs_up_to_its_limit_even_if_every_word_is_respelled() -> None:
    later = {"$text": [{"$input": 0}]}
    plain = asked("voice", V2, text=later, pronunciations={})
    assert cost("voice", V2, plain, max_chars=200) == (Decimal("0.0001"), Decimal("0.02"))
    longer = asked("voice", V2, text=later, pronunciations={"ab": "abcdef"})
    assert cost("voice", V2, longer, max_chars=200) == (Decimal("0.0001"), Decimal("0.06"))


def test_music_and_transcripts_cost_by_the_second_and_sounds_by_the_piece() -> None:
    assert cost("music", "music_v1", asked("music", "music_v1")) == (Decimal("0.075"), Decimal("0.075"))
    assert cost("music", SOUND, asked("music", SOUND)) == (Decimal("0.12"), Decimal("0.12"))
    heard = asked("transcribe", "scribe_v2")
    assert cost("transcribe", "scribe_v2", heard, seconds=30.0) == (Decimal("0.00186"), Decimal("0.00186"))
    assert cost("transcribe", "scribe_v2", heard) == (Decimal(0), Decimal("0.01116"))
