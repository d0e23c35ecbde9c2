"""Free voice of a line: by Kokoro, Pico or eSpeak NG, whichever reads its language, else timed silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adcli.errors import TaskFailed
from adcli.graph.lines import SPEED_UP
from adcli.providers.local.reading import Reading, is_ipa, needed
from adcli.providers.local.speech_text import base, latin_share
from adcli.providers.local.voices import kokoro_voice, kokoro_voices, other_voice, other_voices
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from adcli.graph.brief import Cast
    from adcli.media.speech import Speech

DRAFT_SPEED_UP = 1.6
"""How much faster words may be spoken that the draft wrote itself, where others may be by ``SPEED_UP``:
nobody could shorten them, and a draft has to be made."""

_PICO_LOCALES = {"de": "de-DE", "es": "es-ES", "fr": "fr-FR", "it": "it-IT"}
_NAMES = {"kokoro": "Kokoro", "pico": "Pico", "espeak": "eSpeak"}
_TAKES_IPA = frozenset({"kokoro"})


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: engine and voice are chosen here, so that a plan says them and a key holds them."""
    language = str(fields.get("language") or "en")
    engine = _engine(language)
    params = {
        "text": fields["text"],
        "engine": engine,
        "voice": _voice(engine, language, fields),
        "language": language,
        "seconds": fields.get("seconds"),
        "speed": (fields.get("settings") or {}).get("speed"),
        "speed_up": None if isinstance(fields["text"], str) else DRAFT_SPEED_UP,
        "pronunciations": _pronunciations(engine, fields) or None,
    }
    return {
        name: value for name, value in params.items() if value is not None and (name, value) != ("speed", 1)
    }


def note(fields: Mapping[str, Any]) -> str | None:
    """Sentences for the plan on how a request's voice was mapped; None when it is the one asked for."""
    return "; ".join(_notes(fields)) or None


def _notes(fields: Mapping[str, Any]) -> list[str]:
    params = body(fields)
    engine, voice = params["engine"], params.get("voice")
    asked, character, told = fields.get("voice"), fields.get("character") or {}, []
    if engine == "silence" or asked != voice:
        who = f"voice {asked}" if asked else f"voice of {character.get('name') or 'the narrator'}"
        told.append(f"{who} → {_spoken_by(engine, voice, params['language'])}")
    cast = fields.get("cast")
    voices = _voices(engine, params["language"], cast)
    if cast and voices and voices.index(voice) < int(fields["position"]):
        told.append(f"the same voice as {cast.people[voices.index(voice)].name}")
    given = fields.get("pronunciations") or {}
    if engine != "silence" and engine not in _TAKES_IPA and any(map(is_ipa, given.values())):
        told.append(f"{_NAMES[engine]} takes respellings, not sounds between slashes")
    return told


def make(job: Job) -> Made:
    """Speaks the line inside its window and times its words.

    Raises TextTooLong when the line doesn't fit at 1.15 × its speed (1.6 × for the draft's own words),
    TaskFailed when it is empty.
    """
    from adcli.media import speech as sound
    from adcli.media.synth import RATE

    spoken = _speak(job.params)
    level = sound.leveled(spoken.speech.samples, spoken.speech.rate)
    samples = sound.upsampled(level, RATE // spoken.speech.rate)
    words = sound.settled(spoken.speech.words, len(samples) / RATE)
    path = job.workdir / "voice.wav"
    sound.write_wav(path, samples)
    silent = not bool(samples.any())
    audio = File(path, "audio/wav", {"seconds": len(samples) / RATE, "silent": silent})
    return Made({"audio": audio, "words": sound.words_json(words)}, notes=spoken.notes)


def _pronunciations(engine: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """Those of the campaign that this line may need: a text that isn't written yet may need any."""
    given: Mapping[str, str] = fields.get("pronunciations") or {}
    text = fields["text"]
    used = needed(text, given) if isinstance(text, str) else dict(given)
    return {} if engine == "silence" else _taken(engine, used)


def _taken(engine: str, pronunciations: Mapping[str, str]) -> dict[str, str]:
    takes_ipa = engine in _TAKES_IPA
    return {word: said for word, said in pronunciations.items() if takes_ipa or not is_ipa(said)}


def _engine(language: str) -> str:
    """The best engine here that speaks a language."""
    from adcli.providers.local import espeak, pico

    if base(language) == "en":
        return "kokoro"
    if base(language) in _PICO_LOCALES and pico.is_installed():
        return "pico"
    return "espeak" if espeak.voice_of(language) and espeak.is_installed() else "silence"


def _locale(engine: str, language: str) -> str:
    from adcli.providers.local import espeak

    return _PICO_LOCALES[base(language)] if engine == "pico" else str(espeak.voice_of(language))


def _voice(engine: str, language: str, fields: Mapping[str, Any]) -> str | None:
    voices = _voices(engine, language, fields.get("cast"))
    if voices:
        return voices[int(fields["position"])]
    asked, character = fields.get("voice"), fields.get("character") or {}
    match engine:
        case "kokoro":
            return kokoro_voice(asked, character, language)
        case "silence":
            return None
        case _:
            return other_voice(engine, asked, character, _locale(engine, language))


def _voices(engine: str, language: str, cast: Cast | None) -> tuple[str, ...]:
    """Who speaks for each of the campaign's characters; empty where nobody does, or it names none."""
    if cast is None or engine == "silence":
        return ()
    if engine == "kokoro":
        return kokoro_voices(cast, language)
    return other_voices(engine, cast, _locale(engine, language))


def _spoken_by(engine: str, voice: str | None, language: str) -> str:
    from adcli.providers.local import espeak

    if engine in _NAMES:
        return f"{_NAMES[engine]} {voice}"
    known = espeak.voice_of(language) and not espeak.is_installed()
    hint = " (adcli[espeak] brings one)" if known else ""
    return f"timed silence, as no voice here can read this in {language}{hint}"


@dataclass(frozen=True, slots=True)
class _Spoken:
    speech: Speech
    notes: tuple[str, ...]


def _speak(params: Mapping[str, Any]) -> _Spoken:
    """The line by the planned engine, or by the next one that works."""
    from adcli.providers.local import espeak, kokoro, pico

    text, language = str(params["text"]), str(params.get("language") or "en")
    if not text.split():
        raise TaskFailed("the line to speak is empty", hint="give the scene a voiceover, or leave it out")
    own: Mapping[str, str] = params.get("pronunciations") or {}
    notes: list[str] = []
    for engine, voice in _chain(params, Reading.of(text, language, own), language):
        reading = Reading.of(text, language, _taken(engine, own))
        try:
            speech, speed_up = _fitted(_engine_of(engine, voice, reading), params)
        except (kokoro.KokoroMissing, pico.PicoMissing, espeak.EspeakMissing) as error:
            notes.append(f"{engine} can't be used: {error}")
            continue
        notes.append(f"voice: {_spoken_by(engine, voice, language)}")
        if speed_up > 1:
            notes.append(f"spoken {speed_up:.2f} × faster to fit its {params['seconds']:g} s")
        return _Spoken(speech, tuple(notes))
    raise AssertionError("silence always works")


def _chain(params: Mapping[str, Any], reading: Reading, language: str) -> list[tuple[str, str | None]]:
    """Engines with their voices: the planned one, those that stand in for it, silence."""
    engine, voice = str(params.get("engine") or _engine(language)), params.get("voice")
    latin = latin_share(" ".join(reading.shown)) > 0.5
    chain: list[tuple[str, str | None]] = []
    if engine == "kokoro" and latin:
        voice = voice or kokoro_voice(None, {}, language)
        locale = "en-GB" if voice.startswith("b") else "en-US"
        chain = [("kokoro", voice), ("pico", other_voice("pico", voice, {}, locale))]
    elif engine == "espeak" or (engine == "pico" and latin):
        chain = [(engine, voice)]
    return [*(chain if reading.is_heard else []), ("silence", None)]


def _engine_of(engine: str, voice: str | None, reading: Reading) -> Callable[[float], Speech]:
    from adcli.providers.local import espeak, kokoro, pico, silence

    match engine:
        case "kokoro":
            return lambda speed: _timed(reading, kokoro.synthesize(reading, str(voice), speed))
        case "pico":
            return lambda speed: _timed(reading, pico.synthesize(reading, str(voice), speed))
        case "espeak":
            return lambda speed: _timed(reading, espeak.synthesize(reading, str(voice), speed))
        case _:
            return lambda speed: _timed(reading, silence.synthesize(reading, speed))


def _timed(reading: Reading, speech: Speech) -> Speech:
    return replace(speech, words=reading.timed(speech.words))


def _fitted(say: Callable[[float], Speech], params: Mapping[str, Any]) -> tuple[Speech, float]:
    """The trimmed line inside its window, and how much faster than asked it is."""
    from adcli.media.speech import cut_tail, too_long, trimmed

    rate, most = float(params.get("speed") or 1.0), float(params.get("speed_up") or SPEED_UP)
    window = params.get("seconds")
    speech = trimmed(say(rate))
    if window is None:
        return speech, 1.0
    factor = 1.0
    while True:
        fitted = cut_tail(speech, window)
        if fitted:
            return fitted, factor
        needed_factor = factor * speech.seconds / window
        if factor >= most or needed_factor > most * 1.05:
            raise too_long(speech, window, most / factor)
        factor = min(most, max(needed_factor * 1.01, factor + 0.02))
        speech = trimmed(say(rate * factor))
