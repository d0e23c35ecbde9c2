"""The mastered track: loudness, peak, length and place of every line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from adcli.errors import TaskFailed
from adcli.media.audio import measure
from adcli.providers.local.bed.compose import compose
from adcli.stages import master
from adcli.work import Made
from tests.sound.making import file_of, make, write_wav

pytestmark = pytest.mark.media

RATE = 48_000
FRAMES = 136


def speech(seconds: float, seed: int = 1) -> NDArray[np.float64]:
    """Something as lively as a voice: syllables of a buzzing tone with breathy noise."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 140 * h * time) / h for h in range(1, 14))
    syllables = np.clip(np.sin(2 * np.pi * 3.7 * time), 0, None) ** 1.5
    return np.asarray(0.16 * syllables * (tone + 0.3 * rng.standard_normal(len(time))))


def beat(seconds: float, level: float) -> NDArray[np.float64]:
    """A hard, peaky beat."""
    rng = np.random.default_rng(2)
    time = np.arange(round(seconds * RATE)) / RATE
    kick = np.sin(2 * np.pi * 60 * time) * np.exp(-(time % 0.5) * 9)
    hat = rng.standard_normal(len(time)) * np.exp(-(time % 0.25) * 40)
    return np.stack([kick + 0.3 * hat, kick - 0.3 * hat], axis=1) * level


def mastered(
    tmp_path: Path,
    lines: dict[float, NDArray[Any]],
    music: NDArray[Any] | None,
    frames: int = FRAMES,
    **params: Any,
) -> Made:
    tmp_path.mkdir(exist_ok=True)
    inputs = [write_wav(tmp_path / f"line{n}.wav", line) for n, line in enumerate(lines.values())]
    asked: dict[str, Any] = {
        "frames": frames,
        "lines": [{"audio": {"$input": n}, "start": start} for n, start in enumerate(lines)],
        **params,
    }
    if music is not None:
        asked["music"] = {"$input": len(inputs)}
        inputs.append(write_wav(tmp_path / "music.wav", music))
    return make(master.make, asked, tmp_path / "work", inputs)


def decoded(path: Path) -> NDArray[np.float64]:
    """Left and right as a player hears them."""
    with av.open(str(path)) as file:
        parts = [frame.to_ndarray() for frame in file.decode(audio=0)]
    return np.concatenate(parts, axis=1).T.astype(np.float64)


VOICE = {0.1: speech(1.6), 2.2: speech(1.8, 3)}


@pytest.mark.parametrize(
    ("lines", "music"),
    [
        (VOICE, compose("drive", FRAMES / 30, 1)),
        (VOICE, None),
        ({}, compose("calm", FRAMES / 30, 1)),
        (VOICE, beat(3.0, 0.004)),
        (VOICE, beat(9.0, 6.0)),
        ({}, beat(9.0, 0.004)),
        ({}, beat(9.0, 6.0)),
    ],
    ids=["voice+bed", "voice", "bed", "voice+faint", "voice+loud", "faint", "loud"],
)
def test_loudness_and_peak_are_kept_after_aac(
    tmp_path: Path, lines: dict[float, NDArray[Any]], music: NDArray[Any] | None
) -> None:
    made = mastered(tmp_path, lines, music)
    heard = measure(file_of(made, "audio").path)
    assert abs(heard.integrated + 14) <= 0.5
    assert heard.true_peak <= -1.0
    assert made.notes == ()


@pytest.mark.parametrize("frames", [151, 450])
def test_the_track_is_exactly_as_long_as_the_video(tmp_path: Path, frames: int) -> None:
    made = mastered(tmp_path, {0.1: speech(1.0)}, None, frames)
    with av.open(str(file_of(made, "audio").path)) as file:
        stream = file.streams.audio[0]
        assert stream.start_time == 0
        assert stream.duration == frames * 1600
        assert stream.time_base == Fraction(1, RATE)
        assert stream.rate == RATE
        assert (stream.codec.name, stream.profile, stream.layout.name) == ("aac", "LC", "stereo")


def test_the_same_material_gives_the_same_bytes(tmp_path: Path) -> None:
    tracks = [mastered(tmp_path / name, {0.1: speech(1.0)}, beat(4.0, 0.3), 90) for name in ("a", "b")]
    first, second = (file_of(track, "audio").path.read_bytes() for track in tracks)
    assert first == second


def test_a_line_is_heard_at_its_sample(tmp_path: Path) -> None:
    line = speech(1.0)
    track = decoded(file_of(mastered(tmp_path, {1.5: line}, None, 120), "audio").path)[:, 0]
    size = 1 << 18
    lag = np.fft.irfft(np.fft.rfft(track, size) * np.conj(np.fft.rfft(line, size)), size)
    assert abs(int(np.argmax(lag)) - round(1.5 * RATE)) <= 2


def band(samples: NDArray[np.float64], hertz: float) -> float:
    """Level of one tone in a stretch of sound."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    at = round(hertz * len(samples) / RATE)
    return float(spectrum[at - 3 : at + 4].max() / len(samples))


def test_music_is_ducked_under_the_voice_loops_and_fades_out(tmp_path: Path) -> None:
    tone = np.sin(2 * np.pi * 5000 * np.arange(round(2.03 * RATE)) / RATE) * 0.2
    line = np.sin(2 * np.pi * 300 * np.arange(2 * RATE) / RATE) * 0.2
    made = mastered(tmp_path, {2.0: line}, np.stack([tone, tone], axis=1), 240)
    track = decoded(file_of(made, "audio").path)[:, 0]

    def music(at: float) -> float:
        return band(track[round(at * RATE) : round((at + 0.25) * RATE)], 5000)

    assert music(3.0) < 0.6 * music(1.2)
    assert music(5.5) == pytest.approx(music(1.2), rel=0.3)
    assert music(7.7) < 0.4 * music(5.5)
    assert np.abs(track[239 * 1600 + 1400 : 240 * 1600]).max() < 0.01


@pytest.mark.parametrize(("seconds", "fades"), [(4.0, False), (6.0, True), (2.5, True)])
def test_music_made_to_measure_keeps_its_own_end(tmp_path: Path, seconds: float, *, fades: bool) -> None:
    tone = np.sin(2 * np.pi * 997 * np.arange(round(seconds * RATE)) / RATE) * 0.2
    track = decoded(file_of(mastered(tmp_path, {}, np.stack([tone, tone], axis=1), 120), "audio").path)[:, 0]
    late, middle = (np.abs(track[round(at * RATE) : round((at + 0.1) * RATE)]).max() for at in (3.85, 1.2))
    assert (late < 0.5 * middle) == fades


def test_the_seam_of_looped_music_does_not_click(tmp_path: Path) -> None:
    tone = np.sin(2 * np.pi * 200 * np.arange(round(1.013 * RATE)) / RATE) * 0.2
    track = decoded(file_of(mastered(tmp_path, {}, np.stack([tone, tone], axis=1), 150), "audio").path)
    assert np.abs(np.diff(track[RATE // 2 : 4 * RATE], axis=0)).max() < 0.03


def test_music_gain_moves_the_music_under_the_voice(tmp_path: Path) -> None:
    tone = np.stack([np.sin(2 * np.pi * 5000 * np.arange(4 * RATE) / RATE) * 0.2] * 2, axis=1)
    line = np.sin(2 * np.pi * 300 * np.arange(2 * RATE) / RATE) * 0.2
    levels = []
    for gain in (0, -6):
        made = mastered(tmp_path / str(gain), {0.5: line}, tone, 120, music_gain=gain)
        track = decoded(file_of(made, "audio").path)[:, 0]
        levels.append(band(track[RATE : 2 * RATE], 5000))
    assert levels[1] < 0.62 * levels[0]


def test_a_louder_target_is_met(tmp_path: Path) -> None:
    made = mastered(tmp_path, VOICE, None, lufs=-16)
    assert abs(measure(file_of(made, "audio").path).integrated + 16) <= 0.5


@pytest.mark.parametrize("lines", [{}, {0.5: np.zeros(RATE)}], ids=["no lines", "timed silence"])
def test_an_ad_without_sound_has_a_silent_track_and_says_so(
    tmp_path: Path, lines: dict[float, NDArray[Any]]
) -> None:
    made = mastered(tmp_path, lines, None)
    assert not decoded(file_of(made, "audio").path).any()
    assert made.notes == ("the ad has no sound: its track is silent",)
    with av.open(str(file_of(made, "audio").path)) as file:
        assert file.streams.audio[0].duration == FRAMES * 1600


def test_a_silent_voice_leaves_the_music_at_the_target(tmp_path: Path) -> None:
    made = mastered(tmp_path, {0.5: np.zeros(RATE)}, compose("warm", 6.0, 1))
    assert abs(measure(file_of(made, "audio").path).integrated + 14) <= 0.5


def test_a_line_that_cannot_be_read_fails(tmp_path: Path) -> None:
    broken = tmp_path / "line.wav"
    broken.write_bytes(b"no sound")
    asked = {"frames": 90, "lines": [{"audio": {"$input": 0}, "start": 0.1}]}
    with pytest.raises(TaskFailed):
        make(master.make, asked, tmp_path / "work", [broken])
