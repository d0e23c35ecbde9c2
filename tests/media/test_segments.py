"""Segments of any source have exactly their frames, and show the right ones."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from adcli.errors import TaskFailed
from adcli.media import ffmpeg
from adcli.media.probe import probe
from adcli.stages import scene
from adcli.stages.scene import TRANSITIONS
from tests.media import rendering as r

pytestmark = pytest.mark.media

ODD = {
    "24 frames a second": ("testsrc2=s=320x568:r=24:d=1", []),
    "odd size in 4:4:4": ("testsrc2=s=853x481:r=30:d=1", ["-pix_fmt", "yuv444p"]),
    "full range": ("testsrc2=s=320x320:r=30:d=1", ["-pix_fmt", "yuvj420p"]),
    "varying frame rate": (
        "testsrc2=s=320x320:r=60:d=1,select='not(mod(n\\,3))+between(n\\,10\\,20)'",
        ["-fps_mode", "vfr"],
    ),
    "shorter than its slot": ("testsrc2=s=320x320:r=30:d=0.3", []),
    "59.94 frames a second": ("testsrc2=s=320x320:r=60000/1001:d=1", []),
}


@pytest.mark.parametrize("name", ODD)
def test_any_clip_gives_exactly_the_frames_asked_for(tmp_path: Path, name: str) -> None:
    source, arguments = ODD[name]
    clip = r.lavfi(tmp_path / "clip.mp4", source, *arguments)
    made = r.render(tmp_path / "work", clip, 17)
    assert made.meta["frames"] == 17
    assert len(r.decoded(made.path)) == 17


def test_a_webm_clip_is_taken(tmp_path: Path) -> None:
    clip = r.lavfi(tmp_path / "clip.webm", "testsrc2=s=160x160:r=30:d=0.4", "-c:v", "libvpx")
    assert r.render(tmp_path / "work", clip, 9).meta["frames"] == 9


def test_frames_of_a_30_fps_clip_pass_one_by_one(tmp_path: Path) -> None:
    made = r.render(tmp_path / "work", r.counted(tmp_path / "clip.mp4", 12), 12)
    assert r.numbers(r.decoded(made.path)) == list(range(12))


def test_a_clip_starts_at_its_offset_and_stands_still_at_its_end(tmp_path: Path) -> None:
    made = r.render(tmp_path / "work", r.counted(tmp_path / "clip.mp4", 12), 10, at=5 / 30)
    assert r.numbers(r.decoded(made.path)) == [5, 6, 7, 8, 9, 10, 11, 11, 11, 11]


@pytest.mark.parametrize(("frames", "at", "held"), [(30, 0.0, "0.6"), (14, 0.0, None), (10, 11 / 30, "0.3")])
def test_a_clip_that_ends_well_before_its_scene_is_told_of(
    tmp_path: Path, frames: int, at: float, held: str | None
) -> None:
    clip = r.artifact(r.counted(tmp_path / "clip.mp4", 12))
    params = {"ratio": "1:1", "quality": "preview", "picture": {"clip": {"$input": 0}}, "frames": frames}
    made = scene.make(r.job({**scene.SPEC.defaults, **params, "at": at}, [clip], tmp_path / "work"))
    told = f"the clip ends {held} s before its scene: its last picture stands still"
    assert made.notes == ((told,) if held else ())


@pytest.mark.parametrize("at", [12 / 30, 9.0])
def test_an_offset_behind_the_end_of_a_clip_shows_its_last_frame(tmp_path: Path, at: float) -> None:
    made = r.render(tmp_path / "work", r.counted(tmp_path / "clip.mp4", 12), 4, at=at)
    assert r.numbers(r.decoded(made.path)) == [11] * 4


def test_a_rotated_clip_is_shown_upright(tmp_path: Path) -> None:
    flat = r.lavfi(tmp_path / "flat.mp4", "color=red:s=160x90:r=30:d=0.3,drawbox=w=80:h=90:c=blue:t=fill")
    turned = tmp_path / "turned.mp4"
    ffmpeg.run(
        ["-v", "error", "-display_rotation", "90", "-i", str(flat), "-c", "copy", str(turned)],
        cwd=tmp_path, timeout=60,
    )  # fmt: skip
    middle = r.decoded(r.render(tmp_path / "work", turned, 3).path)[0][:, r.SIZE // 2]
    assert r.near(middle[40], (255, 0, 0))
    assert r.near(middle[-40], (0, 0, 255))


def test_a_clip_of_wide_pixels_keeps_its_shape(tmp_path: Path) -> None:
    circle = "color=black:s=80x160:r=30:d=0.2,format=gray,geq=lum='255*lt(hypot((X-40)*2,Y-80),60)',setsar=2"
    clip = r.lavfi(tmp_path / "clip.mp4", circle, "-pix_fmt", "yuv420p")
    white = r.decoded(r.render(tmp_path / "work", clip, 2).path)[0][..., 0] > 128
    high, wide = np.ptp(np.where(white.any(1))[0]), np.ptp(np.where(white.any(0))[0])
    assert abs(int(high) - int(wide)) <= 8


def test_a_still_picture_stands_still(tmp_path: Path) -> None:
    photo = r.picture(tmp_path / "p.png", 500, 700)
    made = r.render(tmp_path / "work", {"image": {"$input": 0}}, 8, files=[photo])
    frames = r.decoded(made.path)
    assert len(frames) == 8
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() < 1


PUSH = ({"x": 0.5, "y": 0.5, "zoom": 1.0}, {"x": 0.5, "y": 0.475, "zoom": 1.14})
PAN = ({"x": 0.545, "y": 0.5, "zoom": 1.12}, {"x": 0.455, "y": 0.5, "zoom": 1.12})


@pytest.mark.parametrize("shape", [(360, 640), (640, 360), (1500, 200), (90, 900)])
@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_a_move_over_a_picture_of_any_shape_fills_every_frame(
    tmp_path: Path, shape: tuple[int, int], fit: str
) -> None:
    clip = r.move(tmp_path / "m.zip", r.picture(tmp_path / "p.png", *shape), *PUSH)
    frames = r.decoded(r.render(tmp_path / "work", clip, 6, fit=fit, ratio="9:16").path)
    assert [frame.shape for frame in frames] == [(960, 540, 3)] * 6
    assert all(frame.reshape(-1, 3).max(1).min() > 5 for frame in frames), "a black edge shows"


def test_a_move_shows_what_its_views_say(tmp_path: Path) -> None:
    photo = r.picture(tmp_path / "p.png", 360, 640)
    clip = r.move(tmp_path / "m.zip", photo, *PAN)
    frames = r.decoded(r.render(tmp_path / "work", clip, 9, ratio="9:16").path)
    with Image.open(photo) as opened:
        for view, frame in ((PAN[0], frames[0]), (PAN[1], frames[-1])):
            wide, high = 360 / view["zoom"], 640 / view["zoom"]
            left, top = view["x"] * 360 - wide / 2, view["y"] * 640 - high / 2
            wanted = opened.resize((540, 960), Image.Resampling.BICUBIC, (left, top, left + wide, top + high))
            assert np.abs(np.asarray(wanted, int) - frame).mean() < 3


def test_a_pan_moves_evenly(tmp_path: Path) -> None:
    """The edge of a drawn bar, found between pixels, is within 0.6 px of an even run at preview size."""
    bar = np.full((640, 360, 3), 20, np.uint8)
    bar[:, 170:190] = 230
    Image.fromarray(bar).save(tmp_path / "bar.png")
    clip = r.move(tmp_path / "m.zip", tmp_path / "bar.png", *PAN)
    frames = r.decoded(r.render(tmp_path / "work", clip, 30, ratio="9:16").path)
    rows = np.stack([frame[400:500, :, 1].mean(0) - 20 for frame in frames])
    centres = (rows * np.arange(540)).sum(1) / rows.sum(1)
    even = np.polyval(np.polyfit(np.arange(30), centres, 1), np.arange(30))
    assert np.sqrt(np.mean((centres - even) ** 2)) < 0.6
    assert np.all(np.diff(centres) > 0)


def test_layers_of_a_move_lie_over_each_other(tmp_path: Path) -> None:
    Image.new("RGB", (200, 200), "blue").save(tmp_path / "back.png")
    front = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    front.paste((255, 0, 0, 255), (0, 0, 100, 200))
    front.save(tmp_path / "front.png")
    rows = [{"file": name, "from": PUSH[0], "to": PUSH[1]} for name in ("back.png", "front.png")]
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("move.json", json.dumps({"width": 200, "height": 200, "layers": rows}))
        for name in ("back.png", "front.png"):
            archive.write(tmp_path / name, name)
    for frame in r.decoded(r.render(tmp_path / "work", tmp_path / "m.zip", 4).path):
        assert r.near(frame[270, 100], (255, 0, 0))
        assert r.near(frame[270, 440], (0, 0, 255))


DAMAGED = [
    b"{}",
    b"[]",
    b"not JSON",
    b'{"width": 0, "height": 9, "layers": [{"file": "layer-0.png", "from": {}, "to": {}}]}',
    b'{"width": 9, "height": 9, "layers": []}',
    b'{"width": 9, "height": 9, "layers": ["layer-0.png"]}',
    b'{"width": 9, "height": 9, "layers": [{"file": "gone.png"}]}',
    b'{"width": 9, "height": 9, "layers": [{"file": "layer-0.png", "from": {"x": NaN, "y": 0, "zoom": 1}}]}',
]


@pytest.mark.parametrize("move", DAMAGED)
def test_a_damaged_move_fails_the_task(tmp_path: Path, move: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("move.json", move)
        archive.writestr("layer-0.png", b"no picture")
    with pytest.raises(TaskFailed):
        r.render(tmp_path / "work", tmp_path / "m.zip", 4)


def test_a_cut_or_changed_move_fails_the_task(tmp_path: Path) -> None:
    whole = r.move(tmp_path / "m.zip", r.picture(tmp_path / "p.png", 200, 300), *PUSH).read_bytes()
    half = len(whole) // 2
    for number, content in enumerate([whole[:half], whole[:half] + b"xxxx" + whole[half + 4 :]]):
        (tmp_path / "d.zip").write_bytes(content)
        with pytest.raises(TaskFailed):
            r.render(tmp_path / f"work{number}", tmp_path / "d.zip", 4)


def test_a_packshot_fills_the_frame_and_stands_still(tmp_path: Path) -> None:
    shot = {"headline": "Cold all day", "cta": "Shop now", "product_name": "Tarn", "colors": ["#0D5766"]}
    frames = r.decoded(r.render(tmp_path / "work", {"packshot": shot}, 7).path)
    assert len(frames) == 7
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() < 1


@pytest.mark.parametrize("ratio", ["9:16", "4:5", "1:1", "16:9"])
@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_every_ratio_is_cropped_or_padded_with_a_blur(tmp_path: Path, ratio: str, fit: str) -> None:
    source = "color=gray:s=180x320:r=30:d=0.2,drawbox=x=0:y=0:w=180:h=20:c=red:t=fill"
    frame = r.decoded(
        r.render(tmp_path / "work", r.lavfi(tmp_path / "c.mp4", source), 2, ratio=ratio, fit=fit).path
    )[0]
    assert frame.shape[1::-1] == r.preview(ratio)
    middle, side = frame[:, frame.shape[1] // 2], frame[:, 4]
    whole = fit == "pad" or ratio == "9:16"
    assert r.near(middle[6], (254, 0, 0), 40) == whole, "the top of the clip is seen where all of it is"
    if fit == "pad" and ratio == "16:9":
        assert 90 < side[len(side) // 2].mean() < 126, "the pad is the clip's own colour, darker"


@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_zoom_shows_less_of_a_clip(tmp_path: Path, fit: str) -> None:
    clip = r.lavfi(tmp_path / "c.mp4", "color=gray:s=160x160:r=30:d=0.1,drawbox=w=160:h=160:c=red:t=12")
    plain = r.decoded(r.render(tmp_path / "one", clip, 2, fit=fit).path)[0]
    closer = r.decoded(r.render(tmp_path / "two", clip, 2, fit=fit, zoom=1.4).path)[0]
    assert r.near(plain[270, 6], (254, 0, 0), 40)
    assert r.near(closer[270, 6], (128, 128, 128), 40)


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_a_transition_starts_with_the_outgoing_picture_and_takes_exactly_its_frames(
    tmp_path: Path, name: str
) -> None:
    length, frames = TRANSITIONS[name][1], 16
    before = r.counted(tmp_path / "before.mp4", 24)
    after = r.lavfi(tmp_path / "after.mp4", "color=white:s=64x64:r=30:d=1")
    tail = {"picture": before, "at": 3 / 30, "zoom": 1, "fit": "crop", "frames": 6}
    made = r.decoded(r.render(tmp_path / "work", after, frames, transition=name, tail=tail).path)
    assert len(made) == frames
    assert r.numbers(made[:1]) == [9], "the frame that follows the outgoing scene's last one"
    assert np.ptp(made[0]) < 12, "and nothing else"
    whole = [bool(frame.min() > 245) for frame in made]
    assert whole == [False] * length + [True] * (frames - length)


def test_a_tail_longer_than_its_clip_holds_the_last_frame(tmp_path: Path) -> None:
    before = r.counted(tmp_path / "before.mp4", 8)
    after = r.lavfi(tmp_path / "after.mp4", "color=white:s=64x64:r=30:d=1")
    tail = {"picture": before, "at": 0, "zoom": 1, "fit": "crop", "frames": 8}
    made = r.decoded(r.render(tmp_path / "work", after, 12, transition="swipe", tail=tail).path)
    assert r.numbers(made[:1]) == [7]


def test_after_a_transition_no_frame_of_the_scene_is_lost(tmp_path: Path) -> None:
    now = r.counted(tmp_path / "now.mp4", 14)
    before = r.lavfi(tmp_path / "before.mp4", "color=white:s=64x64:r=30:d=1")
    tail = {"picture": before, "at": 0, "zoom": 1, "fit": "crop", "frames": 6}
    made = r.decoded(r.render(tmp_path / "work", now, 14, transition="fade", tail=tail).path)
    assert r.numbers(made[9:]) == list(range(9, 14))


def test_the_tail_of_a_move_continues_its_last_view(tmp_path: Path) -> None:
    photo = r.picture(tmp_path / "p.png", 360, 640)
    clip = r.move(tmp_path / "m.zip", photo, *PUSH)
    last = r.decoded(r.render(tmp_path / "one", clip, 12).path)[-1]
    other = r.lavfi(tmp_path / "other.mp4", "color=white:s=64x64:r=30:d=1")
    tail = {"picture": clip, "at": 0, "zoom": 1, "fit": "crop", "frames": 12}
    first = r.decoded(r.render(tmp_path / "two", other, 12, transition="swipe", tail=tail).path)[0]
    assert np.abs(last.astype(int) - first).mean() < 3


def test_a_scene_of_one_frame_has_no_room_for_a_transition(tmp_path: Path) -> None:
    clip = r.counted(tmp_path / "c.mp4", 4)
    tail = {"picture": clip, "at": 0, "zoom": 1, "fit": "crop", "frames": 2}
    assert r.render(tmp_path / "work", clip, 1, transition="fade", tail=tail).meta["frames"] == 1


def test_every_kind_of_scene_has_one_and_the_same_encoder_setup(tmp_path: Path) -> None:
    photo = r.picture(tmp_path / "p.png", 200, 300)
    clip = r.counted(tmp_path / "c.mp4", 9)
    text: dict[str, Any] = {"text": {"text": "Hello", "until": None, "kind": "title"}}
    tail = {"picture": clip, "at": 0, "zoom": 1, "fit": "crop", "frames": 2}
    made = [
        r.render(tmp_path / "1", clip, 9),
        r.render(tmp_path / "2", clip, 9, fit="pad", **text),
        r.render(tmp_path / "3", r.move(tmp_path / "m.zip", photo, *PUSH), 8, **text),
        r.render(tmp_path / "4", {"packshot": {"headline": "A", "cta": "B", "colors": []}}, 3),
        r.render(tmp_path / "5", {"image": {"$input": 0}}, 3, files=[photo]),
        r.render(tmp_path / "6", clip, 12, transition="fade", tail=tail, **text),
    ]
    assert len({m.meta["extradata_sha256"] for m in made}) == 1


@pytest.mark.parametrize("quality", ["preview", "final", "max"])
def test_a_segment_is_h264_high_in_bt709_with_closed_groups(tmp_path: Path, quality: str) -> None:
    clip = r.lavfi(tmp_path / "c.mp4", "testsrc2=s=160x160:r=30:d=3")
    made = r.render(tmp_path / "work", clip, 66 if quality == "preview" else 4, quality=quality)
    with av.open(str(made.path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        frames = list(container.decode(video=0))
    assert {(int(f.color_primaries), int(f.color_trc)) for f in frames} == {(1, 1)}
    assert {(int(f.colorspace), int(f.color_range)) for f in frames} == {(1, 1)}
    keys = [n for n, frame in enumerate(frames) if frame.key_frame]
    assert keys[0] == 0
    assert quality != "preview" or 60 in keys
    assert probe(made.path).pix_fmt == "yuv420p"


def broken_clip(folder: Path, kind: str) -> Path:
    path = folder / "clip.mp4"
    if kind == "a playlist":
        other = r.counted(folder / "other.mp4", 5)
        path.write_text(f"ffconcat version 1.0\nfile {other.name}\n")
    elif kind == "a cut video":
        whole = r.lavfi(
            folder / "w.mp4", "testsrc2=s=320x320:r=30:d=1", "-movflags", "+faststart"
        ).read_bytes()
        path.write_bytes(whole[: len(whole) * 2 // 3])
    elif kind == "a video cut before its index":
        whole = r.lavfi(folder / "w.mp4", "testsrc2=s=320x320:r=30:d=1").read_bytes()
        path.write_bytes(whole[: len(whole) * 2 // 3])
    elif kind == "sound alone":
        r.silence(path, 30)
    else:
        path.write_bytes({"nothing": b"", "noise": bytes(range(256)) * 40}[kind])
    return path


KINDS = ["a playlist", "a cut video", "a video cut before its index", "sound alone", "nothing", "noise"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_whole_video_fails_the_task(tmp_path: Path, kind: str) -> None:
    with pytest.raises(TaskFailed):
        r.render(tmp_path / "work", broken_clip(tmp_path, kind), 5)


def test_a_folder_with_signs_that_ffmpeg_reads_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "100%d: it's [odd], ok;"
    folder.mkdir()
    photo = r.picture(folder / "p %03d.png", 200, 300)
    clip = r.move(folder / "m.zip", photo, *PUSH)
    title = {"text": "Hi", "until": None, "kind": "title"}
    assert r.render(folder / "work", clip, 3, text=title).meta["frames"] == 3
