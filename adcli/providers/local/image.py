"""Free draft of stage ``image``: a drawn scene, with the product's photo and the person's where given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adcli.work import File, Job, Made

_KEPT = ("prompt", "seed", "product_description", "camera", "visual")
"""Fields that change the drawing, besides those that are left out when they are empty."""


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: what the drawing depends on, nothing that is empty.

    A photo of the product makes its name irrelevant; ``visual`` matters only for a green screen.
    """
    params = {name: fields[name] for name in _KEPT if fields.get(name) not in (None, "")}
    if params.get("visual") != "green-screen":
        params.pop("visual", None)
    products = list(fields.get("products") or ())[:1]
    if products:
        params["products"] = products
        params.pop("product_description", None)
    for name in ("product_name", "person", "character", "colors"):
        if fields.get(name):
            params[name] = fields[name]
    return params


def make(job: Job) -> Made:
    """One PNG of 1152×2048, RGB."""
    from adcli.media.photo import open_photo
    from adcli.providers.local.drawing.finish import save_png
    from adcli.providers.local.drawing.layers import draw_layers, flatten

    params = job.params
    products = [open_photo(job.file(value).path) for value in params.get("products") or ()]
    person = open_photo(job.file(params["person"]).path) if params.get("person") else None
    picture = flatten(draw_layers(params, products, person))
    target = job.workdir / "image.png"
    save_png(picture, target)
    return Made({"image": File(target, "image/png", {"width": picture.width, "height": picture.height})})
