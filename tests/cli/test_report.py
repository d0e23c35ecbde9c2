"""`adcli report` draws a sheet of every finished video, and says what to do when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.driving import adcli, write

VIDEO = {"template": "problem-solution", "aspect_ratios": ["1:1", "16:9"]}


@pytest.mark.media
def test_every_finished_video_gets_a_sheet(tmp_path: Path) -> None:
    """With a relative state folder: programs that run in folders of their own have to find it."""
    write(tmp_path, **VIDEO)
    kept = ("--quality", "preview", "--state", "kept")
    assert adcli("run", *kept, "-s", "maria/publish@1x1", cwd=tmp_path).code == 0
    done = adcli("report", *kept, "--out", "sheets", "--json", cwd=tmp_path)
    assert done.code == 0
    assert done.json["sheets"] == [{"ad": "maria", "variant": "1x1", "path": "sheets/maria_1x1.png"}]
    with Image.open(tmp_path / "sheets" / "maria_1x1.png") as sheet:
        assert sheet.width > 3 * 480
    small = adcli("report", *kept, "--format", "jpg", "--height", "120", "--out", ".", cwd=tmp_path)
    assert small.out.split() == ["maria_1x1.jpg"]
    with Image.open(tmp_path / "maria_1x1.jpg") as sheet:
        assert sheet.height < 240


def test_without_a_finished_video_there_is_nothing_to_show(tmp_path: Path) -> None:
    write(tmp_path, **VIDEO)
    done = adcli("report", cwd=tmp_path)
    assert done.code == 2
    assert "no finished video" in done.err and "adcli run" in done.err
    assert not (tmp_path / "report").exists()
