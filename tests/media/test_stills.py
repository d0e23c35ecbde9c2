"""Single frames: the one that is on screen at a moment, whatever it takes to get there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adcli.errors import TaskFailed
from adcli.media.stills import stills
from tests.media.rendering import counted, join, numbers, render, silence

pytestmark = pytest.mark.media


def shown(path: Path, *moments: float) -> list[int]:
    return numbers([np.asarray(picture) for picture in stills(path, moments)])


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return counted(
        tmp_path_factory.mktemp("stills") / "clip.mp4", 30, "30", "256x256", "-g", "12", "-bf", "3"
    )


def test_each_moment_shows_its_frame(clip: Path) -> None:
    assert shown(clip, 0, 1 / 30, 0.5, 0.59, 29 / 30) == [0, 1, 15, 17, 29]


def test_moments_may_come_in_any_order(clip: Path) -> None:
    assert shown(clip, 0.9, 0.1) == [27, 3]


def test_after_the_end_the_last_frame_is_seen(clip: Path) -> None:
    assert shown(clip, 7) == [29]


@pytest.mark.parametrize("content", [b"", b"no video at all"])
def test_what_is_no_video_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.mp4").write_bytes(content)
    with pytest.raises(TaskFailed, match=r"x\.mp4 can't be read"):
        stills(tmp_path / "x.mp4", [0])


def test_a_poster_is_the_frame_asked_for(tmp_path: Path, clip: Path) -> None:
    segment = render(tmp_path / "segment", clip, 24)
    video = join(tmp_path / "join", [segment], silence(tmp_path / "silence.m4a", 24), 24, poster_at=0.4)
    poster = np.asarray(Image.open(video.path.with_name("poster.jpg")).convert("RGB"))
    wanted = np.asarray(stills(video.path, [0.4])[0])
    assert poster.shape == wanted.shape
    assert np.abs(poster.astype(int) - wanted).mean() < 2
    assert np.abs(poster.astype(int) - np.asarray(stills(video.path, [0])[0])).mean() > 20
