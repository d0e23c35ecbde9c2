"""Effects and kept files through the program itself: real clips, real MoviePy, exit codes and files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from adcli.media.probe import probe
from tests.cli.driving import Done, adcli
from tests.media import rendering as r

pytestmark = pytest.mark.media

RED = """
import numpy as np

class Red:
    def apply(self, clip):
        return clip.image_transform(lambda frame: np.full_like(frame, (255, 0, 0)))
"""


def filmed(folder: Path, **output: Any) -> Path:
    """A campaign whose clips are given and in which nobody speaks: all of it is made in seconds."""
    given = {"clip": "given.mp4", "voiceover": "", "text": ""}
    campaign: Mapping[str, Any] = {
        "name": "shop",
        "template": "testimonial",
        "aspect_ratios": ["1:1"],
        "duration": 5,
        "product": {"name": "Glow Serum"},
        "characters": [{"name": "Maria"}],
        "captions": False,
        "music": False,
        "sounds": False,
        "scenes": {
            "hook": given | {"effects": ["red:Red"]},
            "body-1": given | {"effects": ["TimeMirror"]},
            "cta": {"voiceover": ""},
        },
        "output": output,
    }
    r.counted(folder / "given.mp4", 30)
    (folder / "red.py").write_text(RED)
    path = folder / "campaign.yaml"
    path.write_text(yaml.safe_dump(campaign, sort_keys=False))
    return path


def test_effects_and_kept_files_of_a_whole_run(tmp_path: Path) -> None:
    filmed(tmp_path, keep=["images", "clips", "script"])
    refused = adcli("run", "--quality", "preview", "--json", cwd=tmp_path)
    assert refused.code == 3
    assert "--allow-code" in refused.json["error"]["message"]
    done: Done = adcli("run", "--quality", "preview", "--json", "--allow-code", cwd=tmp_path)
    assert done.code == 0, done.err
    (ad,) = done.json["ads"]
    out = tmp_path / "out"
    assert sorted(Path(path).name for path in ad["kept"]) == [
        "body-1.mp4",
        "cta.png",
        "hook.mp4",
        "script.yaml",
    ]
    script = yaml.safe_load((out / "shop/maria/script.yaml").read_text())
    hook, body, cta = script["scenes"]
    assert (hook["start"], cta["end"]) == (0, 5)
    assert probe(out / "shop/maria/hook.mp4").frames == round(hook["end"] * 30)
    frames = r.decoded(out / ad["outputs"][0]["path"])
    assert len(frames) == 150
    first = round(hook["end"] * 30)
    assert r.near(frames[5][270, 270], (255, 0, 0))
    assert r.near(frames[first - 1][270, 270], (255, 0, 0))
    middle = [int(frame[270, 270].mean()) for frame in frames[first + 12 : round(body["end"] * 30) - 1]]
    assert middle[0] > middle[-1] + 60
    again = adcli("run", "--quality", "preview", "--json", "--allow-code", cwd=tmp_path)
    assert again.code == 0, again.err
    assert again.json["totals"]["reused"] == again.json["totals"]["tasks"]


def test_plan_and_validate_want_leave_for_code_and_what_only_looks_does_not(tmp_path: Path) -> None:
    filmed(tmp_path)
    for command in ("plan", "validate"):
        refused = adcli(command, cwd=tmp_path)
        assert refused.code == 3
        assert "campaign.yaml:19:7: scenes.hook.effects.0" in refused.err
        assert "found red:Red, Python code of its own; expected --allow-code" in refused.err
        assert adcli(command, "--allow-code", cwd=tmp_path).code == 0
    assert adcli("why", "maria/hook/effects", cwd=tmp_path).code == 0
    assert not (tmp_path / "__pycache__").exists()


def test_a_failing_effect_is_told_and_resume_remembers_the_leave(tmp_path: Path) -> None:
    filmed(tmp_path)
    (tmp_path / "red.py").write_text(
        "class Red:\n    def apply(self, clip):\n        raise OSError('no paint')\n"
    )
    failed = adcli("run", "--json", "--allow-code", "-s", "maria/*/effects", cwd=tmp_path)
    assert failed.code == 5
    ended = {task["id"]: task for task in failed.json["tasks"] if task["status"] != "skipped"}
    error = ended["maria/hook/effects"]["error"]
    assert error["message"] == "effect red:Red failed: OSError: no paint"
    assert ended["maria/body-1/effects"]["status"] == "done"
    (tmp_path / "red.py").write_text(RED)
    done = adcli("resume", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    statuses = {task["id"]: task["status"] for task in done.json["tasks"]}
    assert statuses["maria/hook/effects"] == "done"
    assert statuses["maria/body-1/effects"] == "reused"
