from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adcli.errors import InvalidInput
from adcli.spec.campaign import Campaign, Character
from adcli.spec.load import load_campaign
from tests.spec.test_campaign import EXAMPLE

FIELDS = [*Campaign.model_fields, *Character.model_fields, "videoDuration", "outputFolder", "useBounce", "x"]
BOUNDED = settings(
    max_examples=120,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def load(data: bytes) -> None:
    """Loads a campaign file with this content; anything but success or InvalidInput is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "campaign.yaml"
        path.write_bytes(data)
        try:
            load_campaign(path)
        except InvalidInput as error:
            assert 1 <= len(error.problems) <= 20
            for problem in error.problems:
                assert str(problem).removeprefix(folder).isprintable()
                assert problem.line
                assert problem.column
                assert problem.field


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["9:16", "local", "s3://b/p", "../x", "a.png", "maria", "/dev/zero", ".", "\ud800", "#fff"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner, max_size=4),
    ),
    max_leaves=12,
)
campaigns = st.fixed_dictionaries(
    {
        "name": st.just("demo") | scalars,
        "characters": st.lists(st.dictionaries(st.sampled_from(FIELDS), values)),
    },
    optional={name: values for name in FIELDS if name not in ("name", "characters")},
)


def written(value: Any) -> bytes:
    return yaml.safe_dump(value, allow_unicode=False).encode("utf-8", "surrogatepass")


@BOUNDED
@given(campaigns)
def test_a_generated_campaign_loads_or_is_refused_with_places(campaign: Any) -> None:
    load(written(campaign))


@BOUNDED
@given(st.data())
def test_a_mutated_campaign_loads_or_is_refused_with_places(data: st.DataObject) -> None:
    text = bytearray(EXAMPLE.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        junk = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"[", b"{", b": ", b"\n", b"- ", b"*a", b"&a "])
        )
        text[start:end] = junk
    load(bytes(text))


@BOUNDED
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_refused_with_a_place(text: str) -> None:
    load(text.encode())


@BOUNDED
@given(st.sampled_from(EXAMPLE.splitlines()[1:]), values)
def test_any_value_in_any_line_of_a_valid_campaign_is_taken_or_refused(line: str, value: Any) -> None:
    name = line.partition(":")[0]
    flow = yaml.safe_dump(value, default_flow_style=True, width=10**6).removesuffix("...\n")
    load(EXAMPLE.replace(line, f"{name}: {flow.strip()}").encode("utf-8", "surrogatepass"))
