"""Progress as plain lines, one per state change, for pipes and CI logs."""

from __future__ import annotations

from adcli.engine.events import (
    AdEnded,
    AttemptChanged,
    Event,
    Noted,
    RunEnded,
    RunStarted,
    TaskEnded,
    TaskStarted,
)
from adcli.ui.console import counted, say


class PlainView:
    """Prints events as they come; ``verbose`` also prints starts and reused tasks."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._notes: set[str] = set()

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        line = self._line(event)
        if line and (not self._quiet or isinstance(event, RunEnded)):
            say(line)

    def _line(self, event: Event) -> str | None:
        match event:
            case RunStarted():
                cost = f", at most ${event.max_usd:.2f}" if event.max_usd else ""
                todo = f"{event.todo} of {counted(event.tasks, 'task')} to do for {counted(event.ads, 'ad')}"
                return f"run {event.run}: {todo}{cost}"
            case TaskStarted():
                return f"start  {event.task}" if self._verbose else None
            case TaskEnded():
                return self._ended(event)
            case AttemptChanged():
                told = f"attempt {event.attempt}: {event.state} ${event.usd:.4g}"
                return f"paid   {event.task}  {event.provider} {told}"
            case AdEnded():
                return f"ad     {event.ad}  {event.status}"
            case Noted():
                return self._noted(event)
            case RunEnded():
                spent = f", ${event.usd:.2f} spent" if event.usd else ""
                return f"{event.status} in {event.seconds:.1f} s{spent} (exit {event.exit_code})"

    def _ended(self, event: TaskEnded) -> str | None:
        if event.status in ("reused", "shared", "skipped", "cancelled") and not self._verbose:
            return None
        line = f"{event.status:6} {event.task}  {event.seconds:.1f} s"
        if event.error:
            line += f"  {event.error['message']}"
            if event.error.get("hint"):
                line += f"  (hint: {event.error['hint']})"
        return line

    def _noted(self, event: Noted) -> str | None:
        """A note that many tasks give is shown once."""
        if event.message in self._notes and not self._verbose:
            return None
        self._notes.add(event.message)
        where = f"{event.task}: " if event.task else ""
        return f"{'warn' if event.level == 'warning' else 'note':6} {where}{event.message}"

    def close(self) -> None:
        """Nothing is left open."""
