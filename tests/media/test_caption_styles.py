"""What each style of captions does while words are spoken, seen in decoded frames and in its document."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from adcli.media.caption_styles import caption_style, style_names
from adcli.media.captions import Word, add_captions
from adcli.media.fonts import BLACK, SEMIBOLD
from adcli.media.layout import Frame
from adcli.media.subtitles import Document
from adcli.spec.look import Captions
from adcli.units import AspectRatio, Quality
from tests.media import caption_cases as cases
from tests.media import rendering as r

FRAME = Frame(AspectRatio.SQUARE, Quality.PREVIEW.scale(AspectRatio.SQUARE.size))
GREEN, PINK, BLUE = (0, 255, 0), (255, 0, 255), (0, 0, 255)
PHRASE = ["Fresh", "cold", "water"]
HEBREW = ["שלום", "לכל", "העולם"]


def rows(texts: list[str]) -> list[Word]:
    return [Word(text, 0.3 * n, 0.3 * (n + 1)) for n, text in enumerate(texts)]


def filmed(folder: Path, style: str, texts: list[str], **changes: Any) -> list[r.Pixels]:
    """Frames of words that take nine frames each, green when spoken, else pink, before grey."""
    grey = r.lavfi(folder / "grey.png", "color=gray:s=540x540", "-frames:v", "1")
    colours = {"active_color": "#00FF00", "inactive_color": "#FF00FF", "position": "center"}
    captions = cases.settings(style, **colours, **changes) | {"lead": 0.0, "words": cases.rows(rows(texts))}
    picture = {"image": {"$input": 0}}
    made = r.render(folder / "w", picture, 9 * len(texts), files=[grey], captions=captions)
    return r.decoded(made.path)


def span(frame: r.Pixels, colour: tuple[int, int, int]) -> tuple[int, int] | None:
    """First and last column with this colour."""
    hits = np.flatnonzero((np.abs(frame.astype(int) - colour).max(axis=2) < 70).any(axis=0))
    return (int(hits[0]), int(hits[-1])) if hits.size else None


def amount(frame: r.Pixels, colour: tuple[int, int, int]) -> int:
    return int((np.abs(frame.astype(int) - colour).max(axis=2) < 70).sum())


def test_every_style_of_the_campaign_has_its_file_and_the_other_way_round() -> None:
    field = Captions.model_fields["style"]
    assert sorted(get_args(field.annotation)) == list(style_names())


@pytest.mark.parametrize("style", style_names())
def test_what_the_campaign_says_wins_over_what_suits_the_style(style: str) -> None:
    said = {"font_size": 33.0, "active_color": "#010203", "inactive_color": "#040506", "bounce": True}
    assert said.items() <= cases.settings(style, **said).items()


def test_styles_differ_in_what_they_look_like_by_default() -> None:
    assert cases.settings("tiktok") == Captions().model_dump(mode="json", exclude_none=True)
    assert cases.settings("word")["font_size"] > cases.settings("tiktok")["font_size"]
    assert cases.settings("clean")["active_color"] == cases.settings("clean")["inactive_color"]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("tiktok", "COLD"),
        ("word", "COLD"),
        ("karaoke", "cold"),
        ("box", "cold"),
        ("clean", "Fresh cold water"),
    ],
)
def test_only_loud_styles_are_in_capitals(style: str, shown: str) -> None:
    document = Document(FRAME.size, 1.0)
    add_captions(document, rows(PHRASE), FRAME, cases.look(style, FRAME))
    assert any(event.endswith(f"}}{shown}") for event in document.events)


@pytest.mark.parametrize("style", style_names())
def test_quiet_styles_are_set_in_the_brands_other_font(style: str) -> None:
    document = Document(FRAME.size, 1.0)
    add_captions(document, rows(PHRASE), FRAME, cases.look(style, FRAME))
    assert document.styles[0].font == (SEMIBOLD if style == "clean" else BLACK)


@pytest.mark.parametrize("style", style_names())
def test_each_caption_tells_where_it_stands(style: str) -> None:
    document = cases.drawn(style, FRAME, "latin")
    starts = [box.start for box in document.boxes]
    assert starts == sorted(set(starts))
    assert all(box.right > box.left and box.bottom > box.top for box in document.boxes)


def test_no_words_draw_nothing() -> None:
    document = Document(FRAME.size, 1.0)
    assert add_captions(document, [], FRAME, cases.look("clean", FRAME)) == ()
    assert (document.events, document.boxes) == ([], [])


@pytest.mark.media
@pytest.mark.parametrize(("texts", "leftward"), [(PHRASE, False), (HEBREW, True)])
def test_karaoke_fills_words_in_the_direction_they_are_read(
    tmp_path: Path, texts: list[str], leftward: bool
) -> None:
    frames = filmed(tmp_path, "karaoke", texts)
    filled = [span(frame, GREEN) for frame in frames[2:]]
    rest = [span(frame, PINK) for frame in frames[:-2]]
    near, far = (1, 0) if leftward else (0, 1)
    edges = [found[far] for found in filled if found]
    assert len(edges) == len(frames) - 2
    assert edges == sorted(edges, reverse=leftward)
    assert abs(edges[-1] - edges[0]) > 100
    assert len({found[near] for found in filled if found}) == 1, "what is filled stays filled"
    assert len({found[far] for found in rest if found}) == 1, "the phrase stands still"


@pytest.mark.media
def test_one_word_at_a_time_pops_and_then_stands(tmp_path: Path) -> None:
    frames = filmed(tmp_path, "word", ["HHHH", "HHHH", "HHHH"])
    widths = [found[1] - found[0] for frame in frames if (found := span(frame, GREEN))]
    assert not any(amount(frame, PINK) for frame in frames)
    assert len(widths) == 27
    for word in (widths[:9], widths[9:18], widths[18:]):
        assert word[0] < word[-1] * 0.9
        assert max(word[:5]) > word[-1] * 1.04
        assert max(word[5:]) - min(word[5:]) <= 1


@pytest.mark.media
@pytest.mark.parametrize(("texts", "leftward"), [(PHRASE, False), (HEBREW, True)])
def test_the_bright_box_glides_from_word_to_word(tmp_path: Path, texts: list[str], leftward: bool) -> None:
    frames = filmed(tmp_path, "box", texts)
    found = [span(frame, GREEN) for frame in frames]
    middles = [(box[0] + box[1]) / 2 for box in found if box]
    assert len(middles) == len(frames)
    assert middles == sorted(middles, reverse=leftward)
    still = [middles[n] for n in (6, 15, 24)]
    assert abs(still[2] - still[1]) > 40 < abs(still[1] - still[0])
    assert len(set(middles[9:13])) >= 3, "on its way for some frames"
    assert {middles[n] for n in range(4, 9)} == {still[0]}


@pytest.mark.media
def test_the_word_in_the_bright_box_can_be_read(tmp_path: Path) -> None:
    frame = filmed(tmp_path, "box", ["HHHH", "HHHH"])[6]
    found = span(frame, GREEN)
    assert found is not None
    inside = frame[:, found[0] : found[1]]
    assert amount(inside, (20, 20, 24)) > 300
    assert amount(inside, PINK) < 10, "no pink shines through"
    assert amount(frame, PINK) > 300


@pytest.mark.media
def test_clean_captions_stand_still(tmp_path: Path) -> None:
    frames = filmed(tmp_path, "clean", PHRASE)
    assert len({span(frame, GREEN) for frame in frames}) == 1
    assert not any(amount(frame, PINK) for frame in frames)


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize(("words", "lines"), [(1, 1), (2, 1), (3, 2), (12, 3)])
def test_the_campaign_limits_words_and_lines(style: str, words: int, lines: int) -> None:
    spoken = cases.spoken("short words")
    document = Document(FRAME.size, spoken[-1].end + 1)
    add_captions(document, spoken, FRAME, cases.look(style, FRAME, max_words=words, max_lines=lines))
    assert len(document.boxes) >= len(spoken) / words
    if words == 12 and style in {"clean", "karaoke", "box"}:
        assert len(document.boxes) < len(spoken) / 3


@pytest.mark.parametrize("style", style_names())
def test_a_style_leaves_time_to_be_seen(style: str) -> None:
    assert 0.2 <= caption_style(style).MANNER.least <= 5 / 6
