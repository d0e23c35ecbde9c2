"""What a media file holds, read by PyAV."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from adcli.errors import TaskFailed


@dataclass(frozen=True, slots=True)
class Probe:
    """A file's first video stream; ``frames`` are counted from its packets, ``duration`` in seconds.

    ``extradata_sha256`` identifies the encoder's parameter sets: streams join by copy when it is equal.
    ``audio_duration`` is None without an audio stream.
    """

    width: int
    height: int
    frames: int
    duration: float
    codec: str
    pix_fmt: str
    extradata_sha256: str
    audio_duration: float | None


def probe(path: Path) -> Probe:
    """Raises TaskFailed when there is no video to be read."""
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise TaskFailed(f"{path.name} holds no video")
            stream = container.streams.video[0]
            context = stream.codec_context
            audio = container.streams.audio[0] if container.streams.audio else None
            lengths: dict[int, float] = {}
            frames = 0
            for packet in container.demux():
                if packet.pts is None or packet.time_base is None:
                    continue
                end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                index = packet.stream.index
                lengths[index] = max(lengths.get(index, 0.0), end)
                frames += index == stream.index
            return Probe(
                width=context.width,
                height=context.height,
                frames=frames,
                duration=lengths.get(stream.index, 0.0),
                codec=context.name,
                pix_fmt=str(context.pix_fmt),
                extradata_sha256=hashlib.sha256(context.extradata or b"").hexdigest(),
                audio_duration=lengths.get(audio.index, 0.0) if audio else None,
            )
    except av.error.FFmpegError as error:
        raise TaskFailed(f"{path.name} can't be read as video: {error.strerror}") from error
