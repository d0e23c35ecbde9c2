"""What a lip-sync service is sent: clip and line of one length, the line where the finished ad has it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from adcli.media.probe import probe
from adcli.stages import conform, master
from adcli.work import File
from tests.media import rendering as r
from tests.sound.making import write_wav

pytestmark = pytest.mark.media

RATE = 48_000


def line(target: Path, seconds: float = 0.8) -> Path:
    """A click at its very start, then nothing."""
    samples = np.zeros(round(seconds * RATE))
    samples[:240] = 0.8 * np.sin(2 * np.pi * 1000 * np.arange(240) / RATE)
    return write_wav(target, samples)


def conformed(folder: Path, clip: Path, frames: int, lead: float = 0.3) -> tuple[File, File]:
    params = {"clip": {"$input": 0}, "audio": {"$input": 1}, "frames": frames, "lead": lead}
    files = [r.artifact(clip), r.artifact(line(folder / "line.wav"))]
    made = conform.make(r.job(params, files, folder / "work"))
    video, audio = made.outputs["clip"], made.outputs["audio"]
    assert isinstance(video, File)
    assert isinstance(audio, File)
    return video, audio


def heard(path: Path) -> NDArray[np.float64]:
    with av.open(str(path)) as file:
        parts = [frame.to_ndarray()[0] for frame in file.decode(audio=0)]
    return np.concatenate(parts).astype(np.float64)


def length(path: Path) -> float:
    """Seconds that the file says to last: an AAC packet more may be in it."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        assert stream.duration
        assert stream.time_base
        return float(stream.duration * stream.time_base)


def first_sound(samples: NDArray[np.float64]) -> float:
    return float(np.argmax(np.abs(samples) > 0.2)) / RATE


@pytest.mark.parametrize(
    ("frames", "made_of"),
    [(24, 40), (60, 54), (60, 12), (300, 301)],
    ids=["longer than the scene", "a little short", "far too short", "as Kling's ten seconds"],
)
def test_clip_and_line_have_exactly_the_length_that_is_sent(
    tmp_path: Path, frames: int, made_of: int
) -> None:
    video, audio = conformed(tmp_path, r.counted(tmp_path / "clip.mp4", made_of), frames)
    assert probe(video.path).frames == frames
    assert probe(video.path).audio_duration is None
    assert length(audio.path) == frames / 30
    assert video.meta["duration"] == audio.meta["duration"] == frames / 30


def test_frames_pass_one_by_one_and_the_last_one_stands(tmp_path: Path) -> None:
    video, _ = conformed(tmp_path, r.counted(tmp_path / "clip.mp4", 9), 12)
    assert r.numbers(r.decoded(video.path)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]


@pytest.mark.parametrize("lead", [0.1, 0.3])
def test_the_line_starts_where_the_finished_ad_has_it(tmp_path: Path, lead: float) -> None:
    _, audio = conformed(tmp_path, r.counted(tmp_path / "clip.mp4", 30), 60, lead)
    params = {"frames": 60, "lines": [{"audio": {"$input": 0}, "start": lead}]}
    whole = master.make(r.job(params, [r.artifact(tmp_path / "line.wav")], tmp_path / "master"))
    track = whole.outputs["audio"]
    assert isinstance(track, File)
    assert first_sound(heard(audio.path)) == pytest.approx(lead, abs=0.003)
    assert first_sound(heard(audio.path)) == pytest.approx(first_sound(heard(track.path)), abs=0.003)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("1072x1928", (1068, 1920)),
        ("720x1280", (720, 1280)),
        ("480x854", (720, 1280)),
        ("1920x1080", (1920, 1080)),
        ("2160x3840", (1080, 1920)),
        ("960x960", (960, 960)),
    ],
)
def test_a_clip_keeps_its_shape_within_what_services_take(
    tmp_path: Path, given: str, sent: tuple[int, int]
) -> None:
    clip = r.lavfi(tmp_path / "clip.mp4", f"testsrc2=s={given}:r=24:d=0.2")
    video, _ = conformed(tmp_path, clip, 6)
    found = probe(video.path)
    assert abs(found.width - sent[0]) <= 2
    assert abs(found.height - sent[1]) <= 2
    assert (video.meta["width"], video.meta["height"]) == (found.width, found.height)
    assert (found.codec, found.pix_fmt) == ("h264", "yuv420p")


def test_the_free_drafts_camera_move_becomes_a_clip(tmp_path: Path) -> None:
    image = r.picture(tmp_path / "photo.png", 540, 960)
    view = {"x": 0.5, "y": 0.5, "zoom": 1.0}
    move = r.move(tmp_path / "clip.zip", image, view, view | {"zoom": 1.2})
    video, _ = conformed(tmp_path, move, 8)
    found = probe(video.path)
    assert (found.width, found.height, found.frames) == (1080, 1920, 8)
    first, *_, last = r.decoded(video.path)
    assert np.abs(first.astype(int) - last).mean() > 1


def test_even_noise_stays_far_below_what_services_take(tmp_path: Path) -> None:
    noise = "nullsrc=s=1080x1920:r=30:d=1,geq=random(1)*255:128:128"
    clip = r.lavfi(tmp_path / "clip.mp4", noise, "-crf", "1", "-preset", "ultrafast")
    assert clip.stat().st_size > 10_000_000
    video, audio = conformed(tmp_path, clip, 30)
    assert video.path.stat().st_size < 6_000_000
    assert audio.path.stat().st_size < 100_000
