"""eSpeak NG on this machine, in a process of its own: the languages that no better voice here speaks.

It comes with the extra ``adcli[espeak]``, whose library is GPL-3.0: nothing of it is loaded into adcli.
``python -m adcli.providers.local.espeak`` reads ``{"text", "voice", "speed"}`` as JSON on stdin; to stdout it
writes a line of JSON, ``{"rate", "events"}`` with the (place in the text, seconds) of each word that begins,
and then mono 16-bit samples.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from adcli.media.speech import Samples, Speech, Word, loud_frames
from adcli.providers.local.reading import Reading
from adcli.providers.local.speech_text import base, is_heard, weight

_SAME = (
    "af am ar az be bg bn bs ca cs cy da de el es et eu fa fi fr ga gu he hi hr hu hy id is it ka kk kn ko "
    "ku ky lt lv mk ml mr ms mt nb ne nl pa pl pt ro ru sk sl sq sr sv sw ta te tr tt uk ur uz vi yue"
)
VOICES = {"zh": "cmn", "no": "nb", "nn": "nb", "pt-br": "pt-BR"} | {name: name for name in _SAME.split()}
"""Language → the engine's voice. Japanese and Thai are left out: it can't read their scripts."""

RATE = 24_000
"""Samples per second of the speech that is given back."""

_TIMEOUT = 60.0
_WORDS_PER_MINUTE = 160
_LONGEST_PATH = 120
"""Longer paths of its data don't fit the engine's own buffers: it would find no data."""


class EspeakMissing(Exception):
    """The engine isn't installed on this machine, or it failed."""


def is_installed() -> bool:
    """The extra is there; nothing is imported."""
    return importlib.util.find_spec("espeakng_loader") is not None


def voice_of(language: str) -> str | None:
    """The engine's voice for a language tag; None when it has none."""
    return VOICES.get(language.casefold()) or VOICES.get(base(language))


def synthesize(reading: Reading, voice: str, speed: float) -> Speech:
    """Speech by a voice such as ``ru/f2``, a language and a kind of speaker; the engine times its words.

    Raises EspeakMissing when the engine can't be run.
    """
    text = " ".join(said for said in reading.spoken if said)
    head, sound = _spoken({"text": text, "voice": voice.replace("/", "+"), "speed": speed})
    samples = np.frombuffer(sound, "<i2").astype(np.float32) / np.float32(32768)
    samples = _resampled(samples, int(head["rate"]))
    return Speech(samples, RATE, tuple(_timed(reading, head["events"], samples)))


def _spoken(request: dict[str, object]) -> tuple[dict[str, Any], bytes]:
    if not is_installed():
        raise EspeakMissing("adcli[espeak] is not installed")
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_TIMEOUT,
            env={**os.environ, "PYTHONPATH": paths},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EspeakMissing(f"the engine can't be run: {error}") from error
    head, _, sound = done.stdout.partition(b"\n")
    if done.returncode or len(sound) < 2:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise EspeakMissing(f"the engine failed: {lines[-1] if lines else f'exit {done.returncode}'}")
    return json.loads(head), sound[: len(sound) // 2 * 2]


def _resampled(samples: Samples, rate: int) -> Samples:
    """At ``RATE``, which is a little higher than the engine's own, by a windowed sinc of 32 taps."""
    places = np.arange(len(samples) * RATE // rate) * (rate / RATE)
    first = np.floor(places).astype(np.int64)
    padded, result = np.pad(samples, (15, 17)), np.zeros(len(places), np.float64)
    for tap in range(-15, 17):
        apart = first + tap - places
        result += padded[first + tap + 15] * np.sinc(apart) * np.cos(np.pi * apart / 34) ** 2
    return result.astype(np.float32)


def _timed(reading: Reading, events: Sequence[tuple[int, float]], samples: Samples) -> Iterator[Word]:
    """Each displayed word from its first event to the last sound before the next word's.

    The engine tells of a number's parts one by one, and of nothing for what it passes over: a heard word
    without an event shares the time of the word before it.
    """
    starts, at = list[float | None](), 0
    for said in reading.spoken:
        inside = [time for place, time in events if at <= place < at + len(said)]
        starts.append(inside[0] if inside and is_heard(said) else None)
        at += len(said) + 1 if said else 0
    heard, index, end = loud_frames(samples, RATE), 0, 0.0
    while index < len(starts):
        until = next((n for n in range(index + 1, len(starts)) if starts[n] is not None), len(starts))
        known, following = starts[index], starts[until] if until < len(starts) else None
        start = end if known is None else known
        end = _last_heard(heard, start, max(start, len(samples) / RATE if following is None else following))
        loads = [weight(said) if is_heard(said) else 0.0 for said in reading.spoken[index:until]]
        scale = (end - start) / max(sum(loads), 1e-9)
        for shown, load in zip(reading.shown[index:until], loads, strict=True):
            yield Word(shown, start, start + load * scale)
            start += load * scale
        index = until


def _last_heard(heard: Any, start: float, end: float) -> float:
    """Seconds at which the last loud 10 ms between two times end; the end where none is loud."""
    frames = np.flatnonzero(heard[round(start * 100) : round(end * 100)])
    return start + (int(frames[-1]) + 1) / 100 if len(frames) else end


# What follows runs in the engine's own process; the library's declarations stand in its speak_lib.h.

_UTF8, _SYNCHRONOUS, _PACE, _WORD = 1, 2, 1, 1


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


def _main() -> None:
    request = json.load(sys.stdin)
    loader = importlib.import_module("espeakng_loader")
    library = ctypes.CDLL(str(loader.get_library_path()))
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="adcli-") as folder:
        data = _short(Path(loader.get_data_path()), Path(folder))
        rate = library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), 0)
        if rate <= 0:
            raise SystemExit(f"no voice data in {data}")
        events, sound = _synthesized(library, request)
    head = {"rate": rate, "events": events}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + sound)


def _short(data: Path, folder: Path) -> Path:
    """The data's folder under a path that the engine can hold."""
    if len(str(data)) <= _LONGEST_PATH:
        return data
    short = folder / "espeak-ng-data"
    try:
        short.symlink_to(data, target_is_directory=True)
    except OSError:
        shutil.copytree(data, short)
    return short


def _synthesized(library: Any, request: dict[str, Any]) -> tuple[list[tuple[int, float]], bytes]:
    events: list[tuple[int, float]] = []
    sound = bytearray()

    def collect(samples: int | None, count: int, told: Any) -> int:
        place = 0
        while told[place].type:
            if told[place].type == _WORD:
                events.append((told[place].text_position - 1, told[place].audio_position / 1000))
            place += 1
        if samples and count > 0:
            sound.extend(ctypes.string_at(samples, count * 2))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))
    held = kind(collect)
    library.espeak_ng_SetRandSeed(ctypes.c_long(1))  # its breath is noise: else no two runs are the same
    if library.espeak_SetVoiceByName(str(request["voice"]).encode()):
        raise SystemExit(f"no voice {request['voice']}")
    library.espeak_SetSynthCallback(held)
    library.espeak_SetParameter(_PACE, round(_WORDS_PER_MINUTE * float(request["speed"])), 0)
    text = str(request["text"]).encode()
    if library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None):
        raise SystemExit("the text can't be spoken")
    library.espeak_Synchronize()
    return events, bytes(sound)


if __name__ == "__main__":
    _main()
