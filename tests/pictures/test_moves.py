from __future__ import annotations

import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from adcli.media.camera import MOVES, move_name, shot_label
from adcli.media.layers import cut, read_layers, write_layers
from adcli.providers.local import animate, image
from adcli.units import Size
from adcli.work import File
from tests.pictures.material import job

WIDE, HIGH = 1152, 2048


def container(tmp_path: Path, picture: Path, motion: str = "", source: str = "image") -> File:
    params = animate.body({source: {"$asset": "a0"}, "motion": motion, "seconds": 2.5, "seed": 1})
    clip = animate.make(job("animate", params, tmp_path, picture)).outputs["clip"]
    assert isinstance(clip, File)
    return clip


def saved(path: Path, size: tuple[int, int] = (WIDE, HIGH)) -> Path:
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)
    return path


def drawn(path: Path, *boxes: tuple[int, int, int, int]) -> Path:
    """A picture of a grey ground and one layer for each box, on which the box alone is white."""
    layers = [Image.new("RGBA", (WIDE, HIGH), (90, 90, 90, 255))]
    for box in boxes:
        layers.append(Image.new("RGBA", (WIDE, HIGH), (0, 0, 0, 0)))
        layers[-1].paste((255, 255, 255, 255), box)
    write_layers(path, Size(WIDE, HIGH), cut(layers))
    return path


@pytest.mark.parametrize(
    ("wording", "move"),
    [
        ("", "push"),
        ("slow push-in", "push"),
        ("dolly in on the bottle", "push"),
        ("macro, product in the light", "push"),
        ("zooms out from the hands", "pull"),
        ("slow dolly backwards", "pull"),
        ("the view eases back from a smile", "pull"),
        ("the frame widens to hold start and end together", "pull"),
        ("pan left", "left"),
        ("top-down, slow drift to the left", "left"),
        ("slider from left to right", "right"),
        ("truck right along the shelf", "right"),
        ("layers of the picture move apart, slow parallax", "right"),
        ("slow tilt up", "up"),
        ("crane shot over the crowd", "up"),
        ("jib up", "up"),
        ("overhead flat lay, slow rise", "up"),
        ("crane down to the table", "down"),
        ("tilt down from the sky", "down"),
        ("pedestal down", "down"),
        ("handheld, slight shake", "handheld"),
        ("phone held low, walking", "handheld"),
        ("selfie at arm's length", "handheld"),
        ("half orbit around the object", "orbit"),
        ("fast arc around the subject", "orbit"),
        ("whip pan", "whip"),
        ("poster wall, fast pan", "whip"),
        ("a quick punch-in on the face", "crash"),
        ("snap zoom onto the palm", "crash"),
        ("top-down on a desk", "top"),
        ("bird's-eye view of a set table", "top"),
        ("none, locked-off studio front", "static"),
        ("locked frame, insert from above", "static"),
        ("tripod in the doorway", "static"),
        ("dances happily", "push"),
    ],
)
def test_the_wording_chooses_the_move(wording: str, move: str) -> None:
    assert move_name(wording) == move
    assert move in MOVES


@pytest.mark.parametrize(
    ("camera", "label"),
    [
        ("handheld close-up, slight shake", "CLOSE-UP"),
        ("extreme close-up on the seal", "EXTREME CLOSE-UP"),
        ("medium close-up, workshop behind", "MEDIUM CLOSE-UP"),
        ("kitchen counter, waist height, static wide", "MEDIUM"),
        ("wide from the doorway", "WIDE"),
        ("top-down on a desk", "TOP-DOWN"),
        ("first person, looking down", "POV"),
        ("low selfie from the desk", "SELFIE"),
        ("", ""),
    ],
)
def test_the_wording_names_the_shot(camera: str, label: str) -> None:
    assert shot_label(camera) == label


def test_seconds_and_wordings_of_one_move_change_no_params() -> None:
    given = {"$input": 0}
    first = animate.body({"image": given, "motion": "slow push-in", "seconds": 2, "seed": 1})
    assert first == animate.body({"image": given, "motion": "push in gently", "seconds": 9, "seed": 2})


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("depth", [0.3, 0.4, 0.68, 1.0, 1.45, 2.0])
def test_every_view_of_every_depth_lies_inside_an_upright_picture(name: str, depth: float) -> None:
    track = MOVES[name].track(depth)
    for number in range(75):
        view = track.at(number, 75)
        half = 0.5 / view.zoom
        assert view.zoom >= 1
        assert half - 1e-9 <= view.x <= 1 - half + 1e-9
        assert half - 1e-9 <= view.y <= 1 - half + 1e-9


@pytest.mark.parametrize("name", MOVES)
def test_what_is_nearer_moves_or_grows_more(name: str) -> None:
    tracks = [MOVES[name].track(depth) for depth in (0.4, 0.68, 1.0, 1.45)]
    grown = [abs(track.end.zoom - track.start.zoom) for track in tracks]
    across = [track.end.x - track.start.x for track in tracks]
    down = [track.end.y - track.start.y for track in tracks]
    assert grown == sorted(grown)
    for way in (across, down):
        assert way in (sorted(way), sorted(way, reverse=True))
    assert any(len({round(number, 6) for number in told}) == 4 for told in (grown, across, down))


def test_an_orbit_keeps_the_subject_while_the_ground_goes_the_other_way() -> None:
    far, subject, near = (MOVES["orbit"].track(depth) for depth in (0.4, 1.0, 1.45))
    runs = [track.end.x - track.start.x for track in (far, subject, near)]
    assert runs[0] < -0.03 < 0.03 > runs[1]
    assert runs[2] > 0.05


def test_a_hand_wanders_without_end_and_the_same_each_time() -> None:
    track = MOVES["handheld"].track(1.0)
    path = [track.at(number, 90) for number in range(90)]
    assert path == [MOVES["handheld"].track(1.0).at(number, 90) for number in range(90)]
    turns = sum((b.x - a.x) * (c.x - b.x) < 0 for a, b, c in zip(path, path[1:], path[2:], strict=False))
    assert 4 <= turns <= 24, "it goes to and fro, and does not tremble"
    assert max(abs(b.x - a.x) for a, b in pairwise(path)) < 0.004


def test_a_picture_by_itself_is_one_layer_of_a_stored_zip(tmp_path: Path) -> None:
    clip = container(tmp_path, saved(tmp_path / "p.png"), "pan left")
    assert clip.media_type == "application/vnd.adcli.move+zip"
    with zipfile.ZipFile(clip.path) as archive:
        assert archive.testzip() is None
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        document = json.loads(archive.read("move.json"))
        with Image.open(io.BytesIO(archive.read("layer-0.png"))) as layer:
            assert (layer.mode, layer.size) == ("RGB", (WIDE, HIGH))
    assert (document["format"], document["width"], document["height"]) == (2, WIDE, HIGH)
    (row,) = document["layers"]
    assert row == {
        "file": "layer-0.png",
        **{"left": 0, "top": 0, "width": WIDE, "height": HIGH, "depth": 1.0},
        "from": {"x": 0.55, "y": 0.5, "zoom": 1.12},
        "to": {"x": 0.45, "y": 0.5, "zoom": 1.12},
        "ease": "inout",
        "sway": [],
    }


def test_each_layer_is_cut_to_what_is_on_it_and_moves_by_its_depth(tmp_path: Path) -> None:
    layers = drawn(tmp_path / "l.zip", (0, 0, WIDE, 900), (300, 800, 700, 1600), (0, 1900, 200, HIGH))
    clip = container(tmp_path, layers, "push-in", "layers")
    with zipfile.ZipFile(clip.path) as archive:
        rows = json.loads(archive.read("move.json"))["layers"]
    places = [(row["left"], row["top"], row["width"], row["height"]) for row in rows]
    assert places == [(0, 0, WIDE, HIGH), (0, 0, WIDE, 900), (300, 800, 400, 800), (0, 1900, 200, 148)]
    grown = [row["to"]["zoom"] - row["from"]["zoom"] for row in rows]
    assert grown == sorted(set(grown))


def test_what_is_far_apart_on_one_layer_is_two_pieces_of_one_depth(tmp_path: Path) -> None:
    layers = [Image.new("RGBA", (WIDE, HIGH), (90, 90, 90, 255)), Image.new("RGBA", (WIDE, HIGH))]
    for box in ((0, 0, 200, 200), (900, 0, WIDE, 300), (0, 1800, WIDE, HIGH)):
        layers[1].paste((255, 255, 255, 255), box)
    write_layers(tmp_path / "l.zip", Size(WIDE, HIGH), cut(layers))
    _, pieces = read_layers(tmp_path / "l.zip")
    places = [(piece.left, piece.top, piece.size.width, piece.size.height) for piece in pieces[1:]]
    assert places == [(0, 0, 200, 200), (900, 0, 252, 300), (0, 1800, WIDE, 248)]
    assert len({piece.depth for piece in pieces[1:]}) == 1


def test_a_picture_with_nothing_before_its_ground_moves_as_a_subject_does(tmp_path: Path) -> None:
    layers = [Image.new("RGBA", (WIDE, HIGH), (90, 90, 90, 255)), *[Image.new("RGBA", (WIDE, HIGH))] * 3]
    assert [piece.depth for piece in cut(layers)] == [1.0]


def test_edges_keep_their_colour_where_they_become_transparent(tmp_path: Path) -> None:
    layers = drawn(tmp_path / "l.zip", (302, 802, 698, 1598))
    _, (_, piece) = read_layers(layers)
    assert (piece.left, piece.top) == (302, 802)
    blank = Image.new("RGBA", (64, 64))
    blank.paste((255, 255, 255, 255), (20, 20, 40, 40))
    blank.putpixel((0, 0), (0, 0, 0, 255))
    _, part = cut([Image.new("RGBA", (64, 64), "grey"), blank])
    with Image.open(io.BytesIO(part.png)) as opened:
        assert opened.getpixel((19, 30)) == (255, 255, 255, 0)


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    picture = saved(tmp_path / "p.png", (300, 500))
    (tmp_path / "other").mkdir()
    first, second = container(tmp_path, picture), container(tmp_path / "other", picture)
    assert first.path != second.path
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_drawn_scene_comes_in_layers_that_make_its_picture_and_the_same_bytes_each_time(
    tmp_path: Path,
) -> None:
    params = image.body({"prompt": "bottle on a rock in the mountains", "seed": 3, "camera": "wide"})
    one, two = (image.make(job("image", {**params, "n": n}, tmp_path)).outputs for n in (1, 2))
    paths = [[made.path for made in outputs.values() if isinstance(made, File)] for outputs in (one, two)]
    assert [path.read_bytes() for path in paths[0]] == [path.read_bytes() for path in paths[1]]
    size, pieces = read_layers(paths[0][1])
    whole = Image.new("RGBA", (size.width, size.height))
    for piece in pieces:
        with Image.open(io.BytesIO(piece.png)) as part:
            whole.alpha_composite(part.convert("RGBA"), (piece.left, piece.top))
    with Image.open(paths[0][0]) as picture:
        worst = np.asarray(ImageChops.difference(whole.convert("RGB"), picture)).max()
    assert len(pieces) >= 3
    assert worst <= 3


@pytest.mark.parametrize(
    ("given", "size"),
    [((4000, 6000), (1536, 2304)), ((9000, 900), (4096, 410)), ((1, 1), (1, 1)), ((640, 360), (640, 360))],
)
def test_pictures_are_kept_as_large_as_a_zoomed_frame_needs(
    tmp_path: Path, given: tuple[int, int], size: tuple[int, int]
) -> None:
    clip = container(tmp_path, saved(tmp_path / "p.png", given))
    assert (clip.meta["width"], clip.meta["height"]) == size
