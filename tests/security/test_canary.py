"""No key in anything that adcli writes: state, results, logs, messages, arguments of its processes."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.errors import AdcliError
from adcli.providers._base import PaidClient
from adcli.registry import catalogue
from adcli.ui.console import print_json
from adcli.ui.failure import print_error_json, show_error
from adcli.ui.plain import PlainView
from adcli.ui.reports import junit, summary, write_report
from adcli.work import File, Job
from tests.emulator.faults import Fault, Kind
from tests.emulator.pictures import draw
from tests.emulator.server import Emulator
from tests.emulator.world import CANARY
from tests.engine.buying import OwnWords
from tests.engine.studio import TinyMakers
from tests.security.leaks import leaks_below, leaks_in, watched_processes
from tests.security.services import SERVICES, Service

PATIENCE = 0.0002
"""Of what a run waits in earnest: half an hour until fal's list is believed becomes a third of a second."""
REPORTS = ("--events", "events.jsonl", "--junit", "junit.xml", "--summary", "summary.md")


@pytest.fixture(params=SERVICES, ids=[service.name for service in SERVICES])
def service(request: pytest.FixtureRequest) -> Service:
    found: Service = request.param
    return found


def test_every_paid_service_stands_in_the_list(emulator: Emulator) -> None:
    known = {name for name, module in catalogue().providers.items() if module.SPEC.paid}
    emulated = {name for name in known if set(catalogue().provider(name).SPEC.credentials) & set(os.environ)}
    assert emulated <= {service.name for service in SERVICES}


def test_the_search_finds_a_key_in_every_disguise(tmp_path: Path) -> None:
    for before in ("", "a", "ab", "r8_"):
        text = f"{before}{CANARY}{before}"
        assert leaks_in("plain", text.encode())
        assert leaks_in("base64", base64.b64encode(f"{before}:{text}".encode()))
        assert leaks_in("hexadecimal", text.encode().hex().encode())
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "file").write_text(f'{{"Authorization": "Bearer r8_{CANARY}"}}')
    assert leaks_below(tmp_path)
    assert not leaks_in("other", b"nothing of it: emulator canary")


@pytest.mark.media
def test_a_whole_run_writes_no_key(service: Service, emulator: Emulator, tmp_path: Path) -> None:
    folder = tmp_path / "user"
    for name in ("tmp", "home"):
        (folder / name).mkdir(parents=True)
    (folder / "campaign.yaml").write_text(yaml.safe_dump(service.campaign(), sort_keys=False))
    places = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "adcli.cli.main"]
    found = []
    for arguments in (
        ["doctor"],
        ["run", "--yes", "-v", "--json", "-s", service.task, *REPORTS],
        ["status", "--json"],
    ):
        with (
            subprocess.Popen(
                [*command, *arguments],
                cwd=folder,
                env={**emulator.environment(), **places},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            ) as process,
            watched_processes(process.pid) as lines,
        ):
            out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
        assert len(lines) >= (2 if arguments[0] == "run" else 1), "command lines of workers were seen, too"
        found += leaks_in("stdout", out) + leaks_in("stderr", err) + leaks_in("arguments", b"\n".join(lines))
    assert len(emulator.charges()) == 1
    assert (folder / "events.jsonl").stat().st_size
    assert found + leaks_below(folder) == []
    assert emulator.counts()["tokens_sent_to_files"] == 0


class Makers(OwnWords):
    """Makers whose pictures can be sent to a service."""

    def _file(self, job: Job, name: str, content: Any) -> File:
        if name != "image":
            return TinyMakers._file(self, job, name, content)
        path = job.workdir / "image.png"
        path.write_bytes(draw(json.dumps(content, default=str), 64, 64, "png"))
        return File(path, "image/png", {"width": 64, "height": 64})


class Runs:
    """Runs of one campaign in this process, told as fully as adcli can tell."""

    def __init__(self, service: Service, emulator: Emulator, folder: Path, number: int) -> None:
        self.service, self.emulator, self.folder = service, emulator, folder
        self.file = folder / "campaign.yaml"
        folder.mkdir()
        campaign = service.campaign() | {"seed": number}
        self.file.write_text(yaml.safe_dump(campaign, sort_keys=False))
        self.codes: list[int] = []

    def run(self, **settings: Any) -> None:
        environ, view = self.emulator.environment(), PlainView(verbose=True)
        asked = Settings(yes=True, select=(self.service.task,), **settings)
        try:
            with opened(self.file, asked, environ, {}, lambda _: False) as session:
                result = session.run(view, lambda _: Makers(), PATIENCE)
        except AdcliError as error:
            show_error(error)
            print_error_json(error)
            sys.stderr.write(traceback.format_exc())
            self.codes.append(error.exit_code)
            return
        print_json(result)
        write_report(self.folder / "junit.xml", junit(result))
        write_report(self.folder / "summary.md", summary(result))
        self.codes.append(result["exit_code"])


def _troubles(service: Service, secret: str) -> Iterator[tuple[str, list[Fault]]]:
    """What can go wrong, each with an answer that repeats the key, whole or the part after its name."""
    text = f"key {secret} or {secret.rpartition(':')[2]} is not welcome"
    page = f"<html>Authorization: Bearer {secret}\nx-api-key: {secret}</html>"
    paid = service.paid
    for status in (400, 401, 402, 422, 429, 500):
        soon = {"retry_after": 0.01, "retry_after_header": True} if status == 429 else {}
        fault = service.repeating(paid, status, text, nth=(1,), accepted=status == 500, **soon)
        yield f"{status}", [fault]
    yield "page", [Fault(paid, Kind.STATUS, status=418, body=page, nth=(1,))]
    yield "odd", [Fault(paid, Kind.STATUS, status=200, body=page, nth=(1,), accepted=True)]
    yield "else", [service.repeating(paid, 200, text, nth=(1,), accepted=True)]
    yield "list", [Fault(paid, Kind.STATUS, status=422, body=json.dumps([text, {"msg": text}]), nth=(1,))]
    yield "failed", [Fault(paid, Kind.FAIL, error=text, nth=(1,))]
    for status in (200, 401, 422):
        yield f"free {status}", [service.repeating(route, status, text, nth=(1,)) for route in service.free]


def test_no_failure_writes_a_key(
    service: Service, emulator: Emulator, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = service.secret(emulator.environment())
    found: list[str] = []
    codes: set[int] = set()
    reached: set[str] = set()
    for number, (name, faults) in enumerate(_troubles(service, secret)):
        emulator.reset()
        emulator.order(*faults)
        runs = Runs(service, emulator, tmp_path / f"run-{number}", number)
        while len(runs.codes) < 4 and runs.codes[-1:] != [0]:
            runs.run(retry_failed=bool(runs.codes))
        told = capfd.readouterr()
        codes |= set(runs.codes)
        reached |= emulator.counts()["calls"].keys()
        found += [f"{name}: {leak}" for leak in leaks_in("stdout", told.out.encode())]
        found += [f"{name}: {leak}" for leak in leaks_in("stderr", told.err.encode())]
        found += [f"{name}: {leak}" for leak in leaks_below(runs.folder)]
    assert found == [], "\n".join(found)
    assert {0, 4, 5} <= codes, codes
    assert {service.paid, *service.free} <= reached, "the faults had something to spoil"


def test_a_client_shows_no_key_of_itself(service: Service, emulator: Emulator) -> None:
    client: PaidClient = catalogue().provider(service.name).client(emulator.environment())
    parts = vars(client) if hasattr(client, "__dict__") else {}
    told = (
        f"{client!r} {client} {[f'{part!r} {part}' for part in parts.values() if not isinstance(part, str)]}"
    )
    assert leaks_in("repr", told.encode()) == []
