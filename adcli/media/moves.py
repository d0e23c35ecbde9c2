"""Says how ffmpeg composes a move for one frame size: layers glide by themselves and are laid together.

A layer's view is a window that glides over it; ``zoompan`` cuts it from a copy of 1.5 times the frame's size
(what is far or near is out of focus: of the frame's own size, which is half the work). It can only cut whole
pixels, of chroma too where planes move together: so each plane moves by itself, and the nearest window is
taken. Measured at 1080x1920 by a drawn bar, that is off an even run by 0.26 px (RMS; push) and 0.21 px (pan)
from the larger copy, by 0.29 and 0.31 px from the smaller one. Four layers cost six tenths of the encoder's
CPU, one a tenth; ``perspective`` rounds nothing, and costs half of the encoder's for each.

What lies before the first layer is only moved, and only laid over, where it is ever seen in the frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from adcli.media.layers import Container, Layer
from adcli.media.tracks import EASES, Track
from adcli.units import FPS, Size

_OVERSAMPLE, _SOFT = 1.5, 1.0  # of the frame's size; what is far or near is soft
_ROUNDING = 1e-6
_MARGIN = 4  # pixels around what a window needs, for the taps of the scaler and for rounding
RGB_TO_VIDEO = "out_color_matrix=bt709:out_range=tv:flags=bicubic"


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle; of the picture in its pixels, or of the frame in the frame's."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def inside(self, other: _Box) -> _Box:
        """The part that lies within another one."""
        return _Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


def _hull(boxes: Sequence[_Box]) -> _Box:
    return _Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """One layer on its way through one frame size: ``cover`` is frame pixels per picture pixel at zoom 1."""

    layer: Layer
    picture: Size
    frame: Size

    @property
    def cover(self) -> float:
        return max(self.frame.width / self.picture.width, self.frame.height / self.picture.height)

    def window(self, number: int, span: int) -> tuple[_Box, float]:
        """What the frame shows of the picture at a frame of the move, kept inside it; and the scale."""
        view = self.layer.track.at(number, span)
        scale = self.cover * view.zoom
        wide, high = self.frame.width / scale, self.frame.height / scale
        left = min(max(0.0, view.x * self.picture.width - wide / 2), self.picture.width - wide)
        top = min(max(0.0, view.y * self.picture.height - high / 2), self.picture.height - high)
        return _Box(left, top, left + wide, top + high), scale


def moving(
    labels: Sequence[str], container: Container, frame: Size, frames: int, span: int, out: str
) -> list[str]:
    """Filter chains from the layers' input ``labels`` to ``frames`` frames of ``out``.

    The move takes ``span`` frames: what comes after stands still at its end. Where nothing moves, one
    frame is composed and repeated.
    """
    made = 1 if container.stands else frames
    chains, below = [], ""
    for index, (label, layer) in enumerate(zip(labels, container.layers, strict=True)):
        stage = _Stage(layer, container.size, frame)
        ends = (label, f"{out}l{index}")
        if not index:
            chains += _backmost(ends, stage, made, span)
            below = ends[1]
            continue
        windows = [stage.window(number, span) for number in range(made)]
        place = _place(stage, windows)
        if place is None:
            chains.append(f"[{label}]nullsink")
            continue
        chains += _glide(ends, stage, windows, place, span, alpha=True)
        over = f"{out}o{index}"
        chains.append(
            f"[{below}][{ends[1]}]overlay={place.left:.0f}:{place.top:.0f}:eval=init:format=yuv420[{over}]"
        )
        below = over
    held = f"fps={FPS},{hold(frames)}," if container.stands else ""
    chains.append(f"[{below}]{held}format=yuv420p,settb=1/{FPS}[{out}]")
    return chains


def middle(container: Container, size: Size, frame: Size, span: int) -> tuple[int, int]:
    """Where a frame is cut from the larger ``size`` that a move is composed at: left and top, even pixels.

    It stands around what the camera looks at halfway. All shapes of frame that are cut from one size share
    the composed move, and show it alike.
    """
    subject = next((layer for layer in container.layers if layer.depth == 1), container.layers[-1])
    stage = _Stage(subject, container.size, size)
    view, (window, scale) = subject.track.at(span // 2, span), stage.window(span // 2, span)
    across = (view.x * container.size.width - window.left) * scale - frame.width / 2
    down = (view.y * container.size.height - window.top) * scale - frame.height / 2
    left = min(max(0.0, across), size.width - frame.width)
    top = min(max(0.0, down), size.height - frame.height)
    return round(left / 2) * 2, round(top / 2) * 2


def _backmost(ends: tuple[str, str], stage: _Stage, frames: int, span: int) -> list[str]:
    windows = [stage.window(number, span) for number in range(frames)]
    if not stage.layer.track.stands:
        whole = _Box(0, 0, stage.frame.width, stage.frame.height)
        return _glide(ends, stage, windows, whole, span, alpha=False)
    part = _pixels(windows[0][0], _Box(0, 0, stage.picture.width, stage.picture.height))
    size = f"{stage.frame.width}:{stage.frame.height}"
    held = f",fps={FPS},{hold(frames)}" if frames > 1 else ""
    return [f"[{ends[0]}]{_crop(part)},scale={size}:{RGB_TO_VIDEO},format=yuv420p,setsar=1{held}[{ends[1]}]"]


def _place(stage: _Stage, windows: Sequence[tuple[_Box, float]]) -> _Box | None:
    """The part of the frame, in even pixels, in which a layer is ever seen; None where it never is."""
    layer, seen = stage.layer, []
    for window, scale in windows:
        left, top = (layer.left - window.left) * scale, (layer.top - window.top) * scale
        seen.append(_Box(left, top, left + layer.size.width * scale, top + layer.size.height * scale))
    hull = _hull(seen)
    wide, high = stage.frame.width, stage.frame.height
    if hull.left >= wide or hull.top >= high or hull.right <= 0 or hull.bottom <= 0:
        return None
    left, right = _stretch(hull.left, hull.right, wide)
    top, bottom = _stretch(hull.top, hull.bottom, high)
    return _Box(left, top, right, bottom)


def _stretch(low: float, high: float, whole: int) -> tuple[int, int]:
    """Even pixels around a stretch, within ``whole``."""
    return max(0, math.floor(low / 2 - 1) * 2), min(whole, math.ceil(high / 2 + 1) * 2)


@dataclass(frozen=True, slots=True)
class _Canvas:
    """A copy of a part of a layer at a size to cut windows from, with empty room around it.

    ``part`` is in picture pixels, ``room`` where it lies in the canvas of ``size``; ``across`` and ``down``
    are canvas pixels per picture pixel.
    """

    part: _Box
    room: _Box
    size: Size

    @property
    def across(self) -> float:
        return self.room.width / self.part.width

    @property
    def down(self) -> float:
        return self.room.height / self.part.height


def _canvas(stage: _Stage, windows: Sequence[tuple[_Box, float]], place: _Box) -> _Canvas:
    """For all that windows ever show in ``place``; its shape is that of ``place``, as ``zoompan`` wants."""
    hull = _hull(
        [
            _Box(
                window.left + place.left / scale,
                window.top + place.top / scale,
                window.left + place.right / scale,
                window.top + place.bottom / scale,
            )
            for window, scale in windows
        ]
    )
    layer = stage.layer
    lies = _Box(layer.left, layer.top, layer.left + layer.size.width, layer.top + layer.size.height)
    fine, part = stage.cover * (_OVERSAMPLE if layer.depth == 1 else _SOFT), _pixels(hull, lies)
    width, height = _even(part.width * fine), _even(part.height * fine)
    left = max(0, _even((part.left - hull.left) * fine)) + _MARGIN
    top = max(0, _even((part.top - hull.top) * fine)) + _MARGIN
    wide = max(left + width, hull.width * fine) + _MARGIN
    high = max(top + height, hull.height * fine) + _MARGIN
    wide, high = max(wide, high * place.width / place.height), max(high, wide * place.height / place.width)
    room = _Box(left, top, left + width, top + height)
    return _Canvas(part, room, Size(_even(wide), _even(high)))


def _glide(
    ends: tuple[str, str],
    stage: _Stage,
    windows: Sequence[tuple[_Box, float]],
    place: _Box,
    span: int,
    *,
    alpha: bool,
) -> list[str]:
    """Chains from one decoded layer to frames of what the view shows of it in ``place``.

    Only what the view ever sees is scaled up; each plane moves by itself.
    """
    (source, out), canvas, layer = ends, _canvas(stage, windows, place), stage.layer
    planes = "yuva" if alpha else "yuv"
    part = _Box(
        canvas.part.left - layer.left,
        canvas.part.top - layer.top,
        canvas.part.right - layer.left,
        canvas.part.bottom - layer.top,
    )
    drawn = (
        f"{_crop(part)},scale={canvas.room.width:.0f}:{canvas.room.height:.0f}:{RGB_TO_VIDEO},"
        f"format={planes}420p,pad={canvas.size.width}:{canvas.size.height}:{canvas.room.left:.0f}:"
        f"{canvas.room.top:.0f}:color=black@0,extractplanes={'+'.join(planes)}"
    )
    chains = [f"[{source}]{drawn}" + "".join(f"[{out}{plane}]" for plane in planes)]
    for plane in planes:
        share = 0.5 if plane in "uv" else 1.0
        glide = _zoompan(stage, canvas, place, (len(windows), span), share, alpha=alpha)
        chains.append(f"[{out}{plane}]{glide}[{out}{plane}z]")
    moved = "".join(f"[{out}{plane}z]" for plane in planes)
    order = "0x00102030" if alpha else "0x001020"
    chains.append(f"{moved}mergeplanes={order}:{planes}420p,setsar=1[{out}]")
    return chains


def _zoompan(
    stage: _Stage, canvas: _Canvas, place: _Box, times: tuple[int, int], share: float, *, alpha: bool
) -> str:
    """``zoompan`` over one plane, whose sides are ``share`` of the canvas'."""
    track, (frames, span) = stage.layer.track, times
    scale = canvas.size.width * stage.cover / (place.width * canvas.across)
    # rounding must not show what lies beside the backmost layer
    least = max(canvas.size.width / (canvas.room.width - 1), canvas.size.height / (canvas.room.height - 1))
    ends = [max(view.zoom * scale, 1.0 if alpha else least) for view in (track.start, track.end)]
    part, room, picture, frame = canvas.part, canvas.room, stage.picture, stage.frame
    across = _Axis(
        side="iw",
        ends=(track.start.x * picture.width, track.end.x * picture.width),
        sway=[swing.x * picture.width for swing in track.sway],
        bounds=(0, picture.width) if alpha else (part.left, part.right),
        per=canvas.across * share,
        shift=(room.left - part.left * canvas.across) * share,
        ratio=frame.width / place.width,
        offset=place.left / place.width,
    )
    down = _Axis(
        side="ih",
        ends=(track.start.y * picture.height, track.end.y * picture.height),
        sway=[swing.y * picture.height for swing in track.sway],
        bounds=(0, picture.height) if alpha else (part.top, part.bottom),
        per=canvas.down * share,
        shift=(room.top - part.top * canvas.down) * share,
        ratio=frame.height / place.height,
        offset=place.top / place.height,
    )
    zoom = _between(ends, _progress(track, span))
    size = f"{place.width * share:.0f}x{place.height * share:.0f}"
    x, y = across.expression(track, span, zoom), down.expression(track, span, zoom)
    return f"zoompan=z='{_whole(zoom, canvas.size)}':x='{x}':y='{y}':d={frames}:s={size}:fps={FPS}"


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where windows begin on one axis of a canvas.

    A window of ``place`` is ``side`` over the zoom long; the frame's own is ``ratio`` times as long, and
    ``place`` begins ``offset`` of its length into it. Centres and the ``bounds`` that the frame's window
    keeps inside are picture pixels, of which each is ``per`` pixels of the plane.
    """

    side: str
    ends: tuple[float, float]
    sway: Sequence[float]
    bounds: tuple[float, float]
    per: float
    shift: float
    ratio: float
    offset: float

    def expression(self, track: Track, span: int, zoom: str) -> str:
        """For ``zoompan``, by its frame number ``on``: the whole window nearest to the one wanted."""
        middle = _between([end * self.per for end in self.ends], _progress(track, span))
        for reach, swing in zip(self.sway, track.sway, strict=True):
            if reach:
                turn = math.tau * swing.hertz / FPS
                middle += f"{reach * self.per:+.6f}*sin({turn:.6f}*on{swing.phase:+.6f})"
        low, high = (bound * self.per for bound in self.bounds)
        # not clip(): where a window is all of the picture, its bounds may cross by a rounding error
        begins = f"max({low:.6f},min({middle}-{self.ratio / 2:.8f}*ld(0),{high:.6f}-{self.ratio:.8f}*ld(0)))"
        inner = f"{self.offset + 0.5:.8f}*ld(0)-floor({self.side}/zoom)/2{self.shift:+.6f}"
        return f"st(0,{self.side}/({zoom}));floor({begins}+{inner}+0.5)"


def _whole(zoom: str, canvas: Size) -> str:
    """A zoom whose window has whole pixels: ``zoompan`` cuts them off, here the nearest are taken."""
    side, most, least = "iw", canvas.width, canvas.height
    if canvas.height > canvas.width:
        side, most, least = "ih", canvas.height, canvas.width
    rest = min(
        0.95, 0.5 * most / least
    )  # rounds the shorter side in the mean, and leaves the longer one whole
    return f"{side}/(floor({side}/({zoom})+0.5)+{rest:.4f})"


def _progress(track: Track, span: int) -> str:
    return EASES[track.ease].expression.format(p=f"min(1,on/{max(1, span - 1)})", t=f"(on/{FPS})")


def _between(ends: Sequence[float], progress: str) -> str:
    start, end = ends
    return f"{start:.6f}" if start == end else f"({start:.6f}+{end - start:.6f}*{progress})"


def hold(frames: int) -> str:
    """Exactly so many frames: the last one is repeated where there are too few."""
    return f"tpad=stop_mode=clone:stop={frames},trim=end_frame={frames},setpts=N/{FPS}/TB"


def _crop(part: _Box) -> str:
    return f"crop={part.width:.0f}:{part.height:.0f}:{part.left:.0f}:{part.top:.0f}:exact=1"


def _pixels(part: _Box, whole: _Box) -> _Box:
    """The whole pixels that a part touches, at least one, within ``whole``."""
    left, top = math.floor(part.left + _ROUNDING), math.floor(part.top + _ROUNDING)
    right, bottom = math.ceil(part.right - _ROUNDING), math.ceil(part.bottom - _ROUNDING)
    found = _Box(left, top, right, bottom).inside(whole)
    return _Box(found.left, found.top, max(found.left + 1, found.right), max(found.top + 1, found.bottom))


def _even(number: float) -> int:
    return max(2, round(number / 2) * 2)
