"""One small campaign for each paid service: what a run buys, on which routes, and at what price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adcli.work import File, Job
from tests.emulator.faults import Fault, Kind
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

    ``bought`` are its paid tasks, ``usd`` is what a call of each model really costs, ``total`` what may be
    reserved for all of them once. ``create``, ``get`` and ``download`` are the emulator's routes; without
    ``get`` results come with the answer. ``settle``: seconds after which the service's list is believed.
    ``pace`` is how fast its jobs run. ``same_again``: the same call gives the same result.
    """

    name: str
    campaign: Mapping[str, Any]
    bought: tuple[str, ...]
    usd: Mapping[str, float]
    total: float
    create: str
    get: str | None = None
    download: str | None = None
    settle: float = 60.0
    pace: Mapping[str, Any] | None = None
    same_again: bool = True
    no_credit: Mapping[str, Any] = field(default_factory=lambda: {"status": 402})
    makers: str = "hands"

    @property
    def out_of_credit(self) -> Fault:
        """How the service says that the account's money is used up."""
        return Fault(self.create, Kind.STATUS, **self.no_credit)

    @property
    def true_total(self) -> float:
        """What everything really costs, bought once."""
        return (
            sum(self.usd.values()) if len(self.usd) > 1 else len(self.bought) * next(iter(self.usd.values()))
        )


def _stills(provider: str, **changes: Any) -> dict[str, Any]:
    return {**STILLS, "characters": TWO, "providers": {"image": provider}, **changes}


def _spoken(provider: str, **changes: Any) -> dict[str, Any]:
    voice = {"template": "voice", "characters": SPEAKERS, "providers": {"voice": provider}}
    return {**STILLS, **voice, **changes}


_PICTURES = ("maria/hook/image", "tom/hook/image")
_CLIPS = ("maria/hook/animate", "tom/hook/animate")
_LINES = ("maria/hook/voice", "clara/hook/voice")
_KLING = "kwaivgi/kling-v2.5-turbo-pro"
_FAL_KLING = "fal-ai/kling-video/v2.5-turbo/pro/image-to-video"
_SOUL = "higgsfield-ai/soul/standard"

_ALL = (
    Trade(
        "replicate",
        _stills(f"replicate:{MODEL}"),
        _PICTURES,
        {MODEL: 0.003},
        0.006,
        create="create",
        get="get",
        download="download",
    ),
    Trade(
        "replicate clips",
        {
            **_stills("local", template="animate", characters=TWO[:1]),
            "providers": {"image": f"replicate:{MODEL}", "animate": f"replicate:{_KLING}"},
        },
        ("maria/hook/image", "maria/hook/animate"),
        {MODEL: 0.003, _KLING: 0.35},
        0.353,
        create="create",
        get="get",
        download="download",
    ),
    Trade(
        "elevenlabs",
        _spoken("elevenlabs:eleven_multilingual_v2"),
        _LINES,
        {"eleven_multilingual_v2": 0.002},
        0.004,
        create="elevenlabs.speech",
        no_credit={"status": 401, "error": "quota_exceeded"},
    ),
    Trade(
        "elevenlabs music",
        {**_spoken("local"), "providers": {"music": "elevenlabs:music_v1"}, "music": {"prompt": "calm"}},
        ("campaign/music",),
        {"music_v1": 0.025},
        0.025,
        create="elevenlabs.music",
        no_credit={"status": 401, "error": "quota_exceeded"},
        same_again=False,
    ),
    Trade(
        "fal",
        {**_stills("local", template="animate"), "providers": {"animate": f"fal:{_FAL_KLING}"}},
        _CLIPS,
        {_FAL_KLING: 0.35},
        0.7,
        create="fal.submit",
        get="fal.status",
        download="fal.download",
        settle=1800.0,
        pace={"seconds": [0.01, 0.03]},
    ),
    Trade(
        "higgsfield",
        _stills(f"higgsfield:{_SOUL}"),
        _PICTURES,
        {_SOUL: 0.188},
        0.42,
        create="higgsfield.submit",
        get="higgsfield.status",
        download="higgsfield.download",
    ),
    Trade(
        "runway",
        _stills("runway:gen4_image"),
        _PICTURES,
        {"gen4_image": 0.08},
        0.16,
        create="runway.create",
        get="runway.task",
        download="runway.download",
    ),
    Trade(
        "openai",
        _spoken("openai:tts-1"),
        _LINES,
        {"tts-1": 0.0003},
        0.0006,
        create="openai.speech",
    ),
    Trade(
        "google",
        _stills("google:gemini-3.1-flash-image-preview"),
        _PICTURES,
        {"gemini-3.1-flash-image-preview": 0.11},
        0.22,
        create="google.generate",
    ),
)
TRADES = {trade.name: trade for trade in _ALL}


class Hands(OwnWords):
    """Makers of this machine that give each character words of its own."""

    def _value(self, job: Job, name: str) -> File | str:
        if name == "words" and "text" not in job.params:
            return "[]"
        return super()._value(job, name)


def makers(name: str) -> TinyMakers:
    """Who does the work of this machine: makers of tiny files, each with the words of its character."""
    return {"hands": Hands, "tiny": TinyMakers}[name]()
