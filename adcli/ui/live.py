"""Progress in a terminal: a bar per stage, what runs now, finished ads above, all repainted in place."""

from __future__ import annotations

import time
from collections import Counter

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

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
from adcli.ui.console import clean, messages

_SHOWN_RUNNING = 4


class LiveView:
    """Consumes events and keeps one small block at the foot of the terminal up to date."""

    def __init__(self, stages: dict[str, int]) -> None:
        self._totals = stages
        self._done: Counter[str] = Counter()
        self._running: dict[str, float] = {}
        self._failed = 0
        self._spent = 0.0
        self._notes: set[str] = set()
        self._started = time.monotonic()
        self._console = messages()
        self._spinner = Spinner("dots")
        self._live = Live(
            get_renderable=self._block, console=self._console, refresh_per_second=8, transient=True
        )
        self._live.start()

    def __call__(self, event: Event) -> None:
        """Takes in one event."""
        match event:
            case RunStarted():
                cost = f", at most ${event.max_usd:.2f}" if event.max_usd else ""
                self._print(f"{event.campaign}: {event.todo} of {event.tasks} tasks to do{cost}", "bold")
            case TaskStarted():
                self._running[event.task] = time.monotonic()
            case TaskEnded():
                self._end(event)
            case AttemptChanged() if event.state == "stored":
                self._spent += event.usd
            case AttemptChanged():
                pass
            case AdEnded():
                mark, style = ("✓", "green") if event.status == "completed" else ("✗", "red")
                files = len(event.outputs)
                self._print(f"{mark} {event.ad}  {files} file{'' if files == 1 else 's'}", style)
            case Noted():
                self._note(event)
            case RunEnded():
                self._close(event)

    def _end(self, event: TaskEnded) -> None:
        self._running.pop(event.task, None)
        self._done[event.stage] += 1
        if event.error:
            self._failed += 1
            hint = f"\n    {event.error['hint']}" if event.error.get("hint") else ""
            self._print(f"✗ {event.task}: {event.error['message']}{hint}", "red")

    def _note(self, event: Noted) -> None:
        """A note that many tasks give is shown once."""
        if event.message not in self._notes:
            self._notes.add(event.message)
            self._print(f"  {event.message}", "yellow" if event.level == "warning" else "dim")

    def _close(self, event: RunEnded) -> None:
        self.close()
        spent = f", ${event.usd:.2f} spent" if event.usd else ""
        style = "bold green" if event.exit_code == 0 else "bold red"
        self._print(f"{event.status} in {event.seconds:.0f} s{spent}", style)

    def close(self) -> None:
        """Takes the block off the screen."""
        self._live.stop()

    def _print(self, text: str, style: str) -> None:
        self._console.print(clean(text), style=style)

    def _block(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        for stage, total in self._totals.items():
            done = min(self._done[stage], total)
            if total:
                style = "green" if done == total else "cyan"
                bar = ProgressBar(total=total, completed=done, width=28, complete_style=style)
                table.add_row(Text(f"{stage:>9}"), bar, Text(f"{done}/{total}", style="dim"))
        foot = Table.grid(padding=(0, 1))
        foot.add_row(self._spinner, Text(self._foot(), style="dim", overflow="ellipsis", no_wrap=True))
        return Group(table, foot)

    def _foot(self) -> str:
        now = time.monotonic()
        running = [f"{task} {now - since:.0f}s" for task, since in self._running.items()]
        more = f" +{len(running) - _SHOWN_RUNNING}" if len(running) > _SHOWN_RUNNING else ""
        spent = f"  ${self._spent:.2f}" if self._spent else ""
        failed = f"  {self._failed} failed" if self._failed else ""
        return f"{now - self._started:.0f} s{spent}{failed}  {' · '.join(running[:_SHOWN_RUNNING])}{more}"
