"""All moods by name."""

from __future__ import annotations

from collections.abc import Mapping

from adcli.providers.local.bed import lively, quiet
from adcli.providers.local.bed.mood import Mood

MOODS: Mapping[str, Mood] = {
    "warm": quiet.WARM,
    "bright": lively.BRIGHT,
    "calm": quiet.CALM,
    "drive": lively.DRIVE,
    "dark": lively.DARK,
    "playful": lively.PLAYFUL,
    "cinematic": quiet.CINEMATIC,
    "corporate": quiet.CORPORATE,
    "hype": lively.HYPE,
    "acoustic": quiet.ACOUSTIC,
}
"""Moods by the name that params use; ``warm`` is the default."""
