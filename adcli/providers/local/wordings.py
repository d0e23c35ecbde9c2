"""Words the draft's scripts share whatever the template: openers, plain lines, marks and their spaces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

OPENERS: Mapping[str, Sequence[str]] = {
    "en": ("Also:", "Plus:", "Again:", "Honestly:", "Really:", "Remember:", "Once more:", "Look:", "See:",
           "Yes:"),
    "de": ("Auch:", "Dazu:", "Nochmal:", "Ehrlich:", "Wirklich:", "Merk dir:", "Schau:", "Sieh mal:", "Ja:"),
    "es": ("Además:", "Repito:", "Recuerda:", "Ojo:", "Mira:", "Y sí:", "En serio:", "De verdad:",
           "Otra vez:"),
    "fr": ("Aussi :", "Encore :", "Vraiment :", "Bref :", "Franchement :", "Eh oui :", "En plus :",
           "À retenir :", "Au fait :"),
    "ru": ("Кстати:", "Честно:", "Правда:", "Итак:", "Важно:", "Главное:", "К слову:", "Ещё раз:", "И да:"),
}  # fmt: skip
"""What a line begins with when a long ad has used all its lines before."""

PLAIN: Mapping[str, Mapping[str, Sequence[str]]] = {
    "hook": {
        "voiceover": ("Look at {product}.", "This is {product}.", "Meet {product}.", "See {product} here.",
                      "Here comes {product}.", "Look at this.", "Wait, see this.", "Stop right here.",
                      "One quick look.", "Here it is."),
        "text": ("{product}", "Meet {product}", "This is {product}", "Look: {product}", "See {product}",
                 "Look at this", "See this first", "Take a look", "Just look", "Right here"),
    },
    "body": {
        "voiceover": ("{benefit}.", "Here: {benefit}.", "You get: {benefit}.", "Look closely.",
                      "See how it works.", "Made for every day.", "Simple to use.", "Easy to love."),
        "text": ("{benefit}", "Up close", "How it works", "Every day", "Simple"),
    },
    "cta": {
        "voiceover": ("Try {product}.", "Get {product} today.", "Try it today.", "See more below."),
        "text": ("Try it today", "See more"),
        "headline": ("{product}", "{benefit}", "Your turn"),
        "cta": ("Shop now", "Learn more"),
    },
}  # fmt: skip
"""English lines by role and slot for templates that have none."""

_SPACED_MARK = re.compile(r"\s+(?=[?!:;»])|(?<=«)\s+")


def typeset(line: str, language: str, slot: str) -> str:
    """The line with French marks set: no-break spaces before ``? ! : ;`` and inside quotes on the screen.

    What is spoken has none: its captions are timed word by word, and a mark alone would be a word.
    """
    if language != "fr":
        return line
    return _SPACED_MARK.sub("" if slot == "voiceover" else "\u00a0", line)
