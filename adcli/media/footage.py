"""Turns what a scene is made from into one ffmpeg graph label of exact frames at one frame size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adcli.errors import ToolMissing
from adcli.media import ffmpeg, moves
from adcli.media.conform import NEEDED_FOR_HDR, conform_filters, is_hdr
from adcli.media.ffmpeg import WHITELIST
from adcli.media.framing import CENTRE, Focus, crop_filter
from adcli.media.layers import Container
from adcli.media.layout import Box
from adcli.media.probe import Probe, probe
from adcli.media.surroundings import draw_surroundings
from adcli.units import FPS, Size

_FROM_FRAME = (
    8  # the blurred background is made from a copy of an eighth of the size: looks the same, costs half
)
_BLUR = "gblur=sigma=4,lutyuv=y=(val-16)*0.74+16:u=(val-128)*0.85+128:v=(val-128)*0.85+128"
"""Dim and a little grey, so that it lies behind what it is a copy of."""

SEEN = 0.1
"""Seconds for which a picture may stand still before anybody sees it."""

_EARLY = 0.003  # a seek right to a frame's time, once rounded, may miss that frame


@dataclass(slots=True)
class Graph:
    """Inputs and filter chains of one ffmpeg call in ``folder``, as they are collected.

    ``held`` tells by label for how many seconds the last picture of a short clip stands still, ``texts`` what
    the parts of a drawn picture that are read cover.
    """

    folder: Path
    arguments: list[str] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)
    held: dict[str, float] = field(default_factory=dict)
    texts: dict[str, Mapping[str, Box]] = field(default_factory=dict)
    _inputs: dict[tuple[str, ...], str] = field(default_factory=dict)

    def input(self, path: Path, *before: str) -> str:
        """An input file below ``folder``; gives the label of its video. It is opened once.

        Its name is relative: the folder's own may hold ``%`` or ``:``, which ffmpeg would read as more.
        """
        wanted = (*before, "-i", str(path.relative_to(self.folder)))
        if wanted not in self._inputs:
            self.arguments += ["-threads", "1", *wanted]
            self._inputs[wanted] = f"{len(self._inputs)}:v"
        return self._inputs[wanted]

    def place(self, name: str) -> Path:
        """A folder below ``folder`` for what is read under that name; what is there already is used again."""
        place = self.folder / name
        place.mkdir(exist_ok=True)
        return place

    def text(self) -> str:
        """The whole filter graph."""
        return ";".join(self.chains)


@dataclass(frozen=True, slots=True)
class Shot:
    """What is seen: ``frames`` of a picture of this ``size``, for a move that spans ``span`` frames.

    A clip that is cropped keeps its ``focus`` in the frame; a move does so by its own path (``framed``).
    """

    frame: Size
    frames: int
    span: int
    fit: str
    focus: Focus = CENTRE


def add_moving(graph: Graph, container: Container, shot: Shot, out: str) -> None:
    """A picture with a move, cropped to the frame or set before its surroundings, which are soft and dim."""
    labels = [graph.input(layer.path, *WHITELIST) for layer in container.layers]
    if shot.fit == "crop":
        size = _covering(container.size, shot.frame, 1.0)
        graph.chains += moves.moving(labels, container, size, shot.frames, shot.span, f"{out}all")
        place = moves.middle(container, size, shot.frame, shot.span)
        filters = f"crop={shot.frame.width}:{shot.frame.height}:{place[0]}:{place[1]}"
        graph.chains.append(f"[{out}all]{filters}[{out}]")
        return
    inner = inner_size(container.size, shot.frame)
    around = graph.folder / f"{out}-around.png"
    draw_surroundings(container, inner, shot.frame, around)
    still = f"scale={moves.RGB_TO_VIDEO},format=yuv420p,setsar=1,fps={FPS},{moves.hold(shot.frames)}"
    graph.chains.append(f"[{graph.input(around, *WHITELIST)}]{still}[{out}bg]")
    graph.chains += moves.moving(labels, container, inner, shot.frames, shot.span, f"{out}fg")
    _lay(graph, inner, shot.frame, out)


def named_mp4(source: Path, folder: Path) -> Path:
    """A link to a clip under a name that needs no escaping."""
    link = folder / "clip.mp4"
    if not link.is_symlink():
        link.symlink_to(source.resolve())
    return link


def add_clip(graph: Graph, path: Path, at: float, zoom: float, shot: Shot, out: str) -> None:
    """A video from ``at`` seconds on; a clip that is too short stands still at its end.

    Raises TaskFailed when there is no whole video, ToolMissing for HDR that this ffmpeg can't tone-map.
    """
    found, conformed = open_clip(graph, path, at, _closer(shot.frame, zoom))
    graph.held[out] = max(0.0, at + shot.frames / FPS - found.duration)
    exact = f"{conformed},{moves.hold(shot.frames)}"
    if shot.fit == "crop":
        filters = f"{exact},{_filled(found.shown, shot, zoom)},setsar=1,settb=1/{FPS},format=yuv420p"
        graph.chains.append(f"{filters}[{out}]")
        return
    closer = f"crop=iw/{zoom:.4f}:ih/{zoom:.4f}," if zoom > 1 else ""
    inner = inner_size(found.shown, shot.frame)
    fit = f"scale={inner.width}:{inner.height}:{moves.RGB_TO_VIDEO},setsar=1,format=yuv420p"
    graph.chains.append(f"{exact},{closer}{fit},split[{out}fg][{out}bgin]")
    graph.chains.append(
        f"[{out}bgin]{_middle(inner, shot.frame)},{cover(_eighth(shot.frame))},format=yuv420p,{_BLUR},"
        f"scale={shot.frame.width}:{shot.frame.height}:flags=bilinear,setsar=1[{out}bg]"
    )
    _lay(graph, inner, shot.frame, out)


def open_clip(graph: Graph, path: Path, at: float, cover: Size) -> tuple[Probe, str]:
    """A video as an input from ``at`` seconds on: what it holds, and a chain's beginning that conforms it.

    Raises TaskFailed and ToolMissing as ``add_clip`` does.
    """
    found = probe(path)
    check_tools(found)
    start = max(0.0, min(at, found.last_frame) - _EARLY)
    label = graph.input(path, *WHITELIST, "-ss", f"{start:.4f}")
    return found, f"[{label}]{conform_filters(found, cover)}"


def check_tools(found: Probe) -> None:
    """Raises ToolMissing for an HDR video that this ffmpeg can't tone-map."""
    missing = ffmpeg.lacking(NEEDED_FOR_HDR) if is_hdr(found.colour) else ()
    if missing:
        message = f"the clip is HDR, and {ffmpeg.find_ffmpeg()} lacks {' and '.join(missing)}"
        raise ToolMissing(message, hint="pip install imageio-ffmpeg>=0.6, or give the clip in SDR")


def add_still(graph: Graph, path: Path, frames: int, out: str) -> None:
    """A finished picture of exactly the frame's size."""
    label = graph.input(path, *WHITELIST)
    graph.chains.append(
        f"[{label}]scale={moves.RGB_TO_VIDEO},format=yuv420p,setsar=1,fps={FPS},{moves.hold(frames)},"
        f"settb=1/{FPS}[{out}]"
    )


def inner_size(picture: Size, frame: Size) -> Size:
    """The largest size of a picture's shape that fits the frame, even on both sides."""
    scale = min(frame.width / picture.width, frame.height / picture.height)
    width, height = round(picture.width * scale / 2) * 2, round(picture.height * scale / 2) * 2
    return Size(max(2, min(width, frame.width)), max(2, min(height, frame.height)))


def _lay(graph: Graph, inner: Size, frame: Size, out: str) -> None:
    """The inner picture between strips of its surroundings: half the work of laying it upon them."""
    if inner.height == frame.height:
        before, stack = (frame.width - inner.width) // 4 * 2, "hstack=3"
        first = f"crop={before}:{frame.height}:0:0"
        last = f"crop={frame.width - inner.width - before}:{frame.height}:{before + inner.width}:0"
    else:
        before, stack = (frame.height - inner.height) // 4 * 2, "vstack=3"
        first = f"crop={frame.width}:{before}:0:0"
        last = f"crop={frame.width}:{frame.height - inner.height - before}:0:{before + inner.height}"
    if inner == frame or before < 2:  # strips that hold no pixel of chroma can't be cut
        graph.chains.append(
            f"[{out}bg][{out}fg]overlay=(W-w)/2:(H-h)/2:format=yuv420,setsar=1,settb=1/{FPS},format=yuv420p[{out}]"
        )
        return
    graph.chains += [
        f"[{out}bg]split[{out}bga][{out}bgb]",
        f"[{out}bga]{first}[{out}bg1]",
        f"[{out}bgb]{last}[{out}bg2]",
        f"[{out}bg1][{out}fg][{out}bg2]{stack},setsar=1,settb=1/{FPS},format=yuv420p[{out}]",
    ]


def cover(frame: Size, zoom: float = 1.0) -> str:
    """Filters that fill a frame with the middle of any picture, ``zoom`` times as large."""
    size = _closer(frame, zoom)
    scale = f"scale={size.width}:{size.height}:force_original_aspect_ratio=increase:{moves.RGB_TO_VIDEO}"
    return f"{scale},crop={frame.width}:{frame.height}"


def _filled(shown: Size, shot: Shot, zoom: float) -> str:
    """As ``cover``, of a known size: ratios whose frames it covers at one size share the scaling."""
    frame = shot.frame
    size = _covering(shown, frame, zoom)
    scaled = "" if size == shown else f"scale={size.width}:{size.height}:{moves.RGB_TO_VIDEO},"
    return scaled + crop_filter(shown, frame, shot.focus, zoom)


def _covering(shown: Size, frame: Size, zoom: float) -> Size:
    """The size, even on both sides, at which a picture covers a frame."""
    scale = max(frame.width / shown.width, frame.height / shown.height) * zoom
    return Size(*(math.ceil(side * scale / 2 - 0.01) * 2 for side in (shown.width, shown.height)))


def _middle(inner: Size, frame: Size) -> str:
    """The part of a picture that has the frame's shape: all that its blurred surroundings show."""
    share = min(inner.width / frame.width, inner.height / frame.height)
    return f"crop={max(2, round(frame.width * share))}:{max(2, round(frame.height * share))}"


def _closer(frame: Size, zoom: float) -> Size:
    return Size(round(frame.width * zoom / 2) * 2, round(frame.height * zoom / 2) * 2)


def _eighth(frame: Size) -> Size:
    return Size(frame.width // _FROM_FRAME // 2 * 2, frame.height // _FROM_FRAME // 2 * 2)
