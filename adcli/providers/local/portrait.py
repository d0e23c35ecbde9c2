"""Free draft of stage ``portrait``: a given picture made uniform, else a drawn person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adcli.work import File, Job, Made

LONGEST = 2048
"""Pixels of the longer side, at most."""


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: the given picture alone, or what a person is drawn from."""
    if fields.get("image"):
        return {"image": fields["image"]}
    character = fields.get("character") or {}
    params = {"prompt": fields.get("prompt") or "", "seed": fields.get("seed", 0)}
    return params | ({"character": character} if character else {})


def make(job: Job) -> Made:
    """One PNG: RGB, upright, at most ``LONGEST`` px a side."""
    from adcli.providers.local.drawing.finish import save_png

    picture = _conformed(job) if job.params.get("image") else _drawn(job.params)
    target = job.workdir / "portrait.png"
    save_png(picture, target)
    return Made({"image": File(target, "image/png", {"width": picture.width, "height": picture.height})})


def _conformed(job: Job) -> Any:
    from PIL import Image

    from adcli.media.photo import open_photo
    from adcli.providers.local.drawing.finish import on_neutral

    picture = on_neutral(open_photo(job.file(job.params["image"]).path))
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return picture


def _drawn(params: Mapping[str, Any]) -> Any:
    from adcli.providers.local.drawing.layers import draw_layers, flatten

    scene = {**params, "camera": "portrait", "product_name": ""}
    scene.setdefault("character", {"name": "", "prompt": params["prompt"] or "person"})
    return flatten(draw_layers(scene, products=(), person=None))
