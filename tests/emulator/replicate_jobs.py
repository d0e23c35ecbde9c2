"""Predictions: how one lives, what of it can be read, and when its files are removed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.emulator.jobs import Life, Status, written
from tests.emulator.pictures import draw
from tests.emulator.replicate_models import Model

_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(kw_only=True)
class Job(Life):
    """One prediction."""

    model: Model
    version: str

    def files(self) -> list[str]:
        """Names of its output files, once it has succeeded."""
        if self.status is not Status.SUCCEEDED:
            return []
        wanted = self.model.filled(self.given)
        count = int(wanted.get("num_outputs", 1)) if self.model.many else 1
        return [f"out-{n}.{_suffix(wanted)}" for n in range(count)]

    def file(self, name: str) -> bytes | None:
        """Content of one of its files; None for any other name."""
        if name not in self.files():
            return None
        wanted = self.model.filled(self.given)
        width, height = _size(self.model, wanted)
        seed = f"{wanted.get('prompt', '')}\n{self.model.name}\n{name}\n{json.dumps(wanted, sort_keys=True)}"
        return draw(seed, width, height, name.rpartition(".")[2])

    def document(self, base: str, now: float, retention: float) -> dict[str, Any]:
        """The prediction as the API gives it."""
        removed = self.is_removed(now, retention)
        urls = [f"{base}/files/{self.id}/{name}" for name in self.files()]
        output = None if removed or not urls else urls if self.model.many else urls[0]
        made: dict[str, Any] = {
            "id": self.id,
            "model": self.model.name,
            "version": self.version,
            "status": self.status.value,
            "source": "api",
            "input": {} if removed else dict(self.given),
            "output": output,
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
        return made | ({"image_count": len(self.files())} if self.files() else {})


def cancel_after(header: str | None) -> float | None:
    """Seconds of a ``Cancel-After`` header such as ``1m``; None where there is none."""
    found = re.fullmatch(r"(\d+)([smh])", header or "")
    return int(found[1]) * _UNITS[found[2]] if found else None


def _suffix(wanted: Mapping[str, Any]) -> str:
    return str(wanted.get("output_format", wanted.get("format", "jpg")))


def _size(model: Model, wanted: Mapping[str, Any]) -> tuple[int, int]:
    custom = "custom" in (wanted.get("aspect_ratio"), wanted.get("size"))
    if custom and "width" in wanted and "height" in wanted:
        return int(wanted["width"]), int(wanted["height"])
    return model.sizes.get(str(wanted.get("aspect_ratio")), (1024, 1024))
