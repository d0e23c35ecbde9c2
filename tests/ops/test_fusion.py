"""Operations that follow each other are encoded once, and look as if each had been made by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adcli.media import ffmpeg
from adcli.media.probe import probe
from tests.ops import filming as f

pytestmark = pytest.mark.media

COUNTING = """#!/bin/sh
echo "$@" >> "{log}"
exec "{real}" "$@"
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of every ffmpeg that is started from now on."""
    log, script = tmp_path / "calls.log", tmp_path / "counting-ffmpeg"
    script.write_text(COUNTING.format(log=log, real=ffmpeg.find_ffmpeg()))
    script.chmod(0o755)
    log.touch()
    monkeypatch.setenv("ADCLI_FFMPEG", str(script))
    return log


def video_encoders(log: Path) -> int:
    """How many H.264 streams the calls of a log have made."""
    return sum(line.count("-c:v libx264") for line in log.read_text().splitlines())


def sound_encoders(log: Path) -> int:
    return sum(line.count("-c:a aac") for line in log.read_text().splitlines())


CHAIN: list[f.Step] = [
    {"trim": {"from": 0.2, "to": 1.4}},
    {"crop": {"width": "90%", "height": "90%"}},
    {"colour": {"contrast": 1.1, "warmth": 0.2}},
    {"speed": {"factor": 1.2}},
    {"crop": {"ratio": "4:5"}},
    {"watermark": {"text": "@glow"}},
    {"title": {"text": "Glow by morning", "until": 0.8}},
    {"fade": {"in": 0.1, "out": 0.1}},
]


@pytest.fixture(scope="module")
def moving(folder: Path) -> Path:
    source = "gradients=s={size}:r={rate}:d={seconds}:speed=0.05:seed=3:c0=#d05030:c1=#3060a0:c2=#f0e0c0:n=3"
    return f.video(folder / "moving.mp4", 1.6, source=source)


def test_a_chain_of_eight_operations_is_encoded_once(moving: Path, tmp_path: Path, calls: Path) -> None:
    made = f.film(tmp_path, moving, *CHAIN)
    assert video_encoders(calls) == 1 == f.encoders(made)
    assert sound_encoders(calls) == 1


def test_a_fused_chain_looks_like_its_steps_one_by_one(moving: Path, tmp_path: Path) -> None:
    fused = f.film(tmp_path, moving, *CHAIN, quality="max")
    step = moving
    for number, entry in enumerate(CHAIN):
        step = f.film(tmp_path / str(number), step, entry, quality="max").path
    assert probe(step).frames == fused.meta["frames"]
    graph = "[0:v][1:v]ssim=stats_file=ssim.txt"
    said = ["-v", "error", "-i", str(fused.path), "-i", str(step), "-lavfi", graph, "-f", "null", "-"]
    ffmpeg.run(said, cwd=tmp_path, timeout=60)
    found = [float(one) for one in re.findall(r"All:([\d.]+)", (tmp_path / "ssim.txt").read_text())]
    assert len(found) == fused.meta["frames"]
    assert min(found) >= 0.98, found


def test_a_chain_on_the_sound_alone_encodes_no_picture(
    clock: Path, tune: Path, voice: Path, tmp_path: Path, calls: Path
) -> None:
    chain: list[f.Step] = [
        {"voiceover": {"file": voice}},
        {"music": {"file": tune}},
        {"fade": {"of": "sound", "in": 0, "out": 0.2}},
        {"loudness": {"lufs": -16}},
    ]
    made = f.film(tmp_path, clock, *chain)
    assert video_encoders(calls) == 0 == f.encoders(made)
    assert f.numbers(made) == list(range(30))


def test_a_picture_of_another_form_is_encoded_even_for_its_sound(tmp_path: Path, calls: Path) -> None:
    source = f.video(tmp_path / "film.mp4", 0.5, rate="24")
    calls.write_text("")
    assert f.encoders(f.film(tmp_path, source, "loudness")) == 1 == video_encoders(calls)


def test_a_sound_that_nothing_touches_is_copied(tmp_path: Path, wide: Path) -> None:
    """As long as it is AAC of 48 kHz stereo and as long as the picture: so is what adcli makes."""
    first = f.film(tmp_path, wide, {"loudness": {"lufs": -20}}).path
    second = f.film(tmp_path, first, {"crop": {"ratio": "1:1"}}).path
    assert packets(first) == packets(second)


def packets(path: Path) -> list[bytes]:
    import av

    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]
