"""Every operation takes what people have: no sound, mono, odd sizes, 24 frames a second, rotated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import av
import pytest

from adcli.errors import TaskFailed
from adcli.media import ffmpeg
from adcli.media.probe import probe
from adcli.registry import catalogue
from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media

LENGTHS: Mapping[str, Callable[[int], int]] = {
    "packshot": lambda frames: frames + 15,
    "speed": lambda frames: round(frames / 1.25),
    "splice": lambda frames: frames - 3,
    "trim": lambda _: 9,
}
SHAPES = {"aspect-ratio": (1080, 1080), "blur-background": (1080, 1350)}


@pytest.fixture(scope="module")
def odd_and_silent(folder: Path) -> Path:
    """An odd size, 24 frames a second, no sound."""
    return f.video(
        folder / "odd.mp4", 0.5, size="181x321", rate="24", sound=None, extra=["-pix_fmt", "yuv444p"]
    )


@pytest.fixture(scope="module")
def rotated_mono(folder: Path) -> Path:
    """320x180 that is shown upright, with a mono sound at 44.1 kHz that is longer than the picture."""
    level = f.video(
        folder / "level.mp4", 0.5, size="320x180", sound="sine=frequency=440:r=44100:d=2", extra=["-ac", "1"]
    )
    target = folder / "rotated.mp4"
    turned = ["-v", "error", "-y", "-display_rotation", "90", "-i", str(level), "-c", "copy", str(target)]
    ffmpeg.run(turned, cwd=folder, timeout=60)
    return target


def test_there_is_an_example_of_every_operation(examples: dict[str, f.Step]) -> None:
    assert sorted(examples) == sorted(catalogue().ops)


@pytest.mark.parametrize("name", sorted(catalogue().ops))
@pytest.mark.parametrize("kind", ["odd_and_silent", "rotated_mono"])
def test_an_operation_takes_any_video(
    name: str, kind: str, examples: dict[str, f.Step], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source: Path = request.getfixturevalue(kind)
    made = f.film(tmp_path, source, {name: examples[name]})
    frames = LENGTHS[name](15) if name in LENGTHS else 15
    assert made.meta["frames"] == frames
    width, height = SHAPES.get(name, (180, 180 if name == "crop" else 320))
    assert (made.meta["width"], made.meta["height"]) == (width, height)
    found = probe(made.path)
    assert (found.codec, found.pix_fmt, found.pixel_shape) == ("h264", "yuv420p", 1.0)
    assert found.duration == pytest.approx(frames / 30, abs=0.02)
    assert found.audio_duration == pytest.approx(frames / 30, abs=0.02)
    with av.open(str(made.path)) as container:
        sound = container.streams.audio[0]
        assert (sound.codec_context.name, sound.rate, sound.channels) == ("aac", 48_000, 2)


def test_a_mono_sound_keeps_its_level(rotated_mono: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, rotated_mono, {"crop": {"ratio": "1:1"}}))[2000:20000]
    with av.open(str(rotated_mono)) as container:
        own = [frame.to_ndarray() for frame in container.decode(audio=0)]
    wanted = f.level(own[5].T.astype(float))
    assert f.level(sound[:, :1]) == pytest.approx(wanted, abs=0.5)
    assert f.level(sound[:, 1:]) == pytest.approx(wanted, abs=0.5)


def test_a_rotated_video_is_worked_on_upright(folder: Path, tmp_path: Path, wide: Path) -> None:
    target = folder / "turned.mp4"
    turned = ["-v", "error", "-y", "-display_rotation", "90", "-i", str(wide), "-c", "copy", str(target)]
    ffmpeg.run(turned, cwd=folder, timeout=60)
    upper = f.film(tmp_path, target, {"crop": {"height": "40%", "y": 0}})
    lower = f.film(tmp_path, target, {"crop": {"height": "40%", "y": "60%"}})
    shown = [f.colour(f.frames(made)[3], 0.5, 0.5) for made in (upper, lower)]
    assert near(shown[0], (0, 0, 255)) and near(shown[1], (255, 0, 0))


def test_names_of_files_may_be_anything(wide: Path, green: Path, tune: Path, tmp_path: Path) -> None:
    odd = tmp_path / "we'ird, [dir]:x;1%d"
    odd.mkdir()
    files = [odd / f"a: 'b' %03d [{number}].x" for number in range(3)]
    for link, path in zip(files, (wide, green, tune), strict=True):
        link.write_bytes(path.read_bytes())
    video, picture, music = files
    made = f.film(odd, video, {"splice": {"append": [picture, video]}}, {"music": {"file": music}})
    assert made.meta["frames"] == 15 + 90 + 15
    marked = f.film(odd, video, {"watermark": {"file": picture}}, {"grid": {"files": [video, picture]}})
    assert marked.meta["frames"] == 15


@pytest.mark.parametrize("step", ["loudness", {"trim": {"from": 0.1, "to": 0.4}}], ids=["copied", "encoded"])
def test_chapters_of_a_video_are_left_out_as_their_times_are_of_another(
    clock: Path, tmp_path: Path, step: f.Step
) -> None:
    (tmp_path / "chapters.txt").write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=Second half\n"
    )
    inputs = ["-i", str(clock), "-i", "chapters.txt", "-map_chapters", "1"]
    ffmpeg.run(["-v", "error", *inputs, "-c", "copy", "marked.mp4"], cwd=tmp_path, timeout=60)
    assert chapters(tmp_path / "marked.mp4") == 1
    assert chapters(f.film(tmp_path / "films", tmp_path / "marked.mp4", step).path) == 0


def chapters(path: Path) -> int:
    with av.open(str(path)) as file:
        return len(file.chapters())


def test_a_video_whose_first_picture_is_damaged_is_refused(clock: Path, tmp_path: Path) -> None:
    data = bytearray(clock.read_bytes())
    start = data.index(b"mdat") + 4
    data[start : start + 8000] = bytes(number * 37 % 256 for number in range(8000))
    (tmp_path / "bad.mp4").write_bytes(data)
    with pytest.raises(TaskFailed, match=r"\.mp4 is damaged: its first picture can't be read"):
        f.film(tmp_path, tmp_path / "bad.mp4", {"trim": {"from": 0.1}})
