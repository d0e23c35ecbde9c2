"""Campaigns with paid providers, as a user writes them, and what is planned for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from adcli.graph.expand import expand
from adcli.graph.task import Graph
from adcli.plan.build import Plan, build
from adcli.plan.decide import Verdict
from adcli.plan.resume import Decision
from adcli.registry import catalogue
from adcli.spec.load import Loaded, load_campaign
from adcli.spec.prices import load_prices

PAID = {
    "image": "replicate:black-forest-labs/flux-schnell",
    "animate": "replicate:kwaivgi/kling-v2.5-turbo-pro",
    "voice": "elevenlabs:eleven_multilingual_v2",
    "lipsync": "replicate:kwaivgi/kling-lip-sync",
}
SPEAKER: dict[str, Any] = {
    "name": "glow",
    "template": "testimonial",
    "duration": 15,
    "product": {"name": "Glow Serum", "images": ["bottle.png"], "benefits": ["calm skin"]},
    "characters": [{"name": "Maria", "prompt": "woman, 30"}],
    "providers": PAID,
}


def written(folder: Path, **changes: Any) -> Path:
    """The campaign's file, with a picture beside it."""
    Image.new("RGB", (8, 8), "red").save(folder / "bottle.png")
    path = folder / "campaign.yaml"
    path.write_text(yaml.safe_dump(SPEAKER | changes, sort_keys=False))
    return path


def loaded(folder: Path, **changes: Any) -> Loaded:
    """The campaign, loaded."""
    return load_campaign(written(folder, **changes))


def graph_of(folder: Path, **changes: Any) -> Graph:
    """All its tasks."""
    return expand(loaded(folder, **changes), catalogue())


def plan_of(folder: Path, **changes: Any) -> Plan:
    """All its tasks with their prices, as if nothing had been made yet."""
    campaign = loaded(folder, **changes)
    graph = expand(campaign, catalogue())
    fresh = {name: Verdict(Decision.RUN) for name in graph.tasks}
    return build(graph, fresh, catalogue(), load_prices(campaign.campaign.prices))
