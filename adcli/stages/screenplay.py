"""Stage ``screenplay``: an ad's scenes with their times and texts as a YAML file, for people to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

SPEC = StageSpec("screenplay", 1, ("yaml",), Lane.CPU)
"""Output: the params, in their order, as YAML."""

_HEAD = ("ad", "character", "language", "seconds")


def make(job: Job) -> Made:
    """Writes times in seconds, to the millisecond; texts that came out empty are left out."""
    import yaml

    params = job.params
    document = {name: params[name] for name in _HEAD} | {"scenes": [_scene(row) for row in params["scenes"]]}
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    path = job.workdir / "script.yaml"
    path.write_text(text, encoding="utf-8")
    return Made({"yaml": File(path, "application/yaml")})


def _scene(row: Mapping[str, Any]) -> dict[str, Any]:
    rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}
    return {name: value for name, value in rounded.items() if value != ""}
