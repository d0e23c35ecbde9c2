"""A whole run of a campaign with a given photo: looked at once, and pictures that show its face."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from adcli.media.subject import find_focus
from tests.cli.driving import adcli, write
from tests.media.test_reframe_faces import FINDERS, FOLDER

pytestmark = pytest.mark.media

RATIOS = ("9x16", "1x1")


def campaign(folder: Path) -> None:
    shutil.copy(FOLDER / "astronaut-right.jpg", folder / "photo.jpg")
    picture = {"image": "photo.jpg", "fit": "crop"}
    write(folder, template="image", aspect_ratios=["9:16", "1:1"], scenes={"hook": picture})


def decisions(folder: Path) -> dict[str, str]:
    plan = adcli("plan", "--json", cwd=folder).json
    return {task["id"]: task["decision"] for task in plan["tasks"]}


def test_a_run_looks_once_and_every_ratio_shows_the_face_until_the_photo_changes(tmp_path: Path) -> None:
    campaign(tmp_path)
    before = decisions(tmp_path)
    done = adcli("run", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert [name for name in before if name.endswith("/reframe")] == ["maria/hook/reframe"]
    for ratio in RATIOS:
        (path,) = tmp_path.glob(f"out/**/*_{ratio}.png")
        with Image.open(path) as picture:
            seen = find_focus([picture.convert("RGB")], FINDERS[0])
        assert seen.found == "face"
        (head,) = seen.boxes
        assert 0.15 < head.x < 0.85, "it does not stick to an edge"
    assert set(decisions(tmp_path).values()) == {"reuse"}
    shutil.copy(FOLDER / "astronaut-left.jpg", tmp_path / "photo.jpg")
    now = decisions(tmp_path)
    assert now["maria/hook/reframe"] == "run"
    assert now["maria/still@9x16"] in ("run", "maybe")
    assert "image" in adcli("why", "maria/hook/reframe", cwd=tmp_path).out
