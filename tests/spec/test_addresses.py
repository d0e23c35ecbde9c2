from __future__ import annotations

from pathlib import Path

import pytest

from adcli.media import ffmpeg
from adcli.spec.addresses import is_remote, looks_like_video, named, problem_of, stem
from adcli.spec.assets import Use, read_asset
from tests.spec.conftest import Complain, Load

HTTPS, S3 = "https://cdn.example.com/a%20b/Clip.MP4", "s3://bucket/a/clip.mov"


@pytest.mark.parametrize(
    ("written", "remote"),
    [
        (HTTPS, True),
        (S3, True),
        ("HTTPS://cdn.example.com/x", True),
        ("http://127.0.0.1:8080/x", True),
        ("assets/https.png", False),
        ("/srv/s3:/x.png", False),
        ("ftp://host/x.png", False),
    ],
)
def test_an_address_is_told_from_a_path(written: str, remote: bool) -> None:
    assert is_remote(written) is remote


@pytest.mark.parametrize(
    ("written", "name", "file", "video"),
    [
        (HTTPS, HTTPS, "Clip.MP4", True),
        (f"{HTTPS}?X-Amz-Signature=1&x=2", HTTPS, "Clip.MP4", True),
        (f"{HTTPS}?sig=1#v2", f"{HTTPS}#v2", "Clip.MP4", True),
        (f"{HTTPS}#a?b", f"{HTTPS}#a?b", "Clip.MP4", True),
        (f"{S3}?x#y", f"{S3}?x#y", "clip.mov?x#y", False),
        ("https://x.example/bottle.png", "https://x.example/bottle.png", "bottle.png", False),
        ("https://x.example", "https://x.example", "", False),
        ("https://x.example/a%00%0A%1Bb.mp4", "https://x.example/a%00%0A%1Bb.mp4", "ab.mp4", True),
        ("s3://x", "s3://x", "", False),
    ],
)
def test_an_address_is_named_without_what_may_be_secret(
    written: str, name: str, file: str, video: bool
) -> None:
    assert (named(written), stem(written), looks_like_video(written)) == (name, file, video)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (HTTPS, None),
        (S3, None),
        ("http://localhost/x.png", None),
        ("http://[::1]:80/x.png", None),
        ("http://10.0.0.7/x.png", "not encrypted"),
        ("http://localhost.example.com/x.png", "not encrypted"),
        ("https://user@cdn.example.com/x.png", "user name or password"),
        ("https://cdn.example.com:99999/x.png", "without a host"),
        ("https:///x.png", "without a host"),
        ("https://[::1/x.png", "without a host"),
        ("s3://bucket", "no bucket and key"),
        ("s3://bucket/folder/", "no bucket and key"),
        ("s3://B/x", "no bucket and key"),
    ],
)
def test_an_address_that_can_not_be_fetched_is_known_by_its_form(written: str, words: str | None) -> None:
    found = problem_of(written)
    assert found is None if words is None else words in (found or "")


def test_one_address_can_not_be_a_picture_and_a_video(complain: Complain) -> None:
    (line,) = complain(
        "name: demo\nproduct: {name: X, images: ['https://x.example/a']}\n"
        "characters: [{name: M}]\nscenes: {hook: {clip: 'https://x.example/a'}}\n"
    )
    assert line.startswith("campaign.yaml:4:")
    assert "scenes.hook.clip" in line
    assert "expected MP4" in line


def test_a_signed_address_may_be_as_long_as_its_token(load: Load) -> None:
    long = f"https://x.example/m.png?token={'a' * 2500}"
    (file,) = load(f"name: demo\ncharacters: [{{name: M, image: '{long}'}}]\n").remote
    assert (file.written, file.use) == (long, Use.PICTURE)


@pytest.mark.media
def test_a_local_video_is_known_by_its_upright_size_and_its_length(tmp_path: Path) -> None:
    for name, form in (("v.mp4", "libx264"), ("v.mkv", "libx264"), ("v.webm", "libvpx-vp9")):
        source = ["-f", "lavfi", "-i", "testsrc=size=64x32:rate=25:duration=1.2", "-c:v", form]
        ffmpeg.run(["-y", *source, "-pix_fmt", "yuv420p", name], cwd=tmp_path, timeout=60)
        asset = read_asset(tmp_path / name, Use.CLIP)
        assert (asset.width, asset.height) == (64, 32)
        assert asset.seconds == pytest.approx(1.2, abs=0.05), name
    ffmpeg.run(["-y", "-i", "v.mkv", "-metadata", "title=\udce9t\udce9", "old.mkv"], cwd=tmp_path, timeout=60)
    assert b"title" not in (tmp_path / "v.mkv").read_bytes().lower()
    assert b"\xe9t\xe9" in (tmp_path / "old.mkv").read_bytes()
    assert read_asset(tmp_path / "old.mkv", Use.CLIP).width == 64
    turned = ["-display_rotation", "90", "-i", "v.mp4", "-c", "copy", "turned.mp4"]
    ffmpeg.run(["-y", *turned], cwd=tmp_path, timeout=60)
    asset = read_asset(tmp_path / "turned.mp4", Use.CLIP)
    assert (asset.width, asset.height) == (32, 64)


@pytest.mark.media
def test_a_video_that_is_also_taken_as_a_sound_keeps_its_size_and_length(load: Load, folder: Path) -> None:
    source = ["-f", "lavfi", "-i", "testsrc=size=64x32:rate=25:duration=1.2", "-pix_fmt", "yuv420p"]
    ffmpeg.run(["-y", *source, "v.mp4"], cwd=folder, timeout=60)
    text = "name: demo\ntemplate: post\ninputs: {video: v.mp4}\npost: [{music: {file: v.mp4}}]\n"
    assert load(text).assets["v.mp4"].seconds == pytest.approx(1.2, abs=0.05)
