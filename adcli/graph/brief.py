"""What expansion works from: the campaign with its template fitted to time, and each ad's identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adcli.graph.fit import FittedScene
from adcli.graph.task import AssetFile, Ref
from adcli.registry import Catalogue
from adcli.spec.addresses import looks_like_video
from adcli.spec.campaign import Campaign, Character, SceneOverride
from adcli.spec.load import Loaded
from adcli.spec.template import Template
from adcli.units import Quality

NO_OVERRIDE = SceneOverride()


@dataclass(frozen=True, slots=True)
class Options:
    """What a command line adds to a campaign. ``local(task id)`` says which tasks the free draft makes.

    ``own_shape``: a given video is worked on in its own shape, instead of in each ratio. ``finder`` names
    what finds faces on this machine, None for nothing.
    """

    quality: Quality = Quality.FINAL
    takes: Mapping[str, int] | None = None
    local: Callable[[str], bool] = lambda _: False
    storyboard: bool = False
    own_shape: bool = False
    finder: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """All characters of a campaign, in order: one object for all its tasks, so that it is compared fast."""

    people: tuple[Character, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A loaded campaign, its scenes in frames, the catalogue and the options: read by every builder.

    ``fetched`` holds what stands for each remote file.
    """

    loaded: Loaded
    scenes: tuple[FittedScene, ...]
    catalogue: Catalogue
    options: Options
    cast: Cast
    fetched: Mapping[str, Ref] = field(default_factory=dict)

    @property
    def campaign(self) -> Campaign:
        """The campaign as loaded."""
        return self.loaded.campaign

    @property
    def template(self) -> Template:
        """The campaign's template."""
        return self.loaded.template

    @property
    def texts(self) -> tuple[str, ...]:
        """Prompts of a picture pipeline: each makes a picture of its own, as hooks make ads."""
        return self.campaign.inputs.texts if self.template.deliver == "image" else ()

    def override(self, scene: str) -> SceneOverride:
        """The campaign's override of a scene; an empty one when there is none."""
        return self.campaign.scenes.get(scene, NO_OVERRIDE)

    def provider(self, stage: str, task: str) -> tuple[str, str | None]:
        """Provider and model of a task: as the campaign says, or local in a draft."""
        written = self.campaign.providers.get(stage, "local")
        if written == "local" or self.options.local(task):
            return "local", None
        name, _, model = written.partition(":")
        return name, model or None

    def asset(self, path: str) -> dict[str, str] | Ref:
        """The params' form of a file that the campaign names: on this machine, or fetched by a task."""
        found = self.fetched.get(path)
        return {"$asset": self.loaded.assets[path].sha256} if found is None else found

    def is_video(self, path: str) -> bool:
        """A file that the campaign names is a video; a remote one is, if its suffix says so."""
        if path in self.fetched:
            return looks_like_video(path)
        return self.loaded.assets[path].media_type.startswith("video/")

    def assets(self) -> dict[str, AssetFile]:
        """All files by content."""
        return {
            found.sha256: AssetFile(found.path, found.sha256, found.media_type)
            for found in self.loaded.assets.values()
        }

    def product(self) -> dict[str, Any]:
        """What is known of the product, as fields of a request."""
        product = self.campaign.product
        if product is None:
            return {}
        given = {
            "name": product.name,
            "description": product.description,
            "url": product.url,
            "benefits": list(product.benefits),
            "audience": product.audience,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class AdIdentity:
    """One ad while it is built. ``position`` is its character's; ``speaker`` owns its script and portrait."""

    character: Character
    position: int
    slug: str
    hook: int
    language: str
    id: str
    speaker: str

    def slot(self, scene: str, name: str) -> str:
        """Name of the script's output for a slot: hooks from the second on have their own."""
        owner = f"hook-{self.hook}" if scene == "hook" and self.hook > 1 else scene
        return f"{owner}.{name}"
