from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adcli.spec.campaign import Campaign, Captions, Character, Music, character_slugs
from adcli.spec.load import load_campaign
from adcli.units import AspectRatio
from tests.spec.conftest import Complain, Load

SMALL = "name: demo\ncharacters: [{name: Maria}]\n"


def test_name_and_one_character_are_enough_and_the_rest_has_the_contracts_defaults(load: Load) -> None:
    campaign = load(SMALL).campaign
    assert campaign.template == "problem-solution"
    assert campaign.aspect_ratios == (AspectRatio.PORTRAIT,)
    assert (campaign.duration, campaign.language, campaign.seed, campaign.hooks) == (15, "en", 42, 1)
    assert campaign.captions == Captions(
        style="tiktok",
        position="lower-middle",
        font_size=60,
        active_color="#FFFFFF",
        inactive_color="#FFE135",
        bounce=True,
        bounce_scale=1.15,
    )
    assert campaign.music == Music()
    assert campaign.output.to == "out"
    assert (campaign.providers, campaign.approve, campaign.title) == ({}, (), None)
    assert campaign.budget.per_video is None


EXAMPLE = """\
# yaml-language-server: $schema=./adcli.schema.json
name: glow-serum-spring
template: problem-solution
aspect_ratios: [9:16, 4:5, 1:1]
duration: 15
language: en
seed: 42
product: {name: Glow Serum, description: A serum, url: glow.example, images: [assets/bottle.png],
  benefits: [brighter skin, no shine], audience: busy people}
voiceover_text: Shared words.
characters:
  - id: 1
    name: Maria
    prompt: "woman, 30, freckles, bathroom selfie, morning light"
    image: assets/bottle.png
    voice: Rachel
    script: {hook: "Look at this"}
    hook_action: "leans into the camera"
    voice_settings: {stability: 0.5, similarity_boost: 0.75, style: 0.1, speed: 1.0}
    packshot: bottle
hooks: 1
providers:
  script: anthropic:claude-sonnet-5-5
  portrait: higgsfield:higgsfield-ai/soul/standard
  image: replicate:black-forest-labs/flux-1.1-pro
  animate: replicate:kwaivgi/kling-v2.5-turbo-pro
  voice: elevenlabs:eleven_multilingual_v2
  lipsync: fal:fal-ai/sync-lipsync/v2
  music: local
models: {animate: {negative_prompt: "text, watermark"}}
scenes: {body-2: {prompt: A shelf, voiceover: See, transition: swipe, effects: []}}
captions: {style: tiktok, position: lower-middle, font_size: 60, active_color: white,
  inactive_color: "#FFE135", bounce: true, bounce_scale: 1.15}
title: {text: "Glow", until: 1.8}
music: {prompt: calm piano}
packshots:
  bottle: {image: assets/bottle.png, headline: "Glow by morning", cta: "Shop now", seconds: 2.5}
brand: {colors: ["#E2583C", red], fonts: [], logo: assets/bottle.png}
post: []
output: {to: out, user_id: u1, project_id: p1}
limits: {replicate: {concurrency: 3, per_minute: 300, timeout: 600}, "replicate:animate": {concurrency: 2}}
budget: {per_video: 1.50, total: 40}
approve: [script, images, videos]
prices: {replicate:me/mine: {unit: image, usd: 0.02}}
pins: {maria/hook/animate: 2}
pronunciations: {Glow: gloh}
"""


def test_the_contracts_example_is_valid(load: Load) -> None:
    loaded = load(EXAMPLE)
    campaign = loaded.campaign
    assert campaign.brand.colors == ("#E2583C", "#FF0000")
    assert campaign.characters[0].images == ("assets/bottle.png",)
    assert campaign.limits["replicate:animate"].concurrency == 2
    assert campaign.prices["replicate:me/mine"].usd == 0.02
    packshot = loaded.packshot("bottle")
    assert packshot is not None
    assert packshot.headline == "Glow by morning"
    assert loaded.assets["assets/bottle.png"].width == 64


def test_camel_case_and_the_older_names_mean_the_same(load: Load) -> None:
    camel = load(
        "name: demo\naspectRatios: [1:1]\nvideoDuration: 10\noutputFolder: videos\noutput: {userId: u}\n"
        "voiceoverText: Hi\ncaptions: {useBounce: false, fontSize: 50}\n"
        "characters: [{name: M, hookAction: waves, voiceSettings: {similarityBoost: 0.5}, packshotType: b}]\n"
    ).campaign
    snake = load(
        "name: demo\naspect_ratios: [1:1]\nduration: 10\noutput: {to: videos, user_id: u}\n"
        "voiceover_text: Hi\ncaptions: {bounce: false, font_size: 50}\n"
        "characters: [{name: M, hook_action: waves, voice_settings: {similarity_boost: 0.5}, packshot: b}]\n"
    ).campaign
    assert camel == snake
    assert load(SMALL + "useBounce: false\n").campaign.captions == Captions(bounce=False)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("duration: 10\nvideoDuration: 10\n", 4),
        ("aspect_ratios: [1:1]\naspectRatios: [1:1]\n", 4),
        ("outputFolder: a\noutput: {to: b}\n", 3),
        ("captions: {bounce: true, useBounce: true}\n", 3),
    ],
)
def test_two_spellings_of_one_field_are_an_error(complain: Complain, text: str, line: int) -> None:
    [problem] = complain(SMALL + text)
    assert problem.startswith(f"campaign.yaml:{line}:")
    assert "one spelling" in problem


def test_keys_of_free_maps_are_left_as_written(load: Load) -> None:
    campaign = load(SMALL + "models: {image: {negativePrompt: x}}\npronunciations: {aB: c}\n").campaign
    assert campaign.models == {"image": {"negativePrompt": "x"}}
    assert campaign.pronunciations == {"aB": "c"}


def test_a_json_file_is_a_campaign_too(folder: Path) -> None:
    path = folder / "campaign.json"
    path.write_text(json.dumps({"name": "demo", "characters": [{"name": "Мария"}]}, indent="\t"))
    assert load_campaign(path).campaign.characters[0].name == "Мария"


def test_hooks_may_be_their_lines(load: Load) -> None:
    assert load(SMALL + "hooks: [Stop, Look]\n").campaign.hooks == ("Stop", "Look")


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Мария", "Анна-Лена"], ("mariya", "anna-lena")),
        (["Maria", "maria", "MARIA!"], ("maria", "maria-2", "maria-3")),
        (["!!!", "💥"], ("c1", "boom")),
        (["Campaign"], ("campaign-1",)),
        (["Maria 2", "Maria", "Maria"], ("maria-2", "maria", "maria-3")),
        (["Maria-2", "Maria", "Maria!", "maria"], ("maria-2", "maria", "maria-3", "maria-4")),
        (["x 3", "x", "x"], ("x-3", "x", "x-3-3")),
    ],
)
def test_slugs_are_ascii_and_unique(names: list[str], slugs: tuple[str, ...]) -> None:
    assert character_slugs(tuple(Character(name=name) for name in names)) == slugs


def test_a_slug_that_is_taken_gets_the_characters_own_id() -> None:
    assert character_slugs((Character(name="Eva"), Character(name="Eva", id="blonde"))) == (
        "eva",
        "eva-blonde",
    )


def test_a_campaign_can_be_made_in_code_with_its_defaults() -> None:
    assert Campaign(name="x").hooks == 1


def test_a_colour_name_is_read_however_often_colours_were_used_before() -> None:
    from PIL.ImageColor import getrgb

    from adcli.spec.values import hex_color

    getrgb("tomato")
    assert hex_color("tomato") == hex_color("Tomato") == "#FF6347"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({}, {}),
        ({"style": "tiktok", "font_size": 60.0}, {}),
        ({"style": "box"}, {"style": "box"}),
        ({"style": "box", "font_size": 52.0, "bounce": False}, {"style": "box"}),
        ({"style": "box", "font_size": 60.0}, {"style": "box", "font_size": 60.0}),
        ({"style": "karaoke", "active_color": "white"}, {"style": "karaoke", "active_color": "#FFFFFF"}),
        ({"style": "word", "bounce": False}, {"style": "word", "bounce": False}),
    ],
)
def test_captions_are_told_by_what_differs_from_their_style_and_mean_the_same(
    written: dict[str, Any], told: dict[str, Any]
) -> None:
    captions = Captions.model_validate(written)
    assert captions.model_dump(mode="json", exclude_defaults=True) == told
    assert Captions.model_validate(told) == captions
