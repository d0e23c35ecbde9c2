"""What Runway's own and hosted models take, as data: ratios, lengths, and values that adcli always states.

Sources are the field lists of its SDK (runwayml 5.24) and its price list. A model that isn't listed gets
only what every model of its stage has, and the user adds the rest under ``models.STAGE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adcli.keys import Json
from adcli.registry import Seconds

_PICTURES = {
    "9:16": "1080:1920",
    "16:9": "1920:1080",
    "1:1": "1080:1080",
    "3:4": "1080:1440",
    "4:5": "1080:1440",
}
_CLIPS = {"9:16": "720:1280", "16:9": "1280:720", "1:1": "960:960", "4:5": "832:1104"}
_LARGE_CLIPS = {"9:16": "1080:1920", "16:9": "1920:1080"}
_TWO_TO_TEN = Seconds(2, 10, tuple(range(2, 11)))


@dataclass(frozen=True, slots=True)
class Model:
    """``ratios`` are those that it makes, by aspect; ``references`` the pictures that it may be shown.

    ``fixed`` are inputs that decide result or price. ``sold`` are the lengths that it sells.
    """

    ratios: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Json] = field(default_factory=dict)
    sold: Seconds | None = None
    has_seed: bool = True
    references: int = 0


_USUAL = Model(has_seed=False, references=3)

MODELS: Mapping[str, Mapping[str, Model]] = {
    "image": {
        "gen4_image": Model(_PICTURES, references=3),
        "gen4_image_turbo": Model(_PICTURES, references=3),
    },
    "animate": {
        "gen4_turbo": Model(_CLIPS, sold=_TWO_TO_TEN),
        "gen4.5": Model(_CLIPS, sold=_TWO_TO_TEN),
        "kling2.5_turbo_pro": Model(fixed={"cfgScale": 0.5}, sold=Seconds(5, 10, (5, 10)), has_seed=False),
        "veo3.1": Model(_LARGE_CLIPS, {"audio": False}, Seconds(4, 8, (4, 6, 8))),
        "veo3.1_fast": Model(_LARGE_CLIPS, {"audio": False}, Seconds(4, 8, (4, 6, 8))),
    },
}


def listed(stage: str, name: str) -> Model | None:
    """The model of that name; None when adcli doesn't know it."""
    return MODELS["image" if stage == "portrait" else stage].get(name)


def known(stage: str, name: str) -> Model:
    """The model of that name, or what all of its stage have in common."""
    return listed(stage, name) or _USUAL
