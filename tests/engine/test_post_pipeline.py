"""Template post as users run it: real videos, real operations, and what an edit makes again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from adcli.engine.events import Event, TaskStarted
from adcli.engine.inspect import status_document, unfinished_run
from adcli.engine.links import links
from adcli.engine.prepare import Settings, prepare
from adcli.engine.session import opened
from adcli.engine.sheets import sheets
from adcli.media.probe import probe
from adcli.plan.why import why
from adcli.units import Quality
from tests.engine.studio import Studio, TinyMakers
from tests.ops.filming import WIDE, video

pytestmark = pytest.mark.media
PREVIEW = Settings(quality=Quality.PREVIEW)
CAMPAIGN: dict[str, Any] = {
    "name": "films",
    "template": "post",
    "aspect_ratios": ["9:16", "1:1"],
    "inputs": {"video": "clip.mp4"},
    "post": [{"trim": {"to": 0.8}}, {"colour": {"saturation": 0}}, {"fade": {"in": 0.1, "out": 0.1}}],
}


class Films:
    """A campaign on one video in a folder; ``run`` gives the tasks that were worked on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "campaign.yaml"
        self.result: dict[str, Any] = {}
        video(folder / "clip.mp4", 1.0, size=WIDE)
        self.write()

    def write(self, **changes: Any) -> None:
        self.file.write_text(yaml.safe_dump(CAMPAIGN | changes, sort_keys=False))

    def run(self) -> set[str]:
        events: list[Event] = []
        with opened(self.file, PREVIEW, {}, {"quality": "preview"}, lambda _: False) as session:
            self.result = session.run(events.append)
        return {event.task for event in events if isinstance(event, TaskStarted)}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    """A finished campaign, which the tests below look at; the last of them edits it."""
    made = Films(tmp_path_factory.mktemp("films"))
    made.run()
    return made


def test_each_ratio_is_made_by_one_encoder_at_the_videos_own_length(films: Films) -> None:
    (ad,) = films.result["ads"]
    assert (ad["id"], ad["character"], ad["status"]) == ("clip", "clip", "completed")
    assert [(row["aspect_ratio"], row["width"], row["height"]) for row in ad["outputs"]] == [
        ("9:16", 540, 960),
        ("1:1", 540, 540),
    ]
    for row in ad["outputs"]:
        found = probe(films.folder / "out" / row["path"])
        assert (found.frames, row["duration"]) == (24, 0.8)
        assert found.audio_duration is not None
        assert (films.folder / "out" / row["poster"]).is_file()
    results = json.loads((films.folder / "out" / "films" / "results.json").read_text())
    assert results["ads"] == films.result["ads"]
    assert films.result["totals"]["done"] == 4


def test_every_command_that_looks_at_a_campaign_knows_what_was_made(films: Films) -> None:
    made = prepare(films.file, PREVIEW)
    assert [row.verdict.decision for row in made.plan.rows.values()] == ["reuse"] * 4
    assert [link["variant"] for link in links(made, "1h")] == ["9x16", "1x1"]
    assert status_document(films.file, None)["run"]["status"] == "completed"
    assert unfinished_run(films.file, None) is None
    shown = list(sheets(made))
    assert [(sheet.name, len(sheet.cells)) for sheet in shown] == [("clip_9x16", 3), ("clip_1x1", 3)]
    assert all(0 <= cell.moment < 0.8 for sheet in shown for cell in sheet.cells)


def test_an_edit_makes_again_what_it_changes_and_says_why(films: Films) -> None:
    assert films.run() == set()
    films.write(post=[{"trim": {"to": 0.6}}, *CAMPAIGN["post"][1:]])
    verdicts = {name: row.verdict for name, row in prepare(films.file, PREVIEW).plan.rows.items()}
    steps = why(verdicts, "clip/publish@1x1")
    assert [(step.task, step.reasons) for step in steps] == [
        ("clip/publish@1x1", ("input:clip/post@1x1",)),
        ("clip/post@1x1", ("changed:params.ops.0.settings.to",)),
    ]
    assert films.run() == set(verdicts)
    assert films.result["ads"][0]["outputs"][0]["duration"] == 0.6
    films.write(aspect_ratios=["1:1"], post=[{"trim": {"to": 0.6}}, *CAMPAIGN["post"][1:]])
    assert films.run() == set()


def test_a_refusal_fails_its_ad_and_names_what_to_change(tmp_path: Path) -> None:
    films = Films(tmp_path)
    films.write(aspect_ratios=["1:1"], post=[{"trim": {"from": 7}}])
    films.run()
    assert films.result["exit_code"] == 5
    (ad,) = films.result["ads"]
    assert "trim's from is at 7 s, but the video lasts 1.00 s" in ad["error"]["message"]
    films.write(aspect_ratios=["1:1"], post=[{"trim": {"from": 0.5}}])
    assert unfinished_run(films.file, None) == {"quality": "preview"}
    assert films.run() == {"clip/post@1x1", "clip/publish@1x1"}
    assert films.result["exit_code"] == 0


def test_an_ads_operations_are_made_again_without_its_scenes(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    studio.edit(post=[{"trim": {"to": 8}}, "captions"], captions=False)
    first = studio.run(TinyMakers())
    assert {"maria/post@9x16", "maria/post@1x1", "maria/hook/scene@9x16"} <= first
    studio.edit(post=[{"trim": {"to": 8}}, {"captions": {"style": "box"}}])
    assert studio.run(TinyMakers()) == {
        f"maria/{stage}@{ratio}" for stage in ("post", "publish") for ratio in ("9x16", "1x1")
    }
    (ad,) = studio.result["ads"]
    assert ad["status"] == "completed"
