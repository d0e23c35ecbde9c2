"""The campaign file as frozen models; names, limits and defaults follow the contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from adcli.spec.look import Brand, Captions, Music, Title
from adcli.spec.money import Budget, Limit, PriceEntry
from adcli.spec.packshot import Packshot
from adcli.spec.platforms import Platform
from adcli.spec.template import Model
from adcli.spec.values import (
    BY_SHAPE,
    LIST,
    MAP,
    NUMBER,
    OFF,
    TEXT,
    AssetPath,
    Language,
    Line,
    Name,
    Pronunciation,
    Prose,
    Segment,
    Sentence,
    Speech,
    Target,
    Unit,
    no_repeats,
    one_of_each,
    slugify,
)
from adcli.units import AspectRatio

__all__ = [
    "Brand",
    "Budget",
    "Campaign",
    "Captions",
    "Character",
    "Inputs",
    "Limit",
    "Music",
    "Output",
    "Packshot",
    "PriceEntry",
    "Product",
    "SceneOverride",
    "Title",
    "VoiceSettings",
    "cast_of",
    "character_ids",
    "character_slugs",
    "unique_slugs",
]

Operation = Annotated[Annotated[Line, TEXT] | Annotated[dict[str, JsonValue], MAP], BY_SHAPE]
"""An effect or a post-production operation: its name, or a map name → settings."""

Material = Annotated[
    Annotated[AssetPath, TEXT] | Annotated[tuple[AssetPath, ...], LIST, Field(strict=False, max_length=10)],
    BY_SHAPE,
]


class Product(Model):
    """What is advertised."""

    name: Annotated[Line, Field(description="Name as viewers know it.")]
    description: Annotated[Prose | None, Field(description="What it is and does.")] = None
    url: Annotated[Line | None, Field(description="Its page; shown on the packshot.")] = None
    images: Annotated[
        tuple[AssetPath, ...],
        Field(max_length=10, strict=False, description="Photos; the first is the main one."),
    ] = ()
    benefits: Annotated[
        tuple[Sentence, ...], Field(max_length=20, strict=False, description="What buyers gain, best first.")
    ] = ()
    audience: Annotated[Sentence | None, Field(description="Whom it is for.")] = None


class VoiceSettings(Model):
    """Settings of the voice model."""

    stability: Unit | None = None
    similarity_boost: Unit | None = None
    style: Unit | None = None
    speed: Annotated[float | None, Field(ge=0.7, le=1.2)] = None
    use_speaker_boost: bool | None = None


class Character(Model):
    """Somebody who speaks or appears in ads of their own."""

    id: Annotated[
        Annotated[Annotated[int, NUMBER, Field(ge=0, le=999_999_999)] | Annotated[Name, TEXT], BY_SHAPE]
        | None,
        Field(description="Whole number or slug, unique; the position from 1 by default."),
    ] = None
    name: Annotated[Line, Field(max_length=100, description="Names the character's ads.")]
    prompt: Annotated[Prose, Field(description="What the person looks like.")] = ""
    image: Annotated[Material | None, Field(description="Reference picture or pictures of the person.")] = (
        None
    )
    voice: Annotated[
        Line | None, Field(description="Name of a voice; chosen by the character by default.")
    ] = None
    script: Annotated[
        Annotated[Annotated[Speech, TEXT] | Annotated[dict[str, Speech], MAP], BY_SHAPE] | None,
        Field(description="What is said: one text for the whole ad, or a map scene → text."),
    ] = None
    hook_action: Annotated[Sentence | None, Field(description="What the person does in the hook.")] = None
    voice_settings: Annotated[VoiceSettings | None, Field(description="Settings of the voice model.")] = None
    packshot: Annotated[Line | None, Field(description="Name of the closing picture.")] = None

    @property
    def images(self) -> tuple[str, ...]:
        """Reference pictures of the person, however they were written."""
        if self.image is None:
            return ()
        return (self.image,) if isinstance(self.image, str) else self.image


class SceneOverride(Model):
    """What a campaign changes about one scene of its template."""

    prompt: Annotated[Prose | None, Field(description="What the picture shows.")] = None
    motion: Annotated[Prose | None, Field(description="How it moves.")] = None
    text: Annotated[
        Annotated[str, Field(max_length=500)] | None, Field(description="Text on the screen.")
    ] = None
    voiceover: Annotated[Speech | None, Field(description="What is said.")] = None
    seconds: Annotated[float | None, Field(gt=0, le=180, description="How long it lasts.")] = None
    clip: Annotated[AssetPath | None, Field(description="A video to use.")] = None
    image: Annotated[AssetPath | None, Field(description="A picture to use.")] = None
    fit: Annotated[Literal["crop", "pad"] | None, Field(description="How the picture meets the frame.")] = (
        None
    )
    transition: Annotated[
        Literal["cut", "swipe", "fade", "zoom", "whip"] | None, Field(description="How the scene comes in.")
    ] = None
    effects: Annotated[
        tuple[Operation, ...], Field(max_length=20, strict=False, description="Effects, in order.")
    ] = ()


class Output(Model):
    """Where results go."""

    to: Annotated[Target, Field(description="Folder relative to this file, or s3://bucket/prefix.")] = "out"
    user_id: Annotated[Segment | None, Field(description="First part of the path below it.")] = None
    project_id: Annotated[Segment | None, Field(description="Second part of the path below it.")] = None
    keep: Annotated[
        tuple[Literal["images", "clips", "voice", "subtitles", "script"], ...],
        Field(strict=False, max_length=5, description="What else to deliver."),
        AfterValidator(no_repeats),
    ] = ()
    max_mb: Annotated[
        float | None, Field(gt=0, le=100_000, description="Most megabytes (10^6 bytes) of a video.")
    ] = None
    storyboard: Annotated[
        bool,
        Field(description="Draw scene, shot, camera move, time and prompt into videos, for a review."),
    ] = False


class Inputs(Model):
    """Material of pipelines that work on what already exists."""

    video: Annotated[AssetPath | None, Field(description="Video of template post.")] = None
    videos: Annotated[
        tuple[AssetPath, ...], Field(strict=False, max_length=100, description="Videos of template post.")
    ] = ()
    hook: Annotated[AssetPath | None, Field(description="First video of an assembly.")] = None
    main: Annotated[AssetPath | None, Field(description="Main video of an assembly.")] = None
    broll: Annotated[
        tuple[AssetPath, ...],
        Field(strict=False, max_length=100, description="Videos laid over the main one."),
    ] = ()
    track: Annotated[AssetPath | None, Field(description="Sound of template audio-first.")] = None
    texts: Annotated[
        tuple[Prose, ...], Field(strict=False, max_length=1000, description="Prompts of template image.")
    ] = ()

    @property
    def all_videos(self) -> tuple[str, ...]:
        """Videos of template post, however they were written."""
        return (*((self.video,) if self.video else ()), *self.videos)


_Hooks = Annotated[
    Annotated[int, NUMBER, Field(ge=1, le=5)]
    | Annotated[tuple[Sentence, ...], LIST, Field(strict=False, min_length=1, max_length=5)],
    BY_SHAPE,
]


class Campaign(Model):
    """One campaign: what to make, for whom, in which shapes, by which services, at what cost."""

    name: Annotated[Name, Field(description="Lower-case name; names the folder of results.")]
    template: Annotated[
        Line, Field(description="A listed template, or a path ending in .yaml relative to this file.")
    ] = "problem-solution"
    aspect_ratios: Annotated[
        tuple[AspectRatio, ...],
        Field(min_length=1, max_length=4, strict=False, description="Shapes of every ad."),
        AfterValidator(no_repeats),
    ] = (AspectRatio.PORTRAIT,)
    platform: Annotated[
        Platform,
        Field(strict=False, description="Where the ads run: what its app covers is kept free of text."),
    ] = Platform.UNIVERSAL
    duration: Annotated[float, Field(ge=5, le=180, description="Seconds of every video.")] = 15
    language: Annotated[Language, Field(description="BCP 47 tag of the ads' language.")] = "en"
    languages: Annotated[
        tuple[Language, ...] | None,
        Field(
            min_length=1, max_length=20, strict=False, description="Several languages; instead of language."
        ),
        AfterValidator(lambda found: no_repeats(found) if found else found),
    ] = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, description="Same seed, same choices.")] = 42
    product: Annotated[Product | None, Field(description="What is advertised.")] = None
    voiceover_text: Annotated[Speech | None, Field(description="Script shared by all characters.")] = None
    characters: Annotated[
        tuple[Character, ...],
        Field(max_length=10_000, strict=False, description="Each gets ads of their own."),
    ] = ()
    hooks: Annotated[_Hooks, Field(description="How many alternate hooks, or their lines.")] = 1
    providers: dict[str, Line] = Field(
        default_factory=dict, description="Stage → local, or provider:model. Default: local for all."
    )
    models: dict[str, dict[str, JsonValue]] = Field(
        default_factory=dict, description="Stage → extra inputs of its model."
    )
    scenes: dict[str, SceneOverride] = Field(default_factory=dict, description="Scene → what is different.")
    captions: Annotated[
        Annotated[Annotated[Captions, MAP] | Annotated[Literal[False], OFF], BY_SHAPE],
        Field(description="Captions, or false for none."),
    ] = Captions()
    title: Annotated[Title | None, Field(description="Text on the screen from the first frame.")] = None
    music: Annotated[
        Annotated[Annotated[Music, MAP] | Annotated[Literal[False], OFF], BY_SHAPE],
        Field(description="Music under the voice, or false for none."),
    ] = Music()
    sounds: Annotated[
        bool, Field(description="Sound effects of hook, transitions and packshot; false for none.")
    ] = True
    packshots: dict[str, Packshot] = Field(default_factory=dict, description="Name → closing picture.")
    brand: Annotated[Brand, Field(description="Colours, fonts and logo.")] = Brand()
    post: Annotated[
        tuple[Operation, ...], Field(strict=False, max_length=20, description="Extra operations, in order.")
    ] = ()
    output: Annotated[Output, Field(description="Where results go.")] = Output()
    limits: dict[str, Limit] = Field(
        default_factory=dict, description="Provider, or provider:stage → limits towards it."
    )
    budget: Annotated[Budget, Field(description="Ceilings in USD.")] = Budget()
    approve: Annotated[
        tuple[Literal["script", "images", "videos", "subtitles"], ...],
        Field(strict=False, max_length=4, description="What a person approves before it goes on."),
        AfterValidator(no_repeats),
    ] = ()
    prices: dict[str, PriceEntry] = Field(
        default_factory=dict, description="provider:model → price, over the shipped prices."
    )
    inputs: Annotated[Inputs, Field(description="Material of pipelines.")] = Inputs()
    pins: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description="Task id → take to use."
    )
    pronunciations: Annotated[dict[str, Pronunciation], AfterValidator(one_of_each)] = Field(
        default_factory=dict,
        description="Written word or phrase → how it is spoken: a respelling, or IPA between slashes.",
    )


def cast_of(campaign: Campaign) -> tuple[Character, ...]:
    """The characters; where there are none, one who is called like the campaign and has its only packshot."""
    only = next(iter(campaign.packshots)) if len(campaign.packshots) == 1 else None
    return campaign.characters or (Character(name=campaign.name, packshot=only),)


def character_ids(characters: tuple[Character, ...]) -> tuple[str, ...]:
    """Id of each character: its own, else its position from 1."""
    return tuple(str(position if c.id is None else c.id) for position, c in enumerate(characters, 1))


def character_slugs(characters: tuple[Character, ...]) -> tuple[str, ...]:
    """Slug of each character, by the contract: unique, ASCII, never ``campaign``."""
    ids = character_ids(characters)
    return unique_slugs((id_, slugify(c.name) or f"c{id_}") for id_, c in zip(ids, characters, strict=True))


def unique_slugs(wanted: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """A slug for each pair of id and slug: the first that wants one gets it, a later one adds its id."""
    taken = {"campaign"}
    slugs = []
    for id_, first in wanted:
        slug = first
        while slug in taken:
            slug = f"{slug}-{id_}"
        taken.add(slug)
        slugs.append(slug)
    return tuple(slugs)
