"""The campaign that shows every field, with paid services: it plans with no key and no network."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.driving import Done, adcli
from tests.emulator.media import music

EXAMPLE = """
# yaml-language-server: $schema=./adcli.schema.json
name: glow-serum-spring
template: {template}
aspect_ratios: [9:16, 4:5, 1:1]
duration: 15
language: en
seed: 42
product: {{name: Glow Serum, description: a light serum, url: https://glow.example,
  images: [assets/bottle.png], benefits: [calm skin, morning glow], audience: busy parents}}
voiceover_text: Look at this. It works while you sleep. Try it today.
characters:
  - id: 1
    name: Maria
    prompt: "woman, 30, freckles, bathroom selfie, morning light"
    image: assets/maria.png
    voice: Rachel
    script: "My skin was a mess. Then this came along. One drop, every night. Now I glow. Get yours today."
    hook_action: "leans into the camera"
    voice_settings: {{stability: 0.5, similarity_boost: 0.75, style: 0.1, speed: 1.0}}
    packshot: bottle
  - {{id: 2, name: Tom, prompt: "man, 40, beard"}}
hooks: 1
providers:
  portrait: higgsfield:higgsfield-ai/soul/standard
  image: replicate:black-forest-labs/flux-1.1-pro
  animate: replicate:kwaivgi/kling-v2.5-turbo-pro
  voice: elevenlabs:eleven_multilingual_v2
  lipsync: fal:fal-ai/sync-lipsync/v2
  music: local
models: {{animate: {{negative_prompt: "text, watermark"}}}}
scenes: {{body-2: {{prompt: a bottle on a shelf, voiceover: Just one drop., transition: swipe, effects: []}}}}
captions: {{style: tiktok, position: lower-middle, font_size: 60, active_color: white,
  inactive_color: "#FFE135", bounce: true, bounce_scale: 1.15}}
title: {{text: "Glow by morning", until: 1.8}}
music: {{file: assets/bed.mp3}}
packshots:
  bottle: {{image: assets/bottle.png, headline: "Glow by morning", cta: "Shop now", seconds: 2.5}}
brand: {{colors: ["#E2583C"], fonts: [], logo: assets/logo.svg}}
post: []
output: {{to: out, user_id: u1, project_id: p1}}
limits: {{replicate: {{concurrency: 3, per_minute: 300, timeout: 600}},
  "replicate:animate": {{concurrency: 2}}}}
budget: {{per_video: 1.50, total: 40}}
approve: []
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def planned(folder: Path, template: str) -> Done:
    (folder / "assets").mkdir()
    for name in ("bottle", "maria"):
        Image.new("RGB", (600, 800), "teal").save(folder / f"assets/{name}.png")
    (folder / "assets/logo.svg").write_text(LOGO)
    (folder / "assets/bed.mp3").write_bytes(music("bed", 2))
    (folder / "campaign.yaml").write_text(EXAMPLE.format(template=template))
    return adcli("plan", "--json", cwd=folder)


@pytest.mark.parametrize(
    ("template", "stages"),
    [
        ("problem-solution", {"image", "animate", "voice"}),
        ("testimonial", {"image", "animate", "voice", "lipsync"}),
    ],
)
def test_the_campaign_with_every_field_plans_offline(tmp_path: Path, template: str, stages: set[str]) -> None:
    done = planned(tmp_path, template)
    assert done.code == 0, done.err
    document = done.json
    bought = {task["stage"] for task in document["tasks"] if task["max_usd"]}
    assert bought == stages
    assert 1 < document["cost"]["max_usd"] <= 2 * 1.50
    assert document["cost"]["min_usd"] <= document["cost"]["max_usd"]
    made = {task["stage"] for task in document["tasks"]}
    assert "fit" in made
    assert ("conform" in made) == ("lipsync" in stages)


def test_clips_longer_than_services_sell_are_refused_but_not_in_a_draft(tmp_path: Path) -> None:
    scenes = 'scenes: {body-1: {seconds: 12}}\nduration: 30\nproviders: {animate: "fal:MODEL"}\n'
    model = "fal-ai/kling-video/v2.5-turbo/pro/image-to-video"
    head = "name: long\ntemplate: problem-solution\ncharacters: [{name: Maria}]\n"
    (tmp_path / "campaign.yaml").write_text(head + scenes.replace("MODEL", model))
    for command in ("plan", "validate"):
        refused = adcli(command, cwd=tmp_path)
        assert refused.code == 3
        assert "campaign.yaml:4:28: scenes.body-1.seconds: body-1 needs a clip of 12 s" in refused.err
    assert adcli("plan", "--draft", cwd=tmp_path).code == 0
