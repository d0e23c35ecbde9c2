"""Judges what a file says about itself: container, codec, colours, size, rate, length, bytes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adcli.media.facts import Colour, Facts, Sound
from adcli.media.findings import Finding, Status, gravest
from adcli.spec.platforms import Limits, PlatformFacts
from adcli.units import AspectRatio

_SHAPE_TOLERANCE = 0.015
_ROUNDING = 0.005
_SEEN_LENGTH = 0.05
"""Seconds by which a length may miss a limit: half a frame of picture, and sound's last packet."""
_PLAIN = ("yuv420p", "yuvj420p")
_CHROMA = ("420", "nv12", "nv21", "p010", "p016")
_BT709 = Colour("bt709", "bt709", "bt709", full_range=False)
_HDR = ("pq", "hlg")
_NAMES = {"h264": "H.264", "mkv": "Matroska", "webm": "WebM", "opus": "Opus", "vorbis": "Vorbis"}


def shape_of(width: int, height: int) -> AspectRatio | None:
    """The ratio whose shape a picture has; None for any other shape."""
    for ratio in AspectRatio:
        if abs(width * ratio.size.height / (height * ratio.size.width) - 1) <= _SHAPE_TOLERANCE:
            return ratio
    return None


@dataclass(frozen=True, slots=True)
class _Rows:
    """A platform's limits and advice, asked for one value at a time."""

    limits: Limits
    advice: Limits
    source: str

    def among(self, check: str, field: str, value: str, found: str) -> Finding:
        """A value that has to be one of a list."""
        for rows, status in ((self.limits, Status.FAIL), (self.advice, Status.WARN)):
            allowed: Sequence[str] | None = getattr(rows, field)
            if allowed is not None and value not in allowed:
                return Finding(check, status, found, _either(allowed), self.source)
        allowed = getattr(self.advice, field) or getattr(self.limits, field)
        return Finding(check, Status.PASS, found, _either(allowed) if allowed else "any", self.source)

    def within(
        self, check: str, name: str, value: float, found: str, unit: str, slack: float = 0.0
    ) -> Finding:
        """A number between ``least_NAME`` and ``most_NAME``, by the limits first, then by the advice."""
        least, most = f"least_{name}", f"most_{name}"
        for rows, status in ((self.limits, Status.FAIL), (self.advice, Status.WARN)):
            low, high = getattr(rows, least, None), getattr(rows, most, None)
            short, long = low is not None and value < low - slack, high is not None and value > high + slack
            if short or long:
                return Finding(check, status, found, _range(low, high, unit), self.source)
        low = _first(getattr(self.advice, least, None), getattr(self.limits, least, None))
        high = _first(getattr(self.advice, most, None), getattr(self.limits, most, None))
        return Finding(check, Status.PASS, found, _range(low, high, unit), self.source)


def judge_file(facts: Facts, platform: PlatformFacts, *, preview: bool = False) -> Iterator[Finding]:
    """All findings about the file itself.

    A ``preview`` of ours is small by intent: its size and its bits a second are not judged.
    """
    rows = _Rows(platform.limits, platform.advice, platform.limits_source)
    yield rows.among("container", "containers", facts.container, _name(facts.container))
    if facts.index_first is not None:
        yield _index(facts)
    yield rows.among("codec", "codecs", facts.codec, _codec(facts))
    yield _pixels(facts)
    yield _colour(facts.colour)
    yield _shape(rows, facts)
    if not preview:
        yield _size(rows, facts)
    yield _rate(rows, facts)
    yield rows.within("duration", "seconds", facts.seconds, f"{facts.seconds:.2f} s", "s", _SEEN_LENGTH)
    yield rows.within("file-size", "mb", facts.size / 1e6, f"{facts.size / 1e6:.1f} MB", "MB")
    if not preview:
        yield rows.within("bitrate", "kbps", facts.kbps, f"{facts.kbps:,.0f} kb/s", "kb/s", _ROUNDING)
    if facts.sound is not None:
        yield from _sound(rows, facts.sound)


def _index(facts: Facts) -> Finding:
    good = bool(facts.index_first)
    found = "the index comes first" if good else "the index comes last"
    status = Status.PASS if good else Status.WARN
    return Finding("fast-start", status, found, "the index (moov) first: it plays at once")


def _codec(facts: Facts) -> str:
    profile = f" {facts.profile}" if facts.profile and facts.codec in ("h264", "hevc") else ""
    return f"{_name(facts.codec)}{profile}"


def _pixels(facts: Facts) -> Finding:
    expected = "yuv420p, square, progressive"
    odd = []
    if not facts.square_pixels:
        odd.append("not square")
    if facts.interlaced:
        odd.append("interlaced")
    found = ", ".join([facts.pix_fmt, *odd])
    if not any(part in facts.pix_fmt for part in _CHROMA):
        return Finding("pixels", Status.FAIL, found, expected)
    plain = facts.pix_fmt in _PLAIN and not odd
    return Finding("pixels", Status.PASS if plain else Status.WARN, found, expected)


def _colour(colour: Colour) -> Finding:
    expected = "BT.709 in limited range, and tagged so"
    if colour == _BT709:
        return Finding("colour", Status.PASS, "BT.709, limited range", expected)
    if colour.transfer in _HDR:
        return Finding("colour", Status.WARN, f"HDR ({colour.transfer.upper()})", expected)
    tags = (colour.primaries, colour.transfer, colour.matrix)
    found = "/".join(tag or "no tag" for tag in dict.fromkeys(tags)) if any(tags) else "no tags"
    if colour.full_range:
        found += ", full range"
    return Finding("colour", Status.WARN, found, expected)


def _shape(rows: _Rows, facts: Facts) -> Finding:
    shape = shape_of(facts.width, facts.height)
    found = shape.value if shape else f"{facts.width / facts.height:.2f}:1"
    return rows.among("shape", "shapes", found, found)


def _size(rows: _Rows, facts: Facts) -> Finding:
    found = f"{facts.width}×{facts.height}"
    short, long = sorted((facts.width, facts.height))
    judged = [
        rows.within("size", "short_side", short, found, "px on the short side"),
        rows.within("size", "width", facts.width, found, "px wide"),
        rows.within("size", "long_side", long, found, "px on the long side"),
    ]
    return gravest([finding for finding in judged if finding.expected != _ANY] or judged)


def _rate(rows: _Rows, facts: Facts) -> Finding:
    found = f"{facts.fps:.4g} fps" + ("" if facts.steady else ", uneven")
    judged = rows.within("frame-rate", "fps", facts.fps, found, "fps", _ROUNDING)
    if judged.status is Status.PASS and not facts.steady:
        return Finding("frame-rate", Status.WARN, found, "every frame as long as the others")
    return judged


def _sound(rows: _Rows, sound: Sound) -> Iterator[Finding]:
    channels = {1: "mono", 2: "stereo"}.get(sound.channels, f"{sound.channels} channels")
    found = f"{_name(sound.codec)}, {sound.rate / 1000:g} kHz, {channels}"
    judged = [
        rows.among("sound", "sound_codecs", sound.codec, found),
        rows.within("sound", "rate", sound.rate, found, "Hz"),
        rows.within("sound", "channels", sound.channels, found, "channels"),
    ]
    yield gravest(judged)


_ANY = "any"


def _either(allowed: Sequence[str]) -> str:
    return " or ".join(_name(one) for one in allowed)


def _name(word: str) -> str:
    """How a format is called: ``h264`` is H.264, most are their letters in capitals."""
    return _NAMES.get(word, word if ":" in word else word.upper())


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _range(low: float | None, high: float | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{low:,g} to {high:,g} {unit}"
    if low is not None:
        return f"{low:,g} {unit} or more"
    return f"at most {high:,g} {unit}" if high is not None else _ANY
