"""The light of a scene and the colours that follow from it, with the brand's colours mixed in."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adcli.media.colour import Colour, hsl, parse

WORDS: Mapping[str, str] = {
    "neon": "neon neon-lit cyberpunk club led rgb nightclub party synthwave arcade",
    "night": "night midnight evening dark moonlit moonlight bedtime late insomnia lamp candlelight",
    "golden": "golden sunset dusk sunlit warm golden-hour cinematic autumn",
    "morning": "morning sunrise dawn breakfast early wake waking soft",
    "gloomy": "gloomy sad frustrated grey gray rain rainy overcast dull before tired messy problem "
    "stressed pain "
    "desaturated moody cold worried struggling annoyed",
    "day": "day daylight bright noon sunny airy clean fresh natural afternoon white",
}
"""Words of prompts by the light they mean."""


@dataclass(frozen=True, slots=True)
class Light:
    """Colours of one light: the sky outside, the colour it washes things with, and its glow."""

    sky_top: Colour
    sky_low: Colour
    wash: Colour
    strength: float
    glow: Colour
    glow_strength: float
    dark: bool = False


def _light(
    top: str, low: str, wash: str, strength: float, glow: str, glowing: float, dark: bool = False
) -> Light:
    return Light(_hex(top), _hex(low), _hex(wash), strength, _hex(glow), glowing, dark)


def _hex(text: str) -> Colour:
    colour = parse(text)
    if colour is None:
        raise ValueError(text)
    return colour


LIGHTS: Mapping[str, Light] = {
    "morning": _light("#9fd0ee", "#ffe6c4", "#fff1df", 0.35, "#ffe2b0", 0.55),
    "day": _light("#5cb3ee", "#d9f1ff", "#ffffff", 0.0, "#ffffff", 0.4),
    "golden": _light("#53307e", "#ff9d5c", "#ffb98a", 0.55, "#ffb45e", 0.7),
    "night": _light("#0c1233", "#3a3a86", "#5560a8", 0.78, "#ffbf6b", 0.55, True),
    "neon": _light("#150a35", "#6b1f8f", "#7a4fd0", 0.78, "#ff4fc3", 0.6, True),
    "gloomy": _light("#75848f", "#b9c2c6", "#97a5b0", 0.6, "#dfe7ea", 0.25),
}
"""Lights by name; ``wash`` multiplies the background with ``strength``."""

_WALLS = ("#dfe7da", "#f3ddd2", "#efe3cf", "#d5e3ec", "#e3dcee", "#e9cdbb", "#cfe0dc", "#f0d9a8")
_WOODS = ("#b98a5e", "#8f623f", "#d3ab7d", "#6f4a33")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that a place is drawn with."""

    light: Light
    wall: Colour
    floor: Colour
    wood: Colour
    accent: Colour
    second: Colour
    leaf: Colour

    @property
    def ink(self) -> Colour:
        """The darkest tone of the place."""
        return self.wall.darker(0.82)

    @property
    def trim(self) -> Colour:
        """Painted wood, frames, ceramics."""
        return self.wall.lighter(0.72)


def palette(name: str, rnd: random.Random, brand: Sequence[Colour]) -> Palette:
    """A palette for a light; the wall leans to the brand's first colour, accents take the rest."""
    wall, wood = _hex(rnd.choice(_WALLS)), _hex(rnd.choice(_WOODS))
    accent = hsl(rnd.choice((0.02, 0.09, 0.47, 0.56, 0.93)), 0.6, 0.56)
    if brand:
        wall = wall.mix(brand[0].lighter(0.6), 0.45)
        accent = max(brand[:3], key=lambda colour: colour.saturation * (0.2 < colour.luminance + 0.15 < 0.95))
    second = hsl(accent.hue + rnd.choice((0.08, -0.1, 0.5)), 0.42, 0.6)
    leaf = hsl(rnd.uniform(0.3, 0.42), 0.34, rnd.uniform(0.32, 0.42))
    return Palette(LIGHTS[name], wall, wood.mix(wall, 0.25), wood, accent, second, leaf)
