"""Operations that need services: what is bought for a given video is bought once, for all its ratios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest
import yaml

from adcli.engine.events import Event, TaskStarted
from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.stages import sound
from adcli.units import Quality
from adcli.work import File
from tests.emulator.server import Emulator
from tests.media.rendering import artifact, job
from tests.ops.filming import WIDE, video

pytestmark = pytest.mark.media
CAMPAIGN: dict[str, Any] = {
    "name": "films",
    "template": "post",
    "aspect_ratios": ["9:16", "1:1"],
    "inputs": {"video": "clip.mp4"},
    "providers": {"lipsync": "replicate:kwaivgi/kling-lip-sync", "transcribe": "openai:whisper-1"},
    "post": ["lip-sync", "captions", {"fade": {"in": 0.2, "out": 0.2}}],
}
BOUGHT = {"clip/lip-sync/lipsync", "clip/captions/transcribe"}


def run(folder: Path, emulator: Emulator, **changes: Any) -> tuple[set[str], dict[str, Any]]:
    path = folder / "campaign.yaml"
    path.write_text(yaml.safe_dump(CAMPAIGN | changes, sort_keys=False))
    events: list[Event] = []
    settings = Settings(quality=Quality.PREVIEW, yes=True)
    with opened(path, settings, emulator.environment(), {}, lambda _: False) as session:
        result = session.run(events.append, patience=0.02)
    return {event.task for event in events if isinstance(event, TaskStarted)}, result


def test_what_a_video_needs_is_bought_once_and_an_edit_buys_nothing(
    tmp_path: Path, emulator: Emulator
) -> None:
    video(tmp_path / "clip.mp4", 2.0, size=WIDE)
    made, result = run(tmp_path, emulator)
    assert result["exit_code"] == 0, [task["error"] for task in result["tasks"] if task["error"]]
    assert made >= BOUGHT
    assert result["cost"]["spent_usd"] == pytest.approx(2 * 0.014 + 3 * 0.0001)
    assert result["cost"]["spent_usd"] <= result["cost"]["estimated_usd"]
    (ad,) = result["ads"]
    assert [row["duration"] for row in ad["outputs"]] == [2.0, 2.0]
    assert run(tmp_path, emulator)[0] == set()
    again, result = run(tmp_path, emulator, post=["lip-sync", {"captions": {"style": "box"}}])
    assert {name.split("@")[0] for name in again} == {"clip/post", "clip/publish"}
    assert result["cost"]["spent_usd"] == 0


def test_what_is_listened_to_is_the_sound_under_the_picture(tmp_path: Path) -> None:
    clip = video(tmp_path / "clip.mp4", 1.5, size=WIDE, extra=("-ac", "2"))
    given = job({"video": {"$input": 0}}, [artifact(clip)], tmp_path / "work")
    audio = sound.make(given).outputs["audio"]
    assert isinstance(audio, File)
    assert audio.meta["duration"] == 1.5
    with av.open(str(audio.path)) as found:
        (stream,) = found.streams
        assert isinstance(stream, av.AudioStream)
        assert (stream.layout.name, stream.rate) == ("mono", 48_000)
        assert float((stream.duration or 0) * (stream.time_base or 0)) == pytest.approx(1.5, abs=0.03)


def test_a_silent_video_is_heard_by_nobody(tmp_path: Path, emulator: Emulator) -> None:
    video(tmp_path / "clip.mp4", 1.0, size=WIDE, sound=None)
    _, result = run(tmp_path, emulator, post=["captions"])
    assert result["exit_code"] == 5
    assert "the video has no sound to listen to" in result["ads"][0]["error"]["message"]
    assert result["cost"]["spent_usd"] == 0
