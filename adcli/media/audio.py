"""Mastering: spoken lines, music under them and sound effects, at a loudness and a true peak after AAC.

Loudness is ITU-R BS.1770 as ffmpeg's ``ebur128`` measures it. One-pass ``loudnorm`` misses its
peak by 2 dB after AAC, so a track is measured, gained, limited, encoded and measured again, and
corrected where it missed.
"""

from __future__ import annotations

import re
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adcli.errors import TaskFailed
from adcli.media import duck, ffmpeg
from adcli.media.sounds import Sound, lay_sounds
from adcli.media.synth import RATE, Mono, Stereo
from adcli.units import FPS, Lufs

PEAK_LIMIT = -1.0
"""Highest true peak of a finished track, dBTP."""

SILENT = Lufs(-70.0)
"""What ``ebur128`` says where nothing rises over its absolute gate."""

SAFE = ("-protocol_whitelist", "file", "-format_whitelist", "aac,flac,matroska,mov,mp3,ogg,wav")
"""Goes before ``-i`` of sound that a person or a service gave."""

_EXACT = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")
_LOUDNESS = "ebur128=framelog=quiet"
_LOUDNESS_AND_PEAK = f"{_LOUDNESS}:peak=true"
_TIMEOUT = 300.0

# The content of a WAV of floats can look like another container to ffmpeg's guess.
_WAV = ("-f", "wav")
_STEREO = ("-f", "f32le", "-ar", str(RATE), "-ac", "2")
_VOICE = Lufs(-20.0)
_UNDER_VOICE = 12.0  # LU that music lies under a voice while it is heard
_LOUDEST_BED = 3.0  # LU under the voice that music keeps wherever it is
_ROOM_FOR_SPEECH = "equalizer=f=2400:t=q:w=0.7:g=-3"
_SOUNDS_BACK = 4.0
_EXACT_FIT = RATE // FPS
_LEVELLED = "acompressor=threshold=0.12:ratio=2.5:attack=8:release=140:knee=4"
_TOLERANCE = 0.3
_PEAK_AIM = PEAK_LIMIT - 0.1
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness, and the true peak in dBTP: -inf for digital silence, NaN if not measured."""

    integrated: Lufs
    true_peak: float

    @property
    def is_silent(self) -> bool:
        """Nothing rises over the absolute gate."""
        return self.integrated <= SILENT


@dataclass(frozen=True, slots=True)
class Line:
    """A spoken line and the seconds of the track at which it starts."""

    path: Path
    start: float


@dataclass(frozen=True, slots=True)
class Track:
    """What one track is made of; its length is whole frames, its files are written to ``workdir``."""

    workdir: Path
    frames: int
    lines: tuple[Line, ...]
    music: Path | None
    music_gain: float = 0.0
    sounds: tuple[Sound, ...] = ()

    @property
    def samples(self) -> int:
        """Length in samples: a frame is exactly 1600."""
        return self.frames * RATE // FPS


@dataclass(frozen=True, slots=True)
class Mix:
    """Raw floats of the track's length, and their loudness; ``sparse``: effects alone, meant to be soft."""

    path: Path
    integrated: Lufs
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class _Setting:
    """Gain in dB before the limiter, and the limiter's ceiling in dBFS."""

    gain: float
    ceiling: float = -2.0


def measure(path: Path) -> Loudness:
    """Loudness and true peak of a file's first sound, measured after decoding."""
    args = [
        "-v",
        "info",
        "-nostats",
        *SAFE,
        "-i",
        str(path),
        "-map",
        "0:a:0",
        "-af",
        _LOUDNESS_AND_PEAK,
        "-f",
        "null",
        "-",
    ]
    return _parsed(ffmpeg.run(args, cwd=path.parent, timeout=_TIMEOUT).stderr)[0]


def mix(track: Track) -> Mix | None:
    """Voice, music and effects, not yet at their loudness; None when all are silent."""
    buses = _buses(track)
    voice, music = buses.get("voice"), buses.get("music")
    if voice is None and music is None and not track.sounds:
        return None
    path = track.workdir / "mix.raw"
    _bed(track, voice, music).tofile(track.workdir / "bed.raw")
    stereo = [*_STEREO, "-i", "bed.raw"]
    if voice is None:
        graph, inputs = f"[0:a]{_LOUDNESS}[out]", stereo
    else:
        inputs = ["-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "voice.raw", *stereo]
        graph = (
            f"[0:a]volume={_VOICE - voice.integrated:.3f}dB,{_LEVELLED},pan=stereo|c0=c0|c1=c0[voice];"
            f"[voice][1:a]amix=inputs=2:normalize=0,{_fit(track)},{_LOUDNESS}[out]"
        )
    stderr = _run(track, [*inputs, "-filter_complex", graph, "-map", "[out]", *_floats(path)])
    return Mix(path, _parsed(stderr)[0].integrated, sparse=voice is None and music is None)


def _bed(track: Track, voice: Loudness | None, music: Loudness | None) -> Stereo:
    """Music and effects at their place under a voice of -20 LUFS; music without a voice is as loud itself."""
    bed = lay_sounds(track.sounds, track.samples)
    spoken = _read(track, "voice", 1)[:, 0] if voice is not None else None
    spans = duck.speech(spoken) if spoken is not None else []
    back = duck.stepping_back(spans, track.samples)[:, None]
    bed *= 10 ** (-_SOUNDS_BACK / 20 * back)
    if music is not None:
        bed += _under(track, _read(track, "music", 2), music, spans, back)
    return bed


def _under(track: Track, music: Stereo, loud: Loudness, spans: list[duck.Span], back: Mono) -> Stereo:
    """Music so loud that it lies right under the voice while somebody speaks."""
    if not spans:
        return music * np.float32(10 ** ((_VOICE - loud.integrated) / 20))
    ducked = music * 10 ** (-duck.DEPTH / 20 * back)
    heard = duck.loudness(duck.heard_power(ducked), spans)
    gain = min(_VOICE - _UNDER_VOICE - heard, _VOICE - _LOUDEST_BED - loud.integrated) + track.music_gain
    return np.asarray(ducked * 10 ** (gain / 20), np.float32)


def _read(track: Track, bus: str, channels: int) -> Stereo:
    """Samples × channels of a bus."""
    return np.fromfile(track.workdir / f"{bus}.raw", "<f4").reshape(-1, channels)


def silence(track: Track, path: Path) -> None:
    """A silent track of the exact length."""
    source = f"anullsrc=r={RATE}:cl=stereo,atrim=end_sample={track.samples}"
    _run(track, ["-f", "lavfi", "-i", source, *_aac(path)])


def lay(track: Track, path: Path) -> None:
    """The lines alone, each at its place, as AAC of the track's exact length."""
    inputs = _lines(track)
    _run(track, [*inputs, "-filter_complex", _voice_graph(track), "-map", "[voice]", *_aac(path)])


def master(track: Track, mixed: Mix, path: Path, target: Lufs) -> Loudness:
    """Encodes a mix as AAC at ``target`` loudness, correcting until it fits; gives what was measured.

    The true peak wins where both can't be had: then the track is a little softer.
    """
    setting = _Setting(target - (_VOICE if mixed.sparse else mixed.integrated))
    result = _encoded(track, mixed.path, path, setting)
    if mixed.sparse:
        return result
    for _ in range(_ROUNDS):
        over, miss = result.true_peak - _PEAK_AIM, target - result.integrated
        if over <= 0 and abs(miss) <= _TOLERANCE:
            break
        lower = setting.ceiling - over - 0.05 if over > 0 else setting.ceiling
        # What a limiter takes away has to be asked for more than once over.
        setting = _Setting(setting.gain + miss * (1.4 if miss > 0 else 1.0), max(lower, -12.0))
        result = _encoded(track, mixed.path, path, setting)
    for _ in range(_ROUNDS):
        if (over := result.true_peak - PEAK_LIMIT) <= 0:
            break
        setting = _Setting(setting.gain, setting.ceiling - over - 0.2)
        result = _encoded(track, mixed.path, path, setting)
    return result


def measured(track: Track, raw: Path) -> Mix:
    """Raw stereo floats of the track's length, for ``master``."""
    heard = _run(track, [*_STEREO, "-i", raw.name, "-af", _LOUDNESS, "-f", "null", "-"])
    return Mix(raw, _parsed(heard)[0].integrated)


def encode(track: Track, raw: Path, path: Path) -> None:
    """AAC of raw stereo floats at the level that they have; what would clip is limited."""
    limit = f"alimiter=limit={10 ** (-0.1 / 20):.5f}:attack=4:release=80:level=0:latency=1"
    _run(track, [*_STEREO, "-i", raw.name, "-af", f"{limit},{_fit(track)}", *_aac(path)])


def under(track: Track, own: Path) -> Mix:
    """The track's music under a sound that stays as it is: raw stereo floats of its length."""
    sound = np.fromfile(own, "<f4").reshape(-1, 2)
    level, music = measured(track, own).integrated, _buses(track).get("music")
    if music is not None:
        silent = level <= SILENT
        spans = [] if silent else duck.speech(np.ascontiguousarray(sound.mean(axis=1)))
        back = duck.stepping_back(spans, track.samples)[:, None]
        bed = _under(track, _read(track, "music", 2), music, spans, back)
        sound = sound + bed * np.float32(10 ** ((0.0 if silent else level - _VOICE) / 20))
    path = track.workdir / "under.raw"
    sound.astype("<f4").tofile(path)
    return measured(track, path)


def _encoded(track: Track, mixed: Path, path: Path, setting: _Setting) -> Loudness:
    end = track.samples / RATE
    tail = min(0.015, end / 4)
    chain = (
        f"volume={setting.gain:.3f}dB,"
        f"alimiter=limit={10 ** (setting.ceiling / 20):.5f}:attack=4:release=80:level=0:latency=1,"
        f"apad=whole_len={track.samples},atrim=end_sample={track.samples},"
        f"afade=t=out:st={end - tail:.6f}:d={tail:.6f}"
    )
    _run(track, [*_STEREO, "-i", mixed.name, "-af", chain, *_aac(path)])
    return measure(path)


def _buses(track: Track) -> dict[str, Loudness]:
    """Writes ``voice.raw`` and ``music.raw`` at the track's length in one process; leaves silent ones out."""
    chains: list[str] = []
    inputs: list[str] = []
    outputs: list[str] = []
    if track.lines:
        chains.append(_voice_graph(track))
        inputs += _lines(track)
        outputs += ["-map", "[voice]", *_floats(track.workdir / "voice.raw")]
    if track.music is not None:
        music = _pcm(track, track.music)
        chains.append(_music_graph(track, len(track.lines), _length(music)))
        inputs += [*_WAV, "-i", str(music)]
        outputs += ["-map", "[music]", *_floats(track.workdir / "music.raw")]
    if not chains:
        return {}
    stderr = _run(track, [*inputs, "-filter_complex", ";".join(chains), *outputs])
    names = [name for name, used in (("voice", track.lines), ("music", track.music)) if used]
    found = zip(names, _parsed(stderr), strict=True)
    return {name: loudness for name, loudness in found if not loudness.is_silent}


def _lines(track: Track) -> list[str]:
    return [part for line in track.lines for part in (*SAFE, "-i", str(line.path))]


def _voice_graph(track: Track) -> str:
    """Every line at its sample, one after another in a mono bus."""
    placed = [
        f"[{index}:a:0]aresample={RATE},aformat=sample_fmts=fltp:channel_layouts=mono,"
        f"adelay=delays={round(line.start * RATE)}S:all=1[line{index}]"
        for index, line in enumerate(track.lines)
    ]
    names = "".join(f"[line{index}]" for index in range(len(track.lines)))
    joined = f"{names}amix=inputs={len(track.lines)}:normalize=0," if len(track.lines) > 1 else names
    fitted = f"{joined}highpass=f=70,{_fit(track)},{_LOUDNESS}[voice]"
    return ";".join([*placed, fitted])


def _music_graph(track: Track, index: int, length: int) -> str:
    """Music at the track's length: cut, or looped over a crossfade that hides the seam.

    What is as long as the track has an end of its own; all else fades out.
    """
    source = f"[{index}:a:0]aresample={RATE},aformat=sample_fmts=fltp:channel_layouts=stereo"
    if length < track.samples - _EXACT_FIT:
        cross = max(1, min(RATE, length // 4))
        again = length - cross
        source += (
            f",asplit[once][again];[once][again]acrossfade=ns={cross}:c1=qsin:c2=qsin,"
            f"aloop=loop=-1:size={again}:start={again}"
        )
    if abs(length - track.samples) > _EXACT_FIT:
        end = track.samples / RATE
        fade = min(1.2, end / 5)
        source += f",{_fit(track)},afade=t=out:st={end - fade:.6f}:d={fade:.6f}"
    if track.lines:
        source += f",{_ROOM_FOR_SPEECH}"
    return f"{source},{_fit(track)},{_LOUDNESS}[music]"


def _fit(track: Track) -> str:
    return f"apad=whole_len={track.samples},atrim=end_sample={track.samples}"


def _pcm(track: Track, path: Path) -> Path:
    """The music as a WAV whose length in samples is known."""
    try:
        _length(path)
    except (wave.Error, EOFError):
        decoded = track.workdir / "given.wav"
        args = [*SAFE, "-i", str(path), "-map", "0:a:0", "-ac", "2", "-ar", str(RATE), "-c:a", "pcm_s16le"]
        _run(track, [*args, *_EXACT, decoded.name])
        path = decoded
    if _length(path) < RATE // 10:
        raise TaskFailed("the music is shorter than a tenth of a second", hint="give a longer piece")
    return path


def _length(path: Path) -> int:
    """Samples at 48 kHz of a PCM WAV; ``wave.Error`` for anything else."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes() * RATE // file.getframerate()


def _floats(path: Path) -> list[str]:
    """Raw floats: numpy reads and writes them, and they need no header that could be taken for another's."""
    return ["-c:a", "pcm_f32le", "-f", "f32le", path.name]


def _aac(path: Path) -> list[str]:
    """AAC-LC whose edit list drops the encoder's 1024 priming samples; a movie timescale of 48000 keeps the
    track's length exact (the default of 1000 rounds it to milliseconds).
    """
    form = ["-c:a", "aac", "-profile:a", "aac_low", "-b:a", "160k", "-ar", str(RATE), "-ac", "2"]
    return [*form, *_EXACT, "-movie_timescale", str(RATE), "-movflags", "+faststart", path.name]


def _run(track: Track, args: Sequence[str]) -> str:
    head = ["-y", "-v", "info", "-nostats", "-filter_complex_threads", "1"]
    return ffmpeg.run([*head, *args], cwd=track.workdir, timeout=_TIMEOUT).stderr


_SUMMARY = re.compile(
    r"Parsed_ebur128_(?P<filter>\d+) @.*?Summary:.*?I:\s+(?P<i>-?[\d.]+|-?inf) LUFS"
    r"(?:(?:(?!Summary:).)*?Peak:\s+(?P<peak>-?[\d.]+|-?inf) dBFS)?",
    re.DOTALL,
)


def _parsed(stderr: str) -> list[Loudness]:
    """Summaries of all ``ebur128`` filters of a log, in the order the graph names them."""
    found = sorted(_SUMMARY.finditer(stderr), key=lambda match: int(match["filter"]))
    if not found:
        raise TaskFailed("ffmpeg gave no loudness", hint="is this ffmpeg built with the ebur128 filter?")
    return [Loudness(Lufs(max(float(match["i"]), SILENT)), float(match["peak"] or "nan")) for match in found]
