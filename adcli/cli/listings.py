"""Rows of ``adcli list``."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def rows(what: str, file: Path, state: Path | None) -> list[dict[str, Any]]:
    """What is listed, as JSON objects."""
    match what:
        case "templates":
            return _templates()
        case "providers":
            return _providers()
        case "stages":
            return _stages()
        case _:
            return _runs(file, state)


def line(row: dict[str, Any]) -> str:
    """One row for people: the name first, then what else is known."""
    name, *rest = (", ".join(value) if isinstance(value, list) else str(value) for value in row.values())
    return f"{name:24} {'  '.join(part for part in rest if part)}".rstrip()


def _templates() -> list[dict[str, Any]]:
    from adcli.spec.templates import list_templates, load_template

    found = [load_template(name, Path()) for name in list_templates()]
    return [{"name": t.name, "kind": t.kind.value, "description": t.description} for t in found]


def _providers() -> list[dict[str, Any]]:
    from adcli.registry import catalogue
    from adcli.spec.prices import load_prices

    listed = []
    for name, module in catalogue().providers.items():
        models = sorted(model for model in load_prices({}) if model.startswith(f"{name}:"))
        row = {
            "name": name,
            "stages": sorted(module.SPEC.versions),
            "credentials": list(module.SPEC.credentials),
        }
        listed.append(row | {"priced_models": models})
    return listed


def _stages() -> list[dict[str, Any]]:
    from adcli.registry import catalogue

    specs = catalogue().stages.values()
    return [
        {"name": s.name, "runs": s.lane.value, "outputs": list(s.outputs), "version": s.version}
        for s in specs
    ]


def _runs(file: Path, state: Path | None) -> list[dict[str, Any]]:
    from adcli.engine.prepare import state_folder
    from adcli.state.runs import read_runs

    listed = []
    for run in read_runs(state_folder(file, state)):
        result = run["result"] or {}
        status = result.get("status", "unfinished")
        listed.append(
            {"run": run["run"], "campaign": run["campaign"], "status": status, "started": run["started"]}
        )
    return listed
