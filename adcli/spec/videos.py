"""How large a local video is and how long it lasts, by its header and its first picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adcli.spec.pictures import MOST_PIXELS, Unfit
from adcli.units import Size

_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": "mov,mp4,m4a,matroska,webm"}
"""Containers only: a playlist or script that calls itself a video leads nowhere."""
_QUARTER_TURNS = (90, 270)


@dataclass(frozen=True, slots=True)
class VideoShape:
    """Size in square pixels, upright, and length of the picture in seconds."""

    size: Size
    seconds: float


def video_shape(path: Path) -> VideoShape:
    """Opens a video and decodes its first picture. Raises Unfit with ``found …; expected …``."""
    import av

    try:
        with av.open(str(path), options=_OPTIONS, metadata_errors="replace") as container:
            if not container.streams.video:
                raise Unfit("found a file without a picture; expected a video")
            stream = container.streams.video[0]
            seconds = _seconds(container, stream)
            _check_pixels(stream)
            frame = next(container.decode(stream), None)
            if frame is None or seconds <= 0:
                raise Unfit("found a video without a picture; expected a whole one")
            _check_pixels(frame)
            wide = max(1, round(frame.width * float(stream.sample_aspect_ratio or 1)))
            turned = frame.rotation % 360 in _QUARTER_TURNS
            size = Size(frame.height, wide) if turned else Size(wide, frame.height)
            return VideoShape(size, seconds)
    except av.error.FFmpegError as error:
        raise Unfit(f"found a damaged video ({error.strerror}); expected a whole one") from None


def _check_pixels(shown: Any) -> None:
    """Of the header, before a picture is decoded, and of the picture, as headers may lie."""
    if shown.width * shown.height > MOST_PIXELS:
        found = f"found a video of {shown.width} × {shown.height} pixels"
        raise Unfit(f"{found}; expected at most 50 megapixels")


def _seconds(container: Any, stream: Any) -> float:
    """Length by the stream's own header, else by the file's."""
    if stream.duration:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else 0.0
