"""Stage ``sound``: the sound of a video as a file of its own, small enough for services that listen."""

from __future__ import annotations

from adcli.errors import TaskFailed
from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

SPEC = StageSpec("sound", 1, ("audio",), Lane.CPU)
"""Output: mono AAC at 48 kHz from the picture's start on; 45 minutes stay below 25 MB, as services take."""

_TIMEOUT = 600.0


def make(job: Job) -> Made:
    """Takes the first sound of ``video`` while its picture lasts; raises TaskFailed where there is none."""
    from adcli.media import ffmpeg
    from adcli.media.probe import probe
    from adcli.media.synth import RATE

    source = job.file(job.params["video"]).path
    found = probe(source)
    if found.audio_duration is None:
        raise TaskFailed("the video has no sound to listen to", hint="give its words as a text or a file")
    video = job.workdir / "video.link"
    video.symlink_to(source.resolve())
    path = job.workdir / "sound.m4a"
    arguments = ["-v", "error", "-y", *ffmpeg.WHITELIST, "-i", video.name, "-map", "0:a:0", "-vn"]
    arguments += ["-af", f"aresample={RATE}:async=1:first_pts=0", "-ac", "1", "-c:a", "aac", "-b:a", "64k"]
    arguments += ["-t", f"{found.duration:.6f}"]
    arguments += ["-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", path.name]
    ffmpeg.run(arguments, cwd=job.workdir, timeout=_TIMEOUT)
    seconds = round(min(found.duration, found.audio_duration), 3)
    return Made({"audio": File(path, "audio/mp4", {"duration": seconds})})
