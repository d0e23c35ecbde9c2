"""Tasks that turn footage into deliveries: segments, one sound track, joined videos, files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.keep import Kept, keep_scenes, keep_texts
from adcli.graph.post import Reel, finished, worked_on
from adcli.graph.reframe import Framing
from adcli.graph.scenes import Footage, segment_params
from adcli.graph.sound import add_master
from adcli.graph.task import Ref
from adcli.graph.words import window
from adcli.spec.platforms import Platform
from adcli.spec.template import Visual
from adcli.units import AspectRatio, to_seconds


def deliver(
    brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage, music: str | None
) -> tuple[str, ...]:
    """Adds the tasks that finish one ad, and those of what is kept; gives the ids of all that publish."""
    kind, ratios = brief.template.deliver, brief.campaign.aspect_ratios
    if kind == "audio":
        master = add_master(brief, builder, ad, footage, music)
        kept = keep_texts(brief, builder, ad, footage)
        return (publish(builder, ad, None, Ref(master, "audio"), "m4a", kept=kept),)
    if kind == "image":
        goals = [_still(brief, builder, ad, footage, ratio) for ratio in ratios]
    else:
        master = add_master(brief, builder, ad, footage, music)
        goals = [_video(brief, builder, ad, footage, master, ratio) for ratio in ratios]
    goals += keep_scenes(brief, builder, ad, footage)
    if kept := keep_texts(brief, builder, ad, footage):
        goals.append(builder.add(Place(ad.id, ad.id), "publish", {"kept": kept}))
    return tuple(goals)


def _video(
    brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage, master: str, ratio: AspectRatio
) -> str:
    segments = []
    for index, scene in enumerate(brief.scenes):
        place = Place(ad.id, ad.id, scene.name, ratio.slug)
        params = segment_params(brief, ad, footage, index, ratio)
        segments.append(Ref(builder.add(place, "scene", params), "segment"))
    joined: dict[str, Any] = {
        "segments": segments,
        "audio": Ref(master, "audio"),
        "frames": total_frames(brief),
        "poster_at": to_seconds(brief.scenes[0].frames // 2),
    }
    joined |= {"finished": False} if brief.loaded.steps else finished(brief)
    made = builder.add(Place(ad.id, ad.id, None, ratio.slug), "assemble", joined)
    reel = Reel(
        video=Ref(made, "video"),
        poster=Ref(made, "poster"),
        ratio=ratio,
        seconds=to_seconds(total_frames(brief)),
        lines=_said(brief, footage),
        sound=Ref(master, "audio"),
    )
    done = worked_on(brief, builder, ad, reel)
    platform = brief.campaign.platform
    return publish(builder, ad, ratio, done.video, "mp4", done.poster, platform=platform)


def _said(brief: Brief, footage: Footage) -> tuple[dict[str, Any], ...]:
    """The lines that captions show and when each is heard, for operations that write them."""
    return tuple(
        {
            "words": footage.lines[scene.name].words,
            "start": to_seconds(scene.start) + window(scene)[0],
        }
        for scene in brief.scenes
        if scene.name in footage.lines and scene.template.visual is not Visual.PACKSHOT
    )


def _still(brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage, ratio: AspectRatio) -> str:
    scene = brief.scenes[0]
    params = {
        "image": footage.stills[scene.name],
        "ratio": ratio.value,
    }
    framing = footage.framings.get(scene.name, Framing())
    params |= framing.params(ratio, brief.override(scene.name).fit)
    still = builder.add(Place(ad.id, ad.id, None, ratio.slug), "still", params)
    return publish(builder, ad, ratio, Ref(still, "image"), "png")


def total_frames(brief: Brief) -> int:
    """Length of every video of the campaign."""
    return sum(scene.frames for scene in brief.scenes)


def publish(
    builder: Builder,
    ad: AdIdentity,
    ratio: AspectRatio | None,
    source: Ref,
    suffix: str,
    poster: Ref | None = None,
    kept: Sequence[Kept] = (),
    platform: Platform = Platform.UNIVERSAL,
) -> str:
    """Adds the task for one file, and gives its id; what belongs to it is taken along."""
    slug = ratio.slug if ratio else None
    name = f"{ad.id}_{slug}.{suffix}" if slug else f"{ad.id}.{suffix}"
    place = Place(ad.id, ad.id, None, slug)
    along: dict[str, Any] = {"platform": platform.value}
    along |= ({"poster": poster} if poster else {}) | ({"kept": kept} if kept else {})
    return builder.add(place, "publish", {"source": source, "name": name, **along})
