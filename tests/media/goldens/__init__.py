"""Small pictures of captions in every style, every ratio and some scripts, and how like them a drawing is.

They were drawn with the fonts that come with adcli and the ffmpeg that ``constraints.txt`` names. After a
change that is meant to be seen, look at what ``python -m tests.media.goldens`` writes, and commit it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from adcli.media import ffmpeg
from adcli.media.layout import Frame
from adcli.media.subtitles import TextBox
from adcli.units import AspectRatio, Size
from tests.media import caption_cases as cases

FOLDER = Path(__file__).parent
SCRIPTS = ("latin", "hebrew", "devanagari", "thai", "japanese", "emoji")
SIZES = {
    AspectRatio.PORTRAIT: Size(270, 480),
    AspectRatio.FEED: Size(270, 338),
    AspectRatio.SQUARE: Size(270, 270),
    AspectRatio.LANDSCAPE: Size(480, 270),
}
_GROUND = ("#1d2b3a", "#8a8f7a", "#d9c7a3", "#7d4a5e")
_MARGIN = 6
_SCORES = re.compile(r"([YUV]):([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Drawing:
    """One caption of a sentence that is being spoken; ``later`` is for how many seconds more."""

    style: str
    ratio: AspectRatio
    script: str
    later: float = 0.0

    @property
    def golden(self) -> Path:
        """The picture that it should look like."""
        return FOLDER / f"{self.style}_{self.ratio.slug}_{self.script}.png"

    def write(self, folder: Path, number: int) -> tuple[str, TextBox]:
        """The filter that draws it, and where it stands; puts what that needs into the folder."""
        document = cases.drawn(self.style, Frame(self.ratio, SIZES[self.ratio]), self.script)
        box = document.boxes[min(len(document.boxes) - 1, 4 if self.style == "word" else 1)]
        at = box.start + 0.6 * (box.end - box.start) + self.later
        (folder / f"{number}.ass").write_text(document.text(), encoding="utf-8")
        return f"settb=1/1000,setpts={round(1000 * at)},ass={number}.ass,format=rgb24", box


def draw(drawings: Sequence[Drawing], folder: Path) -> list[Path]:
    """The drawings of one ratio as pictures."""
    chains, outputs = _chains(drawings, folder), []
    for number, _ in enumerate(drawings):
        outputs += ["-map", f"[o{number}]", "-frames:v", "1", f"{number}.png"]
    filters = [f"{chain}[o{number}]" for number, (chain, _) in enumerate(chains)]
    _run([*_split(len(drawings)), *filters], ["-i", "ground.png"], outputs, folder)
    return [folder / f"{number}.png" for number, _ in enumerate(drawings)]


def likeness(drawings: Sequence[Drawing], folder: Path) -> list[float]:
    """How like its golden picture each drawing of one ratio is: SSIM around the caption, least channel."""
    inputs, filters, outputs = ["-i", "ground.png"], _split(len(drawings)), []
    for number, (chain, box) in enumerate(_chains(drawings, folder)):
        window = _window(box, SIZES[drawings[number].ratio])
        (folder / f"golden{number}.png").write_bytes(drawings[number].golden.read_bytes())
        inputs += ["-i", f"golden{number}.png"]
        filters += [
            f"{chain},crop={window},format=yuv444p,settb=1/1000,setpts=0[a{number}]",
            f"[{number + 1}]format=rgb24,crop={window},format=yuv444p,settb=1/1000,setpts=0[b{number}]",
            f"[a{number}][b{number}]ssim=stats_file={number}.log[o{number}]",
        ]
        outputs += ["-map", f"[o{number}]", "-frames:v", "1", "-f", "null", "-"]
    _run(filters, inputs, outputs, folder)
    logs = [(folder / f"{number}.log").read_text() for number, _ in enumerate(drawings)]
    return [min(float(score) for _, score in _SCORES.findall(log)) for log in logs]


def _chains(drawings: Sequence[Drawing], folder: Path) -> list[tuple[str, TextBox]]:
    size = SIZES[drawings[0].ratio]
    ground = Image.new("RGB", (size.width, size.height))
    for number, colour in enumerate(_GROUND):
        band = Image.new("RGB", (size.width, size.height), colour)
        ground.paste(band, (number * size.width // len(_GROUND), 0))
    ground.save(folder / "ground.png")
    drawn = [drawing.write(folder, number) for number, drawing in enumerate(drawings)]
    return [(f"[s{number}]{chain}", box) for number, (chain, box) in enumerate(drawn)]


def _split(count: int) -> list[str]:
    return [f"[0]split={count}" + "".join(f"[s{number}]" for number in range(count))]


def _window(box: TextBox, size: Size) -> str:
    left, top = max(0, round(box.left) - _MARGIN), max(0, round(box.top) - _MARGIN)
    right, bottom = min(size.width, round(box.right) + _MARGIN), min(size.height, round(box.bottom) + _MARGIN)
    return f"{right - left}:{bottom - top}:{left}:{top}"


def _run(filters: Sequence[str], inputs: Sequence[str], outputs: Sequence[str], folder: Path) -> None:
    arguments = ["-v", "error", "-y", *inputs, "-filter_complex", ";".join(filters), *outputs]
    ffmpeg.run(arguments, cwd=folder, timeout=120)
