"""A child process that makes local tasks: lists of jobs come in as JSON lines, lists of results go out.

It lives in a session of its own with its ffmpeg children, so that one signal ends them all,
and the kernel tells it when the driver dies: then it ends with them.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from adcli.errors import AdcliError, StorageError
from adcli.registry import maker, maker_of_all
from adcli.work import Artifact, File, Job, Made

_PR_SET_PDEATHSIG = 1


def job_document(job: Job) -> dict[str, Any]:
    """A job as JSON."""

    def artifact(found: Artifact | None) -> dict[str, Any] | None:
        if found is None:
            return None
        return {
            "path": str(found.path),
            "sha256": found.sha256,
            "media_type": found.media_type,
            "meta": dict(found.meta),
        }

    return {
        "task": job.task,
        "stage": job.stage,
        "provider": job.provider,
        "model": job.model,
        "params": job.params,
        "inputs": [artifact(found) for found in job.inputs],
        "assets": {sha: artifact(found) for sha, found in job.assets.items()},
        "workdir": str(job.workdir),
    }


def read_job(document: Mapping[str, Any]) -> Job:
    """The job of a JSON document."""

    def artifact(found: Mapping[str, Any] | None) -> Artifact | None:
        return None if found is None else Artifact(**{**found, "path": Path(found["path"])})

    assets = {sha: artifact(found) for sha, found in document["assets"].items()}
    return Job(
        task=document["task"],
        stage=document["stage"],
        provider=document["provider"],
        model=document["model"],
        params=document["params"],
        inputs=tuple(artifact(found) for found in document["inputs"]),
        assets={sha: found for sha, found in assets.items() if found is not None},
        workdir=Path(document["workdir"]),
    )


def made_document(made: Made) -> dict[str, Any]:
    """A maker's results as JSON."""
    outputs: dict[str, Any] = {}
    for name, value in made.outputs.items():
        if isinstance(value, str):
            outputs[name] = value
        else:
            outputs[name] = {
                "path": str(value.path),
                "media_type": value.media_type,
                "meta": dict(value.meta),
            }
    return {"outputs": outputs, "notes": list(made.notes), "seconds": made.seconds}


def read_made(document: Mapping[str, Any]) -> Made:
    """The results of a JSON document."""
    outputs: dict[str, File | str] = {}
    for name, value in document["outputs"].items():
        outputs[name] = value if isinstance(value, str) else File(**{**value, "path": Path(value["path"])})
    return Made(outputs, tuple(document["notes"]), document["seconds"])


def answers(documents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Makes several jobs of a stage together; where that fails, each by itself: so each has its own error."""
    jobs = [read_job(document) for document in documents]
    if len(jobs) > 1:
        with contextlib.suppress(Exception):
            return _together(jobs)
    return [answer(job) for job in jobs]


def _together(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    started = time.monotonic()
    made = maker_of_all(jobs[0].stage)(jobs)
    each = (time.monotonic() - started) / len(jobs)
    return [{"made": made_document(replace(one, seconds=round(each, 3)))} for one in made]


def answer(job: Job) -> dict[str, Any]:
    """Makes one job; an error becomes a document that says what the user can do about it."""
    try:
        return {"made": made_document(maker(job.stage, job.provider)(job))}
    except AdcliError as error:
        return {"error": error.as_json(), "exit_code": error.exit_code}
    except OSError as error:
        storage = StorageError.of(error, str(error.filename or job.workdir))
        return {"error": storage.as_json(), "exit_code": storage.exit_code}
    except MemoryError:
        return {"error": {"code": "memory", "message": "not enough memory", "hint": None}, "exit_code": 5}
    except Exception as error:
        return {"error": _bug(error), "exit_code": 1, "traceback": traceback.format_exc()}


def _bug(error: Exception) -> dict[str, Any]:
    message = f"{type(error).__name__}: {error}"
    return {"code": "internal", "message": message, "hint": "this is a bug of adcli: please report it"}


def die_with_parent() -> None:
    """Ends this process and all that it has started when the driver ends, however that ends (Linux)."""
    if sys.platform == "linux":
        signal.signal(signal.SIGTERM, _end_all)
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end_all(*_: object) -> None:
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(128 + signal.SIGTERM)


def main() -> None:
    """Reads jobs from stdin until it closes."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    results = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        results.write(json.dumps(answers(json.loads(line)), ensure_ascii=False) + "\n")
        results.flush()


if __name__ == "__main__":
    main()
