"""What adcli sends to OpenAI of a call, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from openai.types.audio.speech_create_params import SpeechCreateParams
from openai.types.audio.transcription_create_params import TranscriptionCreateParamsBase

from adcli.errors import OutcomeUnknown, Rejected
from adcli.providers._base import Call, Usage
from adcli.providers._http import Answer
from adcli.providers._lines import Heard, Line
from adcli.providers._openai_errors import NAME
from adcli.providers._word_times import timed_by_sound
from adcli.work import Artifact

_OURS = frozenset({"pronunciations", "text"})
"""Fields of a body that the service never sees."""
_FORMATS = {"voice": ("wav", "mp3", "flac", "opus"), "transcribe": ("verbose_json", "json")}
"""Those that say in their own bytes what they are; and those that hold a text with its times."""
_NEVER = {
    "stream": "an answer is taken whole",
    "stream_format": "an answer is taken whole",
    "timestamp_granularities": "captions need the times of words",
}
_SUFFIXES = {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/webm": "webm",
}


def check_fields(stage: str, model: str, body: Mapping[str, Any]) -> None:
    """Rejected for a field that the service doesn't take, or that adcli can't let it have."""
    params = SpeechCreateParams if stage == "voice" else TranscriptionCreateParamsBase
    known = sorted(set(get_type_hints(params)) - _NEVER.keys())
    for name, value in body.items():
        if name in _OURS or name in known or (name, value) == ("timestamp_granularities", ["word"]):
            continue
        if name in _NEVER:
            raise Rejected(
                NAME, f"{name} can't be set: {_NEVER[name]}", hint=f"take it out of models.{stage}"
            )
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise Rejected(NAME, f"{model} takes no {name!r}", hint=f"{hint}it takes {', '.join(known)}")
    form = body.get("response_format")
    if form not in _FORMATS[stage]:
        hint = f"take one of {', '.join(_FORMATS[stage])}"
        raise Rejected(NAME, f"response_format {form!r} can't be used", hint=hint)


def fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it is sent."""
    return {name: value for name, value in body.items() if name not in _OURS}


def line_of(call: Call) -> Line:
    """The words of a voice call and what is sent of them."""
    return Line.of(str(call.body["input"]), call.body.get("pronunciations"))


def sound_of(answer: Answer) -> bytes:
    """The sound of an answer; OutcomeUnknown when there is none: it was paid for all the same."""
    if not answer.content or answer.headers.get("content-type", "").startswith(("text/", "application/json")):
        raise OutcomeUnknown(NAME, "the answer holds no sound")
    return whole_wav(answer.content)


def whole_wav(data: bytes) -> bytes:
    """A WAV that was written as it was spoken says in its head that it never ends: with its true sizes."""
    at = data.find(b"data", 12, 4096)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE" or at < 0:
        return data
    if int.from_bytes(data[at + 4 : at + 8], "little") <= len(data) - at - 8:
        return data
    size = (len(data) - at - 8).to_bytes(4, "little")
    return b"RIFF" + (len(data) - 8).to_bytes(4, "little") + data[8 : at + 4] + size + data[at + 8 :]


def estimated(line: Line, path: Path, folder: Path) -> str:
    """The ``words`` output of a sound of which no word's time is known."""
    return timed_by_sound(line.words, line.said, path, folder)


def sent_file(sound: Artifact) -> tuple[str, bytes, str]:
    """The sound of a transcript, with a name by which the service knows its form."""
    return f"audio.{_SUFFIXES.get(sound.media_type, 'mp3')}", sound.path.read_bytes(), sound.media_type


def transcribed(answer: Answer, call: Call, sound: Artifact, folder: Path) -> tuple[str, str]:
    """What was heard, and its words with their times; a text that was known keeps its own words."""
    text = answer.fields.get("text")
    if not isinstance(text, str):
        raise OutcomeUnknown(NAME, "the answer holds no text")
    known = call.body.get("text")
    line = Line.of(known if isinstance(known, str) and known.split() else text)
    heard, length = _heard(answer), _seconds(sound, answer)
    if heard is None or length is None:
        return " ".join(text.split()), estimated(line, sound.path, folder)
    from adcli.media.speech import Word, settled, words_json

    timed = [Word(word, start, end) for word, start, end in line.timed(heard, length)]
    return " ".join(text.split()), words_json(settled(timed, length))


def usage_of(answer: Answer) -> Usage:
    """Seconds of sound, or tokens: whatever the service bills by, where it says so."""
    usage = answer.fields.get("usage")
    counts = usage if isinstance(usage, Mapping) else {}
    named = {"seconds": "seconds", "input_tokens": "read_tokens", "output_tokens": "written_tokens"}
    found = {ours: counts.get(theirs) for theirs, ours in named.items()}
    return {name: float(count) for name, count in found.items() if isinstance(count, int | float)}


def _heard(answer: Answer) -> Heard | None:
    """Words in their order, with their times; None where they can't be used."""
    rows = answer.fields.get("words")
    try:
        tokens = [(str(row["word"]), float(row["start"]), float(row["end"])) for row in rows or ()]
    except (TypeError, KeyError, ValueError):
        return None
    is_rising = all(start <= end for _, start, end in tokens) and tokens == sorted(
        tokens, key=lambda row: row[1]
    )
    return Heard.of_tokens(tokens) if tokens and is_rising else None


def _seconds(sound: Artifact, answer: Answer) -> float | None:
    found = sound.meta.get("duration", sound.meta.get("seconds", answer.fields.get("duration")))
    return float(found) if isinstance(found, int | float) else None
