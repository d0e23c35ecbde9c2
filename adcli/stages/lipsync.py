"""Stage ``lipsync``: makes the mouth in a clip follow a spoken line."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("lipsync", 1, ("clip",), Lane.IO, at_once=3, generative=True)
"""Output: the clip, its length unchanged."""
