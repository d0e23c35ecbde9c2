"""What a campaign may say about its closing picture."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from adcli.media import packshot as drawn
from adcli.spec.packshot import Packshot, design_names


def test_the_designs_that_may_be_written_are_those_that_can_be_drawn() -> None:
    assert design_names() == drawn.design_names()
    assert len(design_names()) >= 3
    for name in design_names():
        assert Packshot.model_validate({"design": name}).design == name


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("design", "splitt", "did you mean split"),
        ("badge", "Save twenty per cent", "at most 14 characters"),
        ("badge", "two\nlines", "one line"),
        ("rating", 5.1, "5"),
        ("rating", -1, "0"),
        ("reviews", "x" * 41, "at most 40 characters"),
        ("legal", "x" * 201, "200"),
        ("subline", "", "1"),
    ],
)
def test_what_a_packshot_has_no_room_for_is_an_error(field: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Packshot.model_validate({field: value})
