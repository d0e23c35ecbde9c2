"""Stage ``voice``: speaks one line and says when each of its words is heard."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("voice", 1, ("audio", "words"), Lane.IO, at_once=5, generative=True)
"""Outputs: the spoken line, and its words as a JSON list of ``{"text", "start", "end"}`` in seconds."""
