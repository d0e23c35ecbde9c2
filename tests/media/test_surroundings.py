"""What lies around an upright picture in a wide frame goes on where the picture ends, without its subject."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from adcli.media.layers import Container, Layer, still
from adcli.media.surroundings import draw_surroundings
from adcli.media.tracks import STILL
from adcli.units import Size

PICTURE, FRAME = Size(90, 160), Size(640, 160)


def layers(folder: Path) -> Container:
    """A room, green on the left and blue on the right, and a red person in its middle."""
    room = Image.new("RGBA", (PICTURE.width, PICTURE.height), (0, 0, 200, 255))
    room.paste((0, 200, 0, 255), (0, 0, PICTURE.width // 2, PICTURE.height))
    room.save(folder / "room.png")
    Image.new("RGBA", (30, 80), (255, 0, 0, 255)).save(folder / "person.png")
    back = Layer(folder / "room.png", 0, 0, PICTURE, STILL, 0.4)
    return Container(PICTURE, (back, Layer(folder / "person.png", 30, 60, Size(30, 80), STILL, 1.0)))


def drawn(container: Container, folder: Path) -> np.ndarray:
    draw_surroundings(container, PICTURE, FRAME, folder / "around.png")
    with Image.open(folder / "around.png") as picture:
        assert (picture.size, picture.mode) == ((FRAME.width, FRAME.height), "RGB")
        return np.asarray(picture, int)


def test_the_picture_goes_on_at_both_edges(tmp_path: Path) -> None:
    pixels = drawn(layers(tmp_path), tmp_path)
    left, right = (FRAME.width - PICTURE.width) // 2, (FRAME.width + PICTURE.width) // 2
    assert pixels[80, left - 20].argmax() == 1, "green goes on to the left"
    assert pixels[80, right + 20].argmax() == 2, "blue goes on to the right"
    assert pixels[80, left - 60].argmax() == 2, "and then the picture is mirrored"


def test_the_subject_stands_there_once(tmp_path: Path) -> None:
    assert drawn(layers(tmp_path), tmp_path)[..., 0].max() < 30


def test_a_picture_of_one_layer_is_taken_as_it_is(tmp_path: Path) -> None:
    whole = Image.new("RGB", (PICTURE.width, PICTURE.height), (200, 0, 0))
    whole.save(tmp_path / "photo.png")
    one = still(tmp_path / "photo.png", PICTURE)
    assert drawn(one, tmp_path)[..., 0].min() > 100
    assert drawn(one, tmp_path)[..., 1].max() < 10
