"""Where parts of a packshot stand: in every platform's zone, apart, large enough to be read."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media.colour import parse_all
from adcli.media.layout import Frame
from adcli.media.packshot import design, design_names, draw_packshot, layout_of
from adcli.spec.platforms import Platform, insets
from adcli.units import AspectRatio, Quality, Size
from tests.pictures.test_packshots import LONG, OPTIONAL, SHORT

LEAST_SIZES = {"headline": 44, "subline": 26, "cta": 28, "url": 24, "legal": 19, "stars": 24, "name": 24}
"""Pixels at 1080 across."""

WORD = SHORT | dict.fromkeys(
    ("headline", "cta", "subline", "legal", "product_name", "url", "reviews"),
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenxy",
)
SCRIPTS = {
    "german": ("Rindfleischetikettierung endlich verständlich erklärt", "Jetzt Kühlschrankbestände prüfen"),
    "arabic": ("زجاجة واحدة تبقي الماء باردا حتى منتصف الليل", "اطلبها اليوم"),
    "thai": ("ขวดเดียวที่เก็บความเย็นได้ตลอดทั้งวันจนถึงเที่ยงคืน", "สั่งซื้อเลยวันนี้"),
    "japanese": ("真夜中まで冷たいまま、どこへでも持っていけるボトル", "今すぐ購入する"),
    "emoji": ("Cold until midnight 🎉🧊", "Get yours 🛒"),
    "lines": ("Cold\nuntil\nmidnight\nand on", "Go\nnow"),
}


def frames() -> list[Frame]:
    """One of each ratio and zone: platforms that leave the same free are one."""
    found: dict[tuple[object, ...], Frame] = {}
    for ratio, platform in itertools.product(AspectRatio, Platform):
        taken = insets(platform, ratio)
        found.setdefault(
            (ratio, taken.top, taken.right, taken.bottom, taken.left), Frame(ratio, ratio.size, platform)
        )
    return list(found.values())


def named(frame: Frame) -> str:
    return f"{frame.ratio.slug}-{frame.platform}"


def specs() -> list[dict[str, Any]]:
    """Optional parts one by one, all, and all but one beside short texts; the hard cases with all of them."""
    chosen: list[dict[str, Any]] = [{}, OPTIONAL]
    chosen += [{name: OPTIONAL[name]} for name in OPTIONAL]
    chosen += [{name: OPTIONAL[name] for name in OPTIONAL if name != gone} for gone in OPTIONAL]
    hard = [
        LONG,
        WORD,
        *(SHORT | {"headline": head, "subline": head, "cta": cta} for head, cta in SCRIPTS.values()),
    ]
    found = [SHORT | some for some in chosen] + [one | some for one in hard for some in ({}, OPTIONAL)]
    return [
        *found,
        {"headline": "Only words"},
        {"product_name": "Glow"},
        LONG | OPTIONAL | {"backdrop": True},
    ]


def settings(frame: Frame) -> list[str]:
    """Designs that lay out differently; columns differ only where there are any."""
    return (
        list(design_names())
        if frame.ratio in (AspectRatio.SQUARE, AspectRatio.LANDSCAPE)
        else ["minimal", "split"]
    )


@pytest.mark.parametrize(("frame", "name"), [(frame, name) for frame in frames() for name in settings(frame)])
def test_all_that_is_read_stands_in_the_zone_apart_and_large_enough(name: str, frame: Frame) -> None:
    for number, spec in enumerate(specs()):
        aspect = (0.3, 2.4, 1.0)[number % 3]
        layout = layout_of(spec | {"design": name, "aspect": aspect}, frame)
        texts = layout.texts()
        for part, box in texts.items():
            assert box.width > 0 and box.height > 0, part
            assert box.inside(frame.zone, 0.5), (part, spec, aspect)
        for (first, one), (second, other) in itertools.combinations(texts.items(), 2):
            assert not one.overlaps(other), (first, second, spec, aspect)
        if product := layout.boxes.get("product"):
            covered = [
                part for part, box in layout.boxes.items() if part != "product" and box.overlaps(product)
            ]
            assert covered in ([], ["badge"]), spec
        for part, letters in layout.letters.items():
            assert letters.width <= layout.boxes[part].width, part
            assert letters.size >= LEAST_SIZES[part], part
        if "badge" in texts:
            assert texts["badge"].width >= 0.12 * 1080, spec


@pytest.mark.parametrize("frame", frames(), ids=named)
def test_texts_stand_around_the_frames_middle(frame: Frame) -> None:
    layout = layout_of(SHORT | OPTIONAL | {"aspect": 1.2}, frame)
    assert (layout.safe.left + layout.safe.right) / 2 == pytest.approx(frame.size.width / 2, abs=1)
    for part, box in layout.boxes.items():
        if layout.centred and part != "badge":
            assert box.middle[0] == pytest.approx(frame.size.width / 2, abs=1), part


@pytest.mark.parametrize("frame", frames(), ids=named)
def test_the_product_is_large_beside_short_texts_and_keeps_its_place_beside_long_ones(frame: Frame) -> None:
    size = frame.size
    for spec, share in ((SHORT, 0.3), (LONG, 0.2)):
        box = layout_of(spec | {"aspect": 0.4}, frame).boxes["product"]
        assert box.width * box.height > share * size.width * size.height
    if size.height > size.width:
        assert (
            layout_of(LONG | OPTIONAL | {"aspect": 0.4}, frame).boxes["product"].height > 0.33 * size.height
        )


@pytest.mark.parametrize("ratio", list(AspectRatio))
def test_preview_is_the_final_layout_at_half_the_size(ratio: AspectRatio) -> None:
    final = layout_of(SHORT | OPTIONAL, Frame(ratio, ratio.size)).texts()
    half = layout_of(SHORT | OPTIONAL, Frame(ratio, Quality.PREVIEW.scale(ratio.size))).texts()
    for part, box in final.items():
        assert [side / 2 for side in box] == pytest.approx(list(half[part]), abs=12), part


@pytest.mark.parametrize("ratio", list(AspectRatio))
@pytest.mark.parametrize("name", design_names())
@pytest.mark.parametrize("words", ["Élan jusqu'à Noël, jpq", "زجاجة باردة", "ขวดน้ำที่เย็นอยู่"])
def test_the_ink_of_every_text_lies_in_its_box(name: str, ratio: AspectRatio, words: str) -> None:
    frame = Frame(ratio, Size(ratio.size.width // 4, ratio.size.height // 4))
    spec = SHORT | {"headline": words, "subline": words, "legal": words, "url": "jpq.example", "rating": 4.5}
    made = draw_packshot(spec | {"design": name}, frame, lambda _: Path())
    style = design(name)
    ground = style.ground(made.layout, style.tones(parse_all(spec["colors"])), frame.size, floor=True)
    one, other = (np.asarray(picture.convert("RGB")).astype(int) for picture in (made.opening, ground))
    inked = np.abs(one - other).max(axis=2) > 24
    for part in ("name", "headline", "subline", "stars", "url", "legal"):
        left, top, right, bottom = made.layout.boxes[part]
        assert inked[top:bottom, left:right].any(), part
        inked[top - 1 : bottom + 1, left - 1 : right + 1] = False
    assert not inked.any()


@pytest.mark.parametrize(
    ("headline", "said"),
    [("So good", True), ("Glow serum", False), ("Glow Serum: solved", False), ("Glow serums for all", True)],
)
def test_a_products_name_that_the_headline_holds_is_said_once(headline: str, said: bool) -> None:
    frame = Frame(AspectRatio.PORTRAIT, AspectRatio.PORTRAIT.size, Platform.UNIVERSAL)
    boxes = layout_of({"product_name": "Glow Serum", "headline": headline}, frame).boxes
    assert ("name" in boxes) == said
