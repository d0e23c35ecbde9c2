"""Judges a finished video for a platform: its file, its picture, its text and its sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from adcli.media.facts import Facts, read_facts
from adcli.media.file_checks import judge_file, shape_of
from adcli.media.findings import Finding, Report
from adcli.media.layout import Frame
from adcli.media.picture_checks import Seen, judge_picture, judge_text, watch
from adcli.media.sound_checks import Heard, judge_sound, listen
from adcli.spec.platforms import Platform, PlatformFacts, platform_book
from adcli.units import Size


def judge(
    path: Path,
    platform: Platform = Platform.UNIVERSAL,
    *,
    facts: Facts | None = None,
    seen: Seen | None = None,
    heard: Heard | None = None,
    voiced: bool = False,
    ours: bool = False,
) -> Report:
    """All findings about a video; what isn't given as already known is found out by decoding the file.

    ``voiced``: somebody is to be heard in it. ``ours``: encoded here, for a quality rather than a bit rate,
    and a preview is small by intent. Raises TaskFailed when the file can't be read as video.
    """
    facts = facts or read_facts(path)
    seen = seen or watch(path, facts.picture_seconds)
    if heard is None and facts.sound is not None:
        heard = listen(path, facts.sound.seconds, voiced=voiced)
    return Report(platform, tuple(_findings(facts, platform, seen, heard, voiced, ours)))


def _findings(
    facts: Facts, platform: Platform, seen: Seen, heard: Heard | None, voiced: bool, ours: bool
) -> Iterator[Finding]:
    shape = shape_of(facts.width, facts.height)
    row = platform_book().platforms[platform]
    if ours:
        row = _by_quality(row)
    small = shape is not None and facts.width < shape.size.width
    yield from judge_file(facts, row, preview=ours and small)
    yield from judge_picture(replace(seen, seconds=facts.picture_seconds))
    if seen.text and shape is not None:
        yield judge_text(seen.text, Frame(shape, Size(facts.width, facts.height), platform))
    yield from judge_sound(heard, facts.picture_seconds, voiced=voiced)


def _by_quality(row: PlatformFacts) -> PlatformFacts:
    """What is encoded for a quality needs few bits where little moves: no fault, only advice."""
    least = row.limits.least_kbps
    limits = row.limits.model_copy(update={"least_kbps": None})
    advice = row.advice.model_copy(update={"least_kbps": least or row.advice.least_kbps})
    return row.model_copy(update={"limits": limits, "advice": advice})
