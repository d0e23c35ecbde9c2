"""Tasks that make what an ad is cut from: portrait, pictures, clips, spoken lines, lip-sync."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.fit import FittedScene
from adcli.graph.scenes import Footage, packshot_picture
from adcli.graph.task import Phrase, Ref
from adcli.graph.words import spoken, window
from adcli.registry import Request
from adcli.spec.template import Visual
from adcli.units import to_seconds

IMAGE_SIZE = {"width": 1152, "height": 2048, "aspect": "9:16"}
"""Pictures are made upright at the users' standard size and cropped or padded per ratio."""


def film(brief: Brief, builder: Builder, ad: AdIdentity, script: str) -> Footage:
    """Adds the footage tasks of one ad and says what each scene is made from."""
    voices = _voices(brief, builder, ad, script)
    portrait = _portrait(brief, builder, ad)
    pictures: dict[str, Mapping[str, Any]] = {}
    stills: dict[str, Any] = {}
    clips: dict[str, Ref] = {}
    for scene in sorted(brief.scenes, key=lambda scene: scene.source is not None):
        ready = _ready_picture(brief, ad, scene, script, clips)
        if ready is None:
            stills[scene.name] = _image(brief, builder, ad, scene, script, portrait)
            clips[scene.name] = _animate(brief, builder, ad, scene, stills[scene.name], voices)
            ready = {"clip": _spoken(brief, builder, ad, scene, clips[scene.name], voices)}
        pictures[scene.name] = ready
    words = {name: Ref(voice, "words") for name, voice in voices.items()}
    return Footage(pictures, stills, words, script)


def _ready_picture(
    brief: Brief, ad: AdIdentity, scene: FittedScene, script: str, clips: Mapping[str, Ref]
) -> Mapping[str, Any] | None:
    """A picture that needs no task of the scene's own: given, drawn per ratio, or another scene's clip."""
    override = brief.override(scene.name)
    if override.clip:
        return {"clip": brief.asset(override.clip)}
    if scene.template.visual is Visual.PACKSHOT and not override.image:
        return packshot_picture(brief, ad, script)
    own = override.prompt or override.image or override.motion
    return {"clip": clips[scene.source]} if scene.source and scene.source in clips and not own else None


def _spoken(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, clip: Ref, voices: Mapping[str, str]
) -> Ref:
    if scene.template.speaks and scene.name in voices:
        return _lipsync(brief, builder, ad, scene, clip, Ref(voices[scene.name], "audio"))
    return clip


def _image(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, script: str, portrait: Ref | None
) -> Any:
    override = brief.override(scene.name)
    if override.image:
        return brief.asset(override.image)
    place = Place(ad.id, ad.id, scene.name)
    provider, model = brief.provider("image", place.id("image"))
    fields = image_fields(brief, ad, scene, Ref(script, f"{scene.name}.image_prompt")) | IMAGE_SIZE
    if brief.texts or override.prompt is not None:
        fields["prompt"] = brief.texts[ad.hook - 1] if brief.texts else override.prompt
    if portrait is not None:
        fields["person"] = portrait
    extra = {} if provider == "local" else brief.campaign.models.get("image", {})
    return Ref(builder.request(place, provider, Request("image", model, fields, extra)), "image")


def image_fields(brief: Brief, ad: AdIdentity, scene: FittedScene, prompt: str | Ref) -> dict[str, Any]:
    """What stage ``image`` is told about one scene, apart from its size."""
    product = brief.campaign.product
    return {
        "prompt": Phrase((prompt,)) if isinstance(prompt, Ref) else prompt,
        "seed": brief.campaign.seed,
        "visual": scene.template.visual.value,
        "products": [brief.asset(path) for path in product.images] if product else [],
        "product_name": product.name if product else "",
        "product_description": (product.description if product else None) or "",
        "character": {"name": ad.character.name, "prompt": ad.character.prompt},
        "camera": scene.template.camera,
        "colors": list(brief.campaign.brand.colors),
    }


def _animate(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, image: Any, voices: Mapping[str, str]
) -> Ref:
    place = Place(ad.id, ad.id, scene.name)
    provider, model = brief.provider("animate", place.id("animate"))
    if scene.template.visual is Visual.STILL:
        provider, model = "local", None
    fields = {
        "image": image,
        "motion": brief.override(scene.name).motion or f"{scene.template.motion}, {scene.template.camera}",
        "seconds": clip_seconds(brief, scene),
        "seed": brief.campaign.seed,
        "aspect": "9:16",
    }
    paid = provider != "local"
    extra = brief.campaign.models.get("animate", {}) if paid else {}
    after = tuple(voices.values()) if paid else ()
    return Ref(builder.request(place, provider, Request("animate", model, fields, extra), after), "clip")


def clip_seconds(brief: Brief, scene: FittedScene) -> float:
    """How long a clip must be for its own scene and for all scenes that take their picture from it."""
    needs: list[float] = [to_seconds(scene.frames)]
    for other in brief.scenes:
        if other.source == scene.name:
            needs.append(other.at + to_seconds(other.frames))
    return max(needs)


def _lipsync(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, clip: Ref, audio: Ref
) -> Ref:
    place = Place(ad.id, ad.id, scene.name)
    provider, model = brief.provider("lipsync", place.id("lipsync"))
    fields = {"clip": clip, "audio": audio, "seconds": to_seconds(scene.frames)}
    extra = {} if provider == "local" else brief.campaign.models.get("lipsync", {})
    return Ref(builder.request(place, provider, Request("lipsync", model, fields, extra)), "clip")


def _voices(brief: Brief, builder: Builder, ad: AdIdentity, script: str) -> dict[str, str]:
    """Task of each spoken line, by scene."""
    lines = spoken(brief, ad, script)
    scenes = [scene for scene in brief.scenes if scene.name in lines]
    return {scene.name: _voice(brief, builder, ad, scene, lines[scene.name]) for scene in scenes}


def _voice(brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, line: str | Ref) -> str:
    place = Place(ad.id, ad.id, scene.name)
    provider, model = brief.provider("voice", place.id("voice"))
    character = ad.character
    settings = character.voice_settings
    fields = {
        "text": Phrase((line,)) if isinstance(line, Ref) else line,
        "voice": character.voice,
        "language": ad.language,
        "seconds": window(scene)[1],
        "character": {"id": ad.slug, "name": character.name, "prompt": character.prompt},
        "settings": settings.model_dump(exclude_none=True) if settings else {},
        "pronunciations": dict(brief.campaign.pronunciations),
        "seed": brief.campaign.seed,
    }
    extra = {} if provider == "local" else brief.campaign.models.get("voice", {})
    return builder.request(place, provider, Request("voice", model, fields, extra))


def _portrait(brief: Brief, builder: Builder, ad: AdIdentity) -> Ref | None:
    """The reference picture of a character: from a given picture, or made where that is asked for."""
    place = Place(ad.speaker)
    provider, model = brief.provider("portrait", place.id("portrait"))
    pictures = ad.character.images
    if not pictures and provider == "local":
        return None
    fields: dict[str, Any] = {"prompt": ad.character.prompt, "seed": brief.campaign.seed}
    if pictures:
        provider, model = "local", None
        fields["image"] = brief.asset(pictures[0])
    extra = {} if provider == "local" else brief.campaign.models.get("portrait", {})
    return Ref(builder.request(place, provider, Request("portrait", model, fields, extra)), "image")
