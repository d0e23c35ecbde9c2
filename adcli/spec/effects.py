"""The effects that a campaign may name: MoviePy's, those of installed packages, and modules of its own.

Classes and their parameters are read from source files: nothing of an effect is imported before it is used.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path

from adcli.errors import ToolMissing

GROUP = "adcli.effects"
"""Entry points by which installed packages give effects: name → class."""

_ANYTHING = "anything"
_UNGIVABLE = frozenset({"callable", "Callable", "Clip", "VideoClip", "ndarray"})
_KINDS = {
    **dict.fromkeys(("int", "float"), "a number"),
    **dict.fromkeys(("tuple", "list", "Tuple", "List", "Sequence"), "a list"),
    **{"str": "text", "bool": "true or false", "dict": "a map", "None": "nothing"},
}
_LOOSER = {
    ("BlackAndWhite", "RGB"): "a list",
    **dict.fromkeys((("Freeze", "t"), ("FreezeRegion", "t")), "text"),
}
"""What parameters take besides what they are annotated with, by MoviePy's documentation."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an effect; ``kinds`` are the values it takes, none when a campaign can't give it."""

    name: str
    kinds: tuple[str, ...]
    required: bool

    def takes(self, value: object) -> bool:
        """A value as YAML gives it can be meant for this parameter."""
        return _ANYTHING in self.kinds or kind_of(value) in self.kinds


@dataclass(frozen=True, slots=True)
class EffectClass:
    """A class whose source was read; ``parameters`` is None where they can't be told from it.

    ``module`` and ``file`` say where it is defined.
    """

    name: str
    module: str
    file: Path
    parameters: tuple[Parameter, ...] | None


class NoSuchEffect(LookupError):
    """No such module or class; ``known`` are names that may have been meant."""

    def __init__(self, message: str, known: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.known = known


def kind_of(value: object) -> str:
    """What a YAML value is, in the words of ``Parameter.kinds``."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "a map"
        case _:
            return "a list"


@cache
def moviepy_version() -> str:
    """Major and minor version of the installed MoviePy."""
    return ".".join(version("moviepy").split(".")[:2])


@cache
def moviepy_effects() -> Mapping[str, EffectClass]:
    """Every effect of ``moviepy.video.fx`` by name."""
    folder = _moviepy() / "video" / "fx"
    files = sorted(path for path in folder.glob("*.py") if path.stem != "__init__")
    return {
        path.stem: EffectClass(
            path.stem, f"moviepy.video.fx.{path.stem}", path, _class(path.read_bytes(), path.stem)[1]
        )
        for path in files
    }


@cache
def sound_effects() -> frozenset[str]:
    """Names of MoviePy's effects on sound, which a scene's clip doesn't have."""
    return frozenset(path.stem for path in (_moviepy() / "audio" / "fx").glob("*.py"))


def _moviepy() -> Path:
    spec = importlib.util.find_spec("moviepy")
    if spec is None or spec.origin is None:
        raise ToolMissing("MoviePy is not installed", hint="pip install 'moviepy>=2.2'")
    return Path(spec.origin).parent


def installed_effects() -> Mapping[str, EntryPoint]:
    """Effects that installed packages give, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def installed_effect(point: EntryPoint) -> EffectClass:
    """The class that an installed package gives, whatever lies beside the campaign. Raises NoSuchEffect."""
    return _read(point.module, point.attr, sys.path)


def own_effect(written: str, base: Path) -> EffectClass:
    """The class that ``module:Class`` names; modules are also looked for in the folder ``base``.

    Raises NoSuchEffect.
    """
    module, _, name = written.partition(":")
    return _read(module, name, [str(base), *sys.path])


def _read(module: str, name: str, places: list[str]) -> EffectClass:
    file = _find(module, places)
    if file is None:
        raise NoSuchEffect(f"there is no module {module}, neither installed nor beside the campaign")
    try:
        names, parameters = _class(file.read_bytes(), name)
    except SyntaxError as error:
        raise NoSuchEffect(f"{file.name} is no Python: {error.msg} in line {error.lineno}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise NoSuchEffect(f"{file.name} can't be read as Python: {error}") from None
    if name not in names:
        raise NoSuchEffect(f"{module} has no {name}", names)
    return EffectClass(name, module, file, parameters)


@lru_cache(256)
def _class(source: bytes, name: str) -> tuple[tuple[str, ...], tuple[Parameter, ...] | None]:
    """Names that a module defines, and the parameters of one of its classes."""
    tree = ast.parse(source)
    return tuple(_defined(tree)), _parameters(name, tree)


def sha256_of_source(file: Path) -> str:
    """Of a module's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _find(module: str, places: list[str]) -> Path | None:
    """The file of a module, found without importing the packages around it."""
    file = None
    for depth in range(1, module.count(".") + 2):
        found = PathFinder.find_spec(".".join(module.split(".")[:depth]), places)
        if found is None:
            return None
        places = list(found.submodule_search_locations or ())
        file = found.origin
    return Path(file).resolve() if file and file.endswith(".py") else None


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                yield node.name
            case ast.Import() | ast.ImportFrom():
                yield from (alias.asname or alias.name for alias in node.names)
            case ast.Assign():
                yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _parameters(name: str, tree: ast.Module) -> tuple[Parameter, ...] | None:
    """What a class is made with: its fields as a dataclass, else what its ``__init__`` takes."""
    node = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)
    if node is None:
        return None
    init = next(
        (part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"), None
    )
    if init is not None:
        return None if init.args.kwarg or init.args.vararg else tuple(_arguments(name, init.args))
    if any(ast.unparse(base).rpartition(".")[2] not in ("Effect", "object") for base in node.bases):
        return None
    if not any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
        return ()
    return tuple(_fields(name, node))


def _arguments(name: str, found: ast.arguments) -> Iterator[Parameter]:
    given = [*found.posonlyargs, *found.args][1:]
    defaults = [*[None] * (len(given) - len(found.defaults)), *found.defaults, *found.kw_defaults]
    for argument, default in zip([*given, *found.kwonlyargs], defaults, strict=True):
        yield _parameter(name, argument.arg, argument.annotation, default)


def _fields(name: str, node: ast.ClassDef) -> Iterator[Parameter]:
    for part in node.body:
        if not isinstance(part, ast.AnnAssign) or not isinstance(part.target, ast.Name):
            continue
        written = ast.unparse(part.annotation)
        if "ClassVar" in written or (part.value is not None and "init=False" in ast.unparse(part.value)):
            continue
        yield _parameter(name, part.target.id, part.annotation, part.value)


def _parameter(owner: str, name: str, annotation: ast.expr | None, default: ast.expr | None) -> Parameter:
    kinds = dict.fromkeys(_kinds(annotation)) if annotation is not None else {_ANYTHING: None}
    if looser := _LOOSER.get((owner, name)):
        kinds[looser] = None
    if kinds and isinstance(default, ast.Constant) and default.value is None:
        kinds["nothing"] = None
    return Parameter(name, tuple(kinds), default is None)


def _kinds(annotation: ast.expr) -> Iterator[str]:
    """Kinds of values that an annotation means; nothing for what only Python code can give."""
    match annotation:
        case ast.Constant(value=str() as quoted):
            yield from _kinds(ast.parse(quoted, mode="eval").body)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from (*_kinds(left), *_kinds(right))
        case ast.Subscript(value=value, slice=inside) if ast.unparse(value).endswith("Optional"):
            yield from (*_kinds(inside), "nothing")
        case ast.Subscript(value=value, slice=ast.Tuple(elts=options)) if ast.unparse(value).endswith(
            "Union"
        ):
            for option in options:
                yield from _kinds(option)
        case ast.Subscript(value=value):
            yield from _kinds(value)
        case _:
            name = ast.unparse(annotation).rpartition(".")[2]
            if name not in _UNGIVABLE:
                yield _KINDS.get(name, _ANYTHING)
