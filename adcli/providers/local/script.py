"""Writes an ad's words from the template's own sentence patterns: free, offline, the same every time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adcli.graph.lines import count_units, spoken_seconds, units_per_second
from adcli.work import Job, Made

FIELDS = frozenset({"product", "benefit", "audience", "description", "character", "url", "action"})
"""Names that a pattern or a picture's wording may hold in braces."""

_BRIEF = frozenset({"product", "benefit", "audience", "description", "url"})
_IN_PICTURES = {
    "character": "a person",
    "product": "the product",
    "action": "looking straight into the camera",
    "benefit": "the result",
    "audience": "people like them",
}
_HASTE = 1.1
_FIELD = re.compile(r"\{(\w+)\}")
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?…]\s+)$")
_WRITTEN_SMALL = re.compile(r"[^\W\d_A-ZÀ-Þ]+(?=[\s.,:;!?-]|$)")
_NAMES = frozenset({"product", "character", "url"})
_SLOT_ORDER = {"voiceover": 0, "text": 1, "headline": 2, "cta": 3, "image_prompt": 5}

OPENERS: Mapping[str, Sequence[str]] = {
    "en": (
        "Also:",
        "Plus:",
        "Again:",
        "Honestly:",
        "Really:",
        "Remember:",
        "Once more:",
        "Look:",
        "See:",
        "Yes:",
    ),
    "de": ("Auch:", "Dazu:", "Nochmal:", "Ehrlich:", "Wirklich:", "Merk dir:", "Schau:", "Sieh mal:", "Ja:"),
}
"""What a line begins with when a long ad has used all its lines before."""

_PLAIN: Mapping[str, Mapping[str, Sequence[str]]] = {
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


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of a local script: only what its words depend on."""
    params = {
        "scenes": [_scene(scene) for scene in fields["scenes"]],
        "hooks": fields.get("hooks") or 1,
        "given_hooks": fields.get("given_hooks"),
        "product": {name: value for name, value in (fields.get("product") or {}).items() if value},
        "character": {name: value for name, value in (fields.get("character") or {}).items() if value},
        "language": fields.get("language") or "en",
        "seed": fields.get("seed") or 0,
    }
    return {name: value for name, value in params.items() if value is not None}


def _scene(scene: Mapping[str, Any]) -> dict[str, Any]:
    patterns = scene.get("copy") or {}
    kept = {
        "name": scene["name"],
        "role": scene["role"],
        "slots": scene["slots"],
        "prompt": scene.get("prompt") or "",
        "copy": {slot: patterns[slot] for slot in scene["slots"] if patterns.get(slot)},
        "copy_language": scene.get("copy_language"),
    }
    return {name: value for name, value in kept.items() if value}


def make(job: Job) -> Made:
    """One text for each slot of each scene, ``hook-2.voiceover``… for further hooks."""
    return write(job.params)


def write(params: Mapping[str, Any]) -> Made:
    """The words of one character in one language.

    Bodies and closing are written first, then hook after hook, each without the lines before it:
    so no slot depends on how many hooks there are, and no line comes twice.
    """
    writer = _Writer(params)
    hooks = [scene for scene in params["scenes"] if scene["role"] == "hook"]
    for scene in params["scenes"]:
        if scene["role"] != "hook":
            writer.scene(scene)
    given = params.get("given_hooks") or []
    for number in range(1, params["hooks"] + 1):
        for scene in hooks:
            writer.hook(scene, number, given[number - 1] if number <= len(given) else None)
    return Made(writer.outputs, tuple(writer.notes()))


@dataclass
class _Writer:
    """Fills slots one after the other and remembers what it has said."""

    params: Mapping[str, Any]
    outputs: dict[str, str] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    shortened: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    benefits_told: int = 0

    def scene(self, scene: Mapping[str, Any]) -> None:
        """Writes a body or the closing. Scenes that speak of a benefit take turns through the list."""
        tells = any("{benefit}" in pattern for patterns in _copy(scene).values() for pattern in patterns)
        values = self._values(scene, self.benefits_told)
        self.benefits_told += tells
        for slot in _slots(scene):
            self._fill(scene, slot, scene["name"], values)

    def hook(self, scene: Mapping[str, Any], number: int, given: str | None) -> None:
        """Writes the ``number``-th hook; the person's own line is spoken and shown as it is."""
        name = scene["name"] if number == 1 else f"{scene['name']}-{number}"
        values = self._values(scene, number - 1)
        for slot in _slots(scene):
            if given is not None and slot in {"voiceover", "text"}:
                self.outputs[f"{name}.{slot}"] = given
            elif number == 1 or slot != "image_prompt":
                self._fill(scene, slot, name, values)

    def _values(self, scene: Mapping[str, Any], turn: int) -> dict[str, str]:
        product, character = self.params.get("product") or {}, self.params.get("character") or {}
        benefits = [_clean(benefit) for benefit in product.get("benefits") or () if _clean(benefit)]
        return {
            "product": _clean(product.get("name") or ""),
            "description": _clean(product.get("description") or ""),
            "audience": _clean(product.get("audience") or ""),
            "url": re.sub(r"^(?:https?://)?(?:www\.)?", "", product.get("url") or "").rstrip("/"),
            "benefit": benefits[turn % len(benefits)] if benefits else "",
            "character": _clean(character.get("name") or ""),
            "action": _clean(character.get("action") or "") if scene["role"] == "hook" else "",
        }

    def _fill(self, scene: Mapping[str, Any], slot: str, name: str, values: Mapping[str, str]) -> None:
        limit = scene["slots"][slot].get("max_words") or 10_000
        output = f"{name}.{slot}"
        if slot == "image_prompt":
            self.outputs[output] = _trim(self._picture(scene, values), limit)
            return
        line = self._line(scene, slot, name, values, limit)
        self.said.add(_folded(line))
        self.outputs[output] = line

    def _picture(self, scene: Mapping[str, Any], values: Mapping[str, str]) -> str:
        character = self.params.get("character") or {}
        shown = {**values, "character": _clean(character.get("prompt") or character.get("name") or "")}
        wording = scene.get("prompt") or "{character} with {product}"
        return _fill_in(wording, {name: shown.get(name) or _IN_PICTURES.get(name, "") for name in FIELDS})

    def _line(
        self, scene: Mapping[str, Any], slot: str, name: str, values: Mapping[str, str], limit: int
    ) -> str:
        hasty: str | None = None
        shortest: str | None = None
        for line in self._candidates(scene, slot, name, values):
            if count_units(line) > limit:
                shortest = min(shortest or line, line, key=count_units)
            elif _folded(line) in self.said:
                continue
            elif slot != "voiceover" or self._is_calm(line, limit):
                return line
            else:
                hasty = hasty or line
        if hasty:
            return hasty
        fitting = [line for line in _filled(_copy(scene).get(slot, ()), values) if count_units(line) <= limit]
        if fitting:
            self.repeated.append(f"{name}.{slot}")
            return fitting[0]
        self.shortened.append(f"{name}.{slot}")
        return _trim(shortest or values["product"] or values["character"] or "…", limit)

    def _is_calm(self, line: str, limit: int) -> bool:
        """Long words and rests leave the voice the time it needs."""
        language = self.params["language"]
        return spoken_seconds(line, language) <= _HASTE * limit / units_per_second(language)

    def _candidates(
        self, scene: Mapping[str, Any], slot: str, name: str, values: Mapping[str, str]
    ) -> Iterator[str]:
        """Lines by preference: the scene's own, those of the role's other scenes, both after an opener."""
        own = _copy(scene).get(slot, ())
        others = [
            pattern
            for other in self.params["scenes"]
            if other["role"] == scene["role"] and other["name"] != scene["name"]
            for pattern in _copy(other).get(slot, ())
            if "{product}" not in pattern
        ]
        english = _base(self.params["language"]) == "en"
        plain = _PLAIN[scene["role"]].get(slot, ()) if english or not own else ()
        pools = [self._shuffled(pool, name, slot, values) for pool in (own, others)]
        yield from (line for pool in pools for line in pool)
        for opener in OPENERS.get(_base(self.params["language"]), OPENERS["en"]):
            yield from (f"{opener} {line}" for pool in pools for line in pool)
        yield from self._shuffled(plain, name, slot, values)

    def _shuffled(
        self, patterns: Iterable[str], name: str, slot: str, values: Mapping[str, str]
    ) -> list[str]:
        """The patterns that can be filled, filled: first those that name something new of the brief.

        On-screen text that would only repeat what the scene's voice names comes last. Within each
        kind, wordings that the ad has used with another benefit wait; then the seed decides.
        """
        who = (self.params.get("character") or {}).get("name") or ""
        heard = self.outputs.get(f"{name}.voiceover", "").casefold() if slot == "text" else ""
        known = set() if name.startswith("hook") else {n for n in _BRIEF if values[n].casefold() in heard}
        worn = {"benefit"} if self.worn else set()

        def order(pattern: str) -> tuple[int, bool, str]:
            named = _BRIEF & set(_FIELD.findall(pattern))
            kind = 0 if named - known - worn else 2 if named & known else 1
            draw = f"{self.params['seed']}|{who}|{name}|{slot}|{pattern}"
            stem = _folded(_FIELD.sub(" ", pattern))
            used = bool(stem) and any(stem in line for line in self.said)
            return kind, used, hashlib.sha256(draw.encode()).hexdigest()

        return _filled(sorted(set(patterns), key=order), values)

    @property
    def worn(self) -> bool:
        """Each benefit was told twice: other lines are as good now."""
        return self.benefits_told > 2 * len((self.params.get("product") or {}).get("benefits") or ())

    def notes(self) -> Iterator[str]:
        """What a person should know about these words."""
        wanted = _base(self.params["language"])
        written = {_language(scene, wanted) for scene in self.params["scenes"]} - {wanted}
        if written:
            names = ", ".join(sorted(written))
            yield f"the template has no words in {self.params['language']}; the draft's are in {names}"
        if self.shortened:
            yield f"shortened to fit: {', '.join(self.shortened)}"
        if self.repeated:
            yield f"no line was left for: {', '.join(self.repeated)}; they repeat an earlier one"


def _language(scene: Mapping[str, Any], wanted: str) -> str:
    """Language of a scene's words; the plain ones of a template without copy are English."""
    if "copy" in scene or not set(scene["slots"]) - {"image_prompt"}:
        return str(scene.get("copy_language") or wanted)
    return "en"


def _slots(scene: Mapping[str, Any]) -> list[str]:
    return sorted(scene["slots"], key=lambda slot: (_SLOT_ORDER.get(slot, 4), slot))


def _copy(scene: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """A scene's patterns by slot; plain ones where its template has none."""
    own: Mapping[str, Sequence[str]] = scene.get("copy") or {}
    plain = _PLAIN[scene["role"]]
    return {slot: own.get(slot) or plain.get(slot, ()) for slot in scene["slots"] if slot != "image_prompt"}


def _filled(patterns: Iterable[str], values: Mapping[str, str]) -> list[str]:
    """Patterns with their fields replaced; those that need a missing one are left out."""
    return [
        _fill_in(pattern, values)
        for pattern in patterns
        if all(values.get(name) for name in _FIELD.findall(pattern))
    ]


def _fill_in(pattern: str, values: Mapping[str, str]) -> str:
    """One pass, so a value is never read again; words that begin a sentence get a capital, names don't."""

    def value(found: re.Match[str]) -> str:
        text = values.get(found[1], "")
        begins = found[1] not in _NAMES and _BEGINS_SENTENCE.search(pattern[: found.start()])
        return text[:1].upper() + text[1:] if begins and _WRITTEN_SMALL.match(text) else text

    return _FIELD.sub(value, pattern).strip()


def _clean(value: str) -> str:
    """A user's words as part of a sentence: one line, no braces, no full stop at the end."""
    return " ".join(value.translate(str.maketrans("{}", "()")).split()).rstrip(" .,;:!")


def _trim(line: str, limit: int) -> str:
    """The first ``limit`` words."""
    if count_units(line) <= limit:
        return line
    words = line.split()
    while len(words) > 1 and count_units(" ".join(words)) > limit:
        words.pop()
    return " ".join(words).rstrip(" ,;:–—-")


def _folded(line: str) -> str:
    return re.sub(r"\W+", " ", line.casefold()).strip()


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].casefold()
