"""Runs: one folder each, with the flags it was started with, its events and its result."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adcli.keys import Json
from adcli.state.files import ensure_folder, write_durably


def new_run_id(now: datetime) -> str:
    """``20261121T063347Z-3f9a``: sorts by time, unique within it."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def timestamp(now: datetime | None = None) -> str:
    """RFC 3339 in UTC with milliseconds."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def start_run(root: Path, run: str, campaign: str, flags: Mapping[str, Json]) -> Path:
    """Makes the run's folder and notes what ``resume`` needs; gives the folder."""
    folder = root / "runs" / run
    ensure_folder(folder)
    note = {"format": 1, "run": run, "campaign": campaign, "flags": flags, "started": timestamp()}
    write_durably(folder / "run.json", _json(note))
    return folder


def write_result(folder: Path, result: Mapping[str, Any]) -> None:
    """Replaces the run's ``result.json``."""
    write_durably(folder / "result.json", _json(result))


def read_runs(root: Path, campaign: str | None = None) -> list[dict[str, Any]]:
    """Notes of all runs, oldest first, each with its ``result`` or None while unfinished."""
    found = []
    for folder in sorted((root / "runs").glob("*Z-*")):
        note = _read(folder / "run.json")
        if note is not None and campaign in (None, note.get("campaign")):
            found.append(note | {"result": _read(folder / "result.json"), "folder": str(folder)})
    return found


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()
