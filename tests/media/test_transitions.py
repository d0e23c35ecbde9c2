"""Transitions show both pictures, moving as their names say, at every moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adcli.stages.scene import TRANSITIONS
from tests.media import rendering as r

pytestmark = pytest.mark.media


def frames_of(folder: Path, name: str, before: str, after: str, ratio: str = "1:1") -> list[r.Pixels]:
    """The frames of a transition from one of ffmpeg's sources to another."""
    folder.mkdir(exist_ok=True)
    sources = {
        kind: r.lavfi(folder / f"{kind}.mp4", source) for kind, source in (("a", before), ("b", after))
    }
    tail = {"picture": sources["a"], "at": 0, "zoom": 1, "fit": "crop", "frames": 3}
    made = r.render(folder / "w", sources["b"], 14, ratio=ratio, transition=name, tail=tail)
    return r.decoded(made.path)[: TRANSITIONS[name][1]]


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_no_moment_of_a_transition_is_a_plain_colour(tmp_path: Path, name: str) -> None:
    source = "testsrc2=s=270x270:r=30:d=0.6"
    for frame in frames_of(tmp_path, name, source, source + ",negate"):
        assert np.unique(frame[::9, ::9].reshape(-1, 3) // 32, axis=0).shape[0] > 12


@pytest.mark.parametrize("name", ["swipe", "whip"])
def test_slides_move_from_right_to_left_without_a_step_back(tmp_path: Path, name: str) -> None:
    frames = frames_of(tmp_path, name, "color=black:s=270x270:r=30:d=0.6", "color=white:s=270x270:r=30:d=0.6")
    edges = [int((frame[270, :, 0] < 128).sum()) for frame in frames]
    assert edges[0] == r.SIZE
    assert edges == sorted(edges, reverse=True)
    assert len(set(edges)) == len(edges)


def test_a_whip_blurs_along_its_way_alone(tmp_path: Path) -> None:
    bars = "color=black:s=540x540:r=30:d=0.6,drawgrid=w={}:h={}:t=20:c=white"
    upright = frames_of(tmp_path / "upright", "whip", bars.format(90, 9000), bars.format(90, 9000))[3]
    level = frames_of(tmp_path / "level", "whip", bars.format(9000, 90), bars.format(9000, 90))[3]
    assert np.ptp(upright[270, 60:480, 0].astype(int)) < 150, "what stands across the way smears"
    assert np.ptp(level[60:480, 270, 0].astype(int)) > 200, "what lies along it stays sharp"


def test_a_zoom_goes_in_and_settles(tmp_path: Path) -> None:
    box = "color=black:s=540x540:r=30:d=0.6,drawbox=220:220:100:100:white:fill"
    frames = frames_of(tmp_path, "zoom", box, box)
    widths = [int((frame[270, :, 0] > 128).sum()) for frame in frames]
    middle = len(widths) // 2
    assert widths[0] == pytest.approx(100, abs=2)
    assert widths[: middle + 1] == sorted(widths[: middle + 1])
    assert widths[middle + 1 :] == sorted(widths[middle + 1 :], reverse=True)
    assert max(widths) == pytest.approx(158, abs=6)


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
@pytest.mark.parametrize("ratio", ["9:16", "16:9"])
def test_transitions_fill_every_ratio(tmp_path: Path, name: str, ratio: str) -> None:
    white = "color=white:s=90x90:r=30:d=0.6"
    for frame in frames_of(tmp_path, name, white, white, ratio):
        assert frame.shape[1::-1] == r.preview(ratio)
        assert frame.min() > 235, "no edge shows"
