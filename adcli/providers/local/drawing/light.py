"""The light of a scene and the colours that follow from it, with the brand's colours mixed in."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adcli.media.colour import Colour, hsl, parse

WORDS: Mapping[str, str] = {
    "neon": "neon neon-lit cyberpunk club led rgb nightclub party synthwave arcade colourful glowing",
    "dusk": "dusk twilight evening blue-hour nightfall",
    "night": "night midnight dark moonlit moonlight bedtime late insomnia lamp candlelight stars",
    "golden": "golden sunset sunlit warm golden-hour cinematic autumn homely",
    "sunrise": "sunrise dawn daybreak",
    "morning": "morning breakfast early wake waking soft",
    "overcast": "gloomy sad frustrated grey gray rain rainy overcast cloudy dull before tired messy problem "
    "fog stressed pain desaturated moody cold worried struggling annoyed winter snow",
    "day": "day daylight bright noon sunny airy clean fresh natural afternoon white ring flash summer",
}
"""Words of prompts by the light they mean."""


@dataclass(frozen=True, slots=True)
class Light:
    """Colours of one light.

    ``sky`` runs from the zenith to the horizon. ``wash`` multiplies places with ``strength``. People and
    products are multiplied by ``key`` towards the light (upper right) and by ``shade`` away from it.
    """

    sky: tuple[Colour, Colour, Colour, Colour]
    wash: Colour
    strength: float
    glow: Colour
    glow_strength: float
    key: Colour
    shade: Colour
    dark: bool = False

    @property
    def sky_top(self) -> Colour:
        """The zenith."""
        return self.sky[0]

    @property
    def sky_low(self) -> Colour:
        """The horizon, which is also the colour of haze."""
        return self.sky[3]


def _light(sky: str, wash: str, strength: float, glow: str, glowing: float, sides: str) -> Light:
    top, upper, lower, low = (_hex(part) for part in sky.split())
    key, shade = (_hex(part) for part in sides.split())
    return Light((top, upper, lower, low), _hex(wash), strength, _hex(glow), glowing, key, shade)


def _dark(light: Light) -> Light:
    return Light(
        light.sky, light.wash, light.strength, light.glow, light.glow_strength, light.key, light.shade, True
    )


def _hex(text: str) -> Colour:
    colour = parse(text)
    if colour is None:
        raise ValueError(text)
    return colour


LIGHTS: Mapping[str, Light] = {
    "sunrise": _light("#5f78c4 #b58fcb #ffab9c #ffe0b0", "#ffe1d2", 0.6, "#ffd08a", 0.75, "#fff3e2 #cdb8da"),
    "morning": _light("#6fb6ea #a6d5f2 #dcecf0 #ffedd0", "#fff3e2", 0.6, "#ffe7b8", 0.6, "#fffaf0 #d5d8ea"),
    "day": _light("#2f8fe0 #6bb9f2 #a8dbfa #e4f6ff", "#ffffff", 0.0, "#fff7e0", 0.5, "#ffffff #d3dcec"),
    "golden": _light("#33246b #9a3d8f #f0706a #ffc07a", "#ffc79c", 0.65, "#ffbf63", 0.85, "#fff0da #cba2ae"),
    "dusk": _dark(
        _light("#141c4f #3c3a86 #8d5aa6 #f29a8e", "#9d8fd0", 0.75, "#ffb07a", 0.6, "#ffe6d8 #8f86c4")
    ),
    "night": _dark(
        _light("#070b26 #131c4d #26367c #4a5aa8", "#6b78c4", 0.78, "#ffc678", 0.6, "#f2e6e4 #7a80c0")
    ),
    "neon": _dark(
        _light("#0d0629 #2b0f5e #6a1b9a #e0369a", "#8a62dc", 0.75, "#ff4fc3", 0.65, "#ffe4f4 #7f78e6")
    ),
    "overcast": _light("#6f8292 #8fa1ad #b3c0c8 #d3dade", "#b4bfc8", 0.75, "#eef3f5", 0.3, "#f4f6f8 #b3bcc9"),
}
"""Lights by name."""

_WALLS = ("#c9d8c5", "#f0cfc0", "#eed9b4", "#bcd6e4", "#d3cbe8", "#e2b59e", "#a9ccc6", "#f2d08e", "#8fb3b8")
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
    stage: Colour

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
    stage = rnd.choice(
        (
            hsl(accent.hue + 0.5, 0.62, 0.7),
            hsl(accent.hue + 0.42, 0.55, 0.66),
            _hex("#efc9a6").mix(accent, 0.08),
            hsl(0.62 if not 0.5 < accent.hue < 0.74 else 0.94, 0.42, 0.36),
            hsl(accent.hue - 0.14, 0.5, 0.68),
        )
    )
    return Palette(LIGHTS[name], wall, wood.mix(wall, 0.25), wood, accent, second, leaf, stage)
