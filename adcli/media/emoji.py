"""Emoji in text: what counts as one, and the coloured shapes that it is laid of."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from adcli.media.faces import FOLDER

_TABLE, _FIRST = FOLDER / "emoji.json", 0xF0000
"""Emoji → its shapes from the back: ``number:rrggbb`` in hex, and a digit of opacity where it is not full."""

_JOINER, _AS_PICTURE, _AS_TEXT, _KEYCAP = "\u200d", "\ufe0f", "\ufe0e", "\u20e3"
_TONES = "\U0001f3fb-\U0001f3ff"
_PICTURE = (
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2300-\u23ff\u2b00-\u2bff"
    "\u25a0-\u25ff\u2190-\u21ff\u2900-\u297f\u3030\u303d\u3297\u3299\u203c\u2049\u2122\u2139\u00a9\u00ae\u24c2"
)
_ONE = f"[{_PICTURE}][{_TONES}{_AS_PICTURE}]*(?:[\U000e0020-\U000e007f]+)?"
_CLUSTER = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]{_AS_PICTURE}?{_KEYCAP}|{_ONE}(?:{_JOINER}{_ONE})*|[{_TONES}]"
)
_SEX = re.compile(f"{_JOINER}[\u2640\u2642]")
_SIGNS = "©®™"  # written with a selector or without, they belong to the words beside them
_DRESSING = re.compile(f"[{_TONES}{_AS_PICTURE}\U000e0020-\U000e007f]")
_COLOURED_BY_DEFAULT = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)
"""Characters below U+1F000 that are emoji without a variation selector (Unicode: Emoji_Presentation)."""


class Layer(NamedTuple):
    """One shape: its character in the font ``faces.EMOJI``, its colour as ``#rrggbb``, its opacity.

    All but an emoji's last character are of no width, so that they come to lie upon each other.
    """

    mark: str
    colour: str
    alpha: float


def at(text: str, start: int) -> str:
    """The emoji, however many characters it has, that begins at a place in a text; empty if none does."""
    found = _CLUSTER.match(text, start)
    if not found or text[found.end() : found.end() + 1] == _AS_TEXT:
        return ""
    cluster = found.group()
    first = cluster[0]
    if first in _SIGNS:
        return ""
    if len(cluster) > 1 or first >= "\U0001f000" or first in _COLOURED_BY_DEFAULT:
        return cluster
    return ""


def plain(cluster: str) -> str:
    """An emoji without skin tone, variation selectors and tags."""
    return _DRESSING.sub("", cluster) or cluster


def layers(cluster: str) -> tuple[Layer, ...]:
    """The shapes of an emoji from back to front; none for one that adcli doesn't know.

    Of people with a sex or a trade of their own there may be the person only.
    """
    known = plain(cluster)
    for name in (known, _SEX.sub("", known), known.split(_JOINER)[0]):
        if name in _table():
            return tuple(_layer(row) for row in _table()[name].split())
    return ()


def _layer(row: str) -> Layer:
    number, colour = row.split(":")
    alpha = int(colour[6:], 16) / 15 if colour[6:] else 1.0
    return Layer(chr(_FIRST + int(number, 16)), f"#{colour[:6]}", alpha)


@cache
def _table() -> Mapping[str, str]:
    made: Mapping[str, str] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return made
