"""The draft's lip-sync."""

from __future__ import annotations

from pathlib import Path

from adcli.providers.local import lipsync
from tests.sound.making import file_of, make


def test_the_clip_passes_through_with_a_note(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"moving pictures")
    params = lipsync.body({"clip": {"$input": 0}, "audio": {"$input": 1}})
    made = make(lipsync.make, params, tmp_path / "work", [clip, clip])
    path = file_of(made, "clip").path
    assert path.read_bytes() == b"moving pictures"
    assert path.is_relative_to(tmp_path / "work")
    assert made.notes == ("lip-sync is passed through in the draft",)
