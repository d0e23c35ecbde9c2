from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import yaml

from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.media.audio import measure
from adcli.media.probe import probe
from adcli.units import Quality
from tests.emulator.server import Emulator
from tests.engine.clips import clip, colour_at, heard, levels, pitch, pixels_at

pytestmark = pytest.mark.media

HOOK, MAIN, BROLL = 400, 700, 1500
QUIET: dict[str, Any] = {
    "name": "cut",
    "template": "assembly",
    "product": {"name": "Glow Serum"},
    "music": False,
    "scenes": {"cta": {"voiceover": "", "seconds": 1, "transition": "cut"}},
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hook is far softer than the main clip, and one clip has no sound."""
    folder = tmp_path_factory.mktemp("clips")
    clip(folder / "hook.mp4", 1, HOOK, "red", gain=0.05)
    clip(folder / "main.mp4", 4, MAIN, "lime")
    clip(folder / "broll.mp4", 3, BROLL, "blue", size="160x90")
    clip(folder / "mute.mp4", 3, None, "yellow")
    return folder


def run(
    folder: Path, clips: Path, environ: Mapping[str, str] = MappingProxyType({}), **changes: Any
) -> dict[str, Any]:
    """The result of a campaign of those clips, at preview quality."""
    folder.mkdir(exist_ok=True)
    for path in clips.glob("*.mp4"):
        if not (folder / path.name).exists():
            (folder / path.name).symlink_to(path)
    file = folder / "campaign.yaml"
    file.write_text(yaml.safe_dump(QUIET | changes, sort_keys=False))
    asked = Settings(quality=Quality.PREVIEW, jobs=2, yes=bool(environ))
    with opened(file, asked, environ, {}, lambda _: False) as session:
        return session.run(lambda _: None, patience=0.02)


def near(colour: tuple[int, int, int]) -> str:
    names = {"red": (254, 0, 0), "lime": (0, 254, 0), "blue": (0, 0, 254), "yellow": (254, 254, 0)}
    return min(names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], colour, strict=True)))


def test_clips_follow_each_other_and_the_main_sound_goes_on_under_cutaways(
    tmp_path: Path, clips: Path
) -> None:
    given = {"hook": "hook.mp4", "main": "main.mp4", "broll": ["broll.mp4", "mute.mp4"]}
    result = run(tmp_path, clips, inputs=given, aspect_ratios=["9:16", "16:9"])
    assert result["exit_code"] == 0, result
    (ad,) = result["ads"]
    assert [output["aspect_ratio"] for output in ad["outputs"]] == ["9:16", "16:9"]
    for output in ad["outputs"]:
        video = tmp_path / "out" / output["path"]
        made = probe(video)
        assert made.frames == 30 + 120 + 30
        seen = [near(colour_at(video, at)) for at in (0.5, 1.4, 2.2, 3.0, 3.8, 4.6)]
        assert seen == ["red", "lime", "blue", "lime", "yellow", "lime"]
    sound = heard(tmp_path / "out" / ad["outputs"][0]["path"])
    assert pitch(sound, 0.1, 0.8) == pytest.approx(HOOK, abs=5)
    for at in np.arange(1.05, 4.8, 0.2):
        assert pitch(sound, float(at), 0.2) == pytest.approx(MAIN, abs=5), at
    assert pitch(sound, 5.1, 0.8) == 0
    main = levels(sound, 1.05, 4.95)
    assert main.max() - main.min() < 1, "nothing interrupts it at a cut"
    hook = levels(sound, 0.1, 0.9)
    assert abs(float(hook.mean() - main.mean())) < 1.5, "a soft clip is as loud as the others"
    assert measure(video).integrated == pytest.approx(-14, abs=0.6)


def test_a_written_duration_cuts_the_main_clip_and_nothing_else(tmp_path: Path, clips: Path) -> None:
    given = {"hook": "hook.mp4", "main": "main.mp4"}
    first = run(tmp_path, clips, inputs=given)
    result = run(tmp_path, clips, inputs=given, duration=5)
    video = tmp_path / "out" / result["ads"][0]["outputs"][0]["path"]
    assert probe(video).frames == 150
    assert near(colour_at(video, 3.9)) == "lime"
    assert near(colour_at(video, 4.2)) != "lime"
    again = {task["id"]: task["status"] for task in result["tasks"]}
    assert (again["ad/hook/scene@9x16"], again["ad/cta/scene@9x16"]) == ("reused", "reused")
    assert again["ad/body-1/scene@9x16"] == "done"
    assert first["ads"][0]["outputs"][0]["duration"] == pytest.approx(6)


def test_a_clip_without_sound_is_silent_and_what_is_not_given_is_made(tmp_path: Path, clips: Path) -> None:
    result = run(
        tmp_path,
        clips,
        inputs={"main": "mute.mp4"},
        characters=[{"name": "Maria", "prompt": "woman, 30"}],
        scenes=QUIET["scenes"] | {"hook": {"voiceover": ""}},
        aspect_ratios=["1:1"],
    )
    assert result["exit_code"] == 0, result
    made = {task["id"] for task in result["tasks"]}
    assert {"maria/hook/image", "maria/hook/animate"} <= made
    assert not [
        name for name in made if name.startswith("maria/body-1/") and name.endswith(("image", "animate"))
    ]
    video = tmp_path / "out" / result["ads"][0]["outputs"][0]["path"]
    assert probe(video).frames == 69 + 90 + 30
    assert pitch(heard(video), 0.0, 6.0) == 0


def test_the_words_of_a_given_clip_are_written_where_they_are_heard(tmp_path: Path, clips: Path) -> None:
    scenes = QUIET["scenes"] | {"body-1": {"voiceover": "Calm skin from the very first morning on"}}
    given = {"hook": "hook.mp4", "main": "main.mp4", "broll": ["broll.mp4"]}
    result = run(tmp_path, clips, inputs=given, scenes=scenes, output={"keep": ["subtitles"]})
    assert result["exit_code"] == 0, result
    subtitles = next((tmp_path / "out").rglob("*.srt")).read_text()
    assert "Calm skin" in subtitles.replace("\n", " ")
    video = tmp_path / "out" / result["ads"][0]["outputs"][0]["path"]
    white = [(pixels_at(video, at).min(axis=1) > 200).sum() for at in (0.5, 1.6, 3.0, 4.5)]
    assert white[0] == 0
    assert min(white[1:]) > 20


def test_a_listener_is_paid_once_for_hook_and_main_clip_each(
    tmp_path: Path, clips: Path, emulator: Emulator
) -> None:
    given = {"hook": "hook.mp4", "main": "main.mp4", "broll": ["broll.mp4"]}
    listener = {"transcribe": "elevenlabs:scribe_v2"}
    for _ in range(2):
        result = run(
            tmp_path, clips, emulator.environment(), inputs=given, providers=listener, aspect_ratios=["1:1"]
        )
        assert result["exit_code"] == 0, result
    assert len(emulator.charges()) == 2
    words = [task["id"] for task in result["tasks"] if task["id"].endswith("/transcribe")]
    assert words == ["ad/hook/transcribe", "ad/body-1/transcribe"]
    video = tmp_path / "out" / result["ads"][0]["outputs"][0]["path"]
    assert max((pixels_at(video, at).min(axis=1) > 200).sum() for at in (1.3, 1.6, 2.0, 3.0, 4.0)) > 20
