"""ASS documents: the only way in which text reaches ffmpeg, besides pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from adcli.media.fonts import BLACK, Font
from adcli.media.scripts import Run, has_direction, mirrored
from adcli.units import Size

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WORD_JOINER, _LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u2060", "\u200e", "\u200f"
_STYLE = (
    "Style: {name},{font},{size:.2f},{color},{color},{outline_color},{back},0,0,0,0,100,100,0,0,1,"
    "{outline:.2f},{shadow:.2f},5,0,0,0,1"
)
_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
{styles}

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
{events}
"""


def escape(text: str, font: Font = BLACK, ink: str = "", leftward: bool | None = None) -> str:
    """User text that libass draws literally in a style of ``font``: no override block, no control character.

    What another face has to draw is led by its name and size and ends with the style's own again. Lines
    with letters that run to the left are written as they are seen, from left to right, so that nothing
    depends on how libass orders parts in different fonts; marks of direction keep it from ordering anew.
    ``ink`` is the event's own colour (as ``color`` writes it), where that is not its style's: after an emoji
    it is taken up again. ``leftward`` is the direction of the text that this is part of.
    """
    return r"\N".join(_line(line, font, ink, leftward) for line in _CONTROL.sub("", text).split("\n"))


def _line(text: str, font: Font, ink: str, leftward: bool | None) -> str:
    runs = font.runs(text, leftward)
    between = _LEFT_TO_RIGHT if any(run.backwards for run in runs) else ""
    return between.join(_emoji(run, ink) if run.layers else _run(run, font) for run in runs)


def _emoji(run: Run, ink: str) -> str:
    """Its shapes upon each other; libass draws all outlines of an event below all its fills."""
    shapes = (f"{{\\1c{color(shape.colour)}{_opacity(shape.alpha)}}}{shape.mark}" for shape in run.layers)
    return f"{{\\fn{run.face.name}}}{''.join(shapes)}{{\\fn\\1c{ink}\\1a}}"


def _opacity(alpha: float) -> str:
    return f"\\1a&H{round(255 * (1 - alpha)):02X}&"


def _run(run: Run, font: Font) -> str:
    text = run.text
    if run.backwards:
        text = f"{_RIGHT_TO_LEFT}{text}{_RIGHT_TO_LEFT}" if has_direction(text) else mirrored(text)
    text = _literal(text)
    if run.face == font.face:
        return text
    ratio = run.face.ass_size(1) / font.ass_size(1)
    if abs(ratio - 1) < 1e-3:
        return f"{{\\fn{run.face.name}}}{text}{{\\fn}}"
    tags, back = f"\\fn{run.face.name}\\fs{_relative(ratio)}", f"\\fn\\fs{_relative(1 / ratio)}"
    return f"{_WORD_JOINER}{{{tags}}}{text}{{{back}}}"  # something of the style's own keeps the line's height


def _relative(ratio: float) -> str:
    """A factor of the size that is in force, as ``\\fs`` takes it: in signed tenths."""
    return f"{10 * (ratio - 1):+.4f}"


def _literal(text: str) -> str:
    """A word joiner after each backslash keeps it from joining the next letter into an escape."""
    return text.replace("\\", f"\\{_WORD_JOINER}").replace("{", r"\{").replace("}", r"\}")


def color(hexadecimal: str, alpha: int = 0) -> str:
    """``#RRGGBB`` as ASS writes it; ``alpha`` 0 is opaque."""
    red, green, blue = hexadecimal[1:3], hexadecimal[3:5], hexadecimal[5:7]
    return f"&H{alpha:02X}{blue}{green}{red}&".upper()


def time(seconds: float) -> str:
    """``H:MM:SS.cc``, rounded down: rounded up, what starts on a frame would miss that frame."""
    hundredths = max(0, int(seconds * 100 + 1e-6))
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest // 100:02d}.{rest % 100:02d}"


@dataclass(frozen=True, slots=True)
class Style:
    """A named look: an em of ``pixels``, colours as ``#RRGGBB``, outline and shadow in pixels."""

    name: str
    pixels: float
    color: str
    font: Font = BLACK
    outline_color: str = "#000000"
    outline: float = 0.0
    shadow: float = 0.0

    def line(self) -> str:
        """The style's line of the document."""
        return _STYLE.format(
            name=self.name,
            font=self.font.name,
            size=self.font.ass_size(self.pixels),
            color=color(self.color),
            outline_color=color(self.outline_color),
            back=color("#000000", 0x64),
            outline=self.outline,
            shadow=self.shadow,
        )


@dataclass(frozen=True, slots=True)
class TextBox:
    """What a text covers, outline and bounce included: pixels of the frame, seconds of the segment."""

    kind: str
    start: float
    end: float
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Document:
    """Events over one segment; times in seconds from its first frame. ``boxes`` tells where text stands."""

    size: Size
    seconds: float
    styles: list[Style] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    boxes: list[TextBox] = field(default_factory=list)

    def add(self, start: float, end: float, style: str, text: str, layer: int = 0) -> None:
        """Adds one event, cut to the segment; ``text`` is ASS: user text goes through ``escape``."""
        start, end = max(0.0, start), min(self.seconds, end)
        if end - start >= 0.01:
            self.events.append(f"Dialogue: {layer},{time(start)},{time(end)},{style},,0,0,0,,{text}")

    def box(
        self, kind: str, start: float, end: float, left: float, top: float, right: float, bottom: float
    ) -> None:
        """Notes what a text of a kind (``caption``, ``title`` …) covers while it is seen."""
        start, end = max(0.0, start), min(self.seconds, end)
        if end - start >= 0.01:
            self.boxes.append(TextBox(kind, start, end, left, top, right, bottom))

    def text(self) -> str:
        """The whole document."""
        styles = "\n".join(style.line() for style in self.styles)
        events = "\n".join(self.events)
        return _HEAD.format(width=self.size.width, height=self.size.height, styles=styles, events=events)
