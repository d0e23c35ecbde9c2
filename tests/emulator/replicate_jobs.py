"""Predictions: how one lives, what of it can be read, and when its files are removed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.emulator.faults import Kind
from tests.emulator.jobs import Life, Status, written
from tests.emulator.replicate_output import Work
from tests.emulator.replicate_schema import Model

_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(kw_only=True)
class Job(Life):
    """One prediction."""

    model: Model
    version: str
    work: Work

    def _finish(self, now: float) -> None:
        """A model opens its files only when it runs."""
        if self.ordered(Kind.FAIL) is None and (flaw := self.work.flaw):
            self.error = flaw
            self.end(Status.FAILED, now)
        else:
            super()._finish(now)

    def files(self) -> list[str]:
        """Names of its output files, once it has succeeded."""
        return self.work.names() if self.status is Status.SUCCEEDED else []

    def file(self, name: str) -> bytes | None:
        """Content of one of its files; None for any other name."""
        return self.work.file(name) if name in self.files() else None

    def _output(self, base: str) -> Any:
        if self.status is not Status.SUCCEEDED:
            return None
        if self.model.gives == "transcript":
            return self.work.transcript()
        urls = [f"{base}/files/{self.id}/{name}" for name in self.files()]
        return urls if self.model.many else urls[0]

    def document(self, base: str, now: float, retention: float) -> dict[str, Any]:
        """The prediction as the API gives it."""
        removed = self.is_removed(now, retention)
        made: dict[str, Any] = {
            "id": self.id,
            "model": self.model.name,
            "version": self.version,
            "status": self.status.value,
            "source": "api",
            "input": {} if removed else dict(self.given),
            "output": None if removed else self._output(base),
            "error": self.error,
            "logs": None if removed else self.logs,
            "data_removed": removed,
            "created_at": written(self.created),
            "started_at": written(self.started),
            "completed_at": written(self.completed),
            "deadline": written(self.deadline),
            "urls": self._urls(base),
        }
        return made | ({"metrics": self._metrics()} if self.completed is not None else {})

    def _urls(self, base: str) -> dict[str, str]:
        own = f"{base}/v1/predictions/{self.id}"
        return {"get": own, "cancel": f"{own}/cancel", "web": f"https://replicate.com/p/{self.id}"}

    def _metrics(self) -> dict[str, Any]:
        assert self.completed is not None
        ran = self.completed - (self.started if self.started is not None else self.completed)
        made: dict[str, Any] = {"predict_time": ran, "total_time": self.completed - self.created}
        return made | (self.work.metrics() if self.status is Status.SUCCEEDED else {})


def cancel_after(header: str | None) -> float | None:
    """Seconds of a ``Cancel-After`` header such as ``1m``; None where there is none."""
    found = re.fullmatch(r"(\d+)([smh])", header or "")
    return int(found[1]) * _UNITS[found[2]] if found else None
