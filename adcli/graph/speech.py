"""Tasks of spoken lines: bought or spoken here, fitted to their scenes, their words timed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.fit import FittedScene
from adcli.graph.lines import most_chars
from adcli.graph.task import Phrase, Ref
from adcli.graph.words import Text, copy_language, most_words, spoken, window
from adcli.registry import Request

Words = Ref | str
"""The words output of a task, or words as such a one gives them."""

NO_WORDS = "[]"
"""Nobody knows what is said."""


@dataclass(frozen=True, slots=True)
class Line:
    """A scene's spoken line: its sound, and when each of its words is heard."""

    audio: Ref
    words: Words

    @property
    def fits(self) -> str:
        """The task after which the line is known to fit its scene."""
        return self.audio.task


def speak(brief: Brief, builder: Builder, ad: AdIdentity, script: str) -> dict[str, Line]:
    """Adds the tasks of an ad's spoken lines; gives each by its scene."""
    texts = spoken(brief, ad, script)
    scenes = [scene for scene in brief.scenes if scene.name in texts]
    return {scene.name: _line(brief, builder, ad, scene, texts[scene.name]) for scene in scenes}


def _line(brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene, text: Text) -> Line:
    place = Place(ad.id, ad.id, scene.name)
    return voiced(brief, builder, place, _voice_fields(brief, ad, scene, text), ad.language)


def voiced(brief: Brief, builder: Builder, place: Place, fields: Mapping[str, Any], heard_in: str) -> Line:
    """Adds the tasks of one line; ``fields`` are those of stage ``voice``, without the pronunciations.

    The draft's voice keeps to its window by itself; what is bought is fitted by a task of its own, where
    ``seconds`` says to what. It is also listened to, in the language ``heard_in``, unless the provider of the
    voice says (``TIMES_WORDS = True`` in its module) that it measures the times of its words itself.
    """
    provider, model = brief.provider("voice", place.id("voice"))
    pronunciations = _pronunciations(brief, builder, provider)
    extra = {} if provider == "local" else brief.campaign.models.get("voice", {})
    request = Request("voice", model, {**fields, "pronunciations": pronunciations}, extra)
    voice = builder.request(place, provider, request)
    line = Line(Ref(voice, "audio"), Ref(voice, "words"))
    if provider == "local":
        return line
    seconds = fields["seconds"]
    if seconds is not None:
        given = {"audio": line.audio, "words": line.words, "seconds": seconds}
        fitted = builder.add(place, "fit", given)
        line = Line(Ref(fitted, "audio"), Ref(fitted, "words"))
    if getattr(brief.catalogue.provider(provider), "TIMES_WORDS", False):
        return line
    heard = {"audio": line.audio, "language": heard_in, "text": fields["text"], "seconds": seconds}
    return Line(line.audio, transcribed(brief, builder, place, heard) or line.words)


def _voice_fields(brief: Brief, ad: AdIdentity, scene: FittedScene, text: Text) -> dict[str, Any]:
    character, settings = ad.character, ad.character.voice_settings
    return {
        "text": Phrase((text,)) if isinstance(text, Ref) else text,
        "voice": character.voice,
        "language": _language(brief, ad, scene, text),
        "seconds": window(scene)[1],
        "character": {"id": ad.slug, "name": character.name, "prompt": character.prompt},
        "position": ad.position,
        "cast": brief.cast,
        "settings": settings.model_dump(exclude_none=True) if settings else {},
        "seed": brief.campaign.seed,
        "max_chars": _most_chars(brief, ad, scene) if isinstance(text, Ref) else None,
    }


def _language(brief: Brief, ad: AdIdentity, scene: FittedScene, text: Text) -> str:
    """The line's own: where the draft has no copy in the ad's language, it is English, and is spoken so."""
    if isinstance(text, str) or not _is_drafted(brief, ad):
        return ad.language
    copy = copy_language(scene, ad.language)
    return ad.language if ad.language.lower().startswith(copy) else copy


def _is_drafted(brief: Brief, ad: AdIdentity) -> bool:
    """Lines that nobody gave are written here."""
    return brief.provider("script", Place(ad.speaker).id("script"))[0] == "local"


def _pronunciations(brief: Brief, builder: Builder, provider: str) -> dict[str, str]:
    """Those of the campaign that a voice takes; the plan's notes name the others.

    A bought voice gets respellings of single words, where its module says (``RESPELLS = True``) that it sends
    them: only then is it known when each written word is heard.
    """
    given = brief.campaign.pronunciations
    if provider == "local":
        return dict(given)
    respells = getattr(brief.catalogue.provider(provider), "RESPELLS", False)
    taken = {
        word: said
        for word, said in given.items()
        if respells and len(word.split()) == 1 and not said.strip().startswith("/")
    }
    left = ", ".join(word for word in given if word not in taken)
    if left:
        takes = "respellings of single words only" if respells else "no pronunciations"
        builder.notes.setdefault(f"{provider} takes {takes}: {left} as it reads it")
    return taken


def _most_chars(brief: Brief, ad: AdIdentity, scene: FittedScene) -> int:
    """Most characters of a line that is still to be written: what it may cost, and what it is held to."""
    units = most_words(scene, "voiceover", ad.language)
    written_in = copy_language(scene, ad.language) if _is_drafted(brief, ad) else ad.language
    product, character = brief.product(), ad.character
    quoted = [value for value in product.values() if isinstance(value, str)]
    quoted += [*product.get("benefits", ()), character.name, character.hook_action or ""]
    return most_chars(units, written_in, quoted)


def transcribed(brief: Brief, builder: Builder, place: Place, fields: Mapping[str, Any]) -> Ref | None:
    """The words that stage ``transcribe`` hears, where it has a paid provider; None where it has none."""
    provider, model = brief.provider("transcribe", place.id("transcribe"))
    if provider == "local":
        return None
    extra = brief.campaign.models.get("transcribe", {})
    return Ref(builder.request(place, provider, Request("transcribe", model, fields, extra)), "words")
