"""Single frames of a video as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from adcli.errors import TaskFailed
from adcli.media.ffmpeg import FORMATS, PROTOCOLS
from adcli.work import File

if TYPE_CHECKING:
    from PIL import Image

_POSTER, _POSTER_QUALITY = "poster.jpg", 90


def poster(video: Path, moment: float) -> File:
    """A JPEG beside a video of what is seen at a moment, in seconds; raises TaskFailed as ``stills`` does."""
    picture, path = stills(video, [moment])[0], video.with_name(_POSTER)
    picture.save(path, quality=_POSTER_QUALITY, optimize=True)
    return File(path, "image/jpeg", {"width": picture.width, "height": picture.height})


def stills(path: Path, moments: Sequence[float]) -> list[Image.Image]:
    """What is seen at each moment, in seconds; RGB, at the video's size. After the end: the last frame.

    Raises TaskFailed when the file can't be decoded.
    """
    import av

    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
    try:
        with av.open(str(path), options=options, metadata_errors="replace") as container:
            return [_still(container, moment) for moment in moments]
    except (av.error.FFmpegError, IndexError) as error:
        raise TaskFailed(f"{path.name} can't be read as video: {error}") from error


def _still(container: object, moment: float) -> Image.Image:
    import av

    assert isinstance(container, av.container.InputContainer)
    stream = container.streams.video[0]
    assert stream.time_base is not None
    container.seek(max(0, int(moment / stream.time_base)), stream=stream)
    shown = None
    for frame in container.decode(stream):
        if shown is not None and frame.time is not None and frame.time > moment + 1e-3:
            break
        shown = frame
    if shown is None:
        raise IndexError("it holds no frame")
    return cast("Image.Image", shown.to_image())  # type: ignore[no-untyped-call]
