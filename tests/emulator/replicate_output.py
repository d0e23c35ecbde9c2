"""What a finished prediction gives: pictures, clips, sound, cut-outs and transcripts, and what it counts."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from adcli.media.ffmpeg import find_ffmpeg
from tests.emulator import media
from tests.emulator.pictures import draw
from tests.emulator.replicate_schema import Model

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}
RATE = 24
"""Frames per second of clips."""
_LONG_SIDE = 640
_HEARD = ("stop", "scrolling", "your", "skin", "will", "thank", "you", "for", "this", "tiny", "change")
_A_WORD = 0.35
"""Seconds that a word takes in a transcript."""

Read = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Work:
    """One prediction's work. ``read`` gives the bytes of an uploaded file by its address."""

    model: Model
    given: Mapping[str, Any]
    read: Read

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """The input with defaults."""
        return self.model.filled(self.given)

    def names(self) -> list[str]:
        """Its output files."""
        if self.model.gives == "transcript":
            return []
        count = max(int(self.wanted.get("num_outputs", 1)), 1) if self.model.many else 1
        return [f"out-{n}.{self._suffix}" for n in range(count)]

    @property
    def _suffix(self) -> str:
        match self.model.gives:
            case "clip":
                return "mp4"
            case "audio":
                return "wav" if self.model.name == "google/lyria-2" else "mp3"
            case "alpha":
                return "png"
            case _:
                return str(self.wanted.get("output_format", "jpg"))

    def file(self, name: str) -> bytes:
        """Content of one output file."""
        told = json.dumps(self.told(self.wanted), sort_keys=True)
        seed = f"{self.wanted.get('prompt', '')}\n{self.model.name}\n{name}\n{told}"
        match self.model.gives:
            case "clip":
                return self._clip(seed)
            case "audio":
                return media.music(seed, self.seconds, self._suffix)
            case "alpha":
                return _cut_out(self._input("image"))
            case _:
                return draw(seed, *_size(self.model, self.wanted), name.rpartition(".")[2])

    def told(self, value: Any) -> Any:
        """An input with what its files hold in place of their addresses, which change with each upload."""
        if isinstance(value, Mapping):
            return {name: self.told(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.told(item) for item in value]
        data = self.read(value) if isinstance(value, str) else None
        return value if data is None else hashlib.sha256(data).hexdigest()

    @cached_property
    def seconds(self) -> float:
        """How long its clip or sound is: Kling's are a frame longer than what was asked for."""
        if self._spoken_clip or self._matted_clip:
            return seconds_of(self._spoken_clip or self._matted_clip or b"")
        if self.model.gives == "audio":
            low = self.model.seconds[0] if self.model.seconds else 30
            return float(self.wanted.get("duration", low))
        whole = float(self.wanted.get("duration", 5))
        return whole + 1 / RATE if "kling" in self.model.name else whole

    @cached_property
    def flaw(self) -> str | None:
        """Why the model refuses its files, once it has opened them."""
        clip = self._spoken_clip
        if clip is None or self.model.seconds is None:
            return None
        low, high = self.model.seconds
        long = seconds_of(clip)
        if low <= round(long, 2) <= high:
            return None
        return f"Video duration must be between {low:g}s and {high:g}s, got {long:.2f}s"

    @cached_property
    def _spoken_clip(self) -> bytes | None:
        return self._input("video_url") or self._input("video")

    @cached_property
    def _matted_clip(self) -> bytes | None:
        return self._input("input_video")

    def _input(self, name: str) -> bytes | None:
        address = self.given.get(name)
        return self.read(address) if isinstance(address, str) else None

    def _clip(self, seed: str) -> bytes:
        if self._spoken_clip:
            return _with_sound(self._spoken_clip, self._input("audio_file") or self._input("audio"))
        if self._matted_clip:
            return self._matted_clip
        first = next((data for name in self.given if (data := self._input(name))), None)
        shape = Image.open(io.BytesIO(first)).size if first else _shape(self.wanted)
        sound = self.wanted.get("generate_audio") is True
        return media.clip(seed, self.seconds, *_small(shape), sound=sound)

    def transcript(self) -> Any:
        """Words at an even pace over the whole sound."""
        sound = self._input("audio")
        words = _words(seconds_of(sound) if sound else 3.0)
        whole = " ".join(word for word, _, _ in words)
        if self.model.name == "openai/whisper":
            segment = {"id": 0, "start": 0.0, "end": words[-1][2], "text": f" {whole}", "temperature": 0}
            return {"segments": [segment], "detected_language": "english", "transcription": whole}
        if self.wanted["timestamp"] == "word":
            chunks = [{"text": f" {word}", "timestamp": [start, end]} for word, start, end in words]
        else:
            chunks = [{"text": f" {whole}", "timestamp": [0.0, words[-1][2]]}]
        return {"text": f" {whole}", "chunks": chunks}

    def metrics(self) -> dict[str, Any]:
        """What an official model counts; others are billed by their time."""
        if not self.model.official:
            return {}
        match self.model.gives:
            case "clip":
                sound = {"with_audio": bool(self.wanted.get("generate_audio"))}
                return {"video_output_count": 1, "video_output_duration_seconds": self.seconds, **sound}
            case "audio":
                return {"audio_output_duration_seconds": self.seconds}
            case _:
                return {"image_count": len(self.names())}


def seconds_of(data: bytes) -> float:
    """Length of a clip or sound, as ffmpeg sees it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        said = subprocess.run(
            [str(find_ffmpeg()), "-hide_banner", "-i", file.name], capture_output=True, text=True, check=False
        ).stderr
    found = re.search(r"Duration: (\d+):(\d+):([\d.]+)", said)
    if found is None:
        raise ValueError("no clip and no sound")
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])


def _with_sound(clip: bytes, sound: bytes | None) -> bytes:
    if sound is None:
        return clip
    with tempfile.TemporaryDirectory() as folder:
        video, audio, out = (Path(folder) / name for name in ("in.mp4", "in.audio", "out.mp4"))
        video.write_bytes(clip)
        audio.write_bytes(sound)
        command = [str(find_ffmpeg()), "-v", "error", "-i", str(video), "-i", str(audio)]
        command += ["-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-shortest", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        return out.read_bytes()


def _cut_out(picture: bytes | None) -> bytes:
    """The picture with all but its middle made transparent, softly."""
    whole = (
        Image.open(io.BytesIO(picture)).convert("RGB") if picture else Image.new("RGB", (256, 256), "teal")
    )
    mask = Image.new("L", whole.size, 0)
    width, height = whole.size
    ImageDraw.Draw(mask).ellipse((width * 0.2, height * 0.1, width * 0.8, height * 0.9), fill=255)
    whole.putalpha(mask.filter(ImageFilter.GaussianBlur(2)))
    out = io.BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()


def _words(seconds: float) -> list[tuple[str, float, float]]:
    count = max(1, int(seconds / _A_WORD))
    step = seconds / count
    return [(_HEARD[n % len(_HEARD)], round(n * step, 2), round((n + 0.9) * step, 2)) for n in range(count)]


def _size(model: Model, wanted: Mapping[str, Any]) -> tuple[int, int]:
    custom = "custom" in (wanted.get("aspect_ratio"), wanted.get("size"))
    if custom and "width" in wanted and "height" in wanted:
        return int(wanted["width"]), int(wanted["height"])
    return model.sizes.get(str(wanted.get("aspect_ratio")), (1024, 1024))


def _shape(wanted: Mapping[str, Any]) -> tuple[int, int]:
    across, _, down = str(wanted.get("aspect_ratio", "16:9")).partition(":")
    return int(across), int(down)


def _small(shape: tuple[int, int]) -> tuple[int, int]:
    """The same shape, small enough to be encoded in no time."""
    scale = _LONG_SIDE / max(shape)
    return round(shape[0] * scale / 2) * 2, round(shape[1] * scale / 2) * 2
