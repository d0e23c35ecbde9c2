"""What a service said, fit to be shown: one line, not too long, and never with a key in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 400
"""Characters of a service's words that are kept."""


def quote(text: object, secrets: Iterable[str]) -> str:
    """The words of ``text`` with every secret blotted out: services repeat keys that they refuse."""
    found = str(text)
    for secret in secrets:
        if secret:
            found = found.replace(secret, "…")
    found = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", " ", found).split())
    return found if len(found) <= MOST else f"{found[: MOST - 1]}…"
