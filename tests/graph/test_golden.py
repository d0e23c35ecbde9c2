"""Hashes and defaults that users' finished work hangs on: a change here makes everybody's ads again.

If a test of this file fails, the change either has to go, or the version of the stage (in its file) or of the
provider's stage (in the provider's ``SPEC``) has to be raised, and then the new hash is written here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.graph.expand import expand
from adcli.graph.task import Graph
from adcli.registry import catalogue
from adcli.spec.load import load_campaign

TEMPLATE = """
name: fixed
kind: archetype
title: Fixed
description: for the golden test
seconds: {min: 5, ideal: 7, max: 10}
scenes:
  - {id: open, role: hook, visual: animated, seconds: {min: 2, ideal: 2, max: 2}, camera: selfie,
     motion: push-in, prompt: "{character} with {product}", speaks: true,
     slots: {voiceover: {}, text: {max_words: 5}, image_prompt: {}}}
  - {id: again, role: body, visual: animated, seconds: {min: 2, ideal: 3, max: 4}, camera: close,
     motion: pan left, prompt: "{product}", transition: cut, slots: {voiceover: {}, image_prompt: {}}}
  - {id: close, role: cta, visual: packshot, seconds: {min: 2, ideal: 2, max: 2}, transition: swipe,
     slots: {headline: {max_words: 4}, cta: {max_words: 3}}}
"""
CAMPAIGN = """
name: golden
template: ./fixed.yaml
duration: 7
aspect_ratios: [1:1]
product: {name: Glow, images: [bottle.png]}
characters: [{name: Maria, prompt: woman}]
scenes: {body-1: {prompt: a shelf, voiceover: "Calm skin."}}
providers: {image: "replicate:black-forest-labs/flux-1.1-pro"}
"""
VERSIONS_AND_DEFAULTS = {
    "animate": (1, {}),
    "assemble": (3, {"platform": "universal", "max_mb": None, "finished": True}),
    "clip": (1, {"at": 0, "zoom": 1}),
    "compose": (1, {}),
    "conform": (1, {}),
    "effects": (1, {"at": 0, "zoom": 1}),
    "fetch": (1, {}),
    "fit": (1, {}),
    "image": (1, {}),
    "lipsync": (1, {}),
    "master": (2, {"lufs": -14, "music_gain": 0}),
    "matte": (1, {}),
    "music": (1, {}),
    "narration": (1, {}),
    "original": (1, {"text": None}),
    "picture": (1, {"platform": "universal"}),
    "portrait": (1, {}),
    "post": (
        1,
        {
            "quality": "final",
            "fit": "crop",
            "platform": "universal",
            "poster_at": 1,
            "max_mb": None,
            "finished": True,
            "strict": False,
        },
    ),
    "publish": (1, {"platform": "universal"}),
    "reframe": (1, {"at": 0}),
    "scene": (
        3,
        {"quality": "final", "platform": "universal", "fit": "crop", "transition": "cut", "at": 0, "zoom": 1},
    ),
    "screenplay": (1, {}),
    "script": (1, {}),
    "sound": (1, {}),
    "still": (2, {"fit": "crop"}),
    "subtitles": (1, {}),
    "transcribe": (1, {}),
    "voice": (1, {}),
}
RECIPES = {
    "campaign/music": "1698c87f8c82378e",
    "maria/script": "3a91fc17184264f2",
    "maria/hook/voice": "5c69d797db23afec",
    "maria/body-1/voice": "428e22eab70e664e",
    "maria/hook/image": "6f1e3d2b426ef2b9",
    "maria/hook/animate": "02f97323f8595116",
    "maria/hook/lipsync": "03e0ae91abd9fe40",
    "maria/body-1/image": "8036886069a2b8e8",
    "maria/body-1/animate": "2582be7072479eca",
    "maria/master": "7e87210682e09889",
    "maria/hook/scene@1x1": "43cd09d6050c978b",
    "maria/body-1/scene@1x1": "a0dad11092fe2892",
    "maria/cta/scene@1x1": "71ab3e4245d8f719",
    "maria/assemble@1x1": "9b035089dd227ce6",
    "maria/publish@1x1": "01a67fe593640eec",
}


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    (tmp_path / "fixed.yaml").write_text(TEMPLATE)
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN)
    (tmp_path / "bottle.png").write_bytes(picture())
    return expand(load_campaign(tmp_path / "campaign.yaml"), catalogue())


def picture() -> bytes:
    """A PNG that is the same bytes with every version of every library."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * 8 for _ in range(8))
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(rows), len(rows) ^ 0xFFFF) + rows
    stored += struct.pack(">I", zlib.adler32(rows))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", stored) + chunk(b"IEND", b"")


def test_recipes_hold(graph: Graph) -> None:
    assert {name: task.recipe[:16] for name, task in graph.tasks.items()} == RECIPES


def test_versions_and_defaults_belong_together() -> None:
    specs = catalogue().stages
    found = {name: (spec.version, dict(spec.defaults)) for name, spec in specs.items()}
    assert found == VERSIONS_AND_DEFAULTS


def test_params_hold_no_path_label_or_destination(graph: Graph) -> None:
    for task in graph.tasks.values():
        text = str(task.params)
        assert "golden" not in text, task.id
        assert "bottle.png" not in text, task.id
        assert "/" not in task.params.get("name", ""), task.id
