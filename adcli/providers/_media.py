"""What a downloaded file really is: its type by magic bytes, its size and length by opening it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from adcli.errors import TaskFailed
from adcli.keys import Json
from adcli.spec.pictures import MOST_PIXELS, NAMES, Unfit, media_type, picture_size

LONGEST_SOUND = 2 * 3600.0
"""Seconds of sound that are read at most: a small file can hold days of silence."""
_HEAD = 4096
_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/webm": "weba",
    "audio/flac": "flac",
}
_DEMUXERS = {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/mp4": "mov",
    "audio/webm": "matroska",
    "audio/flac": "flac",
}
"""The only demuxer that may open a file of each type: none of them follows addresses or other files."""
_SOUND_ALONE = {"video/mp4": "audio/mp4", "video/webm": "audio/webm"}
"""What the same container is called when sound is asked for."""


class Kind(StrEnum):
    """What a result has to be; ``alpha`` is a picture with transparency."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    ALPHA = "alpha"


_EXPECTED = {
    Kind.IMAGE: ("a picture", ("image/png", "image/jpeg", "image/webp")),
    Kind.ALPHA: ("a picture with transparency", ("image/png", "image/webp")),
    Kind.VIDEO: ("a video", ("video/mp4", "video/quicktime", "video/webm")),
    Kind.AUDIO: ("sound", tuple(_DEMUXERS)),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is what was asked for."""

    media_type: str
    extension: str
    meta: Mapping[str, Json]


def examine(path: Path, kind: Kind) -> Found:
    """Opens a whole file as ``kind``; raises Unfit with what was found and expected."""
    with path.open("rb") as file:
        name = media_type(file.read(_HEAD))
    if kind is Kind.AUDIO:
        name = _SOUND_ALONE.get(name, name)
    wanted, names = _EXPECTED[kind]
    if name not in names:
        raise Unfit(f"it is not {wanted}: found {NAMES.get(name, name)}")
    match kind:
        case Kind.IMAGE | Kind.ALPHA:
            meta = _picture(path, transparent=kind is Kind.ALPHA)
        case Kind.VIDEO:
            meta = _video(path)
        case Kind.AUDIO:
            meta = {"duration": _sound_seconds(path, name)}
    return Found(name, _EXTENSIONS[name], meta)


def _picture(path: Path, *, transparent: bool) -> dict[str, Json]:
    size = picture_size(path.read_bytes())
    if transparent and not _has_alpha(path):
        raise Unfit("it is not a picture with transparency: found an opaque one")
    return {"width": size.width, "height": size.height}


def _has_alpha(path: Path) -> bool:
    from PIL import Image

    with Image.open(path, formats=["PNG", "WEBP"]) as picture:
        return bool(picture.has_transparency_data)


def _video(path: Path) -> dict[str, Json]:
    from adcli.media.probe import probe

    try:
        found = probe(path)
    except TaskFailed as error:
        raise Unfit(error.message) from error
    if not found.frames or found.duration <= 0:
        raise Unfit("it is a video without frames")
    if not 0 < found.width * found.height <= MOST_PIXELS:
        raise Unfit(f"found a video of {found.width} × {found.height} pixels; expected at most 50 megapixels")
    return {"width": found.width, "height": found.height, "duration": round(found.duration, 6)}


def _sound_seconds(path: Path, name: str) -> float:
    """Length of the first sound stream, decoded to its end: containers only claim theirs."""
    import av

    from adcli.media.probe import is_cut_off

    if is_cut_off(path):
        raise Unfit("the sound is cut off: its end is missing")
    demuxer = _DEMUXERS[name]
    options = {"protocol_whitelist": "file", "format_whitelist": f"{demuxer},mp4,m4a,webm"}
    seconds = 0.0
    try:
        with av.open(str(path), format=demuxer, options=options, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise Unfit("it is not sound: found a file without a sound stream")
            for frame in container.decode(audio=0):
                seconds += frame.samples / frame.sample_rate
                if seconds > LONGEST_SOUND:
                    raise Unfit(f"found more than {LONGEST_SOUND / 3600:g} hours of sound")
    except av.error.FFmpegError as error:
        raise Unfit(f"found damaged sound ({error.strerror}); expected a whole file") from error
    if not seconds:
        raise Unfit("the sound is empty")
    return round(seconds, 6)
