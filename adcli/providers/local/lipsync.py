"""Free draft of lip-sync: the clip passes through as it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adcli.work import File, Job, Made

NOTE = "lip-sync is passed through in the draft"


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: clip and line, as a paid service would get them."""
    return {"clip": fields["clip"], "audio": fields["audio"]}


def make(job: Job) -> Made:
    """The same bytes under a name of this task."""
    clip = job.file(job.params["clip"])
    path = job.workdir / f"clip{clip.path.suffix}"
    _link(clip.path, path)
    return Made({"clip": File(path, clip.media_type, clip.meta)}, notes=(NOTE,))


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)


def note(fields: Mapping[str, Any]) -> str:  # noqa: ARG001
    """A sentence for the plan."""
    return NOTE
