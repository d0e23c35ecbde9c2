"""How ads look and sound, as the campaign says: captions, title, brand, music."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Color, Expected, Prose, Sentence

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "karaoke": {"active_color": "#FFE135", "inactive_color": "#FFFFFF", "bounce": False},
    "word": {"font_size": 110.0},
    "box": {
        "font_size": 52.0,
        "active_color": "#FFE135",
        "inactive_color": "#FFFFFF",
        "bounce": False,
    },
    "clean": {"font_size": 46.0, "inactive_color": "#FFFFFF", "bounce": False},
}
"""What a style has instead of the fields' own defaults, which are those of ``tiktok``."""


class Captions(Model):
    """Words on the screen while they are spoken; the active word is marked.

    What the campaign leaves open is as its style looks best.
    """

    style: Annotated[
        Literal["tiktok", "karaoke", "word", "box", "clean"], Field(description="Look of the captions.")
    ] = "tiktok"
    position: Annotated[
        Literal["bottom", "center", "lower-middle"], Field(description="Where the captions stand.")
    ] = "lower-middle"
    font_size: Annotated[
        float, Field(ge=16, le=200, description="Size of the letters in pixels, at 1080 wide.")
    ] = 60
    active_color: Annotated[Color, Field(description="Colour of the word that is spoken, or of its box.")] = (
        "#FFFFFF"
    )
    inactive_color: Annotated[Color, Field(description="Colour of the other words.")] = "#FFE135"
    bounce: Annotated[
        bool, Field(description="The active word grows for a moment; tiktok and word only.")
    ] = True
    bounce_scale: Annotated[float, Field(ge=1, le=2, description="How much the active word grows.")] = 1.15
    max_words: Annotated[
        int | None, Field(ge=1, le=12, description="Most words at a time; the style's own by default.")
    ] = None
    max_lines: Annotated[
        int | None, Field(ge=1, le=3, description="Most lines at a time; the style's own by default.")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _as_the_style_looks_best(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("style"), str):
            return data
        return {**_DEFAULTS.get(data["style"], {}), **data}

    @model_serializer(mode="wrap")
    def _without_what_the_style_has(
        self, dump: SerializerFunctionWrapHandler, info: SerializationInfo
    ) -> dict[str, Any]:
        """Without defaults, those of the style are left out too, and the fields' own are told beside it."""
        shown: dict[str, Any] = dump(self)
        for name, best in _DEFAULTS.get(self.style, {}).items() if info.exclude_defaults else ():
            shown.pop(name, None)
            if (value := getattr(self, name)) != best:
                shown[name] = value
        return shown


class Title(Model):
    """A text that stands on the screen from the first frame."""

    text: Annotated[Sentence, Field(description="What it says.")]
    until: Annotated[float, Field(gt=0, le=180, description="Seconds at which it goes.")] = 1.8


class Music(Model):
    """The bed under the voice: a file, or a wish in words; neither gives a bed that suits the template."""

    file: Annotated[AssetPath | None, Field(description="WAV, MP3, M4A, FLAC or Ogg; or s3://.")] = None
    prompt: Annotated[Prose | None, Field(description="What the music should be like.")] = None

    @model_validator(mode="after")
    def _one_source(self) -> Music:
        if self.file is not None and self.prompt is not None:
            raise Expected("either file or prompt, not both")
        return self


class Brand(Model):
    """Colours, fonts and logo of the brand."""

    colors: Annotated[
        tuple[Color, ...], Field(max_length=8, strict=False, description="The first is the main colour.")
    ] = ()
    fonts: Annotated[
        tuple[AssetPath, ...], Field(max_length=4, strict=False, description="TTF or OTF files.")
    ] = ()
    logo: Annotated[AssetPath | None, Field(description="SVG, PNG, JPEG or WebP.")] = None
