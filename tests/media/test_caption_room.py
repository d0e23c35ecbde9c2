"""Captions stay inside their band while words bounce, and show every sign as it was written."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media.captions import Look, Word, add_captions
from adcli.media.fonts import BLACK
from adcli.media.layout import Frame
from adcli.media.subtitles import Document, Style, escape
from adcli.units import AspectRatio, Size
from tests.media import rendering as r

SIGNS = "\\{}&%;:'\"<>,[]()Nnh0aB#!|=*~^$@-/"
NASTY = [
    *("{\\fs90}A", "{\\c&H0000FF&}B", "\\N\\n\\h", "C:\\Nice", "{20%}", "\\{x\\}", "{", "}", "\\", "a\\"),
    *("{\\p1}m", "&amp;", "%{pts}", "hi'[a];movie=x", "\\\\", "{\\k5}x", "}{", "{*}", "<b>", "',drawbox="),
]
BAND = AspectRatio.SQUARE, Size(540, 540)


def captions(rows: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    colours = {"active_color": "#FF0000", "inactive_color": "#00FF00"}
    look = {"style": "tiktok", "position": "center", "font_size": 40, "bounce": False, "bounce_scale": 1}
    return {**look, **colours, "lead": 0, "words": json.dumps(rows), **changes}


def spoken(words: list[str], each: float = 0.3) -> list[dict[str, Any]]:
    return [{"text": text, "start": each * n, "end": each * (n + 1) - 0.001} for n, text in enumerate(words)]


def columns(frame: r.Pixels) -> tuple[int, int]:
    """First and last column in which something red or green stands, (0, 0) when nothing does."""
    coloured = np.abs(frame[..., 0].astype(int) - frame[..., 1]) > 60
    hits = np.flatnonzero(coloured.any(axis=0))
    return (int(hits[0]), int(hits[-1])) if hits.size else (0, 0)


def grey(folder: Path) -> Path:
    return r.lavfi(folder / "grey.png", "color=gray:s=540x540", "-frames:v", "1")


def widths(folder: Path, rows: list[dict[str, Any]]) -> list[int]:
    """Columns that the active word covers in each frame."""
    picture = {"image": {"$input": 0}}
    made = r.render(folder / "w", picture, len(rows), files=[grey(folder)], captions=captions(rows))
    spans = [columns(frame) for frame in r.decoded(made.path)]
    return [last - first + 1 if last else 0 for first, last in spans]


def as_drawn(text: str) -> int:
    left, _, right, _ = BLACK.sized(20).getbbox(text.upper())
    return round(right - left)


@pytest.mark.media
def test_every_sign_is_drawn_as_it_was_written(tmp_path: Path) -> None:
    chance = random.Random(5)
    some = ["".join(chance.choice(SIGNS) for _ in range(chance.randint(1, 9))) for _ in range(40)]
    rows = spoken([f"{text}." for text in NASTY + some], 1 / 30)
    for row, got in zip(rows, widths(tmp_path, rows), strict=True):
        wanted = as_drawn(row["text"])
        assert abs(got - wanted) <= max(3, 0.06 * wanted), row["text"]


@pytest.mark.media
def test_text_that_is_not_escaped_would_be_seen_by_that_measure(tmp_path: Path) -> None:
    document = Document(Size(540, 540), 1.0)
    document.styles.append(Style("Plain", 20, "#FF0000"))
    document.add(0, 1, "Plain", "{\\pos(270,270)}" + "{\\FS90}A.")
    assert escape("{\\FS90}A.") not in document.text()
    (tmp_path / "t.ass").write_text(document.text())
    burnt = r.lavfi(tmp_path / "o.mp4", "color=gray:s=540x540:r=30,ass=t.ass", "-frames:v", "1")
    first, last = columns(r.decoded(burnt)[0])
    assert abs(last - first - as_drawn("{\\fs90}A.")) > 20


@pytest.mark.media
@pytest.mark.parametrize("scale", [1.15, 2.0])
@pytest.mark.parametrize("words", [["unbelievable"], ["a", "unbelievably"], ["one", "two", "six"]])
def test_an_enlarged_word_stays_within_the_width_of_text(
    tmp_path: Path, scale: float, words: list[str]
) -> None:
    look = captions(spoken(words), font_size=120, bounce=True, bounce_scale=scale)
    picture = {"image": {"$input": 0}}
    made = r.render(tmp_path / "w", picture, 30, files=[grey(tmp_path)], captions=look)
    spans = [span for frame in r.decoded(made.path) if (span := columns(frame))[1]]
    room = Frame(*BAND).text_width
    assert len(spans) >= 9 * len(words)
    assert max(last for _, last in spans) - min(first for first, _ in spans) <= room + 4


def test_marks_that_stand_by_themselves_stay_with_their_word(tmp_path: Path) -> None:
    document = Document(BAND[1], 4.0)
    words = [Word(text, n, n + 1) for n, text in enumerate(["Tu", "es", "prêt", "?"])]
    add_captions(document, words, Frame(*BAND), Look(30, "#FFFFFF", "#FFE135", "center", 1.0))
    assert {line.rpartition("}")[2] for line in document.events} == {"TU", "ES", "PRÊT ?"}
