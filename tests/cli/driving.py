"""Drives the real program as users and scripts do: a process with arguments, streams and an exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Done:
    """How a process ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def adcli(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Done:
    """Runs one command; the environment holds no key unless ``env`` gives one."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "adcli.cli.main", *map(str, arguments)],
        cwd=cwd,
        env={**kept, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def write(folder: Path, **changes: Any) -> Path:
    """A small campaign of pictures, which needs no voice and no video."""
    campaign = {
        "name": "stills",
        "template": "image",
        "aspect_ratios": ["1:1"],
        "duration": 5,
        "product": {"name": "Glow Serum", "benefits": ["calm skin"]},
        "characters": [{"name": "Maria", "prompt": "woman, 30"}],
    }
    path = folder / "campaign.yaml"
    path.write_text(yaml.safe_dump(campaign | changes, sort_keys=False))
    return path
