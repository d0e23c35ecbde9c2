"""Stage ``matte``: cuts the person out of a picture, for scenes in front of a green screen."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("matte", 1, ("image",), Lane.IO, at_once=4, generative=True)
"""Output: the person alone, PNG with transparency."""
