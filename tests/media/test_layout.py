"""Zones, titles and captions: all that is written stands in what the platform leaves free, and apart."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.media.captions import Look, Word, add_captions
from adcli.media.fonts import BLACK
from adcli.media.layout import Box, Frame
from adcli.media.picture_checks import from_meta
from adcli.media.subtitles import Document, TextBox
from adcli.media.title import PADDING, add_title, block
from adcli.spec.platforms import Platform, insets
from adcli.units import AspectRatio, Quality
from tests.media import rendering as r

LEAST = 26
"""Pixels at 1080 across below which a title is not set."""

TITLES = {
    "usual": "Three things nobody tells you about coffee",
    "short": "The answer",
    "long": "Everything you always wanted to know about steel bottles but never dared to ask anybody at work",
    "word": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    "arabic": "ثلاثة أشياء لا يخبرك بها أحد عن القهوة",
    "thai": "สามสิ่งที่ไม่มีใครบอกคุณเกี่ยวกับกาแฟ",
    "japanese": "コーヒーについて誰も教えてくれない三つのこと",
    "emoji": "Cold until midnight 🎉🧊 every day",
}
SPOKEN = {
    "latin": "There is an easier way to keep it cold",
    "word": "Donaudampfschifffahrtsgesellschaft says unbelievably good",
    "arabic": "هناك طريقة أسهل للحفاظ على البرودة",
    "thai": "มีวิธีที่ง่ายกว่าในการเก็บความเย็น",
    "japanese": "もっと簡単な方法があります",
}


def frames(*sizes: Quality) -> list[Frame]:
    """One of each ratio and zone: platforms that leave the same free are one."""
    found: dict[tuple[object, ...], Frame] = {}
    for ratio, platform, size in itertools.product(AspectRatio, Platform, sizes or (Quality.FINAL,)):
        zone = tuple(insets(platform, ratio).model_dump().values())
        found.setdefault((ratio, size, *zone), Frame(ratio, size.scale(ratio.size), platform))
    return list(found.values())


def named(frame: Frame) -> str:
    return f"{frame.ratio.slug}-{frame.platform}-{frame.size.width}"


def captioned(frame: Frame, spoken: str, position: str, size: float) -> list[TextBox]:
    """Where the captions of a scene of two seconds stand."""
    document, texts = Document(frame.size, 2.0), spoken.split()
    words = [Word(text, n * 2 / len(texts), (n + 1) * 2 / len(texts)) for n, text in enumerate(texts)]
    add_captions(document, words, frame, Look(size * frame.unit, "#FFFFFF", "#FFE135", position, 1.15))
    return document.boxes


def letters(lines: Sequence[str]) -> str:
    """What is written, without what parts it."""
    return "".join("".join(lines).split()).replace("-", "")


def box_of(text: TextBox) -> Box:
    return Box(text.left, text.top, text.right, text.bottom)


def test_in_portrait_the_universal_zone_is_what_every_app_leaves_free() -> None:
    frame = Frame(AspectRatio.PORTRAIT, AspectRatio.PORTRAIT.size)
    assert frame.zone == Box(120, 288, 888, 1248)
    assert frame.center_x == 504
    for platform in Platform:
        assert frame.zone.inside(Frame(frame.ratio, frame.size, platform).zone), platform


@pytest.mark.parametrize("frame", frames(Quality.FINAL, Quality.PREVIEW), ids=named)
@pytest.mark.parametrize("position", ["bottom", "lower-middle", "center"])
def test_a_block_of_captions_of_any_height_is_placed_inside_the_zone(frame: Frame, position: str) -> None:
    for share in (0.02, 0.1, 0.3, 0.6):
        high = share * frame.zone.height
        y = frame.caption_y(position, high)
        assert frame.zone.top <= y - high / 2 and y + high / 2 <= frame.zone.bottom + 1e-6
        if position == "bottom":
            assert y + high / 2 == pytest.approx(frame.zone.bottom)


@pytest.mark.parametrize("frame", frames(), ids=named)
def test_captions_stand_lower_from_center_over_lower_middle_to_bottom(frame: Frame) -> None:
    places = [frame.caption_y(position) for position in ("center", "lower-middle", "bottom")]
    assert places == sorted(set(places))


@pytest.mark.parametrize("frame", frames(), ids=named)
@pytest.mark.parametrize("position", ["bottom", "lower-middle", "center"])
@pytest.mark.parametrize("size", [60, 120])
def test_titles_and_captions_stand_in_the_zone_and_apart(frame: Frame, position: str, size: int) -> None:
    for spoken, title in zip(itertools.cycle(SPOKEN.values()), TITLES.values(), strict=False):
        document = Document(frame.size, 2.0, boxes=captioned(frame, spoken, position, size))
        captions = [box_of(text) for text in document.boxes]
        add_title(document, title, 2.0, frame, "title")
        box = box_of(document.boxes[-1])
        assert captions
        assert all(other.inside(frame.zone, 0.5) for other in (box, *captions)), (title, spoken)
        assert not any(box.overlaps(caption, 10 * frame.unit) for caption in captions), (title, spoken)


@pytest.mark.parametrize("frame", frames(Quality.FINAL, Quality.PREVIEW), ids=named)
@pytest.mark.parametrize("kind", ["title", "overlay"])
def test_titles_are_large_enough_to_be_read_and_lose_nothing(frame: Frame, kind: str) -> None:
    for text in TITLES.values():
        for position in ("top", "middle", "bottom"):
            made = block(text, frame, kind, position=position)
            assert made.whole and made.pixels >= LEAST * frame.unit - 1e-6, text
            assert made.box.inside(frame.zone, 1e-6), (text, position)
            assert letters(made.lines) == letters([text])


@given(
    st.text(min_size=1, max_size=500),
    st.sampled_from(frames()),
    st.sampled_from(["title", "overlay"]),
    st.sampled_from([None, 0.12, 0.3, 0.8]),
)
def test_any_text_stays_in_its_band_and_is_whole_or_said_to_be_cut(
    text: str, frame: Frame, kind: str, share: float | None
) -> None:
    low = None if share is None else frame.zone.top + share * frame.zone.height
    made = block(text, frame, kind, low=low)
    assert made.box.inside(frame.zone, 1.0)
    assert made.pixels >= LEAST * frame.unit - 1e-6
    assert low is None or made.box.bottom <= low
    assert all(
        BLACK.width(line, made.pixels) + PADDING * made.pixels <= frame.text_width for line in made.lines
    )
    shown, wanted = letters(made.lines), letters([text])
    assert shown == wanted if made.whole else wanted.startswith(shown.removesuffix("…"))


@pytest.mark.parametrize("frame", frames(Quality.FINAL, Quality.PREVIEW), ids=named)
def test_a_usual_title_is_large_and_its_lines_are_even(frame: Frame) -> None:
    made = block(TITLES["usual"], frame, "title")
    assert made.pixels >= 0.8 * 68 * frame.unit
    assert 1 <= len(made.lines) <= 3
    assert min(map(len, made.lines)) > 0.6 * max(map(len, made.lines))


def test_a_word_that_fits_no_line_is_hyphenated_where_its_script_has_hyphens() -> None:
    frame = Frame(AspectRatio.PORTRAIT, AspectRatio.PORTRAIT.size)
    german, thai = (block(text, frame, "title").lines for text in (TITLES["word"], "สามสิ่ง" * 16))
    assert all(line.endswith("-") for line in german[:-1]) and len(german) > 1
    assert not any(line.endswith("-") for line in thai) and len(thai) > 1


@pytest.mark.parametrize("ratio", [AspectRatio.FEED, AspectRatio.SQUARE, AspectRatio.LANDSCAPE])
def test_a_title_that_nearly_fits_one_line_gets_one(ratio: AspectRatio) -> None:
    made = block("Problem, meet Tarn Bottle", Frame(ratio, ratio.size), "title")
    assert made.lines == ("Problem, meet Tarn Bottle",)


def test_what_is_too_long_for_its_place_is_cut_after_a_word_and_told() -> None:
    frame = Frame(AspectRatio.SQUARE, AspectRatio.SQUARE.size)
    document = Document(frame.size, 2.0)
    document.box("caption", 0, 2, 100, 160, 900, 1000)
    notes = add_title(document, "word " * 100, 2.0, frame, "title")
    assert len(notes) == 1 and "too long" in notes[0]
    shown = [event.rsplit("}", 1)[1] for event in document.events if event.endswith("word…")]
    assert shown
    title = next(text for text in document.boxes if text.kind == "title")
    assert title.bottom < 160


def test_captions_that_come_after_the_title_has_gone_take_nothing_from_it() -> None:
    frame = Frame(AspectRatio.SQUARE, AspectRatio.SQUARE.size)
    early, late = Document(frame.size, 2.0), Document(frame.size, 2.0)
    early.box("caption", 0.5, 2, 100, 200, 900, 400)
    late.box("caption", 1.5, 2, 100, 200, 900, 400)
    for document in (early, late):
        add_title(document, TITLES["long"], 1.0, frame, "title")
    high = [next(t.bottom for t in d.boxes if t.kind == "title") for d in (early, late)]
    assert high[0] < 200 < high[1]


@pytest.mark.media
@pytest.mark.parametrize("ratio", list(AspectRatio))
@pytest.mark.parametrize("title", ["ÅÉ jpqy Ünicorn", "สามสิ่งที่ไม่มีใครบอก"])
def test_the_ink_of_titles_and_captions_lies_in_their_boxes(
    tmp_path: Path, ratio: AspectRatio, title: str
) -> None:
    clip = r.lavfi(tmp_path / "grey.mp4", "color=0x606060:s=64x64:r=30:d=1")
    words = json.dumps(
        [
            {"text": text, "start": n * 0.1, "end": n * 0.1 + 0.1}
            for n, text in enumerate(["ÅHA", "Jog", "nej"])
        ]
    )
    captions = {
        "words": words, "lead": 0.0, "style": "tiktok", "position": "lower-middle", "font_size": 90,
        "active_color": "#00FF00", "inactive_color": "#FF00FF", "bounce": True, "bounce_scale": 1.15,
    }  # fmt: skip
    text = {"text": title, "until": None, "kind": "title"}
    made = r.render(tmp_path / "w", clip, 10, ratio=ratio.value, text=text, captions=captions)
    found = from_meta(made.meta).text
    assert {text.kind for text in found} == {"title", "caption"}
    boxes = [box_of(text) for text in found]
    for frame in r.decoded(made.path):
        inked = np.abs(frame.astype(int) - 96).max(axis=2) > 40
        for box in boxes:
            left, top, right, bottom = (round(side) for side in box)
            assert inked[top:bottom, left:right].any()
            inked[top - 1 : bottom + 1, left - 1 : right + 1] = False
        assert not inked.any()
