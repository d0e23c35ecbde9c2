"""Kept files as people get them: real pictures, clips that play, the voice alone, texts that can be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import av
import numpy as np
import pytest
import yaml
from PIL import Image

from adcli.media.probe import probe
from adcli.stages import clip, narration, picture, screenplay, subtitles
from adcli.work import File
from tests.media import rendering as r
from tests.media.test_conform import first_sound, heard, length, line
from tests.media.test_srt import read

pytestmark = pytest.mark.media


def made(stage: ModuleType, folder: Path, output: str, files: Sequence[Path], **params: Any) -> File:
    given = {**stage.SPEC.defaults, **params}
    found = stage.make(r.job(given, [r.artifact(file) for file in files], folder / "work")).outputs[output]
    assert isinstance(found, File)
    return found


@pytest.mark.parametrize(("at", "shown"), [(0.0, [0, 1, 2, 3]), (0.5, [15, 16, 17, 18])])
def test_a_clip_is_what_its_scene_shows_and_plays(tmp_path: Path, at: float, shown: list[int]) -> None:
    source = r.counted(tmp_path / "clip.mp4", 30, "30", "64x64", "-f", "mp4")
    found = made(clip, tmp_path, "clip", [source], clip={"$input": 0}, frames=4, at=at)
    assert r.numbers(r.decoded(found.path)) == shown
    seen = probe(found.path)
    assert (seen.frames, seen.codec, seen.pix_fmt, seen.audio_duration) == (4, "h264", "yuv420p", None)
    assert (seen.width, seen.height) == (64, 64)


def test_a_camera_move_is_kept_as_an_upright_video(tmp_path: Path) -> None:
    image = r.picture(tmp_path / "photo.png", 540, 960)
    view = {"x": 0.5, "y": 0.5, "zoom": 1.0}
    move = r.move(tmp_path / "clip.zip", image, view, view | {"zoom": 1.2})
    found = probe(made(clip, tmp_path, "clip", [move], clip={"$input": 0}, frames=5).path)
    assert (found.width, found.height, found.frames) == (1080, 1920, 5)


@pytest.mark.parametrize(("suffix", "mode"), [("jpg", "RGB"), ("webp", "RGB"), ("png", "RGBA")])
def test_a_picture_of_any_kind_is_kept_as_png(tmp_path: Path, suffix: str, mode: str) -> None:
    source = tmp_path / f"photo.{suffix}"
    photo = Image.new(mode, (48, 64), "teal")
    if mode == "RGBA":
        photo.putalpha(Image.linear_gradient("L").resize((48, 64)))
    photo.save(source)
    found = made(picture, tmp_path, "image", [source], image={"$input": 0})
    with Image.open(found.path) as kept:
        assert (kept.format, kept.size, kept.mode) == ("PNG", (48, 64), mode)
        assert r.near(kept.convert("RGB").getpixel((10, 60)), (0, 128, 128), 6)


def test_a_packshot_is_kept_as_it_stands_in_the_first_ratio(tmp_path: Path) -> None:
    spec = {"headline": "Glow by morning", "cta": "Shop now", "colors": ["#E2583C"]}
    found = made(picture, tmp_path, "image", [], packshot=spec, ratio="1:1")
    with Image.open(found.path) as kept:
        assert (kept.format, kept.size, kept.mode) == ("PNG", (1080, 1080), "RGB")
        assert len(set(kept.resize((60, 60)).getdata())) > 50


def test_the_voice_is_as_long_as_the_ad_and_each_line_at_its_place(tmp_path: Path) -> None:
    spoken = line(tmp_path / "line.wav", 0.5)
    rows = [{"audio": {"$input": 0}, "start": 0.4}, {"audio": {"$input": 0}, "start": 1.7}]
    found = made(narration, tmp_path, "audio", [spoken], frames=75, lines=rows)
    assert length(found.path) == 75 / 30
    samples = heard(found.path)
    assert first_sound(samples) == pytest.approx(0.4, abs=0.003)
    assert first_sound(samples[48_000:]) == pytest.approx(0.7, abs=0.003)
    assert np.abs(samples[: round(0.38 * 48_000)]).max() < 1e-3


def test_subtitles_follow_the_words_of_every_line(tmp_path: Path) -> None:
    words = json.dumps(
        [{"text": t, "start": n * 0.3, "end": n * 0.3 + 0.3} for n, t in enumerate(["Oh", "yes."])]
    )
    rows = [{"words": words, "start": 0.4}, {"words": words, "start": 2.0}]
    found = made(subtitles, tmp_path, "srt", [], lines=rows, seconds=4)
    cues = read(found.path.read_text(encoding="utf-8"))
    assert [cue.lines for cue in cues] == [("Oh yes.",), ("Oh yes.",)]
    assert [cue.start for cue in cues] == pytest.approx([0.4, 2.0], abs=0.26)


def test_the_script_is_yaml_in_the_order_of_the_ad(tmp_path: Path) -> None:
    rows = [
        {"scene": "hook", "start": 0, "end": 1.8333333333, "voiceover": "Überzeugt: 「是」", "text": ""},
        {"scene": "cta", "start": 1.8333333333, "end": 5, "cta": "yes"},
    ]
    head = {"ad": "maria", "character": "Maria", "language": "en", "seconds": 5}
    found = made(screenplay, tmp_path, "yaml", [], **head, scenes=rows)
    text = found.path.read_text(encoding="utf-8")
    assert yaml.safe_load(text) == head | {
        "scenes": [
            {"scene": "hook", "start": 0, "end": 1.833, "voiceover": "Überzeugt: 「是」"},
            {"scene": "cta", "start": 1.833, "end": 5, "cta": "yes"},
        ]
    }
    assert text.startswith("ad: maria\n")
    assert "Überzeugt" in text


def test_the_file_says_how_fast_its_clip_plays(tmp_path: Path) -> None:
    found = made(
        clip, tmp_path, "clip", [r.counted(tmp_path / "a.mp4", 9, "15")], clip={"$input": 0}, frames=12
    )
    with av.open(str(found.path)) as container:
        assert container.streams.video[0].average_rate == 30
        assert container.duration == pytest.approx(400_000, abs=1000)
