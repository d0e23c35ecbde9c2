"""Operation ``captions`` writes words when they are spoken, wherever they come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.errors import TaskFailed
from adcli.media.film_words import read_subtitles, shared
from adcli.media.layout import Box, Frame
from adcli.units import AspectRatio, Size
from adcli.work import File
from tests.ops import filming as f

pytestmark = pytest.mark.media

SRT = """1
00:00:00,100 --> 00:00:00,200
Hello <i>dear</i>

2
00:00:00,300 --> 00:00:00,450
{\\an8}world &amp; all
"""
VTT = "WEBVTT\n\nNOTE a remark\n\n00:00.100 --> 00:00.450 position:50%\n<v Maria>Hello\nthere\n"


def said(*words: tuple[str, float, float]) -> str:
    return json.dumps([{"text": text, "start": start, "end": end} for text, start, end in words])


def seen(made: File) -> list[bool]:
    """Whether each frame of an even video has something written on it."""
    return [bool(np.ptp(picture.astype(int)) > 100) for picture in f.frames(made)]


def test_words_come_when_they_are_spoken(grey: Path, tmp_path: Path) -> None:
    lines = [{"words": said(("Hello", 0.0, 0.1)), "start": 0.2}]
    shown = seen(f.film(tmp_path, grey, {"captions": {"lines": lines}}))
    assert not any(shown[:6]) and all(shown[6:9])


@pytest.mark.parametrize("style", ["tiktok", "karaoke", "word", "box", "clean"])
def test_every_style_stands_in_the_zone(grey: Path, tmp_path: Path, style: str) -> None:
    lines = [{"words": said(("Hello", 0.0, 0.2), ("there", 0.2, 0.4)), "start": 0.0}]
    plain = f.film(tmp_path, grey, {"crop": {"height": "100%"}})
    made = f.film(tmp_path, grey, {"captions": {"lines": lines, "style": style}})
    found = Box(*f.inked(made, plain, 4))
    assert found.inside(Frame(AspectRatio.PORTRAIT, Size(180, 320)).zone, 1.5)


@pytest.mark.parametrize(("name", "text"), [("words.srt", SRT), ("words.vtt", VTT)])
def test_words_come_from_subtitles(grey: Path, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    shown = seen(f.film(tmp_path, grey, {"captions": {"file": tmp_path / name}}))
    assert not any(shown[:3]) and all(shown[4:6])


def test_subtitles_are_read_without_their_marks(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_bytes("\ufeff".encode() + SRT.replace("\n", "\r\n").encode())
    words = read_subtitles(tmp_path / "a.srt")
    assert [word.text for word in words] == ["Hello", "dear", "world", "&", "all"]
    assert words[0].start == 0.1 and words[1].end == pytest.approx(0.2)
    (tmp_path / "a.vtt").write_text(VTT)
    assert [word.text for word in read_subtitles(tmp_path / "a.vtt")] == ["Hello", "there"]


def test_words_share_a_time_by_their_length() -> None:
    short, long = shared("a abcdefg", 1.0, 2.2)
    assert short.start == 1.0 and long.end == pytest.approx(2.2)
    assert short.end == long.start == pytest.approx(1.3)


def test_a_text_is_spread_over_the_speech(tmp_path: Path) -> None:
    spoken = "aevalsrc='0.3*sin(2*PI*300*t)*(between(t,0.5,0.9)+between(t,1.6,2.0))':s=48000:c=stereo"
    still = "color=0x404040:s={size}:r={rate}:d={seconds}"
    source = f.video(tmp_path / "spoken.mp4", 2.2, source=still, sound=spoken)
    shown = seen(f.film(tmp_path, source, {"captions": {"text": "Hello there", "style": "word"}}))
    assert not any(shown[:14]) and all(shown[17:26])
    assert not any(shown[36:46]) and all(shown[50:59])


def test_a_text_over_silence_fills_the_film(tmp_path: Path) -> None:
    still = "color=0x404040:s={size}:r={rate}:d={seconds}"
    source = f.video(tmp_path / "mute.mp4", 0.5, source=still, sound=None)
    assert all(seen(f.film(tmp_path, source, {"captions": {"text": "Hello there"}}))[1:])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "there are no words to write"),
        ({"lines": [{"words": said(("Late", 0, 1)), "start": 5.0}]}, r"no words to write within 0\.50 s"),
    ],
)
def test_no_words_are_refused(grey: Path, tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(TaskFailed, match=words):
        f.film(tmp_path, grey, {"captions": settings})


def test_a_file_without_cues_is_refused(grey: Path, tmp_path: Path) -> None:
    (tmp_path / "list.srt").write_text("milk\nbread\n")
    with pytest.raises(TaskFailed, match=r"list\.srt has no subtitles: found no line such as 00:00:01,000"):
        f.film(tmp_path, grey, {"captions": {"file": tmp_path / "list.srt"}})
