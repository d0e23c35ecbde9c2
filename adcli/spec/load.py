"""Loads a campaign with its template and assets, or says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adcli.errors import InvalidInput, Problem
from adcli.registry import operations
from adcli.spec.assets import (
    Asset,
    Named,
    files_of_steps,
    named_files,
    packshots_of,
    read_assets,
    remote_files,
)
from adcli.spec.campaign import Campaign, Captions, Character, Packshot
from adcli.spec.check import problems_of
from adcli.spec.document import Document, dotted, invalid, mended
from adcli.spec.document import Path as FieldPath
from adcli.spec.operations import Step, read_operations
from adcli.spec.spelling import Aliases, respell
from adcli.spec.template import Template
from adcli.spec.templates import is_path, read_template, templates_folder, unknown_template
from adcli.spec.wording import validate
from adcli.spec.yaml_source import read_document

ALIASES = Aliases(
    {
        Campaign: {
            "outputFolder": ("output", "to"),
            "videoDuration": ("duration",),
            "useBounce": ("captions", "bounce"),
        },
        Captions: {"useBounce": ("bounce",)},
        Character: {"packshotType": ("packshot",)},
    }
)
"""Names from users' older scripts, accepted beside the fields' own."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid campaign and all that it refers to.

    ``base`` is the folder of its file; ``assets`` maps paths as written to the files, ``remote``
    lists those that a run has to fetch; ``steps`` are the operations of ``post:``; ``warnings`` are
    sentences for people.
    """

    campaign: Campaign
    template: Template
    base: Path
    assets: Mapping[str, Asset]
    document: Document
    packshots: Mapping[str, Packshot]
    steps: tuple[Step, ...] = ()
    remote: tuple[Named, ...] = ()
    warnings: tuple[str, ...] = ()

    def problem(self, field: str, message: str) -> Problem:
        """A problem found later, with file, line and column of a dotted field such as ``scenes.body-2``."""
        return self.document.problem_at(field, message)

    def packshot(self, name: str | None) -> Packshot | None:
        """The packshot of that name; None for the template's own."""
        return self.packshots.get(name) if name else None


def load_campaign(path: Path) -> Loaded:
    """Loads a campaign file. Raises InvalidInput with all its problems (at most 20); no network is used."""
    return load_document(read_document(path), path.resolve().parent)


def load_document(document: Document, base: Path) -> Loaded:
    """As ``load_campaign``, for a campaign that is already parsed; its paths are relative to ``base``."""
    respell(document, Campaign, ALIASES)
    campaign = validate(document, Campaign)
    if campaign is None:
        raise invalid([*document.problems, *_what_else(document, base)])
    return _refer(document, campaign, base)


def _refer(document: Document, campaign: Campaign, base: Path) -> Loaded:
    """Follows what the campaign names: template, packshots, files."""
    others: list[Problem] = []
    template = _template(document, campaign.template, base, others)
    packshots, warnings = packshots_of(campaign, base)
    steps = read_operations(document, operations()) if campaign.post else ()
    named = (*named_files(campaign), *files_of_steps(steps))
    assets, wrong = read_assets(campaign, packshots, named, base)
    given = document.root.child("language") is not None
    remote, unfetchable = remote_files(named)
    for field, message in [*problems_of(campaign, template, language_given=given), *wrong, *unfetchable]:
        document.add(field, message)
    if template is None or others or document.problems:
        raise _all(document, others)
    return Loaded(campaign, template, base, assets, document, packshots, steps, remote, warnings)


def _all(document: Document, others: list[Problem]) -> InvalidInput:
    error = invalid(document.problems) if document.problems else InvalidInput(others[:20])
    if document.problems and others:
        return InvalidInput((*error.problems, *others)[:20], hint=error.hint)
    return error


def _template(document: Document, name: str, base: Path, others: list[Problem]) -> Template | None:
    """The campaign's template; its own problems go to ``others``, as they lie in another file."""
    try:
        if is_path(name):
            if not (base / name).is_file():
                document.add(("template",), f"found no file {name}; expected a template")
                return None
            return read_template(base / name, name)
        wrong = unknown_template(name)
        if wrong:
            document.add(("template",), wrong)
            return None
        return read_template(templates_folder() / f"{name}.yaml", f"{name}.yaml")
    except InvalidInput as error:
        others.extend(error.problems)
        return None


def _what_else(document: Document, base: Path) -> list[Problem]:
    """Problems in the fields that are well formed, so that they need no second try to be seen.

    What is wrong is taken out or filled in, what is left is looked at as a campaign of its own,
    and what that says about places already reported is dropped.
    """
    left = Document(document.file, document.root)
    bad, known = document.paths, set(document.paths)
    for _ in range(_ROUNDS):
        left = Document(document.file, mended(left.root, bad))
        campaign = validate(left, Campaign)
        if campaign is not None:
            return _elsewhere(left, campaign, base, known)
        bad = left.paths
        known.update(bad)
    return []


_ROUNDS = 4


def _elsewhere(left: Document, campaign: Campaign, base: Path, known: set[FieldPath]) -> list[Problem]:
    names = {dotted(path) for path in known}
    try:
        _refer(left, campaign, base)
    except InvalidInput as error:
        return [problem for problem in error.problems if not _touches(problem, names)]
    return []


def _touches(problem: Problem, names: set[str]) -> bool:
    """The problem lies at, above or below one of these fields of the campaign."""
    field = problem.field or ""
    return any(
        field == name or field.startswith(f"{name}.") or name.startswith(f"{field}.") for name in names
    )
