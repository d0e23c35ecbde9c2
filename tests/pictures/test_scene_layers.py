"""A scene's four layers: complete, near things out of the way, the product where crops keep it."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from adcli.media import svg
from adcli.providers.local.drawing.layers import Layers, draw_layers, flatten
from adcli.providers.local.drawing.light import LIGHTS, palette
from adcli.providers.local.drawing.scene import CANVAS
from adcli.providers.local.drawing.setting import PLACES
from tests.pictures.material import GREEN

SQUARE = (0, 448, 1152, 1600)
"""What every crop down to 1:1 keeps."""

ANN = {"name": "Ann", "prompt": "woman, 30, green eyes"}
SHOTS = (
    "Glow on a rock, golden-hour mountains",
    "Glow on a plain studio background",
    "Overhead flat lay: Glow and a notebook",
    "First-person view of two hands holding Glow, kitchen",
    "A smiling person with Glow in hand, street at night",
    "A person in a tidy room, Glow within reach",
    "Full-length shot, dancing in a bedroom with Glow",
    "Cut-out of a commentator before Glow, green-screen look",
)


def product() -> Image.Image:
    """A green bottle's photo on nothing."""
    photo = Image.new("RGBA", (300, 600), (0, 0, 0, 0))
    photo.paste((*GREEN, 255), (60, 20, 240, 580))
    return photo


def fresh(prompt: str, seed: int) -> Layers:
    params = {"prompt": prompt, "seed": seed, "product_name": "Glow", "character": ANN}
    return draw_layers(params, [product()], None)


@cache
def drawn(prompt: str, seed: int = 1) -> Layers:
    """The layers, drawn once for all tests."""
    return fresh(prompt, seed)


def is_green(image: Image.Image) -> Any:
    """Where the green of the product's photo shows, whatever the light."""
    red, green, blue, alpha = (np.asarray(image).astype(int)[..., n] for n in range(4))
    return (green > 2 * red) & (green > 1.7 * blue) & (green > 60) & (alpha > 250)


@pytest.mark.parametrize("prompt", SHOTS)
def test_layers_are_whole_and_in_order(prompt: str) -> None:
    layers = drawn(prompt)
    assert {layer.size for layer in layers} == {(CANVAS.width, CANVAS.height)}
    assert {layer.mode for layer in layers} == {"RGBA"}
    assert layers.sky.getchannel("A").getextrema() == (255, 255)
    assert layers.mid.getchannel("A").getbbox()

    product_seen = is_green(layers.subject)
    rows, columns = np.nonzero(product_seen)
    assert product_seen.sum() > 15_000
    assert rows.min() >= SQUARE[1] and rows.max() <= SQUARE[3]
    assert columns.min() >= 40 and columns.max() <= CANVAS.width - 40


@pytest.mark.parametrize("prompt", SHOTS)
def test_near_things_leave_the_middle_free(prompt: str) -> None:
    near = np.asarray(drawn(prompt).near.getchannel("A"))
    assert near[500:1500, 300:852].max() < 8
    assert near[:, :120].max() > 20, "something frames the picture"


@pytest.mark.parametrize("place", sorted(PLACES))
def test_near_things_of_every_place_leave_the_middle_free(place: str) -> None:
    for seed in range(4):
        rnd = random.Random(seed)
        near = svg.rasterise(PLACES[place](palette("golden", rnd, ()), rnd).near, CANVAS, 0.25)
        assert np.asarray(near.getchannel("A"))[140:360, 75:213].max() == 0


@pytest.mark.parametrize("prompt", [SHOTS[0], SHOTS[1], SHOTS[4]])
def test_another_seed_composes_another_picture(prompt: str) -> None:
    small = [flatten(drawn(prompt, seed)).resize((144, 256)) for seed in (1, 2)]
    first, second = (np.asarray(image).astype(int) for image in small)
    changed = (np.abs(first - second).max(axis=2) > 24).mean()
    assert changed > 0.12


@pytest.mark.parametrize("prompt", [SHOTS[0], SHOTS[4]])
def test_the_same_request_gives_the_same_pixels(prompt: str) -> None:
    assert [layer.tobytes() for layer in drawn(prompt)] == [layer.tobytes() for layer in fresh(prompt, 1)]


def test_each_light_has_a_look_of_its_own() -> None:
    means = {}
    for light in LIGHTS:
        rnd = random.Random(1)
        back = svg.rasterise(PLACES["nature"](palette(light, rnd, ()), rnd).back, CANVAS, 0.05)
        means[light] = np.asarray(back.resize((8, 16))).astype(int)
    names = list(means)
    for n, one in enumerate(names):
        for other in names[n + 1 :]:
            assert np.abs(means[one] - means[other]).mean() > 6, (one, other)


def test_a_product_stands_in_a_shadow() -> None:
    with_shadow = np.asarray(drawn(SHOTS[1]).subject).astype(int)
    rows, columns = np.nonzero(is_green(Image.fromarray(with_shadow.astype(np.uint8))))
    foot, left, right = rows.max(), columns.min(), columns.max()
    below = with_shadow[foot + 6 : foot + 14, (left + right) // 2 - 40 : (left + right) // 2 + 40, :3].mean()
    beside = with_shadow[foot + 6 : foot + 14, right + 120 : right + 200, :3].mean()
    assert below < 0.8 * beside


def test_a_person_with_a_background_fills_the_farthest_layer_and_a_cut_out_stands_before_it() -> None:
    full = Image.new("RGBA", (600, 900), (30, 30, 200, 255))
    cut = Image.new("RGBA", (600, 900), (0, 0, 0, 0))
    cut.paste((200, 40, 160, 255), (150, 100, 450, 900))
    params = {"prompt": "a person talks in a cafe", "seed": 1, "character": ANN}
    whole = draw_layers(params, (), full)
    assert np.asarray(whole.sky)[1000, 576].tolist() == [30, 30, 200, 255]
    standing = draw_layers(params, (), cut)
    assert np.asarray(standing.sky)[1000, 576].tolist() != [30, 30, 200, 255]
    box = standing.subject.getchannel("A").point([0] * 250 + [255] * 6).getbbox()
    assert box is not None and box[3] == CANVAS.height, "stands on the lower edge"
