"""Tasks of post-production: operations that follow each other are one task, between a video and its file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.clips import told
from adcli.graph.speech import transcribed, voiced
from adcli.graph.task import Ref
from adcli.registry import Request
from adcli.spec.operations import Step
from adcli.units import FPS, AspectRatio, to_seconds

Settings = dict[str, Any]
LINES, CLIP, AUDIO, WORDS = "lines", "clip", "audio", "words"
"""Settings that nobody writes: spoken lines for captions, a synced clip, a voice and when it says what."""

_SHORTEST = 0.1
"""Seconds of the shortest window for a voice."""

_PADDING = 0.05
"""Seconds by which an encoded sound may be longer than its video: a ceiling counts them."""


@dataclass(frozen=True, slots=True)
class Reel:
    """A video on its way through the operations.

    ``video`` is a task's output or a file of the campaign, ``poster`` there if a task drew one. ``ratio`` is
    the shape of the variant, None for the video's own, and ``fit`` how it gets it; ``seconds`` is its length,
    where that is known before it is made. ``lines`` are what is said in it: words and when they start.
    ``sound`` is what is heard in it, where that is a file of its own.
    """

    video: Any
    poster: Ref | None = None
    ratio: AspectRatio | None = None
    fit: str = "crop"
    seconds: float | None = None
    lines: tuple[Mapping[str, Any], ...] = ()
    sound: Ref | None = None

    @property
    def is_given(self) -> bool:
        """It is what the campaign gives, the same for all ratios."""
        return self.poster is None


def finished(brief: Brief) -> dict[str, Any]:
    """What the last task of a video is told: where it is to run, and how large its file may be."""
    return {"platform": brief.campaign.platform.value, "max_mb": brief.campaign.output.max_mb}


def worked_on(brief: Brief, builder: Builder, ad: AdIdentity, reel: Reel) -> Reel:
    """Adds the tasks of all operations: the reel after them. A given video gets its shape without any."""
    steps = brief.loaded.steps
    if not steps and not reel.is_given:
        return reel
    bench = _Bench(brief, builder, ad, reel)
    groups = _groups(steps)
    for number, group in enumerate(groups, start=1):
        reel = bench.apply(number, group, reel, last=number == len(groups))
    return reel


def _groups(steps: Sequence[Step]) -> list[list[tuple[int, Step]]]:
    """Steps with their positions; another group begins where lip-sync needs what comes before as a video."""
    groups: list[list[tuple[int, Step]]] = [[]]
    for index, step in enumerate(steps):
        if step.spec.stage == "lipsync" and any(earlier.spec.stage != "voice" for _, earlier in groups[-1]):
            groups.append([])
        groups[-1].append((index, step))
    return groups


@dataclass(slots=True)
class _Bench:
    """Builds one ad's groups in one ratio. ``first`` is the reel before all of them; ``voice`` is the last
    voice-over so far, by its position.
    """

    brief: Brief
    builder: Builder
    ad: AdIdentity
    first: Reel
    voice: tuple[int, Mapping[str, Any]] | None = None

    def apply(self, number: int, group: Sequence[tuple[int, Step]], reel: Reel, *, last: bool) -> Reel:
        """One task ``post``; a later one's place in ids is ``post-2``."""
        slug = reel.ratio.slug if reel.ratio else None
        place = Place(self.ad.id, self.ad.id, f"post-{number}" if number > 1 else None, slug)
        length, entries = reel.seconds, []
        for index, step in group:
            settings = self._settings(index, step, replace(reel, seconds=length))
            if settings is not None:
                entries.append({"op": step.name, "version": step.spec.version, "settings": settings})
            length = None if step.spec.retimes else length
        params: dict[str, Any] = {"video": reel.video, "ops": entries}
        params |= {"quality": self.brief.options.quality.value}
        params |= finished(self.brief) | {"finished": last, "strict": not self.first.is_given}
        shaped = reel.is_given and any(step.spec.shapes for _, step in group)
        if reel.ratio is not None and number == 1 and not shaped:
            params |= {"ratio": reel.ratio.value, "fit": reel.fit}
        if fonts := self.brief.campaign.brand.fonts[:2]:
            params["fonts"] = [self.brief.asset(path) for path in fonts]
        made = self.builder.add(place, "post", params)
        return replace(reel, video=Ref(made, "video"), poster=Ref(made, "poster"), seconds=length)

    def _settings(self, index: int, step: Step, reel: Reel) -> Settings | None:
        """What the operation is told; None where it is left out."""
        settings = _known(self.brief, step) | _with_files(self.brief, step)
        if step.spec.shapes and reel.ratio is not None and "ratio" not in step.settings.model_fields_set:
            settings["ratio"] = reel.ratio.value
        match step.spec.stage:
            case "voice":
                return settings | self._voice(index, step, settings, reel)
            case "transcribe" if not _has_own_words(step):
                lines = self._lines(index, step)
                return None if lines is None else settings | {LINES: lines}
            case "lipsync":
                return settings | self._synced(index, step, settings, reel)
            case _:
                return settings

    def _voice(self, index: int, step: Step, settings: Settings, reel: Reel) -> Settings:
        """Notes whose voice is heard from here on; of a text also the results of its tasks."""
        start = float(settings.get("start", 0.0))
        if "text" not in settings:
            file = next(name for name in step.spec.files if name in settings)
            self.voice = index, {AUDIO: settings[file], "start": start}
            return {}
        place = self._place(step, index, None)
        left = None if reel.seconds is None else max(_SHORTEST, reel.seconds - start)
        line = voiced(self.brief, self.builder, place, self._fields(settings, left), self.ad.language)
        made = {AUDIO: line.audio, WORDS: line.words}
        self.voice = index, {**made, "start": start}
        return made

    def _fields(self, settings: Settings, seconds: float | None) -> Settings:
        """What stage ``voice`` is told; the text has to fit what is left of the video, if that is known."""
        ad, character = self.ad, self.ad.character
        own = character.voice_settings
        return {
            "text": settings["text"],
            "voice": settings.get("voice") or character.voice,
            "language": ad.language,
            "seconds": seconds,
            "character": {"id": ad.slug, "name": character.name, "prompt": character.prompt},
            "position": ad.position,
            "cast": self.brief.cast if self.brief.cast.people and not settings.get("voice") else None,
            "settings": own.model_dump(exclude_none=True) if own else {},
            "seed": self.brief.campaign.seed,
            "max_chars": None,
        }

    def _lines(self, index: int, step: Step) -> list[Mapping[str, Any]] | None:
        """What is said: by the voice-over before it, in the ad, or by what is heard in a given video."""
        since, lines = -1, self.first.lines
        if self.voice is not None:
            since, said = self.voice
            known = {WORDS: said[WORDS], "start": said["start"]} if WORDS in said else None
            lines = (known,) if known else self._heard(index, step, said[AUDIO], float(said["start"]))
        elif not lines:
            lines = self._heard(index, step, self.first.sound)
        between = [other for other in self.brief.loaded.steps[since + 1 : index] if other.spec.retimes]
        unclear = next((other for other in between if other.spec.shift is None), None)
        if lines and unclear:
            found = f"found it after {unclear.name}, which changes when the words are heard"
            self._wrong(step, f"{found}; expected {step.name} before it")
        elif not lines and not self._is_left_out(index, step):
            ways = "a text, a file, a voiceover before it, or providers.transcribe"
            self._wrong(step, f"nobody knows the words that are spoken; expected {ways}")
        earlier = sum(other.spec.shift(other.settings) for other in between if other.spec.shift)
        return [{**line, "start": line["start"] - earlier} for line in lines] or None

    def _heard(
        self, index: int, step: Step, audio: Any = None, start: float = 0.0
    ) -> tuple[Mapping[str, Any], ...]:
        """The words of a recording, or of the video, once for all ratios; none where nobody listens."""
        if self._listener(index, step) == "local":
            return ()
        place, seconds = self._place(step, index, None), None
        if audio is None:
            audio = Ref(self.builder.add(place, "sound", {"video": self.first.video}), "audio")
        if self.voice is None and self.first.seconds is not None:
            seconds = self.first.seconds + _PADDING
        fields = {"audio": audio, "language": self.ad.language, "text": None, "seconds": seconds}
        return ({WORDS: transcribed(self.brief, self.builder, place, fields), "start": start},)

    def _is_left_out(self, index: int, step: Step) -> bool:
        """A draft can't listen: what needs that is left out of it, and the plan says so."""
        if self.brief.campaign.providers.get("transcribe", "local") == "local":
            return False
        left = self._listener(index, step) == "local"
        if left:
            self.builder.notes.setdefault(f"{step.name} is left out of the draft: nothing here can listen")
        return left

    def _listener(self, index: int, step: Step) -> str:
        return self.brief.provider("transcribe", self._place(step, index, None).id("transcribe"))[0]

    def _synced(self, index: int, step: Step, settings: Settings, reel: Reel) -> Settings:
        """The video with lips that follow its voice: once for all ratios where nothing was done to it yet.

        The draft leaves the picture as it is, which needs no task.
        """
        place = self._place(step, index, None if reel.is_given else reel.ratio)
        provider, model = self.brief.provider("lipsync", place.id("lipsync"))
        voice: Mapping[str, Any] = self.voice[1] if self.voice else {}
        audio = settings.get(AUDIO) or voice.get(AUDIO) or reel.video
        fields: dict[str, Any] = {"clip": reel.video, "audio": audio, "seconds": reel.seconds}
        if provider == "local":
            self.builder.notes.setdefault(
                self.brief.catalogue.provider(provider).note(Request("lipsync", model, fields, {}))
            )
            return {}
        frames, lead = self._frames(step, reel, provider, str(model)), voice.get("start", 0.0)
        given = {"clip": reel.video, "audio": audio, "frames": frames, "lead": lead}
        sent = self.builder.add(place, "conform", given)
        fields = {"clip": Ref(sent, "clip"), "audio": Ref(sent, "audio"), "seconds": to_seconds(frames)}
        request = Request("lipsync", model, fields, self.brief.campaign.models.get("lipsync", {}))
        synced = Ref(self.builder.request(place, provider, request), "clip")
        return {CLIP: synced} | ({"fit": "pad"} if reel.is_given and reel.fit == "pad" else {})

    def _frames(self, step: Step, reel: Reel, provider: str, model: str) -> int:
        """Frames of what is sent, within what the model takes; what can't be sent is a problem."""
        if reel.seconds is None:
            found = "found a video whose length isn't known before the run"
            self._wrong(
                step, f"{found}; expected a local file, and nothing before it that changes its length"
            )
            return 1
        limits = self.brief.catalogue.provider(provider).seconds("lipsync", model)
        if limits is not None and reel.seconds > limits.most + 1e-6:
            found = f"found a video of {reel.seconds:g} s"
            self._wrong(step, f"{found}, but {provider}:{model} takes {told(limits)}; expected a shorter one")
        least = reel.seconds if limits is None else max(reel.seconds, limits.least)
        return math.ceil(least * FPS - 1e-6)

    def _place(self, step: Step, index: int, ratio: AspectRatio | None) -> Place:
        """Of tasks that an operation needs: ids tell its name, and a number from the second of a name on."""
        earlier = sum(other.name == step.name for other in self.brief.loaded.steps[:index])
        scene = f"{step.name}-{earlier + 1}" if earlier else step.name
        return Place(self.ad.id, self.ad.id, scene, ratio.slug if ratio else None)

    def _wrong(self, step: Step, message: str) -> None:
        field = ".".join(str(part) for part in step.field)
        self.builder.problems[self.brief.loaded.problem(field, message)] = None


def _has_own_words(step: Step) -> bool:
    """The operation's settings give its words: as a text or in a file."""
    return bool(step.given.keys() & {"text", *step.spec.files})


def _known(brief: Brief, step: Step) -> Settings:
    """What the campaign says of the brand, the product and the captions, and the settings leave open."""
    brand, product, captions = brief.campaign.brand, brief.campaign.product, brief.campaign.captions
    found: Settings = {}
    if step.spec.stage == "transcribe" and captions:
        found = captions.model_dump(mode="json", exclude_defaults=True)
    elif step.name == "title" and brand.colors:
        found = {"color": brand.colors[0]}
    elif step.name == "packshot":
        found = {"colors": list(brand.colors), "logo": brand.logo and brief.asset(brand.logo)}
        if product:
            image = brief.asset(product.images[0]) if product.images else None
            found |= {"image": image, "url": product.url}
    fields, given = type(step.settings).model_fields, step.settings.model_fields_set
    return {name: value for name, value in found.items() if value and name in fields and name not in given}


def _with_files(brief: Brief, step: Step) -> Settings:
    """The settings with references in place of the paths."""
    files = {path[len(step.field) :]: brief.asset(written) for path, written, _ in step.files()}

    def visit(value: Any, path: tuple[str | int, ...]) -> Any:
        if path in files:
            return files[path]
        if isinstance(value, dict):
            return {name: visit(item, (*path, name)) for name, item in value.items()}
        if isinstance(value, list):
            return [visit(item, (*path, index)) for index, item in enumerate(value)]
        return value

    return {name: visit(value, (name,)) for name, value in step.given.items()}


def warnings(brief: Brief) -> Iterator[str]:
    """Sentences about operations that most likely don't do what was meant."""
    steps, campaign = brief.loaded.steps, brief.campaign
    if brief.template.deliver != "video":
        if steps:
            yield f"post is left out: template {brief.template.name} makes no video"
        return
    if brief.scenes and campaign.captions is not False:
        for step in steps:
            if step.spec.stage == "transcribe" and not _has_own_words(step):
                yield f"{step.name} under post are drawn over the ad's own; captions: false drops those"
    shaping = [step for step in steps if step.spec.shapes][-1:]
    for step in () if brief.options.own_shape else shaping:
        written = step.given.get("ratio")
        others = [ratio.value for ratio in campaign.aspect_ratios if ratio.value != written]
        if written and others:
            what = f"{step.name} makes {written} also of {', '.join(others)}"
            yield f"{what}; without its ratio it makes of each what it is to be"
