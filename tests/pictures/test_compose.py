"""A cut-out person before a picture that fills the frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from adcli.errors import TaskFailed
from adcli.stages import compose
from adcli.work import File
from tests.media.rendering import artifact, job, near

RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 160, 30)


def cut_out(target: Path, box: tuple[int, int, int, int] | None = (100, 200, 300, 700)) -> Path:
    picture = Image.new("RGBA", (400, 800), (0, 0, 0, 0))
    if box:
        ImageDraw.Draw(picture).rectangle(box, fill=(*RED, 255))
    picture.save(target)
    return target


def composed(folder: Path, backdrop: Image.Image, person: Path) -> NDArray[np.uint8]:
    backdrop.save(folder / "backdrop.png")
    params = {"person": {"$input": 0}, "backdrop": {"$input": 1}, "width": 576, "height": 1024}
    files = [artifact(person), artifact(folder / "backdrop.png")]
    made = compose.make(job(params, files, folder / "work")).outputs["image"]
    assert isinstance(made, File)
    assert made.meta == {"width": 576, "height": 1024}
    with Image.open(made.path) as picture:
        assert picture.mode == "RGB"
        return np.asarray(picture)


def test_the_person_stands_on_the_lower_edge_in_the_middle(tmp_path: Path) -> None:
    seen = composed(tmp_path, Image.new("RGB", (900, 1600), BLUE), cut_out(tmp_path / "person.png"))
    assert near(seen[1020, 288], RED)
    assert near(seen[1020, 20], BLUE)
    assert near(seen[100, 288], BLUE)
    height = int((seen[:, 288, 0] > 120).sum())
    assert height == pytest.approx(0.6 * 1024, abs=3)
    row = seen[900, :, 0] > 120
    assert row.argmax() == pytest.approx(row[::-1].argmax(), abs=2)


def test_a_wide_backdrop_stands_whole_above_the_person(tmp_path: Path) -> None:
    wide = Image.new("RGB", (800, 400), BLUE)
    ImageDraw.Draw(wide).rectangle((0, 0, 40, 400), fill=GREEN)
    seen = composed(tmp_path, wide, cut_out(tmp_path / "person.png"))
    assert near(seen[200, 5], GREEN)
    assert near(seen[200, 300], BLUE)
    assert near(seen[1020, 288], RED)


def test_a_transparent_product_stands_on_a_light_ground(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (600, 1000), (0, 0, 0, 0))
    seen = composed(tmp_path, clear, cut_out(tmp_path / "person.png"))
    assert near(seen[100, 100], (244, 244, 242))


def test_an_empty_cut_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="nothing is left"):
        composed(tmp_path, Image.new("RGB", (90, 160), BLUE), cut_out(tmp_path / "person.png", None))
