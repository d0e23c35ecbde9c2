from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from adcli.spec.assets import Use, read_asset
from adcli.spec.pictures import Unfit, media_type


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(stream, kind)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("kind", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_pictures_are_known_by_content_whatever_they_are_called(
    tmp_path: Path, kind: str, media: str
) -> None:
    path, data = tmp_path / "photo.txt", picture(kind)
    path.write_bytes(data)
    asset = read_asset(path, Use.PICTURE)
    assert (asset.media_type, asset.width, asset.height) == (media, 40, 30)
    assert asset.sha256 == hashlib.sha256(data).hexdigest()


def test_a_turned_photo_has_its_upright_size(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "p.jpg", exif=exif)
    asset = read_asset(tmp_path / "p.jpg", Use.PICTURE)
    assert (asset.width, asset.height) == (30, 40)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "found an empty file"),
        (picture("GIF"), "found GIF content; expected PNG, JPEG or WebP"),
        (picture("TIFF"), "found TIFF content"),
        (picture("BMP"), "found BMP content"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "found SVG content"),
        (b"just words", "found text content"),
        (b"<!DOCTYPE html><p>404", "found HTML content"),
        (bytes(range(256)) * 4, "found a file of unknown content"),
        (picture("PNG")[:-200], "found a damaged picture"),
        (picture("JPEG", (400, 300))[:-9000], "found a damaged picture"),
        (picture("WEBP", (400, 300))[:-9000], "found a damaged picture"),
        (b"\x89PNG\r\n\x1a\n", "found a damaged picture"),
        (png_header(40, 30), "found a damaged picture"),
        (png_header(20_000, 20_000), "too many pixels; expected at most 50 megapixels"),
        (png_header(9_000, 9_000), "9000 × 9000 pixels; expected at most 50 megapixels"),
        (picture("PNG") + b"\0" * 10_000_000, "found 10.0 MB; expected at most 10 MB"),
    ],
)
def test_a_file_that_is_no_whole_picture_is_named_for_what_it_is(
    tmp_path: Path, data: bytes, words: str
) -> None:
    (tmp_path / "p.png").write_bytes(data)
    with pytest.raises(Unfit, match=words):
        read_asset(tmp_path / "p.png", Use.PICTURE)


def test_a_flipped_byte_in_a_png_is_found(tmp_path: Path) -> None:
    data = bytearray(picture("PNG"))
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "p.png").write_bytes(data)
    with pytest.raises(Unfit, match="damaged"):
        read_asset(tmp_path / "p.png", Use.PICTURE)


def test_what_is_no_ordinary_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for path, words in (
        (tmp_path, "found a folder"),
        (tmp_path / "pipe.png", "found a pipe"),
        (Path("/dev/zero"), "found a pipe, socket or device"),
        (tmp_path / "gone.png", "found no file there"),
        (tmp_path / ("x" * 300), "can't be read"),
    ):
        with pytest.raises(Unfit, match=words):
            read_asset(path, Use.PICTURE)


def test_symlinks_and_paths_above_the_campaign_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(picture("PNG"))
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "link.png").symlink_to(tmp_path / "real.png")
    assert read_asset(tmp_path / "c" / "link.png", Use.PICTURE) is not None
    assert read_asset(tmp_path / "c" / ".." / "real.png", Use.PICTURE).width == 40


def test_a_logo_may_be_a_vector_picture(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(
        '<?xml version="1.0"?><!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
    )
    assert read_asset(tmp_path / "logo.svg", Use.LOGO).media_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\x04\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A \0", "audio/mp4"),
        (b"\0\0\0\x20ftypisom\0", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0", "video/quicktime"),
        (b"fLaC\0\0", "audio/flac"),
        (b"OggS\0\0", "audio/ogg"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\x42\x82\x84webm", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\x42\x82\x88matroska", "video/x-matroska"),
        (b"\0\x01\0\0\0\x0c", "font/ttf"),
        (b"OTTO\0\x0c", "font/otf"),
        (b"#EXTM3U\nhttp://x/", "text/plain"),
        (b"ffconcat version 1.0\nfile 'x'", "text/plain"),
    ],
)
def test_sound_video_and_fonts_are_known_by_their_first_bytes(head: bytes, kind: str) -> None:
    assert media_type(head) == kind


def test_a_playlist_that_calls_itself_a_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")
    with pytest.raises(Unfit, match="found text content; expected MP4"):
        read_asset(tmp_path / "v.mp4", Use.CLIP)


def test_music_in_an_mp4_container_is_sound(tmp_path: Path) -> None:
    (tmp_path / "m.mp4").write_bytes(b"\0\0\0\x20ftypisom" + b"\0" * 100)
    assert read_asset(tmp_path / "m.mp4", Use.SOUND).media_type == "audio/mp4"
