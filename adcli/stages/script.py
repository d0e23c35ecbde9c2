"""Stage ``script``: the words of an ad; one output per slot, so that a change reaches only who reads it."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("script", 1, (), Lane.IO, at_once=8, generative=True)
