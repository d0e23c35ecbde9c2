"""Checkpoints as JSON with a checksum of their own, so that damage is seen before it is believed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from adcli.keys import canonical, digest
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint, Output

FORMAT = 1


class Damaged(ValueError):
    """The bytes are not what was once written."""


def encode(checkpoint: Checkpoint) -> bytes:
    """Bytes of a checkpoint file: the body on one line, its sha256 on the next."""
    body = {"format": FORMAT} | {
        field.name: _plain(getattr(checkpoint, field.name)) for field in dataclasses.fields(checkpoint)
    }
    line = canonical(body)
    return line + b"\n" + digest(line).encode() + b"\n"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        filled = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _plain(item) for name, item in filled.items() if item is not None}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def decode(data: bytes) -> Checkpoint:
    """The checkpoint of a file's bytes; raises Damaged when anything is off."""
    line, _, rest = data.partition(b"\n")
    if digest(line).encode() != rest.strip():
        raise Damaged("the checksum does not match")
    try:
        body = json.loads(line)
        if body.pop("format") != FORMAT:
            raise Damaged("an unknown format")
        return _checkpoint(body)
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged(str(error)) from error


def _checkpoint(body: dict[str, Any]) -> Checkpoint:
    outputs = body.pop("outputs")
    attempts = body.pop("attempts")
    return Checkpoint(
        **body | {"notes": tuple(body["notes"])},
        attempts=tuple(Attempt(**raw | {"state": AttemptState(raw["state"])}) for raw in attempts),
        outputs=None if outputs is None else {name: Output(**raw) for name, raw in outputs.items()},
    )
