from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from adcli.graph.task import Phrase
from adcli.providers.local import image as stage
from adcli.providers.local.drawing import setting
from adcli.providers.local.drawing.layers import draw_layers, flatten
from adcli.providers.local.drawing.light import LIGHTS
from adcli.providers.local.drawing.reading import PLACES, read
from tests.pictures.material import GREEN, bottle, job, near

MARIA = {"name": "Maria", "prompt": "woman, 30, freckles, bathroom selfie, morning light"}
BAND = (0, 448, 1152, 1600)


def drawn(**params: Any) -> Image.Image:
    return flatten(
        draw_layers({"seed": 42, **params}, params.pop("products", ()), params.pop("person", None))
    )


def test_the_same_request_gives_the_same_bytes_and_another_seed_or_prompt_another_picture(
    tmp_path: Path,
) -> None:
    def made(name: str, **change: Any) -> bytes:
        (tmp_path / name).mkdir()
        params = {"prompt": "a desk in an office", "seed": 42, "product_name": "Budget app"} | change
        return next(
            iter(stage.make(job("image", params, tmp_path / name)).outputs.values())
        ).path.read_bytes()  # type: ignore[union-attr]

    first = made("a")
    assert first == made("b")
    assert first != made("c", seed=43)
    assert first != made("d", prompt="a desk in a gym")


def test_a_picture_is_an_opaque_png_of_the_standard_size(tmp_path: Path) -> None:
    made = stage.make(job("image", {"prompt": "abstract waves", "seed": 1, "product_name": "x"}, tmp_path))
    file = made.outputs["image"]
    assert not isinstance(file, str)
    with Image.open(file.path) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (1152, 2048))
    assert file.meta == {"width": 1152, "height": 2048}


@pytest.mark.parametrize(
    ("prompt", "alpha"),
    [
        ("A smiling person with Glow in hand, kitchen. Person: woman, 30", True),
        ("A smiling person with Glow in hand, kitchen. Person: woman, 30", False),
        ("First-person view of two hands holding Glow", False),
        ("Glow on a plain studio background", False),
        ("Overhead flat lay: Glow and its box", False),
        ("Cut-out of a commentator before a picture of Glow, green-screen look. Person: woman, 30", False),
    ],
)
def test_the_product_is_seen_in_the_central_square_whatever_the_shot(
    tmp_path: Path, prompt: str, alpha: bool
) -> None:
    params = {
        "prompt": prompt,
        "seed": 42,
        "product_name": "Glow",
        "products": [{"$asset": "a0"}],
        "character": MARIA,
        "colors": ["#c0504d"],
    }
    file = stage.make(job("image", params, tmp_path, bottle(tmp_path / "bottle.png", alpha=alpha))).outputs[
        "image"
    ]
    assert not isinstance(file, str)
    with Image.open(file.path) as image:
        assert near(image.crop(BAND), GREEN) > 8_000


def test_a_product_without_a_photo_is_drawn_in_the_brands_colour() -> None:
    plain = drawn(prompt="man in an office", character={"name": "Bob", "prompt": "man"})
    shown = drawn(
        prompt="man in an office",
        character={"name": "Bob", "prompt": "man"},
        product_name="Ice bottle",
        colors=["#14c83c"],
    )
    assert near(shown.crop(BAND), GREEN) > near(plain.crop(BAND), GREEN) + 5_000


def test_one_character_looks_the_same_in_two_scenes_and_unlike_another() -> None:
    from adcli.providers.local.drawing.look import look_of

    assert look_of(MARIA) == look_of(dict(MARIA))
    assert look_of(MARIA) != look_of({"name": "Bob", "prompt": "man, 40, office"})
    ann = drawn(prompt="face in a gym", character={"name": "Ann", "prompt": "blonde woman, ponytail"})
    joe = drawn(prompt="face in a gym", character={"name": "Joe", "prompt": "bearded man, black hair"})
    changed = ImageChops.difference(ann, joe).convert("L").point([0] * 24 + [255] * 232)
    box = changed.getbbox()
    assert box is not None and box[3] - box[1] > 500


def test_layers_are_full_size_and_the_subject_leaves_room_around_it() -> None:
    layers = draw_layers(
        {"prompt": "woman in a cafe", "seed": 1, "character": MARIA, "product_name": "Mug"}, (), None
    )
    assert [layer.size for layer in layers] == [(1152, 2048)] * 4
    assert {layer.mode for layer in layers} == {"RGBA"}
    assert layers[0].getchannel("A").getextrema() == (255, 255)
    box = layers.subject.getchannel("A").point([0] * 200 + [255] * 56).getbbox()
    assert box is not None and 300 < box[1] < 640, "head between the title and the upper edge of the square"


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_place_that_can_be_read_can_be_drawn(place: str) -> None:
    import random

    from adcli.media import svg
    from adcli.providers.local.drawing.light import palette
    from adcli.providers.local.drawing.scene import CANVAS

    for light in ("night", "day"):
        rnd = random.Random(1)
        kit = setting.PLACES[place](palette(light, rnd, ()), rnd)
        assert svg.rasterise(kit.back, CANVAS, 0.1).getchannel("A").getextrema() == (255, 255)
        assert svg.rasterise(kit.mid, CANVAS, 0.1).getchannel("A").getbbox()


def test_places_that_are_read_are_those_that_are_drawn() -> None:
    assert set(PLACES) == set(setting.PLACES)


@pytest.mark.parametrize(
    ("prompt", "place", "light", "framing", "mood"),
    [
        ("woman, 30, freckles, bathroom selfie, morning light", "bathroom", "morning", "person", None),
        ("man, 40, office, holding phone", "office", None, "person", None),
        ("Golden-hour mountain ridge, steel bottle on a rock", "nature", "golden", "product", None),
        ("neon-lit gym at night, an athlete surprised", "gym", "neon", "person", "surprise"),
        ("first-person view of two hands holding Glow, blurred living room", "living", None, "hands", None),
        ("close-up of an annoyed face in a cluttered room", "living", None, "person", "worried"),
        ("Macro of Glow, light running across its surface", None, None, "product", None),
        ("Overhead flat lay of a box", "table", None, "product", None),
        ("beach at sunset, no people", "beach", "golden", "product", None),
    ],
)
def test_the_wording_decides_place_light_framing_and_mood(
    prompt: str, place: str | None, light: str | None, framing: str, mood: str | None
) -> None:
    shot = read({"prompt": prompt, "seed": 1, "product_name": "Glow"})
    assert shot.framing == framing
    assert place in (None, shot.place)
    assert light in (None, shot.light)
    assert mood in (None, shot.mood)
    assert shot.light in LIGHTS


def test_what_a_character_is_like_does_not_decide_where_a_scene_plays() -> None:
    prompt = f"A person smiles on the doorstep in daylight, Glow in a tote bag. Person: {MARIA['prompt']}"
    assert read({"prompt": prompt, "seed": 1, "character": MARIA}).place == "city"
    assert (
        read({"prompt": f"A person. Person: {MARIA['prompt']}", "seed": 1, "character": MARIA}).place
        == "bathroom"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "word " * 400,
        "🧴✨👩‍👩‍👧 🇺🇸 1️⃣",
        "صورة امرأة في الحمام مع المنتج",
        "<svg onload=x> & ]]> </g> &lt; \" '",
        "\x00\ud800\u202e",
    ],
)
def test_any_text_gives_a_picture(text: str) -> None:
    character = {"name": text[:40], "prompt": text}
    image = drawn(
        prompt=text,
        camera=text,
        character=character,
        product_name=text[:80],
        product_description=text,
        colors=[text[:9]],
    )
    assert image.size == (1152, 2048)


def test_only_what_the_drawing_depends_on_is_in_the_params() -> None:
    prompt = Phrase(("x",))
    fields = {
        "prompt": prompt,
        "seed": 42,
        "width": 1152,
        "height": 2048,
        "aspect": "9:16",
        "visual": "animated",
        "products": [{"$asset": "a"}, {"$asset": "b"}],
        "product_name": "Glow",
        "product_description": "a serum",
        "character": MARIA,
        "camera": "push",
        "colors": [],
    }
    assert stage.body(fields) == {
        "prompt": prompt,
        "seed": 42,
        "products": [{"$asset": "a"}],
        "product_name": "Glow",
        "character": MARIA,
        "camera": "push",
    }


def test_a_given_person_is_cut_out_or_fills_the_frame() -> None:
    cut = Image.new("RGBA", (300, 600), (0, 0, 0, 0))
    cut.paste((200, 30, 200, 255), (100, 100, 200, 600))
    full = Image.new("RGBA", (600, 900), (30, 30, 200, 255))
    full.paste((200, 30, 200, 255), (0, 0, 600, 450))
    for photo, least in ((cut, 100_000), (full, 400_000)):
        image = drawn(prompt="a person in a studio", character=MARIA, person=photo)
        assert near(image, (200, 30, 200), 110) > least
