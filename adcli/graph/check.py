"""Problems that only show once a campaign meets its fitted template, all found at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from adcli.errors import InvalidInput, Problem
from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.effects import effect_problems
from adcli.graph.keep import keep_warnings
from adcli.graph.lines import count_units, told_units, too_long
from adcli.graph.post import warnings as post_warnings
from adcli.graph.words import speaking_scenes, window
from adcli.spec.campaign import cast_of
from adcli.spec.load import Loaded


def check(brief: Brief, ads: tuple[AdIdentity, ...]) -> None:
    """Raises InvalidInput with every problem found."""
    problems = [
        *_providers(brief),
        *_scene_names(brief),
        *_packshot_seconds(brief),
        *_unshown_clips(brief),
        *effect_problems(brief),
        *_scripts(brief, ads),
        *_lines(brief, ads),
    ]
    if problems:
        raise InvalidInput(problems)


def not_yet(brief: Brief) -> tuple[str, ...]:
    """Sentences about fields that are valid, but that this version leaves undone."""
    campaign = brief.campaign
    left = {
        "approve": campaign.approve,
    }
    undone = (
        f"{field} is not done by this version yet and is left out" for field, given in left.items() if given
    )
    return (*undone, *post_warnings(brief), *keep_warnings(brief), *_idle(brief), *_idle_clips(brief))


def _idle(brief: Brief) -> Iterator[str]:
    """What the campaign gives and a template made from videos doesn't use."""
    if brief.template.made_from == "videos":
        root = brief.loaded.document.root
        given = [name for name in _OF_SCENES if root.child(name) is not None]
        if given:
            yield f"template {brief.template.name} works on whole videos and leaves out: {', '.join(given)}"


def _idle_clips(brief: Brief) -> Iterator[str]:
    """Videos that a template doesn't use, and a script that nobody is left to speak."""
    campaign, template = brief.campaign, brief.template
    inputs = {"hook": campaign.inputs.hook, "main": campaign.inputs.main, "broll": campaign.inputs.broll}
    given = ", ".join(f"inputs.{name}" for name, value in inputs.items() if value)
    if given and template.made_from != "material":
        yield f"template {template.name} leaves out {given}; template assembly is made from them"
    if campaign.inputs.all_videos and template.made_from != "videos":
        name = "inputs.video" if campaign.inputs.video else "inputs.videos"
        yield f"template {template.name} leaves out {name}; template post works on them"
    written = campaign.voiceover_text or any(person.script for person in campaign.characters)
    if template.made_from == "material" and written and not speaking_scenes(brief)[:-1]:
        yield "the script is spoken in the packshot alone: hook and main clip are given"


_OF_SCENES = ("characters", "duration", "hooks", "voiceover_text", "title", "music", "packshots")
"""Fields that only matter to ads made from scenes."""


def packshot_seconds(loaded: Loaded) -> set[float]:
    """The lengths that the characters' packshots ask for."""
    chosen = (loaded.packshot(character.packshot) for character in cast_of(loaded.campaign))
    return {packshot.seconds for packshot in chosen if packshot and packshot.seconds is not None}


def _packshot_seconds(brief: Brief) -> Iterator[Problem]:
    lengths = packshot_seconds(brief.loaded)
    if len(lengths) > 1:
        told = ", ".join(f"{seconds:g} s" for seconds in sorted(lengths))
        message = f"found packshots of {told}; expected one length for all ads of a campaign"
        yield brief.loaded.problem("packshots", message)


def _unshown_clips(brief: Brief) -> Iterator[Problem]:
    """A template of pictures has no use for a scene's clip, and none to make a picture of."""
    for name, override in brief.campaign.scenes.items() if brief.template.deliver == "image" else ():
        if override.clip:
            message = f"found a clip; template {brief.template.name} makes pictures: expected image"
            yield brief.loaded.problem(f"scenes.{name}.clip", message)


def _suggest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]}?" if close else ""


def _providers(brief: Brief) -> Iterator[Problem]:
    for stage, written in brief.campaign.providers.items():
        field = f"providers.{stage}"
        known = [name for name, spec in brief.catalogue.stages.items() if spec.generative]
        if stage not in known:
            message = f"there is no such stage; expected one of {', '.join(sorted(known))}"
            yield brief.loaded.problem(field, message + _suggest(stage, known))
            continue
        name, _, model = written.partition(":")
        if name == "local":
            continue
        able = sorted(n for n, module in brief.catalogue.providers.items() if stage in module.SPEC.versions)
        if name not in able:
            message = f"{name!r} does not serve stage {stage}; expected one of {', '.join(able)}"
            yield brief.loaded.problem(field, message + _suggest(name, able))
        elif not model:
            message = f"no model was named; expected {name}:MODEL"
            yield brief.loaded.problem(field, message)


def _scene_names(brief: Brief) -> Iterator[Problem]:
    names = [scene.name for scene in brief.scenes]
    written = {f"scenes.{name}": name for name in brief.campaign.scenes}
    for index, character in enumerate(brief.campaign.characters):
        if isinstance(character.script, Mapping):
            written |= {f"characters.{index}.script.{name}": name for name in character.script}
    for field, name in written.items():
        if name not in names:
            has = f"at {brief.campaign.duration:g} s has {', '.join(names)}" if names else "has no scenes"
            message = f"there is no scene {name!r}; {brief.template.name} {has}"
            yield brief.loaded.problem(field, message + _suggest(name, names))


def _scripts(brief: Brief, ads: tuple[AdIdentity, ...]) -> Iterator[Problem]:
    """Whole scripts against the seconds in which they can be spoken."""
    windows = [window(scene)[1] for scene in speaking_scenes(brief)]
    seen: set[str] = set()
    for ad in ads:
        own = ad.character.script
        text = own if isinstance(own, str) else None if own else brief.campaign.voiceover_text
        field = f"characters.{ad.position}.script" if own else "voiceover_text"
        if text and field not in seen:
            seen.add(field)
            yield from _length(brief, field, text, windows, ad.language)


def _lines(brief: Brief, ads: tuple[AdIdentity, ...]) -> Iterator[Problem]:
    """Single lines against the window of their scene."""
    windows = {scene.name: window(scene)[1] for scene in speaking_scenes(brief)}
    written: dict[str, tuple[str, str]] = {}
    for name, override in brief.campaign.scenes.items():
        if override.voiceover:
            written[f"scenes.{name}.voiceover"] = (name, override.voiceover)
    for index, character in enumerate(brief.campaign.characters):
        if isinstance(character.script, Mapping):
            written |= {
                f"characters.{index}.script.{name}": (name, text) for name, text in character.script.items()
            }
    if isinstance(brief.campaign.hooks, tuple):
        written |= {f"hooks.{n}": ("hook", line) for n, line in enumerate(brief.campaign.hooks)}
    language = ads[0].language if ads else "en"
    for field, (scene, text) in written.items():
        if scene in windows:
            yield from _length(brief, field, text, [windows[scene]], language)


def _length(brief: Brief, field: str, text: str, windows: list[float], language: str) -> Iterator[Problem]:
    cut = too_long(text, windows, language)
    if cut:
        given, less = told_units(count_units(text), language), told_units(cut, language)
        message = f"{given} can't be spoken in {sum(windows):.1f} s; cut {less}"
        yield brief.loaded.problem(field, message)
