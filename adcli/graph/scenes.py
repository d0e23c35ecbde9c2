"""Params of a scene's segment: its picture, what is written on it, and how it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.fit import FittedScene
from adcli.graph.originals import Heard
from adcli.graph.reframe import Framing
from adcli.graph.speech import NO_WORDS, Line
from adcli.graph.task import Ref
from adcli.graph.words import shown, window
from adcli.spec.look import Captions
from adcli.spec.template import Visual
from adcli.units import AspectRatio, to_frames, to_seconds

_PACKSHOT_FIELDS = ("subline", "rating", "reviews", "badge", "url", "legal", "design")
"""Parts of a packshot that are shown as the campaign gives them."""


@dataclass(frozen=True, slots=True)
class Footage:
    """What an ad is made from: pictures, stills and spoken lines by scene, and the script's task.

    ``own`` are scenes whose clip a service made for them alone: it begins with the scene. ``heard`` tells
    what is said in given clips while a scene lasts, ``framings`` how its picture comes into a ratio.
    """

    pictures: Mapping[str, Mapping[str, Any]]
    stills: Mapping[str, Any]
    lines: Mapping[str, Line]
    script: str
    own: frozenset[str] = frozenset()
    heard: Mapping[str, Heard] = field(default_factory=dict)
    framings: Mapping[str, Framing] = field(default_factory=dict)


def segment_params(
    brief: Brief, ad: AdIdentity, footage: Footage, index: int, ratio: AspectRatio
) -> dict[str, Any]:
    """Params of stage ``scene`` for the scene at ``index``."""
    scene = brief.scenes[index]
    params = _view(brief, footage, scene, ratio)
    params |= {"ratio": ratio.value, "quality": brief.options.quality.value}
    params |= {"platform": brief.campaign.platform.value}
    written = _captions(brief, footage, scene) | on_screen(brief, ad, footage, scene)
    params |= written | (_fonts(brief) if written else {})
    if brief.options.storyboard or brief.campaign.output.storyboard:
        params |= {"marks": _marks(brief, footage, index)}
    transition = brief.override(scene.name).transition or scene.template.transition
    if index and transition != "cut":
        params |= {"transition": transition, "tail": _view(brief, footage, brief.scenes[index - 1], ratio)}
    return params


def _marks(brief: Brief, footage: Footage, index: int) -> dict[str, Any]:
    """What storyboard marks tell of a scene."""
    scene = brief.scenes[index]
    packshot, prompt = scene.template.visual is Visual.PACKSHOT, image_prompt(brief, footage, scene)
    motion = brief.override(scene.name).motion or scene.template.motion
    return {
        **{"number": index + 1, "name": scene.name, "packshot": packshot, "prompt": prompt},
        **{"start": scene.start, "total": sum(part.frames for part in brief.scenes)},
        **{"camera": scene.template.camera, "motion": motion},
    }


def image_prompt(brief: Brief, footage: Footage, scene: FittedScene) -> str | Ref:
    """What a scene's picture is to show; empty where the campaign gives the picture itself."""
    override, packshot = brief.override(scene.name), scene.template.visual is Visual.PACKSHOT
    if override.prompt or override.image or override.clip or packshot:
        return override.prompt or ""
    has_slot = "image_prompt" in scene.template.slots
    return Ref(footage.script, f"{scene.name}.image_prompt") if has_slot else ""


def _view(brief: Brief, footage: Footage, scene: FittedScene, ratio: AspectRatio) -> dict[str, Any]:
    """What is seen: the picture, from where in its clip, how large, how long."""
    view: dict[str, Any] = {
        "frames": scene.frames,
        "picture": footage.pictures[scene.name],
    }
    framing = footage.framings.get(scene.name, Framing())
    view |= framing.params(ratio, brief.override(scene.name).fit)
    if "clip" in view["picture"]:
        at, zoom = (0.0, 1.0) if scene.name in footage.own else (scene.at, scene.zoom)
        view |= {"at": at, "zoom": zoom}
    return view


def _captions(brief: Brief, footage: Footage, scene: FittedScene) -> dict[str, Any]:
    captions, said = brief.campaign.captions, footage.heard.get(scene.name)
    if said is None and scene.name in footage.lines:
        said = Heard(footage.lines[scene.name].words, window(scene)[0])
    if captions is False or said is None or said.words == NO_WORDS or _is_packshot(scene):
        return {}
    until = {"until": scene.seconds} if scene.name in footage.heard else {}
    return {"captions": _style(captions) | {"words": said.words, "lead": said.lead} | until}


def _is_packshot(scene: FittedScene) -> bool:
    return scene.template.visual is Visual.PACKSHOT


@cache
def _style(captions: Captions) -> dict[str, Any]:
    """The campaign's caption settings as params."""
    return captions.model_dump(mode="json", exclude_none=True)


def on_screen(brief: Brief, ad: AdIdentity, footage: Footage, scene: FittedScene) -> dict[str, Any]:
    """The params of the text that stands on a scene, apart from its captions; none for none."""
    if scene.template.visual is Visual.PACKSHOT:
        return {}
    title, start = brief.campaign.title, to_seconds(scene.start)
    if title is not None and title.text and start < title.until:
        left = min(title.until - start, to_seconds(scene.frames))
        until = None if to_frames(left) >= scene.frames else left
        return {"text": {"text": title.text, "kind": "title", "until": until} | _box(brief)}
    text = shown(brief, ad, scene, footage.script)
    if text is None:
        return {}
    kind = "title" if scene.name == "hook" else "overlay"
    return {"text": {"text": text, "kind": kind, "until": None} | _box(brief)}


def _fonts(brief: Brief) -> dict[str, Any]:
    """The brand's fonts, where it has any: for headlines and captions, and for other text."""
    fonts = brief.campaign.brand.fonts[:2]
    return {"fonts": [brief.asset(path) for path in fonts]} if fonts else {}


def _box(brief: Brief) -> dict[str, str]:
    """Colour of the titles' boxes, where the brand has one."""
    colors = brief.campaign.brand.colors
    return {"box": colors[0]} if colors else {}


def packshot_picture(brief: Brief, ad: AdIdentity, script: str) -> dict[str, Any]:
    """The closing picture: drawn for each ratio, or the video that the character's packshot names."""
    chosen = brief.loaded.packshot(ad.character.packshot)
    if chosen and chosen.image and brief.is_video(chosen.image):
        return {"clip": brief.asset(chosen.image)}
    return {"packshot": packshot(brief, ad, script)}


def packshot(brief: Brief, ad: AdIdentity, script: str) -> dict[str, Any]:
    """The closing picture: the character's packshot where the campaign has one, else the template's own."""
    campaign, name = brief.campaign, ad.character.packshot
    chosen = brief.loaded.packshot(name)
    spec: dict[str, Any] = {
        "headline": (chosen and chosen.headline) or Ref(script, ad.slot("cta", "headline")),
        "cta": (chosen and chosen.cta) or Ref(script, ad.slot("cta", "cta")),
        "colors": list(campaign.brand.colors),
    } | _fonts(brief)
    if chosen and chosen.image:
        spec["image"] = brief.asset(chosen.image)
    if campaign.brand.logo:
        spec["logo"] = brief.asset(campaign.brand.logo)
    if product := campaign.product:
        spec |= {"product_name": product.name} | ({"url": product.url} if product.url else {})
        if product.images:
            spec["product"] = brief.asset(product.images[0])
    given = {field: getattr(chosen, field) for field in _PACKSHOT_FIELDS} if chosen else {}
    return spec | {field: value for field, value in given.items() if value is not None}
