"""Joined segments are one video: no frame is lost or doubled, and the container says what it holds."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import av
import pytest

from adcli.errors import TaskFailed
from adcli.media import ffmpeg
from adcli.media.probe import boxes, probe
from adcli.stages.assemble import SegmentsDiffer
from adcli.work import File
from tests.media import rendering as r

pytestmark = pytest.mark.media

FRAMES = (8, 5, 7)
MOVING = "testsrc2=s=540x540:r=30,hue=h=t*90"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    return r.lavfi(
        folder / "clip.mp4", MOVING, "-frames:v", str(sum(FRAMES)), "-crf", "0", "-pix_fmt", "yuv420p"
    )


@pytest.fixture(scope="module")
def segments(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> list[File]:
    folder, at, made = tmp_path_factory.mktemp("segments"), 0, []
    for index, frames in enumerate(FRAMES):
        made.append(r.render(folder / str(index), clip, frames, at=at / 30))
        at += frames
    return made


@pytest.fixture(scope="module")
def joined(segments: list[File], tmp_path_factory: pytest.TempPathFactory) -> File:
    folder = tmp_path_factory.mktemp("joined")
    total = sum(FRAMES)
    return r.join(folder / "work", segments, r.silence(folder / "sound.m4a", total), total)


def likeness(one: Path, other: Path, folder: Path) -> list[float]:
    """SSIM of each pair of frames."""
    ffmpeg.run(
        [
            "-v",
            "error",
            "-i",
            str(one),
            "-i",
            str(other),
            "-lavfi",
            "ssim=stats_file=ssim.txt",
            "-f",
            "null",
            "-",
        ],
        cwd=folder,
        timeout=60,
    )
    return [float(found) for found in re.findall(r"All:([\d.]+)", (folder / "ssim.txt").read_text())]


def test_joined_segments_equal_the_picture_in_one_piece(joined: File, clip: Path, tmp_path: Path) -> None:
    found = likeness(joined.path, clip, tmp_path)
    assert len(found) == sum(FRAMES)
    assert min(found) > 0.99, found


def test_a_shifted_picture_would_be_noticed(clip: Path, segments: list[File], tmp_path: Path) -> None:
    """Guards the test above: one frame off is far below its limit."""
    assert likeness(segments[1].path, clip, tmp_path)[0] < 0.97


def test_presentation_times_run_frame_by_frame(joined: File) -> None:
    with av.open(str(joined.path)) as container:
        stream = container.streams.video[0]
        times = sorted(float(p.pts * p.time_base) for p in container.demux(stream) if p.pts is not None)
    assert times[0] == 0
    assert [round((b - a) * 30, 3) for a, b in pairwise(times)] == [1.0] * (sum(FRAMES) - 1)


def test_both_streams_last_as_long_as_the_frames(joined: File) -> None:
    found = probe(joined.path)
    assert found.duration == pytest.approx(sum(FRAMES) / 30, abs=0.5 / 30)
    assert found.audio_duration == pytest.approx(sum(FRAMES) / 30, abs=0.5 / 30)
    with av.open(str(joined.path)) as container:
        assert (container.duration or 0) / 1e6 == pytest.approx(sum(FRAMES) / 30, abs=0.5 / 30)
        sound = container.streams.audio[0].codec_context
        assert (sound.name, sound.sample_rate) == ("aac", 48000)


def test_every_segment_starts_with_a_keyframe_of_the_joined_video(joined: File) -> None:
    with av.open(str(joined.path)) as container:
        frames = list(container.decode(video=0))
    assert all(frames[at].key_frame for at in (0, FRAMES[0], FRAMES[0] + FRAMES[1]))
    assert {
        (int(f.colorspace), int(f.color_primaries), int(f.color_trc), int(f.color_range)) for f in frames
    } == {(1, 1, 1, 1)}


def test_the_index_comes_before_the_media(joined: File) -> None:
    order = [kind for kind, _ in boxes(joined.path)]
    assert order.index(b"moov") < order.index(b"mdat")


def test_equal_segments_join_to_equal_bytes(joined: File, segments: list[File], tmp_path: Path) -> None:
    total = sum(FRAMES)
    again = r.join(tmp_path / "work", segments, r.silence(tmp_path / "sound.m4a", total), total)
    assert again.path.read_bytes() == joined.path.read_bytes()


def test_the_meta_tells_frames_size_and_length(joined: File) -> None:
    told = {name: value for name, value in joined.meta.items() if name not in ("checks", "sound")}
    assert told == {"frames": 20, "width": 540, "height": 540, "duration": 20 / 30}


def test_segments_of_different_encoders_are_refused(segments: list[File], clip: Path, tmp_path: Path) -> None:
    other = r.render(tmp_path / "other", clip, 7, quality="final")
    with pytest.raises(SegmentsDiffer) as caught:
        r.join(tmp_path / "work", [*segments[:2], other], r.silence(tmp_path / "s.m4a", 20), 20)
    assert caught.value.odd == (2,)


def test_a_wrong_number_of_frames_is_noticed(segments: list[File], tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="13 frames instead of 20"):
        r.join(tmp_path / "work", segments[:2], r.silence(tmp_path / "s.m4a", 20), 20)


def test_sound_longer_than_the_picture_is_noticed(segments: list[File], tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="lasts"):
        r.join(tmp_path / "work", segments, r.silence(tmp_path / "s.m4a", 26), 20)
