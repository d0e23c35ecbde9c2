"""Says what brings a found video to what segments are made of: 30 frames a second, square pixels, BT.709 SDR.

An ordinary video only gets its frames counted out; what costs time is added where a file asks for it.
Code points are those of ISO/IEC 23091-2.
"""

from __future__ import annotations

from collections.abc import Iterator

from adcli.media.probe import Colour, Probe
from adcli.units import FPS, Size

TIMING = f"fps={FPS}:start_time=0"
"""Constant frames from the file's beginning on, whatever the picture's own rhythm and start."""

NEEDED_FOR_HDR = ("zscale", "tonemap")
"""Filters that only tone-mapping asks for: an ffmpeg may come without."""

_PQ, _HLG = 16, 18
_UNSAID = (0, 2)  # 0 is RGB, as VP9 says of a YUV picture that it knows nothing of
_WIDE = (9, 11, 12)  # primaries of BT.2020 and both P3
_MATRICES = {5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 4: "fcc", 9: "bt2020nc", 10: "bt2020c"}
_RGB_LIKE = ("rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8", "gray", "ya", "mono")
_SMALL = Size(1024, 576)
"""Up to here, a video that names no matrix is taken for BT.601, as players do; a larger one for BT.709."""

_WHITE = 203
"""Nits of white paper in HDR (ITU-R BT.2408): it stays nearly as bright, and 1,000 nits become white."""

_TONES = f"tonemap=mobius:param=0.5:peak={1000 / _WHITE:.2f}:desat=0"
"""Looked at: leaves tones up to half of white as they are, where hable makes everything darker."""

_EVEN = "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0"
_TO_VIDEO = "out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int"


def conform_filters(found: Probe, cover: Size | None = None) -> str:
    """Filters for a decoded, upright video: its whole length, even sides, yuv420p.

    An HDR picture that is larger than covers ``cover`` is made that small before the costly part.
    """
    return ",".join(_filters(found, cover))


def is_hdr(colour: Colour) -> bool:
    """PQ or HLG: more light than an ordinary screen shows."""
    return colour.transfer in (_PQ, _HLG)


def _filters(found: Probe, cover: Size | None) -> Iterator[str]:
    if found.interlaced:
        yield "bwdif=mode=send_frame:deint=interlaced"
    yield TIMING
    if found.width % 2 or found.height % 2:
        yield _EVEN
    if is_hdr(found.colour):
        yield from _tone_mapped(found, cover)
        return
    if _has_alpha(found.pix_fmt):
        yield f"{_told(found)},format=gbrap,premultiply=inplace=1,format=gbrp"
        yield f"scale={_TO_VIDEO},format=yuv420p"
    elif found.colour.primaries in _WIDE and _is_yuv(found):
        yield f"{_told(found)},zscale=p=bt709:t=bt709:m=bt709:r=tv:d=error_diffusion,format=yuv420p"
    elif _is_plain(found):
        yield "setparams=colorspace=bt709:range=tv"
    else:
        yield f"{_told(found)},scale={_TO_VIDEO},format=yuv420p"
    if found.pixel_shape != 1:
        yield "scale=trunc(iw*sar/2)*2:ih:flags=bicubic,setsar=1"


def _has_alpha(pix_fmt: str) -> bool:
    return pix_fmt.startswith(("yuva", "gbrap", "rgba", "bgra", "argb", "abgr", "ya8", "ya16", "pal8"))


def _is_yuv(found: Probe) -> bool:
    return not found.pix_fmt.startswith(_RGB_LIKE)


def _is_plain(found: Probe) -> bool:
    plain = found.pix_fmt == "yuv420p" and not found.colour.full_range
    return plain and _matrix(found) == "bt709"


def _matrix(found: Probe) -> str:
    """The name of the video's matrix, guessed as players do where it is not said."""
    if found.colour.matrix in _MATRICES:
        return _MATRICES[found.colour.matrix]
    small = max(found.width, found.height) <= _SMALL.width and min(found.width, found.height) <= _SMALL.height
    return "smpte170m" if found.colour.matrix in _UNSAID and small else "bt709"


def _told(found: Probe) -> str:
    """Writes on every frame how its samples are meant, so that no filter has to guess."""
    if not _is_yuv(found):
        return "setparams=range=pc"
    sampled = f"setparams=range={'pc' if found.colour.full_range else 'tv'}:colorspace={_matrix(found)}"
    if found.colour.primaries not in _WIDE:
        return sampled
    names = {9: "bt2020", 11: "smpte431", 12: "smpte432"}
    return f"{sampled}:color_primaries={names[found.colour.primaries]}:color_trc=bt709"


def _tone_mapped(found: Probe, cover: Size | None) -> Iterator[str]:
    # HLG bends light by luminance: approximated, saturated colours come out far too strong
    transfer, rough = ("smpte2084", 1) if found.colour.transfer == _PQ else ("arib-std-b67", 0)
    sampled = f"range={'pc' if found.colour.full_range else 'tv'}:colorspace=bt2020nc"
    yield f"setparams={sampled}:color_primaries=bt2020:color_trc={transfer}"
    size = _within(found.shown, cover)
    yield f"zscale=w={size.width}:h={size.height}:f=spline36:t=linear:npl={_WHITE}:agamma={rough}"
    yield f"format=gbrpf32le,zscale=p=bt709,{_TONES}"
    yield "zscale=t=bt709:m=bt709:r=tv:d=error_diffusion,format=yuv420p,setsar=1"


def _within(shown: Size, cover: Size | None) -> Size:
    """Even sides: the picture's own, or as much smaller as still covers a frame."""
    scale = min(1.0, max(cover.width / shown.width, cover.height / shown.height)) if cover else 1.0
    return Size(*(max(2, round(side * scale / 2) * 2) for side in (shown.width, shown.height)))
