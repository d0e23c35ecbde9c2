"""Loudness, true peak and silence of a finished video's sound."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from adcli.keys import Json
from adcli.media import audio, ffmpeg
from adcli.media.audio import PEAK_LIMIT, SAFE, Loudness
from adcli.media.findings import Finding, Status
from adcli.media.picture_checks import Span, merged
from adcli.units import Lufs

TARGET = Lufs(-14.0)
"""Integrated loudness that TikTok, Instagram and YouTube play at."""
_SOURCE = "EBU R 128 s2 and the platforms' own normalisation to -14 LUFS; ITU-R BS.1770"
_CLOSE, _FAR = 1.0, 2.0  # LU from the target: advice, fault
_OVER = 0.3  # dB that decoders may add to the peak
_ROUNDED = 0.05
_QUIET = "silencedetect=n=-50dB:d=0.5"
_PAUSE = 3.0
"""Seconds of silence that are no pause any more."""
_MOSTLY = 0.98
_EVENT = re.compile(r"silence_(start|end): (-?[\d.]+)")
_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sound track of ``seconds`` holds. ``loudness`` is None where it was not measured.

    ``target`` is what it should be; ``at_best``: mastered here, as loud as its peaks allow; ``sparse``: a few
    soft effects, soft by intent; ``voiced``: somebody is to be heard.
    """

    seconds: float
    silent: tuple[Span, ...] = ()
    loudness: Loudness | None = None
    target: Lufs = TARGET
    at_best: bool = False
    sparse: bool = False
    voiced: bool = False


def silences(path: Path, seconds: float) -> tuple[Span, ...]:
    """Spans below -50 dBFS of half a second or more in a file of ours: it is given to ffmpeg by its name."""
    arguments = ["-v", "info", "-nostats", *SAFE, "-i", path.name, "-map", "0:a:0"]
    said = ffmpeg.run(
        [*arguments, "-af", _QUIET, "-f", "null", "-"], cwd=path.parent, timeout=_TIMEOUT
    ).stderr
    events = [(kind, max(0.0, float(at))) for kind, at in _EVENT.findall(said)]
    starts = [at for kind, at in events if kind == "start"]
    ends = [at for kind, at in events if kind == "end"]
    ends = [*ends, *[seconds] * (len(starts) - len(ends))]
    return merged(Span(start, end) for start, end in zip(starts, ends, strict=True))


def listen(path: Path, seconds: float, *, voiced: bool = False) -> Heard:
    """Measures a file that came from anywhere, by decoding its sound; ``seconds`` is the sound's length."""
    with TemporaryDirectory() as folder:
        link = Path(folder) / "video"
        link.symlink_to(path.resolve())
        return Heard(seconds, silences(link, seconds), audio.measure(link), voiced=voiced)


def mastered(path: Path, meta: Mapping[str, Json], seconds: float) -> Heard:
    """A track that was mastered here: its loudness is known, only its silences are looked for."""
    loudness = None
    if isinstance(meta.get("lufs"), float | int):
        peak = meta.get("true_peak")
        known = float(peak) if isinstance(peak, float | int) else math.nan
        loudness = Loudness(Lufs(float(meta["lufs"])), known)  # type: ignore[arg-type]
    silent = silences(path, seconds)
    sparse, voiced = bool(meta.get("sparse")), bool(meta.get("voiced"))
    return Heard(seconds, silent, loudness, at_best=True, sparse=sparse, voiced=voiced)


def judge_sound(heard: Heard | None, seconds: float, *, voiced: bool = False) -> Iterator[Finding]:
    """Silence in a video of that length, then loudness and peak of what is heard; None: no sound stream."""
    if heard is None:
        status = Status.FAIL if voiced else Status.WARN
        yield Finding("silence", status, "no sound at all", "sound: most people watch with it on")
        return
    silent = heard.silent
    if seconds - heard.seconds > _PAUSE / 2:
        silent = merged([*silent, Span(heard.seconds, seconds)])
    judged = _silence(silent, seconds, heard.voiced or voiced)
    yield judged
    unheard = heard.loudness is None or heard.loudness.is_silent
    if heard.loudness is not None and not unheard and judged.found != _THROUGHOUT:
        if not heard.sparse:
            yield _loudness(heard.loudness.integrated, heard)
        if not math.isnan(heard.loudness.true_peak):
            yield _peak(heard.loudness.true_peak)


_THROUGHOUT = "silent throughout"


def _silence(spans: tuple[Span, ...], seconds: float, voiced: bool) -> Finding:
    expected = f"something to hear; silent for less than {_PAUSE:g} s"
    if sum(span.length for span in spans) >= _MOSTLY * seconds:
        status = Status.FAIL if voiced else Status.WARN
        return Finding("silence", status, _THROUGHOUT, expected)
    bad = [span for span in spans if span.length >= _PAUSE]
    if bad:
        return Finding("silence", Status.WARN, ", ".join(span.told() for span in bad[:3]), expected)
    return Finding("silence", Status.PASS, "none" if not spans else "short pauses", expected)


def _loudness(lufs: float, heard: Heard) -> Finding:
    away = abs(lufs - heard.target)
    status = Status.PASS if away <= _CLOSE + _ROUNDED else Status.WARN
    if away > _FAR + _ROUNDED and not (heard.at_best and lufs < heard.target):
        status = Status.FAIL
    expected = f"{heard.target:g} LUFS, {_FAR:g} LU up or down at most"
    return Finding("loudness", status, f"{lufs:.1f} LUFS", expected, _SOURCE)


def _peak(peak: float) -> Finding:
    over = peak - PEAK_LIMIT
    status = Status.PASS if over <= _ROUNDED else Status.WARN
    if over > _OVER + 1e-6:
        status = Status.FAIL
    return Finding("true-peak", status, f"{peak:.1f} dBTP", f"at most {PEAK_LIMIT:g} dBTP", _SOURCE)
