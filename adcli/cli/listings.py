"""Rows of ``adcli list``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
        case "ops":
            return _ops()
        case _:
            return _runs(file, state)


def line(row: dict[str, Any]) -> str:
    """One row for people: the name first, then what else is known; a provider's models stand below it, and
    so do an operation's settings.
    """
    if "models" in row:
        return "\n".join(_provider_lines(row))
    if "settings" in row:
        return "\n".join(_op_lines(row))
    name, *rest = (", ".join(value) if isinstance(value, list) else str(value) for value in row.values())
    return f"{name:24} {'  '.join(part for part in rest if part)}".rstrip()


def _templates() -> list[dict[str, Any]]:
    from adcli.spec.templates import list_templates, load_template

    found = [load_template(name, Path()) for name in list_templates()]
    return [{"name": t.name, "kind": t.kind.value, "description": t.description} for t in found]


def _providers() -> list[dict[str, Any]]:
    from adcli.registry import catalogue
    from adcli.spec.prices import load_prices

    prices, listed = load_prices({}), []
    for name, module in catalogue().providers.items():
        models = sorted(model for model in prices if model.startswith(f"{name}:"))
        row: dict[str, Any] = {
            "name": name,
            "stages": sorted(module.SPEC.versions),
            "credentials": list(module.SPEC.credentials),
            "or_credentials": list(module.SPEC.or_credentials),
            "priced_models": models,
            "models": [{"model": model.partition(":")[2], **prices[model]} for model in models],
        }
        listed.append(row)
    return listed


_UNITS = {
    "image": "an image",
    "second": "a second",
    "run": "a run",
    "1k_chars": "for 1,000 characters",
    "gpu_second": "a GPU second",
    "mtok": "for a million tokens read",
}
_COST = 27
_WIDEST_KIND = 40


def _provider_lines(row: dict[str, Any]) -> Iterator[str]:
    keys = " and ".join(row["credentials"])
    if row["or_credentials"]:
        keys += f", or {' and '.join(row['or_credentials'])}"
    yield f"{row['name']:16} {', '.join(row['stages'])}  {keys}".rstrip()
    width = max((len(price["model"]) for price in row["models"]), default=0)
    for price in row["models"]:
        read = ", ".join(str(price[name]) for name in ("as_of", "source") if price.get(name))
        yield f"  {price['model']:{width}}  {_cost(price):{_COST}}  {read}".rstrip()


def _cost(price: dict[str, Any]) -> str:
    """What a unit costs, from the cheapest variant to the dearest."""
    dearest = float(price["usd"])
    cheapest = min([dearest, *(float(variant["usd"]) for variant in price.get("variants", ()))])
    span = _money(dearest) if cheapest == dearest else f"{_money(cheapest)} to {_money(dearest)}"
    written = f", {_money(price['usd_out'])} written" if "usd_out" in price else ""
    return f"{span} {_UNITS[price['unit']]}{written}"


def _money(usd: float) -> str:
    """Dollars with cents, and as many more digits as there are."""
    whole, _, digits = f"{usd:.6f}".partition(".")
    return f"${whole}.{digits.rstrip('0'):0<2}"


def _stages() -> list[dict[str, Any]]:
    from adcli.registry import catalogue

    specs = catalogue().stages.values()
    return [
        {"name": s.name, "runs": s.lane.value, "outputs": list(s.outputs), "version": s.version}
        for s in specs
    ]


def _ops() -> list[dict[str, Any]]:
    from adcli.registry import catalogue

    return [
        {
            "name": spec.name,
            "summary": spec.summary,
            "version": spec.version,
            "stage": spec.stage,
            "settings": list(_op_settings(spec.settings.model_json_schema(), spec.files)),
        }
        for _, spec in sorted(catalogue().ops.items())
    ]


def _op_settings(schema: Mapping[str, Any], files: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        kind = _PATHS.get(files[name], "path") if name in files else _type(field, schema)
        if name in files and field.get("type") == "array":
            kind = f"list, each a {kind}"
        row = {"name": name, "type": kind, "required": name in required, "default": field.get("default")}
        yield row | {"description": field.get("description", "")}


_PATHS = {
    "picture": "path of a picture",
    "video": "path of a video",
    "shot": "path of a picture or video",
    "sound": "path of a sound file",
    "subtitles": "path of an SRT or WebVTT file",
    "logo": "path of a picture or SVG",
    "lut": "path of a .cube file",
}
_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "map",
}


def _type(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a setting takes, in words."""
    if "$ref" in field:
        return _type(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    if choices := field.get("enum", [field["const"]] if "const" in field else None):
        return " | ".join(_written(choice) for choice in choices)
    branches = field.get("anyOf") or field.get("oneOf") or field.get("allOf")
    if branches:
        kinds = [_type(branch, schema) for branch in branches if branch.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if field.get("type") == "array":
        return f"list, each a {_type(field['items'], schema)}" if field.get("items") else "list"
    if "properties" in field:
        return f"map of {', '.join(field['properties'])}"
    return _TYPES.get(str(field.get("type")), "anything")


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _op_lines(row: dict[str, Any]) -> Iterator[str]:
    yield f"{row['name']:16} {row['summary']}"
    rows = [(setting["name"], _kind(setting), setting["description"]) for setting in row["settings"]]
    first, second = (max((len(part[place]) for part in rows), default=0) for place in (0, 1))
    for name, kind, description in rows:
        yield f"  {name:{first}}  {kind:{min(second, _WIDEST_KIND)}}  {description}"


def _kind(setting: dict[str, Any]) -> str:
    default = setting["default"]
    if setting["required"]:
        return f"{setting['type']} (required)"
    return f"{setting['type']} [{_written(default)}]" if default not in (None, [], {}) else setting["type"]


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
