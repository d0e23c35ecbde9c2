"""Tasks that set a scene's picture in motion, and let its lips follow its line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adcli.errors import Problem
from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.fit import FittedScene
from adcli.graph.speech import Line
from adcli.graph.task import Ref
from adcli.graph.words import window
from adcli.keys import Json
from adcli.registry import Request, Seconds
from adcli.spec.template import Visual
from adcli.units import FPS, to_seconds

Lines = Mapping[str, Line]


def borrows(brief: Brief, ad: AdIdentity, scene: FittedScene) -> bool:
    """The scene takes its picture from another one's clip, to save money: the campaign gives it none of its
    own, and that other one's isn't drawn for free.
    """
    override = brief.override(scene.name)
    own = override.clip or override.prompt or override.image or override.motion
    if scene.source is None or own:
        return False
    place = Place(ad.id, ad.id, scene.source)
    return any(brief.provider(stage, place.id(stage))[0] != "local" for stage in ("image", "animate"))


def is_bought(brief: Brief, ad: AdIdentity, scene: FittedScene, stage: str) -> bool:
    """A service makes the scene's clip, or moves its lips."""
    provider, _ = brief.provider(stage, Place(ad.id, ad.id, scene.name).id(stage))
    return provider != "local" and not (stage == "animate" and scene.template.visual is Visual.STILL)


def animate(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, image: Any, lines: Lines
) -> Ref:
    """The scene's own clip, long enough for all scenes that take their picture from it.

    A picture drawn here that is also set in motion here comes in its layers: they move apart.
    """
    place = Place(ad.id, ad.id, scene.name)
    provider, model, needed = "local", None, _clip_seconds(brief, ad, scene)
    extra: Mapping[str, Json] = {}
    after: tuple[str, ...] = ()
    if is_bought(brief, ad, scene, "animate"):
        provider, model = brief.provider("animate", place.id("animate"))
        extra, after = brief.campaign.models.get("animate", {}), _fitted(lines)
        needed = _within(brief, builder, ad, scene, "animate", needed)
    source = "layers" if provider == "local" and _is_drawn(builder, image) else "image"
    fields = {
        source: image._replace(output="layers") if source == "layers" else image,
        "motion": brief.override(scene.name).motion or f"{scene.template.motion}, {scene.template.camera}",
        "seconds": needed,
        "seed": brief.campaign.seed,
        "aspect": "9:16",
    }
    return Ref(builder.request(place, provider, Request("animate", model, fields, extra), after), "clip")


def _is_drawn(builder: Builder, image: Any) -> bool:
    """The picture is one of the free draft's own: neither given, nor bought, nor composed."""
    task = builder.tasks[image.task] if isinstance(image, Ref) else None
    return task is not None and (task.stage, task.provider) == ("image", "local")


def lipsync(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, clip: Ref, lines: Lines
) -> Ref:
    """The clip with lips that follow the scene's line; the draft passes it on as it is."""
    place = Place(ad.id, ad.id, scene.name)
    provider, model = brief.provider("lipsync", place.id("lipsync"))
    audio, seconds = lines[scene.name].audio, to_seconds(scene.frames)
    if provider == "local":
        fields = {"clip": clip, "audio": audio, "seconds": seconds}
        return Ref(builder.request(place, provider, Request("lipsync", model, fields, {})), "clip")
    frames = math.ceil(_within(brief, builder, ad, scene, "lipsync", seconds) * FPS - 1e-6)
    given = {"clip": clip, "audio": audio, "frames": frames, "lead": window(scene)[0]}
    sent = builder.add(place, "conform", given)
    fields = {"clip": Ref(sent, "clip"), "audio": Ref(sent, "audio"), "seconds": to_seconds(frames)}
    request = Request("lipsync", model, fields, brief.campaign.models.get("lipsync", {}))
    return Ref(builder.request(place, provider, request, _fitted(lines)), "clip")


def _fitted(lines: Lines) -> tuple[str, ...]:
    """Tasks that come before any paid clip of an ad: a line that can't be spoken must not cost a clip."""
    return tuple(line.fits for line in lines.values())


def _clip_seconds(brief: Brief, ad: AdIdentity, scene: FittedScene) -> float:
    needs: list[float] = [to_seconds(scene.frames)]
    needs += [other.at + to_seconds(other.frames) for other in _borrowers(brief, ad, scene)]
    return max(needs)


def _borrowers(brief: Brief, ad: AdIdentity, scene: FittedScene) -> Iterator[FittedScene]:
    return (other for other in brief.scenes if other.source == scene.name and borrows(brief, ad, other))


def _within(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, stage: str, needed: float
) -> float:
    """Seconds to ask for, within what the model takes or sells; a need beyond it is a problem of the plan."""
    provider, _, model = brief.campaign.providers[stage].partition(":")
    limits = brief.catalogue.provider(provider).seconds(stage, model)
    if limits is None:
        return needed
    if needed > limits.most + 1e-6:
        builder.problems[_too_long(brief, ad, scene, stage, needed, limits)] = None
    # of what is sold, the provider chooses by itself
    return min(needed, limits.most) if limits.sold else min(max(needed, limits.least), limits.most)


def _too_long(
    brief: Brief, ad: AdIdentity, scene: FittedScene, stage: str, needed: float, limits: Seconds
) -> Problem:
    written = brief.campaign.providers[stage]
    asks = f"{scene.name} needs a clip of {needed:g} s"
    if stage == "animate":
        ends = {other.name: other.at + to_seconds(other.frames) for other in _borrowers(brief, ad, scene)}
        last = max(ends, key=lambda name: ends[name], default=scene.name)
        asks += f" ({last} shows it too)" if ends.get(last, 0.0) >= needed else ""
        gives = f"sells {told(limits)}"
    else:
        gives = f"takes {told(limits)}"
    message = f"{asks}, but {written} {gives}; expected fewer seconds for the scene, or a model for more"
    fields = brief.override(scene.name).seconds is not None
    return brief.loaded.problem(f"scenes.{scene.name}.seconds" if fields else f"providers.{stage}", message)


def told(limits: Seconds) -> str:
    """The lengths in words: ``2 to 10 s``, or ``5 or 10 s``."""
    if not limits.sold:
        return f"{limits.least:g} to {limits.most:g} s"
    return f"{_joined([f'{length:g}' for length in sorted(limits.sold)])} s"


def _joined(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
