"""Fits a template's scenes to a duration: which scenes an ad has and how many frames each lasts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adcli.errors import AdcliError
from adcli.spec.template import Role, SceneTemplate, Template, Visual
from adcli.units import Frames, Seconds, to_frames, to_seconds

CLIP_SECONDS = 5.0
"""Shortest clip that image-to-video services sell (Kling: 5 or 10 s); a scene takes a part of it."""

_MOVING = frozenset({Visual.ANIMATED, Visual.CLIP, Visual.GREEN_SCREEN})
_CLOSER = 0.08
_MAX_ZOOM = 1.4


class CannotFit(AdcliError):
    """No choice of scenes lasts that long; ``shortest`` and ``longest`` are seconds that work."""

    exit_code = 3
    code = "cannot-fit"

    def __init__(self, template: str, seconds: float, shortest: float, longest: float) -> None:
        within = shortest <= seconds <= longest
        wrong = "has no choice of scenes that lasts" if within else "cannot last"
        super().__init__(
            f"template {template!r} {wrong} {seconds:g} s",
            hint="change the seconds given to single scenes"
            if within or shortest > longest
            else f"choose a duration from {shortest:g} to {longest:g} s",
        )
        self.template, self.seconds, self.shortest, self.longest = template, seconds, shortest, longest


_NONE = Frames(0)


@dataclass(frozen=True, slots=True)
class FittedScene:
    """One scene of an ad with its place in time.

    ``name`` is ``hook``, ``body-1``… or ``cta``. ``cycle`` counts the runs of its repeat group from 0.
    ``source`` names the scene whose clip it takes, from ``at`` seconds on, enlarged by ``zoom``;
    without one it has a picture of its own. ``material`` is the path of a given clip that it shows from
    ``at`` on; ``sounds`` are the frames for which that clip's own sound is heard from the scene's start on,
    also while the scenes after it show something else.
    """

    name: str
    template: SceneTemplate
    start: Frames
    frames: Frames
    cycle: int = 0
    source: str | None = None
    at: float = 0.0
    zoom: float = 1.0
    material: str | None = None
    sounds: Frames = _NONE

    @property
    def seconds(self) -> Seconds:
        """How long it lasts."""
        return to_seconds(self.frames)


@dataclass(frozen=True, slots=True)
class _Part:
    """A chosen scene; ``low``, ``ideal`` and ``high`` are frames."""

    name: str
    scene: SceneTemplate
    cycle: int
    low: int
    ideal: int
    high: int


def fit(
    template: Template, seconds: float, overrides: Mapping[str, float] | None = None
) -> tuple[FittedScene, ...]:
    """The scenes of an ad of ``seconds``, exact to the frame, each within its own limits.

    Bodies are kept by rank and stand in the file's order; repeat groups run again when there is
    time left. ``overrides`` maps scene names to seconds that are kept as given, also outside the
    template's limits. The template has at most one hook and one cta.
    Raises CannotFit when no choice of scenes has this length.
    """
    total = to_frames(seconds)
    wanted = overrides or {}
    span = template.seconds
    if not to_frames(span.min) <= total <= to_frames(span.max):
        raise CannotFit(template.name, seconds, *_reach(template, wanted))
    choice = _choose(template, total, wanted)
    if choice is None:
        raise CannotFit(template.name, seconds, *_reach(template, wanted))
    return _place(choice, _share(choice, total))


def _choose(template: Template, total: int, overrides: Mapping[str, float]) -> list[_Part] | None:
    """The possible choice that holds most of the overridden scenes and is nearest to its ideal length."""
    best: tuple[tuple[int, int], list[_Part]] | None = None
    for parts in _choices(template, total, overrides):
        if not sum(part.low for part in parts) <= total <= sum(part.high for part in parts):
            continue
        names = {part.name for part in parts}
        missing = sum(name not in names for name in overrides)
        score = (missing, abs(total - sum(part.ideal for part in parts)))
        if best is None or score < best[0]:
            best = (score, parts)
    return best[1] if best else None


def _choices(template: Template, total: int, overrides: Mapping[str, float]) -> Iterator[list[_Part]]:
    """Choices with one more body each, until even the shortest form of one is longer than ``total``."""
    kept: list[tuple[int, int]] = []
    bodies = _bodies_by_need(template.scenes)
    if not any(scene.role is Role.BODY for scene in template.scenes):
        yield _name(template.scenes, kept, overrides)
    for body in bodies:
        kept.append(body)
        parts = _name(template.scenes, kept, overrides)
        if sum(part.low for part in parts) > total and len(kept) > len(overrides):
            return
        yield parts


def _bodies_by_need(scenes: Sequence[SceneTemplate]) -> Iterator[tuple[int, int]]:
    """(cycle, position) of bodies in the order in which an ad takes them: endless with a repeat group."""
    bodies = [at for at, scene in enumerate(scenes) if scene.role is Role.BODY]
    by_rank = sorted(bodies, key=lambda at: (scenes[at].rank, at))
    yield from ((0, at) for at in by_rank)
    again = [at for at in by_rank if scenes[at].repeat]
    cycle = 1
    while again:
        yield from ((cycle, at) for at in again)
        cycle += 1


def _name(
    scenes: Sequence[SceneTemplate], kept: Sequence[tuple[int, int]], overrides: Mapping[str, float]
) -> list[_Part]:
    """The chosen scenes in playing order with their names; each run of a group follows the run before it."""
    groups = {scene.repeat: at for at, scene in reversed(list(enumerate(scenes))) if scene.repeat}

    def playing_order(body: tuple[int, int]) -> tuple[int, int, int]:
        cycle, at = body
        return (groups.get(scenes[at].repeat or "", at), cycle, at)

    bodies = [(f"body-{n}", *body) for n, body in enumerate(sorted(kept, key=playing_order), start=1)]
    hook = [("hook", 0, at) for at, scene in enumerate(scenes) if scene.role is Role.HOOK]
    cta = [("cta", 0, at) for at, scene in enumerate(scenes) if scene.role is Role.CTA]
    return [_part(name, scenes[at], cycle, overrides.get(name)) for name, cycle, at in (*hook, *bodies, *cta)]


def _part(name: str, scene: SceneTemplate, cycle: int, override: float | None) -> _Part:
    if override is not None:
        fixed = max(1, to_frames(override))
        return _Part(name, scene, cycle, fixed, fixed, fixed)
    low, high = max(1, to_frames(scene.seconds.min)), max(1, to_frames(scene.seconds.max))
    return _Part(name, scene, cycle, low, min(max(to_frames(scene.seconds.ideal), low), high), high)


def _share(parts: Sequence[_Part], total: int) -> list[int]:
    """Frames of each part: its ideal, and what is over or missing shared by the room each has left."""
    over = total - sum(part.ideal for part in parts)
    rooms = [(part.high - part.ideal) if over > 0 else (part.ideal - part.low) for part in parts]
    space, amount = sum(rooms), abs(over)
    if amount == 0:
        return [part.ideal for part in parts]
    shares = [amount * room // space for room in rooms]
    rests = sorted(range(len(parts)), key=lambda at: (-(amount * rooms[at] % space), at))
    for at in rests[: amount - sum(shares)]:
        shares[at] += 1
    sign = 1 if over > 0 else -1
    return [part.ideal + sign * share for part, share in zip(parts, shares, strict=True)]


def _place(parts: Sequence[_Part], lengths: Sequence[int]) -> tuple[FittedScene, ...]:
    first = {part.scene.id: part.name for part in parts if part.cycle == 0}
    by_id = {part.scene.id: part.scene for part in parts}
    scenes: list[FittedScene] = []
    start = 0
    for part, frames in zip(parts, lengths, strict=True):
        source, at, zoom = _picture(part, first, by_id, to_seconds(frames))
        scenes.append(
            FittedScene(part.name, part.scene, Frames(start), Frames(frames), part.cycle, source, at, zoom)
        )
        start += frames
    return tuple(scenes)


def _picture(
    part: _Part, first: Mapping[str, str], by_id: Mapping[str, SceneTemplate], seconds: float
) -> tuple[str | None, float, float]:
    """Whose clip a scene takes, from where and how near; runs after the first look closer each time."""
    scene = part.scene
    owner, at, zoom = _owner(scene, by_id)
    if owner.id != scene.id:
        return first[owner.id], at, _closer(zoom, part.cycle)
    if part.cycle == 0 or scene.visual not in _MOVING:
        return None, 0.0, 1.0
    # rounded down: a clip of 5.001 s would be sold as one of 10 s
    late = max(0, math.floor((CLIP_SECONDS - seconds) * 1000)) / 1000 if part.cycle % 2 else 0.0
    return first[scene.id], late, _closer(1.0, part.cycle)


def _owner(scene: SceneTemplate, by_id: Mapping[str, SceneTemplate]) -> tuple[SceneTemplate, float, float]:
    """The scene at the end of the ``from`` chain, as far as it was kept, with the first link's view."""
    owner, seen = scene, {scene.id}
    while owner.source and owner.source.scene in by_id and owner.source.scene not in seen:
        owner = by_id[owner.source.scene]
        seen.add(owner.id)
    if scene.source is None or owner.id == scene.id:
        return scene, 0.0, 1.0
    return owner, scene.source.at, scene.source.zoom


def _closer(zoom: float, cycle: int) -> float:
    return round(max(zoom, min(_MAX_ZOOM, zoom + _CLOSER * (cycle % 4))), 3)


def _reach(template: Template, overrides: Mapping[str, float]) -> tuple[float, float]:
    """Shortest and longest seconds that the template's scenes and its own limits allow."""
    fewest = next(_choices(template, 0, overrides), None) or []
    if not fewest:
        bodies = _bodies_by_need(template.scenes)
        fewest = _name(template.scenes, [next(bodies)], overrides)
    shortest = max(template.seconds.min, to_seconds(sum(part.low for part in fewest)))
    if any(scene.repeat for scene in template.scenes):
        return shortest, template.seconds.max
    every = [(0, at) for at, scene in enumerate(template.scenes) if scene.role is Role.BODY]
    longest = sum(part.high for part in _name(template.scenes, every, overrides))
    return shortest, min(template.seconds.max, to_seconds(longest))
