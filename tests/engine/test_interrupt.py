"""Ctrl-C and SIGTERM in a real run: saved at once, nothing left running, and the next run goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crash import COMMAND, Reference, started_in_last_run, stored
from tests.cli.driving import write

pytestmark = [pytest.mark.crash, pytest.mark.media, pytest.mark.xdist_group("crash")]


def start(folder: Path, *flags: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | dict(env or {})
    return subprocess.Popen(
        [*COMMAND, *flags], cwd=folder, env=kept, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def wait_for_event(folder: Path, words: str) -> None:
    """Until the newest run's journal holds these words."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if any(words in path.read_text() for path in (folder / ".adcli/runs").glob("*/events.jsonl")):
            return
        time.sleep(0.01)
    raise AssertionError(f"{words} never happened")


def working_in(folder: Path) -> list[str]:
    """Commands of all processes that hold ``folder``: as their working folder or in their arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                place, command = str((entry / "cwd").readlink()), (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if place.startswith(str(folder)) or os.fsencode(folder) in command:
                found.append(command.decode(errors="replace").replace("\0", " "))
    return found


def interrupt(process: subprocess.Popen[str], number: int) -> tuple[float, dict[str, Any]]:
    """Sends a signal; gives the seconds until the end and the document on stdout."""
    sent = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert "Traceback" not in err, err
    return time.monotonic() - sent, json.loads(out)


@pytest.fixture
def folder(tmp_path: Path, reference: Reference) -> Path:
    """A campaign whose voices and pictures are there, and whose scenes are not."""
    made = tmp_path / "ads"
    shutil.copytree(reference.warm, made, symlinks=True)
    return made


@pytest.mark.parametrize(
    ("number", "code", "moment"),
    [
        (signal.SIGINT, 130, '"task_started", "at"'),
        (signal.SIGTERM, 143, "maria/body-1/scene@1x1"),
    ],
)
def test_a_signal_saves_all_and_leaves_nothing_running(
    number: int, code: int, moment: str, folder: Path
) -> None:
    process = start(folder)
    wait_for_event(folder, moment)
    until = time.monotonic() + 5
    while len(working_in(folder)) < 2:
        assert time.monotonic() < until, "the driver and its makers"
    seconds, document = interrupt(process, number)
    assert seconds < 5
    assert process.returncode == document["exit_code"] == code
    assert document["status"] == "interrupted"
    assert working_in(folder) == []
    (run,) = (folder / ".adcli/runs").iterdir()
    assert json.loads((run / "result.json").read_text()) == document
    kept = stored(folder)
    done = {task["id"] for task in document["tasks"] if task["status"] in ("done", "reused")}
    assert done == kept.keys()
    assert document["totals"]["cancelled"] > 0
    if number == signal.SIGINT:
        assert subprocess.run(COMMAND, cwd=folder, capture_output=True, check=False).returncode == 0
        assert not started_in_last_run(folder) & kept.keys()
        assert stored(folder).items() >= kept.items()


def test_ctrl_c_while_an_encoder_runs_ends_it(folder: Path) -> None:
    """As a terminal sends it: to the whole foreground group."""
    process = subprocess.Popen(
        COMMAND, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    wait_for_event(folder, '"maria/hook/scene@1x1"')
    os.killpg(process.pid, signal.SIGINT)
    sent = time.monotonic()
    process.communicate(timeout=30)
    assert (process.returncode, time.monotonic() - sent < 5) == (130, True)
    assert working_in(folder) == []


def test_ctrl_c_does_not_wait_for_a_store_that_never_answers(tmp_path: Path) -> None:
    write(tmp_path, output={"to": "s3://bucket/ads"})
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        env = {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
        }
        process = start(tmp_path, env=env)
        wait_for_event(tmp_path, '"publish", "provider"')
        time.sleep(0.5)
        seconds, document = interrupt(process, signal.SIGINT)
    assert seconds < 5
    assert document["exit_code"] == 130


def test_a_second_ctrl_c_ends_at_once(folder: Path) -> None:
    process = start(folder)
    wait_for_event(folder, "task_started")
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        time.sleep(0.002)
        if process.poll() is not None:
            break
    process.communicate(timeout=5)
    assert process.returncode == 130
    deadline = time.monotonic() + 2
    while working_in(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert working_in(folder) == []
