"""Tasks of what is heard: one piece of music for a campaign, and each ad's track with its effects."""

from __future__ import annotations

from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.scenes import Footage
from adcli.graph.task import Ref
from adcli.graph.words import shown, window
from adcli.registry import Request
from adcli.spec.template import Kind, Role, Visual
from adcli.units import to_seconds

_PRESS, _SHORT_PRESS = 42, 13
"""Frames of a packshot after which its button pulses, and after which it has arrived."""


def add_music(brief: Brief, builder: Builder) -> str | None:
    """Adds the campaign's piece of music; gives its id, None where there is none.

    All ads have the same scenes, so one piece can be laid on the cuts of all of them.
    """
    music = brief.campaign.music
    if music is False or brief.template.deliver == "image":
        return None
    place = Place("campaign")
    provider, model = brief.provider("music", place.id("music"))
    if music.file:
        provider, model = "local", None
        fields: dict[str, Any] = {"file": brief.asset(music.file)}
    else:
        fields = {
            "prompt": music.prompt or "",
            "mood": f"{brief.template.emotion}, {brief.template.tone}",
            "pacing": brief.template.pacing,
            "seconds": brief.campaign.duration,
            "cuts": [to_seconds(scene.start) for scene in brief.scenes[1:]],
            "packshot": _packshot(brief),
            "seed": brief.campaign.seed,
        }
    extra = {} if provider == "local" else brief.campaign.models.get("music", {})
    return builder.request(place, provider, Request("music", model, fields, extra))


def add_master(brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage, music: str | None) -> str:
    """Adds an ad's track: its lines, the music, the sounds of what is seen; gives the task's id."""
    lines = [
        {
            "audio": footage.lines[scene.name].audio,
            "start": to_seconds(scene.start) + window(scene)[0],
        }
        for scene in brief.scenes
        if scene.name in footage.lines
    ]
    params: dict[str, Any] = {"frames": sum(scene.frames for scene in brief.scenes), "lines": lines}
    if music is not None:
        params["music"] = Ref(music, "audio")
    if sounds := _sounds(brief, ad, footage):
        params["sounds"] = sounds
    return builder.add(Place(ad.id, ad.id), "master", params)


def _packshot(brief: Brief) -> float | None:
    """Seconds at which the closing packshot begins, where there is one."""
    last = brief.scenes[-1]
    return to_seconds(last.start) if last.start and last.template.visual is Visual.PACKSHOT else None


def _sounds(brief: Brief, ad: AdIdentity, footage: Footage) -> list[dict[str, Any]]:
    """Which effect is heard when: of hook and title, of transitions, of the packshot and its button."""
    if (
        not brief.campaign.sounds
        or brief.template.kind is not Kind.ARCHETYPE
        or brief.template.deliver != "video"
    ):
        return []
    first, title = brief.scenes[0], brief.campaign.title
    found: list[tuple[str, float]] = []
    if first.template.role is Role.HOOK:
        found.append(("hook", 0.0))
    if (title is not None and title.text) or shown(brief, ad, first, footage.script) is not None:
        found.append(("pop", 0.0))
    for index, scene in enumerate(brief.scenes):
        at = to_seconds(scene.start)
        transition = brief.override(scene.name).transition or scene.template.transition
        if index and transition != "cut":
            found.append((transition, at))
        if scene.template.visual is Visual.PACKSHOT:
            press = _PRESS if scene.frames > _PRESS + 15 else _SHORT_PRESS
            found += [("packshot", at), ("click", to_seconds(scene.start + press))]
    return [{"sound": sound, "at": at} for sound, at in found]
