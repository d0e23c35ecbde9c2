"""What is seen while scenes are encoded tells whether the joined video can be delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media import ffmpeg, picture_checks
from adcli.media.facts import read_facts
from adcli.media.findings import CheckFailed
from adcli.media.fit_size import TooLarge
from adcli.stages import assemble
from adcli.work import Artifact, File, Made
from tests.media import checking as c
from tests.media import rendering as r

pytestmark = pytest.mark.media

LIMIT = 450_000
TEXT = {"text": "Glow by morning", "until": 0, "kind": "title"}


def source(target: Path, picture: str, seconds: float) -> Path:
    return c.video(target, seconds, picture=picture, tone=None)


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return source(tmp_path_factory.mktemp("moving") / "moving.mp4", c.MOVING, 2.0)


@pytest.fixture(scope="module")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip that is black from 0.3 s on for 0.8 s, then moves again."""
    picture = c.parts(("moving", 0.3), ("black", 0.8), ("moving", 0.4))
    return source(tmp_path_factory.mktemp("holed") / "holed.mp4", picture, 1.5)


def track(target: Path, frames: int, tone: str = c.TONE) -> Path:
    return r.lavfi(target, f"{tone},atrim=end_sample={frames * 1600}", "-c:a", "aac", "-bitexact")


def assembled(
    workdir: Path,
    segments: Sequence[File],
    sound: Mapping[str, Any] | None = None,
    tone: str = c.TONE,
    **params: Any,
) -> Made:
    """Joins segments as the engine has it done, with what the track's maker knew about it."""
    workdir.mkdir()
    frames = sum(int(str(segment.meta["frames"])) for segment in segments)
    path = track(workdir / "given.m4a", frames, tone)
    heard = r.artifact(path, {"lufs": -14.0, "true_peak": -1.2, "voiced": True} | dict(sound or {}))
    inputs: list[Artifact] = [*(r.artifact(one.path, one.meta) for one in segments), heard]
    refs = [{"$input": number} for number in range(len(inputs))]
    given = {"segments": refs[:-1], "audio": refs[-1], "frames": frames, "poster_at": 0.0}
    job = r.job({**assemble.SPEC.defaults, **given, **params}, inputs, workdir / "work")
    return assemble.make(job)


def checks(made: Made) -> dict[str, Any]:
    video = made.outputs["video"]
    assert isinstance(video, File)
    return {row["check"]: row for row in video.meta["checks"]}  # type: ignore[union-attr, index, call-overload, misc]


def test_a_segment_tells_where_it_is_black(holed: Path, tmp_path: Path) -> None:
    meta = r.render(tmp_path / "w", holed, 45).meta
    assert np.allclose(meta["black"], [[0.3, 1.1]], atol=0.04)  # type: ignore[arg-type]


def test_black_at_the_end_reaches_the_end(holed: Path, tmp_path: Path) -> None:
    meta = r.render(tmp_path / "w", holed, 20).meta
    assert np.allclose(meta["black"], [[0.3, 20 / 30]], atol=0.02)  # type: ignore[arg-type]


def test_a_segment_tells_where_its_text_stands(moving: Path, tmp_path: Path) -> None:
    meta = r.render(tmp_path / "w", moving, 12, text=TEXT).meta
    assert meta["text"]
    assert all(row[0] == "title" for row in meta["text"])  # type: ignore[union-attr, index]


def test_a_clip_that_is_held_is_frozen_and_a_picture_is_not(moving: Path, tmp_path: Path) -> None:
    held = r.render(tmp_path / "clip", moving, 45, at=1.5).meta
    assert np.allclose(held["frozen"], [[0.47, 1.5]], atol=0.05)  # type: ignore[arg-type]
    photo = r.picture(tmp_path / "photo.png", 64, 64)
    still = r.render(tmp_path / "still", {"image": {"$input": 0}}, 20, files=[photo]).meta
    assert still["frozen"] == []


def test_looking_changes_no_frame(holed: Path, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").symlink_to(holed)
    sums = []
    for filters in ("null", picture_checks.detect("seen.txt")):
        given = ["-v", "error", "-y", "-i", "clip.mp4", "-vf", filters, "-f", "framemd5", "sums.txt"]
        ffmpeg.run(given, cwd=tmp_path, timeout=60)
        sums.append((tmp_path / "sums.txt").read_text())
    assert sums[0] == sums[1]
    assert "black_start" in (tmp_path / "seen.txt").read_text()


def test_a_joined_video_carries_its_checks(moving: Path, tmp_path: Path) -> None:
    segments = [r.render(tmp_path / "1", moving, 20, text=TEXT), r.render(tmp_path / "2", moving, 20)]
    made = assembled(tmp_path / "join", segments)
    told = checks(made)
    assert {row["status"] for name, row in told.items() if name != "duration"} == {"pass"}, told
    assert told["loudness"]["found"] == "-14.0 LUFS"
    assert set(told["black"]) == {"check", "status", "found", "expected"}
    assert "size" not in told  # a preview is small on purpose
    assert made.notes == ("duration: 1.33 s; expected: 5 to 60 s",)


def test_black_over_a_join_fails_the_video(holed: Path, moving: Path, tmp_path: Path) -> None:
    """Neither part is black for long."""
    ends, begins = r.render(tmp_path / "1", holed, 20), r.render(tmp_path / "2", holed, 30, at=0.75)
    with pytest.raises(CheckFailed, match=r"black: from 0\.3 to 1\.0 s"):
        assembled(tmp_path / "join", [ends, begins])
    between = r.render(tmp_path / "3", moving, 10)
    assert assembled(tmp_path / "apart", [ends, between, begins])


@pytest.mark.parametrize(
    ("sound", "tone", "why"),
    [
        ({"true_peak": -0.4}, c.TONE, "true-peak: -0.4 dBTP"),
        ({"lufs": -9.0}, c.TONE, "loudness: -9.0 LUFS"),
        ({"lufs": None}, "anullsrc=r=48000:cl=stereo", "silence: silent throughout"),
    ],
)
def test_sound_that_nobody_can_bear_or_hear_fails_the_video(
    sound: dict[str, Any], tone: str, why: str, moving: Path, tmp_path: Path
) -> None:
    with pytest.raises(CheckFailed, match=why):
        assembled(tmp_path / "join", [r.render(tmp_path / "1", moving, 20)], sound, tone)


def test_a_silent_track_of_an_ad_without_voice_is_only_told(moving: Path, tmp_path: Path) -> None:
    silent = {"lufs": None, "voiced": False}
    segments = [r.render(tmp_path / "1", moving, 20)]
    told = checks(assembled(tmp_path / "join", segments, silent, "anullsrc=r=48000:cl=stereo"))
    assert told["silence"]["status"] == "warn"


def test_text_outside_the_frame_fails_the_video(moving: Path, tmp_path: Path) -> None:
    segment = r.render(tmp_path / "1", moving, 20)
    out = File(
        segment.path, segment.media_type, {**segment.meta, "text": [["caption", 0, 0.5, -9, 9, 99, 99]]}
    )
    with pytest.raises(CheckFailed, match="is cut off by the frame"):
        assembled(tmp_path / "join", [out])


def test_segments_of_an_older_version_still_join(moving: Path, tmp_path: Path) -> None:
    segment = r.render(tmp_path / "1", moving, 20)
    known = {name: value for name, value in segment.meta.items() if name not in ("black", "frozen", "text")}
    assert "black" in checks(assembled(tmp_path / "join", [File(segment.path, segment.media_type, known)]))


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> list[File]:
    """A second that needs many bits."""
    folder = tmp_path_factory.mktemp("noisy")
    picture = "nullsrc=s=540x540:r=30,geq=random(1)*255:128:128,gblur=sigma=2"
    clip = source(folder / "noisy.mp4", picture, 1.0)
    return [r.render(folder / "1", clip, 15), r.render(folder / "2", clip, 15, at=0.5)]


@pytest.fixture(scope="module")
def full(noisy: list[File], tmp_path_factory: pytest.TempPathFactory) -> Made:
    return assembled(tmp_path_factory.mktemp("full") / "join", noisy)


@pytest.fixture(scope="module")
def small(noisy: list[File], tmp_path_factory: pytest.TempPathFactory) -> Made:
    return assembled(tmp_path_factory.mktemp("small") / "join", noisy, max_mb=LIMIT / 1e6)


def path_of(made: Made, output: str = "video") -> Path:
    found = made.outputs[output]
    assert isinstance(found, File)
    return found.path


def test_a_video_above_its_limit_is_encoded_again_below_it(full: Made, small: Made) -> None:
    size = path_of(small).stat().st_size
    assert path_of(full).stat().st_size > 1.2 * LIMIT
    assert 0.8 * LIMIT < size <= LIMIT
    assert any(note.startswith("encoded again at") for note in small.notes)
    assert checks(small)["file-size"]["found"] == f"{size / 1e6:.1f} MB"


def test_a_smaller_video_keeps_all_but_its_bits(full: Made, small: Made) -> None:
    before, after = (replace(read_facts(path_of(made)), size=0) for made in (full, small))
    assert after == before


def test_the_poster_is_the_same_whatever_the_limit(full: Made, small: Made) -> None:
    assert path_of(full, "poster").read_bytes() == path_of(small, "poster").read_bytes()


def test_a_limit_that_ruins_the_picture_is_refused_with_what_would_do(
    noisy: list[File], tmp_path: Path
) -> None:
    with pytest.raises(TooLarge, match="MB are too few for 1 s at 540×540") as caught:
        assembled(tmp_path / "join", noisy, max_mb=0.025)
    needed = float(str(caught.value.hint).split()[1])
    made = assembled(tmp_path / "again", noisy, max_mb=needed)
    assert path_of(made).stat().st_size <= needed * 1e6


def test_a_video_below_its_limit_is_left_as_it_is(noisy: list[File], full: Made, tmp_path: Path) -> None:
    made = assembled(tmp_path / "join", noisy, max_mb=50)
    assert path_of(made).read_bytes() == path_of(full).read_bytes()
