"""Where finished files go: a folder or an S3 prefix, and the contract's names below it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

from adcli.errors import InvalidInput, Problem
from adcli.keys import Json

_BUCKET = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_NAME_BYTES = 255
_KEY_BYTES = 1024


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder, by its absolute path."""

    root: Path

    def path(self, name: str) -> Path:
        """Where the file of that relative name lies."""
        return self.root / name

    def uri(self, name: str) -> str:
        """``file:///…`` of a relative name."""
        return self.path(name).as_uri()


@dataclass(frozen=True, slots=True)
class S3Target:
    """A bucket and a prefix without slashes at its ends; the prefix may be empty."""

    bucket: str
    prefix: str

    def key(self, name: str) -> str:
        """Key of a relative name; raises InvalidInput above S3's 1,024 bytes."""
        key = f"{self.prefix}/{name}" if self.prefix else name
        if len(key.encode()) > _KEY_BYTES:
            raise _invalid(f"the S3 key {key!r} is longer than {_KEY_BYTES} bytes")
        return key

    def uri(self, name: str) -> str:
        """``s3://bucket/key`` of a relative name."""
        return f"s3://{self.bucket}/{self.key(name)}"


Target = FolderTarget | S3Target


def place_of(uri: str) -> str:
    """The path that a target's ``file:///…`` stands for; an ``s3://`` address as it is."""
    return unquote(uri.removeprefix("file://")) if uri.startswith("file://") else uri


@dataclass(frozen=True, slots=True)
class Published:
    """One file as it stands at its target.

    ``path`` is relative to the target. ``record`` is what the checkpoint keeps of it: uri,
    sha256, bytes, and mtime_ns (folder) or etag (S3). ``reused``: it was there already.
    """

    uri: str
    path: str
    s3_key: str | None
    bytes: int
    record: Mapping[str, Json]
    reused: bool


class Verdict(StrEnum):
    """What is to be done about one name at a target."""

    CREATE = "create"
    REUSE = "reuse"
    REPLACE = "replace"
    CONFLICT = "conflict"


def judge(*, present: bool, same: bool, ours: bool, overwrite: bool) -> Verdict:
    """Compares, never blindly creates. ``same``: it holds our content; ``ours``: this campaign wrote it."""
    if not present:
        return Verdict.CREATE
    if same:
        return Verdict.REUSE
    return Verdict.REPLACE if ours or overwrite else Verdict.CONFLICT


def parse_target(text: str, base: Path, *, field: str = "output.to") -> Target:
    """The target that ``output.to`` or a flag names; a folder is relative to ``base``.

    Raises InvalidInput, which calls the value ``field``.
    """
    if text.startswith("s3://"):
        return _parse_s3(text, field)
    if _SCHEME.match(text):
        raise _invalid(f"{text!r} is neither a folder nor s3://bucket/prefix", field)
    if not text.strip() or "\0" in text:
        raise _invalid(f"{text!r} is no folder; expected a folder or s3://bucket/prefix", field)
    try:
        return FolderTarget((base / text).resolve())
    except (OSError, RuntimeError) as error:  # Python < 3.13 raises RuntimeError for a loop of links
        raise _invalid(f"{text!r} leads nowhere: {error}", field) from error


def _parse_s3(text: str, field: str) -> S3Target:
    bucket, _, prefix = text.removeprefix("s3://").partition("/")
    if not _BUCKET.fullmatch(bucket):
        message = f"{bucket!r} is no bucket name; expected s3://bucket/prefix, bucket: 3 to 63 of a-z 0-9 . -"
        raise _invalid(message, field)
    prefix = prefix.strip("/")
    for segment in prefix.split("/") if prefix else ():
        _check_segment(segment, field)
    return S3Target(bucket, prefix)


def relative_name(
    campaign: str,
    user_id: str | None,
    project_id: str | None,
    ad: str,
    ratio_slug: str | None,
    ext: str,
    *,
    draft: bool = False,
) -> str:
    """``{user_id}/{project_id}/{campaign}/[draft/]{ad}_{ratio}.{ext}``; what is None or empty drops out.

    Raises InvalidInput for a part that would leave the folder or that a file system refuses.
    """
    stem = f"{ad}_{ratio_slug}" if ratio_slug else ad
    parts = [user_id, project_id, campaign, "draft" if draft else None, f"{stem}.{ext}"]
    segments = [part for part in parts if part]
    for segment in segments:
        _check_segment(segment, "output")
    return "/".join(segments)


def kept_name(
    campaign: str, user_id: str | None, project_id: str | None, file: str, *, draft: bool = False
) -> str:
    """``{user_id}/{project_id}/{campaign}/[draft/]{ad}/{file}`` of a file ``{ad}/{file}`` that is kept.

    Raises InvalidInput as ``relative_name`` does.
    """
    parts = [user_id, project_id, campaign, "draft" if draft else None, *file.split("/")]
    return "/".join(checked_parts("/".join(part for part in parts if part)))


def checked_parts(name: str) -> tuple[str, ...]:
    """Segments of a relative name; raises InvalidInput for one that could lead elsewhere."""
    parts = tuple(name.split("/"))
    for part in parts:
        _check_segment(part, "output")
    return parts


def _check_segment(segment: str, field: str) -> None:
    if segment in ("", ".", "..") or "/" in segment or "\\" in segment:
        raise _invalid(f"{segment!r} can't be part of a path below the target", field)
    if any(unicodedata.category(char)[0] == "C" for char in segment):
        raise _invalid(f"{segment!r} holds characters that can't be seen", field)
    if segment != segment.strip() or segment.endswith(".") or _DEVICES.fullmatch(segment):
        raise _invalid(f"{segment!r} is no name that every file system takes", field)
    if len(segment.encode()) > _NAME_BYTES:
        raise _invalid(f"{segment[:40]!r}… is longer than {_NAME_BYTES} bytes", field)


def _invalid(message: str, field: str = "output") -> InvalidInput:
    return InvalidInput([Problem(field, message)])
