from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from adcli.errors import TaskFailed
from adcli.providers.local import portrait
from tests.pictures.material import job, near


def conformed(tmp_path: Path, picture: Path) -> Image.Image:
    params = portrait.body({"image": {"$asset": "a0"}, "prompt": "a man", "seed": 1})
    file = portrait.make(job("portrait", params, tmp_path, picture)).outputs["image"]
    assert not isinstance(file, str)
    with Image.open(file.path) as image:
        assert image.format == "PNG"
        copied: Image.Image = image.copy()
        return copied


def test_a_given_picture_is_all_that_counts() -> None:
    assert portrait.body({"image": {"$asset": "a"}, "prompt": "x", "seed": 3}) == {"image": {"$asset": "a"}}


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "L", "1", "I;16"])
def test_every_kind_of_picture_becomes_rgb(tmp_path: Path, mode: str) -> None:
    source = Image.new("RGB", (60, 90), (200, 40, 40))
    path = tmp_path / f"p.{'jpg' if mode == 'CMYK' else 'png'}"
    (
        Image.new("I;16", (60, 90), 30_000)
        if mode == "I;16"
        else source.quantize(4)
        if mode == "P"
        else source.convert(mode)
    ).save(path)
    image = conformed(tmp_path, path)
    assert (image.mode, image.size) == ("RGB", (60, 90))
    if mode in ("RGBA", "CMYK", "P"):
        assert near(image, (200, 40, 40), 40) == 60 * 90


def test_the_camera_turned_on_its_side_is_put_right_and_large_pictures_are_scaled(tmp_path: Path) -> None:
    source = Image.new("RGB", (4000, 2000), "white")
    source.paste((255, 0, 0), (0, 0, 400, 2000))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    source.save(tmp_path / "p.jpg", exif=exif)
    image = conformed(tmp_path, tmp_path / "p.jpg")
    assert image.size == (1024, 2048)
    assert near(image.crop((0, 0, 1024, 200)), (255, 0, 0)) > 190_000


def test_what_is_transparent_becomes_a_soft_neutral(tmp_path: Path) -> None:
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "p.png")
    assert conformed(tmp_path, tmp_path / "p.png").getpixel((5, 5)) == (236, 233, 228)


def test_without_a_picture_a_person_is_drawn_the_same_each_time(tmp_path: Path) -> None:
    params = portrait.body({"prompt": "woman, 60, glasses", "seed": 1})
    sizes = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        file = portrait.make(job("portrait", params, tmp_path / name)).outputs["image"]
        assert not isinstance(file, str)
        sizes.append(file.path.read_bytes())
    assert sizes[0] == sizes[1]


def test_a_broken_picture_fails_the_task(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"nothing")
    with pytest.raises(TaskFailed, match=r"p\.png"):
        conformed(tmp_path, tmp_path / "p.png")
