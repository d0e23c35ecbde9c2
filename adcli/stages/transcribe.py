"""Stage ``transcribe``: hears when each word of a spoken line, or of a given track, is said."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("transcribe", 1, ("words", "text"), Lane.IO, at_once=3, generative=True)
"""Outputs: words as stage ``voice`` gives them, and the text that was heard."""
