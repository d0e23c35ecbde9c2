"""Tasks for what else a campaign wants to keep: pictures and clips of scenes, the voice, its texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.fit import FittedScene
from adcli.graph.scenes import Footage, image_prompt, on_screen
from adcli.graph.speech import NO_WORDS
from adcli.graph.task import Ref
from adcli.graph.words import spoken, window
from adcli.units import to_seconds

Kept = dict[str, Any]
"""One file of a publish task: its ``source``, and its ``name`` below the campaign's folder."""

_GIVES = {
    "video": ("images", "clips", "voice", "subtitles", "script"),
    "image": ("images", "script"),
    "audio": ("voice", "subtitles", "script"),
}
_WHOLE = {"at": 0.0, "zoom": 1.0}


def keep_warnings(brief: Brief) -> Iterator[str]:
    """What the campaign wants to keep and its template doesn't make."""
    made = _GIVES[brief.template.deliver] if brief.scenes else ()
    left = [kind for kind in brief.campaign.output.keep if kind not in made]
    if left:
        yield f"output.keep: template {brief.template.name} makes no {', '.join(left)}; left out"


def keep_scenes(brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage) -> tuple[str, ...]:
    """Adds the tasks that keep pictures and clips; gives the ids of those that publish, one a scene."""
    ids = []
    for scene in brief.scenes:
        place, rows = Place(ad.id, ad.id, scene.name), []
        if _wants(brief, "images") and (params := _picture(brief, footage, scene)):
            made = Ref(builder.add(place, "picture", params), "image")
            rows.append(_row(ad, f"{scene.name}.png", made))
        if _wants(brief, "clips") and (clip := _clip(builder, place, footage, scene)):
            rows.append(_row(ad, f"{scene.name}.mp4", clip))
        if rows:
            ids.append(builder.add(place, "publish", {"kept": rows}))
    return tuple(ids)


def keep_texts(brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage) -> list[Kept]:
    """Adds the tasks that make what is kept of a whole ad: its voice, subtitles and script."""
    place, rows = Place(ad.id, ad.id), []
    frames = sum(scene.frames for scene in brief.scenes)
    if _wants(brief, "voice") and footage.lines:
        params = {"frames": frames, "lines": _lines(brief, footage, "audio")}
        rows.append(_row(ad, "voice.m4a", Ref(builder.add(place, "narration", params), "audio")))
    if _wants(brief, "subtitles") and (said := _lines(brief, footage, "words")):
        told = {"seconds": to_seconds(frames), "lines": said}
        rows.append(_row(ad, "subtitles.srt", Ref(builder.add(place, "subtitles", told), "srt")))
    if _wants(brief, "script"):
        screenplay = builder.add(place, "screenplay", _screenplay(brief, ad, footage))
        rows.append(_row(ad, "script.yaml", Ref(screenplay, "yaml")))
    return rows


def _wants(brief: Brief, kind: str) -> bool:
    return kind in brief.campaign.output.keep and kind in _GIVES[brief.template.deliver]


def _row(ad: AdIdentity, name: str, source: Ref) -> Kept:
    return {"source": source, "name": f"{ad.id}/{name}"}


def _picture(brief: Brief, footage: Footage, scene: FittedScene) -> dict[str, Any] | None:
    """A scene's own picture, or its packshot in the first ratio; None where it shows somebody else's clip."""
    if scene.name in footage.stills:
        return {"image": footage.stills[scene.name]}
    packshot = footage.pictures.get(scene.name, {}).get("packshot")
    if packshot is None:
        return None
    ratio, platform = brief.campaign.aspect_ratios[0], brief.campaign.platform
    return {"packshot": packshot, "ratio": ratio.value, "platform": platform.value}


def _clip(builder: Builder, place: Place, footage: Footage, scene: FittedScene) -> Ref | None:
    """What the scene shows, without text; None for a packshot, which is drawn anew for each ratio.

    A clip that effects have made is exactly that already.
    """
    clip = footage.pictures.get(scene.name, {}).get("clip")
    if clip is None:
        return None
    if isinstance(clip, Ref) and builder.tasks[clip.task].stage == "effects":
        return clip
    view = _WHOLE if scene.name in footage.own else {"at": scene.at, "zoom": scene.zoom}
    return Ref(builder.add(place, "clip", {"clip": clip, "frames": scene.frames, **view}), "clip")


def _lines(brief: Brief, footage: Footage, part: str) -> list[dict[str, Any]]:
    """Sound or words of every spoken line, and when it starts in the ad; without those nobody knows."""
    return [
        {
            part: getattr(footage.lines[scene.name], part),
            "start": to_seconds(scene.start) + window(scene)[0],
        }
        for scene in brief.scenes
        if scene.name in footage.lines and getattr(footage.lines[scene.name], part) != NO_WORDS
    ]


def _screenplay(brief: Brief, ad: AdIdentity, footage: Footage) -> dict[str, Any]:
    lines = spoken(brief, ad, footage.script) if footage.lines else {}
    scenes = [_scene(brief, ad, footage, scene, lines.get(scene.name)) for scene in brief.scenes]
    return {
        "ad": ad.id,
        "character": ad.character.name,
        "language": ad.language,
        "seconds": to_seconds(sum(scene.frames for scene in brief.scenes)),
        "scenes": scenes,
    }


def _scene(brief: Brief, ad: AdIdentity, footage: Footage, scene: FittedScene, line: Any) -> dict[str, Any]:
    """A scene's times and texts; a text that nobody reads is not asked for."""
    start, shown = to_seconds(scene.start), {}
    if brief.template.deliver == "video":
        packshot = footage.pictures[scene.name].get("packshot", {})
        shown = on_screen(brief, ad, footage, scene).get("text", {})
        shown = {"text": shown.get("text"), "headline": packshot.get("headline"), "cta": packshot.get("cta")}
    drawn = scene.name in footage.stills and brief.template.deliver != "audio"
    texts = {
        "voiceover": line,
        **shown,
        "image_prompt": image_prompt(brief, footage, scene) if drawn else None,
    }
    return {
        **{"scene": scene.name, "start": start, "end": start + to_seconds(scene.frames)},
        **{name: text for name, text in texts.items() if text},
    }
