"""What ``output.to`` may say, and the names of files below it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.errors import InvalidInput
from adcli.publish.target import (
    FolderTarget,
    S3Target,
    Verdict,
    checked_parts,
    judge,
    parse_target,
    relative_name,
)


def test_a_folder_is_relative_to_the_campaign(tmp_path: Path) -> None:
    assert parse_target("out", tmp_path) == FolderTarget(tmp_path / "out")
    assert parse_target("../out", tmp_path / "campaign") == FolderTarget(tmp_path / "out")
    assert parse_target(str(tmp_path / "abs"), Path("/elsewhere")) == FolderTarget(tmp_path / "abs")


@pytest.mark.parametrize(
    ("text", "bucket", "prefix"),
    [
        ("s3://ads", "ads", ""),
        ("s3://ads/", "ads", ""),
        ("s3://ads.example.com/a/b/", "ads.example.com", "a/b"),
        ("s3://ads/with space/é", "ads", "with space/é"),
    ],
)
def test_an_s3_target_is_a_bucket_and_a_prefix(text: str, bucket: str, prefix: str, tmp_path: Path) -> None:
    assert parse_target(text, tmp_path) == S3Target(bucket, prefix)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "s3://",
            "s3:///x",
            "s3://A/x",
            "s3://ab",
            "s3://a..b/x",
            "s3://127.0.0.1/x",
            "s3://user:pw@bucket/x",
        ),
        *(
            "s3://ads/../x",
            "s3://ads/a//b",
            "s3://ads/a/./b",
            "s3://ads/a\\b",
            "s3://ads/a\nb",
            "s3://ads/\u202ex",
        ),
        *("gs://ads/x", "https://example.com/x", "file:///x", "", "  ", "a\0b"),
    ],
)
def test_what_is_no_target_is_refused_by_the_name_of_its_field(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_target(text, tmp_path, field="--draft-to")
    assert str(caught.value).startswith("--draft-to: ")


def test_a_loop_of_links_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InvalidInput):
        parse_target("loop/out", tmp_path)


@pytest.mark.parametrize(
    ("ids", "ratio", "ext", "draft", "name"),
    [
        (("u1", "p1"), "9x16", "mp4", False, "u1/p1/glow/maria_9x16.mp4"),
        (("u1", "p1"), "9x16", "mp4", True, "u1/p1/glow/draft/maria_9x16.mp4"),
        ((None, "p1"), "1x1", "mp4", False, "p1/glow/maria_1x1.mp4"),
        (("u1", None), "1x1", "png", False, "u1/glow/maria_1x1.png"),
        ((None, None), None, "m4a", False, "glow/maria.m4a"),
        (("", ""), "4x5", "mp4", True, "glow/draft/maria_4x5.mp4"),
    ],
)
def test_a_name_follows_the_contract(
    ids: tuple[str | None, str | None], ratio: str | None, ext: str, draft: bool, name: str
) -> None:
    assert relative_name("glow", *ids, "maria", ratio, ext, draft=draft) == name


@pytest.mark.parametrize(
    "bad",
    [
        "..",
        ".",
        "a/b",
        "/etc",
        "..\\x",
        "a\0",
        "a\n",
        "\u202eexe",
        "con",
        "NUL.txt",
        "x.",
        " x",
        "x" * 256,
        "é" * 128,
    ],
)
def test_a_name_that_would_leave_the_folder_is_refused(bad: str) -> None:
    with pytest.raises(InvalidInput):
        relative_name("glow", bad, "p1", "maria", "9x16", "mp4")
    with pytest.raises(InvalidInput):
        checked_parts(f"u1/{bad}/maria.mp4" if "/" not in bad else f"u1//{bad}")


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=4))
def test_no_accepted_name_ever_leaves_the_folder(segments: list[str]) -> None:
    try:
        parts = checked_parts("/".join(segments))
    except InvalidInput:
        return
    root = Path("/target")
    assert (root / "/".join(parts)).resolve().is_relative_to(root)


def test_a_key_longer_than_s3_takes_is_refused() -> None:
    with pytest.raises(InvalidInput, match="1024"):
        S3Target("ads", "/".join(["p" * 200] * 5)).key("u" * 200)


def test_uris_name_the_object_or_the_file() -> None:
    assert S3Target("ads", "a/b").uri("glow/x.mp4") == "s3://ads/a/b/glow/x.mp4"
    assert S3Target("ads", "").uri("glow/x.mp4") == "s3://ads/glow/x.mp4"
    assert FolderTarget(Path("/my out")).uri("glow/x.mp4") == "file:///my%20out/glow/x.mp4"


@pytest.mark.parametrize(
    ("present", "same", "ours", "overwrite", "verdict"),
    [
        (False, False, False, False, Verdict.CREATE),
        (False, False, True, True, Verdict.CREATE),
        (True, True, False, False, Verdict.REUSE),
        (True, True, True, True, Verdict.REUSE),
        (True, False, True, False, Verdict.REPLACE),
        (True, False, False, True, Verdict.REPLACE),
        (True, False, False, False, Verdict.CONFLICT),
    ],
)
def test_what_stands_at_the_target_decides(
    present: bool, same: bool, ours: bool, overwrite: bool, verdict: Verdict
) -> None:
    assert judge(present=present, same=same, ours=ours, overwrite=overwrite) is verdict
