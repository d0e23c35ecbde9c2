"""Styles of captions, one a file; a file here is a style of its name.

Each has ``MANNER``, what it asks of words and lines, ``style(look)``, the ASS style of its letters, and
``draw(document, shown)``, which draws one caption.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

from adcli.media.caption_block import Shown
from adcli.media.caption_look import Look, Manner
from adcli.media.subtitles import Document, Style

STYLE = "Caption"


class CaptionStyle(Protocol):
    """What a style's file has."""

    MANNER: Manner

    def style(self, look: Look) -> Style:
        """The ASS style of its words."""

    def draw(self, document: Document, shown: Shown) -> None:
        """Draws one caption."""


@cache
def style_names() -> tuple[str, ...]:
    """Names of all styles, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def caption_style(name: str) -> CaptionStyle:
    """The style of that name."""
    return cast(CaptionStyle, importlib.import_module(f"{__name__}.{name}"))
