"""Tasks that make what an ad is cut from: its spoken lines, its portrait and pictures, their clips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.clips import animate, borrows, is_bought, lipsync
from adcli.graph.effects import add_effects
from adcli.graph.fit import FittedScene
from adcli.graph.originals import heard, originals
from adcli.graph.reframe import framings
from adcli.graph.scenes import Footage, packshot_picture
from adcli.graph.speech import speak
from adcli.graph.task import Phrase, Ref
from adcli.registry import Request
from adcli.spec.template import Visual

IMAGE_SIZE = {"width": 1152, "height": 2048, "aspect": "9:16"}
"""Pictures are made upright at the users' standard size and cropped or padded per ratio."""


def film(brief: Brief, builder: Builder, ad: AdIdentity, script: str) -> Footage:
    """Adds the footage tasks of one ad and says what each scene is made from."""
    lines = speak(brief, builder, ad, script) | originals(brief, builder, ad)
    portrait = _portrait(brief, builder, ad)
    pictures: dict[str, Mapping[str, Any]] = {}
    stills: dict[str, Any] = {}
    clips: dict[str, Ref] = {}
    own: set[str] = set()
    for scene in sorted(brief.scenes, key=lambda scene: scene.source is not None):
        ready = _ready_picture(brief, ad, scene, script, clips)
        if ready is None:
            stills[scene.name] = _picture(brief, builder, ad, scene, script, portrait)
            clips[scene.name] = animate(brief, builder, ad, scene, stills[scene.name], lines)
            speaks = scene.template.speaks and scene.name in lines
            clip = clips[scene.name]
            ready = {"clip": lipsync(brief, builder, ad, scene, clip, lines) if speaks else clip}
            stages = ("animate", "lipsync") if speaks else ("animate",)
            if any(is_bought(brief, ad, scene, stage) for stage in stages):
                own.add(scene.name)
        pictures[scene.name] = ready
    add_effects(brief, builder, ad, pictures, own)
    framed = framings(brief, builder, ad, pictures, stills, frozenset(own))
    return Footage(pictures, stills, lines, script, frozenset(own), heard(brief, lines), framed)


def _ready_picture(
    brief: Brief, ad: AdIdentity, scene: FittedScene, script: str, clips: Mapping[str, Ref]
) -> Mapping[str, Any] | None:
    """A picture that needs no task of the scene's own: given, drawn per ratio, or another scene's clip."""
    override = brief.override(scene.name)
    if override.clip:
        return {"clip": brief.asset(override.clip)}
    if scene.material and not override.image:
        return {"clip": brief.asset(scene.material)}
    if scene.template.visual is Visual.PACKSHOT and not override.image:
        return packshot_picture(brief, ad, script)
    source = scene.source
    return {"clip": clips[source]} if source and source in clips and borrows(brief, ad, scene) else None


def _picture(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, script: str, portrait: Ref | None
) -> Any:
    """The scene's picture. Where stage ``matte`` has a paid provider, the person of a green-screen scene is
    cut out and set before the product's photo, else before the picture of the ad's first still scene.
    """
    image = _image(brief, builder, ad, scene, script, portrait)
    if not _is_matted(brief, ad, scene):
        return image
    backdrop = _backdrop(brief, builder, ad, scene, script, portrait)
    if backdrop is None:
        message = f"{scene.name} has no picture to stand before; expected product.images, or a still scene"
        builder.problems[brief.loaded.problem("providers.matte", message)] = None
        return image
    place = Place(ad.id, ad.id, scene.name)
    provider, model = brief.provider("matte", place.id("matte"))
    request = Request("matte", model, {"image": image}, brief.campaign.models.get("matte", {}))
    person = Ref(builder.request(place, provider, request), "image")
    given = {"person": person, "backdrop": backdrop}
    size = {name: IMAGE_SIZE[name] for name in ("width", "height")}
    return Ref(builder.add(place, "compose", given | size), "image")


def _is_matted(brief: Brief, ad: AdIdentity, scene: FittedScene) -> bool:
    place = Place(ad.id, ad.id, scene.name)
    own = brief.override(scene.name).image
    return (
        scene.template.visual is Visual.GREEN_SCREEN
        and not own
        and brief.provider("matte", place.id("matte"))[0] != "local"
    )


def _backdrop(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, script: str, portrait: Ref | None
) -> Any:
    """A product photo, another one for each scene; else a still scene's picture; None where is neither."""
    matted = [other.name for other in brief.scenes if _is_matted(brief, ad, other)]
    photos = brief.campaign.product.images if brief.campaign.product else ()
    if photos:
        return brief.asset(photos[matted.index(scene.name) % len(photos)])
    stills = (other for other in brief.scenes if other.template.visual is Visual.STILL)
    still = next(stills, None)
    return _image(brief, builder, ad, still, script, portrait) if still else None


def _image(
    brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, script: str, portrait: Ref | None
) -> Any:
    override = brief.override(scene.name)
    if override.image:
        return brief.asset(override.image)
    place = Place(ad.id, ad.id, scene.name)
    provider, model = brief.provider("image", place.id("image"))
    fields = image_fields(brief, ad, scene, Ref(script, f"{scene.name}.image_prompt")) | IMAGE_SIZE
    if _is_matted(brief, ad, scene):
        fields |= _person_alone(ad, scene)
    if brief.texts or override.prompt is not None:
        fields["prompt"] = brief.texts[ad.hook - 1] if brief.texts else override.prompt
    if portrait is not None:
        fields["person"] = portrait
    extra = {} if provider == "local" else brief.campaign.models.get("image", {})
    return Ref(builder.request(place, provider, Request("image", model, fields, extra)), "image")


def _person_alone(ad: AdIdentity, scene: FittedScene) -> dict[str, Any]:
    """What is different in a picture whose person is to be cut out: nothing else is in it."""
    who = ad.character.prompt or "a friendly person"
    does = (scene.name == "hook" and ad.character.hook_action) or scene.template.motion
    prompt = f"{who}; {does}; one person alone, seen down to the waist, before a plain light grey wall"
    return {"prompt": prompt, "products": [], "product_name": "", "product_description": ""}


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
