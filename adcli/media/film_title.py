"""Titles of films: at any time, and at the top, the middle or the bottom of the zone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adcli.media.colour import WHITE, parse
from adcli.media.film import Film
from adcli.media.packshot_tones import face
from adcli.media.subtitles import Document, TextBox
from adcli.media.title import Dress, add_title


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in the box, in its kind (``title`` or ``overlay``), its seconds, place and colour."""

    text: str
    kind: str
    start: float
    end: float
    position: str
    color: str


@dataclass(slots=True)
class _Later(Document):
    """A document whose times count from ``start`` seconds of the film."""

    start: float = 0.0

    def add(self, start: float, end: float, style: str, text: str, layer: int = 0) -> None:
        whole = Document(self.size, self.start + self.seconds)
        whole.add(start + self.start, end + self.start, style, text, layer)
        self.events += whole.events


def write_title(film: Film, text: Text) -> None:
    """Burns it in."""
    dress, colour = Dress(font=film.fonts.display), parse(text.color)
    if colour is not None and colour != WHITE:
        pair = face(colour)
        dress = Dress(pair.face.hex, pair.ink.hex, film.fonts.display)
    document = _Later(film.size, film.seconds - text.start, start=text.start)
    until, earlier = text.end - text.start, [_from(text.start, box) for box in film.texts]
    document.boxes = [box for box in earlier if box.end > 0]
    known = len(document.boxes)
    film.notes += add_title(document, text.text, until, film.frame, text.kind, dress, text.position)
    document.boxes = document.boxes[known:]
    film.write(document, text.start)


def _from(start: float, box: TextBox) -> TextBox:
    """A box by times that count from ``start``."""
    return replace(box, start=box.start - start, end=box.end - start)
