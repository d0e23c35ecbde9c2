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
    from adcli.media.caption_look import Look
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
    from adcli.media.captions import add_captions
    from adcli.media.subtitles import Document

    words = [word for word in _words(film, settings) if word.end > 0 and word.start < film.seconds]
    if not words:
        raise TaskFailed(
            f"there are no words to write within {film.seconds:.2f} s", hint="give another text or file"
        )
    film.note_missing("".join(word.text for word in words))
    document = Document(film.size, film.seconds)
    film.notes += add_captions(document, words, film.frame, _look(film, settings))
    film.write(document)


def _words(film: Film, settings: Given) -> list[Word]:
    """All words that can be drawn, by the film's times."""
    from adcli.media.caption_words import Word
    from adcli.media.film_words import over_speech, read_subtitles

    if settings.file is not None:
        found = read_subtitles(Path(settings.file))
    elif settings.text is not None:
        found = over_speech(settings.text, film.sound.raw(), film.seconds)
    else:
        found = [
            Word(str(row["text"]), float(row["start"]) + line.start, float(row["end"]) + line.start)
            for line in settings.lines
            for row in json.loads(line.words)
        ]
    font = film.fonts.display
    drawn = (Word(font.drawable(word.text), max(0.0, word.start), word.end) for word in found)
    return [word for word in drawn if word.text.strip()]


def _look(film: Film, settings: Settings) -> Look:
    from adcli.media.caption_look import Look

    return Look(
        settings.font_size * film.frame.unit,
        settings.active_color,
        settings.inactive_color,
        settings.position,
        settings.bounce_scale if settings.bounce else 1.0,
        film.fonts.display,
        settings.style,
        settings.max_words,
        settings.max_lines,
        film.fonts.text,
    )
