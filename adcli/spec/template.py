"""Templates: the hard-coded structure of an ad archetype or of a pipeline, as frozen models."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of all file models: unknown fields are errors, objects are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Role(StrEnum):
    """Part of an ad that a scene plays."""

    HOOK = "hook"
    BODY = "body"
    CTA = "cta"


class Visual(StrEnum):
    """What a scene's picture is made from."""

    ANIMATED = "animated"
    STILL = "still"
    CLIP = "clip"
    PACKSHOT = "packshot"
    GREEN_SCREEN = "green-screen"


class Span(Model):
    """Seconds that a scene may last."""

    min: Annotated[float, Field(gt=0, le=180)]
    ideal: Annotated[float, Field(gt=0, le=180)]
    max: Annotated[float, Field(gt=0, le=180)]


class Source(Model):
    """Take the picture from another scene's clip, from ``at`` seconds on, enlarged by ``zoom``."""

    scene: str
    at: Annotated[float, Field(ge=0)] = 0.0
    zoom: Annotated[float, Field(ge=1, le=2)] = 1.0


class Slot(Model):
    """A text that the script stage fills. ``max_words`` 0: as many as fit the scene's seconds."""

    max_words: Annotated[int, Field(ge=0, le=400)] = 0


class SceneTemplate(Model):
    """One scene of a template. ``id`` is its handle inside the file; ads name scenes by role and order.

    ``copy`` (written ``copy:``) holds sentence patterns per language for the draft that needs no
    language model: a map slot → list of alternatives with ``{product}``-style fields.
    """

    id: str
    role: Role
    visual: Visual
    seconds: Span
    camera: str = ""
    motion: str = ""
    prompt: str = ""
    speaks: bool = False
    transition: Literal["cut", "swipe", "fade", "zoom", "whip"] = "cut"
    slots: dict[str, Slot] = {}
    source: Annotated[Source | None, Field(alias="from")] = None
    repeat: str | None = None
    rank: Annotated[int, Field(ge=0, le=99)] = 50
    lines: Annotated[dict[str, dict[str, list[str]]], Field(alias="copy")] = {}

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Kind(StrEnum):
    """Archetypes make whole ads; pipelines run one or a few stages."""

    ARCHETYPE = "archetype"
    PIPELINE = "pipeline"


class Template(Model):
    """One file in ``templates/``, or one that a campaign names by path.

    ``made_from`` says what its ads are made from: its scenes, the campaign's own videos as they are, or
    ``material``: given clips as hook, main part and b-roll, and its scenes for what isn't given.
    """

    name: str
    kind: Kind
    title: str
    description: str
    tone: str = ""
    emotion: str = ""
    pacing: str = ""
    hook_format: str = ""
    deliver: Literal["video", "image", "audio"] = "video"
    characters: Literal["required", "none"] = "required"
    made_from: Literal["scenes", "videos", "material"] = "scenes"
    seconds: Span
    scenes: Annotated[tuple[SceneTemplate, ...], Field(strict=False)] = ()
