"""The campaigns that come with the repository: one for each archetype, and the demo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from adcli.spec.load import load_campaign
from adcli.spec.scaffold import scaffold_folder
from tests.cli.driving import adcli
from tests.templates.shipped import ARCHETYPES

FOLDER = scaffold_folder()
FILES = sorted(FOLDER.glob("*.yaml"))
GALLERY = [file for file in FILES if file.stem != "demo"]
each = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))


def test_every_archetype_has_a_campaign_named_after_it() -> None:
    assert {file.stem for file in FILES} == {*ARCHETYPES, "demo"}
    for file in GALLERY:
        assert load_campaign(file).template.name == file.stem


@each
def test_a_campaign_is_valid_without_warnings_and_points_editors_to_the_schema(file: Path) -> None:
    assert load_campaign(file).warnings == ()
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./adcli.schema.json"


@each
def test_a_campaign_plans_for_nothing(file: Path, tmp_path: Path) -> None:
    done = adcli("plan", file, "--state", tmp_path / "state", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.json["cost"]["max_usd"] == 0
    assert {task["decision"] for task in done.json["tasks"]} == {"run"}


def test_the_gallery_shows_another_world_each_time() -> None:
    campaigns = [load_campaign(file).campaign for file in GALLERY]
    names = {campaign.product.name for campaign in campaigns if campaign.product}
    people = [character.prompt for campaign in campaigns for character in campaign.characters]
    assert len(names) == len(set(people)) == len(people) == len(ARCHETYPES)
    assert len({campaign.brand.colors for campaign in campaigns if campaign.brand}) == len(ARCHETYPES)
    assert {"en", "de", "es", "fr"} <= {campaign.language for campaign in campaigns}
    assert len({campaign.name for campaign in campaigns} | {"demo"}) == len(FILES)


@pytest.mark.parametrize("picture", sorted(FOLDER.glob("assets/*.png")), ids=lambda path: str(path.stem))
def test_a_product_picture_is_a_small_cut_out_that_a_campaign_shows(picture: Path) -> None:
    assert picture.stat().st_size <= 140_000
    with Image.open(picture) as opened:
        assert opened.convert("RGBA").getchannel("A").getextrema() == (0, 255)
        assert max(opened.size) >= 600
    assert any(f"assets/{picture.name}" in file.read_text(encoding="utf-8") for file in FILES)
