"""What Runway's models take, by the field lists of its own SDK: for checks before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal, Required, get_args, get_origin, get_type_hints

from runwayml.types.image_to_video_create_params import ImageToVideoCreateParams
from runwayml.types.text_to_image_create_params import TextToImageCreateParams

from adcli.errors import Rejected
from adcli.providers._runway_errors import NAME

LONGEST_PROMPT = 1000
"""UTF-16 units that a prompt of Runway's own models may have."""
_OWN = ("gen", "veo")
_REFERENCES = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One field: whether it has to be there, and the values that it may have, if they are listed."""

    required: bool
    values: tuple[object, ...]


Fields = Mapping[str, Field]


def check(stage: str, model: str, body: Mapping[str, Any]) -> None:
    """Rejected where the service would refuse a call, with the model's real fields and values."""
    known = models(stage)
    if model not in known:
        near = get_close_matches(model, known, 3, 0.5) or sorted(known)
        raise Rejected(NAME, f"there is no model {model!r} for {stage}", hint=f"there are {', '.join(near)}")
    fields = known[model]
    for name, value in body.items():
        _check_field(stage, model, fields, name, value)
    missing = [name for name, field in fields.items() if field.required and name not in body]
    if missing == ["referenceImages"]:
        hint = "give the product or the person a picture, or take gen4_image"
        raise Rejected(NAME, f"{model} makes nothing without a reference picture", hint=hint)
    if missing:
        allowed = [_said(name, fields[name]) for name in missing]
        hint = f"give it under models.{stage}: {'; '.join(allowed)}"
        raise Rejected(NAME, f"{model} needs {' and '.join(missing)}", hint=hint)


def check_prompt(model: str, text: Any) -> None:
    """Rejected for a prompt that is empty, or longer than Runway's own models and Veo take."""
    if not isinstance(text, str):
        return
    length = len(text.encode("utf-16-le")) // 2
    if not text.strip():
        raise Rejected(NAME, "the prompt is empty", hint="give the scene, or the character, a prompt")
    if model.startswith(_OWN) and length > LONGEST_PROMPT:
        found = f"the prompt has {length} characters, and {model} takes {LONGEST_PROMPT}"
        raise Rejected(NAME, found, hint="shorten the prompt of the scene or the character")


@cache
def models(stage: str) -> Mapping[str, Fields]:
    """The fields of every model of a stage, by the names that the service uses."""
    union = ImageToVideoCreateParams if stage == "animate" else TextToImageCreateParams
    return dict(_read(variant) for variant in get_args(union))


def _check_field(stage: str, model: str, fields: Fields, name: str, value: Any) -> None:
    if name not in fields:
        near = get_close_matches(name, fields, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise Rejected(NAME, f"{model} takes no {name!r}", hint=f"{hint}it takes {', '.join(sorted(fields))}")
    values = fields[name].values
    if values and value not in values:
        hint = f"it takes {', '.join(map(str, values))}"
        raise Rejected(NAME, f"{model} takes no {name} of {value!r}", hint=hint)
    if stage == "animate" and name == "outputFormat" and value != "mp4":
        raise Rejected(NAME, f"outputFormat {value!r} can't be used", hint=f"take it out of models.{stage}")
    if name == "referenceImages" and len(value) > _REFERENCES and model.startswith("gen4"):
        raise Rejected(NAME, f"{model} takes {_REFERENCES} reference pictures; found {len(value)}")


def _said(name: str, field: Field) -> str:
    return f"{name} ({', '.join(map(str, field.values))})" if field.values else name


def _read(variant: Any) -> tuple[str, Fields]:
    found: dict[str, Field] = {}
    model = ""
    for name, hint in get_type_hints(variant, include_extras=True).items():
        required = get_origin(hint) is Required
        alias, values = name, tuple(_literals(hint))
        for layer in _layers(hint):
            for extra in getattr(layer, "__metadata__", ()):
                alias = getattr(extra, "alias", None) or alias
        if name == "model":
            model = str(values[0])
        found[alias] = Field(required, values)
    return model, found


def _layers(hint: Any) -> Iterator[Any]:
    """A type, then what its wrappers hold."""
    while True:
        yield hint
        if get_origin(hint) not in (Required, Annotated):
            return
        hint = get_args(hint)[0]


def _literals(hint: Any) -> Iterator[object]:
    *_, inner = _layers(hint)
    if get_origin(inner) is Literal:
        yield from get_args(inner)
