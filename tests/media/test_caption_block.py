"""Where captions stand: in the zone in every style, ratio, script and platform, words and lines apart."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.media.caption_block import Block, Placed, set_block
from adcli.media.caption_cues import Cue, cues
from adcli.media.caption_look import Look, Setting
from adcli.media.caption_styles import caption_style, style_names
from adcli.media.caption_styles.tiktok import peak, shift
from adcli.media.caption_words import Word, shown_words
from adcli.media.layout import Box, Frame
from adcli.spec.platforms import Platform
from adcli.units import AspectRatio, Quality, Size
from tests.media import caption_cases as cases

RATIOS = list(AspectRatio)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüßéñçşžйяшщ'’-!?,.%&0123456789WMwm", min_size=1, max_size=18)
HEBREW = ["שלום", "עולם"]


def blocks(style: str, frame: Frame, words: list[Word], look: Look) -> list[Block]:
    manner = caption_style(style).MANNER
    shaped = Setting(manner, manner.font(look), look.pixels, frame.text_width, manner.growth(look))
    found = cues(shown_words(words), shaped, words[-1].end + 1)
    return [set_block(cue, frame, shaped, look.position) for cue in found]


def edges(row: tuple[Placed, ...], active: int, pixels: float, scale: float) -> list[tuple[float, float]]:
    """Left and right edge of every word of a line while one is as large as it gets."""
    found = []
    for index, item in enumerate(row):
        grown = peak(item.width, pixels, scale) if index == active else 1.0
        middle = item.x + shift(row, index, active, scale)
        found.append((middle - item.width * grown / 2, middle + item.width * grown / 2))
    return found


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("style", style_names())
def test_captions_stay_in_the_zone(style: str, ratio: AspectRatio, platform: Platform) -> None:
    frame = Frame(ratio, Quality.PREVIEW.scale(ratio.size), platform)
    for script in filter(cases.drawable, cases.SENTENCES):
        for changes in ({}, {"font_size": 150.0, "position": "bottom", "bounce": True, "bounce_scale": 1.6}):
            document = cases.drawn(style, frame, script, **changes)
            assert document.boxes
            for box in document.boxes:
                ends = Box(box.left, box.top, box.right, box.bottom)
                assert box.kind == "caption"
                assert ends.inside(frame.zone, 0.01), (script, changes, box)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("style", style_names())
def test_words_and_lines_keep_apart(style: str, ratio: AspectRatio) -> None:
    frame = Frame(ratio, Quality.PREVIEW.scale(ratio.size))
    for script in filter(cases.drawable, cases.SENTENCES):
        for block in blocks(style, frame, cases.spoken(script), cases.look(style, frame)):
            for one, other in combinations(block.row, 2):
                assert not one.box.overlaps(other.box, -0.5), (script, one.text, other.text)
            for upper, lower in pairwise(block.lines):
                assert upper.box.bottom <= lower.box.top, (script, upper.text, lower.text)


@given(
    st.lists(LETTERS, min_size=1, max_size=9),
    st.sampled_from([Frame(ratio, ratio.size) for ratio in AspectRatio]),
    st.sampled_from([40, 60, 84]),
    st.sampled_from([1.0, 1.15, 1.3]),
)
def test_the_bouncing_word_never_touches_its_neighbours(
    texts: list[str], frame: Frame, size: int, scale: float
) -> None:
    look = Look(size * frame.unit, "#FFFFFF", "#FFE135", "lower-middle", scale)
    words = [Word(text, n * 0.3, n * 0.3 + 0.25) for n, text in enumerate(texts)]
    for block in blocks("tiktok", frame, words, look):
        for line in block.lines:
            for active in range(len(line.row)):
                spans = edges(line.row, active, block.pixels, scale)
                for (_, right), (left, _) in pairwise(spans):
                    assert left - right > 0.17 * block.pixels, "two outlines of 0.085 em"
                assert spans[0][0] - 0.085 * block.pixels >= frame.zone.left - 0.01
                assert spans[-1][1] + 0.135 * block.pixels <= frame.zone.right + 0.01


@pytest.mark.parametrize("style", style_names())
def test_a_very_long_word_is_set_smaller(style: str) -> None:
    frame = Frame(AspectRatio.PORTRAIT, AspectRatio.PORTRAIT.size)
    look = cases.look(style, frame)
    (block,) = blocks(style, frame, [Word("Rindfleischetikettierungsüberwachungsaufgabe", 0, 1)], look)
    assert block.row[0].width <= frame.text_width
    assert block.pixels < look.pixels


def test_preview_is_the_final_layout_at_half_the_size() -> None:
    ratio = AspectRatio.PORTRAIT
    frames = [Frame(ratio, quality.scale(ratio.size)) for quality in (Quality.FINAL, Quality.PREVIEW)]
    final, preview = (
        blocks("tiktok", frame, cases.spoken("latin"), cases.look("tiktok", frame)) for frame in frames
    )
    for one, half in zip(final, preview, strict=True):
        assert [item.x / 2 for item in one.row] == pytest.approx([item.x for item in half.row], abs=1.5)


@pytest.mark.parametrize("style", style_names())
def test_baselines_stay_where_they_are_from_caption_to_caption(style: str) -> None:
    frame = Frame(AspectRatio.FEED, Size(540, 674))
    words = [Word(text, n, n + 0.9) for n, text in enumerate(["ace.", "ggg.", "Éy.", "xxx."])]
    found = blocks(style, frame, words, cases.look(style, frame))
    assert len({block.lines[0].baseline for block in found}) == 1


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["one", "two"], ["one", "two"]),
        (HEBREW, HEBREW[::-1]),
        ([HEBREW[0], "Coca", "Cola", HEBREW[1]], [HEBREW[1], "Coca", "Cola", HEBREW[0]]),
        (["24", HEBREW[0]], [HEBREW[0], "24"]),
        (["say", HEBREW[0]], ["say", HEBREW[0]]),
    ],
)
def test_words_stand_in_the_direction_of_their_script(texts: list[str], shown: list[str]) -> None:
    frame = Frame(AspectRatio.LANDSCAPE, AspectRatio.LANDSCAPE.size)
    look = Look(60, "#FFFFFF", "#FFE135", "lower-middle", 1.3)
    shaped = Setting(caption_style("tiktok").MANNER, look.font, 60, frame.text_width, 0.36)
    line = tuple(Word(text, n * 0.3, n * 0.3 + 0.25) for n, text in enumerate(texts))
    row = set_block(Cue((line,), 0, 2), frame, shaped, "center").row
    assert [item.word.text for item in row] == texts
    assert [item.word.text for item in sorted(row, key=lambda item: item.x)] == shown
    for active, spoken_one in enumerate(row):
        for index, item in enumerate(row):
            away = shift(row, index, active, 1.3)
            assert away == 0 if index == active else away * (item.x - spoken_one.x) > 0
