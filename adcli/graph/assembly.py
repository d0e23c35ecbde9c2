"""Scenes of an assembly: given clips cut to length, cutaways over the main one, and what is missing made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

from adcli.errors import InvalidInput
from adcli.graph.fit import FittedScene, fit
from adcli.spec.load import Loaded
from adcli.spec.template import Role, SceneTemplate, Visual
from adcli.units import FPS, Frames, to_frames, to_seconds

CUTAWAY = 2.5
"""Seconds of a cutaway where the clip and the main one leave room for it."""
SHORTEST_CUTAWAY = 0.8
"""Seconds that are long enough to see what a cutaway shows; the main clip's parts last as long at least."""
SHORTEST_MAIN = 1.0
"""Seconds of the main clip that an assembly has at least."""
_SLACK = 0.1
"""Seconds for which a picture may stand still before anybody sees it."""


def is_assembly(loaded: Loaded) -> bool:
    """The campaign's template is made from given clips."""
    return loaded.template.made_from == "material"


def assembled(loaded: Loaded, seconds: Mapping[str, float]) -> tuple[FittedScene, ...]:
    """Scenes of an assembly; ``seconds`` holds those that scenes are given in the campaign.

    Raises InvalidInput, and CannotFit where the main part is generated.
    """
    clips = _Clips(loaded, seconds)
    if loaded.campaign.inputs.hook and isinstance(hooks := loaded.campaign.hooks, int) and hooks > 1:
        clips.fail("hooks", f"found {hooks}; expected 1, or their texts on the screen: the hook is given")
    scenes = clips.around_main() if loaded.campaign.inputs.main else clips.generated()
    total = to_seconds(sum(scene.frames for scene in scenes))
    span = loaded.template.seconds
    if not span.min <= total <= span.max:
        found = f"the clips and what is added to them last {total:g} s"
        clips.fail("duration", f"{found}; expected {span.min:g} to {span.max:g} s: write the duration")
    return scenes


def lasting(loaded: Loaded, scenes: Sequence[FittedScene]) -> Loaded:
    """The campaign with the length of its scenes, where it has written none itself."""
    total = to_seconds(sum(scene.frames for scene in scenes))
    return replace(loaded, campaign=loaded.campaign.model_copy(update={"duration": total}))


def under(scenes: Sequence[FittedScene]) -> dict[str, FittedScene]:
    """By each scene during which a given clip is heard: the scene at whose start that sound began."""
    heard: dict[str, FittedScene] = {}
    sounding: FittedScene | None = None
    for scene in scenes:
        if scene.sounds:
            sounding = scene
        if sounding is not None and scene.start < sounding.start + sounding.sounds:
            heard[scene.name] = sounding
    return heard


class _Clips:
    """The given clips of one campaign, and the template's scenes for what isn't given."""

    def __init__(self, loaded: Loaded, seconds: Mapping[str, float]) -> None:
        self.loaded, self.seconds = loaded, seconds
        self.inputs, scenes = loaded.campaign.inputs, loaded.template.scenes
        self.hook = next(scene for scene in scenes if scene.role is Role.HOOK)
        self.main = next(scene for scene in scenes if scene.role is Role.BODY)
        self.cta = next(scene for scene in scenes if scene.role is Role.CTA)

    def around_main(self) -> tuple[FittedScene, ...]:
        """Hook, the given main clip with its cutaways, closing picture."""
        self._check_bodies()
        hook = self._hook()
        cta = FittedScene("cta", self.cta, Frames(0), self._own("cta", self.cta))
        main = self._main_frames(hook.frames + cta.frames)
        return _placed([hook, *self._over_main(main), cta])

    def generated(self) -> tuple[FittedScene, ...]:
        """The template's own scenes around the hook, with the cutaways in place of some bodies' pictures."""
        duration, seconds = self.loaded.campaign.duration, dict(self.seconds)
        given = self._hook() if self.inputs.hook else None
        if given is not None:
            seconds["hook"] = to_seconds(given.frames)
        hook, *rest = fit(self.loaded.template, duration, seconds)
        return _placed([given or hook, *self._shown(rest)])

    def fail(self, field: str, message: str) -> NoReturn:
        """Raises the problem of one field."""
        raise InvalidInput([self.loaded.problem(field, message)])

    def _hook(self) -> FittedScene:
        path = self.inputs.hook
        if path is None:
            return FittedScene("hook", self.hook, Frames(0), self._own("hook", self.hook))
        frames = self._given_frames(path, "inputs.hook", "scenes.hook.seconds")
        return FittedScene("hook", _given(self.hook), Frames(0), frames, material=path, sounds=frames)

    def _given_frames(self, path: str, field: str, ways: str) -> Frames:
        """All of a clip, or as much as the campaign asks for."""
        length, wanted = self._length(path), self.seconds.get("hook")
        if wanted is None:
            if length is None:
                self.fail(field, f"its length isn't known before it is fetched; expected {ways}")
            if length < 1:
                self.fail(field, "found less than a frame; expected a longer clip")
            return length
        if length is not None and to_seconds(length) < wanted - _SLACK:
            self.fail(field, f"found {to_seconds(length):.1f} s; expected at least {wanted:g} s ({ways})")
        return to_frames(wanted)

    def _main_frames(self, others: int) -> Frames:
        """Frames of the main clip: all, or what a written duration leaves it."""
        path, field = self.inputs.main or "", "inputs.main"
        length, written = self._length(path), self.loaded.document.root.child("duration") is not None
        if not written:
            if length is None:
                self.fail(field, "its length isn't known before it is fetched; expected the ad's duration")
            if length < to_frames(SHORTEST_MAIN):
                self.fail(field, f"found {to_seconds(length):.2g} s; expected at least {SHORTEST_MAIN:g} s")
            return length
        duration = self.loaded.campaign.duration
        left = to_frames(duration) - others
        added = f"{to_seconds(Frames(others)):g} s of hook and packshot"
        if left < to_frames(SHORTEST_MAIN):
            found = f"found {duration:g} s"
            self.fail("duration", f"{found}; expected more: {added} leave no room for the main clip")
        if length is not None and length < left - to_frames(_SLACK):
            needs = f"expected at least {to_seconds(Frames(left)):.1f} s for {duration:g} s with {added}"
            self.fail(field, f"found {to_seconds(length):.1f} s; {needs}")
        return Frames(left)

    def _over_main(self, main: Frames) -> list[FittedScene]:
        """The main clip's parts with the cutaways between them; its sound begins with the first part."""
        path, template = self.inputs.main, _given(self.main)
        lengths = self._cutaways(main)
        count, shown = len(lengths), main - sum(lengths)
        parts: list[FittedScene] = []
        at = 0
        for index in range(count + 1):
            frames = shown * (index + 1) // (count + 1) - shown * index // (count + 1)
            sounds = Frames(0 if index else main)
            part = FittedScene("", template, Frames(0), Frames(frames), at=to_seconds(Frames(at)))
            parts.append(replace(part, material=path, sounds=sounds))
            at += frames
            if index < count:
                cutaway = FittedScene("", template, Frames(0), lengths[index])
                parts.append(replace(cutaway, material=self.inputs.broll[index]))
                at += lengths[index]
        return [replace(part, name=f"body-{number}") for number, part in enumerate(parts, start=1)]

    def _cutaways(self, main: Frames) -> list[Frames]:
        """How long each cutaway lasts: no longer than its clip, and than what the main clip shows between."""
        clips = self.inputs.broll
        room = main // (2 * len(clips) + 1)
        if clips and room < to_frames(SHORTEST_CUTAWAY):
            most = (main // to_frames(SHORTEST_CUTAWAY) - 1) // 2
            found = f"found {len(clips)} clips for {to_seconds(main):.1f} s of the main one"
            self.fail("inputs.broll", f"{found}; expected at most {max(0, most)}")
        most = min(room, to_frames(CUTAWAY))
        return [Frames(min(most, self._length(path) or most)) for path in clips]

    def _shown(self, rest: Sequence[FittedScene]) -> list[FittedScene]:
        """Generated scenes of which some show a given clip while their own line is spoken."""
        bodies = [scene for scene in rest if scene.template.role is Role.BODY]
        clips = self.inputs.broll
        if clips and len(clips) >= len(bodies):
            found = f"found {len(clips)} clips for {len(bodies)} scenes between hook and packshot"
            self.fail("inputs.broll", f"{found}; expected at most {len(bodies) - 1}")
        places = [(number + 1) * len(bodies) // (len(clips) + 1) for number in range(len(clips))]
        shows = {bodies[place].name: number for number, place in enumerate(places)}
        return [self._showing(scene, shows) for scene in rest]

    def _showing(self, scene: FittedScene, shows: Mapping[str, int]) -> FittedScene:
        if scene.source in shows:
            return replace(scene, source=None, at=0.0, zoom=1.0)
        if scene.name not in shows:
            return scene
        number = shows[scene.name]
        path = self.inputs.broll[number]
        length = self._length(path)
        if length is not None and to_seconds(length) < scene.seconds - _SLACK:
            found = f"found {to_seconds(length):.1f} s; expected at least {scene.seconds:.1f} s"
            self.fail(f"inputs.broll.{number}", f"{found} for {scene.name}")
        slots = {name: slot for name, slot in scene.template.slots.items() if name != "image_prompt"}
        template = scene.template.model_copy(update={"visual": Visual.CLIP, "speaks": False, "slots": slots})
        return replace(scene, template=template, source=None, at=0.0, zoom=1.0, material=path)

    def _own(self, name: str, template: SceneTemplate) -> Frames:
        return to_frames(self.seconds.get(name, template.seconds.ideal))

    def _length(self, path: str) -> Frames | None:
        """Whole frames of a local clip; None for one that is still to be fetched."""
        known = self.loaded.assets.get(path)
        if known is None or known.seconds is None:
            return None
        return Frames(math.floor(known.seconds * FPS + 0.01))

    def _check_bodies(self) -> None:
        for name in self.seconds:
            if name not in ("hook", "cta"):
                found = f"found the seconds of {name}, which the main clip and its cutaways decide"
                self.fail(f"scenes.{name}.seconds", f"{found}; expected them for hook and cta alone")


def _given(template: SceneTemplate) -> SceneTemplate:
    """A scene that nothing is written, spoken or drawn for."""
    nothing = {"visual": Visual.CLIP, "speaks": False, "slots": {}, "camera": "", "motion": "", "prompt": ""}
    return template.model_copy(update={**nothing, "transition": "cut"})


def _placed(scenes: Sequence[FittedScene]) -> tuple[FittedScene, ...]:
    placed, start = [], 0
    for scene in scenes:
        placed.append(replace(scene, start=Frames(start)))
        start += scene.frames
    return tuple(placed)
