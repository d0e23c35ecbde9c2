"""Pictures with a camera move: reads a move container and says how ffmpeg composes it for one frame size.

The view is a window of the picture that glides; ``zoompan`` cuts it from a picture of 1.5 times the frame's
size. It rounds windows to whole pixels, of chroma too where planes move together: so each moves by itself.
Measured at 1080x1920 by a drawn bar, that is off an even run by 0.17 px (RMS; drift and 14% push) to 0.22
px (pan), where one pass over a picture of twice the size gave 0.28 to 0.34 px and took as
long, a tenth of the encoder's CPU; ``perspective`` rounds nothing, and costs half of the encoder's.
"""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.units import FPS, Size

_OVERSAMPLE = 1.5
_LARGEST_LAYER = 64 << 20
_LARGEST_SIDE = 16384
_ROUNDING, _INSIDE = 1e-6, 1.0005
_MOST_ZOOM = 4.0
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OverflowError),
    *(AttributeError, KeyError, ValueError, TypeError),
)
"""What reading a zip or JSON of unknown content may raise."""
_EASES = {"linear": "{p}", "inout": "({p}*{p}*(3-2*{p}))", "out": "(1-(1-{p})*(1-{p}))"}
RGB_TO_VIDEO = "out_color_matrix=bt709:out_range=tv:flags=bicubic"


@dataclass(frozen=True, slots=True)
class View:
    """A window of a picture: its centre in shares of the picture, ``zoom`` ≥ 1, where 1 covers the frame."""

    x: float
    y: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Layer:
    """One picture that moves from ``start`` to ``end``."""

    path: Path
    start: View
    end: View
    ease: str

    @property
    def views(self) -> tuple[View, View]:
        """Its first and its last."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Container:
    """A move container: layers from back to front, all of one size."""

    size: Size
    layers: tuple[Layer, ...]

    def zoomed(self, factor: float) -> Container:
        """The same move seen closer."""
        layers = tuple(
            Layer(layer.path, _closer(layer.start, factor), _closer(layer.end, factor), layer.ease)
            for layer in self.layers
        )
        return Container(self.size, layers)

    def ended(self) -> Container:
        """The view at the end of the move, standing still: what is left of an outgoing scene."""
        layers = tuple(Layer(layer.path, layer.end, layer.end, "linear") for layer in self.layers)
        return Container(self.size, layers)


def _closer(view: View, factor: float) -> View:
    return View(view.x, view.y, view.zoom * factor)


def still(path: Path, size: Size) -> Container:
    """A picture that does not move."""
    middle = View(0.5, 0.5, 1.0)
    return Container(size, (Layer(path, middle, middle, "linear"),))


def is_container(path: Path) -> bool:
    """The file starts like a zip, as move containers do and videos don't."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def read(path: Path, folder: Path) -> Container:
    """Unpacks a container's layers into ``folder``; raises TaskFailed when it is not one."""
    try:
        with zipfile.ZipFile(path) as archive:
            move = json.loads(archive.read("move.json"))
            layers = tuple(_layer(archive, folder, row) for row in move["layers"])
            size = Size(int(move["width"]), int(move["height"]))
        if not layers or not all(1 <= side <= _LARGEST_SIDE for side in (size.width, size.height)):
            raise ValueError(f"{len(layers)} layers of {size.width}x{size.height}")
        return Container(size, layers)
    except _DAMAGED as error:
        raise TaskFailed(
            f"a camera move can't be read: {error}", hint="run again: it is made anew"
        ) from error


def _layer(archive: zipfile.ZipFile, folder: Path, row: Mapping[str, Any]) -> Layer:
    name = Path(str(row["file"])).name
    info = archive.getinfo(str(row["file"]))
    if info.file_size > _LARGEST_LAYER:
        raise ValueError(f"{name} is too large")
    target = folder / name
    target.write_bytes(archive.read(info))
    ease = str(row.get("ease", "inout"))
    return Layer(target, _view(row["from"]), _view(row["to"]), ease if ease in _EASES else "inout")


def _view(row: Mapping[str, Any]) -> View:
    x, y, zoom = (float(row[name]) for name in ("x", "y", "zoom"))
    if not (0 <= x <= 1 and 0 <= y <= 1 and math.isfinite(zoom)):
        raise ValueError(f"a view at {x}, {y} with zoom {zoom}")
    return View(x, y, min(max(1.0, zoom), _MOST_ZOOM))


def layer_chains(
    ends: tuple[str, str], layer: Layer, picture: Size, frame: Size, times: tuple[int, int], *, alpha: bool
) -> list[str]:
    """Chains from one decoded picture to frames of the moving view; ``ends`` are the labels in and out.

    ``times`` are how many frames to make and how many the move takes: what comes after stands still at
    its end. Only what the view ever sees is scaled up, and set into a canvas of the frame's shape, so
    that a window as wide as the picture can glide over its whole height. Each plane moves by itself.
    """
    seen, (source, out) = _seen(layer, picture, frame), ends
    if layer.start == layer.end and not alpha:
        return [f"[{source}]{_standing(seen, frame, times[0])}[{out}]"]
    scale = max(frame.width / picture.width, frame.height / picture.height) * _OVERSAMPLE
    width, height = _even(seen.width * scale), _even(seen.height * scale)
    canvas = _canvas(Size(width, height), frame)
    left, top = (canvas.width - width) // 4 * 2, (canvas.height - height) // 4 * 2
    planes = "yuva" if alpha else "yuv"
    drawn = (
        f"crop={seen.width}:{seen.height}:{seen.left}:{seen.top}:exact=1,"
        f"scale={width}:{height}:{RGB_TO_VIDEO},format={planes}420p,"
        f"pad={canvas.width}:{canvas.height}:{left}:{top},extractplanes={'+'.join(planes)}"
    )
    base, least = (
        canvas.width / (frame.width * _OVERSAMPLE),
        max(canvas.width / width, canvas.height / height),
    )
    zooms = [
        max(view.zoom * base, least * _INSIDE) for view in layer.views
    ]  # rounding must not show what lies beside
    chains = [f"[{source}]{drawn}" + "".join(f"[{out}{plane}]" for plane in planes)]
    for plane in planes:
        share = 0.5 if plane in "uv" else 1.0
        within = _Part(round(left * share), round(top * share), round(width * share), round(height * share))
        glide = _glide(layer, zooms, picture, seen, within, times)
        size = f"{round(frame.width * share)}x{round(frame.height * share)}"
        chains.append(f"[{out}{plane}]{glide}:s={size}:fps={FPS}[{out}{plane}z]")
    moved = "".join(f"[{out}{plane}z]" for plane in planes)
    order = "0x00102030" if alpha else "0x001020"
    chains.append(f"{moved}mergeplanes={order}:{planes}420p,setsar=1[{out}]")
    return chains


def _glide(
    layer: Layer, zooms: Sequence[float], picture: Size, seen: _Part, within: _Part, times: tuple[int, int]
) -> str:
    """``zoompan`` over one plane, of which ``within`` is the picture."""
    frames, span = times
    progress = _EASES[layer.ease].format(p=f"min(1,on/{max(1, span - 1)})")
    zoom = _between(zooms, progress)
    across, down = within.width / seen.width, within.height / seen.height
    x = _between([within.left + (v.x * picture.width - seen.left) * across for v in layer.views], progress)
    y = _between([within.top + (v.y * picture.height - seen.top) * down for v in layer.views], progress)
    return (
        f"zoompan=z='{zoom}':x='clip({x}-iw/zoom/2,{within.left},{within.left + within.width}-iw/zoom)'"
        f":y='clip({y}-ih/zoom/2,{within.top},{within.top + within.height}-ih/zoom)':d={frames}"
    )


def _standing(seen: _Part, frame: Size, frames: int) -> str:
    return (
        f"crop={seen.width}:{seen.height}:{seen.left}:{seen.top}:exact=1,"
        f"scale={frame.width}:{frame.height}:{RGB_TO_VIDEO},format=yuv420p,setsar=1,fps={FPS},{hold(frames)}"
    )


def hold(frames: int) -> str:
    """Exactly so many frames: the last one is repeated where there are too few."""
    return f"tpad=stop_mode=clone:stop={frames},trim=end_frame={frames},setpts=N/{FPS}/TB"


@dataclass(frozen=True, slots=True)
class _Part:
    """A rectangle of the picture in its pixels."""

    left: int
    top: int
    width: int
    height: int


def _seen(layer: Layer, picture: Size, frame: Size) -> _Part:
    """What the view sees of the picture in all: the hull of its first and its last window.

    Centre and zoom run linearly, so that a window's edge (centre minus a constant over zoom) never
    leaves the hull of its ends.
    """
    cover = max(frame.width / picture.width, frame.height / picture.height)
    wide, high = frame.width / cover, frame.height / cover
    left, right = _reach([(view.x * picture.width, wide / view.zoom) for view in layer.views], picture.width)
    top, low = _reach([(view.y * picture.height, high / view.zoom) for view in layer.views], picture.height)
    return _Part(left, top, right - left, low - top)


def _reach(windows: Sequence[tuple[float, float]], whole: int) -> tuple[int, int]:
    """Hull of windows, given by centre and length, that are kept inside ``whole`` pixels."""
    starts = [min(max(0.0, middle - length / 2), whole - length) for middle, length in windows]
    ends = [start + length for start, (_, length) in zip(starts, windows, strict=True)]
    low = max(0, math.floor(min(starts) + _ROUNDING))
    return low, max(low + 1, min(whole, math.ceil(max(ends) - _ROUNDING)))


def _canvas(part: Size, frame: Size) -> Size:
    if part.width * frame.height >= part.height * frame.width:
        return Size(part.width, max(part.height, _even(part.width * frame.height / frame.width)))
    return Size(max(part.width, _even(part.height * frame.width / frame.height)), part.height)


def _even(number: float) -> int:
    return round(number / 2) * 2


def _between(ends: Sequence[float], progress: str) -> str:
    start, end = ends
    return f"{start:.6f}" if start == end else f"({start:.6f}+{end - start:.6f}*{progress})"


def moving(
    labels: Sequence[str], container: Container, frame: Size, frames: int, span: int, out: str
) -> list[str]:
    """Filter chains from the layers' input ``labels`` to ``out``."""
    chains = []
    for index, (label, layer) in enumerate(zip(labels, container.layers, strict=True)):
        ends, times = (label, f"{out}l{index}"), (frames, span)
        chains += layer_chains(ends, layer, container.size, frame, times, alpha=index > 0)
    below = f"{out}l0"
    for index in range(1, len(container.layers)):
        chains.append(f"[{below}][{out}l{index}]overlay=format=yuv420[{out}o{index}]")
        below = f"{out}o{index}"
    chains.append(f"[{below}]format=yuv420p,settb=1/{FPS}[{out}]")
    return chains
