"""Stage ``publish``: puts a finished file where the campaign wants it; the engine itself does the work."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("publish", 1, ("object",), Lane.IO, at_once=16)
"""Output: the record of what was written; the file itself is at the target."""
