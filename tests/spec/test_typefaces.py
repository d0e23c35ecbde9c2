"""Fonts of a brand are proved usable before anything is made with them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from adcli.media.faces import FOLDER
from adcli.spec.assets import Use, read_asset
from adcli.spec.pictures import Unfit

WHOLE = (FOLDER / "Montserrat_600SemiBold.ttf").read_bytes()


def without(tag: bytes) -> bytes:
    """The font with a table under another name."""
    at = WHOLE.index(tag, 12)
    return WHOLE[:at] + b"zzzz" + WHOLE[at + 4 :]


def flat() -> bytes:
    """The font with an ascent and descent of nothing."""
    at = struct.unpack(">L", WHOLE[WHOLE.index(b"OS/2", 12) + 8 :][:4])[0] + 74
    return WHOLE[:at] + b"\0" * 4 + WHOLE[at + 4 :]


def test_a_whole_font_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(WHOLE)
    assert read_asset(tmp_path / "a.ttf", Use.FONT).media_type == "font/ttf"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (WHOLE[:200], "font"),
        (WHOLE[:-2000], "font"),
        (WHOLE[:12] + b"\0" * 4000, "font"),
        (b"\x00\x01\x00\x00", "font"),
        (without(b"OS/2"), "OS/2"),
        (without(b"cmap"), "font"),
        (flat(), "no height"),
        (b"OTTO" + b"x" * 500, "font"),
        (b"wOFF" + b"x" * 500, "TrueType font or OpenType font"),
    ],
)
def test_a_font_that_can_not_be_used_is_an_error(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "a.ttf").write_bytes(data)
    with pytest.raises(Unfit, match=said):
        read_asset(tmp_path / "a.ttf", Use.FONT)
