"""What each model of Replicate takes for a stage, as data: its inputs, fixed values and the lengths it sells.

Sources are the model pages and schemas of October 2026. A model that isn't listed gets only what
nearly every model of its stage calls by the same name (``USUAL``), and the user adds the rest under
``models.STAGE``: nothing is sent that it may not know, so nothing has to be left out unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adcli.keys import Json
from adcli.registry import Seconds

LONGEST_RUN = 30
"""Minutes after which a job is told to stop: Replicate itself lets none run longer."""


@dataclass(frozen=True, slots=True)
class Model:
    """``inputs`` says which word of the stage (see ``_replicate_words``) each input of the model gets.

    ``fixed`` are inputs that decide result or price: adcli always states them. ``most`` holds how many
    characters or pictures an input takes, ``largest`` how many bytes its file may have. ``sold`` are
    the lengths that it sells or takes. A community model (not ``official``) is called by its version.
    ``minutes`` after the call a job is stopped, which bounds the price of what is billed by time.
    """

    inputs: Mapping[str, str]
    fixed: Mapping[str, Json] = field(default_factory=dict)
    most: Mapping[str, int] = field(default_factory=dict)
    sold: Seconds | None = None
    largest: Mapping[str, int] = field(default_factory=dict)
    official: bool = True
    minutes: int = LONGEST_RUN


def _whole(least: int, most: int) -> Seconds:
    return Seconds(least, most, tuple(range(least, most + 1)))


def _of(*lengths: int) -> Seconds:
    return Seconds(lengths[0], lengths[-1], lengths)


_SHAPED = {"prompt": "prompt", "aspect_ratio": "aspect"}
_SEEDED = _SHAPED | {"seed": "seed"}
_PNG = {"output_format": "png"}

IMAGES: Mapping[str, Model] = {
    "black-forest-labs/flux-schnell": Model(_SEEDED, _PNG),
    "black-forest-labs/flux-1.1-pro": Model(_SEEDED, _PNG),
    "black-forest-labs/flux-kontext-pro": Model(_SEEDED | {"input_image": "reference"}, _PNG),
    "black-forest-labs/flux-2-pro": Model(
        _SEEDED | {"input_images": "references"}, _PNG, most={"input_images": 8}
    ),
    "google/nano-banana": Model(_SHAPED | {"image_input": "references"}, _PNG),
    "google/nano-banana-pro": Model(
        _SHAPED | {"image_input": "references"}, _PNG | {"resolution": "2K", "allow_fallback_model": False}
    ),
    "google/nano-banana-2": Model(_SHAPED | {"image_input": "references"}, _PNG | {"resolution": "2K"}),
    "bytedance/seedream-4": Model(
        _SEEDED | {"image_input": "references"}, {"size": "2K"}, most={"image_input": 10}
    ),
}

_SILENT = {"generate_audio": False}
_KLING = {"prompt": "prompt", "start_image": "image", "duration": "seconds"}
"""Kling takes the ratio of its start image; ``aspect_ratio`` beside one is ignored."""
_VEO = Model(
    {
        **{"prompt": "prompt", "image": "image", "duration": "seconds"},
        **{"aspect_ratio": "aspect", "seed": "seed"},
    },
    {"resolution": "1080p", **_SILENT},
    sold=_of(4, 6, 8),
)

CLIPS: Mapping[str, Model] = {
    "kwaivgi/kling-v2.5-turbo-pro": Model(_KLING, sold=_of(5, 10)),
    "kwaivgi/kling-v2.6": Model(_KLING, _SILENT, sold=_of(5, 10)),
    "kwaivgi/kling-v3-video": Model(_KLING, {"mode": "pro", **_SILENT}, sold=_whole(3, 15)),
    "kwaivgi/kling-v2.1": Model(_KLING, {"mode": "pro"}, sold=_of(5, 10)),
    "google/veo-3.1": _VEO,
    "google/veo-3.1-fast": _VEO,
    "minimax/hailuo-02": Model(
        {
            **{"prompt": "prompt", "first_frame_image": "image", "duration": "seconds"},
            "resolution": "hailuo_resolution",
        },
        {"prompt_optimizer": False},
        sold=_of(6, 10),
    ),
}

_SYNC = Model({"video": "clip", "audio": "audio"}, {"sync_mode": "cut_off"})

LIPSYNCS: Mapping[str, Model] = {
    "kwaivgi/kling-lip-sync": Model(
        {"video_url": "clip", "audio_file": "audio"},
        sold=Seconds(2, 10),
        largest={"video_url": 100 * 10**6, "audio_file": 5 * 10**6},
    ),
    "sync/lipsync-2": _SYNC,
    "sync/lipsync-2-pro": _SYNC,
    "bytedance/latentsync": Model(
        {"video": "clip", "audio": "audio"}, {"guidance_scale": 1}, official=False, minutes=15
    ),
}

NO_WORDS = "[Intro]\n[Inst]\n[Outro]"
"""Lyrics of an instrumental: nothing but tags of its parts (``lyrics`` can't be left out)."""

SONGS: Mapping[str, Model] = {
    "minimax/music-1.5": Model(
        {"prompt": "prompt"},
        {"lyrics": NO_WORDS, "audio_format": "mp3", "sample_rate": 44100, "bitrate": 256000},
        most={"prompt": 300},
    ),
    "stability-ai/stable-audio-2.5": Model(
        {"prompt": "prompt", "duration": "seconds", "seed": "seed"},
        {"steps": 8, "cfg_scale": 1},
        sold=_whole(1, 190),
    ),
    "google/lyria-2": Model({"prompt": "prompt", "seed": "seed"}),
}

TRANSCRIPTS: Mapping[str, Model] = {
    "openai/whisper": Model(
        {"audio": "audio", "language": "language"},
        {"transcription": "plain text", "translate": False},
        official=False,
        minutes=5,
    ),
    "vaibhavs10/incredibly-fast-whisper": Model(
        {"audio": "audio"},
        {"task": "transcribe", "timestamp": "word", "batch_size": 24},
        official=False,
        minutes=5,
    ),
}

MATTES: Mapping[str, Model] = {
    "851-labs/background-remover": Model(
        {"image": "image"}, {"format": "png", "background_type": "rgba"}, official=False, minutes=5
    ),
    "lucataco/remove-bg": Model({"image": "image"}, official=False, minutes=5),
    "arielreplicate/robust_video_matting": Model(
        {"input_video": "clip"}, {"output_type": "alpha-mask"}, official=False, minutes=15
    ),
}

MODELS: Mapping[str, Mapping[str, Model]] = {
    "image": IMAGES,
    "portrait": IMAGES,
    "animate": CLIPS,
    "lipsync": LIPSYNCS,
    "music": SONGS,
    "transcribe": TRANSCRIPTS,
    "matte": MATTES,
}
"""Stage → model → how it is called."""

USUAL: Mapping[str, Model] = {
    "image": Model({"prompt": "prompt"}),
    "portrait": Model({"prompt": "prompt"}),
    "animate": Model({"prompt": "prompt", "image": "image"}),
    "lipsync": Model({"video": "clip", "audio": "audio"}),
    "music": Model({"prompt": "prompt"}),
    "transcribe": Model({"audio": "audio"}),
    "matte": Model({"image": "image"}),
}
"""What a model that isn't listed gets. Whether it is official is asked of the service."""


def listed(stage: str, model: str) -> Model | None:
    """The entry of ``owner/name[:version]``; None for a model that isn't listed."""
    return MODELS[stage].get(model.partition(":")[0])
