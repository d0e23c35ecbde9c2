"""Whatever video a person brings, a scene gets 30 frames a second of its true colours and shapes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adcli.errors import TaskFailed, ToolMissing
from adcli.media import encode, ffmpeg, footage
from adcli.media.conform import conform_filters
from adcli.media.probe import Colour, Probe, probe
from adcli.units import FPS, Quality, Size
from tests.media import cards
from tests.media import rendering as r

pytestmark = pytest.mark.media

Cards = Callable[[str], Path]
SIZE = Size(cards.WIDTH, cards.HEIGHT)
ROTTEN = {"24 a second": 1.3, "25 a second": 1.3, "film's 23.976": 1.4, "uneven": 4.1, "interlaced": 1.4}
"""By how many frames the time that a picture shows may be off: by what its own rhythm leaves out."""
WHOLE = [name for name in cards.KINDS if name not in ("edit list", "late picture", "see-through")]


@pytest.fixture(scope="session")
def card(tmp_path_factory: pytest.TempPathFactory) -> Cards:
    """Writes each kind once."""
    root, made = tmp_path_factory.mktemp("cards"), dict[str, Path]()

    def find(name: str) -> Path:
        if name not in made:
            made[name] = cards.write(root / f"card-{len(made)}", name)
        return made[name]

    return find


def shown(clip: Path, workdir: Path, frames: int = FPS, fit: str = "crop") -> list[r.Pixels]:
    """Frames of a scene that shows the clip at its own size."""
    workdir.mkdir()
    link = footage.named_mp4(clip, workdir)
    graph = footage.Graph(workdir)
    footage.add_clip(graph, link, 0.0, 1.0, footage.Shot(SIZE, frames, frames, fit), "out")
    command = ["-v", "error", *graph.arguments, "-filter_complex", graph.text(), "-map", "[out]"]
    ffmpeg.run(
        [*command, *encode.x264(Quality.FINAL), "-frames:v", str(frames), "-an", "out.mp4"],
        cwd=workdir,
        timeout=60,
    )
    return r.decoded(workdir / "out.mp4")


def times(pictures: list[r.Pixels]) -> list[float]:
    """The frame of 30 a second that each picture's strip tells."""
    levels = [float(picture[170, 100:200].mean()) for picture in pictures]
    return [(level - 20) / 200 * FPS for level in levels]


def patch(picture: r.Pixels, index: int) -> np.ndarray:
    x, y = index % 3 * 50 + 30, index // 3 * 70 + 42
    return np.asarray(picture[y - 8 : y + 8, x - 8 : x + 8].mean(axis=(0, 1)), float)


@pytest.mark.parametrize("name", WHOLE)
def test_a_video_of_any_kind_arrives_in_time_colour_and_shape(name: str, card: Cards, tmp_path: Path) -> None:
    found = probe(card(name))
    pictures = shown(card(name), tmp_path / "work")
    assert len(pictures) == FPS
    assert found.duration == pytest.approx(cards.SECONDS, abs=0.04)
    late = [told - number for number, told in enumerate(times(pictures))]
    assert max(map(abs, late)) <= ROTTEN.get(name, 0.8), "each frame is the one of its moment"
    for index, colour in enumerate(cards.PATCHES):
        np.testing.assert_allclose(patch(pictures[9], index), colour, atol=5, err_msg=f"patch {index}")
    _check_circle(pictures[9])


def _check_circle(picture: r.Pixels) -> None:
    x, y, radius = cards.CIRCLE
    rows, columns = np.nonzero(picture[:155, 170:].mean(axis=2) > 122)
    assert abs(columns.max() - columns.min() - 2 * radius) <= 2, "as wide as it was"
    assert abs(rows.max() - rows.min() - 2 * radius) <= 2, "as high as it was"
    assert abs((columns.max() + columns.min()) / 2 + 170 - x) <= 1.5
    assert abs((rows.max() + rows.min()) / 2 - y) <= 1.5


@pytest.mark.parametrize("name", ["squeezed", "turned 90", "odd sides"])
def test_a_video_set_before_its_blur_keeps_its_shape(name: str, card: Cards, tmp_path: Path) -> None:
    _check_circle(shown(card(name), tmp_path / "work", 2, "pad")[1])


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("ordinary", (320, 180)),
        ("squeezed", (320, 180)),
        ("turned 90", (320, 180)),
        ("turned 180", (320, 180)),
        ("odd sides", (853, 481)),
    ],
)
def test_its_size_is_told_as_people_see_it(name: str, size: tuple[int, int], card: Cards) -> None:
    assert probe(card(name)).shown == Size(*size)


@pytest.mark.parametrize(
    ("name", "seconds"), [("ordinary", None), ("mono", 1.0), ("5.1 sound", 1.0), ("long sound", 1.6)]
)
def test_its_sound_does_not_change_the_pictures_length(name: str, seconds: float | None, card: Cards) -> None:
    found = probe(card(name))
    assert found.duration == pytest.approx(1.0, abs=0.002)
    assert found.audio_duration == (None if seconds is None else pytest.approx(seconds, abs=0.03))


def test_what_an_edit_list_cuts_off_is_not_shown(card: Cards, tmp_path: Path) -> None:
    found = probe(card("edit list"))
    assert found.frames == 18
    assert found.duration == pytest.approx(0.6, abs=0.002)
    seen = times(shown(card("edit list"), tmp_path / "work", 18))
    assert seen[0] == pytest.approx(12, abs=0.7)
    assert seen[-1] == pytest.approx(29, abs=0.7)


def test_a_picture_that_starts_after_its_sound_waits_for_its_time(card: Cards, tmp_path: Path) -> None:
    assert probe(card("late picture")).duration == pytest.approx(1.5, abs=0.01)
    seen = times(shown(card("late picture"), tmp_path / "work", 45))
    assert max(seen[:15]) < 0.7
    assert seen[-1] == pytest.approx(29, abs=0.7)


def test_what_is_see_through_is_black_whatever_lies_under_it(card: Cards, tmp_path: Path) -> None:
    picture = shown(card("see-through"), tmp_path / "work", 2)[1]
    for index, colour in enumerate(cards.PATCHES):
        np.testing.assert_allclose(patch(picture, index), colour if index < 3 else 0, atol=5)


def test_no_comb_is_left_of_interlaced_fields(card: Cards, tmp_path: Path) -> None:
    """A bar that runs sideways has teeth where both fields are shown at once."""
    moving = (
        "color=gray:s=320x180:r=50:d=1[b];color=white:s=40x180:r=50[w];[b][w]overlay=x='t*280':y=0:shortest=1"
    )
    fields = "tinterlace=interleave_top,fieldorder=tff"
    clip = r.lavfi(
        *(tmp_path / "bar.mp4", f"{moving},{fields}", "-flags", "+ilme+ildct", "-x264-params", "tff=1"),
        *("-pix_fmt", "yuv420p", "-crf", "6"),
    )
    assert probe(clip).interlaced
    row = np.asarray(r.decoded(clip)[12], float)[40:140, :, 1]
    whole = np.asarray(shown(clip, tmp_path / "work")[14], float)[40:140, :, 1]
    assert np.abs(np.diff(row, axis=0)).max() > 60, "the clip itself has teeth"
    assert np.abs(np.diff(whole, axis=0)).max() < 25


@pytest.mark.parametrize("name", ["PQ", "HLG"])
def test_white_paper_and_what_is_brighter_keep_apart(name: str, card: Cards, tmp_path: Path) -> None:
    """The strip runs up to 220 of 255: in SDR it still grows brighter to its end, and stays below white."""
    seen = shown(card(name), tmp_path / "work")
    levels = [float(picture[170, 100:200].mean()) for picture in seen]
    assert all(after > before for before, after in pairwise(levels))
    assert 180 < levels[-1] < 215


def test_hdr_without_the_filters_for_it_says_what_to_do(
    card: Cards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "ffmpeg"
    script.write_text(f'#!/bin/sh\n{ffmpeg.find_ffmpeg()} "$@" | grep -v zscale\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    clip = card("HLG")
    monkeypatch.setitem(os.environ, "ADCLI_FFMPEG", str(script))
    with pytest.raises(ToolMissing, match=r"the clip is HDR, and .* lacks zscale") as refused:
        shown(clip, tmp_path / "work")
    assert "SDR" in str(refused.value.hint)


def test_an_animated_gif_is_refused_in_words(tmp_path: Path) -> None:
    pictures = [Image.new("RGB", (16, 16), (n, n, n)) for n in (0, 99)]
    pictures[0].save(tmp_path / "clip.gif", save_all=True, append_images=pictures[1:])
    with pytest.raises(TaskFailed, match=r"clip\.gif can't be read as video") as refused:
        probe(tmp_path / "clip.gif")
    assert "MP4" in str(refused.value.hint)


HD = Probe(1920, 1080, 30, 1.0, 0.967, "h264", "yuv420p", "", None, Size(1920, 1080))
TAGGED = Colour(1, 1, 1)


@pytest.mark.parametrize(
    ("found", "added"),
    [
        (HD, False),
        (Probe(1080, 1920, 30, 1.0, 0.967, "h264", "yuv420p", "", None, Size(1080, 1920), TAGGED), False),
        (Probe(1280, 720, 30, 1.0, 0.967, "h264", "yuv420p", "", None, Size(1280, 720)), False),
        (Probe(640, 360, 30, 1.0, 0.967, "h264", "yuv420p", "", None, Size(640, 360), TAGGED), False),
        (Probe(640, 360, 30, 1.0, 0.967, "h264", "yuv420p", "", None, Size(640, 360)), True),
        (Probe(1920, 1080, 30, 1.0, 0.967, "hevc", "yuv420p10le", "", None, Size(1920, 1080)), True),
    ],
)
def test_an_ordinary_video_pays_for_nothing(found: Probe, added: bool) -> None:
    free = {"fps=30:start_time=0", "setparams=colorspace=bt709:range=tv"}
    assert (set(conform_filters(found).split(",")) - free != set()) is added


@pytest.mark.parametrize(
    ("cover", "size"),
    [(None, "3840:h=2160"), (Size(1080, 1920), "3414:h=1920"), (Size(1920, 1080), "1920:h=1080")],
)
def test_hdr_is_made_no_larger_than_needed_before_it_is_tone_mapped(cover: Size | None, size: str) -> None:
    huge = Probe(
        *(3840, 2160, 30, 1.0, 0.967, "hevc", "yuv420p10le", "", None, Size(3840, 2160), Colour(9, 18, 9))
    )
    assert f"zscale=w={size}:" in conform_filters(huge, cover)
