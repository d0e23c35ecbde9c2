"""Requests of the emulated queue: how one lives, what its result says, and for how long."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import av

from tests.emulator.fal_models import Model, Refusal, refusal
from tests.emulator.faults import Kind
from tests.emulator.jobs import Life, Status, written
from tests.emulator.media import clip

STATES = {Status.STARTING: "IN_QUEUE", Status.PROCESSING: "IN_PROGRESS"}
"""All else is COMPLETED: fal has no word for a failed or cancelled request."""
LARGE = 10 * 1024
_WIDTH, _HEIGHT = 360, 640
_FILES_LIVE = 168
"""Files and the history outlive the queue's result by that factor: 7 days against an hour."""
_CANCELLED = Refusal(499, "client_cancelled", "Request was cancelled by the client")


@dataclass(kw_only=True)
class Job(Life):
    """One request. ``lengths`` are the seconds of the files that its input names."""

    model: Model
    lengths: Mapping[str, float]

    @property
    def trouble(self) -> Refusal | None:
        """Why it has no result; None while it runs, and when it succeeded."""
        if not self.status.is_end:
            return None
        if self.status is Status.CANCELED:
            return _CANCELLED
        if fault := self.ordered(Kind.FAIL):
            return _failure(fault.error)
        return refusal(self.model, self.given)

    @property
    def seconds(self) -> float:
        """Length of what it makes."""
        if self.model.makes == "lipsync":
            return min(self.lengths.values(), default=2.0)
        return float(self.model.filled(self.given).get("duration", 5))

    @property
    def units(self) -> float:
        """What is billed, in the model's own unit."""
        return self.seconds / 60 if self.model.unit == "minutes" else self.seconds

    def state(self, own: str) -> dict[str, Any]:
        """The body of its status; ``own`` is its address."""
        found: dict[str, Any] = {"status": STATES.get(self.status, "COMPLETED"), "request_id": self.id}
        found |= {"response_url": own, "status_url": f"{own}/status", "cancel_url": f"{own}/cancel"}
        if self.status is Status.STARTING:
            return found | {"queue_position": 0}
        if not self.status.is_end:
            return found | {"logs": []}
        trouble = self.trouble
        ran = (self.completed or 0) - (self.started or self.completed or 0)
        told = {"error": trouble.message, "error_type": trouble.kind} if trouble else {}
        return (
            found | {"logs": [], "metrics": {"inference_time": ran}, "error": None, "error_type": None} | told
        )

    def result(self, files: str) -> dict[str, Any]:
        """The model's own body; ``files`` is the address below which its files are."""
        trouble = self.trouble
        if trouble:
            return trouble.body()
        file = {
            "url": f"{files}/{self.id}/output.mp4",
            "content_type": "video/mp4",
            "file_name": "output.mp4",
        }
        padding = {"trace": "x" * self.model.padding} if self.model.padding else {}
        return {"video": file | {"file_size": None}} | padding

    def file(self) -> bytes:
        """The clip: the same for the same input, whatever address its files were uploaded to."""
        given = {name: _own_name(value) for name, value in self.given.items()}
        seed = json.dumps(given, sort_keys=True)
        return clip(seed, self.seconds, _WIDTH, _HEIGHT)

    def is_in_queue_store(self, now: float, retention: float) -> bool:
        """The queue still gives its result: an hour, or a tenth of it where the JSON is large."""
        if self.completed is None:
            return True
        large = len(json.dumps(self.result(""))) >= LARGE
        return not self.is_removed(now, retention / 10 if large else retention)

    def is_kept(self, now: float, retention: float) -> bool:
        """Its file and the output in the history are still there."""
        return not self.is_removed(now, retention * _FILES_LIVE)

    def row(self, files: str, now: float, retention: float, *, payloads: bool) -> dict[str, Any]:
        """Its entry in the history of requests."""
        trouble = self.trouble
        found: dict[str, Any] = {
            "request_id": self.id,
            "endpoint_id": self.model.id,
            "sent_at": written(self.created),
            "started_at": written(self.started or self.created),
            "ended_at": written(self.completed),
            "status_code": trouble.status if trouble else 200,
            "duration": (self.completed or now) - self.created,
        }
        output = self.result(files) if self.is_kept(now, retention) else None
        return found | ({"json_input": dict(self.given), "json_output": output} if payloads else {})


def _own_name(value: Any) -> Any:
    """An uploaded file's address as the name that its sender gave it."""
    is_upload = isinstance(value, str) and "/uploads/" in value
    return value.rpartition("/")[2].partition("_")[2] if is_upload else value


def seconds_of(data: bytes) -> float | None:
    """Length of a video or sound; None when it is neither."""
    try:
        with av.open(io.BytesIO(data), "r") as found:
            return found.duration / 1_000_000 if found.duration else None
    except av.FFmpegError:
        return None


def _failure(error: str) -> Refusal:
    """In fal's own terms, what a test ordered in words."""
    if "flagged" in error or "policy" in error:
        told = "The content could not be processed because it was flagged by a content checker."
        return Refusal(422, "content_policy_violation", told, ("body", "prompt"))
    return Refusal(500, "internal_server_error", error, retryable=True)
