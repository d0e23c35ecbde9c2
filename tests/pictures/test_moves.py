from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from adcli.providers.local import animate
from adcli.work import File
from tests.pictures.material import job


def container(tmp_path: Path, picture: Path, motion: str = "") -> File:
    params = animate.body({"image": {"$asset": "a0"}, "motion": motion, "seconds": 2.5, "seed": 1})
    clip = animate.make(job("animate", params, tmp_path, picture)).outputs["clip"]
    assert isinstance(clip, File)
    return clip


def saved(path: Path, size: tuple[int, int] = (1152, 2048)) -> Path:
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)
    return path


@pytest.mark.parametrize(
    ("motion", "move"),
    [
        ("", "push"),
        ("slow push-in", "push"),
        ("zooms out from the hands", "pull"),
        ("pan left", "left"),
        ("slider from left to right", "right"),
        ("slow tilt up", "up"),
        ("top-down, still", "down"),
        ("handheld, slight shake", "handheld"),
        ("half orbit around the object", "orbit"),
        ("whip pan", "whip"),
        ("a quick punch-in on the face", "crash"),
        ("none, locked-off studio front", "static"),
        ("dances happily", "push"),
        ("the view eases back from a smile", "pull"),
    ],
)
def test_the_wording_chooses_the_move(motion: str, move: str) -> None:
    assert animate.move_name(motion) == move


def test_seconds_and_wordings_of_one_move_change_no_params() -> None:
    image = {"$input": 0}
    first = animate.body({"image": image, "motion": "slow push-in", "seconds": 2, "seed": 1})
    assert first == animate.body({"image": image, "motion": "push in gently", "seconds": 9, "seed": 2})


def test_every_view_lies_inside_an_upright_picture() -> None:
    for name, move in animate.MOVES.items():
        for view in (move.start, move.end):
            half = 0.5 / view.zoom
            assert view.zoom >= 1, name
            assert half - 1e-9 <= view.x <= 1 - half + 1e-9, name
            assert half - 1e-9 <= view.y <= 1 - half + 1e-9, name


def test_a_container_is_a_stored_zip_with_the_move_and_the_picture(tmp_path: Path) -> None:
    clip = container(tmp_path, saved(tmp_path / "p.png"), "pan left")
    assert clip.media_type == "application/vnd.adcli.move+zip"
    with zipfile.ZipFile(clip.path) as archive:
        assert archive.testzip() is None
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        document = json.loads(archive.read("move.json"))
        with Image.open(io.BytesIO(archive.read("layer-0.png"))) as layer:
            assert (layer.mode, layer.size) == ("RGB", (1152, 2048))
    assert (document["format"], document["width"], document["height"]) == (1, 1152, 2048)
    (row,) = document["layers"]
    assert row == {
        "file": "layer-0.png",
        "from": {"x": 0.545, "y": 0.5, "zoom": 1.12},
        "to": {"x": 0.455, "y": 0.5, "zoom": 1.12},
        "ease": "inout",
    }


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    picture = saved(tmp_path / "p.png", (300, 500))
    (tmp_path / "other").mkdir()
    first, second = container(tmp_path, picture), container(tmp_path / "other", picture)
    assert first.path != second.path
    assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.parametrize(
    ("given", "size"),
    [((4000, 6000), (1536, 2304)), ((9000, 900), (4096, 410)), ((1, 1), (1, 1)), ((640, 360), (640, 360))],
)
def test_pictures_are_kept_as_large_as_a_zoomed_frame_needs(
    tmp_path: Path, given: tuple[int, int], size: tuple[int, int]
) -> None:
    clip = container(tmp_path, saved(tmp_path / "p.png", given))
    assert (clip.meta["width"], clip.meta["height"]) == size
