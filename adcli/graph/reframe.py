"""How a scene's picture comes into each ratio: cropped, and around what, or set before its own blur."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adcli.graph.brief import AdIdentity, Brief
from adcli.graph.build import Builder, Place
from adcli.graph.fit import FittedScene
from adcli.graph.task import Ref, Task
from adcli.units import AspectRatio

_LEAST_KEPT = 0.42
"""Of a picture's area: a 4:3 photo still fills an upright frame; a 3:2 one, which would lose five eighths of
itself, and a wide one are set before their blur, as an upright picture is in a wide frame."""

_SAME = 0.98  # a crop that keeps so much takes nothing that matters
_UPRIGHT = 9 / 16  # the shape of all pictures that are made
_UNKNOWN = 0.0  # the shape of what is still to be fetched: no crop is sure to keep enough of it
_NO_FINDER = (
    "given and bought pictures are cropped around their middle: pip install 'adcli[reframe]' "
    "to crop around faces and what stands out"
)


@dataclass(frozen=True, slots=True)
class Framing:
    """A scene's picture: its width through its height, and the task's output that says what it is about.

    ``moves``: a camera moves over it here, which may leave what it is about even where the shapes agree.
    """

    shape: float = _UPRIGHT
    focus: Ref | None = None
    moves: bool = False

    def params(self, ratio: AspectRatio, written: str | None) -> dict[str, Any]:
        """``fit``, as the campaign says or by how much a crop keeps, and ``focus`` where one is needed."""
        fit = written or fit_of(self.shape, ratio)
        focused = self.focus is not None and self.loses(ratio, fit)
        return {"fit": fit} | ({"focus": self.focus} if focused else {})

    def loses(self, ratio: AspectRatio, fit: str) -> bool:
        """The frame shows less than all of it, at least now and then."""
        return fit == "crop" and (self.moves or kept(self.shape, ratio) < _SAME)


def kept(shape: float, ratio: AspectRatio) -> float:
    """The share of a picture's area that a crop to a ratio keeps; its shape is width through height."""
    frame = ratio.size.width / ratio.size.height
    if shape == _UNKNOWN:
        return 0.0
    return min(shape / frame, frame / shape)


def fit_of(shape: float, ratio: AspectRatio) -> str:
    """``crop`` where enough of a picture stays, else ``pad``."""
    return "crop" if kept(shape, ratio) >= _LEAST_KEPT else "pad"


def framings(
    brief: Brief,
    builder: Builder,
    ad: AdIdentity,
    pictures: Mapping[str, Mapping[str, Any]],
    stills: Mapping[str, Any],
    own: frozenset[str],
) -> dict[str, Framing]:
    """Each scene's framing; adds a task for what was given or bought, where a ratio crops it.

    ``stills`` are the pictures that scenes' clips were made from, ``own`` scenes whose clip begins with them.
    """
    found = {}
    for scene in brief.scenes:
        picture = pictures.get(scene.name, {})
        if "clip" not in picture and "image" not in picture:
            continue
        about = _about(brief, builder, scene, picture, stills)
        moves = brief.template.deliver != "image" and about is not None and "image" in about
        framing = Framing(_shape(brief, builder, scene, picture, stills), moves=moves)
        if about and brief.options.finder is None and _crops(brief, scene, replace(framing, moves=False)):
            builder.notes.setdefault(_NO_FINDER)
        elif about and brief.options.finder and _crops(brief, scene, framing):
            framing = replace(framing, focus=_reframe(brief, builder, ad, scene, about, own))
        found[scene.name] = framing
    return found


def _crops(brief: Brief, scene: FittedScene, framing: Framing) -> bool:
    """Some ratio shows less than all of the picture."""
    written, ratios = brief.override(scene.name).fit, brief.campaign.aspect_ratios
    return any(framing.loses(ratio, written or fit_of(framing.shape, ratio)) for ratio in ratios)


def _reframe(
    brief: Brief,
    builder: Builder,
    ad: AdIdentity,
    scene: FittedScene,
    about: Mapping[str, Any],
    own: frozenset[str],
) -> Ref:
    params: dict[str, Any] = {**about, "finder": brief.options.finder}
    if "clip" in about:
        params |= {"at": 0 if scene.name in own else scene.at, "frames": scene.frames}
    return Ref(builder.add(Place(ad.id, ad.id, scene.name), "reframe", params), "focus")


def _about(
    brief: Brief,
    builder: Builder,
    scene: FittedScene,
    picture: Mapping[str, Any],
    stills: Mapping[str, Any],
) -> Mapping[str, Any] | None:
    """What to look at: a given or bought clip, else the given or bought picture that moves here.

    None for what was drawn or composed here, around its middle.
    """
    still = _still(scene, stills)
    if brief.template.deliver == "image" or "clip" not in picture:
        return None if _drawn(builder, still) else {"image": still}
    clip = picture["clip"]
    maker = _maker(builder, clip)
    if maker is None or maker.provider != "local" or maker.stage not in ("animate", "lipsync"):
        return {"clip": clip}
    if _drawn(builder, still):
        return None
    return {"clip": clip} if builder.tasks[clip.task].stage == "effects" else {"image": still}


def _maker(builder: Builder, clip: Any) -> Task | None:
    """The task that a clip comes from, before what was done to it here; None for a file of the campaign."""
    while isinstance(clip, Ref):
        task = builder.tasks[clip.task]
        before = [Ref(item.task, item.output) for item in task.inputs if item.output == "clip"]
        if task.provider != "local" or task.stage not in ("effects", "lipsync") or not before:
            return None if task.stage in ("effects", "fetch") else task
        clip = before[0]
    return None


def _drawn(builder: Builder, still: Any) -> bool:
    """A picture of the free draft's own, or a person set before another picture; also none at all."""
    if still is None:
        return True
    task = builder.tasks[still.task] if isinstance(still, Ref) else None
    return task is not None and task.provider == "local" and task.stage in ("image", "compose")


def _still(scene: FittedScene, stills: Mapping[str, Any]) -> Any:
    """The picture that a scene's clip was made from; a scene that borrows its clip has its source's."""
    return stills.get(scene.name, stills.get(scene.source) if scene.source else None)


def _shape(
    brief: Brief,
    builder: Builder,
    scene: FittedScene,
    picture: Mapping[str, Any],
    stills: Mapping[str, Any],
) -> float:
    """Width through height: of a given file its own, which clips made from it keep; else upright."""
    given: Any = picture.get("clip") or picture.get("image")
    if _stage(builder, given) == "effects":
        task = builder.tasks[given.task]
        given = task.params["clip"]
        given = Ref(*task.inputs[given["$input"]]) if "$input" in given else given
    if isinstance(given, Ref) and _stage(builder, given) != "fetch":
        given = _still(scene, stills)
    if _stage(builder, given) == "fetch":
        return _UNKNOWN
    sha256 = given.get("$asset") if isinstance(given, Mapping) else None
    assets = (asset for asset in brief.loaded.assets.values() if asset.sha256 == sha256)
    known = next((asset for asset in assets if asset.width and asset.height), None)
    return known.width / known.height if known and known.width and known.height else _UPRIGHT


def _stage(builder: Builder, picture: Any) -> str | None:
    """The stage that a picture comes from; None for a file of this machine."""
    return builder.tasks[picture.task].stage if isinstance(picture, Ref) else None
