"""Chance that is the same for the same words, on every machine and in every run."""

from __future__ import annotations

import hashlib
import random


def seeded(*parts: object) -> random.Random:
    """A generator that gives one sequence for one list of parts."""
    text = "\x1f".join(str(part) for part in parts)
    return random.Random(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())  # noqa: S311
