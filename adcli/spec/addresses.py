"""Addresses of material that lies on the web or in S3: what may be written, and what is known of it unread.

A signed address carries its secret after the ``?``: it is used to fetch the file and stands in no plan, key,
state, event or message. Without it an address is *named*.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit

_SCHEMES = ("https://", "s3://", "http://")
_S3 = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?P<key>.{0,1023}[^/])", re.DOTALL)
_EXPECTED = "expected https://host/path or s3://bucket/key"
_VIDEOS = (".mp4", ".m4v", ".mov", ".webm", ".mkv")


def is_remote(written: str) -> bool:
    """It lies in S3 or on the web: fetched by a run, never by planning."""
    return written[:8].lower().startswith(_SCHEMES)


def is_in_s3(written: str) -> bool:
    """It lies in S3."""
    return written.startswith("s3://")


def bucket_and_key(written: str) -> tuple[str, str]:
    """Parts of an ``s3://`` address that has no problem."""
    match = _S3.fullmatch(written)
    assert match is not None
    return match["bucket"], match["key"]


def named(written: str) -> str:
    """The address without what may be secret: this is what plans, keys and messages call it."""
    if is_in_s3(written):
        return written
    address, hash_sign, mark = written.partition("#")
    return address.partition("?")[0] + hash_sign + mark


def looks_like_video(written: str) -> bool:
    """By its suffix: before a run has fetched it, nothing else is known."""
    return _path(written).suffix.lower() in _VIDEOS


def stem(written: str) -> str:
    """Name of the file with its suffix, as in ``hook.mp4``, without what can't be seen; empty for none."""
    return "".join(sign for sign in _path(written).name if sign.isprintable())


def problem_of(written: str) -> str | None:
    """What is wrong with an address, without quoting what may be secret; None when it can be fetched."""
    if is_in_s3(written):
        return None if _S3.fullmatch(written) else "found no bucket and key; expected s3://bucket/key"
    parts = _split(written)
    if parts is None or not parts.hostname:
        return f"found an address without a host; {_EXPECTED}"
    if parts.username is not None or parts.password is not None:
        return "found a user name or password in an address; expected one without"
    if parts.scheme != "https" and not _is_loopback(parts.hostname):
        return f"found an address that is not encrypted; {_EXPECTED}"
    return None


def _split(written: str) -> SplitResult | None:
    try:
        parts = urlsplit(written)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _path(written: str) -> PurePosixPath:
    if is_in_s3(written):
        return PurePosixPath(written.removeprefix("s3://").partition("/")[2])
    parts = _split(written)
    return PurePosixPath(unquote(parts.path) if parts else "")
