"""Every command from outside: its streams, its JSON, its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from adcli.providers.local.pico import is_installed
from tests.cli.driving import adcli, write

PLAN_FIELDS = {
    *("id", "stage", "ad", "scene", "variant", "provider", "model", "decision", "same_as", "gate"),
    *("reasons", "min_usd", "max_usd", "inputs", "recipe", "key"),
}
DECISIONS = ("reuse", "share", "run", "maybe", "attach", "collect", "find", "hold", "blocked", "wait")
REPLICATE = {"providers": {"image": "replicate:black-forest-labs/flux-1.1-pro"}}


def test_help_lists_the_commands_and_version_tells_itself(tmp_path: Path) -> None:
    done = adcli("--help", cwd=tmp_path)
    assert done.code == 0
    assert {"init", "validate", "plan", "run", "resume", "status", "why", "urls"} <= set(done.out.split())
    assert {"list", "schema", "doctor"} <= set(done.out.split())
    assert adcli("--version", cwd=tmp_path).out.startswith("adcli ")
    assert adcli("no-such-command", cwd=tmp_path).code == 2


def test_init_makes_a_campaign_that_is_valid(tmp_path: Path) -> None:
    assert adcli("init", "ads", cwd=tmp_path).code == 0
    first = (tmp_path / "ads/campaign.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=./adcli.schema.json"
    done = adcli("validate", "ads/campaign.yaml", "--json", cwd=tmp_path)
    assert done.code == 0
    assert done.json["error"] is None
    again = adcli("init", "ads", cwd=tmp_path)
    assert again.code == 2
    assert "campaign.yaml" in again.err


@pytest.mark.parametrize("template", ["unboxing", "voice", "image"])
def test_init_takes_any_template(tmp_path: Path, template: str) -> None:
    assert adcli("init", "--template", template, cwd=tmp_path).code == 0
    assert adcli("validate", cwd=tmp_path).code == 0
    assert adcli("init", "other", "--template", "no-such", cwd=tmp_path).code in (2, 3)


def test_a_bad_campaign_tells_file_line_column_field_and_exits_with_3(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").write_text(
        "name: ok\ntemplat: image\ncharacters: [{name: A}]\nduration: long\n"
    )
    for command in ("validate", "plan", "run"):
        done = adcli(command, cwd=tmp_path)
        assert done.code == 3, command
        assert "campaign.yaml:2:1: templat" in done.err
        assert "did you mean template?" in done.err
        assert "campaign.yaml:4:11: duration" in done.err
    document = adcli("validate", "--json", cwd=tmp_path).json
    assert document["format"] == 1
    assert document["exit_code"] == 3
    assert document["error"]["line"] in (2, 4)


def test_a_missing_campaign_exits_with_3(tmp_path: Path) -> None:
    for command in ("validate", "plan", "run", "status"):
        assert adcli(command, "nowhere.yaml", cwd=tmp_path).code == 3, command
    assert not list(tmp_path.iterdir())


def test_a_script_that_is_too_long_says_by_how_many_words(tmp_path: Path) -> None:
    people = [{"name": "Maria", "script": "word " * 200}]
    write(tmp_path, template="problem-solution", characters=people)
    done = adcli("validate", cwd=tmp_path)
    assert done.code == 3
    assert "characters.0.script" in done.err
    assert "cut " in done.err


def test_an_unknown_scene_or_provider_is_named_with_what_there_is(tmp_path: Path) -> None:
    write(tmp_path, scenes={"bodi-1": {"prompt": "x"}}, providers={"image": "replicat:x/y", "voice": "local"})
    done = adcli("validate", cwd=tmp_path)
    assert done.code == 3
    assert "scenes.bodi-1" in done.err
    assert "did you mean replicate?" in done.err


def test_plan_json_has_every_field_and_totals_add_up(tmp_path: Path) -> None:
    write(tmp_path, template="problem-solution", duration=15, hooks=2, aspect_ratios=["9:16", "1:1"])
    document = adcli("plan", "--json", cwd=tmp_path).json
    assert document["format"] == 1
    assert document["campaign"] == "stills"
    totals = document["totals"]
    assert totals["tasks"] == len(document["tasks"]) == sum(totals[name] for name in DECISIONS)
    assert document["cost"] == {"min_usd": 0, "max_usd": 0, "saved_usd": 0}
    ids = [task["id"] for task in document["tasks"]]
    assert len(set(ids)) == len(ids)
    for task in document["tasks"]:
        assert set(task) == PLAN_FIELDS
        assert set(task["inputs"]) <= set(ids)
        assert len(task["recipe"]) == 64
        assert (task["decision"] == "share") == (task["same_as"] is not None)
    assert {"maria/script", "maria/hook/voice", "maria-h2/hook/scene@1x1", "maria-h2/assemble@9x16"} <= set(
        ids
    )


def test_the_plan_says_what_the_draft_does_instead(tmp_path: Path) -> None:
    people = [{"name": "Maria", "voice": "Rachel"}]
    write(tmp_path, template="testimonial", duration=15, characters=people, approve=["script"])
    document = adcli("plan", "--json", cwd=tmp_path).json
    assert any(note.startswith("voice Rachel → Kokoro ") for note in document["notes"])
    assert "lip-sync is passed through in the draft" in document["notes"]
    shown = adcli("plan", cwd=tmp_path)
    assert "voice Rachel → Kokoro" in shown.out
    assert "warning: approve" in shown.err


def test_hooks_share_everything_but_their_own(tmp_path: Path) -> None:
    write(tmp_path, template="problem-solution", duration=15, hooks=2)
    tasks = {task["id"]: task for task in adcli("plan", "--json", cwd=tmp_path).json["tasks"]}
    shared = {name for name, task in tasks.items() if task["decision"] == "share"}
    assert "maria-h2/body-1/scene@1x1" in shared
    assert tasks["maria-h2/body-1/voice"]["same_as"] == "maria/body-1/voice"
    assert not {name for name in shared if "/hook/voice" in name or "/hook/scene" in name}


def test_a_run_publishes_and_a_second_run_reuses(tmp_path: Path) -> None:
    write(tmp_path)
    done = adcli("run", "--json", "--events", "events.jsonl", cwd=tmp_path)
    assert done.code == 0, done.err
    result = done.json
    assert result["status"] == "completed"
    ad = result["ads"][0]
    assert ad["character"] == "Maria"
    assert ad["hook"] == {"n": 1, "text": ad["hook"]["text"], "angle": None}
    output = ad["outputs"][0]
    assert output["path"] == "stills/maria_1x1.png"
    assert (output["type"], output["aspect_ratio"], output["width"]) == ("image", "1:1", 1080)
    assert (tmp_path / "out/stills/maria_1x1.png").stat().st_size == output["bytes"]
    assert output["uri"] == (tmp_path / "out/stills/maria_1x1.png").as_uri()
    beside = json.loads((tmp_path / "out/stills/results.json").read_text())
    assert beside == result
    events = [json.loads(line)["event"] for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert (events[0], events[-1]) == ("run_started", "run_ended")
    again = adcli("run", "--json", cwd=tmp_path).json
    assert again["totals"]["reused"] == again["totals"]["tasks"]
    assert again["ads"][0]["outputs"] == ad["outputs"]
    assert adcli("plan", "--detailed-exitcode", cwd=tmp_path).code == 0
    assert adcli("resume", cwd=tmp_path).code == 0


def test_reports_for_ci_name_every_ad_and_its_error(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "out/stills").mkdir(parents=True)
    (tmp_path / "out/stills/maria_1x1.png").write_bytes(b"mine")
    done = adcli("run", "--junit", "junit.xml", "--summary", "summary.md", cwd=tmp_path)
    assert done.code == 5
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "publish-conflict"
    assert "| maria | failed |" in (tmp_path / "summary.md").read_text()


def test_each_text_of_the_picture_pipeline_makes_a_picture(tmp_path: Path) -> None:
    texts = [f"a bottle on a table, no. {n}" for n in range(7)]
    write(tmp_path, inputs={"texts": texts})
    document = adcli("plan", "--json", cwd=tmp_path).json
    assert [t["id"] for t in document["tasks"] if t["stage"] == "publish"][-1] == "maria-h7/publish@1x1"
    recipes = {t["recipe"] for t in document["tasks"] if t["stage"] == "image"}
    assert len(recipes) == 7


def test_a_deleted_or_changed_file_is_copied_again(tmp_path: Path) -> None:
    write(tmp_path)
    assert adcli("run", "-q", cwd=tmp_path).code == 0
    file = tmp_path / "out/stills/maria_1x1.png"
    content = file.read_bytes()
    for damage in (file.unlink, lambda: file.write_bytes(b"x" * len(content))):
        damage()
        assert adcli("plan", "--detailed-exitcode", cwd=tmp_path).code == 10
        result = adcli("run", "--json", cwd=tmp_path).json
        assert result["totals"]["done"] == 1
        assert file.read_bytes() == content


def test_somebody_elses_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "out/stills").mkdir(parents=True)
    file = tmp_path / "out/stills/maria_1x1.png"
    file.write_bytes(b"mine")
    done = adcli("run", "--json", cwd=tmp_path)
    assert done.code == 5
    assert "--overwrite" in done.json["ads"][0]["error"]["hint"]
    assert file.read_bytes() == b"mine"
    assert adcli("run", "--overwrite", cwd=tmp_path).code == 0
    assert file.read_bytes() != b"mine"


def test_why_names_the_field_and_the_ancestor(tmp_path: Path) -> None:
    write(tmp_path)
    adcli("run", "-q", cwd=tmp_path)
    assert "nothing changed" in adcli("why", "maria/hook/image", cwd=tmp_path).out
    write(tmp_path, scenes={"hook": {"prompt": "a bright kitchen"}})
    steps = adcli("why", "maria/publish@1x1", "--json", cwd=tmp_path).json["steps"]
    assert steps[0]["task"] == "maria/publish@1x1"
    reasons = {step["task"]: step["reasons"] for step in steps}
    assert any(reason.startswith("changed:params.") for reason in reasons["maria/hook/image"])
    assert adcli("why", "no/such/task", cwd=tmp_path).code == 2


def test_selectors_choose_and_refuse(tmp_path: Path) -> None:
    write(tmp_path, aspect_ratios=["1:1", "4:5"])
    done = adcli("run", "-s", "variant:1x1", "--json", cwd=tmp_path)
    assert done.code == 0
    assert done.json["totals"]["skipped"] > 0
    assert not (tmp_path / "out/stills/maria_4x5.png").exists()
    assert adcli("run", "-s", "stage:nothing", cwd=tmp_path).code == 2
    assert adcli("run", "-x", "variant:1x1", cwd=tmp_path).code == 0
    assert (tmp_path / "out/stills/maria_4x5.png").exists()


def test_a_paid_plan_needs_no_key_and_tells_its_price(tmp_path: Path) -> None:
    write(tmp_path, **REPLICATE)
    cost = adcli("plan", "--json", cwd=tmp_path).json["cost"]
    assert cost == {"min_usd": 0.04, "max_usd": 0.04, "saved_usd": 0}
    assert "$0.04" in adcli("plan", cwd=tmp_path).out


def test_nothing_is_sent_without_key_consent_or_budget(tmp_path: Path) -> None:
    write(tmp_path, **REPLICATE)
    done = adcli("run", "--yes", cwd=tmp_path)
    assert done.code == 4
    assert "REPLICATE_API_TOKEN" in done.err
    key = {"REPLICATE_API_TOKEN": "r8_x", "REPLICATE_BASE_URL": "http://127.0.0.1:9"}
    assert adcli("run", cwd=tmp_path, env=key).code == 2
    assert adcli("run", "--no-spend", cwd=tmp_path, env=key).code == 6
    assert adcli("run", "--max-cost", "0.01", cwd=tmp_path, env=key).code == 6
    write(tmp_path, **REPLICATE, budget={"per_video": 0.01})
    assert adcli("run", "--yes", cwd=tmp_path, env=key).code == 6
    assert adcli("plan", "--detailed-exitcode", cwd=tmp_path).code == 6


def test_a_model_without_a_price_shows_how_to_give_one(tmp_path: Path) -> None:
    write(tmp_path, providers={"image": "replicate:somebody/something"})
    done = adcli("plan", cwd=tmp_path)
    assert done.code == 3
    assert "prices:" in done.err
    prices = {"replicate:somebody/something": {"unit": "image", "usd": 0.5}}
    write(tmp_path, providers={"image": "replicate:somebody/something"}, prices=prices)
    assert adcli("plan", "--json", cwd=tmp_path).json["cost"]["max_usd"] == 0.5


def test_a_draft_is_free_and_goes_beside(tmp_path: Path) -> None:
    write(tmp_path, **REPLICATE, output={"to": "s3://bucket/x"})
    done = adcli("run", "--draft", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.json["ads"][0]["outputs"][0]["path"] == "stills/draft/maria_1x1.png"
    assert (tmp_path / "out/stills/draft/maria_1x1.png").exists()


def test_a_saved_plan_runs_until_something_changes(tmp_path: Path) -> None:
    write(tmp_path)
    assert adcli("plan", "--out", "plan.json", cwd=tmp_path).code == 0
    write(tmp_path, seed=7)
    stale = adcli("run", "--plan", "plan.json", cwd=tmp_path)
    assert stale.code == 2
    assert "plan" in stale.err
    write(tmp_path)
    assert adcli("run", "--plan", "plan.json", cwd=tmp_path).code == 0
    assert adcli("run", "--plan", "nowhere.json", cwd=tmp_path).code == 2


def test_status_and_lists_tell_what_there_is(tmp_path: Path) -> None:
    write(tmp_path)
    assert "no run yet" in adcli("status", cwd=tmp_path).out
    adcli("run", "-q", cwd=tmp_path)
    status = adcli("status", "--json", cwd=tmp_path).json
    assert status["run"]["status"] == "completed"
    assert status["jobs"] == []
    assert len(adcli("list", "runs", "--json", cwd=tmp_path).json["runs"]) == 1
    names = [row["name"] for row in adcli("list", "templates", "--json", cwd=tmp_path).json["templates"]]
    assert {"problem-solution", "green-screen", "image", "animate", "voice"} <= set(names)
    assert "replicate" in adcli("list", "providers", cwd=tmp_path).out
    assert "assemble" in adcli("list", "stages", cwd=tmp_path).out


def test_urls_of_a_folder_are_file_urls(tmp_path: Path) -> None:
    write(tmp_path)
    assert adcli("urls", cwd=tmp_path).out == ""
    adcli("run", "-q", cwd=tmp_path)
    assert adcli("urls", cwd=tmp_path).out.strip() == (tmp_path / "out/stills/maria_1x1.png").as_uri()
    assert adcli("urls", "--expires", "soon", cwd=tmp_path).code == 2


def test_schema_is_json_and_doctor_finds_this_machine_able(tmp_path: Path) -> None:
    assert adcli("schema", cwd=tmp_path).json["type"] == "object"
    write(tmp_path)
    done = adcli("doctor", "--json", cwd=tmp_path)
    assert done.code == 0, done.out
    assert {"ffmpeg", "voice", "text", "state", "campaign", "target"} <= {
        c["name"] for c in done.json["checks"]
    }
    told = [check["message"] for check in done.json["checks"] if check["name"] == "voice"]
    assert any("Pico" in message for message in told)
    assert ("Pico (de, es, fr, it)" in told) is is_installed()
    broken = adcli("doctor", cwd=tmp_path, env={"ADCLI_FFMPEG": "/no/such/ffmpeg"})
    assert broken.code == 12


def test_missing_ffmpeg_fails_with_12_and_a_hint(tmp_path: Path) -> None:
    write(tmp_path, template="animate")
    done = adcli("run", "--json", cwd=tmp_path, env={"ADCLI_FFMPEG": "/no/such/ffmpeg"})
    assert done.code == 12
    assert "ADCLI_FFMPEG" in done.err


def test_users_text_never_steers_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").write_text('name: "\\x1b[2J"\ncharacters: [{name: "\\x1b]0;x\\x07"}]\n')
    done = adcli("validate", cwd=tmp_path)
    assert done.code == 3
    assert "\x1b" not in done.err


def test_text_that_no_font_has_is_refused_before_a_run(tmp_path: Path) -> None:
    write(tmp_path, template="problem-solution", hooks=["Привет, мир 👋"])
    assert adcli("validate", cwd=tmp_path).code == 0
    write(tmp_path, template="problem-solution", hooks=["Привет ཀ"])
    done = adcli("validate", cwd=tmp_path)
    assert done.code == 3
    assert "hooks.0: no font here has 'ཀ' (tibetan letter ka)" in done.err
