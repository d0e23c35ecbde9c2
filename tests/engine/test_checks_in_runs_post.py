"""Where operations follow, their result is judged in place of the first cut; a given video is only told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.driving import adcli
from tests.engine.test_checks_in_runs import TEMPLATE, run, write
from tests.media import checking as c

pytestmark = [pytest.mark.media, pytest.mark.xdist_group("checks-in-runs-post")]

ONE = {"characters": [{"name": "Maria", "packshot": "holed"}]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose packshot is black from 3.0 to 4.0 s of the ad."""
    folder = tmp_path_factory.mktemp("campaign")
    (folder / "mine.yaml").write_text(TEMPLATE)
    c.video(folder / "whole.mp4", 2.6, picture=c.MOVING, tone=None)
    holed = c.parts(("moving", 0.5), ("black", 1.0), ("moving", 1.1))
    c.video(folder / "holed.mp4", 2.6, picture=holed, tone=None)
    return folder


def test_what_an_operation_cuts_out_is_no_fault_any_more(folder: Path) -> None:
    write(folder, **ONE, post=[{"splice": {"cut": [{"from": 2.9, "to": 4.1}]}}])
    done = run(folder, "--json")
    assert done.code == 0, done.err
    (output,) = done.json["ads"][0]["outputs"]
    checks = {row["check"]: row for row in output["checks"]}
    assert checks["black"]["status"] == "pass"
    assert checks["duration"]["found"] == "3.80 s"


def test_an_operation_that_leaves_a_fault_fails_with_it(folder: Path) -> None:
    write(folder, **ONE, post=[{"fade": {"in": 0.2}}])
    done = run(folder, "--json")
    assert done.code == 5
    tasks = {task["id"]: task for task in done.json["tasks"]}
    assert tasks["maria/assemble@1x1"]["status"] == "reused"
    assert tasks["maria/post@1x1"]["error"]["code"] == "check-failed"
    assert "black: from 3.0 to 4.0 s" in tasks["maria/post@1x1"]["error"]["message"]


def test_a_limit_of_megabytes_holds_for_what_operations_make(folder: Path) -> None:
    cut = {"splice": {"cut": [{"from": 2.9, "to": 4.1}]}}
    write(folder, **ONE, post=[cut])
    whole = run(folder, "--json").json["ads"][0]["outputs"][0]["bytes"]
    write(folder, **ONE, post=[cut], output={"max_mb": round(whole * 0.8 / 1e6, 3)})
    done = run(folder, "--json")
    assert done.code == 0, done.err
    assert {task["id"] for task in done.json["tasks"] if task["status"] == "done"} == {
        "maria/post@1x1",
        "maria/publish@1x1",
    }
    assert done.json["ads"][0]["outputs"][0]["bytes"] <= whole * 0.8 + 1000


def test_a_fault_of_somebodys_own_video_is_told_and_kept(folder: Path) -> None:
    out = folder / "cut.mp4"
    done = adcli("op", "trim", "holed.mp4", "--set", "to=2", "-o", out, "--quality", "preview", cwd=folder)
    assert done.code == 0, done.err
    assert out.is_file()
    assert "black: from 0.5 to 1.5 s" in done.err
