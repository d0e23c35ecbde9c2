"""Which place, light, framing and pose a wording gives."""

from __future__ import annotations

import pytest

from adcli.media.colour import Colour
from adcli.providers.local.drawing.look import look_of
from adcli.providers.local.drawing.reading import Shot, read


def shot(prompt: str, **params: str) -> Shot:
    return read({"prompt": prompt, "seed": 1, "product_name": "Glow", **params})


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("on a mountain summit", "nature"),
        ("in the forest among trees", "forest"),
        ("on a park lawn", "park"),
        ("at the seaside, palms", "beach"),
        ("a desert canyon", "desert"),
        ("downtown street", "city"),
        ("at the kitchen counter", "kitchen"),
        ("in the shower", "bathroom"),
        ("dark gym with dumbbells", "gym"),
        ("seamless studio backdrop", "studio"),
        ("an office meeting", "office"),
        ("abstract gradient", "abstract"),
        ("on the sofa", "living"),
        ("waking up in the bedroom", "bedroom"),
        ("in a cafe", "cafe"),
        ("driving, dashboard", "car"),
        ("a supermarket aisle", "shop"),
        ("flat lay from above", "table"),
        ("on a workbench among tools", "workshop"),
        ("a product page", "screen"),
    ],
)
def test_a_wording_names_its_place(words: str, place: str) -> None:
    assert shot(f"Glow, {words}").place == place


@pytest.mark.parametrize(
    ("words", "light"),
    [
        ("at sunrise", "sunrise"),
        ("early morning", "morning"),
        ("bright daylight", "day"),
        ("golden-hour", "golden"),
        ("at dusk", "dusk"),
        ("at midnight", "night"),
        ("neon signs", "neon"),
        ("a rainy day", "overcast"),
    ],
)
def test_a_wording_names_its_light(words: str, light: str) -> None:
    assert shot(f"Glow on a street, {words}").light == light


@pytest.mark.parametrize(
    ("prompt", "framing"),
    [
        ("Glow on a rock", "product"),
        ("Macro of Glow", "product"),
        ("A woman with Glow", "person"),
        ("Two hands hold Glow", "hands"),
        ("Over the shoulder of a person using Glow. Person: man, 40", "hands"),
        ("A street with nobody in it", "product"),
    ],
)
def test_a_wording_names_its_framing(prompt: str, framing: str) -> None:
    assert shot(prompt).framing == framing


@pytest.mark.parametrize(
    ("prompt", "trait"),
    [
        ("Full-length shot of a person with Glow", "full"),
        ("A person walks through a park with Glow", "full"),
        ("Selfie of a woman, Glow held next to the face", "high"),
        ("A person at ease, Glow within reach", "beside"),
        ("Two friends laugh with Glow", "friends"),
        ("Selfie of a woman", "selfie"),
        ("Split frame of dull and bright halves", "split"),
    ],
)
def test_a_wording_names_its_composition(prompt: str, trait: str) -> None:
    assert getattr(shot(prompt), trait)
    assert not getattr(shot("A person looks into the lens in a studio"), trait)


def test_wide_eyes_are_no_wide_shot() -> None:
    assert not shot("Selfie with wide eyes, a woman in a cafe").full


def test_a_product_in_the_lap_is_not_held_up() -> None:
    assert not shot("A person on a sofa talks, Glow in the lap").high


@pytest.mark.parametrize(
    ("prompt", "trait", "value"),
    [
        ("woman, 70", "senior", True),
        ("woman, 30", "senior", False),
        ("man with a beard", "beard", "beard"),
        ("man, clean-shaven", "beard", ""),
        ("woman with glasses", "glasses", True),
        ("woman, freckles", "freckles", True),
        ("woman with a hijab", "headwear", "hijab"),
        ("boy with a cap", "headwear", "cap"),
        ("bald man", "style", "bald"),
        ("woman, afro", "style", "afro"),
        ("doctor", "top", "coat"),
        ("chef", "top", "apron"),
        ("woman, outdoor jacket", "top", "jacket"),
        ("woman in a red dress", "top", "dress"),
        ("fitness trainer", "top", "tank"),
        ("founder of a startup", "top", "blazer"),
        ("woman, long dark wavy hair", "style", "long"),
        ("woman, long dark wavy hair", "hair", look_of({"prompt": "woman, dark hair"}).hair),
        ("woman, long, curly hair", "style", "curly"),
        ("woman with straight and blonde hair", "style", "straight"),
        ("woman in a yellow raincoat", "cloth", Colour(242, 197, 61)),
        ("woman, lilac hoodie", "cloth", Colour(185, 160, 220)),
        ("man, 24", "beard", ""),
        ("man, 45, short grey beard", "hair", look_of({"prompt": "man, grey hair"}).hair),
        ("man, 24, full beard", "beard", "beard"),
    ],
)
def test_a_person_looks_like_their_description(prompt: str, trait: str, value: object) -> None:
    for name in ("Ann", "Bob", "Kim"):
        assert getattr(look_of({"name": name, "prompt": prompt}), trait) == value
