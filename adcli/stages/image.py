"""Stage ``image``: one picture for a scene, upright, cropped or padded to the ratios later."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("image", 1, ("image",), Lane.IO, at_once=8, generative=True)
"""Output: the picture; the free draft gives ``layers``, too, for its own moves."""
