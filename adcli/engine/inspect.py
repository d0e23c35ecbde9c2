"""What the state says without a lock: the last unfinished run, progress, open jobs, spend."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adcli.engine.budget import spent_so_far
from adcli.engine.prepare import state_folder
from adcli.spec.load import load_campaign
from adcli.state.lock import holder
from adcli.state.runs import read_runs
from adcli.state.store import Store
from adcli.units import usd_number


def unfinished_run(campaign_file: Path, state: Path | None) -> dict[str, Any] | None:
    """Flags of the campaign's last run when it did not complete; None when it did, or there is none."""
    name = load_campaign(campaign_file).campaign.name
    runs = read_runs(state_folder(campaign_file, state), name)
    if not runs or (
        (runs[-1]["result"] or {}).get("exit_code") == 0 and runs[-1]["result"]["status"] != "running"
    ):
        return None
    flags: dict[str, Any] = runs[-1]["flags"]
    return flags


def status_document(campaign_file: Path, state: Path | None) -> dict[str, Any]:
    """The last run of the campaign, its tasks as far as they are known, open paid jobs and all spend."""
    name = load_campaign(campaign_file).campaign.name
    root = state_folder(campaign_file, state)
    store, runs = Store(root), read_runs(root, name)
    last = runs[-1] if runs else None
    return {
        "format": 1,
        "campaign": name,
        "run": last and _run(last, alive=holder(root) is not None),
        "jobs": _jobs(store),
        "spent_usd": usd_number(spent_so_far(store.checkpoints(), name)),
    }


def _run(run: dict[str, Any], *, alive: bool) -> dict[str, Any]:
    result = run["result"] or {}
    ended = result.get("status", "running") != "running"
    done = Counter(_statuses(Path(run["folder"]) / "events.jsonl").values())
    return {
        "id": run["run"],
        "started": run["started"],
        "status": result["status"] if ended else "running" if alive else "unfinished",
        "exit_code": result["exit_code"] if ended else None,
        "totals": result["totals"] if ended else dict(done),
        "failed": [
            {"id": task["id"], "status": task["status"], "error": task["error"]}
            for task in result.get("tasks", [])
            if task["status"] in ("failed", "held", "waiting")
        ],
    }


def _statuses(path: Path) -> dict[str, str]:
    found = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if event.get("event") == "task_ended":
                found[event["task"]] = event["status"]
    return found


def _jobs(store: Store) -> list[dict[str, Any]]:
    rows = []
    for key in store.open_keys():
        checkpoint = store.checkpoint(key)
        attempt = checkpoint.last_attempt if checkpoint else None
        if checkpoint is None or attempt is None:
            continue
        sent = datetime.fromisoformat(attempt.at["intent"])
        rows.append(
            {
                "task": checkpoint.task,
                "campaign": checkpoint.campaign,
                "provider": attempt.provider,
                "model": attempt.model,
                "job": attempt.job,
                "state": attempt.state.value,
                "age_seconds": round((datetime.now(UTC) - sent).total_seconds(), 1),
                "expires": attempt.expires,
                "usd_max": attempt.usd_max,
            }
        )
    return rows
