"""Stage ``publish``: puts a finished file where the campaign wants it; the engine itself does the work."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("publish", 1, ("object",), Lane.IO, at_once=16, defaults={"platform": "universal"})
"""Output: the record of what was written; the file itself is at the target.

``platform`` is what a video was judged for: the record tells the verdict, which differs where no byte does.
"""
