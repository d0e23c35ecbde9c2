"""The one seam to ffmpeg: finds a binary that can do what adcli needs, and runs it without a shell.

Fonts come from our own folder only, so that a render does not depend on the machine; media that came from
elsewhere is opened with a whitelist of protocols and formats.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adcli.errors import StorageError, TaskFailed, ToolMissing
from adcli.media.faces import FOLDER, cjk_face

PROTOCOLS, FORMATS = "file,pipe", "mov,mp4,m4a,matroska,webm,png_pipe,image2"
MAX_PIXELS = 50_000_000
WHITELIST = (
    *("-protocol_whitelist", PROTOCOLS, "-format_whitelist", FORMATS),
    *("-max_pixels", str(MAX_PIXELS)),
)
"""Goes before ``-i`` of anything a person or a service gave: no network, no scripts, no bombs."""

_NEEDED = {"-encoders": ("libx264", "aac"), "-filters": ("ass", "zoompan", "xfade", "ebur128", "alimiter")}
_HINT = "pip install imageio-ffmpeg>=0.6, or point ADCLI_FFMPEG to an ffmpeg with libx264 and libass"
_FULL_DISK = ("No space left on device", "Disk quota exceeded")
_PART = re.compile(r"\[[^\[\]]+ @ 0x[0-9a-f]+\] ?")
_CONSEQUENCES = re.compile(
    "Terminating thread|Task finished|Nothing was written|Error opening output|Could not open encoder|"
    "Cannot determine format|Conversion failed"
)
"""Lines that follow from an earlier one, which says more."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What a finished ffmpeg said."""

    stderr: str


def find_ffmpeg() -> Path:
    """The binary: ``ADCLI_FFMPEG``, else imageio-ffmpeg's, else the PATH's.

    Raises ToolMissing when there is none, or when it can't encode H.264 or draw captions.
    """
    return _checked(os.environ.get("ADCLI_FFMPEG"))


@cache
def _checked(named: str | None) -> Path:
    path = _named(named) if named else _found()
    for listing, needed in _NEEDED.items():
        have = _ask(path, "-hide_banner", listing).split()
        missing = [name for name in needed if name not in have]
        if missing:
            raise ToolMissing(f"{path} lacks {', '.join(missing)}", hint=_HINT)
    return path


def _named(named: str) -> Path:
    found = shutil.which(named)
    if not found:
        raise ToolMissing(f"ADCLI_FFMPEG names {named}, which is no program", hint=_HINT)
    return Path(found)


def _found() -> Path:
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return Path(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = shutil.which("ffmpeg")
    if not found:
        raise ToolMissing("there is no ffmpeg", hint=_HINT)
    return Path(found)


def _ask(path: Path, *arguments: str) -> str:
    try:
        done = subprocess.run([path, *arguments], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolMissing(f"{path} can't be run: {error}", hint=_HINT) from error
    if done.returncode:
        raise ToolMissing(f"{path} is broken: it ends with {done.returncode}", hint=_HINT)
    return done.stdout.decode(errors="replace")


def lacking(filters: Sequence[str]) -> tuple[str, ...]:
    """Those filters that the ffmpeg in use was built without."""
    have = _filters(find_ffmpeg())
    return tuple(name for name in filters if name not in have)


@cache
def _filters(path: Path) -> frozenset[str]:
    return frozenset(_ask(path, "-hide_banner", "-filters").split())


@cache
def version() -> str:
    """First words of ``ffmpeg -version``, such as ``ffmpeg version 7.1``."""
    return " ".join(_ask(find_ffmpeg(), "-version").split()[:3])


def run(arguments: Sequence[str], *, cwd: Path, timeout: float) -> Completed:
    """Runs ffmpeg in ``cwd`` for at most ``timeout`` seconds.

    Raises TaskFailed with ffmpeg's own last words, StorageError when the disk is full.
    """
    command = [str(find_ffmpeg()), "-hide_banner", "-nostdin", *arguments]
    try:
        done = subprocess.run(
            command, cwd=cwd, timeout=timeout, capture_output=True, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise TaskFailed(f"ffmpeg gave no result within {timeout:g} s", hint="run again") from None
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        raise _failure(said, done.returncode)
    return Completed(said)


def _failure(said: str, code: int) -> TaskFailed | StorageError:
    if any(words in said for words in _FULL_DISK):
        return StorageError("the disk is full", hint="free some space and run again; nothing made is lost")
    lines = [line for row in said.splitlines() if (line := _PART.sub("", row).strip())]
    causes = [line for line in dict.fromkeys(lines) if not _CONSEQUENCES.search(line)]
    reason = "; ".join((causes or lines)[-3:]) or f"it ended with {code}"
    return TaskFailed(f"ffmpeg: {reason[-400:]}", hint="is the media it was given intact? run again with -v")


def _environment() -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    cjk = cjk_face()
    second = str(
        cjk.path.parent if cjk else FOLDER
    )  # fonts.conf names it so; both, or it would look elsewhere
    fonts = {"XDG_DATA_HOME": second, "XDG_DATA_DIRS": second, "FONTCONFIG_FILE": str(FOLDER / "fonts.conf")}
    return {**kept, **fonts, "LC_ALL": "C.UTF-8"}
