"""Any video can be judged: one that is bad in one way is told so, and a good one passes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import TaskFailed
from adcli.media.checks import judge
from adcli.media.facts import read_facts
from adcli.media.findings import Finding, Report, Status
from adcli.spec.platforms import Platform
from tests.media import checking as c

pytestmark = pytest.mark.media

WARN, FAIL = Status.WARN, Status.FAIL
QUIET = "aevalsrc='0.02*sin(2*PI*997*t)|0.02*sin(2*PI*997*t)':s=48000"
PEAKY = "aevalsrc='(0.2+0.79*between(t,0.5,0.51))*sin(2*PI*997*t)|0.2*sin(2*PI*997*t)':s=48000"
SILENT = "anullsrc=r=48000:cl=stereo"
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")
OPUS = ("-c:a", "libopus")
PLAIN = ("-c:v", "libx264", "-preset", "ultrafast")


def findings(report: Report) -> dict[str, Finding]:
    return {finding.check: finding for finding in report.findings}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return c.video(tmp_path_factory.mktemp("good") / "good.mp4", 5.2)


def test_a_good_video_passes(good: Path) -> None:
    report = judge(good)
    assert report.verdict is Status.PASS, [finding.sentence() for finding in report.findings]
    told = findings(report)
    assert told["loudness"].found == "-14.0 LUFS"
    assert told["duration"].found == "5.20 s"
    assert {
        "container",
        "fast-start",
        "codec",
        "pixels",
        "colour",
        "shape",
        "size",
        "frame-rate",
        "duration",
    } < {*told}


@pytest.mark.parametrize(
    ("name", "made", "check", "status", "found"),
    [
        ("a.mkv", {}, "container", FAIL, "Matroska"),
        ("a.webm", {"codec": VP9, "tags": (), "sound": OPUS, "rest": ()}, "codec", FAIL, "VP9"),
        ("a.mp4", {"rest": ()}, "fast-start", WARN, "the index comes last"),
        ("a.mp4", {"codec": HEVC, "tags": ()}, "codec", WARN, "HEVC Main"),
        ("a.mp4", {"codec": PLAIN, "pix_fmt": "yuv444p"}, "pixels", FAIL, "yuv444p"),
        ("a.mp4", {"codec": PLAIN, "pix_fmt": "yuv420p10le"}, "pixels", WARN, "yuv420p10le"),
        ("a.mp4", {"picture": f"{c.MOVING},setsar=2"}, "pixels", WARN, "yuv420p, not square"),
        ("a.mp4", {"tags": ()}, "colour", WARN, "no tags"),
        ("a.mp4", {"picture": "testsrc2=s=540x700:r=30"}, "shape", WARN, "0.77:1"),
        ("a.mp4", {"picture": "testsrc2=s=270x480:r=30"}, "size", FAIL, "270×480"),
        ("a.mp4", {"picture": "testsrc2=s=540x960:r=12"}, "frame-rate", FAIL, "12 fps"),
        ("a.mp4", {"picture": f"{c.MOVING},select='not(between(n,9,14))'", "rest": ("-fps_mode", "vfr")},
         "frame-rate", WARN, "uneven"),
        ("a.mp4", {}, "duration", WARN, "1.00 s"),
        ("a.mp4", {"picture": c.parts(("black", 0.8), ("moving", 0.7)), "seconds": 1.5}, "black", FAIL,
         "from 0.0 to 0.8 s"),
        ("a.mp4", {"picture": c.parts(("moving", 0.5), ("black", 0.7), ("moving", 0.5)), "seconds": 1.7},
         "black", FAIL, "from 0.5 to 1.2 s"),
        ("a.mp4", {"picture": "color=black:s=540x960:r=30"}, "black", FAIL, "no picture"),
        ("a.mp4", {"picture": c.parts(("still", 2.4), ("moving", 0.6)), "seconds": 3.0}, "frozen", WARN,
         "from 0.0 to 2.4 s"),
        ("a.mp4", {"tone": None}, "silence", WARN, "no sound at all"),
        ("a.mp4", {"tone": SILENT}, "silence", WARN, "silent throughout"),
        ("a.mp4", {"tone": f"{c.TONE},volume='1-between(t,0.5,3.7)':eval=frame", "seconds": 4.2}, "silence",
         WARN, "from 0.5 to 3.7 s"),
        ("a.mp4", {"tone": QUIET}, "loudness", FAIL, "-34.0 LUFS"),
        ("a.mp4", {"tone": PEAKY}, "true-peak", FAIL, "dBTP"),
        ("a.mp4", {"sound": ("-c:a", "libmp3lame")}, "sound", FAIL, "MP3, 48 kHz, stereo"),
    ],
)  # fmt: skip
def test_a_bad_video_is_told_what_is_bad(
    name: str, made: dict[str, Any], check: str, status: Status, found: str, tmp_path: Path
) -> None:
    told = findings(judge(c.video(tmp_path / name, **made)))
    assert told[check].status is status, told[check]
    assert found in told[check].found


@pytest.mark.parametrize(
    ("why", "made", "check"),
    [
        ("a fade from black", {"picture": f"{c.MOVING},fade=in:d=0.5"}, "black"),
        ("a dip to black", {"picture": c.parts(("moving", 0.5), ("black", 0.4), ("moving", 0.5))}, "black"),
        ("a still at the end", {"picture": c.parts(("moving", 0.5), ("still", 2.5))}, "frozen"),
        ("a pause", {"tone": f"{c.TONE},volume='1-between(t,1,2.9)':eval=frame"}, "silence"),
    ],
)
def test_what_good_ads_do_is_no_fault(why: str, made: dict[str, Any], check: str, tmp_path: Path) -> None:
    told = findings(judge(c.video(tmp_path / "good.mp4", 3.0, **made)))
    assert told[check].status is Status.PASS, told[check]


def test_a_platform_has_its_own_limits(tmp_path: Path) -> None:
    still = c.video(tmp_path / "still.mp4", 2.0, picture="color=navy:s=540x960:r=30")
    assert findings(judge(still, Platform.TIKTOK))["bitrate"].status is FAIL
    assert "bitrate" in findings(judge(still, Platform.SHORTS))
    assert findings(judge(still, Platform.REELS))["size"].status is FAIL
    assert findings(judge(still, Platform.SHORTS))["size"].status is Status.PASS


def test_a_silent_video_fails_where_somebody_was_to_speak(tmp_path: Path) -> None:
    silent = c.video(tmp_path / "silent.mp4", tone=SILENT)
    assert findings(judge(silent, voiced=True))["silence"].status is FAIL


def test_a_damaged_video_is_noticed(good: Path, tmp_path: Path) -> None:
    data, dice = bytearray(good.read_bytes()), random.Random(1)
    start = data.index(b"mdat") + 2000
    for _ in range(40):
        at = start + dice.randrange(len(data) - start - 30)
        data[at : at + 30] = dice.randbytes(30)
    hurt = tmp_path / "hurt.mp4"
    hurt.write_bytes(data)
    assert findings(judge(hurt))["intact"].status is FAIL


def test_the_picture_is_judged_as_it_is_shown(good: Path, tmp_path: Path) -> None:
    from adcli.media import ffmpeg

    wide = tmp_path / "turned.mp4"
    arguments = ["-v", "error", "-display_rotation", "90", "-i", str(good), "-c", "copy", wide.name]
    ffmpeg.run(arguments, cwd=tmp_path, timeout=60)
    facts = read_facts(wide)
    assert (facts.width, facts.height) == (960, 540)


def _cut_off(good: Path, target: Path) -> None:
    target.write_bytes(good.read_bytes()[:-5000])


def _text(good: Path, target: Path) -> None:
    target.write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")


def _sound_alone(good: Path, target: Path) -> None:
    from adcli.media import ffmpeg

    arguments = ["-v", "error", "-i", str(good), "-vn", "-c", "copy", target.name]
    ffmpeg.run(arguments, cwd=target.parent, timeout=60)


def _picture(_good: Path, target: Path) -> None:
    from PIL import Image

    Image.new("RGB", (540, 960)).save(target, "PNG")


@pytest.mark.parametrize("spoil", [_cut_off, _text, _sound_alone, _picture])
def test_what_is_no_whole_video_is_unreadable(
    spoil: Callable[[Path, Path], None], good: Path, tmp_path: Path
) -> None:
    target = tmp_path / "what.mp4"
    spoil(good, target)
    with pytest.raises(TaskFailed) as caught:
        judge(target)
    assert caught.value.as_json()["code"] == "unreadable"


def test_an_odd_name_is_only_a_name(good: Path, tmp_path: Path) -> None:
    odd = tmp_path / "-i we'ird:100%d [x];.mp4"
    odd.write_bytes(good.read_bytes())
    assert judge(odd).verdict is Status.PASS
