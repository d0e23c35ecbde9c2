"""Addresses of published files."""

from __future__ import annotations

import re

from adcli.engine.prepare import Prepared
from adcli.errors import UsageError
from adcli.publish import s3
from adcli.publish.target import S3Target

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(text: str) -> int:
    """Seconds of ``90``, ``30m``, ``1h`` or ``7d``; raises UsageError."""
    match = re.fullmatch(r"(\d+)([smhd]?)", text.strip())
    if not match:
        raise UsageError(f"{text!r} is no length of time", hint="write 30m, 1h or 7d")
    return int(match.group(1)) * _UNITS[match.group(2) or "s"]


def links(made: Prepared, expires: str) -> list[dict[str, str | None]]:
    """One row for each published file: its ad, variant and address. Posters have those of their videos."""
    lifetime, target = seconds_of(expires), made.delivery.target
    found: list[dict[str, str | None]] = []
    for name, row in made.plan.rows.items():
        if row.task.stage != "publish" or name not in made.selected:
            continue
        checkpoint, poster = made.decider.settled(row.task), made.delivery.poster_name(row.task)
        for file in made.delivery.names(row.task):
            uri = target.uri(file)
            if file == poster or checkpoint is None or uri not in checkpoint.targets:
                continue
            url = s3.presign(target, file, lifetime) if isinstance(target, S3Target) else uri
            found.append({"ad": row.task.ad, "variant": row.task.variant, "url": url})
    return found
