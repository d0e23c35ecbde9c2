"""For every paid service: a small campaign that calls it, and an error in its own shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.emulator.faults import Fault, Kind

Words = Callable[[str], Any]


@dataclass(frozen=True)
class Service:
    """One service. ``paid`` is the route of its paid call, ``free`` one that is asked before or after it."""

    name: str
    template: str
    stage: str
    model: str
    key: str
    paid: str
    free: tuple[str, ...]
    words: Words

    @property
    def task(self) -> str:
        return f"maria/hook/{self.stage}"

    def campaign(self) -> dict[str, Any]:
        return {
            "name": "canary",
            "template": self.template,
            "aspect_ratios": ["1:1"],
            "duration": 5,
            "product": {"name": "Glow Serum", "benefits": ["calm skin"]},
            "characters": [{"name": "Maria", "prompt": "woman, 30"}],
            "providers": {self.stage: f"{self.name}:{self.model}"},
        }

    def secret(self, environ: Mapping[str, str]) -> str:
        return environ[self.key]

    def repeating(self, route: str, status: int, text: str, **more: Any) -> Fault:
        """An answer with that status whose words hold ``text``."""
        body = json.dumps(self.words(text))
        return Fault(route, Kind.STATUS, status=status, body=body, **more)


def _detail(text: str) -> Any:
    return {"detail": text}


def _error(text: str) -> Any:
    return {"error": {"message": text, "code": text, "type": text, "param": text}}


SERVICES = (
    Service(
        "replicate",
        "image",
        "image",
        "black-forest-labs/flux-schnell",
        "REPLICATE_API_TOKEN",
        "create",
        ("model", "get", "account", "list", "download"),
        lambda text: {"title": text, "detail": text, "status": 400, "invalid_fields": [{"field": text}]},
    ),
    Service(
        "fal",
        "animate",
        "animate",
        "fal-ai/kling-video/v2.5-turbo/pro/image-to-video",
        "FAL_KEY",
        "fal.submit",
        ("fal.models", "fal.status", "fal.result", "fal.token", "fal.upload", "fal.list", "fal.download"),
        _detail,
    ),
    Service(
        "higgsfield",
        "image",
        "image",
        "higgsfield-ai/soul/standard",
        "HF_KEY",
        "higgsfield.submit",
        ("higgsfield.status", "higgsfield.estimate", "higgsfield.download"),
        _detail,
    ),
    Service(
        "elevenlabs",
        "voice",
        "voice",
        "eleven_multilingual_v2",
        "ELEVENLABS_API_KEY",
        "elevenlabs.speech",
        ("elevenlabs.voices", "elevenlabs.models", "elevenlabs.subscription", "elevenlabs.history"),
        lambda text: {"detail": {"status": text[:60], "message": text, "code": text}},
    ),
    Service(
        "openai",
        "voice",
        "voice",
        "gpt-4o-mini-tts",
        "OPENAI_API_KEY",
        "openai.speech",
        ("openai.models",),
        _error,
    ),
    Service(
        "google",
        "image",
        "image",
        "gemini-3.1-flash-image-preview",
        "GEMINI_API_KEY",
        "google.generate",
        ("google.models",),
        _error,
    ),
    Service(
        "runway",
        "image",
        "image",
        "gen4_image",
        "RUNWAYML_API_SECRET",
        "runway.create",
        ("runway.task", "runway.organization", "runway.download"),
        lambda text: {"error": text, "docUrl": text, "issues": [{"message": text}]},
    ),
)
