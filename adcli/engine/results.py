"""The contract's result document, from how every task ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from adcli.engine.delivery import Delivery
from adcli.engine.runner import Ended, Runner
from adcli.graph.task import Ad, Ref
from adcli.plan.build import Plan
from adcli.publish.target import S3Target
from adcli.units import AspectRatio, usd_number

STATUSES = ("done", "reused", "shared", "failed", "held", "waiting", "skipped", "cancelled")
BY_EXIT_CODE = {
    0: "completed",
    4: "credentials",
    5: "failed",
    6: "budget",
    7: "held",
    8: "waiting",
    13: "disk",
    124: "timeout",
    130: "interrupted",
    143: "interrupted",
}
_PRECEDENCE = (1, 130, 143, 124, 13, 4, 7, 6, 8, 5)
_IDLE = Ended("cancelled")


def exit_code(ended: Mapping[str, Ended], stopped: int = 0) -> int:
    """The run's exit code: the first by the contract's precedence of all that happened."""
    seen = {stopped}
    for end in ended.values():
        if end.status == "failed":
            seen.add(end.exit_code or 5)
        elif end.status == "held":
            seen.add(7)
    known = [code for code in _PRECEDENCE if code in seen]
    others = sorted(code for code in seen if code and code not in _PRECEDENCE)
    return (known or others or [0])[0]


def document(run: str, runner: Runner, code: int, status: str | None = None) -> dict[str, Any]:
    """``result.json`` as of now; ``status`` overrides what the exit code says (``running``)."""
    plan, ended = runner.shop.plan, runner.ended
    ends = {name: ended.get(name, _IDLE) for name in plan.rows}
    counts = Counter(end.status for end in ends.values())
    spent = sum(end.usd for end in ends.values())
    return {
        "format": 1,
        "run": run,
        "campaign": plan.graph.campaign,
        "status": status or BY_EXIT_CODE.get(code, "failed"),
        "exit_code": code,
        "totals": {"tasks": len(ends)} | {name: counts[name] for name in STATUSES},
        "cost": {
            "estimated_usd": usd_number(plan.max_usd),
            "spent_usd": round(spent, 6),
            "saved_usd": usd_number(plan.saved_usd),
        },
        "ads": [_ad(runner, ad, ends) for ad in plan.graph.ads],
        "tasks": [_task(name, end) for name, end in ends.items()],
    }


def _task(name: str, end: Ended) -> dict[str, Any]:
    return {
        "id": name,
        "status": end.status,
        "processing_time": round(end.seconds, 3),
        "error": end.error,
        "usd": round(end.usd, 6),
        "attempts": end.attempts,
    }


def _ad(runner: Runner, ad: Ad, ends: Mapping[str, Ended]) -> dict[str, Any]:
    tasks = _tasks_of(runner.shop.plan, ad)
    error = next((ends[name].error for name in tasks if ends[name].error), None)
    return {
        "id": ad.id,
        "character": ad.character,
        "hook": {"n": ad.hook, "text": _hook_text(runner, ad), "angle": None},
        "language": ad.language,
        "status": ad_status([ends[name] for name in tasks], [ends[goal] for goal in ad.goals]),
        "processing_time": round(sum(ends[name].seconds for name in tasks), 3),
        "error": error,
        "outputs": [found for goal in ad.goals if (found := _output(runner, goal, ends[goal]))],
        "kept": [path for goal in ad.goals if ends[goal].good for path in _kept(runner, goal)],
    }


def ad_status(ends: list[Ended], goals: list[Ended]) -> str:
    """completed, failed, held, waiting or skipped, from the ends of an ad's tasks."""
    statuses = {end.status for end in ends}
    bad = next((status for status in ("failed", "held", "waiting") if status in statuses), None)
    if bad or not any(goal.good for goal in goals):
        return bad or "skipped"
    return "completed"


def _tasks_of(plan: Plan, ad: Ad) -> list[str]:
    wanted = list(ad.goals)
    seen = dict.fromkeys(wanted)
    for name in wanted:
        for item in plan.rows[name].task.inputs:
            if item.task not in seen:
                seen[item.task] = None
                wanted.append(item.task)
    return list(seen)


def _hook_text(runner: Runner, ad: Ad) -> str:
    if not isinstance(ad.hook_text, Ref):
        return ad.hook_text
    task = runner.shop.plan.graph.tasks.get(ad.hook_text.task)
    checkpoint = runner.shop.decider.settled(task) if task else None
    output = (checkpoint.outputs or {}).get(ad.hook_text.output) if checkpoint else None
    return (output.text if output else None) or ""


def _output(runner: Runner, goal: str, end: Ended) -> dict[str, Any] | None:
    task = runner.shop.plan.rows[goal].task
    checkpoint = runner.shop.decider.settled(task)
    if not end.good or checkpoint is None or checkpoint.outputs is None or "name" not in task.params:
        return None
    receipt, delivery = checkpoint.outputs["object"], runner.shop.delivery
    name, poster = delivery.name(task), delivery.poster_name(task)
    kind = {"mp4": "video", "png": "image"}.get(name.rpartition(".")[2], "audio")
    meta = receipt.meta
    found = {
        "type": kind,
        "aspect_ratio": AspectRatio.from_slug(task.variant).value if task.variant else None,
        "path": name,
        "s3_key": _s3_key(delivery, name),
        "uri": delivery.uri(task),
        "sha256": meta.get("sha256"),
        "bytes": meta.get("bytes"),
        "width": meta.get("width"),
        "height": meta.get("height"),
        "duration": meta.get("duration", meta.get("seconds")),
    }
    checks = {"checks": meta["checks"]} if "checks" in meta else {}
    return found | ({"poster": poster} if poster else {}) | checks


def _kept(runner: Runner, goal: str) -> tuple[str, ...]:
    """Paths of the other files that a publish task has written."""
    return runner.shop.delivery.kept_names(runner.shop.plan.rows[goal].task)


def _s3_key(delivery: Delivery, name: str) -> str | None:
    return delivery.target.key(name) if isinstance(delivery.target, S3Target) else None
