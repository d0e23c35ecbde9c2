"""Writes an ad's words from the template's own sentence patterns: free, offline, the same every time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

from adcli.graph.lines import count_units, spoken_seconds, units_per_second
from adcli.providers.local.wordings import OPENERS, PLAIN, typeset
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
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?]\s+)[¿¡«„“\"(]*\s*$")
_WRITTEN_SMALL = re.compile(r"[^\W\d_A-ZÀ-Þ]+(?=[\s.,:;!?-]|$)")
_NAMES = frozenset({"product", "character", "url"})
_SLOT_ORDER = {"voiceover": 0, "text": 1, "headline": 2, "cta": 3, "image_prompt": 5}
_QUOTED = 60
_BARE = "{product}"


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


def note(fields: Mapping[str, Any]) -> str | None:
    """Which language the draft writes instead of the ad's own, where the template has no words in that."""
    language = fields.get("language") or "en"
    wanted = _base(language)
    others = ", ".join(sorted({_language(scene, wanted) for scene in fields["scenes"]} - {wanted}))
    return f"the template has no words in {language}; the draft's are in {others}" if others else None


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
    benefits_told: list[str] = field(default_factory=list)

    def scene(self, scene: Mapping[str, Any]) -> None:
        """Writes a body or the closing. Scenes take turns through the benefits; one told least is next."""
        values = self._values(scene, self._next_benefit(scene))
        for slot in _slots(scene):
            self._fill(scene, slot, scene["name"], values)
        lines = [self.outputs[f"{scene['name']}.{slot}"] for slot in _slots(scene) if slot != "image_prompt"]
        if values["benefit"] and any(values["benefit"].casefold() in line.casefold() for line in lines):
            self.benefits_told.append(values["benefit"])

    @cached_property
    def benefits(self) -> list[str]:
        """The product's benefits as parts of sentences, best first."""
        given = (self.params.get("product") or {}).get("benefits") or ()
        return [clean for benefit in given if (clean := _clean(benefit))]

    def _next_benefit(self, scene: Mapping[str, Any]) -> str:
        """The benefit told least of those that the scene has room for; without any, of all."""
        queue = sorted(self.benefits, key=self.benefits_told.count)
        return next((text for text in queue if _has_room(scene, text)), "".join(queue[:1]))

    def hook(self, scene: Mapping[str, Any], number: int, given: str | None) -> None:
        """Writes the ``number``-th hook; the person's own line is spoken and shown as it is."""
        name = scene["name"] if number == 1 else f"{scene['name']}-{number}"
        values = self._values(
            scene, self.benefits[(number - 1) % len(self.benefits)] if self.benefits else ""
        )
        for slot in _slots(scene):
            if given is not None and slot in {"voiceover", "text"}:
                self.outputs[f"{name}.{slot}"] = given
            elif number == 1 or slot != "image_prompt":
                self._fill(scene, slot, name, values)

    def _values(self, scene: Mapping[str, Any], benefit: str) -> dict[str, str]:
        product, character = self.params.get("product") or {}, self.params.get("character") or {}
        return {
            "product": _clean(product.get("name") or ""),
            "description": _clean(product.get("description") or ""),
            "audience": _clean(product.get("audience") or ""),
            "url": re.sub(r"^(?:https?://)?(?:www\.)?", "", product.get("url") or "").rstrip("/"),
            "benefit": benefit,
            "character": _clean(character.get("name") or ""),
            "action": _clean(character.get("action") or "") if scene["role"] == "hook" else "",
        }

    def _fill(self, scene: Mapping[str, Any], slot: str, name: str, values: Mapping[str, str]) -> None:
        limit = _limit(scene, slot)
        output = f"{name}.{slot}"
        if slot == "image_prompt":
            wording = self._picture(scene, values)
            self.outputs[output] = _trim(wording, limit)
            if self.outputs[output] != wording:
                self.shortened.append(output)
            return
        line = typeset(self._line(scene, slot, name, values, limit), self._written_in(scene), slot)
        self.said.add(_folded(line))
        self.outputs[output] = line

    def _written_in(self, scene: Mapping[str, Any]) -> str:
        return _language(scene, _base(self.params["language"]))

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
        opening = _is_opening(scene, slot)
        if opening and count_units(values["product"]) > limit:
            self.shortened.append(f"{name}.text")
            return _trim(values["product"], limit)
        for line in self._candidates(scene, slot, name, values, limit):
            if count_units(line) > limit:
                shortest = min(shortest or line, line, key=count_units)
            elif _folded(line) in self.said and not (opening and line == values["product"]):
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
        self, scene: Mapping[str, Any], slot: str, name: str, values: Mapping[str, str], limit: int
    ) -> Iterator[str]:
        """Lines by preference: the scene's own, those of the role's other scenes, both after an opener."""
        own = _copy(scene).get(slot, ())
        if _is_opening(scene, slot):
            own = (*own, _BARE)
        others = [
            pattern
            for other in self.params["scenes"]
            if other["role"] == scene["role"] and other["name"] != scene["name"]
            for pattern in _copy(other).get(slot, ())
            if "{product}" not in pattern
        ]
        language = self._written_in(scene)
        plain = PLAIN[scene["role"]].get(slot, ()) if language == "en" or not own else ()
        pools = [self._shuffled(pool, name, slot, values, limit) for pool in (own, others)]
        yield from (line for pool in pools for line in pool)
        for opener in OPENERS.get(language, ()):
            yield from (f"{opener} {line}" for pool in pools for line in pool)
        yield from self._shuffled(plain, name, slot, values, limit)

    def _shuffled(
        self, patterns: Iterable[str], name: str, slot: str, values: Mapping[str, str], limit: int
    ) -> list[str]:
        """The patterns that can be filled, filled: first those that name something new of the brief.

        A hook's voice may as well name nothing: its text names the product. On-screen text that would
        only repeat what the scene's voice names comes last, as do benefits that the voice has told.
        Within each kind, lines that leave half of the scene silent wait, and wordings that the ad has used
        with another benefit; then the seed decides.
        """
        who = (self.params.get("character") or {}).get("name") or ""
        is_hook, is_voice = name.startswith("hook"), slot == "voiceover"
        heard = self.outputs.get(f"{name}.voiceover", "").casefold() if slot == "text" else ""
        known = set() if is_hook else {n for n in _BRIEF if values[n].casefold() in heard}
        unnamed = slot == "headline" and values["product"] not in self.outputs.get(f"{name}.voiceover", "")
        told = self.benefits_told.count(values["benefit"])
        worn = {"benefit"} if unnamed or told >= (1 if is_voice else 2) else set()
        stale = known | worn if is_voice else known

        def order(pattern: str) -> tuple[int, bool, bool, str]:
            named = _BRIEF & set(_FIELD.findall(pattern))
            kind = 0 if named - known - worn else 2 if named & stale else 1
            half = is_voice and 2 * count_units(_fill_in(pattern, values)) <= limit
            thin = half or (is_hook and pattern == _BARE)
            draw = f"{self.params['seed']}|{who}|{name}|{slot}|{pattern}"
            stem = _folded(_FIELD.sub(" ", pattern))
            used = bool(stem) and any(stem in line for line in self.said)
            return 1 if is_hook and is_voice else kind, thin, used, hashlib.sha256(draw.encode()).hexdigest()

        return _filled(sorted(set(patterns), key=order), values)

    def notes(self) -> Iterator[str]:
        """What a person should know about these words."""
        if foreign := note(self.params):
            yield foreign
        if self.shortened:
            yield f"shortened to fit: {', '.join(self.shortened)}"
        if self.repeated:
            yield f"no line was left for: {', '.join(self.repeated)}; they repeat an earlier one"
        if long := list(self._too_long()):
            yield f"too long for every scene, so left out: {'; '.join(long)}"

    def _too_long(self) -> Iterator[str]:
        """Benefits that no scene has room for."""
        scenes = [scene for scene in self.params["scenes"] if _has_room(scene, "")]
        for text in self.benefits:
            if scenes and not any(_has_room(scene, text) for scene in scenes):
                yield f'"{text}"' if len(text) <= _QUOTED else f'"{text[:_QUOTED].rstrip()}…"'


def _language(scene: Mapping[str, Any], wanted: str) -> str:
    """Language of a scene's words; the plain ones of a template without copy are English."""
    if "copy" in scene or not set(scene["slots"]) - {"image_prompt"}:
        return str(scene.get("copy_language") or wanted)
    return "en"


def _is_opening(scene: Mapping[str, Any], slot: str) -> bool:
    """The ad's first text, which names the product in any case."""
    return slot == "text" and scene["role"] == "hook"


def _slots(scene: Mapping[str, Any]) -> list[str]:
    return sorted(scene["slots"], key=lambda slot: (_SLOT_ORDER.get(slot, 4), slot))


def _has_room(scene: Mapping[str, Any], benefit: str) -> bool:
    """One of the scene's patterns that tell of a benefit keeps its limit with this one."""
    return any(
        "{benefit}" in line and count_units(line.replace("{benefit}", benefit)) <= _limit(scene, slot)
        for slot, lines in _copy(scene).items()
        for line in lines
    )


def _limit(scene: Mapping[str, Any], slot: str) -> int:
    """Most words of a slot."""
    return int(scene["slots"][slot].get("max_words") or 10_000)


def _copy(scene: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """A scene's patterns by slot; plain ones where its template has none."""
    own: Mapping[str, Sequence[str]] = scene.get("copy") or {}
    plain = PLAIN[scene["role"]]
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
    counts = accumulate(map(count_units, words))
    text = " ".join(words[: max(1, sum(count <= limit for count in counts))])
    while count_units(text) > limit:  # a script that writes no spaces
        text = text[:-1]
    return text.rstrip(" ,;:–—-")


def _folded(line: str) -> str:
    return re.sub(r"\W+", " ", line.casefold()).strip()


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].casefold()
