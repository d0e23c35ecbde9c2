"""Stage ``master``: one audio track of an ad, as long as its video, at the loudness that platforms expect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from adcli.keys import Json
from adcli.registry import Lane, StageSpec
from adcli.units import Lufs, to_seconds
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from adcli.media.audio import Loudness, Track

SPEC = StageSpec(
    "master",
    2,
    ("audio",),
    Lane.CPU,
    defaults={"lufs": -14, "music_gain": 0},
)
"""``lufs``: integrated loudness; ``music_gain``: dB added to the music's place under the voice."""

_TOLERANCE = 0.5


def make(job: Job) -> Made:
    """AAC-LC in M4A, 48 kHz stereo, exactly ``frames`` / 30 s long."""
    from adcli.media import audio
    from adcli.media.sounds import Sound

    params = job.params
    music = params.get("music")
    spoken = [job.file(line["audio"]) for line in params["lines"]]
    track = audio.Track(
        workdir=job.workdir,
        frames=int(params["frames"]),
        lines=tuple(
            audio.Line(found.path, float(line["start"]))
            for found, line in zip(spoken, params["lines"], strict=True)
        ),
        music=job.file(music).path if music is not None else None,
        music_gain=float(params.get("music_gain", 0)),
        sounds=tuple(Sound(row["sound"], float(row["at"])) for row in params.get("sounds", ())),
    )
    path, voiced = job.workdir / "master.m4a", any(not found.meta.get("silent") for found in spoken)
    mixed = audio.mix(track)
    if mixed is None:
        audio.silence(track, path)
        return Made(
            {"audio": _file(path, track, voiced)}, notes=("the ad has no sound: its track is silent",)
        )
    target = Lufs(float(params.get("lufs", -14)))
    loudness = audio.master(track, mixed, path, target)
    notes = () if mixed.sparse else _notes(loudness, target)
    return Made({"audio": _file(path, track, voiced, loudness, sparse=mixed.sparse)}, notes=notes)


def _file(
    path: Path, track: Track, voiced: bool, loudness: Loudness | None = None, *, sparse: bool = False
) -> File:
    """What checks need to know is in its meta: a stand-in for a voice is silent on purpose."""
    meta: dict[str, Json] = {"frames": track.frames, "seconds": to_seconds(track.frames)}
    meta |= {"voiced": voiced, "sparse": sparse}
    if loudness is not None:
        meta |= {"lufs": loudness.integrated, "true_peak": loudness.true_peak}
    return File(path, "audio/mp4", meta)


def _notes(loudness: Loudness, target: Lufs) -> tuple[str, ...]:
    if abs(loudness.integrated - target) <= _TOLERANCE:
        return ()
    return (f"loudness is {loudness.integrated:.1f} LUFS: {target:g} can't be had under a peak of -1 dBTP",)
