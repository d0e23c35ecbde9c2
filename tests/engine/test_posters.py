"""Every video has its poster beside it, published and kept like the video itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def out(studio: Studio) -> Path:
    return studio.folder / "out" / str(studio.campaign["name"])


def test_a_poster_lies_beside_each_video(studio: Studio) -> None:
    studio.run()
    videos = {path.stem for path in out(studio).glob("*.mp4")}
    assert videos == {path.stem for path in out(studio).glob("*.jpg")} != set()
    outputs = [output for ad in studio.result["ads"] for output in ad["outputs"]]
    assert {output["type"] for output in outputs} == {"video"}
    assert all(output["poster"] == output["path"].replace(".mp4", ".jpg") for output in outputs)


def test_a_poster_that_is_gone_is_published_again(studio: Studio) -> None:
    studio.run()
    gone = next(out(studio).glob("*9x16.jpg"))
    before = gone.read_bytes()
    gone.unlink()
    assert studio.run() == {"maria/publish@9x16"}
    assert gone.read_bytes() == before
    assert studio.run() == set()


def test_somebody_elses_picture_is_not_replaced(studio: Studio) -> None:
    out(studio).mkdir(parents=True)
    theirs = out(studio) / "maria_9x16.jpg"
    theirs.write_bytes(b"theirs")
    studio.run()
    assert studio.statuses()["maria/publish@9x16"] == "failed"
    assert theirs.read_bytes() == b"theirs"
    studio.run(overwrite=True, retry_failed=True)
    assert studio.statuses()["maria/publish@9x16"] == "done"
    assert theirs.read_bytes() != b"theirs"
