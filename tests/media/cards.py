"""A test card as videos of every kind that people bring: known colours, a circle, the time told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from adcli.media import ffmpeg

Floats = NDArray[np.float64]

WIDTH, HEIGHT = 320, 180
PATCHES = (
    *((190, 40, 40), (40, 150, 60), (40, 70, 180)),
    *((180, 130, 105), (120, 120, 120), (30, 30, 30)),
)
"""Two rows of three in the left half; none so bright that tone-mapping has to bend it."""
CIRCLE = (245, 90, 60)
"""Middle and radius of the white circle."""
SECONDS = 1.0


def frame(time: float) -> NDArray[np.uint8]:
    """The card at a moment: a strip along its lower edge grows brighter."""
    card = Image.new("RGB", (WIDTH, HEIGHT), (64, 64, 64))
    draw = ImageDraw.Draw(card)
    for index, colour in enumerate(PATCHES):
        left, top = index % 3 * 50 + 8, index // 3 * 70 + 12
        draw.rectangle((left, top, left + 45, top + 62), fill=colour)
    x, y, radius = CIRCLE
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(180, 180, 180))
    level = round(20 + 200 * time / SECONDS)
    draw.rectangle((0, 160, WIDTH, HEIGHT), fill=(level, level, level))
    return np.asarray(card, np.uint8)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one file is written: frames a second, filters, encoder, container; ``then`` copies it once more."""

    rate: str = "30"
    filters: str = "null"
    codec: str = "libx264 -preset ultrafast -crf 6 -pix_fmt yuv420p"
    name: str = "clip.mp4"
    extra: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    sound: str = ""


_TO_709 = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int"
_TAGS = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv"
_SDR = f"libx264 -preset ultrafast -crf 6 -pix_fmt yuv420p {_TAGS}"
_CLEAR = "format=gbrap,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(Y,85),255,if(lt(X,160),0,255))'"
"""The lower row of patches is there, but not seen."""
_COMBED = "tinterlace=interleave_top,fieldorder=tff"

KINDS: Mapping[str, Kind] = {
    "ordinary": Kind(filters=_TO_709, codec=_SDR),
    "24 a second": Kind("24"),
    "25 a second": Kind("25"),
    "50 a second": Kind("50"),
    "60 a second": Kind("60"),
    "film's 23.976": Kind("24000/1001"),
    "uneven": Kind(filters="select='lt(mod(n,10),6)+eq(mod(n,10),8)'", extra=("-fps_mode", "vfr")),
    "squeezed": Kind(filters="scale=240:180,setsar=4/3"),
    "turned 90": Kind(filters="transpose=clock", then=("-display_rotation", "90")),
    "turned 180": Kind(filters="hflip,vflip", then=("-display_rotation", "180")),
    "turned 270": Kind(filters="transpose=cclock", then=("-display_rotation", "270")),
    "ten bits": Kind(filters=_TO_709, codec=f"libx264 -preset ultrafast -crf 6 -pix_fmt yuv420p10le {_TAGS}"),
    "BT.601": Kind(
        filters="scale=out_color_matrix=smpte170m:out_range=tv", codec=_SDR.replace("bt709", "smpte170m")
    ),
    "BT.601, unsaid": Kind(filters="scale=out_color_matrix=smpte170m:out_range=tv"),
    "full range": Kind(
        filters="scale=out_color_matrix=bt709:out_range=pc",
        codec=_SDR.replace("range tv", "range pc").replace("yuv420p", "yuvj420p"),
    ),
    "4:4:4": Kind(filters=_TO_709, codec=_SDR.replace("yuv420p", "yuv444p")),
    "4:2:2": Kind(filters=_TO_709, codec=_SDR.replace("yuv420p", "yuv422p")),
    "RGB": Kind(codec="libx264rgb -preset ultrafast -crf 6"),
    "wide gamut": Kind(filters="WIDE", codec="libx265 -preset ultrafast -crf 8 -pix_fmt yuv420p10le"),
    "PQ": Kind(filters="PQ", codec="libx265 -preset ultrafast -crf 8 -pix_fmt yuv420p10le"),
    "HLG": Kind(filters="HLG", codec="libx265 -preset ultrafast -crf 8 -pix_fmt yuv420p10le"),
    "interlaced": Kind("50", _COMBED, f"{_SDR} -x264-params tff=1", extra=("-flags", "+ilme+ildct"), then=()),
    "odd sides": Kind(filters="scale=853:481", codec=_SDR.replace("yuv420p", "yuv444p")),
    "ProRes": Kind(codec="prores_ks -profile:v 2 -pix_fmt yuv422p10le", name="clip.mov"),
    "VP9": Kind(
        codec="libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 0 -crf 10 -pix_fmt yuv420p", name="clip.webm"
    ),
    "MPEG-4": Kind(codec="mpeg4 -q:v 2 -pix_fmt yuv420p"),
    "Matroska": Kind(name="clip.mkv"),
    "fragments": Kind(extra=("-movflags", "frag_keyframe+empty_moov", "-g", "10")),
    "late start": Kind(name="clip.mkv", extra=("-output_ts_offset", "5")),
    "B-frames": Kind(codec="libx264 -preset fast -crf 6 -pix_fmt yuv420p -bf 3 -b_strategy 0"),
    "edit list": Kind(
        codec="libx264 -preset fast -crf 6 -pix_fmt yuv420p -bf 3 -b_strategy 0", then=("-ss", "0.4")
    ),
    "late picture": Kind(sound="stereo", filters="setpts=PTS+0.5/TB", extra=("-fps_mode", "passthrough")),
    "see-through": Kind(filters="CLEAR", codec="qtrle -pix_fmt argb", name="clip.mov"),
    "mono": Kind(sound="mono"),
    "5.1 sound": Kind(sound="5.1"),
    "long sound": Kind(sound="stereo"),
}
"""By name. What is not said is as ffmpeg has it: no tags, H.264."""


def write(folder: Path, name: str) -> Path:
    """The card as a video of one kind."""
    kind = KINDS[name]
    folder.mkdir(parents=True, exist_ok=True)
    raw = _raw(folder, kind)
    pixels, filters = ("rgb24", kind.filters)
    if kind.filters in ("PQ", "HLG", "WIDE"):
        pixels, filters = "rgb48le", _wide_tags(kind.filters)
    if kind.filters == "CLEAR":
        filters = _CLEAR
    shape = ["-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{WIDTH}x{HEIGHT}", "-r", kind.rate, "-i", raw.name]
    sound = _sound(kind)
    made = kind.name if not kind.then else f"before-{kind.name}"
    encode = ["-vf", filters, "-c:v", *kind.codec.split(), *kind.extra]
    _run(folder, [*shape, *sound[0], *encode, *sound[1], made])
    if kind.then:
        _run(folder, [*kind.then, "-i", made, "-c", "copy", kind.name])
    raw.unlink()
    return folder / kind.name


def _run(folder: Path, arguments: Sequence[str]) -> None:
    ffmpeg.run(["-v", "error", "-y", "-threads", "1", *arguments], cwd=folder, timeout=60)


def _sound(kind: Kind) -> tuple[list[str], list[str]]:
    if not kind.sound:
        return [], []
    length = 1.6 if kind.sound == "stereo" else SECONDS
    tone = f"sine=440:d={length},aformat=channel_layouts={kind.sound}"
    return ["-f", "lavfi", "-i", tone], ["-c:a", "aac", "-b:a", "64k"]


def _raw(folder: Path, kind: Kind) -> Path:
    over, _, under = kind.rate.partition("/")
    rate = float(over) / float(under or 1)
    count = round(SECONDS * rate)
    path = folder / "card.raw"
    with path.open("wb") as file:
        for number in range(count):
            pixels = frame(number / rate)
            if kind.filters in ("PQ", "HLG", "WIDE"):
                file.write(_wide(pixels, kind.filters).astype("<u2").tobytes())
            else:
                file.write(pixels.tobytes())
    return path


_TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
"""Linear light from BT.709 to BT.2020 primaries (ITU-R BT.2087)."""


def _wide(pixels: NDArray[np.uint8], how: str) -> Floats:
    """SDR pixels as BT.2020 ones of 16 bits: white is 203 nits in PQ, and 75 % in HLG (ITU-R BT.2408)."""
    light: Floats = ((pixels / 255.0) ** 2.4) @ _TO_2020.T
    if how == "WIDE":
        return np.round(65535 * light ** (1 / 2.4))
    return np.round(65535 * (_pq(light * 203) if how == "PQ" else _hlg(light * 203)))


def _pq(nits: Floats) -> Floats:
    """SMPTE ST 2084."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    y = (nits / 10_000) ** m1
    shown: Floats = ((c1 + c2 * y) / (1 + c3 * y)) ** m2
    return shown


def _hlg(nits: Floats) -> Floats:
    """ITU-R BT.2100: the light of a 1,000-nit screen back to the scene's, and that to a signal."""
    luma = nits @ np.array([0.2627, 0.6780, 0.0593]) / 1000
    scene = nits / 1000 * np.maximum(luma, 1e-9)[..., None] ** (1 / 1.2 - 1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    high = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.asarray(np.where(scene <= 1 / 12, np.sqrt(3 * scene), high), np.float64)


def _wide_tags(how: str) -> str:
    transfer = {"PQ": "smpte2084", "HLG": "arib-std-b67", "WIDE": "bt709"}[how]
    tags = f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc:range=tv"
    return f"scale=out_color_matrix=bt2020nc:out_range=tv:flags=accurate_rnd,format=yuv420p10le,{tags}"
