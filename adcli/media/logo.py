"""A brand's logo as pixels, from a picture or an SVG; an SVG is stripped of all that reaches outside it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from adcli.errors import TaskFailed
from adcli.media import svg
from adcli.media.colour import Colour, contrast
from adcli.media.photo import cut_out, open_photo

_MOST_BYTES = 1_000_000
_MOST_ELEMENTS = 20_000
_SMALLEST = 64
_REMOVED = {"script", "foreignObject", "image", "feImage", "text", "metadata"}
"""What a logo of shapes doesn't need: files, scripts, and text, which there are no fonts for."""

_ON_LIGHT, _ON_DARK, _MOST = 1.6, 2.2, 0.6
"""Contrast at which a logo's part stands out from a light and a dark ground, and how much of it has to."""

_HINT = "save it as PNG and name that file"


def open_logo(path: Path, width: int) -> Image.Image:
    """A logo's RGBA pixels without empty margins; an SVG about ``width`` px wide. Raises TaskFailed."""
    with path.open("rb") as file:
        start = file.read(4096)
    if b"<svg" not in start:
        return cut_out(open_photo(path))
    drawn = svg.rasterise_text(shapes_of(path), path.name, max(_SMALLEST, width))
    seen = drawn.getchannel("A").getbbox()
    if seen is None:
        raise TaskFailed(f"the logo {path.name} shows nothing", hint=_HINT)
    return drawn.crop(seen)


def seen(logo: Image.Image, behind: Image.Image, ink: Colour) -> Image.Image:
    """The logo as it is where most of it stands out from what is behind it, else in one colour.

    One with a background of its own is left alone.
    """
    alpha = np.asarray(logo.getchannel("A"))
    if (alpha > 200).mean() > 0.95:
        return logo
    ground = Colour(*(round(part) for part in np.asarray(behind.convert("RGB")).reshape(-1, 3).mean(axis=0)))
    small = np.asarray(logo.resize((48, 48), Image.Resampling.BOX)).reshape(-1, 4)
    least = _ON_LIGHT if ground.luminance > 0.25 else _ON_DARK
    parts = [Colour(*map(int, pixel[:3])) for pixel in small if pixel[3] > 128]
    if not parts or sum(contrast(part, ground) >= least for part in parts) >= _MOST * len(parts):
        return logo
    plain = Image.new("RGBA", logo.size, (*ink, 255))
    plain.putalpha(logo.getchannel("A"))
    return plain


def shapes_of(path: Path) -> str:
    """An SVG file's text with nothing but shapes, gradients, masks and references within the file.

    Raises TaskFailed for a file that is too large, no XML, or that declares entities.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise TaskFailed(f"the logo {path.name} has more than 1 MB", hint=_HINT)
    text = path.read_bytes().decode("utf-8", "replace")
    if "<!ENTITY" in text:
        raise TaskFailed(f"the logo {path.name} declares entities", hint=_HINT)
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 (no entities, at most 1 MB)
    except ElementTree.ParseError as error:
        raise TaskFailed(f"{path.name} can't be drawn: {error}", hint=_HINT) from error
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise TaskFailed(f"the logo {path.name} has too many parts", hint=_HINT)
    _strip(root)
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    return ElementTree.tostring(root, encoding="unicode")


def _strip(element: ElementTree.Element) -> None:
    for name, value in list(element.attrib.items()):
        local = name.rpartition("}")[2]
        outside = local == "href" and not value.strip().startswith("#")
        if outside or local.startswith("on") or _reaches_out(value):
            del element.attrib[name]
    for child in list(element):
        local = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if not local or local in _REMOVED or (local == "style" and _reaches_out(child.text or "")):
            element.remove(child)
        else:
            _strip(child)


def _reaches_out(text: str) -> bool:
    """CSS or an attribute that names something outside of the file."""
    plain = "".join(text.lower().split()).replace("'", "").replace('"', "")
    return "@import" in plain or plain.count("url(") > plain.count("url(#")
