"""Ads that share a bought clip: one whose lines fit gets it, whatever becomes of the others."""

from __future__ import annotations

from pathlib import Path

from adcli.errors import AdcliError, TextTooLong
from tests.emulator.server import Emulator
from tests.engine.buying import MODEL, Buyer, OwnWords

CLIPS = "kwaivgi/kling-v2.5-turbo-pro"
TOO_LONG = "maria/hook/voice"


def refuse(task: str) -> AdcliError | None:
    return TextTooLong(9, 2, 1.8) if task == TOO_LONG else None


def test_an_ad_whose_own_lines_fit_is_finished_though_the_first_ads_do_not(
    tmp_path: Path, emulator: Emulator
) -> None:
    buyer = Buyer(
        tmp_path / "ads",
        emulator,
        template="problem-solution",
        aspect_ratios=["1:1"],
        duration=10,
        hooks=["One hook.", "Another hook."],
        providers={"image": f"replicate:{MODEL}", "animate": f"replicate:{CLIPS}"},
    )
    assert buyer.run(makers=OwnWords(refuse)) == 5
    ads = {ad["id"]: ad["status"] for ad in buyer.studio.result["ads"]}
    assert ads == {"maria": "failed", "maria-h2": "completed"}
    assert buyer.run() == 0
    clips = [charge for charge in emulator.charges() if charge.model == CLIPS]
    assert len({charge.input_sha256 for charge in clips}) == len(clips)
