"""The shipped platforms: every row has its sources, and the documentation tells the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.spec.platforms import Limits, Platform, insets, platform_book
from adcli.units import AspectRatio

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"
_BOUNDS = (
    ("short_side", "short side {} px"),
    ("width", "width {} px"),
    ("long_side", "long side {} px"),
    ("fps", "{} fps"),
    ("seconds", "{} s"),
    ("mb", "{} MB"),
    ("kbps", "{} kb/s"),
    ("rate", "{} Hz"),
    ("channels", "{} channels"),
)


def told(limits: Limits) -> str:
    """A row's limits in the words of the documentation."""
    lists = (limits.containers, limits.codecs, limits.sound_codecs, limits.shapes)
    words = [" or ".join(map(str, names)) for names in lists if names is not None]
    for name, words_of in _BOUNDS:
        least, most = getattr(limits, f"least_{name}", None), getattr(limits, f"most_{name}", None)
        if least is not None or most is not None:
            low, high = (f"{value:,g}" if value is not None else "" for value in (least, most))
            words.append(
                words_of.format(f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}")
            )
    return "; ".join(words)


@pytest.mark.parametrize("platform", list(Platform))
def test_the_documentation_tells_what_is_judged(platform: Platform) -> None:
    row = platform_book().platforms[platform]
    line = f"| {platform.value} | {told(row.limits)} | {told(row.advice)} |"
    assert line in DOCS.read_text(encoding="utf-8").splitlines(), line


@pytest.mark.parametrize("platform", list(Platform))
def test_every_row_says_where_it_is_from(platform: Platform) -> None:
    row = platform_book().platforms[platform]
    assert row.source
    assert row.limits_source
    assert f"- **{platform.value}**: {row.limits_source}" in DOCS.read_text(encoding="utf-8")


def test_universal_keeps_clear_of_what_every_platform_covers() -> None:
    for ratio in AspectRatio:
        ours = insets(Platform.UNIVERSAL, ratio)
        for platform in Platform:
            theirs = insets(platform, ratio)
            for side in ("top", "right", "bottom", "left"):
                assert getattr(ours, side) >= getattr(theirs, side), (platform, ratio, side)
