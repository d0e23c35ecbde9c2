"""Operation ``captions``: writes what is spoken into the picture, word by word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from adcli.errors import TaskFailed
from adcli.registry import OpSpec
from adcli.spec.look import Captions
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Expected, Speech

if TYPE_CHECKING:
    from adcli.media.caption_words import Word
    from adcli.media.film import Film


class Settings(Captions):
    """Where the words come from, and how they look."""

    file: Annotated[AssetPath | None, Field(description="An SRT or WebVTT file with the words.")] = None
    text: Annotated[
        Speech | None, Field(description="The words that are spoken; they are spread over the speech.")
    ] = None

    @model_validator(mode="after")
    def _one_source(self) -> Settings:
        if self.file is not None and self.text is not None:
            raise Expected("either file or text")
        return self


class Said(Model):
    """Words as a voice gives them, and the seconds of the film at which they begin."""

    words: str
    start: float


class Given(Settings):
    """With what is spoken, where somebody knows it."""

    lines: Annotated[tuple[Said, ...], Field(strict=False)] = ()


SPEC = OpSpec(
    "captions",
    1,
    "Write what is spoken into the picture, word by word",
    Settings,
    {"file": "subtitles"},
    "transcribe",
)


def apply(film: Film, settings: Given) -> None:
    """Inside the platform's zone; raises TaskFailed where there are no words, or none within the film."""
    from adcli.media.caption_words import Word
    from adcli.media.captions import add_captions, drawn_as, drawn_with, look_of
    from adcli.media.subtitles import Document

    look = look_of(settings.model_dump(), film.frame, film.fonts)
    font, said = drawn_with(look), [word for word in _words(film, settings) if word.start < film.seconds]
    words = [Word(font.drawable(word.text), word.start, word.end) for word in said]
    words = [word for word in words if word.text.strip()]
    if not words:
        raise TaskFailed(
            f"there are no words to write within {film.seconds:.2f} s", hint="give another text or file"
        )
    film.note_missing("".join(drawn_as(word.text, look) for word in said), font)
    document = Document(film.size, film.seconds)
    film.notes += add_captions(document, words, film.frame, look)
    film.write(document)


def _words(film: Film, settings: Given) -> list[Word]:
    """All words by the film's times."""
    from adcli.media.caption_words import Word
    from adcli.media.film_words import over_speech, read_subtitles

    if settings.file is not None:
        return read_subtitles(Path(settings.file))
    if settings.text is not None:
        return over_speech(settings.text, film.sound.raw(), film.seconds)
    return [
        Word(str(row["text"]), float(row["start"]) + line.start, float(row["end"]) + line.start)
        for line in settings.lines
        for row in json.loads(line.words)
    ]
