"""Emoji: where one begins and ends, its plain form, its picture."""

from __future__ import annotations

import unicodedata
import zipfile

import numpy as np
import pytest

from adcli.media import emoji
from adcli.media.faces import EMOJI
from adcli.media.fonts import BLACK

FAMILY, FLAG, KEYCAP, TONED, HEART = "👨‍👩‍👧", "🇩🇪", "1️⃣", "👍🏽", "❤️"


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, KEYCAP, TONED, HEART, "🔥", "⭐", "👩🏾‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☺️"])
def test_an_emoji_is_found_whole(cluster: str) -> None:
    assert emoji.at(f"a{cluster}b", 1) == cluster
    assert len(BLACK.runs(f"{cluster}")) == 1


@pytest.mark.parametrize("text", ["a", "1", "#", "★", "✓", "→", "™", "©", "❤", "❤\ufe0e", "א", "日"])
def test_plain_characters_are_none(text: str) -> None:
    assert emoji.at(text, 0) == ""


def test_neighbours_are_parted() -> None:
    text, found, at = f"{FLAG}🇫🇷{KEYCAP}{FAMILY}{TONED}", [], 0
    while at < len(text):
        found.append(emoji.at(text, at))
        at += len(found[-1])
    assert found == [FLAG, "🇫🇷", KEYCAP, FAMILY, TONED]


@pytest.mark.parametrize(
    ("cluster", "known"), [(TONED, "👍"), (HEART, "❤"), (KEYCAP, "1\u20e3"), (FAMILY, FAMILY)]
)
def test_the_plain_form_has_neither_tone_nor_selector(cluster: str, known: str) -> None:
    assert emoji.plain(cluster) == known


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, KEYCAP, TONED, HEART, "🔥", "👩🏾‍💻", "🤷🏽‍♀️", "🇺🇦", "✅"])
def test_pictures_are_in_colour_and_cut_out(cluster: str) -> None:
    picture = emoji.sprite(cluster)
    assert picture is not None
    assert 90 <= max(picture.size) <= 128
    alpha = np.asarray(picture)[..., 3]
    assert alpha.max() == 255
    assert (alpha[[0, -1]][:, [0, -1]] == 0).any()


def test_a_known_person_stands_for_one_without_a_picture() -> None:
    assert emoji.sprite("👩🏽‍🦽") is not None
    assert emoji.sprite("\U0001f9f7") is None


def test_all_pictures_are_emoji_that_the_outline_font_has_too() -> None:
    with zipfile.ZipFile(emoji.SPRITES) as pack:
        names = pack.namelist()
    assert len(names) > 600
    for name in names:
        cluster = "".join(chr(int(part, 16)) for part in name.removesuffix(".webp").split("-"))
        assert BLACK.missing(cluster) == "", name


def test_flags_of_large_countries_are_there() -> None:
    codes = "USGBDEFRESITBRMXINCNJPKRRUUATRSAAEEGIDTHVNNGZA"
    for code in (codes[n : n + 2] for n in range(0, len(codes), 2)):
        flag = "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)
        assert emoji.sprite(flag) is not None, code


def test_the_outline_font_has_every_emoji_of_its_time() -> None:
    faces = [chr(code) for code in range(0x1F600, 0x1F650)]
    assert all(EMOJI.has(face) for face in faces), [unicodedata.name(f) for f in faces if not EMOJI.has(f)]


def test_hearts_are_whole_where_colour_is_not_to_be_had() -> None:
    assert emoji.in_one_colour("💚") == "❤"
    assert emoji.in_one_colour("🔥") == "🔥"


def test_the_pictures_are_small() -> None:
    assert emoji.SPRITES.stat().st_size < 1_500_000
