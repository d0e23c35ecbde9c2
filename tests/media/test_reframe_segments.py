"""Rendered scenes keep the face in the frame: stills, moves, clips of any kind, and the picture pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from adcli.media import ffmpeg
from adcli.media.framing import Box, Focus, read_focus, window
from adcli.media.probe import probe
from adcli.stages import reframe, scene, still
from adcli.units import AspectRatio, Size
from adcli.work import File
from tests.media import rendering as r
from tests.media import test_together as together
from tests.media.test_reframe_faces import BOXES, FINDERS, FOLDER

pytestmark = pytest.mark.media

ASTRONAUT = FOLDER / "astronaut-right.jpg"
FACE = BOXES["astronaut-right"]
GREEN = (0, 200, 0)


def focus_of(workdir: Path, file: Path, **params: object) -> str:
    given = {"finder": FINDERS[0], "at": 0} | params
    text = reframe.make(r.job(given, [r.artifact(file)], workdir)).outputs["focus"]
    assert isinstance(text, str)
    return text


def marked(target: Path, picture: Path = ASTRONAUT, box: Box = FACE) -> Path:
    """The picture with its face painted over in green: what is left of it can be measured."""
    with Image.open(picture) as opened:
        image = opened.convert("RGB")
    wide, high = image.size
    sides = (box.left * wide, box.top * high, box.right * wide, box.bottom * high)
    image.paste(GREEN, tuple(round(side) for side in sides))
    image.save(target)
    return target


def greens(picture: r.Pixels) -> int:
    pixels = picture.astype(int)
    return int(((pixels[..., 1] > 120) & (pixels[..., 0] < 90) & (pixels[..., 2] < 90)).sum())


def whole_green(picture: Path, ratio: str, zoom: float = 1.0) -> float:
    """Pixels of a preview that the painted face takes if all of it is there."""
    with Image.open(picture) as opened:
        size = Size(*opened.size)
    wide, high = r.preview(ratio)
    cover = max(wide / size.width, high / size.height) * zoom
    return FACE.width * size.width * cover * FACE.height * size.height * cover


@pytest.mark.parametrize("ratio", ["9:16", "4:5", "1:1", "16:9"])
def test_a_photo_that_stands_still_shows_its_face_in_every_ratio(tmp_path: Path, ratio: str) -> None:
    focus = focus_of(tmp_path / "look", ASTRONAUT, image={"$input": 0})
    photo = marked(tmp_path / "photo.png")
    shown: dict[str, Any] = {
        "picture": {"image": {"$input": 0}},
        "files": [photo],
        "ratio": ratio,
        "fit": "crop",
    }
    segment = r.render(tmp_path / "scene", frames=2, focus=focus, **shown)
    assert greens(r.decoded(segment.path)[1]) == pytest.approx(whole_green(photo, ratio), rel=0.06)
    blind = r.render(tmp_path / "blind", frames=2, **shown)
    if ratio == "9:16":
        assert greens(r.decoded(blind.path)[1]) < 0.1 * whole_green(photo, ratio)


def test_a_photo_that_moves_shows_its_face_from_its_first_frame_to_its_last(tmp_path: Path) -> None:
    focus = focus_of(tmp_path / "look", ASTRONAUT, image={"$input": 0})
    photo = marked(tmp_path / "photo.png")
    start, end = {"x": 0.55, "y": 0.5, "zoom": 1.0}, {"x": 0.45, "y": 0.47, "zoom": 1.2}
    move = r.move(tmp_path / "move.zip", photo, start, end)
    segment = r.render(tmp_path / "scene", move, 12, focus=focus, ratio="9:16", fit="crop")
    first, *_, last = (greens(picture) for picture in r.decoded(segment.path))
    assert first == pytest.approx(whole_green(photo, "9:16"), rel=0.06)
    assert last == pytest.approx(whole_green(photo, "9:16", 1.2), rel=0.06)


@pytest.fixture(scope="session")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip, 20 frames a second: a face that goes a third of the width to the left."""
    folder = tmp_path_factory.mktemp("walk")
    way = "scale=960:540,crop=400:400:'440+80*t':0,setsar=1"
    command = ["-loop", "1", "-r", "20", "-i", str(ASTRONAUT), "-vf", way, "-t", "1.5", "-pix_fmt", "yuv420p"]
    return r.lavfi(folder / "walk.mp4", "anullsrc=d=0.1", *command, "-map", "1:v")


def test_in_a_clip_the_whole_way_of_a_face_is_found(tmp_path: Path, walk: Path) -> None:
    focus = read_focus(focus_of(tmp_path / "look", walk, clip={"$input": 0}, frames=45))
    assert focus.found == "face"
    (way,) = focus.boxes
    begins, ends = ((960 * FACE.right - 445) / 400, (960 * FACE.left - 555) / 400)
    assert way.left <= ends
    assert way.right >= min(1.0, begins)


def test_only_the_part_of_a_clip_that_a_scene_shows_is_looked_at(tmp_path: Path, walk: Path) -> None:
    early = read_focus(focus_of(tmp_path / "early", walk, clip={"$input": 0}, frames=9))
    late = read_focus(focus_of(tmp_path / "late", walk, clip={"$input": 0}, frames=9, at=1.1))
    assert late.boxes[0].x < early.boxes[0].x - 0.1
    assert late.boxes[0].width < 0.6


@pytest.mark.parametrize("ratio", ["9:16", "1:1"])
def test_a_cropped_clip_shows_its_face(tmp_path: Path, ratio: str) -> None:
    photo = marked(tmp_path / "photo.png")
    command = ["-loop", "1", "-i", str(photo), "-t", "0.4", "-pix_fmt", "yuv420p", "-map", "1:v"]
    clip = r.lavfi(tmp_path / "clip.mp4", "anullsrc=d=0.1", *command)
    focus = focus_of(tmp_path / "look", ASTRONAUT, image={"$input": 0})
    segment = r.render(tmp_path / "scene", clip, 3, focus=focus, ratio=ratio, fit="crop")
    assert greens(r.decoded(segment.path)[2]) == pytest.approx(whole_green(photo, ratio), rel=0.08)


@pytest.mark.parametrize(
    ("way", "turn"), [("scale=320:360,setsar=2", ""), ("transpose=clock", "90"), ("transpose=cclock", "270")]
)
def test_a_clip_is_looked_at_as_people_see_it(tmp_path: Path, way: str, turn: str) -> None:
    """What is found has the shares of the upright picture with square pixels."""
    command = ["-loop", "1", "-i", str(ASTRONAUT), "-t", "0.4", "-pix_fmt", "yuv420p", "-map", "1:v"]
    clip = r.lavfi(tmp_path / "clip.mp4", "anullsrc=d=0.1", *command, "-vf", way)
    if turn:
        copied = ["-v", "error", "-display_rotation", turn, "-i", "clip.mp4", "-c", "copy", "turned.mp4"]
        ffmpeg.run(copied, cwd=tmp_path, timeout=60)
        clip = tmp_path / "turned.mp4"
    assert probe(clip).shown == Size(640, 360)
    (head,) = read_focus(focus_of(tmp_path / "look", clip, clip={"$input": 0}, frames=12)).boxes
    assert head.holds(Box(FACE.left, FACE.top + 0.02, FACE.right, FACE.bottom))
    assert head.width < 2.2 * FACE.width


def test_the_same_picture_gives_the_same_text(tmp_path: Path) -> None:
    texts = {focus_of(tmp_path / str(number), ASTRONAUT, image={"$input": 0}) for number in range(2)}
    (text,) = texts
    assert json.loads(text)["found"] == "face"
    assert len(text) < 200


@pytest.mark.parametrize("ratio", ["9:16", "1:1"])
def test_a_published_picture_shows_its_face(tmp_path: Path, ratio: str) -> None:
    focus = focus_of(tmp_path / "look", ASTRONAUT, image={"$input": 0})
    params = {"image": {"$input": 0}, "ratio": ratio, "fit": "crop", "focus": focus}
    made = still.make(r.job(params, [r.artifact(marked(tmp_path / "p.png"))], tmp_path / "still"))
    found = made.outputs["image"]
    assert isinstance(found, File)
    picture = np.asarray(Image.open(found.path).convert("RGB"))
    assert picture.shape[1::-1] == (AspectRatio(ratio).size.width, AspectRatio(ratio).size.height)
    assert greens(picture) == pytest.approx(4 * whole_green(tmp_path / "p.png", ratio), rel=0.06)


def test_a_published_picture_of_another_shape_lies_before_itself(tmp_path: Path) -> None:
    params = {"image": {"$input": 0}, "ratio": "9:16", "fit": "pad"}
    made = still.make(r.job(params, [r.artifact(marked(tmp_path / "p.png"))], tmp_path / "still"))
    found = made.outputs["image"]
    assert isinstance(found, File)
    picture = np.asarray(Image.open(found.path).convert("RGB"))
    scale = 1080 / 640
    assert greens(picture[656:1264]) == pytest.approx(
        FACE.width * 640 * FACE.height * 360 * scale**2, rel=0.06
    )
    around, over = picture[300:600, :200].mean(), picture[660:1260, :200].mean()
    assert 0.4 * over < around < 0.9 * over, "dim, yet not black"


def test_a_focus_that_is_the_middle_changes_no_byte(tmp_path: Path) -> None:
    clip = r.counted(tmp_path / "clip.mp4", 4, "30", "320x180")
    middle = Focus((Box(0.5, 0.5, 0.5, 0.5),), "centre").text()
    one = r.render(tmp_path / "one", clip, 3, ratio="1:1", fit="crop")
    two = r.render(tmp_path / "two", clip, 3, ratio="1:1", fit="crop", focus=middle)
    assert one.path.read_bytes() == two.path.read_bytes()


def test_each_sample_of_a_window_agrees_with_what_is_rendered(tmp_path: Path) -> None:
    """The rendered crop is the window that the tables tell, to a pixel or two."""
    photo = tmp_path / "ramp.png"
    ramp = np.tile(np.linspace(0, 255, 640).astype(np.uint8)[None, :, None], (360, 1, 3))
    Image.fromarray(ramp).save(photo)
    focus = Focus((Box(0.6, 0.2, 0.7, 0.5),), "face")
    segment = r.render(
        tmp_path / "scene",
        {"image": {"$input": 0}},
        2,
        files=[photo],
        focus=focus.text(),
        ratio="1:1",
        fit="crop",
    )
    row = r.decoded(segment.path)[1][270, :, 1].astype(float) / 255
    seen = window(Size(640, 360), AspectRatio.SQUARE.size, focus)
    assert row[4] == pytest.approx(seen.left, abs=0.015)
    assert row[-4] == pytest.approx(seen.right, abs=0.015)


@pytest.mark.parametrize("kind", ["clip", "move"])
def test_ratios_with_a_focus_come_out_of_one_process_as_they_do_alone(tmp_path: Path, kind: str) -> None:
    """Also the ratio that shows all of the photo, and the one that sets it before its blur."""
    view = {"x": 0.5, "y": 0.5, "zoom": 1.0}
    if kind == "clip":
        source = r.lavfi(tmp_path / "clip.mp4", "testsrc2=s=320x180:r=30:d=0.5")
    else:
        source = r.move(tmp_path / "move.zip", ASTRONAUT, view, view | {"zoom": 1.2})
    focus = focus_of(tmp_path / "look", ASTRONAUT, image={"$input": 0})
    params = {"picture": {"clip": {"$input": 0}}, "focus": focus}
    many = scene.make_all(together.jobs(tmp_path / "together", params, [source]))
    alone = [scene.make(job) for job in together.jobs(tmp_path / "alone", params, [source])]
    assert together.contents(many) == together.contents(alone)
