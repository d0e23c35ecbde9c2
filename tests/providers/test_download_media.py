"""What a result is, by its content: types, sizes and lengths that are measured, and what is refused."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from adcli.errors import OutcomeUnknown
from adcli.providers import _media
from adcli.providers._download import Downloads, Kind
from adcli.work import File
from tests.emulator import media
from tests.emulator.pictures import draw

PICTURE = draw("a picture", 64, 96, "png")
CLIP = media.clip("a clip", 2, 96, 64, sound=True)


def _keep(data: bytes, kind: Kind, folder: Path) -> File:
    async def run() -> File:
        downloads = Downloads("openai", "https://api.example.com", {})
        found = await downloads.keep(data, folder, "result", kind)
        await downloads.close()
        return found

    return asyncio.run(run())


def _encoded(mode: str, kind: str, size: tuple[int, int] = (64, 96)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **({"transparency": 0} if mode == "P" else {}))
    return out.getvalue()


def _turned() -> bytes:
    """A photo that a phone took upright: its pixels lie on the side."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.new("RGB", (96, 64)).save(out, "jpeg", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "name", "media_type"),
    [
        (PICTURE, Kind.IMAGE, "result.png", "image/png"),
        (draw("a picture", 64, 96, "jpg"), Kind.IMAGE, "result.jpg", "image/jpeg"),
        (draw("a picture", 64, 96, "webp"), Kind.IMAGE, "result.webp", "image/webp"),
        (_turned(), Kind.IMAGE, "result.jpg", "image/jpeg"),
        (_encoded("RGBA", "png"), Kind.ALPHA, "result.png", "image/png"),
        (_encoded("LA", "png"), Kind.ALPHA, "result.png", "image/png"),
        (_encoded("P", "png"), Kind.ALPHA, "result.png", "image/png"),
        (_encoded("RGBA", "webp"), Kind.ALPHA, "result.webp", "image/webp"),
    ],
)
def test_a_picture_is_measured_as_it_is_seen(
    data: bytes, kind: Kind, name: str, media_type: str, tmp_path: Path
) -> None:
    found = _keep(data, kind, tmp_path)
    assert found == File(tmp_path / name, media_type, {"width": 64, "height": 96})
    assert found.path.read_bytes() == data


@pytest.mark.media
@pytest.mark.parametrize(
    ("suffix", "name", "media_type"),
    [
        ("mp3", "result.mp3", "audio/mpeg"),
        ("wav", "result.wav", "audio/wav"),
        ("ogg", "result.ogg", "audio/ogg"),
        ("opus", "result.ogg", "audio/ogg"),
        ("m4a", "result.m4a", "audio/mp4"),
        ("mp4", "result.m4a", "audio/mp4"),
        ("webm", "result.weba", "audio/webm"),
        ("flac", "result.flac", "audio/flac"),
    ],
)
def test_sound_is_measured_by_decoding_it(suffix: str, name: str, media_type: str, tmp_path: Path) -> None:
    found = _keep(media.music("a bed", 2.5, suffix), Kind.AUDIO, tmp_path)
    assert (found.path.name, found.media_type) == (name, media_type)
    assert found.meta["duration"] == pytest.approx(2.5, abs=0.05)


@pytest.mark.media
def test_a_video_is_measured(tmp_path: Path) -> None:
    found = _keep(CLIP, Kind.VIDEO, tmp_path)
    assert (found.path.name, found.media_type) == ("result.mp4", "video/mp4")
    assert found.meta == {"width": 96, "height": 64, "duration": 2.0}


@pytest.mark.media
def test_the_sound_of_a_video_counts_as_sound(tmp_path: Path) -> None:
    found = _keep(CLIP, Kind.AUDIO, tmp_path)
    assert found.meta["duration"] == pytest.approx(2.0, abs=0.1)


def _bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x.ts\n#EXT-X-ENDLIST\n"
SCRIPT = b"ffconcat version 1.0\nfile /etc/passwd\n"
SILENT_CLIP = media.clip("a clip", 1, 96, 64)


@pytest.mark.media
@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (b"<!doctype html><html>sign in</html>", Kind.IMAGE, "it is not a picture: found HTML"),
        (b"<html>", Kind.VIDEO, "it is not a video: found HTML"),
        (b'{"error": "oops"}', Kind.AUDIO, "it is not sound: found text"),
        (b"", Kind.IMAGE, "it is not a picture"),
        (bytes(range(256)) * 8, Kind.VIDEO, "it is not a video: found unknown"),
        (_encoded("P", "gif"), Kind.IMAGE, "it is not a picture: found GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Kind.IMAGE, "found SVG"),
        (b"%PDF-1.7 ...", Kind.IMAGE, "found PDF"),
        (PICTURE, Kind.VIDEO, "it is not a video: found PNG"),
        (PICTURE, Kind.AUDIO, "it is not sound: found PNG"),
        (CLIP, Kind.IMAGE, "it is not a picture: found MP4"),
        (PLAYLIST, Kind.VIDEO, "it is not a video: found text"),
        (SCRIPT, Kind.VIDEO, "it is not a video: found text"),
        (PLAYLIST, Kind.AUDIO, "it is not sound: found text"),
        (PICTURE[:-30], Kind.IMAGE, "found a damaged picture"),
        (_bomb(60_000, 60_000), Kind.IMAGE, "50 megapixels"),
        (_bomb(10_000, 6_000), Kind.IMAGE, "50 megapixels"),
        (draw("a picture", 64, 96, "png"), Kind.ALPHA, "found an opaque one"),
        (draw("a picture", 64, 96, "jpg"), Kind.ALPHA, "found JPEG"),
        (CLIP[: len(CLIP) // 2], Kind.VIDEO, "cut off"),
        (CLIP[: len(CLIP) // 2], Kind.AUDIO, "cut off"),
        (SILENT_CLIP, Kind.AUDIO, "without a sound stream"),
        (media.music("a bed", 1, "m4a"), Kind.VIDEO, "found M4A"),
        (media.music("a bed", 1, "mp4"), Kind.VIDEO, "holds no video"),
        (b"ID3\x04" + bytes(2000), Kind.AUDIO, "found damaged sound"),
        (b"fLaC" + bytes(2000), Kind.AUDIO, "found damaged sound"),
        (b"OggS" + bytes(2000), Kind.AUDIO, "found damaged sound"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(2000), Kind.VIDEO, "can't be read as video"),
        (b"\x1a\x45\xdf\xa3webm" + bytes(2000), Kind.VIDEO, "can't be read as video"),
    ],
)
def test_what_is_not_a_whole_file_of_the_kind_is_not_used(
    data: bytes, kind: Kind, said: str, tmp_path: Path
) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        _keep(data, kind, tmp_path)
    assert said in caught.value.message
    assert not list(tmp_path.iterdir())


@pytest.mark.media
def test_a_wave_file_without_a_sample_is_not_sound(tmp_path: Path) -> None:
    header = (
        b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    )
    with pytest.raises(OutcomeUnknown):
        _keep(header + b"data" + struct.pack("<I", 0), Kind.AUDIO, tmp_path)


@pytest.mark.media
def test_hours_of_silence_in_a_small_file_are_not_decoded_to_their_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_media, "LONGEST_SOUND", 2.0)
    with pytest.raises(OutcomeUnknown, match="hours of sound"):
        _keep(media.music("a bed", 3, "flac"), Kind.AUDIO, tmp_path)


def test_bytes_over_the_cap_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutcomeUnknown, match="larger than 64 MB"):
        _keep(bytes((64 << 20) + 1), Kind.IMAGE, tmp_path)
