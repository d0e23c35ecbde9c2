from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from adcli.errors import TaskFailed
from adcli.media.photo import cut_out, has_alpha, open_photo
from tests.pictures.material import GREEN, bottle, near


def huge_png(path: Path, width: int, height: int) -> Path:
    """A PNG that says it is huge, in a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
    return path


@pytest.mark.parametrize("size", [(8000, 7000), (10_000, 10_000), (60_000, 60_000)])
def test_more_than_fifty_megapixels_are_refused_before_decoding(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with pytest.raises(TaskFailed, match="megapixels"):
        open_photo(huge_png(tmp_path / "huge.png", *size))


def test_truncated_disguised_and_foreign_files_are_refused(tmp_path: Path) -> None:
    Image.effect_noise((400, 400), 80).save(tmp_path / "whole.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:9000])
    Image.new("RGB", (20, 20)).save(tmp_path / "gif.png", format="GIF")
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "empty.png").write_bytes(b"")
    for name in ("cut.jpg", "gif.png", "text.png", "empty.png", "absent.png"):
        with pytest.raises(TaskFailed):
            open_photo(tmp_path / name)


def test_a_plain_background_is_removed_without_a_white_fringe(tmp_path: Path) -> None:
    cut = cut_out(open_photo(bottle(tmp_path / "b.png", alpha=False)))
    assert cut.height == pytest.approx(600, abs=6)
    assert cut.width == pytest.approx(160, abs=6)
    on_black = Image.alpha_composite(Image.new("RGBA", cut.size, (0, 0, 0, 255)), cut)
    assert near(on_black, GREEN, 20) > 0.9 * 160 * 490
    assert near(on_black, (255, 255, 255), 90) == 0


def test_white_inside_the_subject_stays(tmp_path: Path) -> None:
    image = Image.open(bottle(tmp_path / "b.png", alpha=False)).convert("RGBA")
    ImageDraw.Draw(image).rectangle((150, 300, 250, 500), fill="white")
    cut = cut_out(image)
    assert cut.getpixel((cut.width // 2, cut.height // 2)) == (255, 255, 255, 255)


def test_transparency_is_used_and_cropped(tmp_path: Path) -> None:
    cut = cut_out(open_photo(bottle(tmp_path / "b.png", alpha=True)))
    assert cut.size == (161, 601)
    assert has_alpha(cut)


@pytest.mark.parametrize("size", [(1, 1), (3000, 8), (400, 300)])
def test_a_picture_without_a_background_to_remove_becomes_a_card(size: tuple[int, int]) -> None:
    noise = Image.effect_noise(size, 120).convert("RGBA")
    card = cut_out(noise)
    assert min(card.size) >= 40
    assert max(card.size) <= 3 * min(card.size) + 1
    assert card.getpixel((0, 0))[3] < 128  # type: ignore[index]


def test_a_picture_that_shows_nothing_fails() -> None:
    with pytest.raises(TaskFailed, match="transparent"):
        cut_out(Image.new("RGBA", (50, 50), (9, 9, 9, 0)))
