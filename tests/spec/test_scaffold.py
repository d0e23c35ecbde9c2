from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from adcli.errors import StorageError, UsageError
from adcli.spec.load import load_campaign
from adcli.spec.scaffold import scaffold_folder, write_scaffold
from adcli.spec.templates import list_templates
from adcli.units import AspectRatio


@pytest.mark.parametrize("template", list_templates())
def test_a_scaffold_is_valid_on_every_template(tmp_path: Path, template: str) -> None:
    written = write_scaffold(tmp_path / "new", template)
    assert sorted(path.relative_to(tmp_path / "new").as_posix() for path in written) == [
        "adcli.schema.json",
        "assets/bottle.png",
        *(["assets/clip.mp4"] if template == "post" else []),
        "campaign.yaml",
    ]
    loaded = load_campaign(tmp_path / "new" / "campaign.yaml")
    assert loaded.template.name == template
    assert loaded.warnings == ()


def test_the_demo_shows_two_people_in_every_ratio_and_points_editors_to_the_schema() -> None:
    loaded = load_campaign(scaffold_folder() / "demo.yaml")
    assert set(loaded.campaign.aspect_ratios) == set(AspectRatio)
    assert len(loaded.campaign.characters) == 2
    assert len(loaded.packshots) == 2
    first = (scaffold_folder() / "demo.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=./adcli.schema.json"


def test_the_demos_product_is_a_small_cut_out() -> None:
    path = scaffold_folder() / "assets" / "bottle.png"
    assert path.stat().st_size <= 200_000
    with Image.open(path) as picture:
        assert picture.mode == "RGBA"
        assert picture.getchannel("A").getextrema() == (0, 255)
        assert max(picture.size) >= 1000


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "bottle.png").write_bytes(b"mine")
    with pytest.raises(UsageError, match="already there"):
        write_scaffold(tmp_path, "unboxing")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["bottle.png"]


def test_an_unknown_template_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean unboxing"):
        write_scaffold(tmp_path, "unboxin")


def test_a_folder_that_can_not_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        write_scaffold(tmp_path / "file", "unboxing")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
