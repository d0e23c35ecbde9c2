"""What a person looks like: read from the character's words, the rest always the same for one character."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from adcli.media.chance import seeded
from adcli.media.colour import Colour, parse
from adcli.providers.local.voices import Sex, sex_of


@dataclass(frozen=True, slots=True)
class Look:
    """One person: the same in every picture of a character."""

    woman: bool
    senior: bool
    skin: Colour
    hair: Colour
    style: str
    eyes: Colour
    beard: str
    glasses: bool
    freckles: bool
    earrings: bool
    headwear: str
    top: str
    cloth: Colour
    under: Colour
    trousers: Colour

    @property
    def shade(self) -> Colour:
        """Skin away from the light."""
        return self.skin.mix(Colour(122, 40, 48), 0.3)

    @property
    def glow(self) -> Colour:
        """Skin towards the light."""
        return self.skin.lighter(0.24)


_SKIN = {
    "fair": "#f8d6c2",
    "light": "#f2c3a3",
    "olive": "#e0ac84",
    "tan": "#c98f66",
    "brown": "#a36a45",
    "deep": "#74472f",
}
_SKIN_WORDS = {
    "deep": "black african nigerian ghanaian kenyan jamaican somali ethiopian dark-skinned",
    "brown": "indian pakistani bangladeshi brown-skinned mixed-race afro-latina",
    "tan": "latina latino hispanic mexican brazilian arab tanned filipino filipina middle-eastern bronze",
    "olive": (
        "mediterranean italian greek turkish spanish asian korean japanese chinese thai vietnamese olive"
    ),
    "fair": "pale freckles freckled redhead ginger irish nordic scandinavian swedish fair",
    "light": "caucasian white european american german french ukrainian polish",
}
_HAIR = {
    "black": "#231b1f",
    "brown": "#4e2f22",
    "chestnut": "#7a4428",
    "blonde": "#dcae62",
    "red": "#b4502a",
    "grey": "#a9adb5",
    "pink": "#e686ae",
    "blue": "#4b74c9",
}
_HAIR_WORDS = {
    "blonde": "blonde-beard blond-beard blonde blond golden-haired",
    "red": "red-beard redhead ginger red-haired red-hair auburn",
    "grey": "grey-beard gray-beard silver-beard white-beard grey-haired gray-haired "
    "silver grey-hair gray-hair white-hair silver-haired white-haired",
    "black": "black-beard dark-beard black-haired black-hair dark-haired dark-hair",
    "brown": "brown-beard brunette brown-haired brown-hair",
    "pink": "pink-haired pink-hair",
    "blue": "blue-haired blue-hair",
}
_STYLE_WORDS = {
    "bun": "bun topknot updo",
    "ponytail": "ponytail",
    "bob": "bob short-haired",
    "curly": "curly-hair curly curls wavy-curly ringlets",
    "afro": "afro",
    "straight": "straight-hair sleek",
    "long": "long-hair long-haired wavy-hair wavy jesus",
    "bald": "bald shaved-head",
    "buzz": "buzzcut buzz-cut buzz crewcut",
    "pixie": "pixie",
}
_TOP_WORDS = {
    "coat": "doctor dentist dermatologist scientist pharmacist nurse lab",
    "blazer": (
        "blazer suit businesswoman businessman ceo lawyer executive founder entrepreneur manager "
        "realtor office"
    ),
    "robe": "robe bathrobe spa bathroom jesus monk holy towel pajamas pyjamas",
    "tank": "gym fitness athlete trainer yoga tank-top workout runner coach sporty",
    "apron": "apron chef cook baker barista kitchen waiter waitress",
    "jacket": "jacket parka outdoor hiking hiker anorak raincoat windbreaker climber outside",
    "dress": "dress gown skirt elegant",
    "hoodie": "hoodie gamer student teen teenager skater sweatshirt streamer developer",
    "shirt": "shirt teacher professor accountant dad father grandpa farmer mechanic",
    "turtleneck": "turtleneck sweater cardigan jumper knit cozy cosy winter grandma",
    "tee": "t-shirt tee tshirt casual",
}
_CLOTH = ("#e8735a", "#3f7d8c", "#f0b64a", "#6b6fb5", "#7fa37c", "#d98ba6", "#33455e", "#f3ece1", "#b8543f")
_EYES = ("#5a3a22", "#3f6d8c", "#5b7a4a", "#3b2a20")
_PAIRS = re.compile(
    r"\b((?:(?:blonde|blond|red|grey|gray|silver|white|black|dark|brown|pink|blue|long|short|straight|curly|wavy)"
    r"(?:,| and|,? and)? ){1,3})(hair|haired|beard|skinned|skin)\b"
)


def words_of(text: str) -> list[str]:
    """Lower-case words; pairs such as "red hair" are joined by a hyphen and stand first, the closest before.

    "Long curly hair" is ``curly-hair``, ``long-hair``.
    """
    folded = text.casefold()
    found = [(re.findall(r"\w+", words), noun) for words, noun in _PAIRS.findall(folded)]
    pairs = [f"{word}-{noun}" for words, noun in found for word in reversed(words) if word != "and"]
    return pairs + re.findall(r"[\w'-]+", folded)


def pick(words: list[str], table: Mapping[str, str]) -> str | None:
    """The entry of ``table`` whose word comes first."""
    for word in words:
        for name, known in table.items():
            if word in known.split():
                return name
    return None


def look_of(character: Mapping[str, Any]) -> Look:
    """The look of ``{"name", "prompt"}``; a changed prompt changes only what its words say."""
    prompt = str(character.get("prompt") or "")
    rnd = seeded("look", character.get("name"))
    words = words_of(prompt)
    guessed = rnd.random() < 0.55
    sex = sex_of(None, character)
    woman = guessed if sex is None else sex is Sex.WOMAN
    return _described(_born(rnd, woman), words, prompt)


def _born(rnd: random.Random, woman: bool) -> Look:
    """What nobody said."""
    styles = (
        ("long", "straight", "bob", "bun", "ponytail", "curly")
        if woman
        else ("crop", "side", "buzz", "curlytop")
    )
    skin = rnd.choice(("fair", "light", "olive", "tan", "brown", "deep"))
    dark = skin in ("brown", "deep")
    hair = rnd.choice(("black", "brown") if dark else ("black", "brown", "chestnut", "blonde", "chestnut"))
    style, cloth, beard = rnd.choice(styles), rnd.choice(_CLOTH), rnd.choice(("", "stubble", "beard", ""))
    top = rnd.choice(("tee", "shirt", "turtleneck", "hoodie"))
    return Look(
        woman=woman,
        senior=False,
        skin=_hex(_SKIN[skin]),
        hair=_hex(_HAIR[hair]),
        style="curly" if dark and style == "straight" else style,
        eyes=_hex(_EYES[0] if dark else rnd.choice(_EYES)),
        beard="" if woman else beard,
        glasses=False,
        freckles=False,
        earrings=woman and rnd.random() < 0.6,
        headwear="",
        top=top,
        cloth=_hex(cloth),
        under=_hex("#f6f1ea"),
        trousers=_hex(rnd.choice(("#34466b", "#2b2d3a", "#5a6d8c", "#6b5a4a"))),
    )


def _described(look: Look, words: list[str], prompt: str) -> Look:
    """The person with everything that the words say."""
    known = set(words)
    ages = [int(found) for found in re.findall(r"\b([1-9]\d)\b", prompt)]
    old = {
        "elderly",
        "senior",
        "grandma",
        "grandmother",
        "grandpa",
        "grandfather",
        "retired",
        "old",
        "pensioner",
    }
    senior = bool(old & known) or any(55 <= age <= 99 for age in ages)
    hair = pick(words, _HAIR_WORDS) or ("grey" if senior else None)
    skin = pick(words, _SKIN_WORDS)
    if skin is None and hair in ("blonde", "red") and look.skin.luminance < 0.4:
        skin = "light"
    style = pick(words, _STYLE_WORDS)
    top = pick(words, _TOP_WORDS)
    covered = _headwear(known) == "hijab" and (top or look.top) in ("tee", "tank")
    top = "turtleneck" if covered else top
    return replace(
        look,
        senior=senior,
        skin=_hex(_SKIN[skin]) if skin else look.skin,
        hair=_hex(_HAIR[hair]) if hair else look.hair,
        style=style or look.style,
        beard=_beard(look, known, young=any(age < 26 for age in ages)),
        glasses=bool({"glasses", "spectacles", "eyeglasses"} & known),
        freckles=bool({"freckles", "freckled"} & known),
        earrings=look.earrings or bool({"earrings", "hoops"} & known),
        headwear=_headwear(known),
        top=top or look.top,
        cloth=_cloth(words) or (_hex("#f7f3ee") if top in ("robe", "coat") else look.cloth),
    )


def _beard(look: Look, known: set[str], *, young: bool) -> str:
    if {"clean-shaven", "shaven"} & known or look.woman:
        return ""
    if {"beard", "bearded", "jesus"} & known:
        return "beard"
    if {"moustache", "mustache"} & known:
        return "moustache"
    if "stubble" in known:
        return "stubble"
    return "" if young else look.beard


def _headwear(known: set[str]) -> str:
    for name, words in {
        "hijab": {"hijab", "headscarf", "veil", "nun", "holy_woman"},
        "cap": {"cap", "baseball"},
        "beanie": {"beanie", "hat"},
        "headphones": {"headphones", "gamer", "dj", "podcaster", "podcast"},
    }.items():
        if words & known:
            return name
    return ""


_NAMED = {
    "red": "#d8473d",
    "blue": "#3d6fc4",
    "green": "#4c8f63",
    "yellow": "#f2c53d",
    "black": "#2c2c34",
    "white": "#f6f2ec",
    "pink": "#ee92b2",
    "purple": "#7d5fb8",
    "orange": "#f0873c",
    "navy": "#2c3e66",
    "beige": "#dcc6a6",
    "grey": "#9aa0a8",
    "gray": "#9aa0a8",
    "denim": "#5b7fae",
    "lilac": "#b9a0dc",
    "violet": "#7d5fb8",
    "mint": "#a8dcc4",
    "teal": "#2f8f8c",
    "turquoise": "#3fb8b0",
    "brown": "#8a5c3c",
    "burgundy": "#7c2b3a",
    "coral": "#f2826b",
    "cream": "#f3e9d6",
    "olive": "#7d8048",
    "gold": "#d9a93c",
}
_GARMENTS = {
    "shirt",
    "t-shirt",
    "tee",
    "hoodie",
    "sweater",
    "blazer",
    "dress",
    "top",
    "jacket",
    "suit",
    "jumper",
    "coat",
    "raincoat",
    "cardigan",
    "blouse",
    "vest",
    "polo",
    "turtleneck",
    "sweatshirt",
    "apron",
    "robe",
}


def _cloth(words: list[str]) -> Colour | None:
    """Colour of a garment: "red hoodie"."""
    for colour, garment in pairwise(words):
        if colour in _NAMED and garment in _GARMENTS:
            return _hex(_NAMED[colour])
    return None


def _hex(text: str) -> Colour:
    colour = parse(text)
    if colour is None:
        raise ValueError(text)
    return colour
