"""The island's streets, which most answers walk along, read once."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def _streets_once(streets_once):
    """They are read, and its homes joined to them, once for all answers."""
    with pytest.MonkeyPatch.context() as patch:
        streets_once.patch(patch)
        yield
