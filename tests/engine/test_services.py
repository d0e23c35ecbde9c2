"""A campaign over all services at once: every result bought once, nothing above the plan, nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from adcli.registry import catalogue
from adcli.stages import fit
from adcli.state.checkpoint import AttemptState
from adcli.work import File, Job, Made
from tests.cli.driving import adcli
from tests.emulator.server import Emulator
from tests.engine.buying import Buyer, OwnWords

SERVICES = {
    "portrait": "higgsfield:higgsfield-ai/soul/standard",
    "image": "google:gemini-3.1-flash-image-preview",
    "matte": "replicate:851-labs/background-remover",
    "animate": "runway:gen4_turbo",
    "voice": "openai:tts-1",
    "transcribe": "elevenlabs:scribe_v2",
    "lipsync": "fal:fal-ai/sync-lipsync/v2",
    "music": "elevenlabs:music_v1",
}
NAMES = ("Maria", "Tom", "Aylin", "Jon")
CAMPAIGN: dict[str, Any] = {
    "name": "everything",
    "template": "green-screen",
    "aspect_ratios": ["9:16"],
    "duration": 8,
    "hooks": 5,
    "product": {"name": "Glow Serum", "benefits": ["calm skin"], "images": ["bottle.png"]},
    "characters": [{"name": name, "prompt": f"person {n}"} for n, name in enumerate(NAMES)],
    "providers": SERVICES,
}


PASSED_ON = {("fit", "audio"): "audio", ("compose", "image"): "person"}
"""Services look at what they are given: the free work on it is left out, and it is passed on as it is."""
PASSED_ON |= {("conform", name): name for name in ("clip", "audio")}


class Hands(OwnWords):
    """Makers that pass on what was bought to the service that comes next."""

    def _value(self, job: Job, name: str) -> File | str:
        if (job.stage, name) == ("fit", "words"):
            return str(job.params["words"])
        if (job.stage, name) not in PASSED_ON:
            return OwnWords._value(self, job, name)
        bought, path = job.file(job.params[PASSED_ON[job.stage, name]]), job.workdir / name
        path.write_bytes(bought.path.read_bytes())
        return File(path, bought.media_type, bought.meta)


class Fitters(Hands):
    """Makers of which the one that fits lines is real."""

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        if job.stage != "fit":
            return await Hands.make(self, job, priority, started)
        started()
        self.made.append(job.task)
        return fit.make(job)


def buying(folder: Path, emulator: Emulator, **changes: Any) -> Buyer:
    buyer = Buyer(folder, emulator)
    buyer.studio.campaign = json.loads(json.dumps(CAMPAIGN | changes))
    buyer.studio.save()
    return buyer


def paid_tasks(buyer: Buyer) -> dict[str, dict[str, Any]]:
    bought = {found.task for found in buyer.store.checkpoints() if found.attempts}
    return {task["id"]: task for task in buyer.studio.result["tasks"] if task["id"] in bought}


def charged(emulator: Emulator) -> Counter[str]:
    return Counter(charge.service for charge in emulator.charges())


def test_twenty_ads_over_all_services_are_bought_once(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buying(tmp_path / "ads", emulator)
    assert buyer.run(makers=Hands()) == 0
    result = buyer.studio.result
    assert len(result["ads"]) == 20
    assert {ad["status"] for ad in result["ads"]} == {"completed"}
    assert set(charged(emulator)) == {
        name for name, module in catalogue().providers.items() if module.SPEC.paid
    }
    for name, task in paid_tasks(buyer).items():
        assert (task["status"], task["attempts"]) == ("done", 1), name
    attempts = [attempt for found in buyer.store.checkpoints() for attempt in found.attempts]
    assert {attempt.state for attempt in attempts} == {AttemptState.STORED}
    assert Counter(attempt.provider for attempt in attempts) == charged(emulator)
    assert set(Counter(charge.job for charge in emulator.charges()).values()) == {1}
    assert 0 < result["cost"]["spent_usd"] <= result["cost"]["estimated_usd"]
    assert all(attempt.usd is not None and attempt.usd <= attempt.usd_max for attempt in attempts)

    before, calls = emulator.charges(), emulator.counts()["calls"]
    assert buyer.run(makers=Hands()) == 0
    assert buyer.studio.statuses().keys() == {task["id"] for task in result["tasks"]}
    assert set(buyer.studio.statuses().values()) <= {"reused", "shared"}
    assert emulator.charges() == before
    assert emulator.counts()["calls"] == calls


LONG = "Unforgettably transformative deliciousness everywhere."


def test_a_bought_line_that_is_too_long_costs_no_clip_and_is_kept(tmp_path: Path, emulator: Emulator) -> None:
    one = {"hooks": 1, "characters": [{"name": "Maria", "prompt": "woman, 30"}], "template": "testimonial"}
    buyer = buying(tmp_path / "ads", emulator, **one, scenes={"hook": {"voiceover": LONG}})
    assert buyer.run(makers=Fitters()) == 5
    failed = buyer.task("maria/hook/fit")
    assert failed["error"]["code"] == "text-too-long"
    assert failed["error"]["hint"].startswith("cut ")
    assert buyer.task("maria/hook/animate")["status"] == "skipped"
    bought = {charge.service for charge in emulator.charges()}
    assert "fal" not in bought
    assert not [c for c in buyer.store.checkpoints() if c.task.endswith(("/animate", "/lipsync"))]
    assert buyer.states("maria/hook/voice") == ["stored"]

    voices = charged(emulator)["openai"]
    buyer.studio.edit(scenes={"hook": {"voiceover": "Look at this."}})
    assert buyer.run(makers=Fitters()) == 0
    assert charged(emulator)["openai"] == voices + 1
    assert charged(emulator)["fal"] > 0


class Rambler(Hands):
    """A script writer who minds no limit."""

    def _value(self, job: Job, name: str) -> File | str:
        return "on and on " * 200 if name == "body-1.voiceover" else Hands._value(self, job, name)


def test_a_written_line_above_its_ceiling_is_never_sent(tmp_path: Path, emulator: Emulator) -> None:
    one = {"hooks": 1, "characters": [{"name": "Maria", "prompt": "woman, 30"}]}
    buyer = buying(tmp_path / "ads", emulator, **one)
    assert buyer.run(makers=Rambler()) == 5
    failed = buyer.task("maria/body-1/voice")
    assert (failed["status"], failed["attempts"]) == ("failed", 0)
    assert "its text has 2000 characters" in failed["error"]["message"]
    assert "maria/body-1/voice" not in {found.task for found in buyer.store.checkpoints()}


@pytest.mark.media
def test_an_ad_over_all_services_is_made_by_the_real_makers(tmp_path: Path, emulator: Emulator) -> None:
    one = {"hooks": 1, "characters": [{"name": "Maria", "prompt": "woman, 30"}], "aspect_ratios": ["1:1"]}
    folder = tmp_path / "ads"
    buying(folder, emulator, **one)
    done = adcli("run", "--yes", "--json", "--quality", "preview", cwd=folder, env=emulator.environment())
    assert done.code == 0, done.err[-2000:]
    (video,) = folder.glob("out/everything/*.mp4")
    with av.open(str(video)) as made:
        stream = made.streams.video[0]
        assert (stream.width, stream.height, stream.frames) == (540, 540, 240)
        assert made.streams.audio[0].duration
    planned, spent = (done.json["cost"][name] for name in ("estimated_usd", "spent_usd"))
    assert 0 < spent <= planned
    before = emulator.charges()
    assert set(Counter(charge.job for charge in before).values()) == {1}
    again = adcli("run", "--yes", "--json", "--quality", "preview", cwd=folder, env=emulator.environment())
    assert again.code == 0
    assert again.json["cost"]["spent_usd"] == 0
    assert emulator.charges() == before
