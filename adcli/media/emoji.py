"""Emoji in text: what counts as one, the plain form that our fonts know, and pictures of them in colour."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import TYPE_CHECKING

from adcli.media.faces import FOLDER

if TYPE_CHECKING:
    from PIL.Image import Image

SPRITES = FOLDER / "emoji.zip"
"""Noto Color Emoji as pictures, each named by its code points in hex: ``1f1e9-1f1ea.webp``."""

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
_DRESSING = re.compile(f"[{_TONES}{_AS_PICTURE}\U000e0020-\U000e007f]")
_COLOURED_BY_DEFAULT = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)
"""Characters below U+1F000 that are emoji without a variation selector (Unicode: Emoji_Presentation)."""


_HEARTS = frozenset("🧡💛💚💙💜🖤🤍🤎🩷🩵🩶")


def at(text: str, start: int) -> str:
    """The emoji, however many characters it has, that begins at a place in a text; empty if none does."""
    found = _CLUSTER.match(text, start)
    if not found or text[found.end() : found.end() + 1] == _AS_TEXT:
        return ""
    cluster = found.group()
    first = cluster[0]
    if len(cluster) > 1 or first >= "\U0001f000" or first in _COLOURED_BY_DEFAULT:
        return cluster
    return ""


def plain(cluster: str) -> str:
    """An emoji without skin tone, variation selectors and tags: as fonts know it."""
    return _DRESSING.sub("", cluster) or cluster


def in_one_colour(cluster: str) -> str:
    """What to draw for an emoji as an outline: hearts are one shape where colour can't tell them apart."""
    known = plain(cluster)
    return "\u2764" if known in _HEARTS else known


@cache
def sprite(cluster: str) -> Image | None:
    """The coloured picture of an emoji, or of the nearest one that there is: about 100 px, RGBA.

    Of people with a sex or a trade of their own there may be the person only.
    """
    from PIL import Image

    known = plain(cluster)
    for name in (known, re.sub(f"{_JOINER}[\u2640\u2642]", "", known), known.split(_JOINER)[0]):
        file = "-".join(f"{ord(mark):x}" for mark in name) + ".webp"
        if file in _names():
            with zipfile.ZipFile(SPRITES) as pack:
                return Image.open(io.BytesIO(pack.read(file))).convert("RGBA")
    return None


@cache
def _names() -> frozenset[str]:
    with zipfile.ZipFile(SPRITES) as pack:
        return frozenset(pack.namelist())
