"""Expands a campaign over its template into the graph of all its tasks: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adcli.errors import InvalidInput
from adcli.graph.assembly import assembled, is_assembly, lasting
from adcli.graph.brief import AdIdentity, Brief, Cast, Options
from adcli.graph.build import Builder, Place
from adcli.graph.check import check, not_yet, packshot_seconds
from adcli.graph.deliver import deliver
from adcli.graph.effects import effect_sources
from adcli.graph.fit import CannotFit, FittedScene, fit
from adcli.graph.footage import film
from adcli.graph.material import add_fetches, fetched, remote_files
from adcli.graph.sound import add_music
from adcli.graph.task import Ad, Graph
from adcli.graph.videos import video_ads
from adcli.graph.words import copy_language, hook_text, most_words
from adcli.registry import Catalogue, Request
from adcli.spec.campaign import cast_of, character_slugs
from adcli.spec.load import Loaded


def expand(loaded: Loaded, catalogue: Catalogue, options: Options | None = None) -> Graph:
    """All tasks of a campaign, in an order in which each comes after what it reads.

    Raises InvalidInput for what only shows once the template is fitted: an unknown scene, a
    script that is too long, a provider that does not serve a stage.
    """
    options, scenes = options or Options(), fitted_scenes(loaded)
    if is_assembly(loaded):
        loaded = lasting(loaded, scenes)
    cast = Cast(loaded.campaign.characters)
    brief = Brief(loaded, scenes, catalogue, options, cast, fetched(loaded))
    check(brief, tuple(identities(brief)) if brief.scenes else ())
    builder = Builder(catalogue, options.takes or {}, loaded.campaign.pins)
    add_fetches(loaded, builder, brief.fetched)
    ads = _ads(brief, builder)
    goals = [goal for ad in ads for goal in ad.goals]
    needed = upstream(builder, goals)
    tasks = {name: task for name, task in builder.tasks.items() if name in needed}
    return Graph(
        campaign=loaded.campaign.name,
        tasks=tasks,
        ads=ads,
        ratios=loaded.campaign.aspect_ratios,
        assets=brief.assets() | effect_sources(loaded),
        remote=remote_files(loaded),
        bases=builder.bases,
        notes=tuple(note for note in builder.notes if note),
        warnings=not_yet(brief),
        problems=tuple(builder.problems),
    )


def _ads(brief: Brief, builder: Builder) -> tuple[Ad, ...]:
    if brief.template.made_from == "videos":
        return tuple(video_ads(brief, builder))
    music = add_music(brief, builder)
    return tuple(_ad(brief, builder, identity, music) for identity in identities(brief))


def fitted_scenes(loaded: Loaded) -> tuple[FittedScene, ...]:
    """The template's scenes fitted to the campaign's duration and its scenes' own seconds; none of videos."""
    if loaded.template.made_from == "videos":
        return ()
    seconds = {
        name: override.seconds
        for name, override in loaded.campaign.scenes.items()
        if override.seconds is not None
    }
    lengths = packshot_seconds(loaded)
    if len(lengths) == 1:
        seconds.setdefault("cta", next(iter(lengths)))
    try:
        if is_assembly(loaded):
            return assembled(loaded, seconds)
        return fit(loaded.template, loaded.campaign.duration, seconds)
    except CannotFit as error:
        raise InvalidInput([loaded.problem("duration", error.message)], hint=error.hint) from None


def identities(brief: Brief) -> Iterator[AdIdentity]:
    """Every ad: characters × languages × hooks. Hook 1 and the first language add nothing to its id."""
    campaign = brief.campaign
    characters = cast_of(campaign)
    slugs = character_slugs(campaign.characters) if campaign.characters else ("ad",)
    languages = campaign.languages or (campaign.language,)
    for index, (character, slug) in enumerate(zip(characters, slugs, strict=True)):
        for position, language in enumerate(languages):
            speaker = f"{slug}-{language.lower()}" if position else slug
            for hook in range(1, hook_count(brief) + 1):
                suffix = (f"-h{hook}" if hook > 1 else "") + (f"-{language.lower()}" if position else "")
                yield AdIdentity(character, index, slug, hook, language, f"{slug}{suffix}", speaker)


def hook_count(brief: Brief) -> int:
    """How many hooks each character gets."""
    if brief.texts:
        return len(brief.texts)
    hooks = brief.campaign.hooks
    return len(hooks) if isinstance(hooks, tuple) else hooks


def upstream(builder: Builder, goals: list[str]) -> set[str]:
    """The goals and everything they read, directly or not."""
    needed: set[str] = set()
    waiting = list(goals)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            task = builder.tasks[name]
            waiting += [item.task for item in task.inputs]
            waiting += task.after
    return needed


def _ad(brief: Brief, builder: Builder, ad: AdIdentity, music: str | None) -> Ad:
    script = _script(brief, builder, ad)
    footage = film(brief, builder, ad, script)
    goals = deliver(brief, builder, ad, footage, music)
    text = hook_text(brief, ad, script)
    return Ad(ad.id, ad.character.name, ad.hook, text, ad.language, goals)


def _script(brief: Brief, builder: Builder, ad: AdIdentity) -> str:
    place = Place(ad.speaker)
    name = place.id("script")
    if name in builder.tasks:
        return name
    provider, model = brief.provider("script", name)
    fields = script_fields(brief, ad)
    extra = brief.campaign.models.get("script", {})
    return builder.request(place, provider, Request("script", model, fields, extra))


def script_fields(brief: Brief, ad: AdIdentity) -> dict[str, Any]:
    """What the script stage is told: the template's tone and slots, the product, the character."""
    template, campaign = brief.template, brief.campaign
    hooks = campaign.hooks
    return {
        "template": {
            "name": template.name,
            "title": template.title,
            "tone": template.tone,
            "emotion": template.emotion,
            "pacing": template.pacing,
            "hook_format": template.hook_format,
        },
        "scenes": [_scene_fields(scene, ad.language) for scene in brief.scenes if scene.template.slots],
        "hooks": hook_count(brief),
        "given_hooks": list(hooks) if isinstance(hooks, tuple) else None,
        "product": brief.product(),
        "character": {
            "name": ad.character.name,
            "prompt": ad.character.prompt,
            "action": ad.character.hook_action,
        },
        "language": ad.language,
        "seed": campaign.seed,
    }


def _scene_fields(scene: FittedScene, language: str) -> Mapping[str, Any]:
    template = scene.template
    copy = copy_language(scene, language)
    return {
        "name": scene.name,
        "role": template.role.value,
        "cycle": scene.cycle,
        "prompt": template.prompt,
        "slots": {slot: {"max_words": most_words(scene, slot, language)} for slot in template.slots},
        "copy": template.lines.get(copy, {}),
        "copy_language": copy,
    }
