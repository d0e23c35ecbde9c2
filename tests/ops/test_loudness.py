"""Operation ``loudness`` brings a sound to its target, under a true peak of -1 dBTP after AAC."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.media.audio import measure
from adcli.work import File
from tests.ops import filming as f

pytestmark = pytest.mark.media

SOUNDS = {
    "soft tone": "sine=frequency=440:r=48000,volume=0.2,aformat=channel_layouts=stereo",
    "mono noise": "anoisesrc=c=pink:r=48000:a=0.5:seed=1",
}


@pytest.mark.parametrize("sound", SOUNDS)
@pytest.mark.parametrize("target", [-14.0, -23.0])
def test_a_sound_is_as_loud_as_asked(tmp_path: Path, sound: str, target: float) -> None:
    source = f.video(tmp_path / "loud.mp4", 2.0, size="64x64", sound=SOUNDS[sound])
    found = measure(f.film(tmp_path, source, {"loudness": {"lufs": target}}).path)
    assert found.true_peak <= -1.0
    assert found.integrated == pytest.approx(target, abs=0.5)


def test_the_peak_wins_where_both_cannot_be_had(tmp_path: Path) -> None:
    clicks = "aevalsrc='0.9*sin(2*PI*3000*t)*lt(mod(t,0.25),0.002)':s=48000:c=stereo"
    source = f.video(tmp_path / "hard.mp4", 2.0, size="64x64", sound=clicks)
    made = f.run(tmp_path, source, {"loudness": {"lufs": -8}})
    video = made.outputs["video"]
    assert isinstance(video, File)
    found = measure(video.path)
    assert found.true_peak <= -1.0 and found.integrated < -9
    assert [note for note in made.notes if "-8 can't be had under a peak of -1 dBTP" in note]


def test_the_picture_is_copied(clock: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, "loudness")
    assert f.encoders(made) == 0
    assert f.numbers(made) == list(range(30))


def test_what_follows_is_as_loud_too(clock: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, {"loudness": {"lufs": -20}}, {"trim": {"from": 0.4}})
    assert measure(made.path).integrated == pytest.approx(-20, abs=0.5)


def test_silence_stays_silent(tmp_path: Path) -> None:
    source = f.video(tmp_path / "mute.mp4", 0.5, sound=None)
    made = f.film(tmp_path, source, "loudness")
    assert measure(made.path).is_silent
