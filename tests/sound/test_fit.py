"""A bought line brought into its window: trimmed, sped up a little, or refused with the words to cut."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from adcli.errors import TaskFailed, TextTooLong
from adcli.media.ffmpeg import run
from adcli.stages import fit
from adcli.work import Made
from tests.emulator.media import spoken
from tests.sound.making import file_of, make, read_wav, words_of, write_wav

LINE = "Keep your water cold all day."


def times_of(text: str) -> str:
    """Word times of the emulator's speech, as a service gives them."""
    heard, at = [], 0
    for word in text.split():
        characters = spoken(text).characters[at : at + len(word)]
        heard.append({"text": word, "start": characters[0][1], "end": characters[-1][2]})
        at += len(word) + 1
    return json.dumps(heard)


def bought(folder: Path, text: str = LINE, before: float = 0.4, after: float = 0.5) -> Path:
    """The line as MP3 with silence around it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "line.mp3").write_bytes(spoken(text).sound)
    chain = f"adelay={before * 1000:g}:all=1,apad=pad_dur={after:g}"
    run(["-i", "line.mp3", "-af", chain, "-b:a", "128k", "given.mp3"], cwd=folder, timeout=60)
    return folder / "given.mp3"


def fitted(folder: Path, seconds: float, text: str = LINE, before: float = 0.4) -> Made:
    rows = [
        {"text": row["text"], "start": row["start"] + before, "end": row["end"] + before}
        for row in json.loads(times_of(text))
    ]
    params = {"audio": {"$input": 0}, "words": json.dumps(rows), "seconds": seconds}
    return make(fit.make, params, folder / "work", [bought(folder, text, before)])


def test_a_line_loses_the_silence_around_it_and_keeps_its_speed(tmp_path: Path) -> None:
    made = fitted(tmp_path, seconds=5)
    samples, rate = read_wav(file_of(made, "audio").path)
    length = len(samples) / rate
    assert (rate, samples.shape[1]) == (48_000, 1)
    assert spoken(LINE).seconds < length < spoken(LINE).seconds + 0.2
    words = words_of(made)
    assert [word["text"] for word in words] == LINE.split()
    assert words[0]["start"] < 0.08
    assert length - 0.25 < words[-1]["end"] <= length
    assert made.notes == ()


def test_words_move_with_the_sound(tmp_path: Path) -> None:
    made = fitted(tmp_path, seconds=spoken(LINE).seconds / 1.1)
    samples, rate = read_wav(file_of(made, "audio").path)

    def level(start: float, end: float) -> float:
        return float(np.sqrt(np.square(samples[round(start * rate) : round(end * rate)]).mean()))

    words = words_of(made)
    assert min(level(word["start"], word["end"]) for word in words) > 0.03
    faster = float(made.notes[0].split()[1])
    assert 1.1 <= faster <= 1.15
    natural = json.loads(times_of(LINE))[-1]["end"]
    assert words[-1]["end"] - words[0]["start"] == pytest.approx(natural / faster, rel=0.03)


def test_a_line_that_is_a_little_long_is_sped_up_into_its_window(tmp_path: Path) -> None:
    window = round(spoken(LINE).seconds / 1.1, 3)
    made = fitted(tmp_path, window)
    samples, rate = read_wav(file_of(made, "audio").path)
    assert len(samples) <= window * rate
    assert words_of(made)[-1]["end"] <= window
    (note,) = made.notes
    assert note.startswith("spoken 1.1")
    assert note.endswith(f"× faster to fit its {window:g} s")


def test_a_line_that_is_far_too_long_says_how_many_words_to_cut(tmp_path: Path) -> None:
    text = "Get yours today and save on everything in the shop."
    window = spoken(text).seconds / 1.6
    with pytest.raises(TextTooLong) as caught:
        fitted(tmp_path, window, text)
    assert caught.value.words == 10
    assert 3 <= caught.value.cut <= 6
    shorter = " ".join(text.split()[: 10 - caught.value.cut])
    assert fitted(tmp_path / "again", window, shorter)


def test_lines_of_all_voices_come_to_one_level(tmp_path: Path) -> None:
    quiet = make(
        fit.make,
        {"audio": {"$input": 0}, "words": times_of(LINE), "seconds": 5},
        tmp_path / "quiet",
        [scaled(tmp_path, 0.05)],
    )
    loud = make(
        fit.make,
        {"audio": {"$input": 0}, "words": times_of(LINE), "seconds": 5},
        tmp_path / "loud",
        [scaled(tmp_path, 0.9)],
    )
    levels = [np.sqrt(np.square(read_wav(file_of(made, "audio").path)[0]).mean()) for made in (quiet, loud)]
    assert levels[0] == pytest.approx(levels[1], rel=0.05)


def scaled(folder: Path, gain: float) -> Path:
    (folder / f"{gain:g}.mp3").write_bytes(spoken(LINE).sound)
    run(["-i", f"{gain:g}.mp3", "-af", f"volume={gain:g}", f"{gain:g}.wav"], cwd=folder, timeout=60)
    return folder / f"{gain:g}.wav"


def test_a_file_without_sound_is_said_to_have_none(tmp_path: Path) -> None:
    empty = write_wav(tmp_path / "empty.wav", np.zeros(0))
    with pytest.raises(TaskFailed):
        make(fit.make, {"audio": {"$input": 0}, "words": "[]", "seconds": 2}, tmp_path / "work", [empty])
