"""Stage ``assemble``: joins an ad's segments with its sound track by stream copy, and judges the result."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from adcli.errors import TaskFailed
from adcli.keys import Json
from adcli.registry import Lane, StageSpec
from adcli.units import FPS
from adcli.work import Artifact, File, Job, Made

if TYPE_CHECKING:
    from adcli.media.facts import Facts
    from adcli.media.findings import Report

SPEC = StageSpec(
    "assemble",
    3,
    ("video", "poster"),
    Lane.CPU,
    defaults={"platform": "universal", "max_mb": None, "finished": True},
)
"""Params beside segments and audio: ``platform`` it is judged for, ``max_mb`` its file may have (10^6 bytes);
``finished`` is false where operations follow, whose result is judged instead.

Outputs: the mp4, whose meta tells frames, size, duration in seconds, sound and what was checked; a JPEG of
its frame at ``poster_at`` seconds.
"""

_TIMEOUT = 120.0
_OUT, _SOUND = "video.mp4", "sound.m4a"


class SegmentsDiffer(TaskFailed):
    """Segments were encoded by different encoders; ``odd`` are the positions that differ from most."""

    code = "segments-differ"

    def __init__(self, odd: tuple[int, ...]) -> None:
        places = ", ".join(str(place + 1) for place in odd)
        super().__init__(
            f"segments {places} were made by another encoder", hint="run again with --retry-failed"
        )
        self.odd = odd


def make(job: Job) -> Made:
    """Joins, and where nothing follows makes the file small enough and judges it.

    Raises CheckFailed when it can't be delivered so, TooLarge when it can't be made small enough.
    """
    from adcli.media.fit_size import fitted
    from adcli.media.stills import poster

    params = job.params
    segments, audio = [job.file(ref) for ref in params["segments"]], job.file(params["audio"])
    path = _join(job, segments, audio)
    facts = _whole(path, params["frames"])
    shown = poster(path, params["poster_at"])
    notes: tuple[str, ...] = ()
    meta: dict[str, Json] = {"frames": facts.frames, "width": facts.width, "height": facts.height}
    meta |= {"duration": facts.frames / FPS, "sound": dict(audio.meta)}
    if params.get("finished", True):
        path, facts, notes = fitted(path, facts, params.get("max_mb"))
        report = _judged(path, facts, params.get("platform", "universal"), segments, audio).approved()
        meta, notes = meta | {"checks": report.as_json()}, (*notes, *report.notes())
    return Made({"video": File(path, "video/mp4", meta), "poster": shown}, notes)


def _join(job: Job, segments: list[Artifact], audio: Artifact) -> Path:
    from adcli.media import ffmpeg

    _check_encoders(segments)
    names = [_linked(job.workdir, f"{index}.mp4", found) for index, found in enumerate(segments)]
    (job.workdir / "list.txt").write_text("".join(f"file '{name}'\n" for name in names))
    sound = _linked(job.workdir, _SOUND, audio)
    arguments = ["-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", "list.txt", "-i", sound]
    arguments += ["-map", "0:v", "-map", "1:a", "-c", "copy", "-movflags", "+faststart"]
    arguments += ["-map_metadata", "-1", "-fflags", "+bitexact", _OUT]
    ffmpeg.run(arguments, cwd=job.workdir, timeout=_TIMEOUT)
    return job.workdir / _OUT


def _whole(path: Path, frames: int) -> Facts:
    """Facts of a video that has all its frames, sound as long as them, and its index before the media."""
    from adcli.media.facts import read_facts

    made = read_facts(path)
    if made.frames != frames or made.sound is None:
        raise TaskFailed(f"the joined video has {made.frames} frames instead of {frames}")
    if made.seconds > (frames + 0.5) / FPS:
        raise TaskFailed(f"the joined video lasts {made.seconds:.3f} s")
    if not made.index_first:
        raise TaskFailed("the joined video has its index at the end")
    return made


def _judged(path: Path, facts: Facts, platform: str, segments: list[Artifact], audio: Artifact) -> Report:
    """By what was seen and heard when its parts were made: nothing of the picture is decoded again."""
    from adcli.media.checks import judge
    from adcli.media.picture_checks import from_meta, joined
    from adcli.media.sound_checks import mastered
    from adcli.spec.platforms import Platform

    seen = joined([from_meta(part.meta) for part in segments])
    heard = mastered(path.with_name(_SOUND), audio.meta, facts.picture_seconds)
    return judge(path, Platform(platform), facts=facts, seen=seen, heard=heard, ours=True)


def _linked(folder: Path, name: str, found: Artifact) -> str:
    (folder / name).symlink_to(found.path.resolve())
    return name


def _check_encoders(segments: list[Artifact]) -> None:
    known = [str(found.meta.get("extradata_sha256")) for found in segments]
    usual = Counter(known).most_common(1)[0][0]
    odd = tuple(index for index, one in enumerate(known) if one != usual)
    if odd:
        raise SegmentsDiffer(odd)
