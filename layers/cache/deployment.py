"""The settings of this deployment, read once."""

from __future__ import annotations

import os
from functools import lru_cache

from settings import Settings


def settings() -> Settings:
    """The settings of this deployment."""
    return _settings(tuple(sorted(pair for pair in os.environ.items() if pair[0].upper().startswith("PRAMSHED_"))))


@lru_cache(maxsize=4)  # not Streamlit's: a page asks often, and these texts are a key as they are
def _settings(variables: tuple[tuple[str, str], ...]) -> Settings:  # noqa: ARG001 (what it reads)
    return Settings()
