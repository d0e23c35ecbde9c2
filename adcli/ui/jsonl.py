"""Events as JSON lines in a file of the user's choice."""

from __future__ import annotations

import json
from pathlib import Path

from adcli.engine.events import Emit, Event, event_json
from adcli.errors import StorageError
from adcli.state.runs import timestamp


class EventFile:
    """Appends each event to a file and passes it on; raises StorageError when it can't be opened."""

    def __init__(self, path: Path, show: Emit) -> None:
        self._show = show
        try:
            self._file = path.open("a", encoding="utf-8", buffering=1)
        except OSError as error:
            raise StorageError.of(error, str(path)) from error

    def __call__(self, event: Event) -> None:
        """Records one event."""
        self._file.write(json.dumps(event_json(event, timestamp()), ensure_ascii=False) + "\n")
        self._show(event)
