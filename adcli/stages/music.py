"""Stage ``music``: one bed of music for a whole campaign."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("music", 1, ("audio",), Lane.IO, at_once=2, generative=True)
"""Output: a given or composed piece, stereo, 48 kHz when made here."""
