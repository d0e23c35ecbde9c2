"""Tasks of the emulated Runway: what may be asked for, how one lives, and what it costs."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.emulator.faults import MODERATED, Kind
from tests.emulator.jobs import Life, Status, written
from tests.emulator.media import clip
from tests.emulator.pictures import draw

VERSION = "2024-11-06"
_VIDEO_RATIOS = ("1280:720", "720:1280", "1104:832", "832:1104", "960:960", "1584:672")
_LARGE_RATIOS = ("1280:720", "720:1280", "1080:1920", "1920:1080")
_PICTURE_RATIOS = (
    "1024:1024",
    "1080:1080",
    "1440:1080",
    "1080:1440",
    "1920:1080",
    "1080:1920",
    "1280:720",
    "720:1280",
)
_SMALL = ("1280:720", "720:1280")
_LARGEST_INLINE = 5 << 20
_STATES = {
    Status.PROCESSING: "RUNNING",
    Status.SUCCEEDED: "SUCCEEDED",
    Status.FAILED: "FAILED",
    Status.CANCELED: "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Model:
    """What a model takes. ``credits`` are for a second of video, or a picture."""

    makes: str
    credits: int
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    ratios: tuple[str, ...] = ()
    lengths: Sequence[int] = ()
    cheaper: Mapping[str, int] = field(default_factory=dict)

    def problem(self, given: Mapping[str, Any]) -> tuple[str, str] | None:
        """Field and words of what is wrong first."""
        for name in self.required:
            if not given.get(name):
                return name, "Required"
        for name in given:
            if name not in (*self.required, *self.optional, "model"):
                return name, "Unrecognized key(s) in object"
        if self.ratios and given.get("ratio") not in self.ratios:
            return "ratio", f"Invalid enum value. Expected {' | '.join(map(repr, self.ratios))}"
        if "duration" in given and given["duration"] not in self.lengths:
            return "duration", "Invalid duration"
        text = given.get("promptText", "")
        if not isinstance(text, str) or len(text.encode("utf-16-le")) > 2000:
            return "promptText", "String must contain at most 1000 character(s)"
        if len(given.get("referenceImages", ())) > 3:
            return "referenceImages", "Array must contain at most 3 element(s)"
        return None

    def cost(self, given: Mapping[str, Any]) -> int:
        """Credits for what is asked for."""
        if self.makes == "picture":
            return self.cheaper.get(str(given.get("ratio")), self.credits)
        silent = given.get("audio") is False
        return int(given.get("duration", 5)) * (
            self.cheaper["silent"] if silent and self.cheaper else self.credits
        )


_SHAPED = ("promptImage", "ratio")
MODELS: Mapping[str, Model] = {
    "gen4_turbo": Model(
        "clip",
        5,
        _SHAPED,
        ("promptText", "duration", "seed", "contentModeration"),
        _VIDEO_RATIOS,
        range(2, 11),
    ),
    "gen4.5": Model(
        "clip",
        12,
        (*_SHAPED, "promptText", "duration"),
        ("seed", "outputFormat"),
        _VIDEO_RATIOS,
        range(2, 11),
    ),
    "kling2.5_turbo_pro": Model(
        "clip", 10, ("promptImage", "promptText"), ("duration", "cfgScale"), (), (5, 10)
    ),
    "veo3.1": Model(
        *("clip", 40, _SHAPED, ("promptText", "duration", "seed", "audio", "negativePrompt"), _LARGE_RATIOS),
        (4, 6, 8),
        {"silent": 20},
    ),
    "veo3.1_fast": Model(
        *("clip", 15, _SHAPED, ("promptText", "duration", "seed", "audio", "negativePrompt"), _LARGE_RATIOS),
        (4, 6, 8),
        {"silent": 10},
    ),
    "gen4_image": Model(
        *(
            "picture",
            8,
            ("promptText", "ratio"),
            ("referenceImages", "seed", "contentModeration"),
            _PICTURE_RATIOS,
        ),
        cheaper=dict.fromkeys(_SMALL, 5),
    ),
    "gen4_image_turbo": Model(
        "picture",
        2,
        ("promptText", "ratio", "referenceImages"),
        ("seed", "contentModeration"),
        _PICTURE_RATIOS,
    ),
}


@dataclass(kw_only=True)
class Task(Life):
    """One task. ``throttled`` while the account has as many running as it may."""

    model: Model
    name: str
    throttled: bool = False

    def document(self, files: str, now: float) -> dict[str, Any]:
        """The body of its state; ``files`` is the address below which its file is."""
        waiting = "THROTTLED" if self.throttled else "PENDING"
        state = _STATES.get(self.status, waiting)
        found: dict[str, Any] = {"id": self.id, "createdAt": written(self.created), "status": state}
        if not self.status.is_end:
            running = {"progress": 0.4} if state == "RUNNING" else {}
            return {**found, **running, "estimatedCost": {"credits": self.model.cost(self.given)}}
        found["cost"] = {"credits": self.credits}
        if self.status is Status.FAILED:
            return {**found, "failure": _words_of(self.code), "failureCode": self.code}
        if self.status is Status.SUCCEEDED:
            found["output"] = [f"{files}/{self.id}/{round(now)}/output.{self.suffix}?_jwt={self.id[:8]}"]
        return found

    @property
    def suffix(self) -> str:
        """How its file's name ends."""
        return "mp4" if self.model.makes == "clip" else "png"

    @property
    def code(self) -> str:
        """Why it failed, as a code: the one that was ordered, or the one for the words of the order."""
        error = self.error or ""
        if re.fullmatch(r"[A-Z][A-Z0-9_.]+", error):
            return error
        return "SAFETY.INPUT.TEXT" if error == MODERATED else "INTERNAL.BAD_OUTPUT.CODE01"

    @property
    def credits(self) -> int:
        """What it has cost in the end: failures of the service's own are given back, what ran is not."""
        own_failure = self.status is Status.FAILED and self.code.startswith("INTERNAL")
        never_ran = self.status is Status.CANCELED and self.started is None
        return 0 if own_failure or never_ran else self.model.cost(self.given)

    def file(self) -> bytes:
        """What it has made."""
        ratio = str(self.given.get("ratio") or "720:1280")
        width, height = (int(side) for side in ratio.split(":"))
        seed = json.dumps(self.given, sort_keys=True)
        if self.model.makes == "picture":
            return draw(f"{self.given['promptText']}\n{seed}", width, height, "png")
        return clip(seed, float(self.given.get("duration", 5)), width // 4 * 2, height // 4 * 2)

    def is_fetchable(self, now: float, issued: float, retention: float) -> bool:
        """An address still works: for a day, where a task's results are kept an hour elsewhere."""
        return (
            self.status is Status.SUCCEEDED
            and not self.ordered(Kind.EXPIRE)
            and now < issued + 24 * retention
        )


def pictures_of(given: Mapping[str, Any]) -> list[Any]:
    """The addresses of pictures in a request."""
    shown = given.get("promptImage", [])
    first = [item.get("uri") for item in shown] if isinstance(shown, list) else [shown]
    return first + [item.get("uri") for item in given.get("referenceImages", ())]


def picture_problem(uri: Any, uploads: Mapping[str, bytes]) -> str | None:
    """What is wrong with the address of a picture, in words."""
    if not isinstance(uri, str):
        return "Expected string"
    if uri.startswith("https://"):
        return None
    if uri.startswith("runway://"):
        data = uploads.get(uri)
        return None if data is not None and _is_picture(data) else "Invalid asset: the upload does not exist"
    head, _, encoded = uri.partition(",")
    if not head.startswith("data:image/") or len(uri) > _LARGEST_INLINE:
        return "Invalid asset: expected HTTPS URL, Runway upload URI or data URI up to 5MB"
    try:
        return (
            None if _is_picture(base64.b64decode(encoded, validate=True)) else "Invalid asset: not an image"
        )
    except binascii.Error:
        return "Invalid asset: not base64"


def settled(given: Mapping[str, Any], uploads: Mapping[str, bytes]) -> dict[str, Any]:
    """A request with pictures named by their content: the same however they were sent."""

    def name(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("runway://"):
            return hashlib.sha256(uploads[value]).hexdigest()
        if isinstance(value, str) and value.startswith("data:"):
            return hashlib.sha256(base64.b64decode(value.partition(",")[2])).hexdigest()
        if isinstance(value, list):
            return [name(item) for item in value]
        return {key: name(item) for key, item in value.items()} if isinstance(value, dict) else value

    return {key: name(value) for key, value in given.items()}


def _is_picture(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError):
        return False
    return True


def _words_of(code: str) -> str:
    return (
        "Your content did not pass moderation."
        if code.startswith("SAFETY")
        else "An unexpected error occurred."
    )
