"""Titles of films: at any time, and at the top, the middle or the bottom of the zone."""

from __future__ import annotations

from dataclasses import dataclass

from adcli.media.colour import WHITE, parse
from adcli.media.film import Film
from adcli.media.layout import Box, Frame
from adcli.media.lettering import leading
from adcli.media.packshot_tones import face
from adcli.media.subtitles import Document
from adcli.media.title import LINE_HEIGHT, Dress, add_title, fitted


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in the box, in its kind (``title`` or ``overlay``), its seconds, place and colour."""

    text: str
    kind: str
    start: float
    end: float
    position: str
    color: str


@dataclass(frozen=True, slots=True)
class _Lowered(Frame):
    """A frame whose zone begins further down."""

    top: float = 0.0

    @property
    def zone(self) -> Box:
        zone = Frame(self.ratio, self.size, self.platform).zone
        return Box(zone.left, self.top, zone.right, zone.bottom)


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
    frame = _frame(film, text, dress)
    add_title(document, text.text, text.end - text.start, frame, text.kind, dress)
    film.write(document)


def _frame(film: Film, text: Text, dress: Dress) -> Frame:
    """The film's, with the top of its zone where the box begins."""
    frame = film.frame
    if text.position == "top":
        return frame
    pixels, lines = fitted(text.text, frame, text.kind, dress.font)
    height, zone = len(lines) * leading(lines, LINE_HEIGHT) * pixels, frame.zone
    free = max(0.0, zone.height - height)
    top = zone.top + (free if text.position == "bottom" else free / 2)
    return _Lowered(frame.ratio, frame.size, frame.platform, top)
