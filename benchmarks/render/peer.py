"""What is asked of another renderer: one ratio of the standard ad, as a command that makes one file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adcli.media.fonts import BLACK
from adcli.units import AspectRatio
from benchmarks.render.cutlist import Cut, CutList, Word

TEMPLATES = Path(__file__).parent / "peers"
WORDS = 4
"""How many words of a caption are seen at a time."""
PRESET, CRF = "veryfast", 20
"""What x264 is told by those that can be told: adcli's ``final``."""
FADE = 0.2
"""Seconds of a transition."""
_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """A command, where it runs, and the video that it leaves behind.

    What a renderer wants to have lying there (a project, a page, a bundle) is made before, uncounted.
    """

    command: Sequence[str | Path]
    folder: Path
    video: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """Its environment: this one's, and more."""
        return {**os.environ, **self.extra}


def groups(ad: CutList) -> Iterator[tuple[Word, ...]]:
    """The words that are seen together: a few, of one sentence, said without a long pause.

    As with adcli, those over the closing picture are only heard.
    """
    group: list[Word] = []
    for word in ad.words:
        if word.start >= ad.closing_start:
            break
        if group and (len(group) == WORDS or _over(group[-1], word)):
            yield tuple(group)
            group = []
        group.append(word)
    if group:
        yield tuple(group)


def _over(last: Word, following: Word) -> bool:
    return last.text.endswith((".", "!", "?")) or following.start - last.end > _PAUSE


def neighbours(cuts: Sequence[Cut]) -> Iterator[tuple[Cut, Cut | None]]:
    """Every cut with the one after it."""
    return zip(cuts, (*cuts[1:], None), strict=True)


def page(ad: CutList, ratio: AspectRatio, folder: Path) -> dict[str, Any]:
    """The ad for a renderer that draws in a browser or a canvas: its files are linked into ``folder``."""
    size = ratio.size
    shots = [
        {
            "file": link(Path(cut.clip), folder, f"clip-{number}.mp4"),
            "start": cut.start,
            "seconds": cut.seconds + (FADE if after and after.transition != "cut" else 0),
            "transition": cut.transition,
        }
        for number, (cut, after) in enumerate(neighbours(ad.cuts))
    ]
    return {
        "width": size.width,
        "height": size.height,
        "seconds": ad.seconds,
        "fade": FADE,
        "shots": shots,
        "closing": link(Path(ad.closing[ratio.value]), folder, "closing.png"),
        "closing_start": ad.closing_start,
        "sound": link(Path(ad.sound), folder, "sound.wav"),
        "font": link(BLACK.path, folder, "font.ttf"),
        "captions": [
            [{"text": word.text, "start": word.start, "end": word.end} for word in group]
            for group in groups(ad)
        ],
        "title": ad.title,
        "title_until": ad.title_until,
        "preset": PRESET,
        "crf": CRF,
    }


def link(path: Path, folder: Path, name: str) -> str:
    """Puts a file into a folder, without copying where that works; gives its name."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, folder / name)
    except OSError:
        shutil.copyfile(path, folder / name)
    return name
