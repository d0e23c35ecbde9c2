"""The sound of a film that is being worked on: one chain of filters, encoded once when all is done.

What has to see the samples, as music that steps back under a voice, gets them as raw floats in a file;
the chain then goes on from there, so nothing is encoded twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adcli.media import audio, ffmpeg
from adcli.media.synth import RATE
from adcli.units import FPS, Lufs

PER_FRAME = RATE // FPS
"""Samples of a frame."""

STEREO = "aformat=sample_fmts=fltp:channel_layouts=stereo"
_TIMEOUT = 600.0
_FLOATS = ("-f", "f32le", "-ar", str(RATE), "-ac", "2")


def conformed(channels: int) -> str:
    """Filters from any sound to 48 kHz stereo that begins with its picture; a mono one keeps its level."""
    both = "pan=stereo|c0=c0|c1=c0," if channels == 1 else ""
    return f"aresample={RATE}:async=1:first_pts=0,{both}{STEREO}"


@dataclass(frozen=True, slots=True)
class Sounding:
    """A file that is heard: ``channels`` is 0 where it is silent."""

    path: Path
    channels: int


SILENT = Sounding(Path(), 0)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Voices laid over a ``bed``, a WAV of what was heard before; true while the track has this label."""

    lines: tuple[audio.Line, ...]
    bed: Path | None
    label: str


@dataclass(slots=True)
class Soundtrack:
    """Inputs and filter chains of a stereo track; ``frames`` is its length in frames of the picture.

    ``target`` is the loudness at which it is mastered, None to leave its level alone.
    """

    folder: Path
    frames: int
    target: Lufs | None = None
    changed: bool = False
    _spoken: Spoken | None = None
    _inputs: list[str] = field(default_factory=list)
    _chains: list[str] = field(default_factory=list)
    _label: str = ""
    _count: int = 0

    @classmethod
    def of(cls, folder: Path, source: Sounding, frames: int) -> Soundtrack:
        """The sound of a file, cut or filled up with silence to the length of its picture."""
        track = cls(folder, frames)
        track._label = track.add(source, frames)
        return track

    @property
    def seconds(self) -> float:
        """Length."""
        return self.frames / FPS

    def add(self, source: Sounding, frames: int) -> str:
        """Another file's sound at a length in frames; gives its label."""
        label, exact = self._fresh(), _exact(frames)
        if source.channels:
            link = self._free("link")
            link.symlink_to(source.path.resolve())
            number = self._input([*audio.SAFE, "-i", link.name])
            self._chains.append(f"[{number}:a:0]{conformed(source.channels)},{exact}[{label}]")
        else:
            self._chains.append(f"anullsrc=r={RATE}:cl=stereo,{STEREO},{exact}[{label}]")
        return label

    def replace(self, source: Sounding) -> None:
        """The track becomes another file's sound, at the same length."""
        self._inputs, self._chains = [], []
        self._label, self.changed = self.add(source, self.frames), True

    def silence(self, frames: int) -> str:
        """The label of a stretch of silence."""
        return self.add(SILENT, frames)

    def filter(self, text: str, frames: int | None = None) -> None:
        """Goes through filters that give the track a length of so many frames, by default the one it has."""
        self.frames = self.frames if frames is None else frames
        label = self._fresh()
        self._chains.append(f"[{self._label}]{text},{_exact(self.frames)}[{label}]")
        self._label, self.changed = label, True

    def cut(self, start: int, end: int) -> None:
        """Keeps what lies from frame ``start`` to before frame ``end``."""
        self.filter(between(start, end), end - start)

    def parts(self, ranges: Sequence[tuple[int, int]]) -> list[str]:
        """Labels of stretches of the track, in frames; it has to be joined anew afterwards."""
        labels = [self._fresh() for _ in ranges]
        ends = "".join(f"[{label}s]" for label in labels)
        self._chains.append(f"[{self._label}]asplit={len(labels)}{ends}")
        for label, (start, end) in zip(labels, ranges, strict=True):
            self._chains.append(f"[{label}s]{between(start, end)}[{label}]")
        return labels

    def join(self, labels: Sequence[str], frames: int) -> None:
        """The track becomes these stretches, one after another."""
        label = self._fresh()
        ends = "".join(f"[{one}]" for one in labels)
        self._chains.append(f"{ends}concat=n={len(labels)}:v=0:a=1,{_exact(frames)}[{label}]")
        self._label, self.frames, self.changed = label, frames, True

    @property
    def label(self) -> str:
        """The label of the track as it is now."""
        return self._label

    def track(self, lines: tuple[audio.Line, ...], music: Path | None, gain: float = 0.0) -> audio.Track:
        """What the mixer takes, at the track's length."""
        return audio.Track(self.folder, self.frames, lines, music, gain)

    def raw(self) -> Path:
        """Writes the track as it is now as raw stereo floats, from which it goes on."""
        changed = self.changed
        path = self._written_as("f32", ["-c:a", "pcm_f32le", "-f", "f32le"])
        self._from(path)
        self.changed = changed
        return path

    def wav(self) -> Path:
        """Writes the track as it is now as a 16-bit WAV."""
        return self._written_as("wav", ["-c:a", "pcm_s16le"])

    def take(self, raw: Path) -> None:
        """The track becomes what lies in a file of raw stereo floats of its length, which is moved."""
        self._from(raw.rename(self._free("f32")))

    def speak(self, line: audio.Line, *, keep: bool) -> bool:
        """Lays a voice over the track, beside those that were laid last; else the track goes under it.

        Without ``keep`` only voices are heard. False where nothing is.
        """
        last = self._spoken if self._spoken and self._spoken.label == self._label else None
        lines = (*(last.lines if last else ()), line)
        bed = (last.bed if last else self.wav()) if keep else None
        mixed = audio.mix(self.track(lines, bed))
        if mixed is None:
            return False
        self.take(mixed.path)
        self._spoken = Spoken(lines, bed, self._label)
        return True

    def encode(self, path: Path) -> audio.Loudness | None:
        """Writes the finished track as AAC; gives its loudness where it was mastered."""
        track, raw = self.track((), None), self.raw()
        if self.target is not None:
            mixed = audio.measured(track, raw)
            if mixed.integrated > audio.SILENT:
                return audio.master(track, mixed, path, self.target)
        audio.encode(track, raw, path)
        return None

    def _from(self, raw: Path) -> None:
        self._inputs, self._chains = [*_FLOATS, "-i", raw.name], []
        self._label = self._fresh()
        self._chains.append(f"[0:a:0]{STEREO},{_exact(self.frames)}[{self._label}]")
        self.changed = True

    def _written_as(self, suffix: str, form: list[str]) -> Path:
        path = self._free(suffix)
        arguments = ["-v", "error", "-y", "-filter_complex_threads", "1", *self._inputs]
        arguments += ["-filter_complex", ";".join(self._chains), "-map", f"[{self._label}]", *form]
        ffmpeg.run([*arguments, path.name], cwd=self.folder, timeout=_TIMEOUT + self.seconds)
        return path

    def _input(self, arguments: list[str]) -> int:
        self._inputs += arguments
        return self._inputs.count("-i") - 1

    def _free(self, suffix: str) -> Path:
        self._count += 1
        return self.folder / f"sound-{self._count}.{suffix}"

    def _fresh(self) -> str:
        self._count += 1
        return f"a{self._count}"


def between(start: int, end: int) -> str:
    """Filters that keep the samples from one frame to before another."""
    return f"atrim=start_sample={start * PER_FRAME}:end_sample={end * PER_FRAME},asetpts=PTS-STARTPTS"


def _exact(frames: int) -> str:
    return f"apad=whole_len={frames * PER_FRAME},atrim=end_sample={frames * PER_FRAME}"
