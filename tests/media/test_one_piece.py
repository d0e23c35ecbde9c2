"""Scenes with captions and transitions, made apart and joined, show what one lossless pass over all shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media import ffmpeg
from adcli.media.brand_fonts import Fonts
from adcli.media.captions import Word, add_captions, look_of
from adcli.media.footage import Graph, Shot, add_clip
from adcli.media.layout import Frame
from adcli.media.sharing import shared
from adcli.media.subtitles import Document
from adcli.stages import scene
from adcli.units import AspectRatio, Size
from adcli.work import File
from tests.media import rendering as r

pytestmark = pytest.mark.media

FRAMES = (16, 21, 14)
MOVES = ("cut", "swipe", "fade")
SPOKEN = (("Two", "words"), ("come", "and", "go"), ("as", "said"))
LOOK = {
    "style": "tiktok", "position": "center", "font_size": 60, "active_color": "#FFFFFF",
    "inactive_color": "#FFE135", "bounce": True, "bounce_scale": 1.15,
}  # fmt: skip
FRAME = Frame(AspectRatio.SQUARE, Size(r.SIZE, r.SIZE))
_EVENT = re.compile(r"Dialogue: (\d+),([\d:.]+),([\d:.]+),")


def words(number: int) -> list[dict[str, Any]]:
    each = FRAMES[number] / 30 / len(SPOKEN[number])
    return [
        {"text": text, "start": round(place * each, 3), "end": round((place + 1) * each, 3)}
        for place, text in enumerate(SPOKEN[number])
    ]


def segments(folder: Path, clips: Sequence[Path]) -> list[File]:
    import json

    made = []
    for number, clip in enumerate(clips):
        params: dict[str, Any] = {"captions": {**LOOK, "words": json.dumps(words(number)), "lead": 0}}
        if MOVES[number] != "cut":
            tail = {"frames": FRAMES[number - 1], "fit": "crop", "picture": clips[number - 1]}
            params |= {"transition": MOVES[number], "tail": tail}
        made.append(r.render(folder / str(number), clip, FRAMES[number], **params))
    return made


def whole(folder: Path, clips: Sequence[Path]) -> Path:
    """All scenes in one graph, joined before any encoder, with one caption document over all of them."""
    folder.mkdir()
    graph, labels = Graph(folder), []
    for number, clip in enumerate(clips):
        (folder / clip.name).symlink_to(clip)
        label = f"scene{number}"
        shot = Shot(FRAME.size, FRAMES[number], FRAMES[number], "crop")
        add_clip(graph, folder / clip.name, 0, 1, shot, label)
        if MOVES[number] != "cut":
            label = crossed(graph, folder / clips[number - 1].name, number, label)
        labels.append(label)
    (folder / "all.ass").write_text(captions())
    read = "".join(f"[{label}]" for label in labels)
    graph.chains.append(f"{read}concat=n={len(labels)}:v=1:a=0,ass=all.ass,format=yuv420p[out]")
    chains, (out,) = shared(graph.chains, ["out"])
    arguments = ["-v", "error", *graph.arguments, "-filter_complex", ";".join(chains)]
    ffmpeg.run([*arguments, "-map", f"[{out}]", "-c:v", "ffv1", "whole.mkv"], cwd=folder, timeout=120)
    return folder / "whole.mkv"


def crossed(graph: Graph, before: Path, number: int, label: str) -> str:
    recipe, length = scene.TRANSITIONS[MOVES[number]]
    shot = Shot(FRAME.size, length, 1, "crop")
    add_clip(graph, before, FRAMES[number - 1] / 30, 1, shot, f"tail{number}")
    size = FRAME.size
    filters = recipe.format(
        width=size.width, height=size.height, frames=length, fps=30, seconds=length / 30, blur=18
    )
    graph.chains += [
        f"[{label}]split[a{number}][b{number}]",
        f"[a{number}]trim=end_frame={length}[c{number}]",
        f"[tail{number}][c{number}]{filters}[d{number}]",
        f"[b{number}]trim=start_frame={length},setpts=PTS-STARTPTS[e{number}]",
        f"[d{number}][e{number}]concat=n=2:v=1:a=0[f{number}]",
    ]
    return f"f{number}"


def captions() -> str:
    """Each scene's captions at its place on the whole's clock; no event may reach into the next scene."""
    total = Document(FRAME.size, sum(FRAMES) / 30)
    events: list[str] = []
    for number, frames in enumerate(FRAMES):
        part = Document(FRAME.size, frames / 30)
        spoken = [Word(word["text"], word["start"], word["end"]) for word in words(number)]
        add_captions(part, spoken, FRAME, look_of(LOOK, FRAME, Fonts()))
        begins = sum(FRAMES[:number]) / 30
        for event in part.events:
            found = _EVENT.match(event)
            assert found
            events.append(moved(found, begins) + event[found.end() :])
        total.styles = part.styles
    total.events = events
    return total.text()


def moved(found: re.Match[str], by: float) -> str:
    """Times are told in hundredths, and start on a frame: rounded down, as documents do."""
    from adcli.media.subtitles import time

    def later(written: str) -> str:
        hours, minutes, seconds = written.split(":")
        frame = np.ceil((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 30 - 1e-6)
        return time(frame / 30 + by)

    return f"Dialogue: {found[1]},{later(found[2])},{later(found[3])},"


def test_joined_scenes_show_what_one_pass_shows(tmp_path: Path) -> None:
    clips = [
        r.lavfi(tmp_path / f"clip{number}.mp4", f"{source}=s=540x540:r=30:d=2", "-crf", "10")
        for number, source in enumerate(("testsrc2", "smptehdbars", "testsrc"))
    ]
    total = sum(FRAMES)
    joined = r.join(
        tmp_path / "joined", segments(tmp_path / "apart", clips), r.silence(tmp_path / "s.m4a", total), total
    )
    one = r.decoded(whole(tmp_path / "whole", clips))
    two = r.decoded(joined.path)
    assert len(one) == len(two) == total
    likeness = similar(joined.path, tmp_path / "whole" / "whole.mkv", tmp_path)
    assert min(likeness) > 0.93, " ".join(f"{value:.3f}" for value in likeness)


def test_a_caption_one_frame_late_would_be_noticed(tmp_path: Path) -> None:
    """Guards the test above: where a word comes, its frame differs from the one before by more than that."""
    clips = [r.lavfi(tmp_path / "clip.mp4", "color=gray:s=540x540:r=30:d=2")] * 3
    lossless = whole(tmp_path / "whole", clips[:1])
    pictures = r.decoded(lossless)
    begins = int(np.ceil(words(0)[1]["start"] * 30))
    assert np.abs(pictures[begins].astype(int) - pictures[begins - 1]).mean() > 1


def similar(one: Path, other: Path, folder: Path) -> list[float]:
    frames = ";".join(f"[{number}:v]settb=1/30,setpts=N[{name}]" for number, name in enumerate("ab"))
    graph = f"{frames};[a][b]ssim=stats_file=one.txt"
    arguments = ["-v", "error", "-i", str(one), "-i", str(other), "-lavfi", graph, "-f", "null", "-"]
    ffmpeg.run(arguments, cwd=folder, timeout=60)
    return [float(found) for found in re.findall(r"All:([\d.]+)", (folder / "one.txt").read_text())]
