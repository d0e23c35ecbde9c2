"""Ratios of one scene come out of one process as each does from its own, and share what they have alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adcli.media.sharing import shared
from adcli.stages import scene
from adcli.work import File, Job, Made
from tests.media import rendering as r

pytestmark = pytest.mark.media

RATIOS = ("9:16", "4:5", "1:1", "16:9")
FRAMES = 14
WORDS = json.dumps(
    [{"text": "Made", "start": 0.0, "end": 0.2}, {"text": "together", "start": 0.2, "end": 0.4}]
)
CAPTIONS = {
    "words": WORDS,
    "lead": 0.0,
    "style": "tiktok",
    "position": "lower-middle",
    "font_size": 60,
    "active_color": "#FFFFFF",
    "inactive_color": "#FFE135",
    "bounce": True,
    "bounce_scale": 1.15,
}


def jobs(folder: Path, params: dict[str, Any], files: list[Path]) -> list[Job]:
    inputs = [r.artifact(path) for path in files]
    found = []
    for ratio in RATIOS:
        own = {"ratio": ratio, "fit": "pad" if ratio == "16:9" else "crop", "quality": "preview"}
        given = {**scene.SPEC.defaults, "frames": FRAMES, "captions": CAPTIONS, **params, **own}
        found.append(r.job(given, inputs, folder / ratio.replace(":", "x")))
    return found


def contents(made: list[Made]) -> list[bytes]:
    files = [one.outputs["segment"] for one in made]
    return [file.path.read_bytes() for file in files if isinstance(file, File)]


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("material")
    still = r.picture(folder / "still.png", 288, 512)
    return [
        r.lavfi(folder / "clip.mp4", "testsrc2=s=180x320:r=30:d=1"),
        r.move(folder / "move", still, {"zoom": 1.0, "x": 0.5, "y": 0.5}, {"zoom": 1.2, "x": 0.5, "y": 0.4}),
    ]


@pytest.mark.parametrize("source", [0, 1])
def test_a_ratio_is_the_same_alone_and_in_company(tmp_path: Path, material: list[Path], source: int) -> None:
    tail = {"frames": 20, "fit": "crop", "picture": {"clip": {"$input": 0}}}
    params = {"picture": {"clip": {"$input": source}}, "transition": "swipe", "tail": tail}
    together = contents(scene.make_all(jobs(tmp_path / "together", params, material)))
    alone = contents([scene.make(job) for job in jobs(tmp_path / "alone", params, material)])
    assert together == alone
    assert len(set(together)) == len(RATIOS)


def test_what_reads_and_does_the_same_is_done_once() -> None:
    chains = [
        "[0:v]fps=30,scale=4:4,split[b][x]",
        "[0:v]fps=30,scale=4:4,crop=2:2[e]",
        "[1:v][x]overlay=x='a[1],2'[f]",
        "[x]blackdetect,nullsink",
    ]
    made, ends = shared(chains, ["b", "e", "f"])
    assert made == [
        "[0:v]fps=30,scale=4:4[n1]", "[n1]split=4[n1c1][n1c2][n1c3][n1c4]",
        "[n1c1]crop=2:2[e]", "[1:v][n1c2]overlay=x='a[1],2'[f]", "[n1c3]blackdetect,nullsink",
    ]  # fmt: skip
    assert ends == ["n1c4", "e", "f"]


def test_one_picture_can_be_wanted_twice() -> None:
    made, ends = shared(["[0:v]null[a]", "[0:v]null[b]"], ["a", "b"])
    assert made == ["[0:v]null[a]", "[a]split=2[ac1][ac2]"]
    assert ends == ["ac1", "ac2"]
