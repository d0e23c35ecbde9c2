"""Types of single values in users' files: texts with their limits, colours, paths, languages."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Discriminator, Field, Tag

from adcli.spec.addresses import is_remote


class Expected(ValueError):
    """A validator's verdict: what was expected and, where it helps, what to write instead."""

    def __init__(self, expected: str, *, suggestion: str | None = None) -> None:
        super().__init__(expected)
        self.expected, self.suggestion = expected, suggestion


SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def slugify(text: str) -> str:
    """ASCII letters, digits and hyphens for any text; may be empty."""
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-")


def _slug(text: str) -> str:
    if SLUG.fullmatch(text):
        return text
    expected = "1 to 64 lower-case letters, digits, - and _, the first a letter or digit"
    raise Expected(expected, suggestion=slugify(text[:200])[:64].strip("-") or None)


def _language(text: str) -> str:
    if _LANGUAGE.fullmatch(text):
        return text
    raise Expected("a language tag such as en or pt-BR")


def hex_color(value: object) -> str:
    """``#RRGGBB`` for a CSS colour name or hexadecimal colour; raises Expected."""
    from PIL.ImageColor import colormap, getrgb

    expected = "a CSS colour name or a quoted '#RRGGBB'"
    if not isinstance(value, str):
        raise Expected(expected + (" (an unquoted # starts a comment)" if value is None else ""))
    if value.lower() in colormap:
        return "#{:02X}{:02X}{:02X}".format(*getrgb(value.lower()))
    if not _HEX.fullmatch(value):
        from difflib import get_close_matches

        close = get_close_matches(value[:40].lower(), colormap, 1)
        raise Expected(expected, suggestion=close[0] if close else None)
    digits = value[1:].upper()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise Expected("one line without control characters")
    return text


def _path(text: str) -> str:
    most = 4000 if is_remote(text) else 1000  # a signed address may hold a session token
    if not text.strip() or _CONTROL.search(text) or len(text) > most:
        raise Expected(f"the path of a file, 1 to {most} characters without control characters")
    return text


def _segment(text: str) -> str:
    """One folder name: it can neither leave its folder nor open another."""
    bad = text in (".", "..") or _CONTROL.search(text) or re.search(r"[/\\]", text) or text != text.strip()
    if bad or not 1 <= len(text) <= 128:
        raise Expected("one folder name of 1 to 128 characters without / or \\, not . or ..")
    return text


_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?")


def _target(text: str) -> str:
    if text.startswith("s3:"):
        inside = text.removeprefix("s3://").rstrip("/").split("/")
        if not _BUCKET.fullmatch(text) or {"", ".", ".."} & set(inside) or _CONTROL.search(text):
            raise Expected("s3://bucket/prefix, without empty, . or .. parts")
        return text
    if not text.strip() or _CONTROL.search(text) or len(text) > 1000 or "://" in text:
        raise Expected("a folder, or s3://bucket/prefix")
    if ".." in re.split(r"[/\\]", text):
        raise Expected("a folder below the campaign's, or an absolute path: no .. parts")
    return text


_SLUG_HINT = {"pattern": f"^{SLUG.pattern}$"}
_LANGUAGE_HINT = {"pattern": f"^{_LANGUAGE.pattern}$", "examples": ["en", "pt-BR"]}
_COLOR_HINT = {"examples": ["white", "#FFE135"]}


def _pronunciation(text: str) -> str:
    inner = text.strip().strip("/")
    if not any(sign.isalnum() for sign in inner):
        raise Expected("a respelling such as 'noo vay', or IPA between slashes")
    return text


Name = Annotated[str, AfterValidator(_slug), Field(json_schema_extra=_SLUG_HINT)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Pronunciation = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_pronunciation)]
Prose = Annotated[str, Field(max_length=4000)]
Speech = Annotated[str, Field(max_length=20000)]
Color = Annotated[str, BeforeValidator(hex_color), Field(json_schema_extra=_COLOR_HINT)]
AssetPath = Annotated[str, AfterValidator(_path)]
Segment = Annotated[
    str, AfterValidator(_segment), Field(json_schema_extra={"minLength": 1, "maxLength": 128})
]
Target = Annotated[str, AfterValidator(_target), Field(json_schema_extra={"minLength": 1})]
Language = Annotated[str, AfterValidator(_language), Field(json_schema_extra=_LANGUAGE_HINT)]
Unit = Annotated[float, Field(ge=0, le=1)]


def one_of_each(spoken: dict[str, str]) -> dict[str, str]:
    """The pronunciations; raises Expected where a word is none, or stands twice but for its case."""
    seen: set[str] = set()
    for word in spoken:
        folded = " ".join(word.lower().split())
        if not folded or folded in seen:
            raise Expected(f"each word once, in any case: {word!r} is one too many" if folded else "a word")
        seen.add(folded)
    return spoken


def no_repeats(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items; raises Expected when one stands twice."""
    if len(set(items)) < len(items):
        raise Expected("each entry once")
    return items


def _shape(value: object) -> str:
    match value:
        case bool():
            return "<false>" if value is False else "<true>"
        case int() | float():
            return "<whole number>"
        case str():
            return "<text>"
        case dict() | BaseModel():
            return "<map>"
        case list() | tuple():
            return "<list>"
        case _:
            return "<nothing>"


BY_SHAPE = Discriminator(_shape)
"""Chooses the branch of a union by what was written, so that errors speak of that branch alone."""

MAP, LIST, TEXT, NUMBER, OFF = (
    Tag("<map>"),
    Tag("<list>"),
    Tag("<text>"),
    Tag("<whole number>"),
    Tag("<false>"),
)
