"""Draws all golden pictures anew: ``python -m tests.media.goldens [STYLE …]``."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from adcli.media.caption_styles import style_names
from tests.media.goldens import SCRIPTS, SIZES, Drawing, draw


def main(styles: list[str]) -> None:
    """Writes the pictures of some styles, by default of all."""
    for style in styles or style_names():
        for ratio in SIZES:
            drawings = [Drawing(style, ratio, script) for script in SCRIPTS]
            with TemporaryDirectory() as folder:
                for drawing, path in zip(drawings, draw(drawings, Path(folder)), strict=True):
                    with Image.open(path) as drawn:
                        drawn.convert("RGB").save(drawing.golden, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
