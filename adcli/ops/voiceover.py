"""Operation ``voiceover``: a voice over the video, from a file or spoken from a text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from adcli.errors import TaskFailed
from adcli.ops._base import MASTERED, Moment
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Expected, Line, Speech
from adcli.units import FPS

if TYPE_CHECKING:
    from adcli.media.film import Film

_SPARE = 0.1


class Settings(Model):
    """What is said, when, and what is heard of the video's own sound."""

    text: Annotated[
        Speech | None, Field(description="What is said: spoken by the voice of the campaign.")
    ] = None
    file: Annotated[AssetPath | None, Field(description="A recorded voice, in place of a text.")] = None
    voice: Annotated[
        Line | None, Field(description="Who speaks the text; the character's own by default.")
    ] = None
    start: Annotated[Moment, Field(description="Seconds at which it starts.")] = 0.0
    keep_sound: Annotated[
        bool, Field(description="Keep the video's own sound under the voice; else it goes.")
    ] = True

    @model_validator(mode="after")
    def _one_source(self) -> Settings:
        if (self.text is None) == (self.file is None):
            raise Expected("either text or file")
        return self


class Given(Settings):
    """With the spoken text and its words."""

    audio: str | None = None
    words: str | None = None


SPEC = OpSpec(
    "voiceover",
    1,
    "Speak a text over the video, or lay a recorded voice over it",
    Settings,
    {"file": "sound"},
    "voice",
)


def apply(film: Film, settings: Given) -> None:
    """The voice is levelled, the video's sound lies under it; raises TaskFailed for too long a voice."""
    from adcli.media import audio
    from adcli.media.film_source import heard

    path = settings.file or settings.audio
    if path is None:
        raise TaskFailed(
            "nobody has spoken the voice-over's text", hint="give a file, or run it as a campaign"
        )
    voice, start = heard(Path(path), "the voice-over"), film.moment(settings.start, "the voice-over's start")
    end = start / FPS + voice.seconds
    if end > film.seconds + _SPARE:
        raise TaskFailed(
            f"the voice-over ends at {end:.2f} s, but the video lasts {film.seconds:.2f} s there",
            hint=f"cut its text, start it earlier, or let the video last {end:.1f} s",
        )
    sound = film.sound
    if not sound.speak(audio.Line(voice.path, start / FPS), keep=settings.keep_sound):
        raise TaskFailed(f"nothing is heard in {voice.path.name}", hint="give a recording of a voice")
    sound.target = MASTERED if sound.target is None else sound.target
