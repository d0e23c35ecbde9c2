"""``adcli check`` judges any video: words for people, one document a file for scripts, and its exit code."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text

from tests.cli.driving import adcli
from tests.media import checking as c

pytestmark = pytest.mark.media


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good video, one with an advice, one with a fault, and what is none."""
    folder = tmp_path_factory.mktemp("videos")
    c.video(folder / "good.mp4", 5.1)
    c.video(folder / "short.mp4", 1.0)
    c.video(folder / "black.mp4", 1.0, picture="color=black:s=540x960:r=30")
    (folder / "text.mp4").write_text("no video")
    os.mkfifo(folder / "pipe.mp4")
    return folder


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["good.mp4"], 0),
        (["short.mp4"], 0),
        (["black.mp4"], 5),
        (["text.mp4"], 3),
        (["missing.mp4"], 3),
        (["pipe.mp4"], 3),
        (["."], 3),
        (["good.mp4", "black.mp4"], 5),
        (["black.mp4", "text.mp4", "good.mp4"], 3),
    ],
)
def test_the_exit_code_tells_the_worst_of_all_files(files: list[str], code: int, folder: Path) -> None:
    assert adcli("check", *files, cwd=folder).code == code


def test_a_document_tells_every_check_and_the_verdict(folder: Path) -> None:
    found = adcli("check", "short.mp4", "--platform", "tiktok", "--json", cwd=folder).json
    assert {name: found[name] for name in ("format", "file", "platform", "verdict")} == {
        "format": 1,
        "file": "short.mp4",
        "platform": "tiktok",
        "verdict": "warn",
    }
    rows = {row["check"]: row for row in found["checks"]}
    assert rows["duration"]["status"] == "warn"
    assert rows["duration"]["found"] == "1.00 s"
    assert rows["duration"]["expected"] == "5 to 60 s"
    assert "tiktok.com" in rows["duration"]["source"]
    assert {row["status"] for name, row in rows.items() if name != "duration"} == {"pass"}


def test_each_file_has_a_document_of_its_own(folder: Path) -> None:
    done = adcli("check", "good.mp4", "black.mp4", "text.mp4", "--json", cwd=folder)
    documents = [json.loads(line) for line in done.out.splitlines()]
    assert [(one["file"], one["verdict"]) for one in documents] == [
        ("good.mp4", "pass"),
        ("black.mp4", "fail"),
        ("text.mp4", "unreadable"),
    ]
    assert documents[2]["checks"] == []
    assert documents[2]["error"]["code"] == "unreadable"


def test_a_pipe_gets_one_line_a_check_the_worst_first(folder: Path) -> None:
    done = adcli("check", "black.mp4", cwd=folder)
    lines = done.out.splitlines()
    assert lines[0].startswith("black.mp4: fail: black: black throughout: no picture; expected: ")
    assert lines[-1] == "black.mp4: fail for universal"
    assert [line.split(": ")[1] for line in lines[:-1]] == sorted(
        (line.split(": ")[1] for line in lines[:-1]), key=["fail", "warn", "pass"].index
    )


def test_what_is_no_video_is_said_so_without_a_verdict(folder: Path) -> None:
    done = adcli("check", "text.mp4", cwd=folder)
    assert done.out == ""
    assert "text.mp4 can't be read as video" in done.err
    assert "hint: give a whole MP4" in done.err


def test_an_unknown_platform_is_a_wrong_use_and_names_those_there_are(folder: Path) -> None:
    done = adcli("check", "good.mp4", "--platform", "tiktk", cwd=folder)
    assert done.code == 2
    assert all(name in done.err for name in ("universal", "tiktok", "reels", "stories", "shorts", "feed"))


def test_no_file_is_a_wrong_use(folder: Path) -> None:
    assert adcli("check", cwd=folder).code == 2


def test_a_terminal_gets_a_table_that_fits_it(folder: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "adcli.cli.main", "check", "black.mp4"]
    done = subprocess.run(command, cwd=folder, stdout=theirs, env=environment, check=False)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 5
    assert "Not fit: 1 check failed" in shown
    assert "expected: a picture" in shown
    assert max(Text.from_ansi(line).cell_len for line in shown.splitlines()) <= 80
