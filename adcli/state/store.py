"""The state folder: checkpoints by key, the last key of each recipe and task, open jobs, takes, blobs."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adcli.errors import InvalidInput, Problem, StorageError
from adcli.keys import canonical, digest
from adcli.state.checkpoint import Checkpoint, Output
from adcli.state.codec import Damaged, decode, encode
from adcli.state.files import (
    adopt,
    ensure_folder,
    sha256_of,
    storage_errors,
    sweep_temporaries,
    write_durably,
)
from adcli.work import Artifact, File

FORMAT = "1"
_KEY = re.compile("[0-9a-f]{64}")


class Store:
    """Reads need no lock; whatever writes is only called by the holder of the lock.

    ``damaged`` collects keys whose checkpoint was found broken: reading one gives None.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.damaged: set[str] = set()
        self._sound: set[str] = set()
        self._check_format()

    def _check_format(self) -> None:
        path = self.root / "format"
        if path.is_file() and path.read_text(errors="replace").strip() != FORMAT:
            message = "written by another version of adcli; expected format 1"
            raise InvalidInput([Problem(str(path), message)], hint="use another --state")

    def prepare(self) -> None:
        """Makes the folders and clears what a killed run left half-written."""
        for name in ("checkpoints", "recipes", "open", "blobs", "runs", "history", "published", "work"):
            ensure_folder(self.root / name)
        for leftover in (self.root / "work").iterdir():
            shutil.rmtree(leftover, ignore_errors=True)
        if not (self.root / "format").exists():
            write_durably(self.root / "format", f"{FORMAT}\n".encode())
        sweep_temporaries(self.root)

    def checkpoint(self, key: str) -> Checkpoint | None:
        """What is known of a key; None when nothing is, or when the file is damaged."""
        try:
            data = self._checkpoint_path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except IsADirectoryError:
            data = b""
        try:
            found = decode(data)
            if found.key != key:
                raise Damaged("another key's checkpoint")
        except Damaged:
            self.damaged.add(key)
            return None
        return found

    def save(self, checkpoint: Checkpoint) -> None:
        """Writes a checkpoint durably and, when it is finished, what points to it."""
        write_durably(self._checkpoint_path(checkpoint.key), encode(checkpoint))
        if checkpoint.is_finished:
            self.remember(checkpoint.recipe, checkpoint.key)

    def set_aside(self, key: str) -> None:
        """Moves a damaged checkpoint out of the way, so that its work can be done again."""
        path = self._checkpoint_path(key)
        with storage_errors(str(path)):
            path.replace(path.with_suffix(".damaged"))
        self.damaged.discard(key)

    def remember(self, recipe: str, key: str) -> None:
        """Notes that the last result of ``recipe`` is that of ``key``."""
        if self.key_of(recipe) != key:
            write_durably(self._recipe_path(recipe), key.encode(), durable=False)

    def key_of(self, recipe: str) -> str | None:
        """Key of the last result of a recipe."""
        try:
            key = self._recipe_path(recipe).read_text("ascii", errors="replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return key if _KEY.fullmatch(key) else None

    def forget(self, recipe: str) -> None:
        """The last result of a recipe counts no longer."""
        with storage_errors(str(self._recipe_path(recipe))):
            self._recipe_path(recipe).unlink(missing_ok=True)

    def recipes(self, prefix: str) -> frozenset[str]:
        """All recipes with a result that start with these two digits."""
        return _names(self.root / "recipes" / prefix)

    def keys(self, prefix: str) -> frozenset[str]:
        """All keys with a checkpoint that start with these two digits."""
        return frozenset(name.removesuffix(".json") for name in _names(self.root / "checkpoints" / prefix))

    def mark_open(self, key: str) -> None:
        """Makes a running job findable, also after the campaign no longer holds its task."""
        write_durably(self.root / "open" / key, b"")

    def clear_open(self, key: str) -> None:
        """The job is stored or known to be over."""
        path = self.root / "open" / key
        with storage_errors(str(path)):
            path.unlink(missing_ok=True)

    def open_keys(self) -> tuple[str, ...]:
        """Keys of all jobs that may be running or wait for a person."""
        folder = self.root / "open"
        return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()

    def history(self, campaign: str) -> dict[str, str]:
        """Last key of each task id of a campaign, as of its last run: what ``why`` compares with."""
        try:
            found = json.loads((self.root / "history" / f"{campaign}.json").read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def save_history(self, campaign: str, keys: Mapping[str, str]) -> None:
        """Replaces the history of a campaign; a lost one costs explanations, never work."""
        data = canonical(dict(keys))
        path = self.root / "history" / f"{campaign}.json"
        if not path.exists() or path.read_bytes() != data:
            write_durably(path, data)

    def published(self, uri: str) -> dict[str, Any] | None:
        """Record of what was last written to an address: that file is ours to replace."""
        try:
            found = json.loads(self._published_path(uri).read_text())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def save_published(self, uri: str, record: Mapping[str, Any]) -> None:
        """Notes what now stands at an address."""
        write_durably(self._published_path(uri), canonical(dict(record)))

    def takes(self) -> dict[str, int]:
        """Take of each recipe base that was deliberately re-rolled; raises StorageError when damaged."""
        path = self.root / "takes.json"
        try:
            found = json.loads(path.read_text())
            return {str(base): int(take) for base, take in found.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as error:
            hint = "put a copy back, or remove it: then every task is at its first take"
            raise StorageError(f"{path} is damaged", hint=hint) from error

    def save_takes(self, takes: Mapping[str, int]) -> None:
        """Replaces all takes."""
        write_durably(self.root / "takes.json", canonical(dict(takes)))

    def blob_path(self, sha256: str) -> Path:
        """Where the bytes of that content lie."""
        return self.root / "blobs" / sha256[:2] / sha256

    def has(self, output: Output) -> bool:
        """The output is there: as text, or as a blob of the right length."""
        if output.text is not None:
            return True
        try:
            return self.blob_path(output.sha256).stat().st_size == output.bytes
        except FileNotFoundError:
            return False

    def is_sound(self, output: Output) -> bool:
        """As ``has``, and the content is what its name says; each blob is read once per run."""
        if output.text is not None or output.sha256 in self._sound:
            return True
        if not self.has(output) or sha256_of(self.blob_path(output.sha256)) != output.sha256:
            return False
        self._sound.add(output.sha256)
        return True

    def keep(self, made: File | str) -> Output:
        """Makes one result of a maker durable and gives its record."""
        if isinstance(made, str):
            data = made.encode()
            return Output(digest(data), len(data), "text/plain", text=made)
        sha256, size = sha256_of(made.path), made.path.stat().st_size
        output = Output(sha256, size, made.media_type, meta=dict(made.meta))
        if not self.is_sound(output):
            adopt(made.path, self.blob_path(sha256))
            self._sound.add(sha256)
        return output

    def artifact(self, output: Output) -> Artifact:
        """A blob as an input of a maker."""
        return Artifact(self.blob_path(output.sha256), output.sha256, output.media_type, output.meta)

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Every sound checkpoint, in order of key."""
        for path in sorted((self.root / "checkpoints").glob("??/*.json")):
            if found := self.checkpoint(path.stem):
                yield found

    def _checkpoint_path(self, key: str) -> Path:
        return self.root / "checkpoints" / key[:2] / f"{key}.json"

    def _published_path(self, uri: str) -> Path:
        name = digest(uri.encode())
        return self.root / "published" / name[:2] / f"{name}.json"

    def _recipe_path(self, recipe: str) -> Path:
        return self.root / "recipes" / recipe[:2] / recipe


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208  # a Path for each name costs more than the listing
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
