"""Replicate's models: names, types, limits and defaults as on their pages of October 2026."""

from __future__ import annotations

from tests.emulator.replicate_schema import Field, Model

RATIOS = ("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21")
_SHAPES = ("16:9", "9:16", "1:1")
_TALL = {
    "9:16": (768, 1344),
    "16:9": (1344, 768),
    "4:5": (896, 1088),
    "1:1": (1024, 1024),
    "3:4": (896, 1152),
}
_PROMPT = Field("string", required=True)
_NEGATIVE = Field("string", "")
_SEED = Field("integer")
_FILE = Field("string", uri=True)
_GIVEN_FILE = Field("string", required=True, uri=True)
_FILES = Field("array", uri=True)
_QUALITY = Field("integer", 80, least=0, most=100)
_ANY = Field("string", "webp", choices=("webp", "jpg", "png"))
_JPG_OR_PNG = Field("string", "jpg", choices=("jpg", "png"))
_SHAPED = Field("string", "match_input_image", choices=("match_input_image", *RATIOS))
_RESOLUTION = ("1K", "2K", "4K")

_NANO = {
    "prompt": _PROMPT,
    "image_input": _FILES,
    "aspect_ratio": _SHAPED,
    "output_format": _JPG_OR_PNG,
}

_IMAGES = (
    Model(
        "black-forest-labs/flux-schnell",
        {
            "prompt": _PROMPT,
            "aspect_ratio": Field("string", "1:1", choices=RATIOS),
            "num_outputs": Field("integer", 1, least=1, most=4),
            "num_inference_steps": Field("integer", 4, least=1, most=4),
            "seed": _SEED,
            "output_format": _ANY,
            "output_quality": _QUALITY,
            "disable_safety_checker": Field("boolean", False),
            "go_fast": Field("boolean", True),
            "megapixels": Field("string", "1", choices=("1", "0.25")),
        },
        many=True,
        sizes=_TALL,
    ),
    Model(
        "black-forest-labs/flux-1.1-pro",
        {
            "prompt": _PROMPT,
            "image_prompt": _FILE,
            "aspect_ratio": Field("string", "1:1", choices=("custom", *RATIOS)),
            "width": Field("integer", least=256, most=1440),
            "height": Field("integer", least=256, most=1440),
            "safety_tolerance": Field("integer", 2, least=1, most=6),
            "seed": _SEED,
            "prompt_upsampling": Field("boolean", False),
            "output_format": _ANY,
            "output_quality": _QUALITY,
        },
        sizes=_TALL,
    ),
    Model(
        "black-forest-labs/flux-kontext-pro",
        {
            "prompt": _PROMPT,
            "input_image": _FILE,
            "aspect_ratio": _SHAPED,
            "output_format": Field("string", "png", choices=("jpg", "png")),
            "safety_tolerance": Field("integer", 2, least=0, most=6),
            "seed": _SEED,
            "prompt_upsampling": Field("boolean", False),
        },
        strict=True,
        sizes=_TALL,
    ),
    Model(
        "black-forest-labs/flux-2-pro",
        {
            "prompt": _PROMPT,
            "input_images": _FILES,
            "resolution": Field("string", "1 MP", choices=("match_input_image", "0.5 MP", "1 MP", "2 MP")),
            "aspect_ratio": Field("string", "1:1", choices=("match_input_image", "custom", *RATIOS)),
            "output_format": _ANY,
            "seed": _SEED,
        },
        strict=True,
        sizes=_TALL,
    ),
    Model("google/nano-banana", _NANO, strict=True, sizes=_TALL),
    Model(
        "google/nano-banana-pro",
        {
            **_NANO,
            "resolution": Field("string", "2K", choices=_RESOLUTION),
            "safety_filter_level": Field("string", "block_only_high"),
            "allow_fallback_model": Field("boolean", False),
        },
        strict=True,
        sizes=_TALL,
    ),
    Model(
        "google/nano-banana-2",
        {**_NANO, "resolution": Field("string", "1K", choices=_RESOLUTION)},
        strict=True,
        sizes=_TALL,
    ),
    Model(
        "bytedance/seedream-4",
        {
            "prompt": _PROMPT,
            "image_input": _FILES,
            "size": Field("string", "2K", choices=("1K", "2K", "4K", "custom")),
            "aspect_ratio": _SHAPED,
            "width": Field("integer", 2048, least=1024, most=4096),
            "height": Field("integer", 2048, least=1024, most=4096),
            "sequential_image_generation": Field("string", "disabled", choices=("disabled", "auto")),
            "max_images": Field("integer", 1, least=1, most=15),
            "enhance_prompt": Field("boolean", True),
            "seed": _SEED,
        },
        many=True,
        sizes={"9:16": (1440, 2560), "16:9": (2560, 1440), "4:5": (1792, 2240), "1:1": (2048, 2048)},
    ),
    Model(
        "somebody/old-diffusion",
        {"prompt": _PROMPT, "width": Field("integer", 768), "height": Field("integer", 768), "seed": _SEED},
        official=False,
        strict=True,
    ),
)

_KLING = {
    "prompt": _PROMPT,
    "negative_prompt": _NEGATIVE,
    "aspect_ratio": Field("string", "16:9", choices=_SHAPES),
    "start_image": _FILE,
    "duration": Field("integer", 5, choices=(5, 10)),
}
_VEO = {
    "prompt": _PROMPT,
    "image": _FILE,
    "last_frame": _FILE,
    "duration": Field("integer", 8, choices=(4, 6, 8)),
    "resolution": Field("string", "1080p", choices=("720p", "1080p")),
    "aspect_ratio": Field("string", "16:9", choices=_SHAPES[:2]),
    "generate_audio": Field("boolean", True),
    "negative_prompt": _NEGATIVE,
    "seed": _SEED,
}

_CLIPS = (
    Model(
        "kwaivgi/kling-v2.5-turbo-pro",
        {**_KLING, "end_image": _FILE, "image": _FILE, "guidance_scale": Field("number", 0.5)},
        "clip",
        strict=True,
    ),
    Model("kwaivgi/kling-v2.6", {**_KLING, "generate_audio": Field("boolean", True)}, "clip", strict=True),
    Model(
        "kwaivgi/kling-v3-video",
        {
            **_KLING,
            "end_image": _FILE,
            "mode": Field("string", "pro", choices=("standard", "pro", "4k")),
            "duration": Field("integer", 5, least=3, most=15),
            "generate_audio": Field("boolean", False),
            "multi_prompt": Field("string"),
        },
        "clip",
        strict=True,
    ),
    Model(
        "kwaivgi/kling-v2.1",
        {
            "prompt": _PROMPT,
            "start_image": _GIVEN_FILE,
            "end_image": _FILE,
            "mode": Field("string", "standard", choices=("standard", "pro")),
            "duration": Field("integer", 5, choices=(5, 10)),
            "negative_prompt": _NEGATIVE,
        },
        "clip",
        strict=True,
    ),
    Model("google/veo-3.1", {**_VEO, "reference_images": _FILES}, "clip", strict=True),
    Model("google/veo-3.1-fast", _VEO, "clip", strict=True),
    Model(
        "minimax/hailuo-02",
        {
            "prompt": _PROMPT,
            "duration": Field("integer", 6, choices=(6, 10)),
            "resolution": Field("string", "1080p", choices=("512p", "768p", "1080p")),
            "first_frame_image": _FILE,
            "last_frame_image": _FILE,
            "prompt_optimizer": Field("boolean", True),
        },
        "clip",
    ),
    Model(
        "somebody/new-video",
        {"prompt": _PROMPT, "first_image": _GIVEN_FILE, "duration": Field("integer", 5, least=1, most=12)},
        "clip",
        strict=True,
    ),
)

_SYNC = {
    "video": _GIVEN_FILE,
    "audio": _GIVEN_FILE,
    "sync_mode": Field("string", "loop", choices=("loop", "bounce", "cut_off", "silence", "remap")),
    "temperature": Field("number", 0.5, least=0, most=1),
    "active_speaker": Field("boolean", False),
}

_LIPSYNCS = (
    Model(
        "kwaivgi/kling-lip-sync",
        {
            "video_url": _FILE,
            "video_id": Field("string"),
            "audio_file": _FILE,
            "text": Field("string"),
            "voice_id": Field("string", "en_AOT"),
            "voice_speed": Field("number", 1, least=0.8, most=2),
        },
        "clip",
        seconds=(2, 10),
    ),
    Model("sync/lipsync-2", _SYNC, "clip"),
    Model("sync/lipsync-2-pro", _SYNC, "clip"),
    Model(
        "bytedance/latentsync",
        {
            "video": _GIVEN_FILE,
            "audio": _GIVEN_FILE,
            "guidance_scale": Field("number", 1, least=0, most=10),
            "seed": Field("integer", 0),
        },
        "clip",
        official=False,
    ),
)

_SOUNDS = (
    Model(
        "minimax/music-1.5",
        {
            "lyrics": Field("string", required=True, shortest=10, longest=600),
            "prompt": Field("string", required=True, shortest=10, longest=300),
            "sample_rate": Field("integer", 44100, choices=(16000, 24000, 32000, 44100)),
            "bitrate": Field("integer", 256000, choices=(32000, 64000, 128000, 256000)),
            "audio_format": Field("string", "mp3", choices=("mp3", "wav", "pcm")),
        },
        "audio",
        seconds=(30, 30),
    ),
    Model(
        "stability-ai/stable-audio-2.5",
        {
            "prompt": _PROMPT,
            "duration": Field("integer", 190, least=1, most=190),
            "steps": Field("integer", 8, least=4, most=8),
            "cfg_scale": Field("number", 1, least=1, most=25),
            "seed": _SEED,
        },
        "audio",
        strict=True,
    ),
    Model(
        "google/lyria-2",
        {"prompt": _PROMPT, "negative_prompt": _NEGATIVE, "seed": _SEED},
        "audio",
        strict=True,
        seconds=(32.8, 32.8),
    ),
)

_TRANSCRIPTS = (
    Model(
        "openai/whisper",
        {
            "audio": _GIVEN_FILE,
            "transcription": Field("string", "plain text", choices=("plain text", "srt", "vtt")),
            "translate": Field("boolean", False),
            "language": Field("string", "auto", choices=("auto", "de", "en", "es", "fr", "it", "pt", "ru")),
        },
        "transcript",
        official=False,
    ),
    Model(
        "vaibhavs10/incredibly-fast-whisper",
        {
            "audio": _GIVEN_FILE,
            "task": Field("string", "transcribe", choices=("transcribe", "translate")),
            "language": Field("string", "None", choices=("None", "english", "german", "spanish")),
            "batch_size": Field("integer", 24),
            "timestamp": Field("string", "chunk", choices=("chunk", "word")),
            "diarise_audio": Field("boolean", False),
            "hf_token": Field("string"),
        },
        "transcript",
        official=False,
    ),
)

_MATTES = (
    Model(
        "851-labs/background-remover",
        {
            "image": _GIVEN_FILE,
            "threshold": Field("number", 0, least=0, most=1),
            "reverse": Field("boolean", False),
            "background_type": Field("string", "rgba", choices=("rgba", "map", "green", "white", "blur")),
            "format": Field("string", "png", choices=("png", "jpg")),
        },
        "alpha",
        official=False,
    ),
    Model("lucataco/remove-bg", {"image": _GIVEN_FILE}, "alpha", official=False),
    Model(
        "arielreplicate/robust_video_matting",
        {
            "input_video": _GIVEN_FILE,
            "output_type": Field(
                "string", "green-screen", choices=("green-screen", "alpha-mask", "foreground-mask")
            ),
        },
        "clip",
        official=False,
    ),
)

MODELS = {model.name: model for model in (*_IMAGES, *_CLIPS, *_LIPSYNCS, *_SOUNDS, *_TRANSCRIPTS, *_MATTES)}


def by_version(written: str) -> Model | None:
    """The model of ``owner/name`` (official ones), ``owner/name:hash`` or a bare hash."""
    name, _, version = written.partition(":")
    if model := MODELS.get(name):
        return model if version == model.version or (not version and model.official) else None
    return next((model for model in MODELS.values() if model.version == written), None)
