"""The files that a campaign names: found, proved to be what they should be, and hashed.

Absolute paths, ``..`` and symlinks are followed: it is the user's own machine and they may keep
material where they like. What a path leads to must be an ordinary file, so that a pipe or a
device can neither hang the program nor feed it without end.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from adcli.spec.addresses import is_remote, named, problem_of
from adcli.spec.campaign import Campaign, Packshot
from adcli.spec.document import Path as FieldPath
from adcli.spec.document import clip
from adcli.spec.operations import Step
from adcli.spec.pictures import (
    AUDIO,
    FONTS,
    LUTS,
    MOST_PICTURE_BYTES,
    NAMES,
    PICTURES,
    SUBTITLES,
    VECTOR,
    VIDEO,
    Unfit,
    media_type,
    picture_size,
)
from adcli.spec.typefaces import check_font
from adcli.spec.videos import video_shape
from adcli.units import Size

MOST_MEDIA_BYTES = 2_000_000_000
MOST_VECTOR_BYTES = 1_000_000
_PACKSHOT_SUFFIXES = (".png", ".jpg", ".webp", ".mp4")


@dataclass(frozen=True, slots=True)
class Asset:
    """A local file that the campaign names; of pictures and videos also width and height in pixels, upright,
    and of videos their length.
    """

    path: Path
    sha256: str
    media_type: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


class Use(Enum):
    """What a file is wanted for, with the media types that will do."""

    PICTURE = PICTURES
    LOGO = PICTURES | VECTOR
    FONT = FONTS
    SOUND = AUDIO
    CLIP = VIDEO
    SHOT = PICTURES | VIDEO
    TRACK = AUDIO | VIDEO
    WORDS = SUBTITLES
    LUT = LUTS

    @property
    def expected(self) -> str:
        """``PNG, JPEG or WebP``."""
        *most, last = self.value.values()
        return f"{', '.join(most)} or {last}" if most else f"a {last}"


@dataclass(frozen=True, slots=True)
class Named:
    """A path in the campaign: where it stands, what it says and what it is for."""

    field: FieldPath
    written: str
    use: Use

    @property
    def is_remote(self) -> bool:
        """It lies in S3 or on the web: fetched by a run, never by planning."""
        return is_remote(self.written)


def named_files(campaign: Campaign) -> Iterator[Named]:
    """Every path that a campaign names, in the order of its fields."""
    if campaign.product:
        yield from _many(("product", "images"), campaign.product.images, Use.PICTURE)
    for index, character in enumerate(campaign.characters):
        field: FieldPath = ("characters", index, "image")
        if isinstance(character.image, str):
            yield Named(field, character.image, Use.PICTURE)
        else:
            yield from _many(field, character.images, Use.PICTURE)
    for name, scene in campaign.scenes.items():
        yield from _one(("scenes", name, "clip"), scene.clip, Use.CLIP)
        yield from _one(("scenes", name, "image"), scene.image, Use.PICTURE)
    if campaign.music:
        yield from _one(("music", "file"), campaign.music.file, Use.SOUND)
    for name, packshot in campaign.packshots.items():
        yield from _one(("packshots", name, "image"), packshot.image, Use.SHOT)
    yield from _many(("brand", "fonts"), campaign.brand.fonts, Use.FONT)
    yield from _one(("brand", "logo"), campaign.brand.logo, Use.LOGO)
    inputs = campaign.inputs
    yield from _one(("inputs", "video"), inputs.video, Use.CLIP)
    yield from _many(("inputs", "videos"), inputs.videos, Use.CLIP)
    yield from _one(("inputs", "hook"), inputs.hook, Use.CLIP)
    yield from _one(("inputs", "main"), inputs.main, Use.CLIP)
    yield from _many(("inputs", "broll"), inputs.broll, Use.CLIP)
    yield from _one(("inputs", "track"), inputs.track, Use.TRACK)


_USES = {
    "picture": Use.PICTURE,
    "video": Use.CLIP,
    "shot": Use.SHOT,
    "sound": Use.SOUND,
    "subtitles": Use.WORDS,
    "logo": Use.LOGO,
    "lut": Use.LUT,
}


def files_of_steps(steps: Iterable[Step]) -> Iterator[Named]:
    """Every path that the settings of operations name."""
    for step in steps:
        for field, written, kind in step.files():
            yield Named(field, written, _USES[kind])


def _one(field: FieldPath, written: str | None, use: Use) -> Iterator[Named]:
    if written is not None:
        yield Named(field, written, use)


def _many(field: FieldPath, written: tuple[str, ...], use: Use) -> Iterator[Named]:
    for index, path in enumerate(written):
        yield Named((*field, index), path, use)


def read_asset(path: Path, use: Use) -> Asset:
    """A local file, proved fit for its use. Raises Unfit with ``found …; expected …``."""
    size = _size(path, use)
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
            kind = _kind(head, use)
            _check_size(size, kind)
            if kind in AUDIO or kind in VIDEO:
                stream.seek(0)
                return _media(path, hashlib.file_digest(stream, "sha256").hexdigest(), kind)
            data = head + stream.read(MOST_PICTURE_BYTES)
    except OSError as error:
        raise Unfit(f"can't be read: {error.strerror or error}; expected a readable file") from None
    if kind in FONTS:
        check_font(data)
    pixels: Size | None = picture_size(data) if kind in PICTURES else None
    digest = hashlib.sha256(data).hexdigest()
    return Asset(path, digest, kind, pixels.width if pixels else None, pixels.height if pixels else None)


def _media(path: Path, sha256: str, kind: str) -> Asset:
    if kind not in VIDEO:
        return Asset(path, sha256, kind)
    shape = video_shape(path)
    return Asset(path, sha256, kind, shape.size.width, shape.size.height, shape.seconds)


def _size(path: Path, use: Use) -> int:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise Unfit(f"found no file there; expected {use.expected}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise Unfit(f"can't be read: {reason}; expected {use.expected}") from None
    if not stat.S_ISREG(status.st_mode):
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe, socket or device"
        raise Unfit(f"found {what}; expected {use.expected}")
    if status.st_size == 0:
        raise Unfit(f"found an empty file; expected {use.expected}")
    return status.st_size


def _kind(head: bytes, use: Use) -> str:
    kind = media_type(head)
    if kind == "video/mp4" and use is Use.SOUND:
        kind = "audio/mp4"
    if kind not in use.value:
        found = "a file of unknown content" if NAMES[kind] == "unknown" else f"{NAMES[kind]} content"
        raise Unfit(f"found {found}; expected {use.expected}")
    return kind


def _check_size(size: int, kind: str) -> None:
    most = MOST_MEDIA_BYTES if kind in AUDIO or kind in VIDEO else MOST_PICTURE_BYTES
    if kind in VECTOR:
        most = MOST_VECTOR_BYTES
    if size > most:
        raise Unfit(f"found {size / 1e6:.1f} MB; expected at most {most / 1e6:g} MB")


def packshot_file(name: str, base: Path) -> str | None:
    """The written path of ``assets/packshots/NAME.*`` when there is such a file."""
    if not name or name != Path(name).name or name in (".", ".."):
        return None
    folder = "assets/packshots"
    written = (f"{folder}/{name}{suffix}" for suffix in _PACKSHOT_SUFFIXES)
    return next((path for path in written if (base / path).is_file()), None)


def packshots_of(campaign: Campaign, base: Path) -> tuple[dict[str, Packshot], tuple[str, ...]]:
    """Packshot of each name that a character asks for, and a warning for each that isn't there."""
    found, warnings = dict(campaign.packshots), []
    for name in dict.fromkeys(c.packshot for c in campaign.characters if c.packshot):
        if name in found:
            continue
        path = packshot_file(name, base)
        if path is None:
            where = "neither under packshots nor in assets/packshots"
            warnings.append(f"packshot '{clip(name)}' is {where}; the template's own is used")
        else:
            found[name] = Packshot(image=path)
    return found, tuple(warnings)


def read_assets(
    campaign: Campaign, packshots: Mapping[str, Packshot], files: Iterable[Named], base: Path
) -> tuple[dict[str, Asset], list[tuple[FieldPath, str]]]:
    """Each of ``files`` that is local by its written path, and each problem with the field that names it."""
    assets: dict[str, Asset] = {}
    wrong: dict[tuple[str, Use], str] = {}
    problems: list[tuple[FieldPath, str]] = []
    for file in [*files, *_found_packshots(campaign, packshots)]:
        asked = (file.written, file.use)
        if file.is_remote:
            continue
        if asked not in wrong and not (
            file.written in assets and assets[file.written].media_type in file.use.value
        ):
            try:
                found = read_asset(base / file.written, file.use)
                if (
                    found.width or file.written not in assets
                ):  # a video that is also taken as a sound stays one
                    assets[file.written] = found
            except Unfit as error:
                wrong[asked] = error.message
        if asked in wrong:
            problems.append((file.field, wrong[asked]))
    return assets, problems


def remote_files(files: Iterable[Named]) -> tuple[tuple[Named, ...], list[tuple[FieldPath, str]]]:
    """Those of ``files`` that a run has to fetch, and each problem with the field that names the address."""
    remote = tuple(file for file in files if file.is_remote)
    problems: list[tuple[FieldPath, str]] = []
    first: dict[str, Named] = {}
    for file in remote:
        wrong = problem_of(file.written) or _clash(file, first.setdefault(named(file.written), file))
        if wrong:
            problems.append((file.field, wrong))
    return remote, problems


def _clash(file: Named, first: Named) -> str | None:
    """What keeps two entries with one address from being one file."""
    where = ".".join(map(str, first.field))
    if file.written != first.written:
        found = f"found an address that differs from {where} after its '?' alone"
        return f"{found}; expected one that differs before it, or something else after a '#'"
    if not file.use.value.keys() & first.use.value.keys():
        return (
            f"found an address from which {first.use.expected} are taken, too; expected {file.use.expected}"
        )
    return None


def _found_packshots(campaign: Campaign, packshots: Mapping[str, Packshot]) -> Iterator[Named]:
    for index, character in enumerate(campaign.characters):
        name = character.packshot
        if name and name not in campaign.packshots and name in packshots:
            yield from _one(("characters", index, "packshot"), packshots[name].image, Use.SHOT)
