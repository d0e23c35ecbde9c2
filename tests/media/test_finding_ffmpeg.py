"""An ffmpeg that is missing, broken or incapable is told before anything is rendered."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import StorageError, TaskFailed, ToolMissing
from adcli.media import ffmpeg


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


LISTS = """case "$*" in
  *-encoders*) echo " V..... libx264 H.264"; echo " A..... aac AAC";;
  *-filters*) printf 'ass\\nzoompan\\nxfade\\nebur128\\nalimiter\\n';;
  *) {rest};;
esac"""


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 3", "ends with 3"),
        ("echo nothing", "lacks libx264"),
        ("kill -9 $$", "is broken"),
        ('echo " libx264 aac ass zoompan xfade ebur128"', "lacks alimiter"),
    ],
)
def test_a_program_that_can_not_do_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    monkeypatch.setenv("ADCLI_FFMPEG", str(program(tmp_path / "ffmpeg", script)))
    with pytest.raises(ToolMissing, match=reason) as caught:
        ffmpeg.find_ffmpeg()
    assert "ADCLI_FFMPEG" in (caught.value.hint or "")


@pytest.mark.parametrize("content", [None, b"", b"\x7fELF nonsense"])
def test_what_is_no_program_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    path = tmp_path / "ffmpeg"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o755 if content else 0o644)
    monkeypatch.setenv("ADCLI_FFMPEG", str(path))
    with pytest.raises(ToolMissing):
        ffmpeg.find_ffmpeg()


def test_the_installed_ffmpeg_can_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADCLI_FFMPEG", raising=False)
    assert ffmpeg.find_ffmpeg().is_file()
    assert ffmpeg.version().startswith("ffmpeg version")


def test_a_full_disk_is_told_from_bad_media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = "echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1"
    monkeypatch.setenv("ADCLI_FFMPEG", str(program(tmp_path / "ffmpeg", LISTS.format(rest=rest))))
    with pytest.raises(StorageError):
        ffmpeg.run(["-i", "x"], cwd=tmp_path, timeout=10)


def test_a_failure_gives_the_programs_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = "echo first >&2; echo 'x.mp4: Invalid data' >&2; exit 69"
    monkeypatch.setenv("ADCLI_FFMPEG", str(program(tmp_path / "ffmpeg", LISTS.format(rest=rest))))
    with pytest.raises(TaskFailed, match=r"first; x\.mp4: Invalid data"):
        ffmpeg.run(["-i", "x"], cwd=tmp_path, timeout=10)


def test_a_program_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = "exec sleep 30"
    monkeypatch.setenv("ADCLI_FFMPEG", str(program(tmp_path / "ffmpeg", LISTS.format(rest=rest))))
    with pytest.raises(TaskFailed, match=r"within 0\.3 s"):
        ffmpeg.run(["-i", "x"], cwd=tmp_path, timeout=0.3)


def test_nothing_of_the_environment_reaches_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FFREPORT would make it write a log of file names; keys are nobody's business."""
    rest = "env >&2; exit 1"
    monkeypatch.setenv("ADCLI_FFMPEG", str(program(tmp_path / "ffmpeg", LISTS.format(rest=rest))))
    monkeypatch.setenv("FFREPORT", "file=x.log")
    monkeypatch.setenv("FAL_KEY", "secret")
    with pytest.raises(TaskFailed) as caught:
        ffmpeg.run(["-i", "x"], cwd=tmp_path, timeout=10)
    assert "FFREPORT" not in str(caught.value)
    assert "secret" not in str(caught.value)
