"""Writes a first campaign with its assets and schema: a template's own, or a copy of the demo on it."""

from __future__ import annotations

import re
from pathlib import Path

from adcli.errors import StorageError, UsageError
from adcli.spec.document import clip, suggest
from adcli.spec.schema import FILE_NAME, schema_text
from adcli.spec.templates import list_templates

_PACKAGE = Path(__file__).resolve().parents[1]
_CAMPAIGN, _SOURCE = "campaign.yaml", "demo.yaml"


def scaffold_folder() -> Path:
    """Where the campaign to copy lies: inside an installed package, ``campaigns`` in a checkout."""
    inside = _PACKAGE / "scaffold"
    return inside if inside.is_dir() else _PACKAGE.parent / "campaigns"


def write_scaffold(folder: Path, template: str) -> list[Path]:
    """Writes campaign, assets and schema below ``folder``; the files it wrote.

    Raises UsageError for an unknown template or a file that is already there (nothing is
    overwritten, and nothing written), StorageError when the folder can't be written.
    """
    known = list_templates()
    if template not in known:
        found = f"there is no template '{clip(template)}'{suggest(template, known)}"
        raise UsageError(found, hint=f"there are {', '.join(known)}")
    contents = _contents(template)
    for name in contents:
        target = folder / name
        if target.exists() or target.is_symlink():
            raise UsageError(f"{target} is already there", hint="choose an empty folder: adcli init DIR")
    return [_write(folder / name, data) for name, data in contents.items()]


def _contents(template: str) -> dict[str, bytes]:
    source = scaffold_folder()
    own = source / template
    if own.is_dir():
        text = (own / _CAMPAIGN).read_text(encoding="utf-8").replace(f"../{FILE_NAME}", f"./{FILE_NAME}")
        source = own
    else:
        text = (source / _SOURCE).read_text(encoding="utf-8")
        text = re.sub(r"(?m)^template: .*$", f"template: {template}", text)
    named = {path.relative_to(source).as_posix(): path for path in (source / "assets").rglob("*.*")}
    contents = {_CAMPAIGN: text.encode(), FILE_NAME: schema_text().encode()}
    return contents | {name: named[name].read_bytes() for name in sorted(named) if name in text}


def _write(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(data)
    except OSError as error:
        raise StorageError.of(error, str(path)) from error
    return path
