"""MoviePy's effects on a scene's clip: frames are streamed through them, never held all at once."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adcli.errors import TaskFailed
from adcli.media import encode, ffmpeg
from adcli.media.moves import RGB_TO_VIDEO
from adcli.media.plain import View, even_size, render
from adcli.units import FPS, Quality, Size

Picture = NDArray[np.uint8]

_TO_RGB = "scale=in_color_matrix=bt709:in_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=gbrp"
_LOSSLESS = ("-c:v", "utvideo", "-threads", "1")
_KEPT = 6  # frames at hand: effects such as SuperSample ask for neighbours again and again
_NEARLY = 1e-4  # of a frame, by which a time may miss it
_TIMEOUT, _TIMEOUT_PER_FRAME = 300.0, 1.0
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
    passed = target.with_name("affected.avi")
    with _fitted(view, made, target.parent) as clip:
        size, shown = _write(clip, view.frames, passed)
    final = even_size(size)
    filters = f"scale={final.width}:{final.height}:{RGB_TO_VIDEO},format=yuv420p,setsar=1"
    ffmpeg.run(
        [
            *("-v", "error", "-y", "-threads", "1", "-i", passed.name, "-vf", filters),
            *encode.x264(Quality.MAX),
            *("-movflags", "+faststart", "-an", target.name),
        ],
        cwd=target.parent,
        timeout=_TIMEOUT + _TIMEOUT_PER_FRAME * view.frames,
    )
    passed.unlink()
    longer = 0.0 if clip.duration is None else clip.duration - view.frames / FPS
    return Affected(final, (view.frames - shown) / FPS, max(0.0, longer))


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
        return np.asarray(next(self._frames).to_ndarray(format="rgb24"), np.uint8)


@contextmanager
def _film(view: View, path: Path) -> Iterator[_Film]:
    import av

    render(view, path, _LOSSLESS, _TO_RGB)
    try:
        with av.open(str(path)) as container:
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


def _write(clip: Any, frames: int, path: Path) -> tuple[Size, int]:
    """Writes the clip's frames, losslessly; gives their size, and how many were there before it ended."""
    import av

    shown = frames if clip.duration is None else min(frames, round(clip.duration * FPS))
    if shown < 1:
        raise TaskFailed("the effects leave nothing of the scene", hint="its clip lasts less than a frame")
    first = _flat(clip, 0.0)
    size = Size(max(2, first.shape[1] // 2 * 2), max(2, first.shape[0] // 2 * 2))
    with av.open(str(path), "w") as file:
        stream = file.add_stream("utvideo", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = size.width, size.height, "gbrp"
        picture = _centred(first, size)
        for index in range(frames):
            if 0 < index < shown:
                picture = _centred(_flat(clip, index / FPS), size)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="gbrp")
            frame.pts = index
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return size, shown


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
    if found.dtype != np.uint8:
        found = np.clip(np.rint(found), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(found[:, :, :3])


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
