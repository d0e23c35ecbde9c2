"""Music and effects in a mix with a real voice: how loud they are heard, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from adcli.media import audio, duck
from adcli.media.sounds import EFFECTS, Sound, lay_sounds
from adcli.providers.local import voice
from adcli.providers.local.bed.compose import compose
from adcli.providers.local.bed.moods import MOODS
from adcli.stages.scene import TRANSITIONS
from adcli.units import FPS, Lufs
from tests.sound.making import file_of, make, write_wav

pytestmark = pytest.mark.media

RATE, FRAMES = 48_000, 300
STARTS = (0.1, 5.3)
LINES = ("Still drinking warm water at noon?", "No leaks in your bag, and light enough to carry.")
Samples = NDArray[Any]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> tuple[audio.Line, ...]:
    """Two lines that the draft's voice speaks, with a gap of more than two seconds between them."""
    folder = tmp_path_factory.mktemp("voice")
    character = {"id": "maria", "name": "Maria", "prompt": "woman, 30"}
    fields = {"language": "en", "voice": None, "character": character, "settings": {}, "seed": 42}
    spoken = []
    for number, (text, start) in enumerate(zip(LINES, STARTS, strict=True)):
        params = voice.body(fields | {"text": text, "seconds": 3.6, "pronunciations": {}, "max_chars": None})
        made = make(voice.make, params, folder / str(number))
        spoken.append(audio.Line(file_of(made, "audio").path, start))
    return tuple(spoken)


def mixed(folder: Path, lines: tuple[audio.Line, ...], music: Path | None, *sounds: Sound) -> Samples:
    """The mix before its loudness is set, whose parts can be told by what is missing without them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = audio.mix(audio.Track(folder, FRAMES, lines, music, sounds=sounds))
    assert made is not None
    return np.fromfile(made.path, "<f4").reshape(-1, 2)


def heard(folder: Path, part: Samples) -> float:
    """Integrated loudness as ffmpeg measures it."""
    return audio.measure(write_wav(folder / "part.wav", part)).integrated


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_music_lies_twelve_lu_under_the_voice_and_comes_up_in_gaps(
    tmp_path: Path, lines: tuple[audio.Line, ...], mood: str
) -> None:
    music = write_wav(tmp_path / "music.wav", compose(mood, 10.0, 42, packshot=8.4))
    voice = mixed(tmp_path / "voice", lines, None)
    part = mixed(tmp_path / "both", lines, music) - voice
    first, second = duck.speech(voice[:, 0])
    spoken = np.concatenate([part[span.start : span.end] for span in (first, second)])
    said = np.concatenate([voice[span.start : span.end] for span in (first, second)])
    under = heard(tmp_path, said) - heard(tmp_path, spoken)
    assert under == pytest.approx(12, abs=1.5)
    gap = part[first.end + round(0.6 * RATE) : second.start - round(0.25 * RATE)]
    assert heard(tmp_path, said) - heard(tmp_path, gap) == pytest.approx(under - duck.DEPTH, abs=3.5)


def test_the_step_back_is_smooth_and_ends_where_the_voice_does() -> None:
    spans = [duck.Span(RATE, 2 * RATE), duck.Span(round(2.9 * RATE), 4 * RATE)]
    back = duck.stepping_back(spans, 6 * RATE)
    assert back[: round(0.79 * RATE)].max() == 0
    for span in spans:
        assert back[span.start : span.end].min() == 1
    assert back[round(4.6 * RATE) :].max() == 0
    assert back[2 * RATE : round(2.9 * RATE)].min() < 0.2
    assert np.abs(np.diff(back)).max() < 2 / (duck.GAP * RATE * 0.3)


def test_speech_is_found_with_its_short_pauses() -> None:
    rng = np.random.default_rng(1)
    voice = (rng.standard_normal(5 * RATE) * 1e-4).astype(np.float32)
    for start, end in ((0.5, 1.0), (1.3, 2.0), (3.0, 4.0)):
        at = slice(round(start * RATE), round(end * RATE))
        voice[at] += (0.2 * rng.standard_normal(at.stop - at.start)).astype(np.float32)
    found = [(span.start / RATE, span.end / RATE) for span in duck.speech(voice)]
    assert found == [pytest.approx((0.5, 2.0), abs=0.011), pytest.approx((3.0, 4.0), abs=0.011)]
    assert duck.speech(np.zeros(RATE, np.float32)) == []


def test_our_loudness_is_ffmpegs(tmp_path: Path, lines: tuple[audio.Line, ...]) -> None:
    time = np.arange(4 * RATE) / RATE
    for hertz in (60, 997, 6000):
        tone = np.stack([0.2 * np.sin(2 * np.pi * hertz * time)] * 2, axis=1).astype(np.float32)
        ours = duck.loudness(duck.heard_power(tone), [duck.Span(0, len(tone))])
        assert ours == pytest.approx(heard(tmp_path, tone), abs=0.15)


ALL = tuple(Sound(name, 0.5 + 1.1 * at) for at, name in enumerate(EFFECTS))


@pytest.mark.parametrize("sound", ALL, ids=lambda sound: sound.name)
def test_an_effect_lies_where_it_is_asked_for_and_nowhere_else(
    tmp_path: Path, lines: tuple[audio.Line, ...], sound: Sound
) -> None:
    without = mixed(tmp_path / "without", lines, None)
    part = mixed(tmp_path / "with", lines, None, sound) - without
    begin, end = round(sound.at * RATE), round((sound.at + EFFECTS[sound.name].seconds) * RATE)
    assert np.abs(part[begin:end]).max() > 0.003
    assert np.abs(part[:begin]).max(initial=0) < 1e-6
    assert np.abs(part[end + 1 :]).max(initial=0) < 1e-6
    assert heard(tmp_path, without) - heard(tmp_path, part) > 7, "well under the voice"


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_an_effect_begins_and_ends_without_a_click(name: str) -> None:
    track = lay_sounds([Sound(name, 0.1)], RATE * 2)
    begin, end = round(0.1 * RATE), round((0.1 + EFFECTS[name].seconds) * RATE)
    peak = np.abs(track).max()
    assert np.abs(track[begin : begin + 8]).max() < 0.08 * peak
    assert np.abs(track[end - 8 : end]).max() < 0.02 * peak
    assert abs(track.mean()) < 0.001


def test_effects_are_the_same_every_time_and_vary_by_their_place() -> None:
    one, again = (lay_sounds([Sound("whip", 0.2)], RATE) for _ in range(2))
    assert one.tobytes() == again.tobytes()
    assert not np.array_equal(one[9600:-4800], lay_sounds([Sound("whip", 0.3)], RATE)[14400:])


def test_every_transition_has_a_sound_that_is_over_when_the_next_line_begins() -> None:
    for name, (_, frames) in TRANSITIONS.items():
        assert frames / FPS <= EFFECTS[name].seconds <= frames / FPS + 0.31
        if name != "fade":
            assert EFFECTS[name].seconds < 0.35


def test_effects_alone_stay_as_soft_as_under_a_voice(tmp_path: Path) -> None:
    track = audio.Track(tmp_path, 90, (), None, sounds=(Sound("hook", 0.0), Sound("whip", 1.5)))
    made = audio.mix(track)
    assert made is not None
    loudness = audio.master(track, made, tmp_path / "track.m4a", Lufs(-14.0))
    assert -40 < loudness.integrated < -18
