"""How captions look: what the campaign asks for, and what each style asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from adcli.media.caption_words import Word
from adcli.media.fonts import BLACK, SEMIBOLD, Font
from adcli.media.pieces import capitals

_MEASURED = 100.0  # pixels


@dataclass(frozen=True, slots=True)
class Look:
    """The campaign's caption settings; ``pixels`` is the em in pixels of the frame.

    ``scale`` is how large a spoken word gets, 1 without bounce. ``font`` is the font of headlines, ``quiet``
    that of other text. Without ``most_words`` and ``most_lines`` the style's own limits hold.
    """

    pixels: float
    active: str
    inactive: str
    position: str
    scale: float
    font: Font = BLACK
    style: str = "tiktok"
    most_words: int | None = None
    most_lines: int | None = None
    quiet: Font = SEMIBOLD


@dataclass(frozen=True, slots=True)
class Manner:
    """What a style asks for. Lengths are in parts of the em.

    ``gap`` and ``piece_gap`` part words, and parts of words without spaces; ``line`` is from one line to the
    next; ``across`` and ``down`` are what outline, shadow or box add beyond the letters on each side.
    ``least`` is for how many seconds a caption should stand. ``spare`` words more than the usual may stand in
    one that would flash. ``bounce`` tells how much of the campaign's bounce a word shows, ``overshoot`` by
    how much of itself it is larger still for a moment. ``whole_sentences``: no caption runs on past a full
    stop. ``read`` captions are read as a whole and keep to a speed of reading; the others come as fast as
    they are spoken.
    """

    most_words: int
    most_lines: int
    gap: float
    line: float
    across: float
    down: float
    least: float
    piece_gap: float = 0.0
    capitals: bool = False
    quiet: bool = False
    spare: int = 0
    bounce: float = 0.0
    overshoot: float = 0.0
    whole_sentences: bool = False
    read: bool = False

    def font(self, look: Look) -> Font:
        """Which of the two fonts it sets words in."""
        return look.quiet if self.quiet else look.font

    def growth(self, look: Look) -> float:
        """By how much of itself a word gets larger at most."""
        return self.bounce * (look.scale - 1) + self.overshoot if self.bounce and look.scale > 1 else 0.0

    def cased(self, text: str) -> str:
        """A text as it writes it: in capitals where it wants them and the script has any."""
        return capitals(text) if self.capitals else text


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines of one style at one size: ``widest`` is the room for a line, ``growth`` what bouncing adds.

    ``growth`` is a share of the widest word: 0.2 where it gets 1.2 times as large.
    """

    manner: Manner
    font: Font
    pixels: float
    widest: float
    growth: float = 0.0

    def width(self, word: Word) -> float:
        """Pixels of a word that rests."""
        return _width(self.font, self.manner.cased(word.text)) * self.pixels

    def gap(self, word: Word) -> float:
        """Pixels before a word within a line."""
        return (self.manner.piece_gap if word.joined else self.manner.gap) * self.pixels

    def line(self, words: Sequence[Word]) -> float:
        """Pixels of a line at rest, from its first letter to its last."""
        return sum(map(self.width, words)) + sum(map(self.gap, words[1:]))

    def reach(self, words: Sequence[Word]) -> float:
        """Pixels of a line with what its style adds, while its longest word is at the top of its bounce."""
        added = 2 * self.manner.across * self.pixels
        return self.line(words) + self.growth * max(map(self.width, words), default=0.0) + added


@lru_cache(4096)
def _width(font: Font, text: str) -> float:
    """Width in parts of the em, measured large: small sizes would be rounded, which libass doesn't do."""
    return font.width(text, _MEASURED) / _MEASURED
