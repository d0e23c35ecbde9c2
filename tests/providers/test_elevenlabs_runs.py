"""Whole runs whose lines are spoken by ElevenLabs: answers are lost, and nothing is paid twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import AdcliError
from adcli.state.store import Store
from adcli.work import File, Job
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.engine.studio import CAMPAIGN, Studio, TinyMakers

SPEECH = "elevenlabs.speech"
LINES = {
    "hook": "Stop scrolling.",
    "body-1": "The IP68 lamp is here.",
    "body-2": "It shines for a week.",
    "cta": "Shop now!",
}
SPOKEN: dict[str, Any] = {
    **CAMPAIGN,
    "template": "problem-solution",
    "aspect_ratios": ["1:1"],
    "music": False,
    "characters": [{"name": "Maria", "voice": "Rachel", "script": LINES}],
    "pronunciations": {"IP68": "eye pee sixty eight"},
    "providers": {"voice": "elevenlabs:eleven_multilingual_v2"},
}


class Fitters(TinyMakers):
    """Makers that keep the words of a bought line as they are."""

    def _value(self, job: Job, name: str) -> File | str:
        if job.stage == "fit" and name == "words":
            return str(job.params["words"])
        return TinyMakers._value(self, job, name)


def run(studio: Studio, emulator: Emulator, **settings: Any) -> int:
    studio.run(Fitters(), emulator.environment(), yes=True, **settings)
    code: int = studio.result["exit_code"]
    return code


def captions(studio: Studio) -> dict[str, list[str]]:
    """Words of each bought line by its scene, as the state keeps them."""
    store = Store(studio.folder / ".adcli")
    found: dict[str, list[str]] = {}
    for checkpoint in store.checkpoints():
        if checkpoint.task.endswith("/voice") and checkpoint.outputs:
            words = json.loads(str(checkpoint.outputs["words"].text))
            found[checkpoint.task.split("/")[1]] = [word["text"] for word in words]
    return found


AS_WRITTEN = {scene: line.split() for scene, line in LINES.items()}


def test_a_run_buys_each_line_once_and_captions_show_it_as_written(
    tmp_path: Path, emulator: Emulator
) -> None:
    studio = Studio(tmp_path, SPOKEN)
    assert run(studio, emulator) == 0
    assert captions(studio) == AS_WRITTEN
    assert len(emulator.charges()) == emulator.calls(SPEECH) == len(LINES)
    assert any("eye pee sixty eight" in charge.prompt for charge in emulator.charges())
    spent = studio.result["cost"]["spent_usd"]
    assert spent == pytest.approx(sum(len(charge.prompt) for charge in emulator.charges()) * 0.0001)
    assert run(studio, emulator) == 0
    assert emulator.calls(SPEECH) == len(LINES)


@pytest.mark.parametrize(
    "wrong",
    [
        Fault(SPEECH, Kind.DROP, accepted=True),
        Fault(SPEECH, Kind.STATUS, status=500, accepted=True),
        Fault(SPEECH, Kind.TRUNCATE),
    ],
    ids=lambda fault: fault.kind.value,
)
def test_answers_that_are_lost_are_found_in_the_history_by_the_same_run(
    tmp_path: Path, emulator: Emulator, wrong: Fault
) -> None:
    emulator.order(wrong)
    studio = Studio(tmp_path, SPOKEN)
    assert run(studio, emulator) == 0
    assert captions(studio) == AS_WRITTEN
    assert len(emulator.charges()) == emulator.calls(SPEECH) == len(LINES)


def test_two_ads_with_one_line_share_it_even_when_its_answer_was_lost(
    tmp_path: Path, emulator: Emulator
) -> None:
    twice = [
        {"name": name, "voice": "Rachel", "script": {"hook": "Stop scrolling."}} for name in ("Ann", "Eve")
    ]
    emulator.order(Fault(SPEECH, Kind.DROP, accepted=True, match="Stop scrolling."))
    studio = Studio(tmp_path, {**SPOKEN, "characters": twice})
    assert run(studio, emulator) == 0
    spoken = [charge for charge in emulator.charges() if charge.prompt == "Stop scrolling."]
    assert len(spoken) == 1  # one piece of work: both ads share it


def test_a_list_that_lags_is_waited_for(tmp_path: Path, emulator: Emulator) -> None:
    emulator.order(
        Fault(SPEECH, Kind.DROP, accepted=True, match="Stop"),
        Fault(SPEECH, Kind.HIDE, match="Stop", seconds=0.3),
    )
    studio = Studio(tmp_path, SPOKEN)
    assert run(studio, emulator, patience=0.05) == 0
    assert len(emulator.charges()) == len(LINES)


def test_where_no_history_is_kept_a_lost_line_waits_for_a_person(tmp_path: Path, emulator: Emulator) -> None:
    extras = '{"user_id": "u", "subscription": {}, "subscription_extras": {"force_logging_disabled": true}}'
    emulator.order(
        Fault(SPEECH, Kind.DROP, accepted=True, match="Stop"),
        Fault(SPEECH, Kind.HIDE, match="Stop", seconds=3600),
        Fault("elevenlabs.user", Kind.STATUS, status=200, body=extras),
    )
    studio = Studio(tmp_path, SPOKEN)
    for _ in range(2):
        assert run(studio, emulator) == 7
        assert len(emulator.charges()) == len(LINES)
    (held,) = [task for task in studio.result["tasks"] if task["status"] == "held" and task["error"]]
    assert "keeps no history" in held["error"]["message"]
    assert held["error"]["hint"].endswith(f"adcli jobs resolve {held['id']}")


def test_an_empty_account_ends_the_run_and_the_next_one_buys_only_the_rest(
    tmp_path: Path, emulator: Emulator
) -> None:
    emulator.order(Fault(SPEECH, Kind.STATUS, status=401, error="quota_exceeded", match="lamp"))
    studio = Studio(tmp_path, SPOKEN)
    assert run(studio, emulator) == 4
    messages = [task["error"]["message"] for task in studio.result["tasks"] if task["error"]]
    assert any("credits left" in message for message in messages)
    emulator.reset()
    assert run(studio, emulator) == 0
    assert len(emulator.charges()) == len(LINES)


def test_music_whose_answer_was_lost_waits_for_a_person(tmp_path: Path, emulator: Emulator) -> None:
    emulator.order(Fault("elevenlabs.music", Kind.DROP, accepted=True))
    providers = {"voice": "local", "music": "elevenlabs:music_v1"}
    changes = {"music": {"prompt": "calm"}, "providers": providers, "budget": {"hold_above": 0.01}}
    studio = Studio(tmp_path, {**SPOKEN, **changes})
    assert run(studio, emulator) == 7
    emulator.reset()
    assert run(studio, emulator) == 7
    assert len(emulator.charges()) == 1


def test_an_unknown_voice_stops_the_run_before_anything_is_sent(tmp_path: Path, emulator: Emulator) -> None:
    people = [{"name": "Maria", "voice": "Rachle", "script": LINES}]
    studio = Studio(tmp_path, {**SPOKEN, "characters": people})
    with pytest.raises(AdcliError, match=r"no voice 'Rachle' in this account; did you mean Rachel") as caught:
        run(studio, emulator)
    assert caught.value.exit_code == 3
    assert emulator.calls(SPEECH) == 0
