"""What a service said, fit to be shown: one line, not too long, and never with a key in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

MOST = 400
"""Characters of a service's words that are kept."""
_PART = 6
"""Characters from which a part of a key, such as an id before its secret, is blotted out by itself."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def quote(text: object, secrets: Iterable[str]) -> str:
    """The words of ``text`` without any key in them: services repeat keys that they refuse."""
    found = str(text).encode(errors="replace").decode()
    for secret in secrets:
        for part in (secret, *secret.split(":")):
            if len(part) >= _PART:
                found = found.replace(part, "…")
    found = " ".join(_UNSEEN.sub(" ", found).split())
    return found if len(found) <= MOST else f"{found[: MOST - 1]}…"


def sentences(body: Mapping[str, Any]) -> str:
    """What an error body says: ``detail`` (text, or FastAPI's list of fields), ``error`` or ``message``."""
    detail = body.get("detail") or body.get("error") or body.get("message")
    if isinstance(detail, Mapping):
        detail = detail.get("message")
    if not isinstance(detail, list):
        return str(detail or "")
    return "; ".join(_sentence(item) for item in detail if isinstance(item, Mapping))


def _sentence(item: Mapping[str, Any]) -> str:
    place = item.get("loc")
    field = ".".join(str(part) for part in place if part != "body") if isinstance(place, list) else ""
    return f"{field}: {item.get('msg')}" if field else str(item.get("msg"))
