"""What a file really is, by its content: kinds by magic bytes, pictures proved whole by decoding them."""

from __future__ import annotations

import io
import re
import warnings

from adcli.units import Size

MOST_PICTURE_BYTES = 10_000_000
MOST_PIXELS = 50_000_000

PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}
AUDIO = {
    "audio/wav": "WAV",
    "audio/mpeg": "MP3",
    "audio/mp4": "M4A",
    "audio/flac": "FLAC",
    "audio/ogg": "Ogg",
}
VIDEO = {"video/mp4": "MP4", "video/quicktime": "MOV", "video/webm": "WebM", "video/x-matroska": "Matroska"}
FONTS = {"font/ttf": "TrueType font", "font/otf": "OpenType font"}
VECTOR = {"image/svg+xml": "SVG"}
LUTS = {"text/x-cube": "LUT in .cube format"}
SUBTITLES = {"application/x-subrip": "SRT", "text/vtt": "WebVTT"}

_OTHER = {
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/heic": "HEIC",
    "image/avif": "AVIF",
    "application/pdf": "PDF",
    "application/zip": "ZIP",
    "text/html": "HTML",
    "text/plain": "text",
    "application/octet-stream": "unknown",
}
NAMES = PICTURES | AUDIO | VIDEO | FONTS | VECTOR | SUBTITLES | LUTS | _OTHER

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x00\x01\x00\x00", "font/ttf"),
    (b"true", "font/ttf"),
    (b"OTTO", "font/otf"),
)
_CUE = re.compile(r"(\d+\s*\n)?\d+:\d\d:\d\d[,.]\d+\s*-->\s*\d")
"""How an SRT file begins: a number, then the times of its first cue."""

_BRANDS = {
    b"M4A": "audio/mp4",
    b"M4B": "audio/mp4",
    b"qt ": "video/quicktime",
    b"hei": "image/heic",
    b"mif": "image/heic",
    b"avi": "image/avif",
}


def media_type(head: bytes) -> str:
    """Media type by the first 4 KB of a file; ``application/octet-stream`` when nothing fits."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "application/octet-stream")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:11], "video/mp4")
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "video/quicktime"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6):
        return "audio/mpeg"
    return _text_type(head)


def _text_type(head: bytes) -> str:
    text = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if "\0" in text or len(text) < len(head) * 0.5:
        return "application/octet-stream"
    if text.startswith("WEBVTT"):
        return "text/vtt"
    if _CUE.match(text):
        return "application/x-subrip"
    if re.search(r"^LUT_[13]D_SIZE\s", text, re.MULTILINE):
        return "text/x-cube"
    opening = re.sub(r"<!--.*?-->|<\?.*?\?>|<!doctype svg.*?>", "", text, flags=re.DOTALL | re.I).lstrip()
    if opening.lower().startswith("<svg"):
        return "image/svg+xml"
    return "text/html" if opening[:15].lower().startswith(("<!doctype html", "<html")) else "text/plain"


class Unfit(Exception):
    """What is wrong with a file; ``message`` reads ``found …; expected …``."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def picture_size(data: bytes) -> Size:
    """Decodes a PNG, JPEG or WebP whole; its size in pixels, upright. Raises Unfit.

    The size is read from the header before a pixel is decoded, so that a bomb costs nothing.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", category=UserWarning)
        try:
            with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
                size = Size(*picture.size)
            _check_pixels(size)
            with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
                picture.verify()
            with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
                picture.load()
                turned = picture.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Unfit(f"found a picture of too many pixels; expected at most {_MEGAPIXELS}") from None
        except Unfit:
            raise
        except MemoryError:
            raise
        except Exception as error:  # Pillow's decoders raise many kinds for damaged data
            raise Unfit(f"found a damaged picture ({_reason(error)}); expected a whole one") from None
    return Size(size.height, size.width) if turned else size


_ORIENTATION = 0x0112
_MEGAPIXELS = "50 megapixels"


def _check_pixels(size: Size) -> None:
    if size.width * size.height > MOST_PIXELS:
        found = f"found {size.width} × {size.height} pixels"
        raise Unfit(f"{found}; expected at most {_MEGAPIXELS}")


def _reason(error: Exception) -> str:
    text = str(error).lower()
    return (
        "it is cut short"
        if "truncated" in text or "eof" in text or "end of" in text
        else "it can't be decoded"
    )
