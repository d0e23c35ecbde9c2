"""Fits a film to another shape: cropped, or whole before a background of its own blur or of one colour."""

from __future__ import annotations

from dataclasses import dataclass

from adcli.media import footage, moves
from adcli.media.film import Film
from adcli.media.footage import inner_size
from adcli.units import FPS, Size

_FROM_FRAME = 8
_SAME = 0.005
"""Difference of shapes, as a share, that is scaled away: nobody sees it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is seen around a film that doesn't fill the frame.

    ``blur`` is the radius as a share of the frame's shorter side, ``dim`` how much darker it is (0–1),
    ``zoom`` how much larger; with ``color`` (``#RRGGBB``) it is plain.
    """

    blur: float = 0.03
    dim: float = 0.15
    zoom: float = 1.0
    color: str | None = None


def inside(picture: Size, frame: Size, scale: float) -> Size:
    """The size at which a picture fits a share of a frame, even on both sides."""
    fitted = inner_size(picture, frame)
    return Size(max(2, round(fitted.width * scale / 2) * 2), max(2, round(fitted.height * scale / 2) * 2))


def fit(film: Film, size: Size, how: str, around: Surroundings | None = None) -> None:
    """The film at a size: ``crop`` fills it, ``pad`` shows all of it."""
    if film.size == size:
        return
    shape, wanted = film.size.width / film.size.height, size.width / size.height
    if how == "crop" or abs(shape / wanted - 1) < _SAME:
        film.video(cover(size), size)
        return
    inner = inner_size(film.size, size)
    whole = f"scale={inner.width}:{inner.height}:{moves.RGB_TO_VIDEO},setsar=1"
    lay_before(film, size, whole, around or Surroundings())


def lay_before(
    film: Film,
    size: Size,
    whole: str,
    around: Surroundings,
    mask: str | None = None,
    shadow: str | None = None,
) -> None:
    """The film, gone through the filters ``whole``, in the middle of its surroundings of that size.

    ``mask`` is the label of a picture of what is seen of it, in white on black, ``shadow`` of one below it.
    """
    if around.color is not None:
        ground = f"color=c={around.color.replace('#', '0x')}:s={size.width}x{size.height}:r={FPS}"
        exact = f"{ground},trim=end_frame={film.frames},settb=1/{FPS},format=yuv420p"
        front, back = film.chain([film.label], whole), film.chain([], exact)
    else:
        front, back = film.split(film.label, 2)
        front, back = film.chain([front], whole), film.chain([back], _blurred(size, around))
    if mask is not None:
        held = film.chain([mask], f"format=gray,{moves.hold(film.frames)}")
        front = film.chain([front, held], "alphamerge")
    if shadow is not None:
        back = film.chain([back, shadow], "overlay=(W-w)/2:(H-h)/2:format=yuv420,format=yuv420p")
    laid = f"overlay=(W-w)/2:(H-h)/2:format=yuv420,setsar=1,settb=1/{FPS},format=yuv420p"
    film.become(film.chain([back, front], laid), size)


def cover(size: Size, zoom: float = 1.0) -> str:
    """Filters that fill a size with the middle of any picture."""
    return f"{footage.cover(size, zoom)},setsar=1,settb=1/{FPS},format=yuv420p"


def _blurred(size: Size, around: Surroundings) -> str:
    """From an eighth of the size: looks the same as from all of it, and costs half."""
    small = Size(max(16, size.width // _FROM_FRAME // 2 * 2), max(16, size.height // _FROM_FRAME // 2 * 2))
    sigma = max(0.4, around.blur * min(small.width, small.height))
    light = 1 - around.dim
    colours = f"128+(val-128)*{light:.4f}"
    dim = f",lutyuv=y='16+(val-16)*{light:.4f}':u='{colours}':v='{colours}'" if around.dim else ""
    large = f"scale={size.width}:{size.height}:flags=bicubic,setsar=1"
    return f"{cover(small, around.zoom)},gblur=sigma={sigma:.3f}{dim},{large},format=yuv420p"
