"""A clock that is wrong: for forked children only."""

from __future__ import annotations

import datetime
import sys
import time
from typing import Any

_REAL = datetime.datetime


def shift(seconds: float) -> None:
    """Moves the clock of the day that this process's adcli reads; the monotonic clock goes on as it was."""

    class Shifted(_REAL):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return _REAL.now(tz) + datetime.timedelta(seconds=seconds)

    true = time.time
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "adcli" and getattr(module, "datetime", None) is _REAL:
            module.datetime = Shifted  # type: ignore[attr-defined]
    time.time = lambda: true() + seconds
