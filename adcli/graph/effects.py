"""Effects of scenes: what a campaign asks for, checked without importing any of it, and the tasks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adcli.errors import Problem
from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.task import AssetFile, Ref
from adcli.spec.document import describe, suggest
from adcli.spec.effects import (
    EffectClass,
    NoSuchEffect,
    Parameter,
    installed_effect,
    installed_effects,
    kind_of,
    moviepy_effects,
    moviepy_version,
    own_effect,
    sha256_of_source,
    sound_effects,
)
from adcli.spec.load import Loaded
from adcli.spec.template import Visual

_SOURCE_TYPE = "text/x-python"


@dataclass(frozen=True, slots=True)
class _Wish:
    """One effect as it was written: where, its name and its parameters."""

    scene: str
    field: str
    name: str
    params: Any

    @property
    def is_own(self) -> bool:
        """A module and a class that the campaign names itself."""
        return ":" in self.name


def add_effects(
    brief: Brief, builder: Builder, ad: AdIdentity, pictures: dict[str, Mapping[str, Any]], own: set[str]
) -> None:
    """Adds a task for each scene with effects, whose clip takes the place of the scene's picture.

    ``own`` are scenes whose clip begins with them, as those with effects do afterwards.
    """
    every = list(_wishes(brief.loaded))
    for scene in brief.scenes if every else ():
        wishes = [wish for wish in every if wish.scene == scene.name]
        clip = pictures.get(scene.name, {}).get("clip")
        if not wishes or clip is None:
            continue
        params = {"clip": clip, "frames": scene.frames, "moviepy": moviepy_version()}
        params["effects"] = [_row(brief.loaded, wish) for wish in wishes]
        if scene.name not in own:
            params |= {"at": scene.at, "zoom": scene.zoom}
        made = builder.add(Place(ad.id, ad.id, scene.name), "effects", params)
        pictures[scene.name] = {"clip": Ref(made, "clip")}
        own.add(scene.name)


def effect_sources(loaded: Loaded) -> dict[str, AssetFile]:
    """The modules that effects other than MoviePy's are read from, by content."""
    found = {}
    for wish in _wishes(loaded):
        made = _class_of(loaded, wish)
        if made is not None and wish.name not in moviepy_effects():
            sha256 = sha256_of_source(made.file)
            found[sha256] = AssetFile(made.file, sha256, _SOURCE_TYPE)
    return found


def own_code(loaded: Loaded) -> list[Problem]:
    """A problem for each effect that runs a module which the campaign itself names."""
    return [
        loaded.problem(wish.field, f"found {wish.name}, Python code of its own; expected --allow-code")
        for wish in _wishes(loaded)
        if wish.is_own
    ]


def effect_problems(brief: Brief) -> Iterator[Problem]:
    """What is wrong with effects: unknown ones, their parameters, scenes that can't have any."""
    wishes = list(_wishes(brief.loaded))
    for wish in wishes:
        for field, message in _wrong(brief.loaded, wish):
            yield brief.loaded.problem(field, message)
    for name in dict.fromkeys(wish.scene for wish in wishes):
        if reason := _no_place(brief, name):
            yield brief.loaded.problem(f"scenes.{name}.effects", reason)


def _wishes(loaded: Loaded) -> Iterator[_Wish]:
    for scene, override in loaded.campaign.scenes.items():
        for index, written in enumerate(override.effects):
            field = f"scenes.{scene}.effects.{index}"
            if isinstance(written, str):
                yield _Wish(scene, field, written, {})
            elif len(written) == 1:
                name, params = next(iter(written.items()))
                yield _Wish(scene, f"{field}.{name}", name, {} if params is None else params)
            else:
                yield _Wish(scene, field, "", written)


def _row(loaded: Loaded, wish: _Wish) -> dict[str, Any]:
    """An effect as a param: other than MoviePy's, with the content of the module that it is read from."""
    row = {"name": wish.name, "params": wish.params}
    if wish.name in moviepy_effects():
        return row
    made = _class_of(loaded, wish)
    assert made is not None
    named = {} if wish.is_own else {"class": f"{made.module}:{made.name}"}
    return row | named | {"source": {"$asset": sha256_of_source(made.file)}}


def _class_of(loaded: Loaded, wish: _Wish) -> EffectClass | None:
    """The class that is meant; None for a name that nothing has. Raises NoSuchEffect for a wrong module."""
    if wish.is_own:
        return own_effect(wish.name, loaded.base)
    if wish.name in moviepy_effects():
        return moviepy_effects()[wish.name]
    point = installed_effects().get(wish.name)
    return installed_effect(point) if point else None


def _wrong(loaded: Loaded, wish: _Wish) -> Iterator[tuple[str, str]]:
    """Fields and messages of one effect's problems."""
    if not wish.name:
        yield wish.field, f"found {len(wish.params)} names in one effect; expected one, such as Rotate: {{…}}"
        return
    try:
        made = _class_of(loaded, wish)
    except NoSuchEffect as error:
        attr = wish.name.partition(":")[2]
        yield wish.field, f"{error}; expected module:Class{suggest(attr, error.known)}"
        return
    if made is None:
        yield wish.field, _unknown(wish.name)
    elif not isinstance(wish.params, Mapping):
        yield wish.field, f"found {describe(wish.params)}; expected a map of its parameters{_told(made)}"
    else:
        yield from _wrong_params(wish, made)


def _unknown(name: str) -> str:
    if name in sound_effects():
        return f"{name} is an effect on sound, and scenes have none of their own; expected one on pictures"
    known = [*moviepy_effects(), *installed_effects()]
    return f"there is no effect {name!r}; expected one of MoviePy's, or module:Class{suggest(name, known)}"


def _wrong_params(wish: _Wish, made: EffectClass) -> Iterator[tuple[str, str]]:
    for name in wish.params:
        if _refers(wish.params[name]) or name.startswith("$"):
            yield f"{wish.field}.{name}", "found a name that begins with $; expected plain values"
    if made.parameters is None:
        return
    known = {parameter.name: parameter for parameter in made.parameters}
    for name, value in wish.params.items():
        if name not in known:
            message = f"{wish.name} has no {name}; expected {_names(known) or 'no parameters'}"
            yield f"{wish.field}.{name}", message + suggest(name, known)
        elif message := _wrong_value(known[name], value):
            yield f"{wish.field}.{name}", message
    for name, parameter in known.items():
        if parameter.required and name not in wish.params:
            needs = f"{name}: {parameter.kinds[0]}" if parameter.kinds else f"{name}, {_NOT_YAML}"
            yield wish.field, f"{wish.name} needs {needs}"


_NOT_YAML = "which only Python code can give; write an effect of your own around it"


def _wrong_value(parameter: Parameter, value: object) -> str:
    if not parameter.kinds:
        return f"found {describe(value)}; {parameter.name} is something {_NOT_YAML}"
    if parameter.takes(value):
        return ""
    return f"found {describe(value)}; expected {' or '.join(parameter.kinds)}"


def _refers(value: object) -> bool:
    """It holds a key as references to files have, at any depth."""
    if isinstance(value, Mapping):
        return any(str(name).startswith("$") or _refers(item) for name, item in value.items())
    return kind_of(value) == "a list" and isinstance(value, list | tuple) and any(map(_refers, value))


def _names(known: Mapping[str, Parameter]) -> str:
    return ", ".join(name for name, parameter in known.items() if parameter.kinds)


def _told(made: EffectClass) -> str:
    names = _names({p.name: p for p in made.parameters or ()})
    return f": {names}" if names else ""


def _no_place(brief: Brief, name: str) -> str | None:
    """Why a scene can't have effects, if it can't."""
    if brief.template.deliver != "video":
        return f"found effects; template {brief.template.name} makes no video that could have them"
    scene = next((scene for scene in brief.scenes if scene.name == name), None)
    override = brief.override(name)
    if scene is None or scene.template.visual is not Visual.PACKSHOT or override.clip or override.image:
        return None
    for character in brief.campaign.characters:
        chosen = brief.loaded.packshot(character.packshot)
        if not (chosen and chosen.image and brief.is_video(chosen.image)):
            return "found effects on a packshot, which is drawn for each ratio; expected them on other scenes"
    return None
