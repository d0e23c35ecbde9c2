"""What lies far moves less than what lies near, in the pixels of rendered segments."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adcli.media.camera import MOVES
from adcli.media.layers import cut, read_layers, write_move
from adcli.units import Size
from tests.media import rendering as r

pytestmark = pytest.mark.media

WIDE, HIGH, SPAN = 1152, 2048, 16
COLOURS = {"far": (220, 30, 30), "middle": (30, 200, 30), "subject": (40, 60, 230), "near": (230, 220, 20)}
STRIP = (200, 30, 200)
X, ROWS, SIDE = 400, (850, 950, 1050, 1150), 48


def container(target: Path, name: str) -> Path:
    """Four layers with a square each at the same distance from the middle; the nearest has a strip below."""
    layers = []
    for index, (colour, y) in enumerate(zip(COLOURS.values(), ROWS, strict=True)):
        layers.append(Image.new("RGBA", (WIDE, HIGH), (120, 120, 120, 0 if index else 255)))
        layers[-1].paste((*colour, 255), (X - SIDE // 2, y - SIDE // 2, X + SIDE // 2, y + SIDE // 2))
    layers[-1].paste((*STRIP, 255), (0, 1300, WIDE, HIGH))
    pieces = cut(layers)
    write_move(target, Size(WIDE, HIGH), pieces, [MOVES[name].track(piece.depth) for piece in pieces])
    return target


def centres(frame: r.Pixels) -> dict[str, tuple[float, float]]:
    """Where each square is, between pixels."""
    found = {}
    for name, colour in COLOURS.items():
        distance = np.abs(frame.astype(int) - np.array(colour)).max(axis=2)
        weight = np.clip((75 - distance) / 50, 0, 1)
        assert weight.sum() > 60, f"{name} is not seen"
        columns, rows = np.arange(frame.shape[1]) + 0.5, np.arange(frame.shape[0]) + 0.5
        across, down = weight.sum(axis=0) @ columns, weight.sum(axis=1) @ rows
        found[name] = (float(across / weight.sum()), float(down / weight.sum()))
    return found


def rendered(folder: Path, name: str, ratio: str, fit: str = "crop") -> list[r.Pixels]:
    clip = container(folder / "m.zip", name)
    made = r.render(folder / "work", clip, SPAN, ratio=ratio, fit=fit)
    assert made.meta["frames"] == SPAN
    return r.decoded(made.path)


RENDERS = [
    *((name, "9:16", "crop") for name in MOVES),
    *((name, ratio, "crop") for name in ("push", "left", "orbit") for ratio in ("1:1", "16:9")),
    ("pull", "16:9", "pad"),
]
ORDERED = ("push", "crash", "pull", "left", "up", "whip")
"""Moves in which a farther square goes less far than a nearer one, from the first frame to the last."""


@pytest.mark.parametrize(("name", "ratio", "fit"), RENDERS)
def test_each_layer_is_where_its_depth_puts_it_the_near_moves_most_and_no_edge_shows(
    tmp_path: Path, name: str, ratio: str, fit: str
) -> None:
    frames = rendered(tmp_path, name, ratio, fit)
    assert len(frames) == SPAN
    wide, high = r.preview(ratio)
    inner = (high * WIDE / HIGH, float(high)) if fit == "pad" else (float(wide), float(high))
    cover = max(inner[0] / WIDE, inner[1] / HIGH)
    first, last = centres(frames[0]), centres(frames[-1])
    if name in ORDERED:
        axis = int(name == "up")
        ways = [abs(last[layer][axis] - first[layer][axis]) for layer in COLOURS]
        assert all(one < other for one, other in pairwise(ways)), ways
    for number, found in ((0, first), (SPAN - 1, last)):
        for layer, depth, y in zip(COLOURS, (0.4, 0.68, 1.0, 1.45), ROWS, strict=True):
            view = MOVES[name].track(depth).at(number, SPAN)
            scale = cover * view.zoom
            wanted = (wide / 2 + (X - view.x * WIDE) * scale, high / 2 + (y - view.y * HIGH) * scale)
            assert np.abs(np.subtract(found[layer], wanted)).max() < (4 if fit == "pad" else 2), layer
    for frame in frames:
        assert fit == "pad" or frame.max(axis=2).min() > 60, "what lies beside a layer shows"
        strip = np.abs(frame.astype(int) - np.array(STRIP)).max(axis=2) < 40
        rows = np.flatnonzero(strip[:, wide // 2])
        assert fit == "pad" or strip[rows[6:]].all(), "the nearest layer ends inside the frame"


def test_on_an_arc_the_far_goes_one_way_and_the_near_the_other(tmp_path: Path) -> None:
    frames = rendered(tmp_path, "orbit", "1:1")
    first, last = centres(frames[0]), centres(frames[-1])
    far, middle, subject, near = (last[layer][0] - first[layer][0] for layer in COLOURS)
    assert far > middle > subject > near
    assert far > 15
    assert near < -15
    assert abs(subject) < min(far, -near)


@pytest.mark.parametrize("name", ["push", "left", "handheld"])
def test_layers_glide_without_jumps(tmp_path: Path, name: str) -> None:
    """Over two seconds each square stays within a preview pixel of its path (RMS), frame by frame."""
    clip = container(tmp_path / "m.zip", name)
    frames = r.decoded(r.render(tmp_path / "work", clip, 60, ratio="9:16").path)
    cover = r.preview("9:16")[0] / WIDE
    for layer, depth in zip(COLOURS, (0.4, 0.68, 1.0, 1.45), strict=True):
        off = []
        for number, frame in enumerate(frames):
            view = MOVES[name].track(depth).at(number, 60)
            off.append(centres(frame)[layer][0] - (X - view.x * WIDE) * cover * view.zoom)
        assert np.std(off) < 0.8, layer


def test_the_same_move_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (container(tmp_path / f"{n}.zip", "handheld") for n in (1, 2))
    assert one.read_bytes() == two.read_bytes()
    made = [r.render(tmp_path / f"work{n}", clip, 6).path.read_bytes() for n, clip in enumerate((one, two))]
    assert made[0] == made[1]


def test_the_tail_of_a_swaying_move_continues_its_last_frame(tmp_path: Path) -> None:
    clip = container(tmp_path / "m.zip", "handheld")
    last = r.decoded(r.render(tmp_path / "one", clip, SPAN).path)[-1]
    other = r.lavfi(tmp_path / "other.mp4", "color=white:s=64x64:r=30:d=1")
    tail = {"picture": clip, "at": 0, "zoom": 1, "fit": "crop", "frames": SPAN}
    first = r.decoded(r.render(tmp_path / "two", other, 12, transition="swipe", tail=tail).path)[0]
    assert np.abs(last.astype(int) - first).mean() < 3


def test_a_layer_that_is_never_seen_costs_nothing_and_changes_nothing(tmp_path: Path) -> None:
    layers = [Image.new("RGBA", (WIDE, HIGH), (120, 120, 120, 255)), Image.new("RGBA", (WIDE, HIGH))]
    layers[1].paste((255, 0, 0, 255), (0, 0, WIDE, 60))
    pieces = cut(layers)
    tracks = [MOVES["push"].track(piece.depth) for piece in pieces]
    write_move(tmp_path / "m.zip", Size(WIDE, HIGH), pieces, tracks)
    frames = r.decoded(r.render(tmp_path / "work", tmp_path / "m.zip", 3, ratio="1:1").path)
    assert all(np.ptp(frame) < 8 for frame in frames)


def test_layers_of_a_file_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="can't be read"):
        read_layers(container(tmp_path / "m.zip", "push"))
