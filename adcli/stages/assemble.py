"""Stage ``assemble``: joins an ad's segments with its sound track by stream copy; nothing is encoded."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.registry import Lane, StageSpec
from adcli.work import Artifact, File, Job, Made

SPEC = StageSpec("assemble", 2, ("video", "poster"), Lane.CPU)
"""Outputs: the finished mp4, whose meta tells frames, size and duration in seconds; a JPEG of its frame at
``poster_at`` seconds.
"""

_TIMEOUT = 120.0
_OUT, _POSTER = "video.mp4", "poster.jpg"
_POSTER_QUALITY = 90


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
    """Joins and checks: frames, length, both streams, and the index before the media."""
    from adcli.media import ffmpeg
    from adcli.media.probe import probe
    from adcli.units import FPS

    segments = [job.file(ref) for ref in job.params["segments"]]
    _check_encoders(segments)
    names = [_linked(job.workdir, f"{index}.mp4", found) for index, found in enumerate(segments)]
    (job.workdir / "list.txt").write_text("".join(f"file '{name}'\n" for name in names))
    sound = _linked(job.workdir, "sound.m4a", job.file(job.params["audio"]))
    arguments = ["-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", "list.txt", "-i", sound]
    arguments += ["-map", "0:v", "-map", "1:a", "-c", "copy", "-movflags", "+faststart"]
    arguments += ["-map_metadata", "-1", "-fflags", "+bitexact", _OUT]
    ffmpeg.run(arguments, cwd=job.workdir, timeout=_TIMEOUT)
    path, frames = job.workdir / _OUT, job.params["frames"]
    made = probe(path)
    if made.frames != frames or made.audio_duration is None:
        raise TaskFailed(f"the joined video has {made.frames} frames instead of {frames}")
    if max(made.duration, made.audio_duration) > (frames + 0.5) / FPS:
        raise TaskFailed(f"the joined video lasts {max(made.duration, made.audio_duration):.3f} s")
    _check_index(path)
    meta: dict[str, Any] = {"frames": made.frames, "width": made.width, "height": made.height}
    video = File(path, "video/mp4", meta | {"duration": frames / FPS})
    return Made({"video": video, "poster": _poster(path, job.params["poster_at"])})


def _poster(video: Path, moment: float) -> File:
    from adcli.media.stills import stills

    picture = stills(video, [moment])[0]
    path = video.with_name(_POSTER)
    picture.save(path, quality=_POSTER_QUALITY, optimize=True)
    return File(path, "image/jpeg", {"width": picture.width, "height": picture.height})


def _linked(folder: Path, name: str, found: Artifact) -> str:
    (folder / name).symlink_to(found.path.resolve())
    return name


def _check_encoders(segments: list[Artifact]) -> None:
    known = [str(found.meta.get("extradata_sha256")) for found in segments]
    usual = Counter(known).most_common(1)[0][0]
    odd = tuple(index for index, one in enumerate(known) if one != usual)
    if odd:
        raise SegmentsDiffer(odd)


def _check_index(path: Path) -> None:
    """Players on the web start at once only when the index (moov) comes before the media (mdat)."""
    from adcli.media.probe import boxes

    order = [kind for kind, _ in boxes(path) if kind in {b"moov", b"mdat"}]
    if order[:1] != [b"moov"]:
        raise TaskFailed("the joined video has its index at the end")
