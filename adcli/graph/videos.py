"""Ads that are made from the campaign's own videos: one for each, in every ratio, at its own length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from adcli.graph import reframe
from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder
from adcli.graph.deliver import publish
from adcli.graph.post import Reel, worked_on
from adcli.graph.task import Ad
from adcli.spec.addresses import is_remote, stem
from adcli.spec.campaign import Character, unique_slugs
from adcli.spec.values import slugify
from adcli.units import AspectRatio

_LONGEST = 100


def video_ads(brief: Brief, builder: Builder) -> Iterator[Ad]:
    """Adds the tasks of all given videos; each video is an ad that is called as its file is."""
    for path, ad in zip(brief.campaign.inputs.all_videos, video_identities(brief), strict=True):
        ratios = (None,) if brief.options.own_shape else brief.campaign.aspect_ratios
        goals = tuple(_goal(brief, builder, ad, path, ratio) for ratio in ratios)
        yield Ad(ad.id, ad.character.name, 1, "", ad.language, goals)


def video_identities(brief: Brief) -> Iterator[AdIdentity]:
    """Every ad: its id is the slug of its file's name."""
    paths = brief.campaign.inputs.all_videos
    names = [_stem(path)[:_LONGEST] or "video" for path in paths]
    wanted = ((str(n), slugify(name)[:_LONGEST].strip("-") or f"v{n}") for n, name in enumerate(names, 1))
    languages = brief.campaign.languages or (brief.campaign.language,)
    for index, (name, slug) in enumerate(zip(names, unique_slugs(wanted), strict=True)):
        yield AdIdentity(Character(name=name), index, slug, 1, languages[0], slug, slug)


def fit_of(width: int | None, height: int | None, ratio: AspectRatio) -> str:
    """As for scenes; ``pad`` where a video's size isn't known yet."""
    return reframe.fit_of(width / height, ratio) if width and height else "pad"


def _goal(brief: Brief, builder: Builder, ad: AdIdentity, path: str, ratio: AspectRatio | None) -> str:
    known = brief.loaded.assets.get(path)
    fit = fit_of(known.width, known.height, ratio) if known and ratio else "pad"
    reel = Reel(brief.asset(path), ratio=ratio, fit=fit, seconds=known.seconds if known else None)
    done = worked_on(brief, builder, ad, reel)
    platform = brief.campaign.platform
    return publish(builder, ad, ratio, done.video, "mp4", done.poster, platform=platform)


def _stem(path: str) -> str:
    return PurePath(stem(path) if is_remote(path) else path).stem
