"""Finds templates by name or path, reads them, and checks what one field alone can't show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from adcli.errors import InvalidInput, Problem
from adcli.spec.document import Path as FieldPath
from adcli.spec.document import clip, suggest
from adcli.spec.spelling import Aliases, respell
from adcli.spec.template import Kind, Role, SceneTemplate, Span, Template
from adcli.spec.wording import validate
from adcli.spec.yaml_source import read_document

_PACKAGE = Path(__file__).resolve().parents[1]
_NO_ALIASES = Aliases()


def templates_folder() -> Path:
    """Folder of the shipped templates: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def list_templates() -> tuple[str, ...]:
    """Names of the shipped templates, sorted."""
    return tuple(sorted(path.stem for path in templates_folder().glob("*.yaml")))


def is_path(name: str) -> bool:
    """A template is named by path when it ends in .yaml or .yml."""
    return name.endswith((".yaml", ".yml"))


def unknown_template(name: str) -> str | None:
    """What is wrong with the name of a shipped template; None when there is one."""
    known = list_templates()
    if name in known:
        return None
    expected = f"expected one of {', '.join(known)}, or a path ending in .yaml"
    return f"found '{clip(name)}'; {expected}{suggest(name, known)}"


def load_template(name_or_path: str, base: Path) -> Template:
    """The template of that name, or in that file relative to ``base``. Raises InvalidInput."""
    if is_path(name_or_path):
        return read_template(base / name_or_path, name_or_path)
    wrong = unknown_template(name_or_path)
    if wrong:
        raise InvalidInput([Problem("template", wrong)])
    return read_template(templates_folder() / f"{name_or_path}.yaml", f"{name_or_path}.yaml")


def read_template(path: Path, file: str | None = None) -> Template:
    """One template file; ``file`` is what users call it. Raises InvalidInput with all its problems."""
    document = read_document(path, file)
    respell(document, Template, _NO_ALIASES)
    template = validate(document, Template)
    if template is not None:
        for field, message in problems_of(template):
            document.add(field, message)
    document.check()
    assert template is not None
    return template


def problems_of(template: Template) -> Iterator[tuple[FieldPath, str]]:
    """Problems between fields, each with the path of the field to change."""
    yield from _spans(template)
    scenes = template.scenes
    if bool(scenes) == (template.made_from == "videos"):
        expected = "none: it is made from videos" if scenes else "at least one scene"
        yield ("scenes",), f"found {len(scenes) or 'no'} scenes; expected {expected}"
    ids = [scene.id for scene in scenes]
    for index, scene in enumerate(scenes):
        if scene.id in ids[:index]:
            yield ("scenes", index, "id"), f"found a second '{clip(scene.id)}'; expected unique ids"
        yield from _source(scenes, index)
    if template.kind is Kind.ARCHETYPE or template.made_from == "material":
        yield from _order(scenes)
    if template.made_from == "material" and not any(scene.role is Role.BODY for scene in scenes):
        yield ("scenes",), "found no scene of role body; expected one for what is made of no clip"


def _spans(template: Template) -> Iterator[tuple[FieldPath, str]]:
    spans: list[tuple[FieldPath, Span]] = [(("seconds",), template.seconds)]
    spans += [(("scenes", index, "seconds"), scene.seconds) for index, scene in enumerate(template.scenes)]
    for path, span in spans:
        if not span.min <= span.ideal <= span.max:
            found = f"found {span.min:g}, {span.ideal:g}, {span.max:g}"
            yield path, f"{found}; expected min ≤ ideal ≤ max"


def _source(scenes: tuple[SceneTemplate, ...], index: int) -> Iterator[tuple[FieldPath, str]]:
    source = scenes[index].source
    if source is None:
        return
    others = [scene.id for scene in scenes if scene.source is None and scene is not scenes[index]]
    if source.scene not in others:
        expected = (
            f"expected the id of a scene with a clip of its own: {', '.join(others) or 'there is none'}"
        )
        message = f"found '{clip(source.scene)}'; {expected}{suggest(source.scene, others)}"
        yield ("scenes", index, "from", "scene"), message


def _order(scenes: tuple[SceneTemplate, ...]) -> Iterator[tuple[FieldPath, str]]:
    count = Counter(scene.role for scene in scenes)
    for role, index, place in ((Role.HOOK, 0, "first"), (Role.CTA, len(scenes) - 1, "last")):
        if count[role] != 1:
            yield ("scenes",), f"found {count[role]} scenes of role {role}; expected exactly one"
        elif scenes[index].role is not role:
            found = f"found role {scenes[index].role}"
            yield ("scenes", index, "role"), f"{found}; expected the {role} scene to be the {place}"
