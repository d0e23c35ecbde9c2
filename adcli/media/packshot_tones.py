"""Colours of a packshot, made from the brand's so that every text can be read (WCAG 2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from adcli.media.colour import WHITE, Colour, contrast, hsl, readable

_DEFAULT = Colour(255, 90, 60)
GOLD = Colour(255, 176, 0)
LEAST = 4.5
"""Contrast that every text has on its ground."""

_PALE, _CHARCOAL = 0.45, Colour(22, 21, 26)
_APART = 1.25
"""Contrast that a button has to its ground at least: less drowns."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A coloured face and the colour of text on it."""

    face: Colour
    ink: Colour


@dataclass(frozen=True, slots=True)
class Tones:
    """Colours of one packshot; ``ground`` to ``low`` is what texts stand on, ``main`` the brand's own."""

    main: Colour
    second: Colour
    ground: Colour
    low: Colour
    ink: Colour
    quiet: Colour
    button: Pair
    badge: Pair


def brand(colours: tuple[Colour, ...]) -> tuple[Colour, Colour]:
    """Main and accent colour: the brand's first two, the main one strong, else what goes with it."""
    main = next((colour for colour in colours if colour.saturation > 0.2), (*colours, _DEFAULT)[0])
    rest = [colour for colour in colours if colour != main]
    return main, rest[0] if rest else hsl(main.hue + 0.09, 0.6, 0.62)


def face(colour: Colour) -> Pair:
    """A colour to write on: white where a slightly deeper shade allows it, else dark on the colour itself."""
    if contrast(WHITE, colour) >= 2.9:
        return Pair(readable_ground(colour), WHITE)
    return Pair(colour, readable(colour.darker(0.8), colour, 7.0))


def readable_ground(colour: Colour) -> Colour:
    """The colour, as little deeper as white text needs."""
    for step in range(21):
        tried = colour.darker(step / 20)
        if contrast(WHITE, tried) >= LEAST:
            return tried
    return colour.darker(1.0)


def button_on(tones: Tones, ground: Colour) -> Pair:
    """The button's colours where it stands; white or dark where its own would drown in that ground."""
    deep = readable(tones.main.darker(0.86), WHITE, 9.0)
    pairs = (tones.button, Pair(WHITE, readable(tones.main, WHITE, LEAST)), Pair(deep, WHITE))
    return next((pair for pair in pairs if contrast(pair.face, ground) >= _APART), tones.button)


def light(colours: tuple[Colour, ...], tint: float = 0.09) -> Tones:
    """A pale ground tinted by the brand, deep type, the button in the accent colour where there is one."""
    main, second = brand(colours)
    ground = WHITE.mix(main, tint).mix(Colour(255, 246, 230), 0.35)
    low = WHITE.mix(main, tint * 3.2).mix(Colour(255, 236, 214), 0.25)
    ink = readable(main.darker(0.86), low, 9.0)
    return Tones(
        main, second, ground, low, ink, readable(ink.mix(low, 0.22), low, 5.5), *_accents(colours, low, ink)
    )


def dark(colours: tuple[Colour, ...]) -> Tones:
    """A deep ground of the brand's hue, pale type."""
    main, second = brand(colours)
    ground, low = main.darker(0.74), main.darker(0.93)
    if main.luminance > _PALE:  # a deep yellow would be mud
        ground, low = _CHARCOAL.mix(main, 0.07), _CHARCOAL.mix(main, 0.02)
    ink = readable(WHITE.mix(main, 0.04), ground, 9.0)
    return Tones(
        main,
        second,
        ground,
        low,
        ink,
        readable(ink.mix(ground, 0.18), ground, 5.5),
        *_accents(colours, ground, ink),
    )


def _accents(colours: tuple[Colour, ...], ground: Colour, ink: Colour) -> tuple[Pair, Pair]:
    """Button and badge: the accent colour and the main one, as far as they stand out from the ground."""
    main, second = brand(colours)
    given = [second, main] if len(colours) > 1 else [main]
    strong = [pair for colour in given if contrast((pair := face(colour)).face, ground) >= _APART]
    deep = Pair(ink, readable(ground, ink, 7.0))
    button = strong[0] if strong else deep
    return button, strong[1] if len(strong) > 1 else (deep if strong else button)
