"""Tasks that turn footage into deliveries: segments, one sound track, joined videos, files."""

from __future__ import annotations

from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.post import Reel, worked_on
from adcli.graph.scenes import Footage, segment_params
from adcli.graph.sound import add_master
from adcli.graph.task import Ref
from adcli.graph.words import window
from adcli.units import AspectRatio, to_seconds


def deliver(
    brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage, music: str | None
) -> tuple[str, ...]:
    """Adds the tasks that finish one ad; gives the ids of its publish tasks."""
    kind = brief.template.deliver
    if kind == "audio":
        master = add_master(brief, builder, ad, footage, music)
        return (publish(builder, ad, None, Ref(master, "audio"), "m4a"),)
    if kind == "image":
        return tuple(_still(brief, builder, ad, footage, ratio) for ratio in brief.campaign.aspect_ratios)
    master = add_master(brief, builder, ad, footage, music)
    return tuple(_video(brief, builder, ad, footage, master, ratio) for ratio in brief.campaign.aspect_ratios)


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
        "platform": brief.campaign.platform.value,
        "max_mb": brief.campaign.output.max_mb,
    }
    made = builder.add(Place(ad.id, ad.id, None, ratio.slug), "assemble", joined)
    reel = Reel(
        video=Ref(made, "video"),
        poster=Ref(made, "poster"),
        ratio=ratio,
        seconds=to_seconds(total_frames(brief)),
        lines=_said(brief, footage),
    )
    done = worked_on(brief, builder, ad, reel)
    return publish(builder, ad, ratio, done.video, "mp4", done.poster)


def _said(brief: Brief, footage: Footage) -> tuple[dict[str, Any], ...]:
    """The ad's spoken lines and when each is heard, for operations that write them."""
    return tuple(
        {
            "words": footage.lines[scene.name].words,
            "start": to_seconds(scene.start) + window(scene)[0],
        }
        for scene in brief.scenes
        if scene.name in footage.lines
    )


def _still(brief: Brief, builder: Builder, ad: AdIdentity, footage: Footage, ratio: AspectRatio) -> str:
    scene = brief.scenes[0]
    params = {
        "image": footage.stills[scene.name],
        "ratio": ratio.value,
        "fit": brief.override(scene.name).fit or "crop",
    }
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
) -> str:
    """Adds the task for one file, and gives its id; a video takes its poster along."""
    slug = ratio.slug if ratio else None
    name = f"{ad.id}_{slug}.{suffix}" if slug else f"{ad.id}.{suffix}"
    place = Place(ad.id, ad.id, None, slug)
    params = {"source": source, "name": name} | ({"poster": poster} if poster else {})
    return builder.add(place, "publish", params)
