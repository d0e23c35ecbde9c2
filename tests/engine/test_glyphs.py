"""Text that can't be drawn is refused before a run, with its place, its characters and what helps."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from adcli.engine.prepare import Settings, check_campaign, prepare
from adcli.engine.session import opened
from adcli.errors import InvalidInput, Problem
from adcli.media import faces, fonts

CAMPAIGN: dict[str, Any] = {
    "name": "glyphs",
    "template": "problem-solution",
    "product": {"name": "Bottle", "benefits": ["ice cold", "no leaks", "light"]},
    "characters": [{"name": "Maria", "prompt": "woman"}],
}
TIBETAN = "ཀ"


@pytest.fixture
def without_cjk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where the extra is not installed: its package can't be found."""
    caches = (faces.cjk_face, fonts._others)
    monkeypatch.setitem(sys.modules, faces.CJK_PACKAGE, None)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def written(folder: Path, **changes: Any) -> Path:
    file = folder / "campaign.yaml"
    file.write_text(yaml.safe_dump(CAMPAIGN | changes, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


def problems(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as caught:
        check_campaign(file)
    return caught.value.problems


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"product": CAMPAIGN["product"] | {"name": TIBETAN}}, "product.name"),
        ({"product": CAMPAIGN["product"] | {"benefits": ["a", TIBETAN]}}, "product.benefits.1"),
        ({"product": CAMPAIGN["product"] | {"url": f"x.example/{TIBETAN}"}}, "product.url"),
        ({"hooks": ["Fine", f"Hook {TIBETAN}"]}, "hooks.1"),
        ({"voiceover_text": f"Said {TIBETAN}"}, "voiceover_text"),
        ({"characters": [{"name": "Tom", "script": {"hook": f"{TIBETAN}!"}}]}, "characters.0.script.hook"),
        ({"scenes": {"hook": {"text": f"{TIBETAN}!"}}}, "scenes.hook.text"),
        ({"scenes": {"hook": {"voiceover": f"{TIBETAN}!"}}}, "scenes.hook.voiceover"),
        ({"packshots": {"one": {"headline": TIBETAN}}}, "packshots.one.headline"),
        ({"packshots": {"one": {"cta": TIBETAN}}}, "packshots.one.cta"),
    ],
)
def test_each_field_that_is_drawn_is_looked_at(tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    (problem,) = problems(written(tmp_path, **changes))
    assert problem.field == field
    assert "'ཀ' (tibetan letter ka)" in problem.message
    assert problem.line is not None


def test_what_is_not_drawn_may_have_any_characters(tmp_path: Path) -> None:
    people = [{"name": "Maria", "prompt": f"woman {TIBETAN}"}]
    check_campaign(written(tmp_path, characters=people, captions=False, hooks=[f"Said {TIBETAN}"]))
    check_campaign(written(tmp_path, template="image", hooks=[TIBETAN]))


def test_a_run_is_refused_as_validate_refuses(tmp_path: Path) -> None:
    file = written(tmp_path, hooks=[TIBETAN])
    with pytest.raises(InvalidInput, match=r"hooks\.0"):
        prepare(file, Settings())
    with pytest.raises(InvalidInput, match=r"hooks\.0"), opened(file, Settings(), {}, {}, lambda _: False):
        pytest.fail("it was about to run")


@pytest.mark.parametrize(
    "text",
    [
        "Привет 👋🏽",
        "שלום 24",
        "تسوّق الآن",
        "अभी ख़रीदें",
        "ซื้อเลย",
        "Αγόρασε",
        "Mua ngay ₫",
        "→ ✓ ★ ❤️ 👨‍👩‍👧 🇩🇪 1️⃣",
    ],
)
def test_scripts_that_adcli_has_fonts_for_pass(tmp_path: Path, text: str) -> None:
    check_campaign(
        written(tmp_path, scenes={"hook": {"text": text}}, product=CAMPAIGN["product"] | {"name": text})
    )


@pytest.mark.parametrize("text", ["日本のボトル", "今すぐ", "立即购买", "지금 구매"])
def test_east_asian_text_without_the_extra_names_it(tmp_path: Path, without_cjk: None, text: str) -> None:
    (problem,) = problems(written(tmp_path, scenes={"hook": {"text": text}}))
    assert f"'{text[0]}'" in problem.message
    assert 'pip install "adcli[cjk]"' in problem.message


@pytest.mark.parametrize("text", ["日本のボトル", "立即购买", "지금 구매"])
def test_east_asian_text_passes_with_the_extra(tmp_path: Path, text: str) -> None:
    pytest.importorskip(faces.CJK_PACKAGE)
    check_campaign(written(tmp_path, scenes={"hook": {"text": text}}))
