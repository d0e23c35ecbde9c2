"""`adcli op` applies one operation to one file; `adcli list ops` tells what there is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adcli.cli.main import app
from adcli.media.probe import probe
from adcli.registry import catalogue
from tests.cli.driving import adcli
from tests.ops.filming import WIDE, video

Invoke = Callable[..., Any]
SYNC = ("--provider", "lipsync=replicate:kwaivgi/kling-lip-sync")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return video(tmp_path_factory.mktemp("clip") / "my clip.mp4", 1.0, size=WIDE)


@pytest.fixture
def invoke(tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs a command beside a copy of the clip, without a process of its own."""
    shutil.copy(clip, tmp_path)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.mark.media
def test_a_result_lies_beside_its_file_in_its_own_shape_and_nothing_else_does(
    tmp_path: Path, clip: Path
) -> None:
    shutil.copy(clip, tmp_path)
    done = adcli("op", "trim", "my clip.mp4", "--set", "to=0.5", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    made = done.json["output"]
    assert made["path"] == str(tmp_path / "my clip-trim.mp4")
    assert (made["width"], made["height"], made["duration"]) == (320, 180, 0.5)
    assert probe(Path(made["path"])).frames == 15
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my clip-trim.mp4", "my clip.mp4"]


@pytest.mark.media
def test_folders_may_be_called_as_they_like_and_hold_modules_of_any_name(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "100% é"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for module in ("PIL", "fractions", "numpy"):
        (tmp_path / f"{module}.py").write_text("open('imported', 'w').close()")
    done = invoke("op", "trim", "my clip.mp4", "--set", "to=0.2", "--quality", "preview")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"{tmp_path}/my clip-trim.mp4\n"
    assert not (tmp_path / "imported").exists()


@pytest.mark.media
def test_a_shape_a_name_and_text_are_taken_as_they_are_written(invoke: Invoke, tmp_path: Path) -> None:
    text = "text=50% off: today #1"
    flags = ("--ratio", "9:16", "--quality", "preview", "-o", "out/titled.mp4")
    done = invoke("op", "title", "my clip.mp4", "--set", text, *flags)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"{tmp_path}/out/titled.mp4\n"
    found = probe(tmp_path / "out/titled.mp4")
    assert (found.width, found.height) == (540, 960)


@pytest.mark.media
def test_a_refusal_tells_what_the_operation_met(invoke: Invoke, tmp_path: Path) -> None:
    done = invoke("op", "trim", "my clip.mp4", "--set", "from=7")
    assert done.exit_code == 5
    assert "trim's from is at 7 s, but the video lasts 1.00 s" in done.stderr
    assert not (tmp_path / "my clip-trim.mp4").exists()


def test_what_is_there_is_not_overwritten(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "my clip-fade.mp4").write_text("mine")
    done = invoke("op", "fade", "my clip.mp4")
    assert done.exit_code == 2
    assert "my clip-fade.mp4 is already there" in done.stderr
    assert (tmp_path / "my clip-fade.mp4").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["fdae", "my clip.mp4"], 2, ["there is no operation 'fdae'; did you mean fade?", "trim"]),
        (["fade", "no.mp4"], 3, ["no.mp4: found no file there; expected MP4"]),
        (["fade", "."], 3, [".: found a folder; expected MP4"]),
        (["fade", ""], 3, ["FILE: found empty text; expected the path of a file"]),
        (["fade", "s3://x"], 3, ["FILE: found no bucket and key; expected s3://bucket/key"]),
        (["fade", "http://x.example/a.mp4?sig=hidden"], 3, ["FILE: found an address that is not encrypted"]),
        (["fade", "https://me:hidden@x.example/a.mp4"], 3, ["FILE: found a user name or password"]),
        (["title", "my clip.mp4", "--set", "text=ཀ"], 3, ["--set: text: no font here has 'ཀ'"]),
        (["fade", "my clip.mp4", "-o", "a.gif"], 2, ["a.gif is no name for an MP4"]),
        (["fade", "my clip.mp4", "--set", "in"], 2, ["--set 'in' can't be read", "NAME=VALUE"]),
        (["fade", "my clip.mp4", "--set", "in=long"], 3, ["--set: in: found 'long'; expected a number"]),
        (
            ["fade", "my clip.mp4", "--set", "inn=1"],
            3,
            ["--set: inn: found the unknown field 'inn'", "did you mean in?"],
        ),
        (["fade", "my clip.mp4", "--set", "in=[1"], 3, ["--set: in: found the end of the file"]),
        (["crop", "my clip.mp4"], 3, ["--set: found a map; expected either ratio, or width and height"]),
        (["music", "my clip.mp4", "--set", "file=no.mp3"], 3, ["--set: file: found no file there"]),
        (["captions", "my clip.mp4"], 3, ["--set: nobody knows the words that are spoken"]),
        (["lip-sync", "my clip.mp4", "--provider", "lipsync=nobody:x"], 3, ["--provider: lipsync: "]),
        (["lip-sync", "my clip.mp4", *SYNC], 4, ["needs replicate, and REPLICATE_API_TOKEN is not set"]),
    ],
)
def test_what_is_wrong_is_said_of_the_flag_that_it_comes_from(
    invoke: Invoke, arguments: list[str], code: int, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REPLICATE_API_TOKEN", raising=False)
    done = invoke("op", *arguments)
    assert done.exit_code == code, done.stderr
    assert all(part in done.stderr for part in told), done.stderr
    assert "hidden" not in done.output


def test_what_may_cost_money_needs_consent_and_keeps_its_state(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_none")
    done = invoke("op", "lip-sync", "my clip.mp4", *SYNC)
    assert done.exit_code == 2, done.stderr
    assert "nobody agreed" in done.stderr
    assert "--yes" in done.stderr
    assert (tmp_path / ".adcli" / "format").exists()


def test_help_lists_every_operation(invoke: Invoke) -> None:
    told = invoke("op", "--help").stdout
    for name, spec in catalogue().ops.items():
        assert f"  {name} " in told
        assert spec.summary.split()[0] in told


def test_operations_are_listed_with_their_settings(invoke: Invoke) -> None:
    listed = {row["name"]: row for row in adcli("list", "ops", "--json", cwd=Path()).json["ops"]}
    assert listed.keys() == catalogue().ops.keys()
    trim = {row["name"]: row for row in listed["trim"]["settings"]}
    assert (trim["from"]["type"], trim["from"]["default"]) == ("number", 0.0)
    music = {row["name"]: row for row in listed["music"]["settings"]}
    assert (music["file"]["type"], music["file"]["required"]) == ("path of a sound file", True)
    captions = {row["name"]: row for row in listed["captions"]["settings"]}
    assert "tiktok | karaoke" in captions["style"]["type"]
    for row in listed.values():
        assert row["summary"]
        for setting in row["settings"]:
            assert setting["description"], (row["name"], setting["name"])
            assert setting["type"] != "anything", (row["name"], setting["name"])
    lines = invoke("list", "ops").stdout.splitlines()
    assert any(line.startswith("trim") for line in lines)
    assert any(line.strip().startswith("factor") and "number (required)" in line for line in lines)
