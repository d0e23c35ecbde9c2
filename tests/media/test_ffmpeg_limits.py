"""What ffmpeg is given is bounded, what it says is readable, and nothing is left behind."""

from __future__ import annotations

import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from adcli.errors import TaskFailed
from adcli.media import ffmpeg
from adcli.media.fonts import BLACK, FOLDER, SEMIBOLD
from tests.media import rendering as r

VIEW = {"x": 0.5, "y": 0.5, "zoom": 1.0}


@pytest.mark.media
def test_a_picture_that_would_fill_the_memory_is_refused_with_its_reason(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    Image.new("L", (12_000, 6_000)).save(bomb)
    arguments = ["-v", "error", *ffmpeg.WHITELIST, "-i", bomb.name, "-f", "null", "-"]
    with pytest.raises(TaskFailed, match="exceeds specified max pixel count") as caught:
        ffmpeg.run(arguments, cwd=tmp_path, timeout=60)
    assert "@" not in caught.value.message, "no addresses"
    assert "Terminating" not in caught.value.message


@pytest.mark.media
def test_rendering_leaves_nothing_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "tmp"
    empty.mkdir()
    monkeypatch.setenv("TMPDIR", str(empty))
    monkeypatch.setattr(tempfile, "tempdir", None)
    clip = r.move(tmp_path / "m.zip", r.picture(tmp_path / "p.png", 90, 160), VIEW, VIEW)
    title = {"text": "Hello", "until": None, "kind": "title"}
    r.render(tmp_path / "w", clip, 2, text=title)
    assert list(empty.iterdir()) == []


@pytest.mark.media
@pytest.mark.parametrize("font", [BLACK, SEMIBOLD])
def test_libass_draws_with_our_file_of_each_font(tmp_path: Path, font: object) -> None:
    from adcli.media.fonts import Font
    from adcli.media.subtitles import Document, Style
    from adcli.units import Size

    assert isinstance(font, Font)
    document = Document(Size(320, 180), 1.0)
    document.styles.append(Style("Plain", 40, "#FF0000", font))
    document.add(0, 1, "Plain", "{\\pos(160,90)}Glow")
    (tmp_path / "t.ass").write_text(document.text())
    arguments = ["-v", "info", "-f", "lavfi", "-i", "color=s=320x180:r=30", "-vf", "ass=t.ass"]
    done = ffmpeg.run([*arguments, "-frames:v", "1", "-f", "null", "-"], cwd=tmp_path, timeout=60)
    chosen = [line for line in done.stderr.splitlines() if "fontselect" in line]
    assert chosen
    assert all(font.file in line for line in chosen)


def test_the_font_configuration_names_our_folders_alone() -> None:
    root = ET.parse(FOLDER / "fonts.conf").getroot()
    assert [(tag.tag, tag.text, tag.attrib) for tag in root] == [
        ("dir", ".", {"prefix": "relative"}),
        ("dir", ".", {"prefix": "xdg"}),
        ("cachedir", "/dev/null", {}),
    ]
