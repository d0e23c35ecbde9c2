"""Pictures that a model might have made: drawn, always the same for the same input."""

from __future__ import annotations

import hashlib
import io
import random
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}


@lru_cache(maxsize=64)
def draw(seed: str, width: int, height: int, suffix: str) -> bytes:
    """Encoded bytes (png, jpg or webp) of a soft scene whose colours and shapes follow from ``seed``."""
    chance = random.Random(hashlib.sha256(seed.encode()).digest())
    sky, ground = (tuple(chance.randrange(30, 226) for _ in range(3)) for _ in range(2))
    gradient = Image.linear_gradient("L").resize((width, height))
    picture = Image.composite(
        Image.new("RGB", (width, height), ground), Image.new("RGB", (width, height), sky), gradient
    )
    pen = ImageDraw.Draw(picture)
    for _ in range(7):
        radius = chance.uniform(0.06, 0.22) * width
        x, y = chance.uniform(0, width), chance.uniform(0.25, 1) * height
        colour = tuple(chance.randrange(256) for _ in range(3))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    picture = picture.filter(ImageFilter.GaussianBlur(width / 200))
    ImageDraw.Draw(picture).text((width / 20, height / 20), seed[:60], fill="white", font_size=width / 24)
    out = io.BytesIO()
    picture.save(out, _FORMATS[suffix])
    return out.getvalue()
