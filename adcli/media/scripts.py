"""Text of mixed scripts, taken apart into runs: each of one direction and of a face that has its glyphs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

from adcli.media import bidi, emoji
from adcli.media.faces import EMOJI, Face

_JOINERS = "\u200c\u200d"
_ONE_FACE = (("\u0600", "\u077f"), ("\u0370", "\u03ff"))
"""Arabic and Greek: letters of two faces would not join, or look like a ransom note within a word."""
_MIRRORED = dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True))


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one font and one direction; an emoji is a run of its own, and has layers."""

    text: str
    face: Face
    backwards: bool = False
    layers: tuple[emoji.Layer, ...] = ()

    def width(self, pixels: float) -> float:
        """Pixels that it takes, shaped, at an em of so many pixels."""
        return float(self.face.sized(pixels).getlength(self.text, direction=self.direction))

    @property
    def direction(self) -> str | None:
        """What Pillow has to be told to set it; None where it can't be told."""
        return ("rtl" if self.backwards else "ltr") if can_shape() else None


@cache
def can_shape() -> bool:
    """Whether Pillow can join and reorder letters: its wheels do it with the system's libfribidi."""
    from PIL import features

    return bool(features.check("raqm"))


def needs_shaping(text: str) -> bool:
    """It has letters that join, change places or run to the left."""
    return not bidi.is_simple(text) or any(
        "\u0900" <= mark <= "\u0dff" or "\u1000" <= mark <= "\u109f" or "\u1780" <= mark <= "\u17ff"
        for mark in text
    )


def clusters(text: str) -> Iterator[str]:
    """What readers take for single characters: a letter with its marks, a whole emoji."""
    start = 0
    while start < len(text):
        found = emoji.at(text, start)
        end = start + len(found or text[start])
        while end < len(text) and _continues(text, start, end):
            end += 1
        yield text[start:end]
        start = end


def _continues(text: str, start: int, end: int) -> bool:
    """A mark, an invisible character, or a letter that a joiner or an Indic virama ties to the one before."""
    mark, before = text[end], text[end - 1]
    if unicodedata.category(mark) in {"Mn", "Me", "Mc", "Cf"}:
        return True
    tied = before == _JOINERS[1] or unicodedata.combining(before) == 9
    return tied and end > start and unicodedata.category(mark) == "Lo"


@lru_cache(4096)
def runs(text: str, face: Face, others: tuple[Face, ...], leftward: bool | None = None) -> tuple[Run, ...]:
    """A line's runs from left to right; characters that no face has are left out.

    ``face`` draws what it can, ``others`` are asked in their order for the rest. ``leftward`` is the
    direction of the text that the line is part of; by default its own.
    """
    shown = _cohering(list(_shown(text, face, others)), (face, *others))
    line = "".join(cluster for cluster, _ in shown)
    depths, start = [], 0
    every = bidi.levels(line, leftward)
    for cluster, _ in shown:
        depths.append(every[start])
        start += len(cluster)
    pieces: list[tuple[Run, int]] = []
    for _, group in groupby(range(len(shown)), lambda n: _kind(n, shown[n], depths[n])):
        places = list(group)
        text, owner, depth = "".join(shown[n][0] for n in places), shown[places[0]][1], depths[places[0]]
        layers = emoji.layers(text) if owner is EMOJI else ()
        marks = "".join(layer.mark for layer in layers)
        pieces.append((Run(marks or text, owner, depth % 2 == 1 and not layers, layers), depth))
    return tuple(pieces[n][0] for n in bidi.visual([depth for _, depth in pieces]))


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _kind(place: int, part: tuple[str, Face], depth: int) -> tuple[object, ...]:
    owner = part[1]
    return (place,) if owner is EMOJI else (owner, depth)


def _visible(cluster: str) -> str:
    """A cluster's characters that need a glyph: not joiners, selectors and marks of direction."""
    return "".join(c for c in cluster if not _invisible(c))


def _invisible(mark: str) -> bool:
    return unicodedata.category(mark) == "Cf" or "\ufe00" <= mark <= "\ufe0f" or mark == "\u034f"


def _owner(cluster: str, face: Face, others: tuple[Face, ...]) -> Face | None:
    """The first face with glyphs for a whole cluster; None when there is none."""
    seen = _visible(cluster)
    if not seen or cluster.isspace():
        return face
    if emoji.at(cluster, 0):
        return EMOJI if emoji.layers(cluster) else None
    owner = next((owner for owner in (face, *others) if owner.has(seen)), None)
    return owner or (EMOJI if emoji.layers(cluster) else None)


def _cohering(parts: list[tuple[str, Face]], faces: tuple[Face, ...]) -> list[tuple[str, Face]]:
    """Spaces go to the run before them; Arabic and Greek words to one face that has all their letters."""
    made: list[tuple[str, Face]] = []
    for cluster, owner in parts:
        last = made[-1][1] if made else owner
        made.append((cluster, last if cluster.isspace() and last.has(" ") and last is not EMOJI else owner))
    start = 0
    for word, group in groupby(made, lambda part: not part[0].isspace()):
        end = start + len(list(group))
        for low, high in _ONE_FACE if word else ():
            letters = [n for n in range(start, end) if low <= made[n][0][0] <= high]
            if len({made[n][1] for n in letters}) > 1:
                text = _visible("".join(made[n][0] for n in letters))
                whole = next((face for face in faces if face.has(text)), None)
                for n in letters if whole else ():
                    made[n] = (made[n][0], whole or made[n][1])
        start = end
    return made


def missing(text: str, face: Face, others: tuple[Face, ...]) -> str:
    """Characters of a text that no face has a glyph for, each once; spaces and joiners never count."""
    if face.has("".join(text.split())):
        return ""
    gone = [c for c in clusters(_clean(text)) if _owner(c, face, others) is None]
    lost = (mark for cluster in gone for mark in _lost(cluster, face, others))
    return "".join(dict.fromkeys(lost))


def _lost(cluster: str, face: Face, others: tuple[Face, ...]) -> str:
    """What of a cluster is to blame: the characters without a glyph, or all that no single face unites."""
    alone = "".join(mark for mark in _visible(cluster) if not any(o.has(mark) for o in (face, *others)))
    return alone or _visible(cluster)


def drawable(text: str, face: Face, others: tuple[Face, ...]) -> str:
    """A text without the characters that no face has a glyph for."""
    return "".join(cluster for cluster, _ in _shown(text, face, others))


def _shown(text: str, face: Face, others: tuple[Face, ...]) -> Iterator[tuple[str, Face]]:
    """Clusters with the face that draws each; of a letter with marks that no face has, the letter alone."""
    for cluster in clusters(_clean(text)):
        for part in (cluster, cluster[0]):
            if owner := _owner(part, face, others):
                yield part, owner
                break


def mirrored(text: str) -> str:
    """Signs without a direction of their own as they stand in a line that runs to the left."""
    return "".join(_MIRRORED.get(mark, mark) for mark in reversed(list(clusters(text))))


def has_direction(text: str) -> bool:
    """It holds a letter that itself runs to the left."""
    return any(unicodedata.bidirectional(mark) in {"R", "AL"} for mark in text)
