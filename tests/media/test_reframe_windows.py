"""Which part of a picture a frame shows: tables of windows, and moves that keep what matters in the frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import TaskFailed
from adcli.media.camera import MOVES
from adcli.media.framing import CENTRE, WHOLE, Box, Focus, crop_filter, framed, read_focus, window
from adcli.media.layers import Container, Layer
from adcli.units import AspectRatio, Size

WIDE, TALL = Size(1600, 900), Size(900, 1600)
PORTRAIT, FEED, SQUARE, LANDSCAPE = AspectRatio


def face(left: float, top: float, right: float, bottom: float) -> Focus:
    return Focus((Box(left, top, right, bottom),), "face")


@pytest.mark.parametrize(
    ("picture", "ratio", "focus", "left", "top"),
    [
        (WIDE, PORTRAIT, CENTRE, 0.342, 0),
        (WIDE, PORTRAIT, face(0.1, 0.2, 0.2, 0.5), 0, 0),
        (WIDE, PORTRAIT, face(0.4, 0.2, 0.6, 0.5), 0.342, 0),
        (WIDE, PORTRAIT, face(0.75, 0.2, 0.85, 0.5), 0.642, 0),
        (WIDE, PORTRAIT, face(0.95, 0.2, 1.0, 0.5), 0.684, 0),
        (WIDE, SQUARE, face(0.75, 0.2, 0.85, 0.5), 0.438, 0),
        (TALL, SQUARE, face(0.4, 0.1, 0.6, 0.2), 0, 0),
        (TALL, SQUARE, face(0.4, 0.5, 0.6, 0.6), 0, 0.314),
        (TALL, LANDSCAPE, face(0.4, 0.6, 0.6, 0.7), 0, 0.517),
        (TALL, LANDSCAPE, Focus((Box(0.4, 0.6, 0.6, 0.7),), "salient"), 0, 0.492),
        (TALL, LANDSCAPE, face(0.3, 0.2, 0.7, 0.5), 0, 0.2),
        (WIDE, LANDSCAPE, face(0.9, 0.2, 1.0, 0.5), 0, 0),
    ],
)
def test_the_window_lies_nearest_to_the_focus_inside_the_picture(
    picture: Size, ratio: AspectRatio, focus: Focus, left: float, top: float
) -> None:
    seen = window(picture, ratio.size, focus)
    assert seen.left == pytest.approx(left, abs=0.001)
    assert seen.top == pytest.approx(top, abs=0.001)
    assert WHOLE.holds(seen)
    shape = seen.width * picture.width / (seen.height * picture.height)
    assert shape == pytest.approx(ratio.size.width / ratio.size.height)


def test_a_face_too_large_for_the_frame_is_shown_around_its_middle() -> None:
    seen = window(WIDE, PORTRAIT.size, face(0.3, 0.0, 0.9, 1.0))
    assert seen.x == pytest.approx(0.6)


def test_seen_closer_the_window_is_smaller_and_still_holds_the_face() -> None:
    focus = face(0.7, 0.1, 0.8, 0.4)
    seen = window(WIDE, SQUARE.size, focus, 1.5)
    assert seen.height == pytest.approx(1 / 1.5)
    assert seen.holds(focus.boxes[0])


@pytest.mark.parametrize(("ratio", "held"), [(PORTRAIT, 1), (FEED, 2), (SQUARE, 2), (LANDSCAPE, 3)], ids=str)
def test_as_many_people_as_fit_are_shown_the_largest_always(ratio: AspectRatio, held: int) -> None:
    people = (Box(0.3, 0.2, 0.5, 0.8), Box(0.55, 0.3, 0.7, 0.7), Box(0.05, 0.4, 0.15, 0.65))
    seen = window(WIDE, ratio.size, Focus(people, "face"))
    assert [seen.holds(person) for person in people] == [number < held for number in range(3)]


def test_the_middle_is_cropped_as_ever() -> None:
    assert crop_filter(WIDE, SQUARE.size, CENTRE) == "crop=1080:1080"
    aside = crop_filter(WIDE, SQUARE.size, face(0.9, 0.2, 1.0, 0.5))
    assert aside == "crop=1080:1080:(iw-ow)*1.0000:(ih-oh)*0.5000"


def moved(picture: Size, name: str) -> Container:
    return Container(picture, (Layer(Path("p.png"), 0, 0, picture, MOVES[name].track(1.0)),))


def seen_by(container: Container, frame: Size, number: int, span: int) -> Box:
    """What a frame of a move shows, as ``moves`` cuts it: around the view's middle, inside the picture."""
    view, size = container.layers[0].track.at(number, span), container.size
    cover = max(frame.width / size.width, frame.height / size.height) * view.zoom
    wide, high = frame.width / cover / size.width, frame.height / cover / size.height
    left = min(max(0.0, view.x - wide / 2), 1 - wide)
    top = min(max(0.0, view.y - high / 2), 1 - high)
    return Box(left, top, left + wide, top + high)


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("ratio", list(AspectRatio))
@pytest.mark.parametrize(
    ("picture", "box"),
    [
        (WIDE, Box(0.75, 0.1, 0.87, 0.45)),
        (WIDE, Box(0.05, 0.5, 0.15, 0.8)),
        (TALL, Box(0.2, 0.6, 0.5, 0.75)),
        (TALL, Box(0.55, 0.05, 0.85, 0.18)),
    ],
)
def test_a_move_keeps_the_face_in_the_frame_all_along(
    name: str, ratio: AspectRatio, picture: Size, box: Box
) -> None:
    container = framed(moved(picture, name), ratio.size, Focus((box,), "face"))
    near = Box(box.left + 0.005, box.top + 0.005, box.right - 0.005, box.bottom - 0.005)
    for number in range(60):
        seen = seen_by(container, ratio.size, number, 60)
        assert seen.holds(near), f"frame {number}: {seen}"


def test_a_move_still_moves() -> None:
    track = framed(moved(WIDE, "push"), SQUARE.size, face(0.7, 0.3, 0.8, 0.5)).layers[0].track
    assert track.end.zoom == MOVES["push"].end.zoom
    assert track.end.zoom > track.start.zoom


def test_a_crash_zoom_goes_no_closer_than_the_face_allows() -> None:
    track = framed(moved(TALL, "crash"), SQUARE.size, face(0.1, 0.3, 0.9, 0.7)).layers[0].track
    assert 1.0 < track.end.zoom < MOVES["crash"].end.zoom


def test_what_was_drawn_in_layers_and_what_has_no_focus_move_as_ever() -> None:
    one = moved(WIDE, "push")
    two = Container(one.size, one.layers * 2)
    assert framed(two, SQUARE.size, face(0.7, 0.3, 0.8, 0.5)) == two
    assert framed(one, SQUARE.size, CENTRE) == one


@pytest.mark.parametrize("text", ["", "[]", '{"found": "face"}', '{"boxes": [[0, 0, 1]], "found": "face"}'])
def test_what_is_no_focus_is_refused_in_words(text: str) -> None:
    with pytest.raises(TaskFailed, match="a focus can't be read"):
        read_focus(text)
