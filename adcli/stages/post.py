"""Stage ``post``: operations on one video, in order, encoded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.keys import Json
from adcli.registry import Lane, StageSpec, modules
from adcli.work import File, Job, Made

SPEC = StageSpec(
    "post",
    1,
    ("video", "poster"),
    Lane.CPU,
    defaults={
        "quality": "final",
        "fit": "crop",
        "platform": "universal",
        "poster_at": 1,
        "max_mb": None,
        "finished": True,
        "strict": False,
    },
)
"""Params: ``video``; ``ops``, each ``{op, version, settings}`` with references in place of paths; ``ratio``
where the video is fitted to one first; ``fonts``; ``max_mb`` its file may have; ``finished`` false where more
follows, which is judged instead; ``strict`` for an ad of ours: somebody's own video is only told its faults.
Outputs: an mp4, whose meta tells frames, size, duration in seconds, how many video encoders ran and what was
checked; a JPEG of its frame at ``poster_at`` seconds.
"""

_OUT, _SEEN = "video.mp4", "seen"


def make(job: Job) -> Made:
    """Applies the operations to a film and writes it; every frame is counted."""
    from adcli.media import film_fit
    from adcli.media.brand_fonts import brand_fonts
    from adcli.media.film import finish, open_film
    from adcli.media.picture_checks import add_detection
    from adcli.media.stills import poster
    from adcli.spec.platforms import Platform
    from adcli.units import AspectRatio, Quality

    params, quality = job.params, Quality(job.params["quality"])
    film = open_film(
        job.file(params["video"]).path,
        job.workdir,
        quality=quality,
        platform=Platform(params["platform"]),
        fonts=brand_fonts([job.file(ref).path for ref in params.get("fonts", ())]),
    )
    if "ratio" in params:
        size = AspectRatio(params["ratio"]).size
        film.pixel = quality.scale(size).width / size.width
        film_fit.fit(film, quality.scale(size), params["fit"])
    for step in params["ops"]:
        _apply(job, film, step)
    if film.changed:
        film.label = add_detection(film.graph, film.label, _SEEN)
    done = finish(film, _OUT)
    video = _checked(done.path, film, done.encoders)
    shown, notes = poster(done.path, params["poster_at"]), (*film.notes, *done.notes)
    if params["finished"]:
        video, told = _judged(job, film, video)
        notes += told
    return Made({"video": video, "poster": shown}, notes)


def _judged(job: Job, film: Any, video: File) -> tuple[File, tuple[str, ...]]:
    """The video as it is delivered, maybe made smaller, with what was checked; and notes.

    Raises CheckFailed for an ad of ours that can't be delivered so, TooLarge where it can't be small enough.
    """
    from adcli.media.checks import judge
    from adcli.media.facts import read_facts
    from adcli.media.fit_size import fitted
    from adcli.media.picture_checks import read

    path, facts, notes = fitted(video.path, read_facts(video.path), job.params["max_mb"])
    seen = read(job.workdir / f"{_SEEN}.txt", film.seconds) if film.changed else None
    seen = replace(seen, text=tuple(film.texts)) if seen else None
    heard = _heard(job, film, path)
    report = judge(path, film.platform, facts=facts, seen=seen, heard=heard, ours=film.changed)
    told = report.approved().notes() if job.params["strict"] else report.faults()
    return replace(video, path=path, meta={**video.meta, "checks": report.as_json()}), (*notes, *told)


def _heard(job: Job, film: Any, path: Path) -> Any:
    """Its sound: what is known of an ad's own track, else measured, for the loudness that was asked for."""
    from adcli.media.sound_checks import TARGET, listen, mastered

    known = job.file(job.params["video"]).meta.get("sound")
    if isinstance(known, Mapping) and not film.sound.changed:
        return mastered(path, known, film.seconds)
    heard, target = listen(path, film.seconds), film.sound.target
    return replace(heard, target=target or TARGET, at_best=target is not None)


def _apply(job: Job, film: Any, step: Mapping[str, Any]) -> None:
    """One operation; what it refuses names it."""
    module = operation(step["op"])
    model = getattr(module, "Given", module.Settings)
    module.apply(film, model.model_validate(_with_files(job, step["settings"])))


def operation(name: str) -> Any:
    """The module of an operation: ours, or one of an entry point."""
    found = (module for module in modules("adcli.ops") if module.SPEC.name == name)
    module = next(found, None)
    if module is None:
        raise TaskFailed(f"there is no operation {name!r}", hint="is the package that brings it installed?")
    return module


def _with_files(job: Job, value: Any) -> Any:
    """Settings with the path of each file in place of its reference."""
    if isinstance(value, Mapping):
        if value.keys() in ({"$asset"}, {"$input"}):
            return str(job.file(value).path)
        return {name: _with_files(job, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_files(job, item) for item in value]
    return value


def _checked(path: Path, film: Any, encoders: int) -> File:
    """The written video, once it has as many frames as the film, and lasts as long."""
    from adcli.media.probe import boxes, probe
    from adcli.units import FPS

    made = probe(path)
    if made.frames != film.frames or made.audio_duration is None:
        raise TaskFailed(f"the video has {made.frames} frames instead of {film.frames}")
    if max(made.duration, made.audio_duration) > (film.frames + 0.5) / FPS:
        raise TaskFailed(f"the video lasts {max(made.duration, made.audio_duration):.3f} s")
    if (made.width, made.height) != (film.size.width, film.size.height):
        raise TaskFailed(f"the video is {made.width}x{made.height}")
    if [kind for kind, _ in boxes(path) if kind in {b"moov", b"mdat"}][:1] != [b"moov"]:
        raise TaskFailed("the video has its index at the end")
    meta: dict[str, Json] = {"frames": made.frames, "width": made.width, "height": made.height}
    return File(path, "video/mp4", meta | {"duration": film.frames / FPS, "encoders": encoders})
