"""One small campaign for each paid service: what a run buys, on which routes, and at what price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.engine.buying import MODEL, STILLS, TWO, OwnWords
from tests.engine.studio import TinyMakers


@dataclass(frozen=True, slots=True)
class Trade:
    """What one service sells in one small campaign.

    ``bought`` are its paid tasks with the price of each in dollars. ``create``, ``download`` and ``get`` are
    the emulator's routes. ``finds``: a lost call can be looked up, or sent again under its own key.
    """

    service: str
    campaign: Mapping[str, Any]
    bought: Mapping[str, float]
    create: str
    download: str | None = None
    get: str | None = None
    finds: bool = True
    makers: str = "words"
    refund: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def price(self) -> float:
        """Of everything once."""
        return round(sum(self.bought.values()), 6)


TRADES: dict[str, Trade] = {
    "replicate": Trade(
        service="replicate",
        campaign={**STILLS, "characters": TWO, "providers": {"image": f"replicate:{MODEL}"}},
        bought={"maria/hook/image": 0.003, "tom/hook/image": 0.003},
        create="create",
        download="download",
        get="get",
    ),
}


def makers(name: str) -> TinyMakers:
    """Who does the work of this machine: makers of tiny files, each with the words of its character."""
    return {"words": OwnWords, "tiny": TinyMakers}[name]()
