"""Operation ``music`` lays a bed under the sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adcli.errors import TaskFailed
from adcli.media.audio import measure
from tests.ops import filming as f

pytestmark = pytest.mark.media

SPOKEN = "aevalsrc='0.3*sin(2*PI*300*t)*between(mod(t,2),0.2,1.0)':s=48000:c=stereo"


def strength(sound: np.ndarray, hertz: float) -> float:
    """Level of one frequency in dB."""
    time = np.arange(len(sound)) / f.RATE
    found = np.abs(np.mean(sound[:, 0] * np.exp(-2j * np.pi * hertz * time)))
    return float(20 * np.log10(found + 1e-9))


def test_music_steps_back_while_somebody_speaks(tune: Path, tmp_path: Path) -> None:
    source = f.video(tmp_path / "spoken.mp4", 2.0, size="64x64", sound=SPOKEN)
    made = f.film(tmp_path, source, {"music": {"file": tune}})
    sound = f.samples(made)
    spoken, pause = sound[f.RATE * 4 // 10 : f.RATE * 9 // 10], sound[f.RATE * 15 // 10 : f.RATE * 18 // 10]
    assert strength(spoken, 1320) < strength(pause, 1320) - 5
    assert strength(spoken, 300) > strength(spoken, 1320) + 10
    found = measure(made.path)
    assert found.integrated == pytest.approx(-14, abs=0.5) and found.true_peak <= -1.0


def test_music_alone_takes_the_place_of_the_sound(clock: Path, tune: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, clock, {"music": {"file": tune, "alone": True}}))
    assert f.pitch(sound) == pytest.approx(1320, abs=6)
    assert strength(sound[: f.RATE // 2], 440) < strength(sound[: f.RATE // 2], 1320) - 40


def test_its_gain_moves_it(clock: Path, tune: Path, tmp_path: Path) -> None:
    apart = []
    for gain in (-12.0, 6.0):
        sound = f.samples(f.film(tmp_path, clock, {"music": {"file": tune, "gain": gain}}))[: f.RATE // 2]
        apart.append(strength(sound, 1320) - strength(sound, 440))
    assert apart[1] - apart[0] == pytest.approx(18, abs=1.5)


def test_the_picture_is_copied(clock: Path, tune: Path, tmp_path: Path) -> None:
    assert f.encoders(f.film(tmp_path, clock, {"music": {"file": tune}})) == 0


def test_a_short_piece_is_looped(tmp_path: Path, voice: Path) -> None:
    source = f.video(tmp_path / "long.mp4", 1.6, size="64x64", sound=None)
    sound = f.samples(f.film(tmp_path, source, {"music": {"file": voice}}))
    parts = [f.level(sound[n * 4800 : (n + 1) * 4800]) for n in range(12)]
    assert min(parts) > -40, parts


def test_a_file_without_a_sound_is_refused(clock: Path, tmp_path: Path) -> None:
    mute = f.video(tmp_path / "mute.mp4", 0.3, size="64x64", sound=None)
    with pytest.raises(TaskFailed, match=r"the music, mute\.mp4, has no sound"):
        f.film(tmp_path, clock, {"music": {"file": mute}})
