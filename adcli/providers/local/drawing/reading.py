"""What a picture shows, read from the wording of its prompt and its camera: place, light, framing, mood."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adcli.media.chance import seeded
from adcli.media.drawn_product import KINDS
from adcli.providers.local.drawing import light

PLACES: Mapping[str, str] = {
    "bathroom": "bathroom|shower|sink|skincare|toothbrush|vanity|washroom|bathtub",
    "kitchen": "kitchen|cooking|stove|fridge|breakfast|recipe|counter|oven|baking",
    "bedroom": "bedroom|\\bbed\\b|pillow|waking up|pajamas|dorm|bedside",
    "living": "living room|sofa|couch|cozy|cosy|at home|homely|armchair|lounge|hallway|"
    "door frame|tidy|cluttered|side table|doorway|window|sill|curtain|apartment|room",
    "office": "office|desk|laptop|meeting|coworking|cubicle|computer|startup|classroom|library|study",
    "gym": "gym|workout|fitness|treadmill|dumbbell|training|locker|boxing|crossfit|yoga",
    "cafe": "cafe|café|coffee shop|restaurant|bar\\b|bakery|diner|barista",
    "car": "\\bcar\\b|driving|driver|dashboard|backseat|taxi|parked",
    "shop": "shop|store|supermarket|aisle|shelf|shelves|market|boutique|mall|pharmacy",
    "city": "city|street|urban|downtown|skyline|rooftop|doorstep|subway|sidewalk|building|alley|crosswalk",
    "forest": "forest|woods?\\b|jungle|trees|hike|hiking|trail|camping|camp",
    "park": "park|garden|meadow|field|lawn|picnic|jog|jogging|outdoors?\\b",
    "desert": "desert|dunes?|canyon|road trip|highway",
    "nature": "mountains?|nature|ridge|lake|river|summit|alps|peak|valley",
    "beach": "beach|ocean|\\bsea\\b|seaside|tropical|island|summer|surf\\b|pool|sand\\b|waves",
    "workshop": "workshop|workbench|\\bbench|tools|garage|maker|craft|factory|warehouse|packing",
    "table": "top.?down|overhead|flat ?lay|from above|tabletop|on a table|clean table|wooden table|notebook",
    "screen": "green.?screen|product page|web ?page|website|cut-out|screenshot|video "
    "feed|browser|poster|on screen",
    "studio": "studio|plain|backdrop|seamless|single-colou?r|colou?r "
    "card|two-tone|packshot|podium|background|"
    "beauty shot|vignette",
    "abstract": "abstract|gradient|pattern|geometric|paper texture|magnifying|editorial|concept|waves of",
}
"""Wordings by the place that is drawn for them."""

_PERSON = re.compile(
    r"\b(person|people|woman|man|men|women|girl|guy|boy|lady|face|portrait|selfie|she|he|they|creator|founder|maker|"
    r"commentator|influencer|customer|mother|mom|father|dad|friend|friends|team|couple|speaker|presenter|someone|"
    r"mirror photo|mirror shot|talks?|talking|smiles|smiling|laughing|eyes|eyebrows?|chest-up|teen|student|"
    r"doctor|nurse|chef|athlete|model|character|victory dance|walking down)\b"
)
_HANDS = re.compile(
    r"\bhands?\b|\bpalm\b|\bfinger|first.person|\bpov\b|over the shoulder|knitted sleeve|thrusting|held "
    r"up\b"
)
_NOBODY = re.compile(r"no (people|person|humans?)|without (people|a person)|nobody")
_HERO = re.compile(
    r"macro|overhead|top.?down|flat ?lay|full.?screen|product "
    r"(page|shot)|packshot|centred|centered|poster|magnifying|"
    r"still life|split frame|notebook|tape\b|on a "
    r"(plain|bright|bold|shelf|table|desk|wooden|bench|rock|podium|messy)|"
    r"beside its|tissue paper|seam\b|wide frame|tight crop|side by side"
)
_MOODS: tuple[tuple[str, str], ...] = (
    (
        "surprise",
        r"surpris|shock|wide eyes|jaw|wow|amaz|gasp|raised eyebrow|raises an "
        r"eyebrow|disbelief|stunned|reaction",
    ),
    (
        "worried",
        r"annoy|sad\b|frustrat|tired|stress|sigh|pain\b|worr|upset|angry|confus|exhaust|struggl|itch|shrug|bored|"
        r"went wrong|flaw|flat grey|thoughtful|skeptic|sceptic",
    ),
    (
        "laugh",
        r"laugh|grin|excit|happy|joy|victory|dance|celebrat|cheer|mid-spin|ecstatic|delight|overjoyed|poses?\b|posing",
    ),
    (
        "talk",
        r"talk|speak|explain|says|tells|interview|commentator|podcast|review|to the camera|into the "
        r"lens|present",
    ),
    ("smile", r"smil|relax|calm|content|proud|satisf|pleased|friendly|confiden|at ease|relief"),
)
_CLAUSE = re.compile(
    r"\b(person|hands?)( of| in the middle| with the product)?:(.*?)(?=action:|theme:|mood:|$)", re.S
)


_FULL = re.compile(
    r"full.length|full body|\bwalk(s|ing)\b|danc(e|ing)|mid-spin|knee-up|wide (shot|frame)|jump|running"
)
_HIGH = re.compile(r"next to the face|held? (up|high|next)|lifted|selfie|raised|thrust|beside the face")
_CHEST = re.compile(r"lap\b|to the chest|\bdesk\b|at a table|chest-up")
_BESIDE = re.compile(
    r"within reach|standing in the foreground|on the sill|entering|reaching for|unopened|in a tote"
)


@dataclass(frozen=True, slots=True)
class Shot:
    """What one picture shows. ``framing`` is person, hands or product; ``near`` enlarges the person.

    ``full`` shows a person from head to foot. A held product is beside the face (``high``) or before the
    chest; with ``beside`` it stands in the picture by itself.
    """

    place: str
    light: str
    framing: str
    mood: str
    near: float
    selfie: bool = False
    cutout: bool = False
    split: bool = False
    friends: bool = False
    full: bool = False
    high: bool = False
    beside: bool = False
    prop: str | None = None


def read(params: Mapping[str, Any]) -> Shot:
    """The shot for the params of stage ``image``."""
    prompt, camera = _text(params, "prompt"), _text(params, "camera")
    character = params.get("character") or {}
    about = str(character.get("prompt") or "").casefold()
    scene = (
        _scene_words(prompt, about, _text(params, "product_name"))
        + " . "
        + camera.replace("first person", "pov")
    )
    rnd = seeded("shot", prompt, params.get("seed"))
    framing = _framing(scene, prompt, params, bool(about or character.get("name")))
    cutout = "cut-out" in scene or params.get("visual") == "green-screen"
    return Shot(
        place=_place(scene, about, framing, cutout, rnd),
        light=_light(scene, about, rnd),
        framing=framing,
        mood=_mood(scene, rnd),
        near=_near(scene),
        selfie=bool(
            re.search(r"selfie|arm's length|vlog|front camera", scene if "selfie" in scene else scene + about)
        ),
        cutout=cutout,
        split=bool(re.search(r"split|two-tone|side by side|half in dull|seam\b|before.{0,12}after", scene)),
        friends=bool(re.search(r"friends|team|couple|two people|two-shot|group|family", scene)),
        full=bool(_FULL.search(scene)) and framing == "person",
        high=bool(_HIGH.search(scene)) or (not _CHEST.search(scene) and rnd.random() < 0.5),
        beside=bool(_BESIDE.search(scene)),
        prop=_prop(scene + " " + about),
    )


def _scene_words(prompt: str, about: str, product: str) -> str:
    """The prompt without what it says of the person's looks and without the product's name."""
    for known in (about, product):
        if len(known) > 2:
            prompt = prompt.replace(known, " it ")
    return re.sub(r"first.person", "pov", _CLAUSE.sub(" ", prompt))


def _text(params: Mapping[str, Any], name: str) -> str:
    return str(params.get(name) or "").casefold()


def _framing(scene: str, prompt: str, params: Mapping[str, Any], someone: bool) -> str:
    if _NOBODY.search(prompt):
        return "product"
    if re.search(r"\bhands? of:", prompt) or (_HANDS.search(scene) and not _PERSON.search(scene)):
        return "hands"
    if re.search(r"\bperson( in the middle| with the product)?:", prompt):
        return (
            "hands" if re.search(r"over the shoulder|thrusting|tight shot of two hands", scene) else "person"
        )
    if _HERO.search(scene):
        return "product"
    if _PERSON.search(scene):
        return "person"
    named = str(params.get("product_name") or "").casefold()
    return "person" if someone and not (named and named in prompt) else "product"


def _place(scene: str, about: str, framing: str, cutout: bool, rnd: random.Random) -> str:
    if cutout:
        return "screen"
    for text in (scene, about):
        found = [
            (hit.start(), name)
            for name, words in PLACES.items()
            if (hit := re.search(rf"\b(?:{words})", text))
        ]
        if found:
            return min(found, key=lambda pair: pair[0])[1]
    return rnd.choice(
        ("living", "kitchen", "studio", "bedroom") if framing == "person" else ("studio", "abstract", "table")
    )


def _light(scene: str, about: str, rnd: random.Random) -> str:
    for text in (scene, about):
        words = re.findall(r"[\w-]+", text)
        for word in words:
            for name, known in light.WORDS.items():
                if word in known.split():
                    return name
    return rnd.choice(("day", "morning", "day", "golden"))


def _mood(scene: str, rnd: random.Random) -> str:
    found = [(hit.start(), name) for name, words in _MOODS if (hit := re.search(rf"\b(?:{words})", scene))]
    return min(found)[1] if found else rnd.choice(("smile", "talk", "laugh"))


def _near(scene: str) -> float:
    if re.search(r"close-?up|tight|extreme", scene) and "medium close" not in scene:
        return 1.16
    return (
        0.8
        if re.search(
            r"\bwide\b|full.length|full body|long lens|knee-up|from the hallway|seen from afar", scene
        )
        else 1.0
    )


def _prop(text: str) -> str | None:
    """A kind of thing that the wording puts into the picture."""
    words: Sequence[str] = re.findall(r"\w+", text)
    for word in words:
        for kind, known in KINDS.items():
            if word in known.split() and word not in (
                "box",
                "game",
                "service",
                "kit",
                "set",
                "bag",
                "drops",
                "mask",
            ):
                return kind
    return None
