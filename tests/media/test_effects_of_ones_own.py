"""Effects from modules: what is loaded is the file whose content is in the key, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adcli.errors import TaskFailed
from adcli.stages import effects
from adcli.work import File
from tests.media import rendering as r

pytestmark = pytest.mark.media

FLAT = """
import numpy as np
from dataclasses import dataclass
from moviepy import Effect

@dataclass
class Flat(Effect):
    level: int = {level}

    def apply(self, clip):
        return clip.image_transform(lambda frame: np.full_like(frame, self.level))
"""


@pytest.fixture(autouse=True)
def clean_imports() -> Iterator[None]:
    before, path = set(sys.modules), list(sys.path)
    yield
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("flat", "tools_of_mine", "odd"):
            del sys.modules[name]
    sys.path[:] = path


def level(folder: Path, module: Path, name: str, of: str | None = None, **params: int) -> int:
    """The grey that an effect of a module leaves; ``of`` is its class where it has another name."""
    clip = folder / "clip.mp4"
    if not clip.exists():
        r.counted(clip, 4)
    row = {"name": name, "params": params, "source": {"$input": 1}} | ({"class": of} if of else {})
    given = {**effects.SPEC.defaults, "clip": {"$input": 0}, "frames": 2, "effects": [row]}
    work = folder / f"work-{len(list(folder.glob('work-*')))}"
    made = effects.make(r.job(given, [r.artifact(clip), r.artifact(module)], work)).outputs["clip"]
    assert isinstance(made, File)
    return round(float(r.decoded(made.path)[1].mean()))


def test_a_module_beside_the_campaign_is_used_with_its_parameters(tmp_path: Path) -> None:
    module = tmp_path / "flat.py"
    module.write_text(FLAT.format(level=60))
    assert level(tmp_path, module, "flat:Flat") == pytest.approx(60, abs=2)
    assert level(tmp_path, module, "flat:Flat", level=180) == pytest.approx(180, abs=2)


def test_an_effect_of_a_package_has_a_name_of_its_own(tmp_path: Path) -> None:
    module = tmp_path / "flat.py"
    module.write_text(FLAT.format(level=60))
    assert level(tmp_path, module, "Shiny", of="flat:Flat", level=90) == pytest.approx(90, abs=2)


def test_an_edit_is_seen_even_within_the_same_second_and_length(tmp_path: Path) -> None:
    module = tmp_path / "flat.py"
    for wanted in (60, 90, 30):
        module.write_text(FLAT.format(level=wanted))
        assert level(tmp_path, module, "flat:Flat") == pytest.approx(wanted, abs=2)


def test_a_module_of_a_package_can_use_its_neighbours(tmp_path: Path) -> None:
    package = tmp_path / "tools_of_mine"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "grey.py").write_text("LEVEL = 120\n")
    module = package / "flat.py"
    module.write_text("from .grey import LEVEL\n" + FLAT.format(level="LEVEL"))
    assert level(tmp_path, module, "tools_of_mine.flat:Flat") == pytest.approx(120, abs=2)


def test_another_module_of_that_name_does_not_get_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "flat.py").write_text(FLAT.format(level=250))
    monkeypatch.syspath_prepend(str(other))
    module = tmp_path / "flat.py"
    module.write_text(FLAT.format(level=60))
    assert level(tmp_path, module, "flat:Flat") == pytest.approx(60, abs=2)


BROKEN = {
    "an error while it is imported": ("raise RuntimeError('no camera')", "RuntimeError: no camera"),
    "no such class": ("x = 1", "AttributeError"),
    "no apply": ("class Odd:\n    pass", "is no effect: it has no apply"),
    "no clip": ("class Odd:\n    def apply(self, clip):\n        return None", "gave no clip"),
    "an error in a later frame": (
        "class Odd:\n    def apply(self, clip):\n"
        "        return clip.transform(lambda get, t: get(t) if t == 0 else 1 / 0)",
        "effect odd:Odd failed: ZeroDivisionError",
    ),
    "no picture": (
        "class Odd:\n    def apply(self, clip):\n"
        "        return clip.transform(lambda get, t: get(t)[:, :, 0:0])",
        "picture of shape",
    ),
}


@pytest.mark.parametrize(("source", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_wrong_with_a_module_is_told_in_a_line(tmp_path: Path, source: str, told: str) -> None:
    module = tmp_path / "odd.py"
    module.write_text(source)
    with pytest.raises(TaskFailed, match=told) as failure:
        level(tmp_path, module, "odd:Odd")
    assert "\n" not in failure.value.message


def test_frames_may_be_changed_in_place_and_may_change_their_size(tmp_path: Path) -> None:
    module = tmp_path / "odd.py"
    module.write_text(
        "class Odd:\n    def apply(self, clip):\n        def work(get, t):\n            frame = get(t)\n"
        "            frame[...] = 90\n            return frame if t == 0 else frame[:-10, :-20]\n"
        "        return clip.transform(work)\n"
    )
    assert 50 < level(tmp_path, module, "odd:Odd") < 70
