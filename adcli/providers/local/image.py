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
    """One PNG, RGB, and the layers that it was put together from, for a camera to move through."""
    from adcli.media.layers import LAYERS_TYPE, cut, write_layers
    from adcli.media.photo import open_photo
    from adcli.providers.local.drawing.finish import save_png
    from adcli.providers.local.drawing.layers import draw_layers, flatten
    from adcli.units import Size

    params = job.params
    products = [open_photo(job.file(value).path) for value in params.get("products") or ()]
    person = open_photo(job.file(params["person"]).path) if params.get("person") else None
    drawn = draw_layers(params, products, person)
    picture = flatten(drawn)
    size = {"width": picture.width, "height": picture.height}
    target, layers = job.workdir / "image.png", job.workdir / "layers.zip"
    save_png(picture, target)
    write_layers(layers, Size(*picture.size), cut(drawn))
    return Made({"image": File(target, "image/png", size), "layers": File(layers, LAYERS_TYPE, size)})
