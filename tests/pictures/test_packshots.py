from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adcli.errors import TaskFailed
from adcli.media.colour import contrast, parse_all
from adcli.media.packshot import draw_packshot, packshot_boxes, tones_of
from adcli.media.packshot_layout import packshot_layout, safe_box
from adcli.units import AspectRatio, Quality, Size
from tests.pictures.material import GREEN, bottle, near

SIZES = [quality.scale(ratio.size) for ratio in AspectRatio for quality in (Quality.FINAL, Quality.PREVIEW)]
SQUARE = Size(540, 540)
SHORT = {"headline": "Save", "cta": "Go", "product_name": "Glow", "colors": ["#E2583C"]}
LONG = {
    "headline": "The only serum that you will ever need to wake up with skin that looks rested, even and "
    "bright " * 4,
    "cta": "Order your very own starter kit today and save a lot",
    "url": "https://www.example.com/a/very/long/path/that/goes/on/and/on/for/ever?and=more&more=and",
    "logo": {"$asset": "logo"},
    "product_name": "Glow",
    "colors": [],
}
WORD = SHORT | {
    "headline": "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3,
    "url": "x.example",
}


def drawn(spec: Mapping[str, Any], size: Size, folder: Path, **files: Path) -> Image.Image:
    path = draw_packshot(spec, size, lambda ref: files[str(ref["$asset"])], folder)
    with Image.open(path) as image:
        copied: Image.Image = image.copy()
        return copied


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
@pytest.mark.parametrize("spec", [SHORT, LONG, WORD, {"headline": "Only words"}, {"product_name": "Glow"}])
def test_boxes_never_overlap_and_texts_stay_inside_the_safe_box(spec: Mapping[str, Any], size: Size) -> None:
    layout, safe = packshot_layout(spec, size), safe_box(size)
    for name, box in layout.boxes.items():
        assert box.width > 0 and box.height > 0, name
        assert safe.left <= box.left and box.right <= safe.right and safe.top <= box.top, name
        assert box.bottom <= (size.height if name == "product" else safe.bottom), name
    for (first, one), (second, other) in itertools.combinations(layout.boxes.items(), 2):
        apart = (
            one.right <= other.left
            or other.right <= one.left
            or one.bottom <= other.top
            or other.bottom <= one.top
        )
        assert apart, (first, second)
    for name, letters in layout.letters.items():
        assert letters.width <= layout.boxes[name].width and letters.height <= layout.boxes[name].height, name
    assert packshot_boxes(spec, size) == layout.boxes


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
def test_the_product_is_large_beside_short_texts_and_keeps_its_place_beside_long_ones(size: Size) -> None:
    for spec, share in ((SHORT, 0.3), (LONG, 0.15)):
        box = packshot_boxes(spec, size)["product"]
        assert box.width * box.height > share * size.width * size.height


def test_headlines_have_few_lines_and_keep_their_words_when_they_fit() -> None:
    layout = packshot_layout(SHORT | {"headline": "Glow by morning, every single day"}, AspectRatio.FEED.size)
    assert " ".join(layout.letters["headline"].lines) == "Glow by morning, every single day"
    for ratio in AspectRatio:
        assert len(packshot_layout(LONG, ratio.size).letters["headline"].lines) <= 4
    assert packshot_layout(LONG, AspectRatio.FEED.size).letters["headline"].lines[-1].endswith("…")


def test_what_the_font_does_not_have_is_left_out_with_care() -> None:
    letters = packshot_layout(SHORT | {"headline": "Ice 🧊 cold 👩‍👩‍👧 <b>now</b> & Ёлка 1️⃣"}, SQUARE).letters
    assert " ".join(letters["headline"].lines) == "Ice cold <b>now</b> & Ёлка 1"
    assert "headline" not in packshot_layout(SHORT | {"headline": "🔥🔥"}, SQUARE).letters


@pytest.mark.parametrize(
    "colours",
    [
        [],
        ["#ffffff"],
        ["#000000"],
        ["#ffe135"],
        ["#0b6f86", "#ffb703"],
        ["#7f7f7f"],
        ["#ff0000"],
        ["nonsense"],
    ],
)
def test_text_is_readable_with_any_brand_colours(colours: list[str]) -> None:
    tones = tones_of(parse_all(colours))
    for ground in (tones.ground, tones.low):
        assert contrast(tones.ink, ground) >= 7
        assert contrast(tones.quiet, ground) >= 4.5
        assert contrast(tones.button, ground) >= 1.5
    assert contrast(tones.on_button, tones.button) >= 3


@pytest.mark.parametrize("ratio", list(AspectRatio))
def test_a_packshot_is_opaque_of_exactly_the_size_and_the_same_each_time(
    tmp_path: Path, ratio: AspectRatio
) -> None:
    size = Quality.PREVIEW.scale(ratio.size)
    first = draw_packshot(SHORT, size, lambda _: tmp_path, tmp_path).read_bytes()
    image = drawn(SHORT, size, tmp_path)
    assert (image.mode, image.size) == ("RGB", (size.width, size.height))
    assert draw_packshot(SHORT, size, lambda _: tmp_path, tmp_path).read_bytes() == first


def test_the_products_photo_stands_in_its_box(tmp_path: Path) -> None:
    photo = bottle(tmp_path / "b.png", alpha=False)
    spec = SHORT | {"product": {"$asset": "p"}}
    image = drawn(spec, SQUARE, tmp_path, p=photo)
    box = packshot_boxes(spec, SQUARE)["product"]
    assert near(image.crop(box), GREEN) > 5_000
    assert near(image, GREEN) == near(image.crop(box), GREEN)


def test_a_picture_of_the_frames_ratio_is_the_background_and_any_other_the_product(tmp_path: Path) -> None:
    Image.new("RGB", (800, 800), GREEN).save(tmp_path / "full.png")
    Image.new("RGB", (400, 800), GREEN).save(tmp_path / "tall.png")
    spec = SHORT | {"image": {"$asset": "i"}}
    full = drawn(spec, SQUARE, tmp_path, i=tmp_path / "full.png")
    tall = drawn(spec, SQUARE, tmp_path, i=tmp_path / "tall.png")
    assert full.getpixel((2, 2)) == GREEN
    assert near(tall.crop((0, 0, 40, 540)), GREEN, 20) == 0
    assert near(tall, GREEN, 20) > 5_000


def test_logos_are_drawn_from_svg_and_png_and_bad_ones_fail(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><rect width="100" height="40" '
        'fill="#14c83c"/></svg>'
    )
    (tmp_path / "bad.svg").write_text("<svg><unclosed")
    bottle(tmp_path / "logo.png", alpha=True)
    spec = SHORT | {"logo": {"$asset": "l"}}
    for name in ("logo.svg", "logo.png"):
        image = drawn(spec, SQUARE, tmp_path, l=tmp_path / name)
        assert near(image.crop(packshot_boxes(spec, SQUARE)["logo"]), GREEN, 30) > 200
    with pytest.raises(TaskFailed, match=r"bad\.svg"):
        drawn(spec, SQUARE, tmp_path, l=tmp_path / "bad.svg")


@pytest.mark.parametrize("size", [(1, 1), (2000, 10), (10, 2000)])
def test_odd_product_photos_do_no_harm(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, GREEN).save(tmp_path / "odd.png")
    image = drawn(SHORT | {"product": {"$asset": "p"}}, SQUARE, tmp_path, p=tmp_path / "odd.png")
    assert near(image, GREEN, 20) > 500
