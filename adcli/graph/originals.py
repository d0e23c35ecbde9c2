"""Tasks for what is heard in given clips: their own sound as lines of the ad, and its words for captions."""

from __future__ import annotations

from dataclasses import dataclass

from adcli.graph.assembly import under
from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.fit import FittedScene
from adcli.graph.speech import NO_WORDS, Line, Words, transcribed
from adcli.graph.task import Ref
from adcli.units import FPS, to_seconds


@dataclass(frozen=True, slots=True)
class Heard:
    """Words that are heard during a scene. ``lead``: seconds from its start to theirs, below 0 where their
    sound began in an earlier scene.
    """

    words: Words
    lead: float


def originals(brief: Brief, builder: Builder, ad: AdIdentity) -> dict[str, Line]:
    """Adds the tasks of the sounds that begin in an ad's scenes; gives each by the scene of its beginning."""
    return {scene.name: _line(brief, builder, ad, scene) for scene in brief.scenes if scene.sounds}


def heard(brief: Brief, lines: dict[str, Line]) -> dict[str, Heard]:
    """What captions of each scene with a given clip's sound tell, where its words are known."""
    found, began = {}, under(brief.scenes)
    for scene in brief.scenes:
        first = began.get(scene.name)
        if first is not None and lines[first.name].words != NO_WORDS:
            found[scene.name] = Heard(lines[first.name].words, (first.start - scene.start) / FPS)
    return found


def _line(brief: Brief, builder: Builder, ad: AdIdentity, scene: FittedScene) -> Line:
    """Its words are those that somebody listens for, else the scene's text, spread over what is spoken."""
    place, seconds = Place(ad.id, ad.id, scene.name), to_seconds(scene.sounds)
    text = brief.override(scene.name).voiceover or None
    params = {"clip": brief.asset(scene.material or ""), "seconds": seconds, "text": text}
    made = builder.add(place, "original", params)
    audio = Ref(made, "audio")
    fields = {"audio": audio, "language": ad.language, "text": text, "seconds": seconds}
    words = transcribed(brief, builder, place, fields)
    return Line(audio, words or (Ref(made, "words") if text else NO_WORDS))
