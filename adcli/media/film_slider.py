"""A before-and-after wipe: two pictures, and a line with a handle where one gives way to the other.

The one that comes in is cut by its own edges: it slides in from outside while what it shows slides the other
way, so that it seems to stand still. That needs no mask, and no filter that looks at each pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from adcli.media.film import Film
from adcli.media.film_labels import label
from adcli.media.layout import Box
from adcli.units import FPS

if TYPE_CHECKING:
    from PIL import Image

_LINE, _KNOB = 5.0, 46.0
"""Width of the line and radius of the handle, in pixels of the design."""

_FINER = 4
_PATHS = {
    "once": "if(lt({p},0.5),4*pow({p},3),1-pow(2-2*{p},3)/2)",
    "back": "0.5-0.5*cos(2*PI*{p})",
    "peek": "if(lt({p},0.3),0.31-0.31*cos(PI*{p}/0.3),"
    "if(lt({p},0.6),0.5+0.12*cos(PI*({p}-0.3)/0.3),0.69-0.31*cos(PI*({p}-0.6)/0.4)))",
}
"""How far the line has come, 0 to 1, by the share P of its time."""


@dataclass(frozen=True, slots=True)
class Slide:
    """The line moves in a ``direction`` from frame ``start`` on, for so many frames, along a path."""

    direction: str
    start: int
    frames: int
    motion: str
    color: str
    labels: tuple[str, str] | None = None

    @property
    def is_level(self) -> bool:
        """The line moves to a side."""
        return self.direction in ("left", "right")

    def place(self, whole: int) -> str:
        """Expression of the line's distance from where it starts, in whole even pixels, by time ``t``.

        Filters don't agree on the number ``n`` of a frame.
        """
        part = f"clip((t*{FPS}-{self.start})/{self.frames - 1},0,1)"
        path = _PATHS[self.motion].format(p=part)
        return f"2*round({whole}*({path})/2)"


def add_slide(film: Film, before: str, after: str, slide: Slide) -> None:
    """The film becomes the wipe of these two labels, which are of its size."""
    wide, high = film.size.width, film.size.height
    whole = wide if slide.is_level else high
    gone = slide.place(whole)
    if slide.labels:
        before, after = _labelled(film, slide, before, after)
    # What comes in stands in a frame of twice the size, beside nothing; a window moves over it.
    first = slide.direction in ("right", "down")
    pad = (2 * wide, high) if slide.is_level else (wide, 2 * high)
    corner = (wide if first else 0, 0) if slide.is_level else (0, high if first else 0)
    shift, place = (gone, f"{gone}-{whole}") if first else (f"{whole}-({gone})", f"{whole}-({gone})")
    moved, laid = (f"{shift}:0", f"x='{place}':y=0") if slide.is_level else (f"0:{shift}", f"x=0:y='{place}'")
    across, down = moved.split(":") if slide.is_level else ("0", shift)
    window = film.chain(
        [after], f"pad={pad[0]}:{pad[1]}:{corner[0]}:{corner[1]},crop={wide}:{high}:x='{across}':y='{down}'"
    )
    film.become(film.chain([before, window], f"overlay={laid}:eval=frame:format=yuv420,format=yuv420p"))
    _lay_line(film, slide, whole)


def _lay_line(film: Film, slide: Slide, whole: int) -> None:
    """The line and its handle, hidden while they would stand on the frame's edge."""
    line = draw_line(film, slide)
    across = line.width if slide.is_level else line.height
    gone = slide.place(whole)
    at = gone if slide.direction in ("right", "down") else f"{whole}-({gone})"
    middle = f"{at}-{across // 4 * 2}"
    x, y = (middle, "0") if slide.is_level else ("0", middle)
    film.lay(film.picture(line), x, y, f"between({gone},1,{whole - 1})")


def _labelled(film: Film, slide: Slide, before: str, after: str) -> tuple[str, str]:
    """Both pictures with their texts, each on its own side."""
    assert slide.labels is not None
    sides = {"right": (1, 0), "left": (0, 1), "down": (1, 0), "up": (0, 1)}[slide.direction]
    made = []
    for picture, text, side in zip((before, after), slide.labels, sides, strict=True):
        frame, zone = film.frame, film.frame.zone
        drawn = label(text, film.fonts.text, round(34 * frame.unit), round(zone.width * 0.45))
        if drawn is None:
            made.append(picture)
            continue
        margin = 16 * frame.unit
        if slide.is_level:
            left = zone.right - margin - drawn.width if side else zone.left + margin
            top = zone.top + margin
        else:
            left = frame.center_x - drawn.width / 2
            top = zone.bottom - margin - drawn.height if side else zone.top + margin
        film.mark("label", Box(left, top, left + drawn.width, top + drawn.height))
        place = f"{round(left / 2) * 2}:{round(top / 2) * 2}"
        made.append(
            film.chain([picture, film.picture(drawn)], f"overlay={place}:format=yuv420,format=yuv420p")
        )
    return made[0], made[1]


def draw_line(film: Film, slide: Slide) -> Image.Image:
    """The line over the whole frame with a round handle in its middle and two arrows on it (RGBA)."""
    from PIL import Image, ImageDraw

    from adcli.media.film_shapes import shadowed

    unit, high = film.frame.unit, film.size.height if slide.is_level else film.size.width
    knob, blur = max(8.0, _KNOB * unit), max(2, round(6 * unit))
    wide = round(2 * knob) + 2
    large = Image.new("RGBA", (wide * _FINER, high * _FINER), (255, 255, 255, 0))
    pen, middle, x = ImageDraw.Draw(large), high * _FINER / 2, wide * _FINER / 2
    half = max(1.0, _LINE * unit / 2) * _FINER
    pen.rectangle((x - half, 0, x + half, high * _FINER), fill=slide.color)
    radius = knob * _FINER
    pen.ellipse((x - radius, middle - radius, x + radius, middle + radius), fill=slide.color)
    dark = _ink(slide.color)
    for side in (-1, 1):
        tip, back, up = x + side * radius * 0.62, x + side * radius * 0.27, radius * 0.3
        pen.line(
            [(back, middle - up), (tip, middle), (back, middle + up)],
            fill=dark,
            width=round(radius * 0.13),
            joint="curve",
        )
    drawn = shadowed(large.resize((wide, high), Image.Resampling.LANCZOS), blur, 0.6)
    drawn = drawn.crop((0, 2 * blur, drawn.width, drawn.height - 2 * blur))
    drawn = drawn.crop((0, 0, drawn.width // 4 * 4, drawn.height))
    return drawn if slide.is_level else drawn.transpose(Image.Transpose.ROTATE_90)


def _ink(colour: str) -> str:
    """What is seen on a colour."""
    from adcli.media.colour import WHITE, contrast, parse

    found = parse(colour) or WHITE
    return "#FFFFFF" if contrast(WHITE, found) > 3 else "#17171C"
