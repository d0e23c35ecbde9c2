"""Music: composed beds and given pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from adcli.errors import TaskFailed
from adcli.keys import digest
from adcli.providers.local import music
from adcli.providers.local.bed import STYLES, compose
from tests.sound.making import file_of, make, python, read_wav, write_wav

ALL = pytest.mark.parametrize("style", sorted(STYLES))


def level(part: NDArray[Any]) -> float:
    return float(np.sqrt(np.square(part, dtype=np.float64).mean()))


@ALL
@pytest.mark.parametrize("seconds", [1.0, 5.0, 7.3])
def test_a_bed_is_exactly_as_long_as_asked(style: str, seconds: float) -> None:
    assert compose(style, seconds, 42).shape == (round(seconds * 48_000), 2)


@ALL
def test_a_bed_has_no_clicks_starts_softly_and_ends_in_silence(style: str) -> None:
    bed = compose(style, 8.0, 7)
    assert np.abs(np.diff(bed, axis=0)).max() < 0.12
    assert np.abs(bed).max() <= 10 ** (-6 / 20)
    assert np.abs(bed[:48]).max() < 0.001
    assert np.abs(bed[-480:]).max() < 0.001
    assert level(bed[48_000 : 7 * 48_000]) > 0.03


@ALL
def test_a_bed_is_wide_and_moves(style: str) -> None:
    bed = compose(style, 8.0, 7)
    assert np.corrcoef(bed[:, 0], bed[:, 1])[0, 1] < 0.97
    steps = [level(bed[at : at + 4800]) for at in range(48_000, 6 * 48_000, 4800)]
    assert max(steps) > 1.3 * min(steps)
    spectrum = np.abs(np.fft.rfft(bed[96_000:192_000].mean(axis=1)))
    assert (spectrum > spectrum.max() / 100).sum() > 30


def test_a_seed_always_gives_the_same_bed_and_another_seed_another() -> None:
    code = (
        "from adcli.keys import digest; from adcli.providers.local.bed import compose\n"
        "print(digest(compose('warm', 3.0, 5).tobytes()), end='')"
    )
    assert digest(compose("warm", 3.0, 5).tobytes()) == python(code)
    assert compose("warm", 3.0, 6).tobytes() != compose("warm", 3.0, 5).tobytes()


@pytest.mark.parametrize(
    ("prompt", "mood", "style"),
    [
        ("", "", "warm"),
        ("Upbeat, driving pop", "", "drive"),
        ("", "calm", "calm"),
        ("sunny summer tune", "", "bright"),
        ("cinematic tension", "", "dark"),
        ("gentle piano", "surprise, playful", "calm"),
        ("", "satisfaction, clear, visual", "bright"),
    ],
)
def test_words_of_prompt_and_mood_choose_the_style(prompt: str, mood: str, style: str) -> None:
    params = music.body({"prompt": prompt, "mood": mood, "seconds": 15.0, "seed": 1})
    assert params == {"style": style, "seconds": 15.0, "seed": 1}


def test_a_composed_bed_is_written_as_stereo(tmp_path: Path) -> None:
    made = make(music.make, {"style": "calm", "seconds": 2.0, "seed": 1}, tmp_path)
    samples, rate = read_wav(file_of(made, "audio").path)
    assert (samples.shape, rate) == ((96_000, 2), 48_000)
    assert made.notes == ("music: a calm bed made on this machine",)


@pytest.mark.media
def test_a_given_piece_becomes_stereo_at_48_khz(tmp_path: Path) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100)
    source = write_wav(tmp_path / "it's, [a] song.wav", tone, 44_100)
    params = music.body({"file": {"$input": 0}})
    first, second = (make(music.make, params, tmp_path / name, [source]) for name in ("a", "b"))
    samples, rate = read_wav(file_of(first, "audio").path)
    assert rate == 48_000
    assert samples.shape[1] == 2
    assert abs(len(samples) - 48_000) < 50
    assert level(samples) > 0.1
    assert file_of(first, "audio").path.read_bytes() == file_of(second, "audio").path.read_bytes()


@pytest.mark.media
@pytest.mark.parametrize(
    "content",
    [b"", b"not a sound at all", b"ffconcat version 1.0\nfile /etc/hostname\n", b"RIFF\x00\x00\x00\x00WAVE"],
)
def test_a_piece_that_cannot_be_read_fails_with_a_reason(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "bed.mp3"
    source.write_bytes(content)
    with pytest.raises(TaskFailed, match=r"bed\.mp3 has no sound that can be read") as caught:
        make(music.make, {"file": {"$input": 0}}, tmp_path / "work", [source])
    assert "MP3" in str(caught.value.hint)
