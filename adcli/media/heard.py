"""Which words of a sound that goes on over several scenes belong to one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def words_heard(captions: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The words that a scene's captions tell, at their sound's times, as stage ``voice`` gives them.

    With ``until``, the scene's length, those whose middle lies in the scene; ``lead`` are the seconds from
    the scene's start to the sound's.
    """
    words: list[dict[str, Any]] = json.loads(captions["words"])
    if "until" not in captions:
        return words
    begin, end = -captions["lead"], captions["until"] - captions["lead"]
    return [
        word | {"start": max(begin, word["start"]), "end": min(end, word["end"])}
        for word in words
        if begin <= (word["start"] + word["end"]) / 2 < end
    ]
