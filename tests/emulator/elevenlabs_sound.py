"""What the emulated ElevenLabs hears and says: sounds by their bytes, times of words, multipart forms."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from email.message import Message
from email.parser import HeaderParser
from typing import Any

import av

from tests.emulator.media import Spoken

_UNKNOWN = "somebody says something"


def alignment(spoken: Spoken) -> dict[str, Any]:
    """Times of a text's characters as three lists."""
    return {
        "characters": [character for character, _, _ in spoken.characters],
        "character_start_times_seconds": [start for _, start, _ in spoken.characters],
        "character_end_times_seconds": [end for _, _, end in spoken.characters],
    }


class Ears:
    """Knows every speech that this service has made by its bytes, and guesses at others."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Spoken]] = {}

    def remember(self, text: str, spoken: Spoken) -> None:
        """It will be recognized."""
        self._known[hashlib.sha256(spoken.sound).hexdigest()] = (text, spoken)

    def characters(self, sound: bytes, text: str | None = None) -> list[tuple[str, float, float]]:
        """Each character of what is said, or of ``text``, with its start and end."""
        known = self._known.get(hashlib.sha256(sound).hexdigest())
        if known and text in (None, known[0]):
            return list(known[1].characters)
        said = text or _UNKNOWN
        each = seconds_of(sound) / len(said)
        return [(sign, round(at * each, 3), round((at + 1) * each, 3)) for at, sign in enumerate(said)]


def seconds_of(sound: bytes) -> float:
    """Length of a sound file."""
    with av.open(io.BytesIO(sound), "r") as container:
        return sum((frame.samples / frame.sample_rate for frame in container.decode(audio=0)), 0.0)


def words(characters: list[tuple[str, float, float]]) -> list[dict[str, Any]]:
    """Words and the spaces between them, as transcripts list them."""
    found: list[dict[str, Any]] = []
    for sign, start, end in characters:
        kind = "spacing" if sign.isspace() else "word"
        if found and found[-1]["type"] == kind:
            found[-1] |= {"text": found[-1]["text"] + sign, "end": end}
        else:
            found.append({"text": sign, "start": start, "end": end, "type": kind, "logprob": -0.1})
    return found


def form(content_type: str, body: bytes) -> Mapping[str, Any]:
    """Fields of a multipart body: text, or bytes where a file name stands."""
    whole = Message()
    whole["Content-Type"] = content_type
    boundary = whole.get_boundary()
    found: dict[str, Any] = {}
    for part in body.split(f"--{boundary}".encode())[1:-1] if boundary else ():
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        fields = HeaderParser().parsestr(head.decode(errors="replace"))
        name = fields.get_param("name", header="content-disposition")
        data = data.removesuffix(b"\r\n")
        found[str(name)] = data if fields.get_filename() else data.decode()
    return found
