"""MoviePy's effects on a scene's clip: frames are streamed through them, never held all at once."""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import sys
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from itertools import chain
from pathlib import Path
from types import CodeType, ModuleType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from adcli.errors import TaskFailed
from adcli.media import encode, ffmpeg
from adcli.media.moves import RGB_TO_VIDEO
from adcli.media.plain import View, even_size, render
from adcli.units import FPS, Quality, Size

Picture = NDArray[np.uint8]

_LOSSLESS = ("-c:v", "utvideo", "-threads", "1")
_PATIENCE = 0.01  # seconds between looks at whether ffmpeg has opened its pipe
_AS_RGB = {
    **{"format": "rgb24", "interpolation": "BICUBIC", "src_colorspace": "ITU709", "dst_colorspace": "ITU709"},
    **{"src_color_range": "MPEG", "dst_color_range": "JPEG"},
}
_KEPT = 6  # frames at hand: effects such as SuperSample ask for neighbours again and again
_STRIPE = 32  # rows that the processor's cache holds: a third of the time of a whole frame at once
_NEARLY = 1e-4  # of a frame, by which a time may miss it
_TIMEOUT, _TIMEOUT_PER_FRAME = 900.0, 1.0  # seconds: effects work while ffmpeg waits for them
_LONGEST_REASON = 240


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect: its name for people, ``module:Class``, that module's file unless MoviePy's, its params."""

    name: str
    target: str
    source: Path | None
    params: Mapping[str, Any]

    @classmethod
    def of_moviepy(cls, name: str, params: Mapping[str, Any]) -> Effect:
        """A class of ``moviepy.video.fx``."""
        return cls(name, f"moviepy.video.fx:{name}", None, params)


@dataclass(frozen=True, slots=True)
class Affected:
    """A written clip: its size; for how many seconds its last picture stands; seconds that were cut off."""

    size: Size
    held: float
    cut: float


def render_effects(view: View, effects: Sequence[Effect], target: Path) -> Affected:
    """Writes a view with its effects applied, in order, as H.264 of exactly the view's frames.

    Where effects make it shorter, they get more of the clip, as far as there is more; then the last picture
    stands still. Raises TaskFailed, which names the effect that failed.
    """
    made = [(effect.name, _instance(effect)) for effect in effects]
    with _fitted(view, made, target.parent) as clip:
        shown = view.frames if clip.duration is None else min(view.frames, round(clip.duration * FPS))
        if shown < 1:
            raise TaskFailed(
                "the effects leave nothing of the scene", hint="they make it shorter than a frame"
            )
        size = _encode(_pictures(clip, view.frames, shown), view.frames, target)
    longer = 0.0 if clip.duration is None else clip.duration - view.frames / FPS
    return Affected(size, (view.frames - shown) / FPS, max(0.0, longer))


def _instance(effect: Effect) -> Any:
    module_name, _, name = effect.target.partition(":")
    try:
        made = getattr(_module(module_name, effect.source), name)(**_given(effect.params))
    except (TaskFailed, MemoryError):
        raise
    except Exception as error:
        raise _failed(effect.name, error) from None
    if not callable(getattr(made, "apply", None)):
        message = f"{effect.name} is no effect: it has no apply(clip)"
        raise TaskFailed(message, hint="derive it from moviepy.Effect")
    return made


def _given(value: Any) -> Any:
    """Lists as tuples: MoviePy and Pillow take colours and points as these only."""
    if isinstance(value, Mapping):
        return {name: _given(item) for name, item in value.items()}
    return tuple(_given(item) for item in value) if isinstance(value, list | tuple) else value


def _module(name: str, source: Path | None) -> ModuleType:
    # MoviePy reads a .env file when it is imported, and adcli reads none.
    os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")
    if source is None:
        return importlib.import_module(name)
    is_package = source.stem == "__init__"
    root = source.parents[name.count(".") + is_package]
    importlib.invalidate_caches()
    with _first(root):
        if "." in name:
            importlib.import_module(name.rpartition(".")[0])
        places = [str(source.parent)] if is_package else None
        spec = importlib.util.spec_from_file_location(
            name, source, loader=_FromSource(name, str(source)), submodule_search_locations=places
        )
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


class _FromSource(SourceFileLoader):
    """Compiles the file as it is now, whose sha256 is in the key: bytecode may be of an older one."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self.get_data(self.path), self.path, "exec", dont_inherit=True)


@contextmanager
def _first(root: Path) -> Iterator[None]:
    """Modules are looked for in ``root`` before any other place, and afterwards last of all."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
        if str(root) not in sys.path:
            sys.path.append(str(root))


def _failed(name: str, error: Exception) -> TaskFailed:
    lines = [line for line in str(error).splitlines() if line.strip()]
    reason = f"{type(error).__name__}: {lines[0][:_LONGEST_REASON]}" if lines else type(error).__name__
    return TaskFailed(f"effect {name} failed: {reason}", hint="see the scene's effects in the campaign")


@contextmanager
def _fitted(view: View, effects: Sequence[tuple[str, Any]], folder: Path) -> Iterator[Any]:
    """The clip with its effects; where it became too short, made of as much more as it needs."""
    with _film(view, folder / "film.avi") as film:
        clip = _applied(film, effects)
        needed = view.frames
        if clip.duration is None or clip.duration * FPS > needed - 0.5 or clip.duration <= 0:
            yield clip
            return
        more = int(np.ceil(needed * needed / (clip.duration * FPS) - _NEARLY))
        more = int(min(more, max(needed, view.left)))
        if more == needed:
            yield clip
            return
        longer = View(view.source, view.at, view.zoom, more)
        with _film(longer, folder / "longer.avi") as second:
            other = _applied(second, effects)
            better = other.duration is None or other.duration > clip.duration
            yield other if better else clip


class _Film:
    """Frames of a lossless file, any of them at any time; ``count`` of them."""

    def __init__(self, container: Any, count: int) -> None:
        self.count = count
        self._container = container
        self._stream = container.streams.video[0]
        self._frames: Iterator[Any] = iter(())
        self._next = -1
        self._kept: OrderedDict[int, Picture] = OrderedDict()

    def at(self, time: float) -> Picture:
        """The picture at so many seconds, as a copy that may be changed."""
        index = min(self.count - 1, max(0, int(time * FPS + _NEARLY)))
        if index not in self._kept:
            self._kept[index] = self._read(index)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[index].copy()

    def _read(self, index: int) -> Picture:
        if index != self._next:
            self._container.seek(index, stream=self._stream)  # each frame is a key frame, and a tick long
            self._frames = self._container.decode(self._stream)
        self._next = index + 1
        return np.asarray(next(self._frames).reformat(**_AS_RGB).to_ndarray(), np.uint8)


@contextmanager
def _film(view: View, path: Path) -> Iterator[_Film]:
    import av

    render(view, path, _LOSSLESS)
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            yield _Film(container, view.frames)
    finally:
        path.unlink()


def _applied(film: _Film, effects: Sequence[tuple[str, Any]]) -> Any:
    from moviepy import VideoClip

    clip = VideoClip(film.at, duration=film.count / FPS).with_fps(FPS)
    for name, effect in effects:
        try:
            clip = copy(effect).apply(clip)
        except (TaskFailed, MemoryError):
            raise
        except Exception as error:
            raise _failed(name, error) from None
        if not isinstance(clip, VideoClip):
            raise TaskFailed(f"effect {name} gave no clip", hint="its apply(clip) has to return one")
        _name_failures(clip, name)
    return clip.with_start(0)


def _name_failures(clip: Any, name: str) -> None:
    """Lets failures of an effect that only show in a later frame be told as its own."""
    inner = clip.frame_function

    def frame(time: float) -> Any:
        try:
            return inner(time)
        except (TaskFailed, MemoryError):
            raise
        except Exception as error:
            raise _failed(name, error) from None

    clip.frame_function = frame


def _pictures(clip: Any, frames: int, shown: int) -> Iterator[Picture]:
    """The clip's frames, all of the first one's size, of which the last one ``shown`` stands to the end."""
    picture = _flat(clip, 0.0)
    size = Size(max(2, picture.shape[1] // 2 * 2), max(2, picture.shape[0] // 2 * 2))
    for index in range(frames):
        if 0 < index < shown:
            picture = _flat(clip, index / FPS)
        picture = _centred(picture, size)
        yield picture


def _encode(pictures: Iterator[Picture], frames: int, target: Path) -> Size:
    """Streams pictures into ffmpeg, which encodes one while the next is made; gives the video's size."""
    first = next(pictures)
    size = even_size(Size(first.shape[1], first.shape[0]))
    pipe = target.with_name("pictures.rgb")
    os.mkfifo(pipe)
    shape = f"{first.shape[1]}x{first.shape[0]}"
    filters = f"scale={size.width}:{size.height}:{RGB_TO_VIDEO},format=yuv420p,setsar=1"
    arguments = [
        *("-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", shape, "-r", str(FPS)),
        *("-i", pipe.name, "-vf", filters, *encode.x264(Quality.MAX)),
        *("-frames:v", str(frames), "-movflags", "+faststart", "-an", target.name),
    ]
    timeout = _TIMEOUT + _TIMEOUT_PER_FRAME * frames
    with ThreadPoolExecutor(1) as pool:
        encoded = pool.submit(ffmpeg.run, arguments, cwd=target.parent, timeout=timeout)
        try:
            with suppress(BrokenPipeError), _opened(pipe, encoded) as into:
                for picture in chain([first], pictures):
                    into.write(picture.data)
        finally:
            encoded.result()
    pipe.unlink()
    return size


def _opened(pipe: Path, reader: Future[Any]) -> IO[bytes]:
    """The pipe's end to write to, once its reader has opened the other one; raises what ended the reader."""
    while True:
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
        if reader.done():
            raise reader.exception() or TaskFailed("ffmpeg took no pictures", hint="run again")
        time.sleep(_PATIENCE)
    os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "wb")


def _flat(clip: Any, time: float) -> Picture:
    """A frame as viewers see it: what is transparent, or moved away, leaves black."""
    place = clip.pos(time)
    if clip.mask is None and not clip.relative_pos and tuple(place) == (0, 0):
        return _rgb(clip.get_frame(time))
    from PIL import Image

    width, height = clip.size
    ground = Image.new("RGB", (int(width), int(height)))
    return np.array(clip.compose_on(ground, time).convert("RGB"))


def _rgb(frame: Any) -> Picture:
    """Whatever numbers an effect gave, as 8-bit RGB."""
    found = np.asarray(frame)
    if found.ndim == 2:
        found = np.repeat(found[:, :, np.newaxis], 3, axis=2)
    if found.ndim != 3 or found.shape[2] < 3 or not found.size:
        raise TaskFailed(f"the effects gave a picture of shape {found.shape}; expected height × width × 3")
    if found.dtype == np.uint8:
        return np.ascontiguousarray(found[:, :, :3])
    picture: Picture = np.empty((*found.shape[:2], 3), np.uint8)
    for top in range(0, len(found), _STRIPE):
        rows = slice(top, top + _STRIPE)
        picture[rows] = np.clip(np.rint(found[rows, :, :3]), 0, 255)
    return picture


def _centred(picture: Picture, size: Size) -> Picture:
    """Cut or set on black to ``size``, around the middle: effects that zoom give frames of other sizes."""
    height, width = picture.shape[:2]
    if (width, height) == (size.width, size.height):
        return picture
    left, top = max(0, (width - size.width) // 2), max(0, (height - size.height) // 2)
    inner = picture[top : top + size.height, left : left + size.width]
    frame: Picture = np.zeros((size.height, size.width, 3), np.uint8)
    x, y = (size.width - inner.shape[1]) // 2, (size.height - inner.shape[0]) // 2
    frame[y : y + inner.shape[0], x : x + inner.shape[1]] = inner
    return frame
