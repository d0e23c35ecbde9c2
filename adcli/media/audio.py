"""Mastering: places spoken lines, ducks music under them, and lands on a loudness and a true peak after AAC.

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

from adcli.errors import TaskFailed
from adcli.media import ffmpeg
from adcli.units import FPS, Lufs

RATE = 48_000
"""Samples per second of every track."""

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

# When one input of sidechaincompress ends, up to 0.2 s of the other may or may not be lost, from run to
# run: both go on longer than the track.
_SPARE = "apad=pad_len=96000"

# The content of a WAV of floats can look like another container to ffmpeg's guess.
_WAV = ("-f", "wav")
_VOICE = Lufs(-20.0)
_MUSIC_UNDER_VOICE = -7.0
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

    @property
    def samples(self) -> int:
        """Length in samples: a frame is exactly 1600."""
        return self.frames * RATE // FPS


@dataclass(frozen=True, slots=True)
class Mix:
    """A floating-point WAV of the track's length, and its loudness."""

    path: Path
    integrated: Lufs


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
    """Voice and ducked music, not yet at their loudness; None when both are silent."""
    buses = _buses(track)
    voice, music = buses.get("voice"), buses.get("music")
    if voice is None and music is None:
        return None
    path = track.workdir / "mix.wav"
    inputs = [part for name in buses for part in (*_WAV, "-i", f"{name}.wav")]
    graph = f"{_mix_graph(track, voice, music)},{_LOUDNESS}[out]"
    stderr = _run(track, [*inputs, "-filter_complex", graph, "-map", "[out]", *_floats(path)])
    return Mix(path, _parsed(stderr)[0].integrated)


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
    setting = _Setting(target - mixed.integrated)
    result = _encoded(track, mixed.path, path, setting)
    for _ in range(_ROUNDS):
        over, miss = result.true_peak - _PEAK_AIM, target - result.integrated
        if over <= 0 and abs(miss) <= _TOLERANCE:
            break
        lower = setting.ceiling - over - 0.05 if over > 0 else setting.ceiling
        # What a limiter takes away has to be asked for more than once over.
        setting = _Setting(setting.gain + miss * (1.4 if miss > 0 else 1.0), max(lower, -12.0))
        result = _encoded(track, mixed.path, path, setting)
    return result


def _encoded(track: Track, mixed: Path, path: Path, setting: _Setting) -> Loudness:
    end = track.samples / RATE
    tail = min(0.015, end / 4)
    chain = (
        f"volume={setting.gain:.3f}dB,"
        f"alimiter=limit={10 ** (setting.ceiling / 20):.5f}:attack=4:release=80:level=0:latency=1,"
        f"apad=whole_len={track.samples},atrim=end_sample={track.samples},"
        f"afade=t=out:st={end - tail:.6f}:d={tail:.6f}"
    )
    _run(track, [*_WAV, "-i", mixed.name, "-af", chain, *_aac(path)])
    return measure(path)


def _buses(track: Track) -> dict[str, Loudness]:
    """Writes ``voice.wav`` and ``music.wav`` at the track's length in one process; leaves silent ones out."""
    chains: list[str] = []
    inputs: list[str] = []
    outputs: list[str] = []
    if track.lines:
        chains.append(_voice_graph(track))
        inputs += _lines(track)
        outputs += ["-map", "[voice]", *_floats(track.workdir / "voice.wav")]
    if track.music is not None:
        music = _pcm(track, track.music)
        chains.append(_music_graph(track, len(track.lines), _length(music)))
        inputs += [*_WAV, "-i", str(music)]
        outputs += ["-map", "[music]", *_floats(track.workdir / "music.wav")]
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
    """Music at the track's length: cut, or looped over a crossfade that hides the seam."""
    source = f"[{index}:a:0]aresample={RATE},aformat=sample_fmts=fltp:channel_layouts=stereo"
    if length < track.samples:
        cross = max(1, min(RATE, length // 4))
        again = length - cross
        source += (
            f",asplit[once][again];[once][again]acrossfade=ns={cross}:c1=qsin:c2=qsin,"
            f"aloop=loop=-1:size={again}:start={again}"
        )
    return f"{source},{_fit(track)},{_LOUDNESS}[music]"


def _mix_graph(track: Track, voice: Loudness | None, music: Loudness | None) -> str:
    end = track.samples / RATE
    fade = min(1.2, end / 5)
    out = f"afade=t=out:st={end - fade:.6f}:d={fade:.6f}"
    if voice is None and music is not None:
        return f"[0:a]volume={_VOICE - music.integrated:.3f}dB,{out}"
    assert voice is not None
    spoken = (
        f"[0:a]volume={_VOICE - voice.integrated:.3f}dB,"
        "acompressor=threshold=0.12:ratio=2.5:attack=8:release=140:knee=4,pan=stereo|c0=c0|c1=c0"
    )
    if music is None:
        return spoken
    under = _VOICE + _MUSIC_UNDER_VOICE + track.music_gain - music.integrated
    return (
        f"{spoken},asplit[voice][said];[said]{_SPARE}[key];[1:a]volume={under:.3f}dB,{out},{_SPARE}[bed];"
        f"[bed][key]sidechaincompress=threshold=0.03:ratio=4:attack=30:release=400,{_fit(track)}[ducked];"
        f"[voice][ducked]amix=inputs=2:normalize=0,{_fit(track)}"
    )


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
    return ["-c:a", "pcm_f32le", *_EXACT, path.name]


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
