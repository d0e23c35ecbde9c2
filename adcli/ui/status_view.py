"""The status document for people."""

from __future__ import annotations

from typing import Any

from adcli.ui.console import print_line


def show_status(document: dict[str, Any]) -> None:
    """Prints the last run, what failed, open jobs and spend on stdout."""
    run = document["run"]
    if run is None:
        print_line(f"{document['campaign']}: no run yet")
        return
    print_line(f"{document['campaign']}: run {run['id']} {run['status']}, started {run['started']}")
    counts = [
        f"{number} {name}" for name, number in (run["totals"] or {}).items() if number and name != "tasks"
    ]
    if counts:
        print_line("  " + ", ".join(counts))
    for task in run["failed"]:
        message = task["error"]["message"] if task["error"] else ""
        print_line(f"  {task['status']:7} {task['id']}  {message}")
    for job in document["jobs"]:
        print_line(f"  job     {job_line(job)}")
    if document["spent_usd"]:
        print_line(f"  spent   ${document['spent_usd']:.4g}")


def job_line(job: dict[str, Any]) -> str:
    """One open or held job: task, service, id, state, age, expiry."""
    expiry = f", result until {job['expires']}" if job["expires"] else ""
    name = job["job"] or "no answer yet"
    age = f"{job['age_seconds']:.0f} s old"
    return f"{job['task']}  {job['provider']} {name}: {job['state']}, {age}{expiry}"
