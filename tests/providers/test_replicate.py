"""What Replicate's models are asked for, and what that may cost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adcli.providers import replicate
from adcli.providers._pricing import billed
from adcli.providers._replicate_models import MODELS
from adcli.registry import Request, Sale
from adcli.spec.prices import load_prices
from tests.emulator.server import Emulator
from tests.providers.replicate_calls import CUT, FIELDS, KLING, KONTEXT, asked, bought, call, using

LISTED = [(stage, model) for stage, models in MODELS.items() for model in models]
VIDEO_ONLY = "arielreplicate/robust_video_matting"
PRICES = load_prices({})
IMAGE = {"$asset": "picture"}


def body(stage: str, model: str, fields: Mapping[str, Any] | None = None, **extra: Any) -> dict[str, Any]:
    return dict(replicate.body(asked(stage, model, fields, **extra)))


def ceiling(stage: str, model: str, **extra: Any) -> float:
    fields = FIELDS[stage]
    sale = Sale(stage, model, body(stage, model, **extra), seconds=fields.get("seconds"))
    return float(replicate.price(sale, PRICES[f"replicate:{model}"]).max_usd)


@pytest.mark.parametrize(("stage", "model"), LISTED)
def test_the_body_of_every_listed_model_holds_before_its_live_schema(
    stage: str, model: str, emulator: Emulator
) -> None:
    fields = {"clip": {"$asset": "clip"}} if model == VIDEO_ONLY else {}
    using(lambda client: client.verify(stage, model, body(stage, model, fields)))
    assert emulator.counts()["calls"] == {"model": 1}


@pytest.mark.parametrize(
    ("stage", "model"), [pair for pair in LISTED if f"replicate:{pair[1]}" in PRICES], ids="-".join
)
def test_no_listed_model_bills_more_than_its_ceiling(
    stage: str, model: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    given = call(tmp_path, stage, model)
    finished, made = using(lambda client: bought(client, given, tmp_path))
    paid = billed(PRICES[f"replicate:{model}"], given.body, finished.usage)
    assert made
    assert paid is not None
    assert 0 <= float(paid) <= ceiling(stage, model)


def test_pictures_are_asked_for_as_before() -> None:
    """Recipes hang on these: see tests/graph/test_golden.py."""
    plain = {"prompt": "a bottle at dawn", "aspect_ratio": "9:16", "output_format": "png", "seed": 42}
    no_seed = {name: value for name, value in plain.items() if name != "seed"}
    for model in ("black-forest-labs/flux-schnell", "black-forest-labs/flux-1.1-pro"):
        assert body("image", model) == plain
    assert body("image", KONTEXT) == plain | {"input_image": IMAGE}
    assert body("image", "google/nano-banana") == no_seed | {"image_input": [IMAGE, IMAGE]}
    size = {"prompt": "a bottle at dawn", "aspect_ratio": "9:16", "seed": 42, "size": "2K"}
    assert body("image", "bytedance/seedream-4") == size | {"image_input": [IMAGE, IMAGE]}


@pytest.mark.parametrize(
    ("model", "needed", "sold"),
    [
        (KLING, 1.8, 5),
        (KLING, 5.0, 5),
        (KLING, 5.04, 10),
        ("kwaivgi/kling-v3-video", 1.8, 3),
        ("kwaivgi/kling-v3-video", 7.2, 8),
        ("google/veo-3.1-fast", 4.0, 4),
        ("google/veo-3.1", 6.5, 8),
        ("minimax/hailuo-02", 6.5, 10),
        (KLING, 12.0, 10),
    ],
)
def test_a_clip_is_bought_in_the_shortest_length_that_is_enough(model: str, needed: float, sold: int) -> None:
    assert body("animate", model, {"seconds": needed})["duration"] == sold


def test_lengths_are_told_also_for_a_version_of_a_model() -> None:
    found = replicate.seconds("animate", f"{KLING}:{'0' * 64}")
    assert found is not None
    assert (found.least, found.most, found.sold) == (5, 10, (5, 10))
    lips = replicate.seconds("lipsync", "kwaivgi/kling-lip-sync")
    assert lips is not None
    assert (lips.least, lips.most, lips.sold) == (2, 10, ())
    assert replicate.seconds("animate", "somebody/new-video") is None
    assert replicate.seconds("image", "black-forest-labs/flux-1.1-pro") is None


@pytest.mark.parametrize(
    "model", ["kwaivgi/kling-v2.6", "kwaivgi/kling-v3-video", "google/veo-3.1", "google/veo-3.1-fast"]
)
def test_clips_are_silent_unless_sound_is_asked_for(model: str) -> None:
    assert body("animate", model)["generate_audio"] is False
    assert body("animate", model, generate_audio=True)["generate_audio"] is True
    assert ceiling("animate", model) < ceiling("animate", model, generate_audio=True)


def test_kling_gets_no_ratio_beside_its_picture() -> None:
    assert body("animate", KLING) == {"prompt": "she lifts the bottle", "start_image": IMAGE, "duration": 5}


@pytest.mark.parametrize("model", ["sync/lipsync-2", "sync/lipsync-2-pro"])
def test_what_happens_at_the_end_of_a_line_is_always_said(model: str) -> None:
    assert body("lipsync", model)["sync_mode"] == "cut_off"


def test_hailuo_makes_its_long_clips_in_the_size_that_it_has_for_them() -> None:
    model = "minimax/hailuo-02"
    assert body("animate", model)["resolution"] == "1080p"
    assert body("animate", model, {"seconds": 8})["resolution"] == "768p"
    assert "768p" in str(replicate.note(asked("animate", model, {"seconds": 8})))
    assert replicate.note(asked("animate", model)) is None


def test_a_wish_for_music_is_instrumental_and_fits_its_model() -> None:
    made = body("music", "minimax/music-1.5", {"prompt": "calm piano " * 60})
    assert len(made["prompt"]) == 300
    assert 10 <= len(made["lyrics"]) <= 600
    assert "piano" in body("music", "google/lyria-2", {"prompt": "calm piano"})["prompt"]
    made = body("music", "stability-ai/stable-audio-2.5", {"seconds": 14.2})
    assert made["duration"] == 15
    assert "confident, playful" in made["prompt"]
    assert "no vocals" in made["prompt"]


def test_no_more_pictures_are_sent_than_a_model_takes() -> None:
    many = {"products": [{"$asset": str(n)} for n in range(12)]}
    assert len(body("image", "bytedance/seedream-4", many)["image_input"]) == 10
    assert len(body("image", "black-forest-labs/flux-2-pro", many)["input_images"]) == 8


def test_a_portrait_is_made_from_words() -> None:
    assert body("portrait", "google/nano-banana-2") == {
        "prompt": "woman, 30, freckles",
        "aspect_ratio": "3:4",
        "output_format": "png",
        "resolution": "2K",
    }


@pytest.mark.parametrize("stage", list(FIELDS))
def test_a_model_that_is_not_listed_gets_the_least(stage: str) -> None:
    made = body(stage, "somebody/something")
    assert set(made) <= {"prompt", "image", "video", "audio"}
    assert made
    assert "somebody/something" in str(replicate.note(asked(stage, "somebody/something")))


def test_a_word_of_the_stage_can_go_under_another_name() -> None:
    made = body("animate", "somebody/new-video", first_image="$image", duration=5, mood="$happy")
    assert made == {"prompt": "she lifts the bottle", "first_image": IMAGE, "duration": 5, "mood": "$happy"}


def test_the_users_own_inputs_win_and_null_leaves_one_out() -> None:
    made = body("animate", KLING, duration=10, negative_prompt="text", prompt=None)
    assert made == {"start_image": IMAGE, "duration": 10, "negative_prompt": "text"}


@pytest.mark.parametrize(
    ("stage", "model", "extra", "usd"),
    [
        ("image", "black-forest-labs/flux-schnell", {"num_outputs": 4}, 0.012),
        ("image", "google/nano-banana-pro", {}, 0.15),
        ("image", "google/nano-banana-pro", {"resolution": "4K"}, 0.30),
        ("image", "google/nano-banana-2", {}, 0.101),
        ("animate", KLING, {}, 0.35),
        ("animate", KLING, {"duration": 10}, 0.70),
        ("animate", "kwaivgi/kling-v2.6", {}, 0.35),
        ("animate", "kwaivgi/kling-v2.6", {"generate_audio": True}, 0.70),
        ("animate", "kwaivgi/kling-v3-video", {}, 1.12),
        ("animate", "kwaivgi/kling-v3-video", {"mode": "standard"}, 0.84),
        ("animate", "kwaivgi/kling-v3-video", {"generate_audio": True}, 1.68),
        ("animate", "kwaivgi/kling-v3-video", {"mode": "4k"}, 2.10),
        ("animate", "google/veo-3.1-fast", {}, 0.60),
        ("animate", "google/veo-3.1", {"duration": 8, "generate_audio": True}, 3.20),
        ("lipsync", "kwaivgi/kling-lip-sync", {}, 0.042),
        ("lipsync", "sync/lipsync-2-pro", {}, 0.24975),
        ("lipsync", "bytedance/latentsync", {}, 0.8775),
        ("music", "minimax/music-1.5", {}, 0.03),
        ("matte", CUT, {}, 0.2925),
    ],
)
def test_ceilings_follow_the_price_file(stage: str, model: str, extra: dict[str, Any], usd: float) -> None:
    assert ceiling(stage, model, **extra) == usd


def test_a_price_of_the_users_own_may_say_how_long_a_clip_can_get() -> None:
    sale = Sale("animate", "somebody/new-video", {"prompt": "x"}, seconds=4.5)
    found = replicate.price(sale, {"unit": "second", "usd": 0.1, "most": 12})
    assert (float(found.min_usd), float(found.max_usd)) == (0.5, 1.2)
    spoken = replicate.price(Sale("image", "a/b", {"prompt": "x" * 500}), {"unit": "1k_chars", "usd": 0.2})
    assert float(spoken.max_usd) == 0.1


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("black-forest-labs/flux-1.1-pro", "takes no reference pictures"),
        (KONTEXT, "takes one reference picture of 2"),
        ("google/nano-banana", None),
    ],
)
def test_a_plan_says_which_pictures_a_model_will_not_see(model: str, words: str | None) -> None:
    note = replicate.note(asked("image", model))
    assert note is None if words is None else words in str(note)


def test_without_references_nothing_is_said() -> None:
    fields = {"prompt": "x", "seed": 1, "aspect": "9:16", "products": []}
    assert replicate.note(Request("image", "black-forest-labs/flux-1.1-pro", fields, {})) is None
