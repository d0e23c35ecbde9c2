"""Products that are drawn for want of a photo, and the names on their labels."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageChops

from adcli.media.colour import parse_all
from adcli.media.drawn_product import KINDS, draw_kind, draw_product, product_kind

TEAL = parse_all(["#14b8b8", "#ffb020"])


def differing(one: Image.Image, other: Image.Image) -> int:
    """Number of pixels that differ clearly; the pictures are of one size."""
    assert one.size == other.size
    changed = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return int((np.asarray(changed).max(axis=2) > 40).sum())


@pytest.mark.parametrize(
    ("name", "description", "kind"),
    [
        ("Northpeak", "an insulated steel bottle", "bottle"),
        ("Glow Serum", "", "dropper"),
        ("Volt", "a sparkling energy drink", "can"),
        ("Silk Hand Cream", "", "tube"),
        ("Moon Balm", "", "jar"),
        ("Fresh Shampoo", "", "pump"),
        ("Hydra Sticks", "", "sachet"),
        ("Kumo", "wireless headphones", "headphones"),
        ("Basic T-Shirt", "", "garment"),
        ("Leather Bag", "", "bag"),
        ("Coffee Bag", "", "pouch"),
        ("Cloudrun", "running shoes", "shoe"),
        ("Ledgerly", "a budgeting app", "phone"),
        ("Stackly", "the CRM platform", "laptop"),
        ("Cozy Mug", "", "mug"),
        ("Zzyzx", "", "box"),
    ],
)
def test_the_last_noun_tells_the_kind(name: str, description: str, kind: str) -> None:
    assert product_kind(name, description) == kind


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_drawn_in_the_brands_colour(kind: str) -> None:
    image = draw_kind(kind, "x", TEAL)
    assert image.mode == "RGBA" and min(image.size) > 300
    red, green, blue, alpha = (np.asarray(image).astype(int)[..., n] for n in range(4))
    assert ((alpha > 200) & (green > red + 30) & (blue > red + 30)).sum() > 8_000


@pytest.mark.parametrize("name", ["Glow", "Горная", "天然の水", "ماء الورد", "מים", "น้ำ", "Élan & Söhne"])
@pytest.mark.parametrize("noun", ["serum", "bottle", "jar", "box"])
def test_a_name_in_any_script_that_has_glyphs_is_on_the_label(name: str, noun: str) -> None:
    from adcli.media.fonts import BLACK

    if BLACK.missing(name.replace(" ", "")):
        pytest.skip("needs a font that is not installed")
    assert differing(draw_product(name, noun, TEAL), draw_kind(product_kind(noun), name, TEAL)) > 500


@pytest.mark.parametrize("name", ["𓀀𓁐𓂀", "🧴✨", "", "   ", "\u202e\u202e", "<svg onload=x>" * 30])
def test_a_name_that_cannot_be_shown_leaves_the_mark(name: str) -> None:
    assert differing(draw_product(name, "serum", TEAL), draw_kind("dropper", name, TEAL)) == 0


def test_letters_stay_on_the_product() -> None:
    named, plain = draw_product("Extraordinary", "bottle", TEAL), draw_kind("bottle", "Extraordinary", TEAL)
    assert named.getchannel("A").tobytes() == plain.getchannel("A").tobytes()
