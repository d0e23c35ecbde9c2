"""The shipped templates, three sample products and what their scenes ask of the script stage."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from adcli.graph.fit import FittedScene, fit
from adcli.graph.lines import line_window, words_that_fit
from adcli.graph.words import copy_language
from adcli.spec.template import Kind, Template, Visual
from adcli.units import to_seconds

FOLDER = Path(__file__).parents[2] / "templates"

SERUM = {
    "name": "Glow Serum",
    "description": "a light serum with vitamin C",
    "url": "https://glow.example/serum",
    "benefits": ["soft skin", "no sticky feel", "vegan formula"],
    "audience": "busy parents",
}
BOTTLE = {"name": "Kelp", "benefits": ["keeps tea hot"]}
NOTHING: dict[str, Any] = {}
PRODUCTS: Mapping[str, Mapping[str, Any]] = {"serum": SERUM, "bottle": BOTTLE, "nothing": NOTHING}


LANGUAGES = ("en", "de", "es", "fr", "ru")
"""The languages that every archetype has words in."""

SHIPPED: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "bottle": {
        "en": {
            "name": "Northpeak",
            "benefits": ["ice cold all day", "no leaks in your bag", "light enough to carry"],
            "audience": "commuters",
        },
        "de": {
            "name": "Northpeak",
            "benefits": ["eiskalt bis abends", "läuft nie aus", "federleicht in der Tasche"],
            "audience": "Pendler",
        },
        "es": {
            "name": "Northpeak",
            "benefits": ["frío todo el día", "cero fugas", "ligera para llevar"],
            "audience": "deportistas",
        },
        "fr": {
            "name": "Northpeak",
            "benefits": ["glacé toute la journée", "zéro fuite", "légère à porter"],
            "audience": "sportifs",
        },
        "ru": {
            "name": "Northpeak",
            "benefits": ["лёд до вечера", "ни капли мимо", "лёгкая как перо"],
            "audience": "спортсмены",
        },
    },
    "serum": {
        "en": {**SERUM},
        "de": {
            "name": "Glow Serum",
            "benefits": ["weiche Haut", "kein klebriges Gefühl", "vegane Formel"],
            "audience": "Eltern",
        },
        "es": {
            "name": "Glow Serum",
            "benefits": ["piel suave", "nada pegajoso", "fórmula vegana"],
            "audience": "mamás y papás",
        },
        "fr": {
            "name": "Glow Serum",
            "benefits": ["peau douce", "aucun effet collant", "formule végane"],
            "audience": "jeunes parents",
        },
        "ru": {
            "name": "Glow Serum",
            "benefits": ["мягкая кожа", "ничего не липнет", "веганский состав"],
            "audience": "родители",
        },
    },
    "app": {
        "en": {
            "name": "Pennywise",
            "benefits": ["see where your money goes", "bills split in seconds", "saving on autopilot"],
            "audience": "students",
        },
        "de": {
            "name": "Pennywise",
            "benefits": ["alle Ausgaben im Blick", "Rechnungen sofort geteilt", "Sparen läuft nebenbei"],
            "audience": "Studierende",
        },
        "es": {
            "name": "Pennywise",
            "benefits": ["tus gastos a la vista", "cuentas claras", "ahorro automático"],
            "audience": "estudiantes",
        },
        "fr": {
            "name": "Pennywise",
            "benefits": ["tes dépenses en clair", "addition partagée", "épargne automatique"],
            "audience": "étudiants",
        },
        "ru": {
            "name": "Pennywise",
            "benefits": ["все расходы на виду", "счёт поровну", "деньги копятся сами"],
            "audience": "студенты",
        },
    },
}
"""What the words are tried with: a thing, something to put on, something on a phone."""


def load(name: str) -> Template:
    """One shipped template."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return Template.model_validate_json(json.dumps(yaml.safe_load(text)))


TEMPLATES = {name: load(name) for name in sorted(path.stem for path in FOLDER.glob("*.yaml"))}
NAMES = tuple(name for name, template in TEMPLATES.items() if template.scenes)
ARCHETYPES = tuple(name for name in NAMES if TEMPLATES[name].kind is Kind.ARCHETYPE)


def window(scene: FittedScene) -> float:
    """Seconds that the scene's line may last."""
    return line_window(scene.template.role, scene.seconds)[1]


def limit(scene: FittedScene, slot: str, language: str) -> int:
    """Most words of a slot."""
    return scene.template.slots[slot].max_words or words_that_fit(window(scene), language)


def script_fields(
    name: str,
    seconds: float,
    product: Mapping[str, Any],
    *,
    language: str = "en",
    hooks: int = 1,
    given_hooks: Sequence[str] | None = None,
    seed: int = 42,
    character: str = "Maria",
) -> dict[str, Any]:
    """What the graph asks of stage ``script`` for one character."""
    template = TEMPLATES[name]
    scenes = [
        {
            "name": scene.name,
            "role": scene.template.role.value,
            "cycle": scene.cycle,
            "prompt": scene.template.prompt,
            "slots": {slot: {"max_words": limit(scene, slot, language)} for slot in scene.template.slots},
            "copy": scene.template.lines.get(copy_language(scene, language), {}),
            "copy_language": copy_language(scene, language),
        }
        for scene in fit(template, seconds)
    ]
    return {
        "template": {"name": template.name, "tone": template.tone},
        "scenes": scenes,
        "hooks": len(given_hooks) if given_hooks else hooks,
        "given_hooks": given_hooks,
        "product": product,
        "character": {"name": character, "prompt": "woman, 30, freckles"},
        "language": language,
        "seed": seed,
    }


def dearest_usd(scenes: Sequence[FittedScene]) -> float:
    """Ceiling of one ad with the paid defaults.

    Prices of 2026-11: Kling 2.5 turbo pro $0.07/s sold by 5 or 10 s, flux-1.1-pro $0.04 a picture,
    fal sync-lipsync v2 $3/min by begun seconds, Multilingual v2 $0.10/1k characters, a script ≤ $0.06.
    """
    own = [scene for scene in scenes if scene.source is None and scene.template.visual is not Visual.PACKSHOT]
    clips = [scene for scene in own if scene.template.visual is not Visual.STILL]
    film = sum(0.35 if clip_seconds(scene, scenes) <= 5 else 0.70 for scene in clips)
    lips = sum(0.05 * -(-scene.frames // 30) for scene in scenes if scene.template.speaks)
    voice = sum(scene.seconds for scene in scenes) * 20 / 10_000
    return film + lips + 0.04 * len(own) + voice + 0.06


def clip_seconds(scene: FittedScene, scenes: Sequence[FittedScene]) -> float:
    """How long a scene's own clip must be for all that take their picture from it."""
    users = [other.at + to_seconds(other.frames) for other in scenes if other.source == scene.name]
    return max([scene.seconds, *users])
