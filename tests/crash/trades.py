"""One small campaign for each paid service: what a run buys, on which routes, and at what price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adcli.work import File, Job
from tests.engine.buying import MODEL, STILLS, TWO, OwnWords
from tests.engine.studio import TinyMakers

SPEAKERS = [
    {"name": "Maria", "prompt": "woman, 30", "script": "Calm skin for Maria."},
    {"name": "Clara", "prompt": "woman, 40", "script": "Calm skin for Clara."},
]
"""Their lines are of one length, so that both cost the same."""


@dataclass(frozen=True, slots=True)
class Trade:
    """What one service sells in one small campaign.

    ``bought`` maps its paid tasks to what one call of each really costs, ``ceiling`` is what may be reserved
    for all. ``create``, ``get`` and ``download`` are the emulator's routes; without ``get`` results come with
    the answer. ``finds``: a lost call can be looked up, or sent again under its own key. ``settle``: seconds
    after which the service's list is believed. ``pace`` is how fast its jobs run.
    """

    service: str
    campaign: Mapping[str, Any]
    bought: Mapping[str, float]
    create: str
    get: str | None = None
    download: str | None = None
    finds: bool = True
    ceiling: float | None = None
    settle: float = 60.0
    pace: Mapping[str, Any] | None = None
    makers: str = "hands"

    @property
    def price(self) -> float:
        """The most that is reserved for everything once."""
        return round(self.ceiling or sum(self.bought.values()), 6)


def _stills(provider: str, **changes: Any) -> dict[str, Any]:
    return {**STILLS, "characters": TWO, "providers": {"image": provider}, **changes}


_PICTURES = ("maria/hook/image", "tom/hook/image")
_CLIPS = ("maria/hook/animate", "tom/hook/animate")
_LINES = ("maria/hook/voice", "clara/hook/voice")

TRADES: dict[str, Trade] = {
    trade.service: trade
    for trade in (
        Trade(
            "replicate",
            _stills(f"replicate:{MODEL}"),
            dict.fromkeys(_PICTURES, 0.003),
            create="create",
            get="get",
            download="download",
        ),
        Trade(
            "elevenlabs",
            {
                **_stills("local", template="voice", characters=SPEAKERS),
                "providers": {"voice": "elevenlabs:eleven_multilingual_v2"},
            },
            dict.fromkeys(_LINES, 0.002),
            create="elevenlabs.speech",
        ),
        Trade(
            "fal",
            {
                **_stills("local", template="animate"),
                "providers": {"animate": "fal:fal-ai/kling-video/v2.5-turbo/pro/image-to-video"},
            },
            dict.fromkeys(_CLIPS, 0.35),
            create="fal.submit",
            get="fal.status",
            download="fal.download",
            settle=1800.0,
            pace={"seconds": [0.01, 0.03]},
        ),
        Trade(
            "higgsfield",
            _stills("higgsfield:higgsfield-ai/soul/standard"),
            dict.fromkeys(_PICTURES, 0.188),
            ceiling=0.42,
            create="higgsfield.submit",
            get="higgsfield.status",
            download="higgsfield.download",
        ),
    )
}


class Hands(OwnWords):
    """Makers of this machine that give each character words of its own."""

    def _value(self, job: Job, name: str) -> File | str:
        if name == "words" and "text" not in job.params:
            return "[]"
        return super()._value(job, name)


def makers(name: str) -> TinyMakers:
    """Who does the work of this machine: makers of tiny files, each with the words of its character."""
    return {"hands": Hands, "tiny": TinyMakers}[name]()
