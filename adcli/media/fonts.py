"""The fonts that text is set in: each with others that stand in for the glyphs it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from adcli.media import scripts
from adcli.media.faces import FOLDER, Face, stand_ins

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

__all__ = ["BLACK", "FOLDER", "SEMIBOLD", "Font"]


@dataclass(frozen=True, slots=True)
class Font:
    """A font for text of any script: its own file, the name that libass finds it by, and stand-ins."""

    name: str
    file: str

    @property
    def path(self) -> Path:
        """Where its own file lies."""
        return FOLDER / self.file

    @property
    def face(self) -> Face:
        """Its own file's face."""
        return Face(self.name, self.path)

    @property
    def others(self) -> tuple[Face, ...]:
        """The faces that stand in for it, of about its weight."""
        return _others(self.file)

    def sized(self, pixels: float) -> FreeTypeFont:
        """Its own face for measuring and drawing at an em of so many pixels."""
        return self.face.sized(pixels)

    def ass_size(self, pixels: float) -> float:
        """The ``\\fs`` of an em of so many pixels."""
        return self.face.ass_size(pixels)

    def runs(self, text: str, leftward: bool | None = None) -> tuple[scripts.Run, ...]:
        """A line's parts from left to right, each with the face that draws it.

        ``leftward`` is the direction of the text that the line is part of; by default its own.
        """
        return scripts.runs(text, self.face, self.others, leftward)

    def width(self, text: str, pixels: float) -> float:
        """Width of a line in pixels, whatever its scripts, as it is drawn."""
        return sum(run.width(pixels) for run in self.runs(text))

    def missing(self, text: str) -> str:
        """Characters that neither it nor a stand-in has a glyph for, each once; spaces never count."""
        return scripts.missing(text, self.face, self.others)

    def drawable(self, text: str) -> str:
        """A text without the characters that can't be drawn."""
        return scripts.drawable(text, self.face, self.others)


BLACK = Font("Montserrat Black", "Montserrat_900Black.ttf")
SEMIBOLD = Font("Montserrat SemiBold", "Montserrat_600SemiBold.ttf")


@cache
def _others(file: str) -> tuple[Face, ...]:
    return stand_ins(heavy="600" not in file)
