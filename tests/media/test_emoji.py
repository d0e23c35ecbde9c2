"""Emoji: where one begins and ends, its plain form, the coloured shapes that it is laid of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adcli.media import emoji, ffmpeg, lettering
from adcli.media.colour import Colour
from adcli.media.faces import EMOJI
from adcli.media.fonts import BLACK
from adcli.media.subtitles import Document, Style, escape
from adcli.units import Size

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
def test_an_emoji_is_laid_of_coloured_shapes_in_the_place_of_one(cluster: str) -> None:
    shapes = emoji.layers(cluster)
    assert len({shape.colour for shape in shapes}) > 1
    assert EMOJI.has("".join(shape.mark for shape in shapes))
    font = EMOJI.sized(100)
    assert all(font.getlength(shape.mark) == 0 for shape in shapes[:-1])
    assert font.getlength(shapes[-1].mark) == pytest.approx(BLACK.width(cluster, 100)) == pytest.approx(109)


def test_a_known_person_stands_for_one_that_is_not_known() -> None:
    assert emoji.layers("👩🏽‍🦽") == emoji.layers("👩")
    assert emoji.layers("🤷‍♀️") != ()
    assert emoji.layers("a") == ()


def test_every_emoji_of_the_table_can_be_drawn() -> None:
    assert len(emoji._table()) > 1700
    for cluster in emoji._table():
        assert all(EMOJI.has(shape.mark) and 0 < shape.alpha <= 1 for shape in emoji.layers(cluster)), cluster


def test_all_faces_hands_and_flags_of_large_countries_are_there() -> None:
    codes = "USGBDEFRESITBRMXINCNJPKRRUUATRSAAEEGIDTHVNNGZA"
    for code in (codes[n : n + 2] for n in range(0, len(codes), 2)):
        flag = "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)
        assert emoji.layers(flag), code
    assert all(emoji.layers(chr(code)) for code in range(0x1F600, 0x1F650))


def test_after_an_emoji_the_text_has_its_own_font_and_colour_again() -> None:
    made = escape("A🔥B", ink="&H0000FF00&")
    assert made.startswith("A{\\fnadcli Emoji Layers}{\\1c")
    assert made.endswith("{\\fn\\1c&H0000FF00&\\1a}B")
    assert escape("A🔥B").endswith("{\\fn\\1c\\1a}B")


@pytest.mark.media
def test_emoji_are_in_colour_in_captions_and_on_packshots_alike(tmp_path: Path) -> None:
    document = Document(Size(400, 200), 1.0, [Style("Plain", 100, "#FFFFFF")])
    document.add(0, 1, "Plain", "{\\pos(200,100)\\1c&H00FF0000&}" + escape("🔥❤️I", ink="&H00FF0000&"))
    (tmp_path / "t.ass").write_text(document.text(), encoding="utf-8")
    source = "color=c=black:s=400x200:r=30"
    arguments = ["-v", "error", "-f", "lavfi", "-i", source, "-vf", "ass=t.ass", "-frames:v", "1", "t.png"]
    ffmpeg.run(arguments, cwd=tmp_path, timeout=60)
    caption = np.asarray(Image.open(tmp_path / "t.png").convert("RGB")).astype(int)
    image = Image.new("RGBA", (400, 200), (0, 0, 0, 255))
    lettering.draw(image, lettering.Lettering(("🔥❤️I",), BLACK, 100, 0, 114), (200, 43), Colour(0, 0, 255))
    packshot = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(caption - packshot).mean() < 6
    reds = (caption[..., 0] > 180) & (caption[..., 2] < 90)
    blues = (caption[..., 2] > 180) & (caption[..., 0] < 90)
    assert reds[:, :270].sum() > 4000
    assert blues[:, 290:].sum() > 500
