"""Packshots in every design: parts stand apart and can be read, whatever is given."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from adcli.errors import TaskFailed
from adcli.media.colour import Colour, contrast, parse_all
from adcli.media.layout import Frame
from adcli.media.logo import shapes_of
from adcli.media.packshot import Packshot, design, design_names, draw_packshot, is_card, layout_of, on_photo
from adcli.media.packshot_parts import badge_lines
from adcli.units import AspectRatio, Quality, Size
from tests.pictures.material import GREEN, bottle, near

SMALL = {ratio: Frame(ratio, Quality.PREVIEW.scale(ratio.size)) for ratio in AspectRatio}
SQUARE = SMALL[AspectRatio.SQUARE]
SHORT: dict[str, Any] = {"headline": "Save", "cta": "Go", "product_name": "Glow", "colors": ["#E2583C"]}
LONG: dict[str, Any] = {
    "headline": "The only serum that you will ever need to wake up with skin that looks rested, even and "
    "bright " * 4,
    "cta": "Order your very own starter kit today and save a lot",
    "url": "https://www.example.com/a/very/long/path/that/goes/on/and/on/for/ever?and=more&more=and",
    "subline": "It is made for all kinds of skin, and for people who have no time in the morning. " * 3,
    "legal": "Offer ends 30 June. Terms apply. While stocks last. " * 4,
    "badge": "SAVE 20% NOW",
    "rating": 4.75,
    "reviews": "12,345,678 verified reviews in all of our shops",
    "product_name": "Glow",
    "colors": [],
}
OPTIONAL: dict[str, Any] = {
    "logo": {"$asset": "logo"},
    "subline": "Triple-wall steel. Zero sweat.",
    "rating": 4.8,
    "badge": "Save 20%",
    "url": "tarn.example",
    "legal": "Offer ends 30 June. Terms apply.",
}
BRANDS = [
    *([], ["#ffffff"], ["#000000"], ["#ffe135"], ["#0b6f86", "#ffb703"], ["#7f7f7f"], ["#ff0000"]),
    *(["#ffffff", "#ffff00"], ["#101010", "#202020"], ["nonsense"]),
]


def drawn(spec: Mapping[str, Any], frame: Frame = SQUARE, **files: Path) -> Packshot:
    return draw_packshot(spec, frame, lambda ref: files[str(ref["$asset"])])


def whole(ratio: AspectRatio) -> Frame:
    return Frame(ratio, ratio.size)


def test_headlines_have_few_lines_and_keep_their_words_when_they_fit() -> None:
    spec = SHORT | {"headline": "Glow by morning, every single day", "design": "minimal"}
    layout = layout_of(spec, whole(AspectRatio.FEED))
    assert " ".join(layout.letters["headline"].lines) == "Glow by morning, every single day"
    for ratio in AspectRatio:
        assert len(layout_of(LONG, whole(ratio)).letters["headline"].lines) <= 3
    assert layout_of(LONG, whole(AspectRatio.FEED)).letters["headline"].lines[-1].endswith("…")


def test_markup_is_shown_as_it_is_written() -> None:
    letters = layout_of(
        SHORT | {"headline": "{\\an8}<b>now</b> &amp; Ёлка", "design": "minimal"}, SQUARE
    ).letters
    assert " ".join(letters["headline"].lines) == "{\\an8}<b>now</b> &amp; Ёлка"


@pytest.mark.parametrize("colours", BRANDS)
@pytest.mark.parametrize("name", design_names())
@pytest.mark.parametrize("ratio", [AspectRatio.PORTRAIT, AspectRatio.LANDSCAPE])
def test_every_text_has_contrast_on_the_ground_that_is_drawn(
    name: str, ratio: AspectRatio, colours: list[str]
) -> None:
    spec = SHORT | OPTIONAL | {"colors": colours, "design": name}
    del spec["logo"]
    size, style = Size(ratio.size.width // 4, ratio.size.height // 4), design(name)
    layout, tones = layout_of(spec, Frame(ratio, size)), style.tones(parse_all(colours))
    inks = style.inks(layout, tones)
    ground = style.ground(layout, tones, size, floor=True).convert("RGB")
    for part in layout.letters.keys() - {"cta"}:
        ink = inks.get(part, tones.ink)
        pixels = np.asarray(ground.crop(layout.boxes[part])).reshape(-1, 3)
        worst = min(contrast(ink, Colour(*map(int, pixel))) for pixel in np.unique(pixels, axis=0))
        assert worst >= 4.5, (part, ink)
    for pair in (tones.button, tones.badge):
        assert contrast(pair.face, pair.ink) >= 4.5


@pytest.mark.parametrize("ratio", list(AspectRatio))
def test_a_packshot_is_opaque_of_exactly_the_size_and_the_same_each_time(ratio: AspectRatio) -> None:
    frame, size = SMALL[ratio], SMALL[ratio].size
    first, second = drawn(SHORT, frame), drawn(SHORT, frame)
    assert (first.whole.mode, first.whole.size) == ("RGB", (size.width, size.height))
    assert first.whole.tobytes() == second.whole.tobytes()
    assert [s.picture.tobytes() for s in first.sprites] == [s.picture.tobytes() for s in second.sprites]
    assert all(
        s.left % 2 == s.top % 2 == s.picture.width % 2 == s.picture.height % 2 == 0 for s in first.sprites
    )


def test_designs_look_different() -> None:
    pictures = [np.asarray(drawn(SHORT | {"design": name}).whole, np.float32) for name in design_names()]
    assert len(pictures) >= 3
    for one, other in itertools.combinations(pictures, 2):
        assert np.abs(one - other).mean() > 10


def test_the_products_photo_stands_in_its_box(tmp_path: Path) -> None:
    photo = bottle(tmp_path / "b.png", alpha=False)
    made = drawn(SHORT | {"product": {"$asset": "p"}}, p=photo)
    box = made.layout.boxes["product"]
    assert near(made.whole.crop(box), GREEN) > 5_000
    assert near(made.whole, GREEN) == near(made.whole.crop(box), GREEN)
    assert near(made.opening, GREEN) == 0


@pytest.mark.parametrize("name", design_names())
def test_a_photo_with_a_background_of_its_own_becomes_a_card(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (400, 300, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "n.png")
    made = drawn(SHORT | {"product": {"$asset": "p"}, "design": name}, p=tmp_path / "n.png")
    sprite = next(s for s in made.sprites if s.name == "product")
    opaque = np.asarray(sprite.picture.getchannel("A")) == 255
    rows, columns = np.flatnonzero(opaque.any(1)), np.flatnonzero(opaque.any(0))
    card = opaque[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert card.mean() > 0.97, "whole"
    assert not card[0, 0] and not card[-1, -1], "round corners"
    assert is_card(Image.new("RGBA", (9, 9), (1, 2, 3, 255)))


def test_a_picture_of_the_frames_ratio_is_the_background_and_any_other_the_product(tmp_path: Path) -> None:
    Image.new("RGB", (800, 800), GREEN).save(tmp_path / "full.png")
    Image.new("RGB", (400, 800), GREEN).save(tmp_path / "tall.png")
    spec = SHORT | {"image": {"$asset": "i"}}
    full, tall = drawn(spec, i=tmp_path / "full.png").whole, drawn(spec, i=tmp_path / "tall.png").whole
    assert full.getpixel((2, 537)) == GREEN, "below the texts, where it is not darkened"
    assert near(tall.crop((0, 0, 40, 540)), GREEN, 20) == 0
    assert near(tall, GREEN, 20) > 5_000


@pytest.mark.parametrize("shade", [(255, 255, 255), (200, 200, 200), (0, 0, 0)])
@pytest.mark.parametrize("ratio", list(AspectRatio))
def test_texts_on_a_photo_can_be_read(ratio: AspectRatio, shade: tuple[int, int, int]) -> None:
    frame, size = SMALL[ratio], SMALL[ratio].size
    photo = Image.new("RGBA", (size.width, size.height), (*shade, 255))
    layout = layout_of(SHORT | OPTIONAL | {"backdrop": True}, frame)
    ground = np.asarray(on_photo(photo, layout, size))
    for part in layout.letters.keys() - {"cta"}:
        box = layout.boxes[part]
        brightest = ground[box.top : box.bottom, box.left : box.right].reshape(-1, 4).max(axis=0)
        assert contrast(Colour(255, 255, 255), Colour(*map(int, brightest[:3]))) >= 4.5, part


def test_logos_are_drawn_from_svg_and_png_and_bad_ones_fail(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><style>.a{fill:#14c83c}</style>'
        '<rect class="a" width="100" height="40"/></svg>'
    )
    (tmp_path / "bad.svg").write_text("<svg><unclosed")
    bottle(tmp_path / "logo.png", alpha=True)
    spec = SHORT | {"logo": {"$asset": "l"}}
    for name in ("logo.svg", "logo.png"):
        made = drawn(spec, l=tmp_path / name)
        assert near(made.whole.crop(made.layout.boxes["logo"]), GREEN, 30) > 200
    with pytest.raises(TaskFailed, match=r"bad\.svg"):
        drawn(spec, l=tmp_path / "bad.svg")


@pytest.mark.parametrize(("name", "shown"), [("minimal", (13, 87, 102)), ("split", (255, 255, 255))])
def test_a_logo_that_would_drown_in_the_ground_is_drawn_in_one_colour(
    tmp_path: Path, name: str, shown: tuple[int, int, int]
) -> None:
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><circle cx="50" cy="20" r="20" '
        'fill="#0D5766"/></svg>'
    )
    spec = SHORT | {"logo": {"$asset": "l"}, "colors": ["#0D5766"], "design": name}
    made = drawn(spec, SMALL[AspectRatio.FEED], l=tmp_path / "logo.svg")
    assert near(made.opening.crop(made.layout.boxes["logo"]), shown, 16) > 300


def test_in_a_square_a_slim_product_stands_beside_the_texts_where_they_fit() -> None:
    slim = layout_of(SHORT | {"aspect": 0.4}, SQUARE)
    assert slim.boxes["product"].right < slim.boxes["headline"].left
    for stacked in (SHORT | {"aspect": 1.2}, LONG | {"aspect": 0.4}):
        boxes = layout_of(stacked, SQUARE).boxes
        assert boxes["product"].top >= boxes["headline"].bottom


def test_a_logo_reaches_no_file_and_no_entity(tmp_path: Path) -> None:
    Image.new("RGB", (90, 90), (255, 0, 0)).save(tmp_path / "secret.png")
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    head = f'<svg {spaces} viewBox="0 0 90 40">'
    (tmp_path / "logo.svg").write_text(
        f'{head}<image href="secret.png" width="90" height="40"/><image xlink:href="file://{tmp_path}/secret.png"'
        f' width="90" height="40"/><rect width="30" height="40" fill="#14c83c"/><text x="40">x</text></svg>'
    )
    made = drawn(SHORT | {"logo": {"$asset": "l"}}, l=tmp_path / "logo.svg")
    assert near(made.whole, (255, 0, 0), 40) == 0
    (tmp_path / "out.svg").write_text(
        f"{head}<style>@import 'secret.css'</style><use xlink:href='secret.svg#a'/><a href='secret'>"
        "<rect width='9' height='9' fill='url(secret.svg#b)' onload='secret' style='fill:#14c83c'/></a></svg>"
    )
    assert "secret" not in shapes_of(tmp_path / "out.svg")
    assert "#14c83c" in shapes_of(tmp_path / "out.svg")
    (tmp_path / "bomb.svg").write_text(f'<!DOCTYPE svg [<!ENTITY a "b">]>{head}<desc>&a;</desc></svg>')
    with pytest.raises(TaskFailed, match="entities"):
        drawn(SHORT | {"logo": {"$asset": "l"}}, l=tmp_path / "bomb.svg")
    (tmp_path / "words.svg").write_text(f"{head}<text>Tarn</text></svg>")
    with pytest.raises(TaskFailed, match="shows nothing"):
        drawn(SHORT | {"logo": {"$asset": "l"}}, l=tmp_path / "words.svg")


@pytest.mark.parametrize("size", [(1, 1), (2000, 10), (10, 2000)])
def test_odd_product_photos_do_no_harm(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, GREEN).save(tmp_path / "odd.png")
    made = drawn(SHORT | {"product": {"$asset": "p"}}, p=tmp_path / "odd.png")
    assert near(made.whole, GREEN, 20) > 500


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Save 20%", ("SAVE", "20%")),
        ("2 for 1", ("2", "FOR 1")),
        ("new", ("NEW",)),
        ("free shipping", ("FREE", "SHIPPING")),
        ("up to 50 off", ("UP TO", "50 OFF")),
        ("−20 %", ("−20 %",)),
        ("  ", ()),
    ],
)
def test_a_badge_has_one_or_two_lines_with_the_number_on_its_own(text: str, lines: tuple[str, ...]) -> None:
    assert badge_lines(text) == lines


@pytest.mark.parametrize("colours", BRANDS)
@pytest.mark.parametrize("name", design_names())
@pytest.mark.parametrize("ratio", [AspectRatio.PORTRAIT, AspectRatio.FEED])
def test_the_button_stands_out_from_what_it_stands_on(
    name: str, ratio: AspectRatio, colours: list[str]
) -> None:
    frame = Frame(ratio, Size(ratio.size.width // 4, ratio.size.height // 4))
    made = drawn(SHORT | {"colors": colours, "design": name}, frame)
    box = made.layout.boxes["cta"]
    middle = (box.left + box.height // 3, box.middle[1])
    behind, face = (Colour(*picture.getpixel(middle)) for picture in (made.opening, made.whole))  # type: ignore[misc]
    assert contrast(face, behind) >= 1.2
