"""Captions of other scripts than Latin: order on the screen, parts of unspaced words, capitals, emoji."""

from __future__ import annotations

import re

import pytest

from adcli.media.captions import Look, Word, add_captions
from adcli.media.faces import cjk_face
from adcli.media.layout import Frame
from adcli.media.subtitles import Document, color
from adcli.units import AspectRatio, Quality

FRAME = Frame(AspectRatio.PORTRAIT, Quality.PREVIEW.scale(AspectRatio.PORTRAIT.size))
LOOK = Look(30, "#FFE135", "#FFFFFF", "lower-middle", 1.15)
PLACE = re.compile(r"\\(?:pos|move)\((-?[0-9.]+)")


def events(*texts: str) -> list[str]:
    """Events of a line whose words take 0.4 s each."""
    document = Document(FRAME.size, 0.4 * len(texts))
    words = [Word(text, 0.4 * n, 0.4 * (n + 1)) for n, text in enumerate(texts)]
    add_captions(document, words, FRAME, LOOK)
    return document.events


def first_places(made: list[str], count: int) -> list[float]:
    """Middles of the words, in the order in which they are spoken, while the first one is."""
    return [float(PLACE.search(event)[1]) for event in made[:count]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("texts", "from_left"),
    [
        (("Buy", "it", "now"), [0, 1, 2]),
        (("קנו", "עכשיו", "היום"), [2, 1, 0]),
        (("קנו", "AB", "CD", "היום"), [3, 1, 2, 0]),
        (("تسوّق", "20%", "الآن"), [2, 1, 0]),
    ],
)
def test_words_stand_in_reading_order(texts: tuple[str, ...], from_left: list[int]) -> None:
    places = first_places(events(*texts), len(texts))
    assert sorted(range(len(texts)), key=places.__getitem__) == from_left


def test_a_chunk_of_latin_words_within_hebrew_runs_as_the_hebrew_does() -> None:
    made = events("קנו", "עכשיו!", "NORTH", "ב-24")
    second = [event for event in made if event.split(",")[1] == "0:00:00.80"]
    name, price = first_places(second, 2)
    assert name > price


def test_a_word_without_spaces_is_spoken_part_by_part() -> None:
    made = events("ซื้อเลยวันนี้ส่งฟรีทั่วไทย")
    lit = [event for event in made if color(LOOK.active) in event]
    starts = [event.split(",")[1] for event in lit]
    assert len(lit) >= 4
    assert starts == sorted(set(starts))


@pytest.mark.skipif(cjk_face() is None, reason="needs the CJK extra")
def test_a_long_japanese_sentence_keeps_its_size() -> None:
    made = events("今すぐ購入して冷たい水筒を毎日手に入れよう！")
    assert made
    assert not any("\\bord" in event for event in made), "no chunk had to shrink"


def test_greek_capitals_have_no_accents() -> None:
    assert any("ΤΩΡΑ" in event for event in events("τώρα"))


def test_letters_after_an_emoji_keep_the_colour_of_the_spoken_word() -> None:
    (event,) = events("a🔥b")
    assert event.endswith(f"\\1c{color(LOOK.active)}\\1a}}B")
