"""Pictures in layers, and how they move: the zip files that the free draft hands from stage to stage.

``layers.json`` or ``move.json`` lists the layers from back to front. The first is opaque and fills the
picture; each other one is cut down to what is drawn on it, ``left`` and ``top`` px inside the picture.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adcli.errors import TaskFailed
from adcli.media.tracks import STILL, Track, read_track
from adcli.units import Size

if TYPE_CHECKING:
    from PIL import Image

LAYERS_TYPE = "application/vnd.adcli.layers+zip"
"""Media type of a picture in layers."""

MOVE_TYPE = "application/vnd.adcli.move+zip"
"""Media type of layers with a move."""

_LAYERS, _MOVE = "layers.json", "move.json"
_LARGEST_LAYER = 64 << 20
_LARGEST_SIDE = 16384
_MOST_LAYERS = 40
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: same picture, same bytes
_GAP = 96  # pixels of nothing along which a layer is cut into parts
_WORTH = 0.7  # the share of a layer that its parts may take at most: each costs something by itself
_FAINT = 2  # opacity, of 255, that nobody sees
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OverflowError),
    *(AttributeError, KeyError, ValueError, TypeError),
)
"""What reading a zip or JSON of unknown content may raise."""

_DEPTHS = (0.4, 0.68, 1.0, 1.45)
_NEARER = 0.3


@dataclass(frozen=True, slots=True)
class Layer:
    """One picture of a move: its file, where it lies in the whole picture, how it moves, how deep it is."""

    path: Path
    left: int
    top: int
    size: Size
    track: Track
    depth: float = 1.0


@dataclass(frozen=True, slots=True)
class Container:
    """A move: layers from back to front in a picture of this size."""

    size: Size
    layers: tuple[Layer, ...]

    @property
    def stands(self) -> bool:
        """Nothing in it moves."""
        return all(layer.track.stands for layer in self.layers)

    def zoomed(self, factor: float) -> Container:
        """The same move seen closer."""
        return self._with(lambda track: track.zoomed(factor))

    def ended(self, span: int) -> Container:
        """The view at the end of a move of ``span`` frames, standing still: the tail of an outgoing scene."""
        return self._with(lambda track: Track(track.at(span - 1, span), track.at(span - 1, span)))

    def _with(self, change: Callable[[Track], Track]) -> Container:
        return Container(self.size, tuple(replace(row, track=change(row.track)) for row in self.layers))


def still(path: Path, size: Size) -> Container:
    """A picture that does not move."""
    return Container(size, (Layer(path, 0, 0, size, STILL),))


@dataclass(frozen=True, slots=True)
class Piece:
    """One layer in a file: a PNG, where it lies, and its ``depth``: 1 is the subject, less is farther."""

    png: bytes
    left: int
    top: int
    size: Size
    depth: float


def cut(layers: Sequence[Image.Image]) -> tuple[Piece, ...]:
    """Layers of one size, back to front, the first opaque, each cut down to what is seen of it.

    The third is the subject: what lies behind it is farther, what lies before it nearer. A layer with nothing
    on it is left out; a picture that is alone is the subject itself.
    """
    found = []
    for index, (layer, depth) in enumerate(zip(layers, _depths(len(layers)), strict=True)):
        if not index:
            found.append(replace(flat(layer), depth=depth))
            continue
        mask = layer.getchannel("A").point(lambda a: 255 if a > _FAINT else 0)
        for left, top, right, bottom in _boxes(mask):
            part = _bled(layer.crop((left, top, right, bottom)))
            found.append(Piece(_png(part), left, top, Size(*part.size), depth))
    return (replace(found[0], depth=1.0),) if len(found) == 1 else tuple(found)


def _boxes(mask: Image.Image) -> list[tuple[int, int, int, int]]:
    """Boxes that hold all that is white, cut along wide gaps: what is empty would cost as much to move."""
    import numpy as np

    seen = np.asarray(mask) > 0
    found = []
    for top, low in _runs(np.flatnonzero(seen.any(axis=1)).tolist()):
        for left, right in _runs(np.flatnonzero(seen[top:low].any(axis=0)).tolist()):
            inside = np.flatnonzero(seen[top:low, left:right].any(axis=1))
            found.append((left, top + int(inside[0]), right, top + int(inside[-1]) + 1))
    whole = mask.getbbox()
    taken = sum((right - left) * (low - top) for left, top, right, low in found)
    if whole is None or taken > _WORTH * (whole[2] - whole[0]) * (whole[3] - whole[1]):
        return [whole] if whole else []
    return found


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Rising numbers as ranges, of which those with small gaps are one."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number - runs[-1][1] < _GAP:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def flat(picture: Image.Image) -> Piece:
    """A picture that is one layer by itself."""
    return Piece(_png(picture.convert("RGB")), 0, 0, Size(*picture.size), 1.0)


def _depths(count: int) -> Iterator[float]:
    known = _DEPTHS[max(0, 3 - count) :] if count < len(_DEPTHS) else _DEPTHS
    for index in range(count):
        yield known[index] if index < len(known) else known[-1] + _NEARER * (index - len(known) + 1)


def _bled(layer: Image.Image) -> Image.Image:
    """The colours of edges continued a few pixels into what is transparent: scaling darkens no edge then."""
    from PIL import Image, ImageFilter

    around = layer.convert("RGBa").reduce(4).filter(ImageFilter.BoxBlur(1)).convert("RGBA").convert("RGB")
    around = around.resize(layer.size, Image.Resampling.NEAREST)
    alpha = layer.getchannel("A")
    bled = Image.composite(layer.convert("RGB"), around, alpha.point(lambda a: 255 if a else 0))
    bled.putalpha(alpha)
    return bled


def _png(picture: Image.Image) -> bytes:
    pixels = io.BytesIO()
    picture.save(pixels, "PNG", compress_level=2)
    return pixels.getvalue()


def write_layers(target: Path, size: Size, pieces: Sequence[Piece]) -> None:
    """Writes a picture in layers: stored, with fixed times, so that equal pictures give equal bytes."""
    rows = [_row(index, piece) for index, piece in enumerate(pieces)]
    _write(target, _LAYERS, {"format": 1, **asdict(size), "layers": rows}, pieces)


def write_move(target: Path, size: Size, pieces: Sequence[Piece], tracks: Sequence[Track]) -> None:
    """Writes layers with their tracks, in the same way."""
    rows = []
    for index, (piece, track) in enumerate(zip(pieces, tracks, strict=True)):
        rows.append(_row(index, piece) | track.document())
    _write(target, _MOVE, {"format": 2, **asdict(size), "layers": rows}, pieces)


def _row(index: int, piece: Piece) -> dict[str, Any]:
    place = {"left": piece.left, "top": piece.top, **asdict(piece.size)}
    return {"file": f"layer-{index}.png", **place, "depth": piece.depth}


def _write(target: Path, name: str, document: Mapping[str, Any], pieces: Sequence[Piece]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(name), json.dumps(document, indent=1))
        for index, piece in enumerate(pieces):
            archive.writestr(_entry(f"layer-{index}.png"), piece.png)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o644 << 16
    return entry


def is_container(path: Path) -> bool:
    """The file starts like a zip, as move containers do and videos don't."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def read_layers(path: Path) -> tuple[Size, tuple[Piece, ...]]:
    """A picture in layers; raises TaskFailed when it is none."""
    with _opened(path, _LAYERS) as (archive, size, rows):
        return size, tuple(
            Piece(_content(archive, row), *_place(row, size), float(row["depth"])) for row in rows
        )


def read_move(path: Path, folder: Path) -> Container:
    """Unpacks a container's layers into ``folder``; raises TaskFailed when it is not one."""
    with _opened(path, _MOVE) as (archive, size, rows):
        layers = []
        for index, row in enumerate(rows):
            target = folder / f"layer-{index}.png"
            target.write_bytes(_content(archive, row))
            layers.append(Layer(target, *_place(row, size), read_track(row), float(row.get("depth", 1.0))))
        return Container(size, tuple(layers))


@contextmanager
def _opened(path: Path, name: str) -> Iterator[tuple[zipfile.ZipFile, Size, Sequence[Mapping[str, Any]]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            document = json.loads(archive.read(name))
            size, rows = _size(document), document["layers"]
            if not 1 <= len(rows) <= _MOST_LAYERS:
                raise ValueError(f"{len(rows)} layers")
            yield archive, size, rows
    except _DAMAGED as error:
        raise TaskFailed(
            f"a camera move can't be read: {error}", hint="run again: it is made anew"
        ) from error


def _content(archive: zipfile.ZipFile, row: Mapping[str, Any]) -> bytes:
    info = archive.getinfo(str(row["file"]))
    if info.file_size > _LARGEST_LAYER:
        raise ValueError(f"{row['file']} is too large")
    return archive.read(info)


def _place(row: Mapping[str, Any], whole: Size) -> tuple[int, int, Size]:
    """Left, top and size of a layer; one that says nothing fills the picture."""
    left, top = int(row.get("left", 0)), int(row.get("top", 0))
    size = _size(row) if "width" in row else whole
    if not (0 <= left <= whole.width - size.width and 0 <= top <= whole.height - size.height):
        raise ValueError(f"a layer of {size.width}x{size.height} at {left}, {top}")
    return left, top, size


def _size(row: Mapping[str, Any]) -> Size:
    size = Size(int(row["width"]), int(row["height"]))
    if not all(1 <= side <= _LARGEST_SIDE for side in (size.width, size.height)):
        raise ValueError(f"a picture of {size.width}x{size.height}")
    return size
