"""What a film keeps in order whatever operations do to it: lengths, shapes, and who stands over whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import TaskFailed
from adcli.media.film import covered, finish, open_film
from adcli.media.layout import Box
from adcli.media.probe import probe
from adcli.media.subtitles import TextBox
from adcli.units import AspectRatio, Quality, Size


@pytest.mark.media
@pytest.mark.parametrize("frames", [10, 45])
def test_a_sound_gets_the_length_of_its_picture(clock: Path, tmp_path: Path, frames: int) -> None:
    """An operation may know nothing of sound."""
    film = open_film(clock, tmp_path, quality=Quality.PREVIEW)
    film.video(f"tpad=stop_mode=clone:stop={frames},trim=end_frame={frames}", frames=frames)
    found = probe(finish(film, "out.mp4").path)
    assert found.frames == frames
    assert found.audio_duration == pytest.approx(frames / 30, abs=0.02)


@pytest.mark.media
def test_a_time_after_the_end_is_refused_with_the_length_there(clock: Path, tmp_path: Path) -> None:
    film = open_film(clock, tmp_path)
    assert film.moment(1.0, "it") == 30
    film.video("trim=end_frame=15", frames=15)
    with pytest.raises(TaskFailed, match=r"it is at 1 s, but the video lasts 0\.50 s there"):
        film.moment(1.0, "it")


@pytest.mark.media
def test_texts_stand_as_in_the_ratio_that_comes_nearest(clock: Path, tmp_path: Path) -> None:
    film = open_film(clock, tmp_path)
    shapes = {
        (1080, 1920): "9:16",
        (720, 1440): "9:16",
        (864, 1080): "4:5",
        (1000, 1040): "1:1",
        (600, 520): "1:1",
    }
    for (width, height), ratio in {**shapes, (1280, 720): "16:9"}.items():
        film.size = Size(width, height)
        assert film.ratio == AspectRatio(ratio), (width, height)


@pytest.mark.media
def test_what_stands_where_is_forgotten_with_another_shape(clock: Path, tmp_path: Path) -> None:
    film = open_film(clock, tmp_path)
    film.mark("watermark", Box(0, 0, 40, 40))
    film.mark("label", Box(60, 0, 90, 40))
    assert not film.notes and len(film.marks) == 2
    film.video("crop=64:64", Size(64, 64))
    film.mark("label", Box(0, 0, 40, 40))
    assert not film.notes and len(film.marks) == 1


ONE = TextBox("title", 0.0, 1.0, 10, 10, 50, 30)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (TextBox("caption", 0.5, 2.0, 40, 20, 90, 60), True),
        (TextBox("caption", 1.0, 2.0, 40, 20, 90, 60), False),
        (TextBox("caption", 0.5, 2.0, 50, 20, 90, 60), False),
        (TextBox("caption", 0.5, 2.0, 40, 30, 90, 60), False),
    ],
)
def test_texts_cover_each_other_in_place_and_time(other: TextBox, told: bool) -> None:
    notes = list(covered([ONE], [other, other]))
    sentence = "the title stands over the caption at 0.5 s: give one of them another position"
    assert notes == ([sentence] if told else [])
