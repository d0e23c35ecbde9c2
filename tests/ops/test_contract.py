"""What every operation's module has, so that graph, commands and users find it in one place."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from adcli.registry import OpSpec, modules
from adcli.spec.template import Model

ROOT = Path(__file__).parents[2]
MODULES = {module.SPEC.name: module for module in modules("adcli.ops")}
NAMES = sorted(MODULES)
ASKED_FOR = [
    "captions",
    "aspect-ratio",
    "voiceover",
    "packshot",
    "title",
    "grid",
    "crop",
    "music",
    "splice",
    "blur-background",
    "slider",
    "lip-sync",
    "speed",
    "watermark",
    "trim",
    "fade",
    "loudness",
    "colour",
]


def settings_of(module: ModuleType) -> type[BaseModel]:
    model: type[BaseModel] = module.Settings
    return model


def models_in(model: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and those that its lists hold."""
    inner = [
        found
        for field in model.model_fields.values()
        for found in getattr(field.annotation, "__args__", ())
        if isinstance(found, type) and issubclass(found, BaseModel)
    ]
    return [model, *inner]


def test_every_operation_is_there() -> None:
    assert sorted(ASKED_FOR) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_called_what_users_type(name: str) -> None:
    module = MODULES[name]
    assert module.__name__ == f"adcli.ops.{name.replace('-', '_')}"
    assert isinstance(module.SPEC, OpSpec)
    assert module.SPEC.version >= 1 and module.SPEC.settings is module.Settings
    assert module.SPEC.summary and not module.SPEC.summary.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_frozen_and_described(name: str) -> None:
    for model in models_in(settings_of(MODULES[name])):
        assert issubclass(model, Model)
        assert model.model_config["frozen"] and model.model_config["extra"] == "forbid"
        bare = [field for field, info in model.model_fields.items() if not info.description]
        assert not bare, f"{model.__name__} says nothing of {bare}"


@pytest.mark.parametrize("name", NAMES)
def test_apply_takes_a_film_and_settings(name: str) -> None:
    assert list(inspect.signature(MODULES[name].apply).parameters) == ["film", "settings"]


@pytest.mark.parametrize("name", NAMES)
def test_files_are_settings(name: str) -> None:
    module = MODULES[name]
    kinds = {"picture", "video", "shot", "sound", "subtitles", "logo", "lut"}
    assert set(module.SPEC.files.values()) <= kinds
    assert {path.split(".")[0] for path in module.SPEC.files} <= set(module.Settings.model_fields)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_graph_adds_is_no_setting(name: str) -> None:
    """``Given`` has all settings, and more that nobody writes."""
    module = MODULES[name]
    given = getattr(module, "Given", module.Settings)
    assert issubclass(given, module.Settings)
    added = set(given.model_fields) - set(module.Settings.model_fields)
    assert bool(added) == (module.SPEC.stage is not None)


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_has_its_test(name: str) -> None:
    path = Path(__file__).with_name(f"test_{name.replace('-', '_')}.py")
    assert f'"{name}"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_is_documented_with_all_its_settings(name: str) -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"docs/operations.md has no section on {name}"
    section = found[1]
    assert f"- {name}" in section and f"adcli op {name} " in section
    for field, info in settings_of(MODULES[name]).model_fields.items():
        assert f"| `{info.alias or field}` |" in section, f"{name}: no row for {info.alias or field}"


def test_importing_operations_imports_no_renderer() -> None:
    """Plans read their settings; nothing heavy may come with them."""
    code = "import sys; from adcli.registry import catalogue; catalogue(); print(*sys.modules)"
    from tests.sound.making import python

    loaded = set(python(code).split())
    assert not loaded & {"numpy", "PIL", "av", "moviepy", "adcli.media.film"}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("aspect-ratio", {"ratio": "3:2"}, "ratio"),
    ("blur-background", {"scale": 0.1}, "scale"),
    ("captions", {"file": "a.srt", "text": "both"}, "either file or text"),
    ("colour", {}, "at least one of"),
    ("colour", {"strength": 0.5}, "lut, which strength is of"),
    ("crop", {}, "either ratio, or width and height"),
    ("crop", {"ratio": "1:1", "width": 100}, "either ratio, or width and height"),
    ("crop", {"ratio": "square"}, "a shape such as 9:16"),
    ("crop", {"ratio": "9:1"}, "from 1:4 to 4:1"),
    ("crop", {"width": "150%"}, "whole pixels, or a share such as 50%"),
    ("crop", {"width": True}, "whole pixels, or a share such as 50%"),
    ("fade", {"in": -1}, "in"),
    ("grid", {"files": []}, "files"),
    ("grid", {"files": ["a.mp4"], "place": 3}, "a place from 1 to 2"),
    ("grid", {"files": ["a.mp4"], "rows": 1, "columns": 1}, "rows and columns for 2 cells"),
    ("grid", {"files": ["a.mp4"], "labels": ["a", "b", "c"]}, "at most 2 labels"),
    ("loudness", {"lufs": 0}, "lufs"),
    ("music", {}, "file"),
    ("packshot", {"rating": 4.5}, "at least one of image, headline, cta, logo"),
    ("slider", {"file": "a.mp4", "labels": ["one"]}, "labels"),
    ("speed", {"factor": 8}, "factor"),
    ("splice", {}, "at least one of cut, keep, prepend, insert, append"),
    ("splice", {"cut": [{"from": 2, "to": 1}]}, "a time in 'to' after 'from', which is 2"),
    ("splice", {"cut": [{"from": 1, "to": 2}], "keep": [{"from": 1, "to": 2}]}, "either cut or keep"),
    ("title", {"text": "Late", "at": 3, "until": 2}, "a time in 'until' after 'at', which is 3"),
    ("trim", {"from": 3, "to": 2}, "a time in 'to' after 'from', which is 3"),
    ("voiceover", {}, "either text or file"),
    ("watermark", {"text": "a", "file": "a.png"}, "either file or text"),
]


@pytest.mark.parametrize(("name", "settings", "words"), BAD)
def test_settings_that_cannot_be_meant_are_told_before_any_work(
    name: str, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        settings_of(MODULES[name]).model_validate(settings)
    assert words in str(raised.value)


def test_every_module_of_the_package_is_an_operation() -> None:
    folder = ROOT / "adcli" / "ops"
    names = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert {
        importlib.import_module(f"adcli.ops.{name}").SPEC.name.replace("-", "_") for name in names
    } == names


MIRRORED = """
import importlib, sys
from pathlib import Path
from adcli.registry import catalogue
from tests.ops import filming as f
folder = Path(sys.argv[1])
assert "mirror" in catalogue().ops
made = f.film(folder / "made", folder / "wide.mp4", "mirror")
print(*f.colour(f.frames(made)[3], 0.1, 0.5), f.encoders(made))
"""


@pytest.mark.media
def test_the_documented_operation_of_ones_own_works(wide: Path, tmp_path: Path) -> None:
    """As somebody would install it: a module and an entry point, found without a word to adcli."""
    from tests.sound.making import python

    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    point = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert code and point and 'mirror = "my_package.mirror"' in point[1]
    package, dist = tmp_path / "site" / "my_package", tmp_path / "site" / "my_package-1.dist-info"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "mirror.py").write_text(code[1])
    dist.mkdir()
    (dist / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1\n")
    (dist / "entry_points.txt").write_text("[adcli.ops]\nmirror = my_package.mirror\n")
    (tmp_path / "wide.mp4").symlink_to(wide)
    red, _, blue, encoded = map(int, python(MIRRORED, str(tmp_path), first=tmp_path / "site").split())
    assert blue > 200 and red < 40 and encoded == 1
