"""Stage ``animate``: sets a scene's picture in motion."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("animate", 1, ("clip",), Lane.IO, at_once=3, generative=True)
"""Output: the clip, mp4; the free draft gives a move container that stage ``scene`` composes."""
