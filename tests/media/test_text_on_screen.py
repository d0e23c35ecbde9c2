"""What captions and titles look like in decoded frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media.fonts import BLACK, SEMIBOLD, Font
from adcli.stages import scene
from adcli.work import File
from tests.media import rendering as r

pytestmark = pytest.mark.media

ACTIVE, INACTIVE = (0, 255, 0), (255, 0, 255)
GREY = 96


@pytest.fixture(scope="module")
def grey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return r.lavfi(
        tmp_path_factory.mktemp("grey") / "grey.mp4",
        f"color=0x{GREY:02x}{GREY:02x}{GREY:02x}:s=64x64:r=30:d=2",
    )


def captions(words: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
    look = {
        "style": "tiktok", "position": "center", "font_size": 90, "active_color": "#00FF00",
        "inactive_color": "#FF00FF", "bounce": True, "bounce_scale": 1.15, "lead": 0.0,
    }  # fmt: skip
    return {**look, **settings, "words": json.dumps(words)}


def spoken(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text, "start": n * 0.3, "end": n * 0.3 + 0.28} for n, text in enumerate(texts)]


def count(frame: r.Pixels, colour: tuple[int, int, int], side: slice) -> int:
    """Pixels of about this colour in some columns."""
    return int((np.abs(frame[:, side].astype(int) - colour).max(axis=2) < 60).sum())


def changed(frame: r.Pixels) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what is not the grey ground."""
    drawn = np.abs(frame.astype(int) - GREY).max(axis=2) > 24
    if not drawn.any():
        return None
    rows, columns = np.where(drawn.any(1))[0], np.where(drawn.any(0))[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


LEFT, RIGHT = slice(0, 270), slice(270, 540)


def test_the_spoken_word_has_the_active_colour_at_its_time(tmp_path: Path, grey: Path) -> None:
    frames = r.decoded(r.render(tmp_path / "w", grey, 18, captions=captions(spoken("HHH", "HHH"))).path)
    for n in range(9):
        assert count(frames[n], ACTIVE, LEFT) > 300
        assert count(frames[n], INACTIVE, RIGHT) > 300
        assert not count(frames[n], ACTIVE, RIGHT)
    for n in range(9, 18):
        assert count(frames[n], ACTIVE, RIGHT) > 300
        assert count(frames[n], INACTIVE, LEFT) > 300
        assert not count(frames[n], ACTIVE, LEFT)


def test_the_lead_shifts_all_words(tmp_path: Path, grey: Path) -> None:
    frames = r.decoded(r.render(tmp_path / "w", grey, 12, captions=captions(spoken("HHH"), lead=0.2)).path)
    assert [changed(frame) is None for frame in frames] == [True] * 6 + [False] * 6


def test_a_bounced_word_grows_and_settles_without_touching_the_next(tmp_path: Path, grey: Path) -> None:
    frames = r.decoded(r.render(tmp_path / "w", grey, 9, captions=captions(spoken("HHH", "HHH"))).path)
    heights = []
    for frame in frames:
        green = np.abs(frame.astype(int) - ACTIVE).max(axis=2) < 60
        rows, columns = np.where(green.any(1))[0], np.where(green.any(0))[0]
        heights.append(int(np.ptp(rows)))
        pink = np.where((np.abs(frame.astype(int) - INACTIVE).max(axis=2) < 60).any(0))[0]
        assert pink[0] - columns[-1] >= 6
    assert max(heights[1:4]) > heights[0] * 1.12
    assert heights[-1] == pytest.approx(heights[0] * 1.15, abs=2.5)


@pytest.mark.parametrize("ratio", ["9:16", "4:5", "1:1", "16:9"])
@pytest.mark.parametrize(
    "words",
    [("A", "I", "A"), ("INCREDIBLE", "GOOD"), ("I", "EXTRAORDINARY", "A"), ("HH", "HH", "HH", "HH")],
)
def test_words_keep_apart_in_every_frame_of_every_ratio(
    tmp_path: Path, grey: Path, ratio: str, words: tuple[str, ...]
) -> None:
    look = captions(spoken(*words), font_size=60, position="lower-middle")
    width, height = r.preview(ratio)
    shown = 0
    for frame in r.decoded(r.render(tmp_path / "w", grey, 9 * len(words), ratio=ratio, captions=look).path):
        green = np.abs(frame.astype(int) - ACTIVE).max(axis=2) < 60
        pink = np.abs(frame.astype(int) - INACTIVE).max(axis=2) < 60
        box = changed(frame)
        assert box is not None and green.any()
        assert box[0] > width * 0.05 and box[2] < width * 0.95
        assert (0.15 if ratio == "9:16" else 0.5) * height < box[1] < box[3] < height * 0.95
        if ratio == "9:16":
            assert box[3] < height * 0.68, "the band that apps leave free"
        first, last = np.where(green.any(0))[0][[0, -1]]
        others = np.where(pink.any(0))[0]
        shown += bool(others.size)
        assert not ((others > first - 4) & (others < last + 4)).any()
    assert shown or len(words) == 1


def test_without_bounce_words_stand_still(tmp_path: Path, grey: Path) -> None:
    frames = r.decoded(
        r.render(tmp_path / "w", grey, 12, captions=captions(spoken("HHH", "HHH"), bounce=False)).path
    )
    assert len({changed(frame) for frame in frames}) == 1


def test_a_title_is_there_in_the_first_frame_and_gone_at_its_end(tmp_path: Path, grey: Path) -> None:
    title = {"text": "Hello there", "until": 0.5, "kind": "title"}
    frames = r.decoded(r.render(tmp_path / "w", grey, 20, text=title).path)
    assert count(frames[0], (255, 255, 255), slice(0, 540)) > 3000
    boxes = [changed(frame) for frame in frames[:8]]
    wide = [box[2] - box[0] for box in boxes if box]
    assert wide[0] < wide[6] == wide[7] < max(wide), "it pops in, and then stands"
    assert changed(frames[13]) is not None
    assert all(changed(frame) is None for frame in frames[15:])


@pytest.mark.parametrize("ratio", ["9:16", "4:5", "1:1", "16:9"])
def test_long_texts_stay_inside_the_frame(tmp_path: Path, grey: Path, ratio: str) -> None:
    title = {
        "text": "Everything you always wanted to know about bottles " * 4,
        "until": None,
        "kind": "title",
    }
    words = captions(spoken("Donaudampfschifffahrtsgesellschaft"), position="lower-middle")
    frame = r.decoded(r.render(tmp_path / "w", grey, 4, ratio=ratio, text=title, captions=words).path)[3]
    box = changed(frame)
    assert box is not None
    width, height = r.preview(ratio)
    assert box[0] > width * 0.04
    assert box[2] < width * 0.96
    assert box[1] > height * 0.05
    assert box[3] < height * 0.95


@pytest.mark.parametrize(
    ("brand", "box", "ink"),
    [
        ("#0D5766", (13, 87, 102), (255, 255, 255)),
        ("#FFE135", (255, 225, 53), (40, 40, 0)),
        ("#FFFFFF", (255, 255, 255), (40, 40, 40)),
    ],
)
def test_a_titles_box_has_the_brands_colour_and_text_that_can_be_read(
    tmp_path: Path, grey: Path, brand: str, box: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    title = {"text": "HHHHH HHHHH", "until": None, "kind": "title", "box": brand}
    frame = r.decoded(r.render(tmp_path / "w", grey, 8, text=title).path)[7]
    assert count(frame, box, slice(0, 540)) > 3000
    assert count(frame, ink, slice(0, 540)) > 1000


@pytest.mark.parametrize("own", [SEMIBOLD, BLACK], ids=["not the usual", "not the fallback"])
def test_a_brands_font_draws_captions_and_titles_and_ours_what_it_lacks(
    tmp_path: Path, grey: Path, own: Font
) -> None:
    text = {"text": "illillililli", "until": None, "kind": "title"}
    words = captions([{"text": "ก", "start": 0.26, "end": 0.3}], font_size=20)
    params = {
        "text": text,
        "captions": words,
        "fonts": [{"$input": 1}],
        "quality": "preview",
        "ratio": "1:1",
        "frames": 8,
    }
    given = {**scene.SPEC.defaults, **params, "picture": {"clip": {"$input": 0}}}
    made = scene.make(r.job(given, [r.artifact(grey), r.artifact(own.path)], tmp_path / "w"))
    assert any("ก" in note and "H" not in note for note in made.notes)
    branded = r.decoded(made.outputs["segment"].path)[7]  # type: ignore[union-attr]
    inked = np.flatnonzero((np.abs(branded[44:58].astype(int) - 17).max(axis=2) < 60).any(axis=0))
    wanted = own.sized(34).getmask("illillililli").getbbox()
    assert abs((inked[-1] - inked[0] + 1) - (wanted[2] - wanted[0])) <= 5
    assert BLACK.width("illillililli", 34) > SEMIBOLD.width("illillililli", 34) + 10


NASTY = [
    (r"{\fs90}BIG", r"{\FS90}BIG"),
    (r"A\NB", r"A\NB"),
    (r"C:\fad\h", r"C:\FAD\H"),
    ("{}", "{}"),
    (r"\{x\}", r"\{X\}"),
    ("50% OFF", "50% OFF"),
    ("A, B", "A, B"),
    ("NO\nWAY", "NO WAY"),
    ("WOW🎉", "WOW🎉"),
    ("WOWཀ", "WOW"),
    ("HI\u202eOK", "HIOK"),
    ("&amp;<B>", "&AMP;<B>"),
    ("it's", "IT'S"),
    ("a:b;c=d[e]", "A:B;C=D[E]"),
    ("{\\p1}m 0 0 l 9 9", "{\\P1}M 0 0 L 9 9"),
]


@pytest.mark.parametrize(("text", "shown"), NASTY)
def test_any_text_is_drawn_as_it_is_written(tmp_path: Path, grey: Path, text: str, shown: str) -> None:
    """Its width is the font's own width of exactly these letters, on one line."""
    settings = captions([{"text": text, "start": 0.0, "end": 1.0}], bounce=False, font_size=60)
    frame = r.decoded(r.render(tmp_path / "w", grey, 1, captions=settings).path)[0]
    box = changed(frame)
    assert box is not None
    outline = 2 * 0.085 * 30
    assert box[2] - box[0] - outline == pytest.approx(BLACK.width(shown, 30), abs=7)
    assert box[3] - box[1] < 52, "one line, no larger letters"
    assert (box[0] + box[2]) / 2 == pytest.approx(270, abs=4)


def test_what_the_font_can_not_draw_is_told(tmp_path: Path, grey: Path) -> None:
    from adcli.stages import scene

    text = {"text": "Party 🎉 ཀཀ", "until": None, "kind": "title"}
    given = {
        "ratio": "1:1",
        "quality": "preview",
        "frames": 1,
        "picture": {"clip": {"$input": 0}},
        "text": text,
    }
    made = scene.make(r.job({**scene.SPEC.defaults, **given}, [r.artifact(grey)], tmp_path / "w"))
    assert "ཀ" in made.notes[0]
    assert made.notes[0].count("ཀ") == 1
    assert "🎉" not in made.notes[0]


def test_a_text_of_nothing_that_a_font_has_draws_nothing(tmp_path: Path, grey: Path) -> None:
    text = {"text": "ཀ", "until": None, "kind": "title"}
    made: File = r.render(tmp_path / "w", grey, 1, text=text, captions=captions(spoken("ཀ")))
    assert changed(r.decoded(made.path)[0]) is None


def test_text_stays_put_while_the_picture_swipes(tmp_path: Path, grey: Path) -> None:
    title = {"text": "Hello there", "until": None, "kind": "title"}
    tail = {"picture": grey, "at": 0, "zoom": 1, "fit": "crop", "frames": 3}
    frames = r.decoded(r.render(tmp_path / "w", grey, 9, text=title, transition="swipe", tail=tail).path)
    boxes = [box for frame in frames if (box := changed(frame))]
    assert len(boxes) == 9
    assert all(abs(box[0] + box[2] - 539) <= 2 for box in boxes)
