"""Small videos that many tests of operations work on; each is made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.media.rendering import lavfi
from tests.ops import filming as f


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="session")
def clock(folder: Path) -> Path:
    """30 counted frames, 128x128; its tone is 440 Hz for half a second, then 880 Hz."""
    return f.counted_video(folder / "clock.mp4")


@pytest.fixture(scope="session")
def quarters(folder: Path) -> Path:
    """Ten frames of red and lime over blue and white, 180x320."""
    picture = Image.new("RGB", (180, 320), "red")
    for colour, box in (("lime", (90, 0)), ("blue", (0, 160)), ("white", (90, 160))):
        picture.paste(Image.new("RGB", (90, 160), colour), box)
    return f.from_picture(folder / "quarters.mp4", picture, 10)


@pytest.fixture(scope="session")
def grey(folder: Path) -> Path:
    """15 frames of an even dark grey, 180x320."""
    return f.from_picture(folder / "grey.mp4", Image.new("RGB", (180, 320), "#404040"), 15)


@pytest.fixture(scope="session")
def wide(folder: Path) -> Path:
    """15 frames of red beside blue, 320x180."""
    picture = Image.new("RGB", (320, 180), "red")
    picture.paste(Image.new("RGB", (160, 180), "blue"), (160, 0))
    return f.from_picture(folder / "wide.mp4", picture, 15)


@pytest.fixture(scope="session")
def green(folder: Path) -> Path:
    """A green picture."""
    path = folder / "green.png"
    Image.new("RGB", (120, 200), "#00c000").save(path)
    return path


@pytest.fixture(scope="session")
def tune(folder: Path) -> Path:
    """Three seconds of a soft chord at 1320 Hz."""
    return lavfi(folder / "tune.wav", "sine=frequency=1320:r=48000:d=3,aformat=channel_layouts=stereo")


@pytest.fixture(scope="session")
def voice(folder: Path) -> Path:
    """0.4 seconds of a voice-like buzz at 200 Hz."""
    buzz = "aevalsrc='0.2*sin(2*PI*200*t)+0.1*sin(2*PI*400*t)+0.05*sin(2*PI*600*t)':s=48000:d=0.4"
    return lavfi(folder / "voice.wav", buzz)


@pytest.fixture(scope="session")
def examples(folder: Path, green: Path, tune: Path, voice: Path, clock: Path) -> dict[str, f.Step]:
    """Every operation with settings that do something to any video of half a second and more."""
    words = '[{"text": "Hello", "start": 0.0, "end": 0.2}, {"text": "there", "start": 0.2, "end": 0.4}]'
    return {
        "aspect-ratio": {"ratio": "1:1"},
        "blur-background": {"ratio": "4:5", "scale": 0.8, "radius": 0.1},
        "captions": {"lines": [{"words": words, "start": 0.0}]},
        "colour": {"brightness": 0.1, "warmth": 0.3},
        "crop": {"ratio": "1:1"},
        "fade": {"in": 0.1, "out": 0.1},
        "grid": {"files": [green]},
        "lip-sync": {"clip": clock},
        "loudness": {"lufs": -16},
        "music": {"file": tune},
        "packshot": {"headline": "Glow by morning", "cta": "Shop now", "seconds": 0.5},
        "slider": {"file": green},
        "speed": {"factor": 1.25},
        "splice": {"cut": [{"from": 0.1, "to": 0.2}]},
        "title": {"text": "Look", "until": 0.4},
        "trim": {"from": 0.1, "to": 0.4},
        "voiceover": {"file": voice},
        "watermark": {"text": "Glow"},
    }
