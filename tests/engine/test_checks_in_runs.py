"""Every run judges what it has made: a bad video fails its own variant with the reason, the others go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.driving import Done, adcli
from tests.media import checking as c

pytestmark = [pytest.mark.media, pytest.mark.xdist_group("checks-in-runs")]

TEMPLATE = """\
name: mine
kind: archetype
title: Mine
description: A clip and a packshot.
tone: plain
emotion: calm
pacing: slow
hook_format: none
seconds: {min: 5, ideal: 5, max: 6}
scenes:
  - {id: open, role: hook, visual: clip, seconds: {min: 1.5, ideal: 2.5, max: 2.5}}
  - {id: close, role: cta, visual: packshot, seconds: {min: 1.5, ideal: 2.5, max: 3}}
"""


def write(folder: Path, **changes: Any) -> None:
    campaign = {
        "name": "mine",
        "template": "./mine.yaml",
        "aspect_ratios": ["1:1"],
        "duration": 5,
        "characters": [{"name": "Maria", "packshot": "holed"}, {"name": "Ben", "packshot": "whole"}],
        "packshots": {"holed": {"image": "holed.mp4"}, "whole": {"image": "whole.mp4"}},
        "scenes": {"hook": {"clip": "whole.mp4"}},
        "captions": False,
        "music": False,
        "sounds": False,
    }
    (folder / "campaign.yaml").write_text(yaml.safe_dump(campaign | changes, sort_keys=False))


def run(folder: Path, *flags: str) -> Done:
    return adcli("run", "--quality", "preview", *flags, cwd=folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The first run of a campaign in which Maria's packshot is black for a second in its middle."""
    folder = tmp_path_factory.mktemp("campaign")
    (folder / "mine.yaml").write_text(TEMPLATE)
    c.video(folder / "whole.mp4", 2.6, picture=c.MOVING, tone=None)
    holed = c.parts(("moving", 0.5), ("black", 1.0), ("moving", 1.1))
    c.video(folder / "holed.mp4", 2.6, picture=holed, tone=None)
    write(folder)
    return folder, run(folder, "--json")


def test_a_clip_that_is_black_in_its_middle_fails_its_ad_and_the_other_goes_on(
    made: tuple[Path, Done],
) -> None:
    _, done = made
    assert done.code == 5, done.err
    assert {ad["id"]: ad["status"] for ad in done.json["ads"]} == {"maria": "failed", "ben": "completed"}
    tasks = {task["id"]: task for task in done.json["tasks"]}
    error = tasks["maria/assemble@1x1"]["error"]
    assert error["code"] == "check-failed"
    assert "black: from 3.0 to 4.0 s" in error["message"]
    assert "--retake" in error["hint"]
    assert tasks["maria/publish@1x1"]["status"] == "skipped"
    assert tasks["maria/cta/scene@1x1"]["status"] == "done"


def test_the_reason_is_one_line_of_the_progress(made: tuple[Path, Done]) -> None:
    _, done = made
    failed = [line for line in done.err.splitlines() if line.startswith("failed maria/assemble@1x1")]
    assert len(failed) == 1
    assert "black: from 3.0 to 4.0 s" in failed[0]


def test_a_result_names_every_check_of_a_delivered_video(made: tuple[Path, Done]) -> None:
    folder, done = made
    (output,) = next(ad for ad in done.json["ads"] if ad["id"] == "ben")["outputs"]
    checks = {row["check"]: row for row in output["checks"]}
    assert all(set(row) == {"check", "status", "found", "expected"} for row in checks.values())
    assert {name for name, row in checks.items() if row["status"] != "pass"} == {"silence"}
    assert checks["black"]["found"] == "none"
    stored = json.loads((folder / "out/mine/results.json").read_text())
    assert stored["ads"][1]["outputs"][0]["checks"] == output["checks"]


def test_a_warning_is_one_line_of_the_progress(made: tuple[Path, Done]) -> None:
    _, done = made
    told = [line for line in done.err.splitlines() if "silence: silent throughout" in line]
    assert len(told) == 1
    assert told[0].startswith("note   ben/assemble@1x1: ")


def test_a_limit_of_megabytes_makes_only_the_joined_video_again(made: tuple[Path, Done]) -> None:
    folder, _ = made
    whole = (folder / "out/mine/ben_1x1.mp4").stat().st_size
    poster = (folder / "out/mine/ben_1x1.jpg").read_bytes()
    write(folder, output={"max_mb": round(whole * 0.8 / 1e6, 3)})
    done = run(folder, "--json", "-s", "ad:ben")
    assert done.code == 0, done.err
    worked = {task["id"] for task in done.json["tasks"] if task["status"] == "done"}
    assert worked == {"ben/assemble@1x1", "ben/publish@1x1"}
    assert (folder / "out/mine/ben_1x1.mp4").stat().st_size <= whole * 0.8 + 1000
    assert (folder / "out/mine/ben_1x1.jpg").read_bytes() == poster
    assert "ben/assemble@1x1: encoded again at" in done.err


def test_a_limit_nothing_can_keep_fails_with_what_to_do(made: tuple[Path, Done]) -> None:
    folder, _ = made
    write(folder, output={"max_mb": 0.01})
    done = run(folder, "--json", "-s", "ad:ben")
    assert done.code == 5
    error = next(ad["error"] for ad in done.json["ads"] if ad["id"] == "ben")
    assert error["code"] == "too-large"
    assert "0.01 MB are too few" in error["message"]
    assert "output.max_mb" in error["hint"]


def test_a_video_is_judged_anew_for_another_platform_though_not_a_byte_changes(
    made: tuple[Path, Done],
) -> None:
    folder, _ = made
    write(folder)
    run(folder, "-s", "ad:ben")
    before = (folder / "out/mine/ben_1x1.mp4").read_bytes()
    for platform, status in (("stories", "warn"), ("universal", "pass"), ("stories", "warn")):
        write(folder, platform=platform)
        done = run(folder, "--json", "-s", "ad:ben")
        (output,) = next(ad for ad in done.json["ads"] if ad["id"] == "ben")["outputs"]
        assert next(row["status"] for row in output["checks"] if row["check"] == "shape") == status, platform
    assert (folder / "out/mine/ben_1x1.mp4").read_bytes() == before
