"""One operation on one file: a campaign that is written nowhere, made by the machinery of all campaigns."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from adcli.engine.prepare import Settings
from adcli.engine.session import Ask, Opened, opened_loaded
from adcli.errors import InvalidInput, Problem, TaskFailed, UsageError
from adcli.publish import folder
from adcli.publish.target import FolderTarget, place_of
from adcli.registry import OpSpec, catalogue
from adcli.spec.addresses import is_remote, stem
from adcli.spec.document import clip, suggest
from adcli.spec.load import Loaded, load_document
from adcli.spec.yaml_source import parse_document
from adcli.units import AspectRatio

_SUFFIX = ".mp4"
_UNWRITTEN = "adcli op"
"""What the campaign that nobody wrote is called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks for: an operation, a file and how; ``settings`` are ``KEY=VALUE`` as written,
    ``providers`` are ``STAGE=PROVIDER:MODEL``.
    """

    op: str
    file: str
    settings: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    ratio: AspectRatio | None = None
    platform: str | None = None
    language: str | None = None
    out: Path | None = None
    overwrite: bool = False

    @property
    def target(self) -> Path:
        """Where the result goes; raises UsageError where something is, or where no video may be."""
        name = Path(stem(self.file) if is_remote(self.file) else self.file)
        out = self.out or name.parent / f"{name.stem or 'video'}-{self.op}{_SUFFIX}"
        if out.suffix.lower() != _SUFFIX:
            raise UsageError(f"{out} is no name for an MP4", hint=f"give one that ends in {_SUFFIX}")
        if not self.overwrite and (out.exists() or out.is_symlink()):
            raise UsageError(f"{out} is already there", hint="--overwrite replaces it; -o names another file")
        return out.absolute()

    @property
    def is_bought(self) -> bool:
        """A service may do a part of it."""
        return any(not written.endswith("=local") for written in self.providers)


def operation(name: str) -> OpSpec:
    """The operation of that name; raises UsageError with the nearest one."""
    ops = catalogue().ops
    if name not in ops:
        told = f"there is no operation '{clip(name)}'{suggest(name, ops)}"
        raise UsageError(told, hint=f"there are {', '.join(sorted(ops))}")
    return ops[name]


@contextmanager
def opened(asked: Asked, settings: Settings, environ: Mapping[str, str], ask: Ask) -> Iterator[Opened]:
    """As ``session.opened``, for one operation. What is free leaves no state behind; what isn't has it where
    the command is given, so that the same command goes on with what was begun.
    """
    spec = operation(asked.op)
    with tempfile.TemporaryDirectory(prefix="adcli-") as name, _said_of_flags(asked, spec):
        scratch = Path(name)
        loaded = _load(asked, spec, scratch / "out")
        own = settings.state or (Path(".adcli") if asked.is_bought else scratch / "state")
        chosen = replace(settings, own_shape=asked.ratio is None)
        with opened_loaded(loaded, own.absolute(), chosen, environ, {}, ask) as session:
            yield session


def deliver(asked: Asked, result: Mapping[str, Any]) -> dict[str, Any]:
    """Puts what a run has made where it was asked for; what is known of the file.

    Raises TaskFailed with the run's own error where it made nothing.
    """
    (ad,) = result["ads"]
    if not ad["outputs"]:
        error = ad["error"] or {"message": f"nothing was made: {result['status']}", "hint": None}
        raise TaskFailed(str(error["message"]), hint=error.get("hint"))
    (made,) = ad["outputs"]
    source, target = Path(place_of(made["uri"])), asked.target
    place = FolderTarget(target.parent)
    folder.publish(source, place, target.name, made["sha256"], overwrite=asked.overwrite)
    known = ("sha256", "bytes", "width", "height", "duration")
    return {"path": str(target)} | {name: made[name] for name in known}


def _load(asked: Asked, spec: OpSpec, out: Path) -> Loaded:
    settings = dict(_setting(written, spec) for written in asked.settings)
    campaign: dict[str, Any] = {
        "name": f"op-{spec.name}",
        "template": "post",
        "inputs": {"video": asked.file},
        "post": [{spec.name: settings}],
        "output": {"to": str(out)},
    }
    given = {
        "aspect_ratios": [asked.ratio.value] if asked.ratio else None,
        "platform": asked.platform,
        "language": asked.language,
        "providers": dict(_pair(written, "--provider") for written in asked.providers),
    }
    campaign |= {name: value for name, value in given.items() if value}
    return load_document(parse_document(json.dumps(campaign).encode(), _UNWRITTEN), Path.cwd())


def _pair(written: str, flag: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not name or not sign:
        raise UsageError(f"{flag} '{clip(written)}' can't be read", hint=f"write {flag} NAME=VALUE")
    return name.strip(), value


def _setting(written: str, spec: OpSpec) -> tuple[str, Any]:
    """A setting with its value: text is taken as it is, all else is read as YAML."""
    name, value = _pair(written, "--set")
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    if not value.strip() or (not quoted and _is_text(spec, name)):
        return name, value
    try:
        document = parse_document(f"value: {value}\n".encode(), "--set")
        document.check()
    except InvalidInput as error:
        raise InvalidInput([Problem("--set", error.problems[0].message, field=name)]) from None
    found = document.root.child("value")
    return name, found.plain() if found is not None else None


def _is_text(spec: OpSpec, name: str) -> bool:
    """The setting takes nothing but text: a title may look like a number, a colour like a comment."""
    fields = spec.settings.model_json_schema().get("properties", {})
    folded = name.replace("_", "").lower()
    found = (shape for field, shape in fields.items() if field.replace("_", "").lower() == folded)
    shape: dict[str, Any] = next(found, {})
    branches = shape.get("anyOf", [shape])
    kinds = {branch.get("type") for branch in branches}
    return "string" in kinds and kinds <= {"string", "null"}


@contextmanager
def _said_of_flags(asked: Asked, spec: OpSpec) -> Iterator[None]:
    """Problems of the campaign that nobody wrote are said of the flags that they come from."""
    try:
        yield
    except InvalidInput as error:
        # an address may hold a signature or a password
        file = "FILE" if is_remote(asked.file) or not asked.file else asked.file
        told = [_as_flag(problem, spec, file) for problem in error.problems]
        raise InvalidInput(told, hint=error.hint) from None


def _as_flag(problem: Problem, spec: OpSpec, file: str) -> Problem:
    field = problem.field or ""
    if problem.file != _UNWRITTEN:
        return problem
    for above in (f"post.0.{spec.name}", "post.0"):
        if field == above or field.startswith(f"{above}."):
            return Problem("--set", problem.message, field=field.removeprefix(above).lstrip(".") or None)
    if field.startswith("inputs."):
        return Problem(file, problem.message)
    if field.startswith("providers."):
        return Problem("--provider", problem.message, field=field.removeprefix("providers."))
    return Problem(_UNWRITTEN, problem.message, field=field)
