"""Canonical JSON and the hashes that name work."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.keys import Json, NotCanonical, canonical, key_of, recipe_of, work_document

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FLOATS | st.text()
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_key_order_spacing_and_whole_floats_do_not_matter() -> None:
    assert canonical({"b": 5.0, "a": [1, None]}) == b'{"a":[1,null],"b":5}'
    assert canonical({"a": (1, None), "b": Decimal("5.000")}) == b'{"a":[1,null],"b":5}'  # type: ignore[dict-item]


def test_text_is_kept_as_utf8() -> None:
    assert canonical("Мария 🎉") == '"Мария 🎉"'.encode()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {1: "a"}, {"a": object()}, b"x", {"a"}, "\ud800"]
)
def test_a_value_without_a_canonical_form_is_an_error(value: Json) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@given(DOCUMENTS)
def test_any_json_document_has_one_form_or_is_refused(document: Json) -> None:
    try:
        first = canonical(document)
    except NotCanonical:
        return
    assert first == canonical(document)
    assert b"\n" not in first


def test_recipe_and_key_of_one_document_differ() -> None:
    document = work_document(
        stage="image", version=1, provider="local", model=None, params={"seed": 42}, take=None, inputs=[]
    )
    assert recipe_of(document) != key_of(document)


def test_absent_parts_are_left_out_and_present_ones_count() -> None:
    def recipe(take: int | None) -> str:
        return recipe_of(
            work_document(
                stage="image", version=1, provider=None, model=None, params={}, take=take, inputs=[]
            )
        )

    assert recipe(None) == recipe_of({"stage": "image", "version": 1, "params": {}, "inputs": []})
    assert recipe(2) != recipe(None)


def test_golden_hashes_hold() -> None:
    """If this fails, every user's finished work would be made again: bump a stage's version instead."""
    document = work_document(
        stage="image",
        version=1,
        provider="replicate",
        model="black-forest-labs/flux-1.1-pro",
        params={"prompt": {"$text": [{"$input": 0}]}, "seed": 42, "aspect_ratio": "9:16"},
        take=2,
        inputs=[["ab" * 32, "body-1.image_prompt"]],
    )
    assert recipe_of(document) == "fc95b9e0dd64819ebf17b0d17cf033e6d0a6afab5d3815efdaf03d1f510214c5"
    assert key_of(document) == "673a0494fa7d1accd3b27668cd7a9d7c2400cf1fb1ca27f3fe4f01c98951fb33"
