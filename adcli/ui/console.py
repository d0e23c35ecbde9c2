"""Where text goes: data to stdout, messages to stderr, control characters made harmless."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

from rich.console import Console

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Text without characters that could steer a terminal."""
    return _CONTROL.sub("", text)


def counted(number: int, noun: str) -> str:
    """``1 ad``, ``1,000 ads``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def messages() -> Console:
    """The console for people, on stderr."""
    return Console(
        stderr=True, markup=False, highlight=False, soft_wrap=True, no_color="NO_COLOR" in os.environ
    )


def is_terminal() -> bool:
    """A person is watching stderr."""
    return sys.stderr.isatty()


def can_ask() -> bool:
    """A person can be asked and answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_line(text: str = "") -> None:
    """One line of data on stdout."""
    sys.stdout.write(clean(text) + "\n")


def say(text: str = "", style: str | None = None) -> None:
    """One line for people on stderr."""
    messages().print(clean(text), style=style)
