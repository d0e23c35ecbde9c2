"""The archetypes' own copy: 8 archetypes × 5 languages × 3 shipped products × 5, 15 and 30 s."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations
from itertools import product as product_of
from typing import Any

import pytest

from adcli.graph.fit import FittedScene, fit
from adcli.graph.lines import count_units
from adcli.providers.local.script import body, note, write
from adcli.spec.template import Role
from adcli.work import Made
from tests.templates.shipped import ARCHETYPES, LANGUAGES, SHIPPED, TEMPLATES, limit, script_fields

SECONDS = (5, 15, 30)
HOOKS = ("hook", "hook-2", "hook-3", "hook-4", "hook-5")
FIELD = re.compile(r"\{(\w*)\}")
CONTENT_WORD = re.compile(r"[^\W\d_]{4,}")
CLAIMS = {
    "de": r"beste[rns]?\b|garantiert|klinisch|ärzt|bewiesen|heilt|rabatt|gratis|kostenlos|ausverkauft",
    "es": r"(?:el|la|los|las) mejor|garanti|clínic|médic|dermat|científic|gratis|descuento|agotad",
    "fr": r"(?:le|la|les) meilleur|garanti|clinique|médecin|dermato|scientif|gratuit|remise",
    "ru": r"лучш|гаранти|клинич|врач|дермат|научн|бесплатн|скидк",
}
"""Beginnings of words that only a brief may say."""
archetype = pytest.mark.parametrize("name", ARCHETYPES)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def lines_of(name: str, language: str) -> Iterator[tuple[str, str, str]]:
    """(scene, slot, line) of an archetype's own copy."""
    for scene in TEMPLATES[name].scenes:
        for slot, lines in scene.lines.get(language, {}).items():
            yield from ((scene.id, slot, line) for line in lines)


@cache
def ads(name: str, language: str, product: str, seconds: int) -> tuple[Mapping[str, Any], Made]:
    """What is asked of the script maker for five hooks, and what it writes."""
    fields = script_fields(name, seconds, SHIPPED[product][language], language=language, hooks=5)
    return fields, write(body(fields))


def ad(made: Made, hook: str) -> dict[str, str]:
    """What one ad says and shows."""
    return {
        slot: str(line)
        for slot, line in made.outputs.items()
        if not slot.endswith("image_prompt") and (slot.startswith(f"{hook}.") or not slot.startswith("hook"))
    }


def folded(line: str) -> str:
    return re.sub(r"\W+", " ", line.casefold()).strip()


def content_words(text: str, leave_out: str = "") -> set[str]:
    """Word forms of four letters and more: shorter ones are mostly articles, pronouns, prepositions."""
    return set(CONTENT_WORD.findall(text.casefold())) - set(CONTENT_WORD.findall(leave_out.casefold()))


def overlap(first: set[str], second: set[str]) -> float:
    """Part of the smaller set that is in both, 0..1."""
    return len(first & second) / max(1, min(len(first), len(second)))


@archetype
@every_language
def test_every_scene_has_words_of_its_own(name: str, language: str) -> None:
    without = [scene.id for scene in TEMPLATES[name].scenes if language not in scene.lines]
    assert not without, f"{name}.yaml has no {language} copy for {', '.join(without)}"


@archetype
@every_language
@pytest.mark.parametrize("product", SHIPPED)
def test_an_ad_keeps_its_limits_names_the_product_and_ends_with_the_call(
    name: str, language: str, product: str
) -> None:
    brand = SHIPPED[product][language]["name"]
    for seconds in SECONDS:
        fields, made = ads(name, language, product, seconds)
        assert made.notes == (), (seconds, made.notes)
        assert fields["scenes"][-1]["role"] == "cta"
        for scene in fields["scenes"]:
            for slot, rule in scene["slots"].items():
                line = str(made.outputs[f"{scene['name']}.{slot}"])
                assert line.strip() == line != "", (seconds, scene["name"], slot)
                assert not re.search(r"[{}]", line), line
                assert count_units(line) <= rule["max_words"], line
        assert brand in f"{made.outputs['cta.voiceover']} {made.outputs['cta.headline']}", seconds
        for hook in HOOKS:
            said = ad(made, hook)
            assert brand in f"{said[f'{hook}.voiceover']} {said[f'{hook}.text']}", (seconds, hook)
            assert len({folded(line) for line in said.values()}) == len(said), (seconds, said)
            calls = [slot for slot, line in said.items() if line == said["cta.cta"]]
            assert calls == ["cta.cta"]


@archetype
@every_language
def test_a_minute_says_no_line_twice(name: str, language: str) -> None:
    for product in SHIPPED:
        made = ads(name, language, product, 60)[1]
        assert made.notes == (), made.notes
        lines = [folded(line) for line in ad(made, "hook").values()]
        assert len(set(lines)) == len(lines)


@archetype
@every_language
def test_the_best_benefit_is_told_and_half_a_minute_tells_two(name: str, language: str) -> None:
    for product, brief in SHIPPED.items():
        benefits = [benefit.casefold() for benefit in brief[language]["benefits"]]
        for seconds, least in ((15, 1), (30, 2)):
            told = " ".join(ad(ads(name, language, product, seconds)[1], "hook").values()).casefold()
            told = told.replace("\u00a0", " ")
            assert benefits[0] in told, (product, seconds, told)
            assert sum(benefit in told for benefit in benefits) >= least, (product, seconds, told)


@archetype
@every_language
def test_five_hooks_are_five_ideas(name: str, language: str) -> None:
    """All differ; from 15 s on, where hooks are sentences, no two share more than half of all content words
    that they have: |A∩B| / |A∪B| ≤ 0.5.
    """
    for product, seconds in product_of(SHIPPED, SECONDS):
        made = ads(name, language, product, seconds)[1]
        for slot in ("voiceover", "text"):
            lines = [str(made.outputs[f"{hook}.{slot}"]) for hook in HOOKS]
            assert len({folded(line) for line in lines}) == 5, (seconds, lines)
        brand = SHIPPED[product][language]["name"]
        spoken = [content_words(str(made.outputs[f"{hook}.voiceover"]), brand) for hook in HOOKS]
        for first, second in combinations(spoken, 2):
            assert seconds == 5 or 2 * len(first & second) <= len(first | second), (seconds, first, second)


@archetype
@every_language
def test_bodies_share_less_than_half_of_their_words_with_any_other_archetype(
    name: str, language: str
) -> None:
    """The measure: content word forms of all body lines (voice and text) of two ads for the same product,
    in the same language and of the same length, without the product's and its benefits' words;
    |A∩B| / min(|A|, |B|) < 0.5. The same holds for all that the two templates could say.
    """
    for product, brief in SHIPPED.items():
        told = " ".join((brief[language]["name"], *brief[language]["benefits"]))
        for seconds in (15, 30):
            words = {
                each: content_words(
                    " ".join(
                        str(line)
                        for slot, line in ads(each, language, product, seconds)[1].outputs.items()
                        if slot.startswith("body") and not slot.endswith("image_prompt")
                    ),
                    told,
                )
                for each in ARCHETYPES
            }
            for other in set(ARCHETYPES) - {name}:
                assert overlap(words[name], words[other]) < 0.5, (
                    product,
                    seconds,
                    other,
                    words[name] & words[other],
                )
    bodies = {
        each: {scene.id for scene in TEMPLATES[each].scenes if scene.role is Role.BODY} for each in ARCHETYPES
    }
    all_words = {
        each: content_words(
            " ".join(
                FIELD.sub(" ", line) for scene, _, line in lines_of(each, language) if scene in bodies[each]
            )
        )
        for each in ARCHETYPES
    }
    for other in set(ARCHETYPES) - {name}:
        assert overlap(all_words[name], all_words[other]) < 0.5, (other, all_words[name] & all_words[other])


VALUES = {
    "en": {"product": "Glow Serum", "benefit": "soft skin", "audience": "busy parents"},
    "de": {"product": "Glow Serum", "benefit": "weiche Haut", "audience": "Eltern"},
    "es": {"product": "Glow Serum", "benefit": "piel suave", "audience": "estudiantes"},
    "fr": {"product": "Glow Serum", "benefit": "peau douce", "audience": "étudiants"},
    "ru": {"product": "Glow Serum", "benefit": "мягкая кожа", "audience": "студенты"},
}


def fitting(scene: FittedScene, language: str) -> dict[str, list[bool]]:
    """Which alternatives of each slot keep its limit."""
    values = {"url": "glow.example", "character": "Maria", **VALUES[language]}
    fits: dict[str, list[bool]] = {}
    for slot, lines in scene.template.lines.get(language, {}).items():
        for line in lines:
            filled = FIELD.sub(lambda found: values[found[1]], line)
            fits.setdefault(slot, []).append(count_units(filled) <= limit(scene, slot, language))
    return fits


@archetype
@every_language
def test_each_slot_has_three_fitting_lines_at_fifteen_seconds_in_english_all(
    name: str, language: str
) -> None:
    for scene in fit(TEMPLATES[name], 15):
        found = fitting(scene, language)
        assert set(found) == set(scene.template.slots) - {"image_prompt"}, (scene.template.id, "has no copy")
        for slot, fits in found.items():
            assert all(fits) if language == "en" else sum(fits) >= 3, (scene.template.id, slot, fits)


@every_language
def test_no_longer_line_is_used_by_two_archetypes(language: str) -> None:
    spoken = {
        name: {line for _, slot, line in lines_of(name, language) if slot == "voiceover" and "{" not in line}
        for name in ARCHETYPES
    }
    for first, second in combinations(ARCHETYPES, 2):
        assert not {line for line in spoken[first] & spoken[second] if len(line.split()) > 2}, (first, second)


@archetype
@pytest.mark.parametrize("language", CLAIMS)
def test_lines_claim_nothing_that_the_brief_does_not_say(name: str, language: str) -> None:
    for _, _, line in lines_of(name, language):
        assert not re.search(rf"\b(?:{CLAIMS[language]})|\d|%|[$€£]", line, re.IGNORECASE), line


@archetype
def test_spanish_questions_and_exclamations_are_opened(name: str) -> None:
    for _, _, line in lines_of(name, "es"):
        assert (line.count("¿"), line.count("¡")) == (line.count("?"), line.count("!")), line


@archetype
def test_french_marks_have_no_break_spaces_on_the_screen_and_none_in_captions(name: str) -> None:
    for _, _, line in lines_of(name, "fr"):
        assert not re.search(r"[^\s?!][?!:;]", line), line
    for hook in HOOKS:
        for slot, line in ad(ads(name, "fr", "serum", 30)[1], hook).items():
            wrong = r"\s[?!:;»]|«\s" if slot.endswith("voiceover") else r"[^\u00a0?!][?!:;»]|«[^\u00a0]"
            assert not re.search(wrong, line), (slot, line)


@archetype
def test_russian_words_are_of_one_alphabet_and_names_stand_in_the_nominative(name: str) -> None:
    governing = r"\b(?:с|со|для|без|от|до|у|к|ко|из|за|о|об|про|по|на|в|во|через|после|перед)\s+\{product\}"
    for _, _, line in lines_of(name, "ru"):
        assert not re.search(r"[a-z][а-яё]|[а-яё][a-z]", FIELD.sub("", line), re.IGNORECASE), line
        assert not re.search(governing, line, re.IGNORECASE), line


@archetype
def test_a_language_without_copy_gets_english_words_and_the_plan_says_so(name: str) -> None:
    fields = script_fields(name, 15, SHIPPED["bottle"]["en"], language="pt-BR", hooks=2)
    sentence = "the template has no words in pt-BR; the draft's are in en"
    assert note(fields) == sentence
    made = write(body(fields))
    assert made.notes == (sentence,)
    assert note(script_fields(name, 15, SHIPPED["bottle"]["en"], language="en-GB")) is None
