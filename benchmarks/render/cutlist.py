"""What an ad consists of, in words that any renderer understands: for others that make the same one."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from adcli.engine.prepare import Settings, prepare
from adcli.media.ffmpeg import find_ffmpeg
from adcli.units import FPS, AspectRatio
from benchmarks.render.ad import Ad


@dataclass(frozen=True, slots=True)
class Word:
    """A spoken word; times in seconds of the ad."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A clip that is seen for so many seconds from its beginning on, and how it comes in."""

    clip: str
    start: float
    seconds: float
    transition: str


@dataclass(frozen=True, slots=True)
class CutList:
    """One ad: cuts, then a closing picture for each ratio; one finished sound track; captions; a title."""

    seconds: float
    cuts: tuple[Cut, ...]
    closing: dict[str, str]
    closing_start: float
    sound: str
    words: tuple[Word, ...]
    title: str
    title_until: float

    def save(self, path: Path) -> Path:
        """Writes it as JSON."""
        path.write_text(json.dumps(asdict(self)))
        return path


def cut_list(ad: Ad) -> CutList:
    """The list of an ad that has been rendered; sound and closing pictures are taken from its videos."""
    made = prepare(ad.file, Settings())
    cuts: list[Cut] = []
    words: list[Word] = []
    at = 0
    ratio = made.loaded.campaign.aspect_ratios[0].slug
    for name in ad.scenes():
        params = made.plan.graph.tasks[f"maria/{name}/scene@{ratio}"].params
        start = at / FPS
        at += params["frames"]
        if name != "cta":
            clip = made.plan.graph.assets[params["picture"]["clip"]["$asset"]].path
            cuts.append(Cut(str(clip), start, params["frames"] / FPS, params.get("transition", "cut")))
        if voice := made.plan.graph.tasks.get(f"maria/{name}/voice"):
            words += _words(made, voice.id, start)
    seconds, closing = at / FPS, at / FPS - params["frames"] / FPS
    pictures = {video.stem.rpartition("_")[2]: _frame(video, seconds - 0.5) for video in ad.videos}
    title = made.loaded.campaign.title
    assert title is not None
    return CutList(
        seconds,
        tuple(cuts),
        {AspectRatio.from_slug(slug).value: str(path) for slug, path in pictures.items()},
        closing,
        str(_sound(ad.videos[0])),
        tuple(words),
        title.text,
        title.until,
    )


def _words(made: object, task: str, start: float) -> list[Word]:
    from adcli.engine.prepare import Prepared

    assert isinstance(made, Prepared)
    found = made.decider.settled(made.plan.graph.tasks[task])
    assert found is not None
    assert found.outputs is not None
    rows = json.loads(found.outputs["words"].text or "[]")
    return [Word(row["text"], start + 0.3 + row["start"], start + 0.3 + row["end"]) for row in rows]


def _frame(video: Path, at: float) -> Path:
    path = video.parent.parent / f"{video.stem}-closing.png"
    _ffmpeg("-ss", f"{at:.3f}", "-i", video, "-frames:v", "1", path)
    return path


def _sound(video: Path) -> Path:
    path = video.parent.parent / "sound.wav"
    _ffmpeg("-i", video, "-vn", "-ar", "48000", path)
    return path


def _ffmpeg(*arguments: str | Path) -> None:
    subprocess.run([find_ffmpeg(), "-v", "error", "-nostdin", "-y", *arguments], check=True)
