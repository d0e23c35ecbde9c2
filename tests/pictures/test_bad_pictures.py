"""Odd photos and odd texts: drawn sensibly or refused in plain words; no text reaches a renderer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import resvg_py
from PIL import Image

from adcli.errors import TaskFailed
from adcli.providers.local import image as stage
from adcli.providers.local.drawing.layers import draw_layers
from tests.pictures.material import GREEN, bottle, job, near

BAND = (0, 448, 1152, 1600)


def _white(folder: Path) -> Image.Image:
    return Image.open(bottle(folder / "white.png", alpha=False)).convert("RGB")


def _turned(folder: Path) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 6
    _white(folder).rotate(90, expand=True).save(folder / "p.jpg", exif=exif, quality=95)
    return folder / "p.jpg"


def _palette(folder: Path) -> Path:
    few = _white(folder).quantize(8)
    few.save(folder / "p.png", transparency=few.getpixel((0, 0)))
    return folder / "p.png"


def _saved(name: str, mode: str) -> Callable[[Path], Path]:
    def save(folder: Path) -> Path:
        _white(folder).convert(mode).save(folder / name)
        return folder / name

    return save


def _animated(name: str) -> Callable[[Path], Path]:
    def save(folder: Path) -> Path:
        first = _white(folder)
        first.save(folder / name, save_all=True, append_images=[Image.new("RGB", first.size, "red")])
        return folder / name

    return save


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: bottle(folder / "p.png", alpha=True),
        _turned,
        _palette,
        _saved("p.jpg", "CMYK"),
        _animated("p.png"),
        _animated("p.webp"),
    ],
    ids=["transparent", "turned", "palette", "cmyk", "apng", "webp"],
)
def test_an_odd_photo_of_a_product_is_cut_out_upright(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    params = {
        "prompt": "Glow on a plain studio background, day",
        "seed": 1,
        "product_name": "Glow",
        "products": [{"$asset": "a0"}],
        "colors": ["#c0504d"],
    }
    file = stage.make(job("image", params, tmp_path, make(tmp_path))).outputs["image"]
    assert not isinstance(file, str)
    with Image.open(file.path) as picture:
        red, green, blue = (np.asarray(picture.crop(BAND)).astype(int)[..., n] for n in range(3))
    rows, columns = np.nonzero((green > 3 * red) & (green > 2 * blue) & (green > 100))
    assert rows.size > 60_000
    high, wide = (np.subtract(*np.percentile(places, [98, 2])) for places in (rows, columns))
    assert high > 2 * wide, "it stands"


def _noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 90).convert("RGBA")


@pytest.mark.parametrize(
    "photo",
    [
        Image.new("RGBA", (1, 1), (*GREEN, 255)),
        _noise((3000, 300)),
        _noise((300, 3000)),
        Image.new("RGBA", (3000, 40), (*GREEN, 255)),
        Image.new("RGBA", (300, 300), (*GREEN, 120)),
    ],
    ids=["one pixel", "panorama", "tower", "strip", "see-through"],
)
@pytest.mark.parametrize("prompt", ["Glow in a studio", "A woman with Glow in hand", "Hands hold Glow"])
def test_a_photo_of_any_shape_is_drawn_within_the_picture(photo: Image.Image, prompt: str) -> None:
    layers = draw_layers({"prompt": prompt, "seed": 1, "product_name": "Glow"}, [photo], None)
    assert layers.subject.size == (1152, 2048)
    assert layers.subject.getchannel("A").getbbox()


def test_sixteen_bits_a_sample_keep_their_brightness(tmp_path: Path) -> None:
    deep = np.asarray(_white(tmp_path).convert("L")).astype(np.uint16) * 257
    Image.fromarray(deep).save(tmp_path / "p.png")
    params = {
        "prompt": "Glow, studio, day",
        "seed": 1,
        "products": [{"$asset": "a0"}],
        "product_name": "Glow",
    }
    file = stage.make(job("image", params, tmp_path, tmp_path / "p.png")).outputs["image"]
    assert not isinstance(file, str)
    with Image.open(file.path) as picture:
        assert near(picture.crop((450, 900, 700, 1400)), (125, 125, 128), 40) > 20_000


def test_a_photo_that_shows_nothing_is_refused() -> None:
    with pytest.raises(TaskFailed, match="transparent"):
        draw_layers({"prompt": "Glow", "seed": 1}, [Image.new("RGBA", (50, 50), (0, 0, 0, 0))], None)


TEXTS = {
    "long": "mountain woman with bottle " * 80,
    "emoji": "🧴✨👩‍👩‍👧 🇺🇸 1️⃣ 🏳️‍🌈",
    "rtl": "صورة امرأة في الحمام مع المنتج",
    "cjk": "女性がキッチンで商品を持っている写真",
    "markup": "<svg onload=alert(1)> &amp; {\\an8} ]]> </g> \" ' --><image href='file:///etc/passwd'/>",
    "controls": "\x00\x07\ud800\u202e\u2066",
    "empty": "",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_of_a_user_reaches_the_renderer(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawings: list[str] = []
    render = resvg_py.svg_to_bytes

    def recorded(**options: object) -> bytes:
        drawings.append(str(options["svg_string"]))
        return bytes(render(**options))  # type: ignore[arg-type]

    monkeypatch.setattr(resvg_py, "svg_to_bytes", recorded)
    params = {
        **dict.fromkeys(("prompt", "camera", "product_name", "product_description"), text),
        "character": {"name": text, "prompt": text},
        "colors": [text],
        "seed": 1,
    }
    layers = draw_layers(params | {"prompt": f"a woman in a cafe, {text}"}, (), None)
    assert layers.sky.getchannel("A").getextrema() == (255, 255)
    assert layers.subject.getchannel("A").getbbox()
    whole = "".join(drawings)
    assert len(drawings) > 6
    assert "<text" not in whole and "<image" not in whole and "onload" not in whole and "\\an8" not in whole
    assert whole.isascii()
