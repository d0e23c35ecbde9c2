"""Campaign folders for tests: a small valid one, and one line to load it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from adcli.errors import InvalidInput
from adcli.spec.load import Loaded, load_campaign

Load = Callable[[str], Loaded]
Complain = Callable[[str], list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign's folder with one picture."""
    (tmp_path / "assets").mkdir()
    Image.new("RGB", (64, 96), "teal").save(tmp_path / "assets" / "bottle.png")
    return tmp_path


@pytest.fixture
def load(folder: Path) -> Load:
    """Loads a campaign text from the folder."""

    def loaded(text: str) -> Loaded:
        (folder / "campaign.yaml").write_text(text, encoding="utf-8")
        return load_campaign(folder / "campaign.yaml")

    return loaded


@pytest.fixture
def complain(folder: Path, load: Load) -> Complain:
    """The lines that loading a text complains with, without the folder."""

    def lines(text: str) -> list[str]:
        with pytest.raises(InvalidInput) as caught:
            load(text)
        assert caught.value.exit_code == 3
        return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]

    return lines
