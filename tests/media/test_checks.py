"""What is a fault of a finished video, what is worth a word, and what is neither: judged from facts alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adcli.media.audio import Loudness
from adcli.media.checks import judge
from adcli.media.facts import Colour, Facts, Sound
from adcli.media.file_checks import judge_file, shape_of
from adcli.media.findings import CheckFailed, Finding, Report, Status
from adcli.media.layout import Frame
from adcli.media.picture_checks import (
    Seen,
    Span,
    from_meta,
    joined,
    judge_picture,
    judge_text,
    merged,
    without,
)
from adcli.media.sound_checks import Heard, judge_sound
from adcli.media.subtitles import TextBox
from adcli.spec.platforms import Platform, platform_book
from adcli.units import AspectRatio, Lufs

PASS, WARN, FAIL = Status.PASS, Status.WARN, Status.FAIL
BT709 = Colour("bt709", "bt709", "bt709", full_range=False)
GOOD = Facts(
    container="mp4",
    size=15_000_000,
    seconds=15.0,
    index_first=True,
    width=1080,
    height=1920,
    square_pixels=True,
    interlaced=False,
    frames=450,
    picture_seconds=15.0,
    fps=30.0,
    steady=True,
    codec="h264",
    profile="High",
    pix_fmt="yuv420p",
    colour=BT709,
    sound=Sound("aac", 48000, 2, 15.0),
)


def of_file(platform: str, **changes: Any) -> dict[str, Finding]:
    row = platform_book().platforms[Platform(platform)]
    return {found.check: found for found in judge_file(replace(GOOD, **changes), row)}


@pytest.mark.parametrize("platform", list(Platform))
def test_a_good_video_passes_on_every_platform(platform: Platform) -> None:
    found = of_file(platform.value)
    assert {finding.status for finding in found.values()} == {PASS}, found


@pytest.mark.parametrize(
    ("platform", "changes", "check", "status"),
    [
        ("universal", {"container": "mkv"}, "container", FAIL),
        ("universal", {"container": "mov"}, "container", WARN),
        ("shorts", {"container": "webm"}, "container", WARN),
        ("universal", {"index_first": False}, "fast-start", WARN),
        ("universal", {"codec": "vp9"}, "codec", FAIL),
        ("universal", {"codec": "hevc"}, "codec", WARN),
        ("shorts", {"codec": "av1"}, "codec", WARN),
        ("universal", {"pix_fmt": "yuv444p"}, "pixels", FAIL),
        ("universal", {"pix_fmt": "yuv420p10le"}, "pixels", WARN),
        ("universal", {"square_pixels": False}, "pixels", WARN),
        ("universal", {"interlaced": True}, "pixels", WARN),
        ("universal", {"colour": Colour(None, None, None, full_range=False)}, "colour", WARN),
        ("universal", {"colour": Colour("bt2020", "pq", "bt2020", full_range=False)}, "colour", WARN),
        ("universal", {"colour": replace(BT709, full_range=True)}, "colour", WARN),
        ("universal", {"width": 1000}, "shape", WARN),
        ("tiktok", {"height": 1350}, "shape", WARN),
        ("stories", {"height": 1080}, "shape", WARN),
        ("universal", {"width": 480, "height": 854}, "size", FAIL),
        ("tiktok", {"width": 854, "height": 480}, "size", FAIL),
        ("reels", {"width": 540, "height": 960}, "size", FAIL),
        ("universal", {"width": 2160, "height": 3840}, "size", WARN),
        ("universal", {"fps": 15.0}, "frame-rate", FAIL),
        ("reels", {"fps": 120.0}, "frame-rate", FAIL),
        ("tiktok", {"fps": 120.0}, "frame-rate", WARN),
        ("universal", {"steady": False}, "frame-rate", WARN),
        ("universal", {"seconds": 3.0}, "duration", WARN),
        ("universal", {"seconds": 90.0}, "duration", WARN),
        ("tiktok", {"seconds": 601.0, "size": 90_000_000}, "duration", FAIL),
        ("shorts", {"seconds": 181.0}, "duration", FAIL),
        ("tiktok", {"size": 500_000_001}, "file-size", FAIL),
        ("stories", {"size": 101_000_000}, "file-size", WARN),
        ("tiktok", {"size": 900_000}, "bitrate", FAIL),
        ("universal", {"size": 900_000}, "bitrate", WARN),
        ("reels", {"size": 60_000_000}, "bitrate", WARN),
        ("universal", {"sound": Sound("mp3", 48000, 2, 15.0)}, "sound", FAIL),
        ("universal", {"sound": Sound("aac", 96000, 2, 15.0)}, "sound", FAIL),
        ("reels", {"sound": Sound("aac", 48000, 6, 15.0)}, "sound", FAIL),
    ],
)
def test_a_platform_refuses_or_advises(
    platform: str, changes: dict[str, Any], check: str, status: Status
) -> None:
    found = of_file(platform, **changes)
    assert found[check].status is status, found[check]
    others = {name for name, finding in found.items() if finding.status is FAIL} - {check}
    assert not others


@pytest.mark.parametrize(
    "changes",
    [
        {"fps": 23.976},
        {"fps": 59.94},
        {"seconds": 60.04},
        {"container": "mp4", "sound": None},
        {"sound": Sound("aac", 44100, 1, 15.0)},
        {"width": 1920, "height": 1080},
        {"width": 720, "height": 1280},
    ],
)
def test_what_every_platform_takes_is_no_fault(changes: dict[str, Any]) -> None:
    assert {finding.status for finding in of_file("universal", **changes).values()} == {PASS}


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((1080, 1920), AspectRatio.PORTRAIT),
        ((540, 674), AspectRatio.FEED),
        ((853, 480), AspectRatio.LANDSCAPE),
        ((1080, 1080), AspectRatio.SQUARE),
        ((1000, 1920), None),
    ],
)
def test_a_shape_is_recognised_at_any_size(size: tuple[int, int], shape: AspectRatio | None) -> None:
    assert shape_of(*size) is shape


def test_a_preview_of_ours_is_not_judged_for_its_size(tmp_path: Any) -> None:
    small = replace(GOOD, width=540, height=960, size=300_000)
    seen, heard = Seen(15.0), Heard(15.0, loudness=Loudness(Lufs(-14.0), -1.2))
    ours = judge(tmp_path, Platform.REELS, facts=small, seen=seen, heard=heard, ours=True)
    theirs = judge(tmp_path, Platform.REELS, facts=small, seen=seen, heard=heard)
    assert ours.verdict is PASS
    assert {finding.check for finding in theirs.of(FAIL)} == {"size"}


def test_few_bits_are_advice_where_we_encode_for_a_quality(tmp_path: Any) -> None:
    still = replace(GOOD, size=600_000)
    seen, heard = Seen(15.0), Heard(15.0, loudness=Loudness(Lufs(-14.0), -1.2))
    ours = judge(tmp_path, Platform.TIKTOK, facts=still, seen=seen, heard=heard, ours=True)
    assert [finding.check for finding in ours.of(WARN)] == ["bitrate"]
    assert not ours.of(FAIL)


TITLE = TextBox("title", 3.0, 6.0, 100, 400, 900, 500)
CAPTION = TextBox("caption", 3.0, 6.0, 100, 400, 900, 500)


@pytest.mark.parametrize(
    ("why", "black", "text", "status"),
    [
        ("a fade from black", [(0.0, 0.45)], [], PASS),
        ("a black start", [(0.0, 0.8)], [], FAIL),
        ("a dip between scenes", [(5.0, 5.4)], [], PASS),
        ("a hole", [(5.0, 5.7)], [], FAIL),
        ("a hole over a join", [(5.0, 5.3), (5.3, 5.7)], [], FAIL),
        ("two dips", [(5.0, 5.3), (6.0, 6.3)], [], PASS),
        ("a fade to black", [(14.2, 15.0)], [], PASS),
        ("a long black end", [(12.5, 15.0)], [], WARN),
        ("no picture", [(0.0, 15.0)], [], FAIL),
        ("a title on a black card", [(3.0, 6.0)], [TITLE], PASS),
        ("a black card longer than its title", [(3.0, 7.0)], [TITLE], FAIL),
        ("captions on black", [(3.0, 6.0)], [CAPTION], FAIL),
    ],
)
def test_black_is_a_fault_where_a_viewer_would_wonder(
    why: str, black: list[tuple[float, float]], text: list[TextBox], status: Status
) -> None:
    seen = Seen(15.0, black=tuple(Span(*span) for span in black), text=tuple(text))
    found = {finding.check: finding for finding in judge_picture(seen)}
    assert found["black"].status is status, why


@pytest.mark.parametrize(
    ("why", "frozen", "status"),
    [
        ("nothing stands", [], PASS),
        ("a moment", [(4.0, 5.5)], PASS),
        ("stuck in the middle", [(4.0, 6.5)], WARN),
        ("a still packshot at the end", [(11.0, 15.0)], PASS),
        ("a slide show of one slide", [(0.0, 15.0)], WARN),
    ],
)
def test_a_picture_that_stands_still_is_worth_a_word(
    why: str, frozen: list[tuple[float, float]], status: Status
) -> None:
    seen = Seen(15.0, frozen=tuple(Span(*span) for span in frozen))
    found = {finding.check: finding for finding in judge_picture(seen)}
    assert found["frozen"].status is status, why


def test_black_is_not_called_frozen_too() -> None:
    both = Seen(15.0, black=(Span(4.0, 7.0),), frozen=(Span(4.0, 7.0),))
    found = {finding.check: finding.status for finding in judge_picture(both)}
    assert found == {"black": FAIL, "frozen": PASS}


def test_damage_is_a_fault() -> None:
    found = {finding.check: finding.status for finding in judge_picture(Seen(15.0, damaged=3))}
    assert found["intact"] is FAIL


@pytest.mark.parametrize(
    ("why", "sides", "status"),
    [
        ("in the zone", (200, 400, 800, 500), PASS),
        ("a hair over its edge", (119, 400, 800, 500), PASS),
        ("partly below the buttons", (200, 1180, 800, 1280), WARN),
        ("below what the app writes", (200, 1500, 800, 1600), FAIL),
        ("out of the frame", (-20, 400, 800, 500), FAIL),
    ],
)
def test_text_stands_where_the_app_covers_nothing(
    why: str, sides: tuple[float, float, float, float], status: Status
) -> None:
    frame = Frame(AspectRatio.PORTRAIT, AspectRatio.PORTRAIT.size, Platform.UNIVERSAL)
    assert judge_text([TextBox("caption", 1.0, 2.0, *sides)], frame).status is status, why


def test_the_worst_text_is_told() -> None:
    frame = Frame(AspectRatio.PORTRAIT, AspectRatio.PORTRAIT.size)
    over, hidden = (
        TextBox("caption", 1, 2, 200, 1180, 800, 1280),
        TextBox("title", 4, 5, 200, 1500, 800, 1600),
    )
    found = judge_text([over, hidden], frame)
    assert (found.status, found.found) == (FAIL, "title from 4.0 to 5.0 s is hidden by the app")


def sound(**heard: Any) -> dict[str, Status]:
    loudness = Loudness(Lufs(heard.pop("lufs", -14.0)), heard.pop("peak", -1.2))
    silent = tuple(Span(*span) for span in heard.pop("silent", ()))
    judged = judge_sound(Heard(heard.pop("seconds", 15.0), silent, loudness, **heard), 15.0)
    return {finding.check: finding.status for finding in judged}


@pytest.mark.parametrize(
    ("heard", "check", "status"),
    [
        ({}, "loudness", PASS),
        ({"lufs": -15.0}, "loudness", PASS),
        ({"lufs": -12.4}, "loudness", WARN),
        ({"lufs": -16.2}, "loudness", FAIL),
        ({"lufs": -11.0}, "loudness", FAIL),
        ({"lufs": -17.0, "at_best": True}, "loudness", WARN),
        ({"lufs": -11.0, "at_best": True}, "loudness", FAIL),
        ({}, "true-peak", PASS),
        ({"peak": -0.8}, "true-peak", WARN),
        ({"peak": -0.6}, "true-peak", FAIL),
        ({}, "silence", PASS),
        ({"silent": [(3.0, 5.0)]}, "silence", PASS),
        ({"silent": [(3.0, 6.5)]}, "silence", WARN),
        ({"seconds": 9.0}, "silence", WARN),
        ({"silent": [(0.0, 15.0)]}, "silence", WARN),
        ({"silent": [(0.0, 15.0)], "voiced": True}, "silence", FAIL),
    ],
)
def test_sound_is_judged_as_it_is_heard(heard: dict[str, Any], check: str, status: Status) -> None:
    assert sound(**heard)[check] is status


def test_a_few_soft_effects_need_no_loudness_and_silence_has_none() -> None:
    assert "loudness" not in sound(lufs=-30.0, sparse=True)
    assert sound(lufs=-70.0, peak=float("-inf"), silent=[(0.0, 15.0)]) == {"silence": WARN}


@pytest.mark.parametrize(("voiced", "status"), [(False, WARN), (True, FAIL)])
def test_no_sound_is_a_fault_only_where_somebody_speaks(voiced: bool, status: Status) -> None:
    assert [finding.status for finding in judge_sound(None, 15.0, voiced=voiced)] == [status]


def test_black_goes_on_over_a_join_and_a_still_ends_there() -> None:
    first = Seen(2.0, black=(Span(1.6, 2.0),), frozen=(Span(0.5, 2.0),), text=(TITLE,))
    second = Seen(3.0, black=(Span(0.0, 0.4),), frozen=(Span(0.0, 1.5),))
    both = joined([first, second])
    assert [(round(span.start, 2), round(span.end, 2)) for span in both.black] == [(1.6, 2.4)]
    assert [(span.start, span.end) for span in both.frozen] == [(0.5, 2.0), (2.0, 3.5)]
    assert joined([second, first]).text[0].start == TITLE.start + 3.0


def test_what_was_seen_comes_back_from_a_checkpoint() -> None:
    seen = Seen(2.0, (Span(0.0, 0.5),), (Span(1.0, 2.0),), (TITLE,))
    assert from_meta({"frames": 60, **seen.as_meta()}) == seen
    assert from_meta({"frames": 60}) == Seen(2.0)


@pytest.mark.parametrize(
    ("spans", "holes", "left"),
    [
        ([(0, 4)], [(1, 2)], [(0, 1), (2, 4)]),
        ([(0, 4)], [(0, 4)], []),
        ([(0, 4)], [], [(0, 4)]),
        ([(0, 4), (6, 8)], [(3, 7)], [(0, 3), (7, 8)]),
    ],
)
def test_spans_are_taken_out_of_spans(
    spans: list[tuple[float, float]], holes: list[tuple[float, float]], left: list[tuple[float, float]]
) -> None:
    found = without([Span(*one) for one in spans], [Span(*one) for one in holes])
    assert [(span.start, span.end) for span in found] == left


def test_spans_that_touch_are_one() -> None:
    assert merged([Span(2.0, 3.0), Span(0.0, 1.0), Span(1.02, 2.0)]) == (Span(0.0, 3.0),)


def test_a_failed_check_says_why_and_what_to_do() -> None:
    bad = Finding("black", FAIL, "from 1.0 to 2.0 s", "a picture")
    report = Report(
        Platform.UNIVERSAL, (bad, Finding("frozen", WARN, "from 4.0 to 7.0 s", "a moving picture"))
    )
    assert report.notes() == ("frozen: from 4.0 to 7.0 s; expected: a moving picture",)
    with pytest.raises(CheckFailed, match=r"black: from 1\.0 to 2\.0 s; expected: a picture") as caught:
        report.approved()
    assert caught.value.as_json()["code"] == "check-failed"
    assert "--retake" in str(caught.value.hint)
