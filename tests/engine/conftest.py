"""An undisturbed run of a real campaign, which several modules start from."""

from __future__ import annotations

import pytest

from benchmarks.crash import Reference, make_reference


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Whatever uses it belongs to the xdist group ``crash``, so that it is made once."""
    return make_reference(tmp_path_factory.mktemp("reference"))
