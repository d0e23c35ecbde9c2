"""Stage ``narration``: the spoken lines of an ad at their places, without music, for people to keep."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec
from adcli.units import to_seconds
from adcli.work import File, Job, Made

SPEC = StageSpec("narration", 1, ("audio",), Lane.CPU)
"""Output: AAC in M4A, 48 kHz, exactly as long as the ad; lines at the level they were spoken at."""


def make(job: Job) -> Made:
    """Lays every line where the ad has it."""
    from adcli.media import audio

    lines = [audio.Line(job.file(row["audio"]).path, float(row["start"])) for row in job.params["lines"]]
    track = audio.Track(job.workdir, int(job.params["frames"]), tuple(lines), None)
    path = job.workdir / "voice.m4a"
    audio.lay(track, path)
    seconds = to_seconds(track.frames)
    return Made({"audio": File(path, "audio/mp4", {"frames": track.frames, "seconds": seconds})})
