"""Stage ``portrait``: the reference picture of a character, which scene pictures take as their person."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("portrait", 1, ("image",), Lane.IO, at_once=8, generative=True)
"""Output: the person, upright, RGB."""
