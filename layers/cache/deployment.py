"""The settings of this deployment, read once."""

from __future__ import annotations

import os

import streamlit as st

from settings import Settings


def settings() -> Settings:
    """The settings of this deployment."""
    return _settings(tuple(sorted(pair for pair in os.environ.items() if pair[0].upper().startswith("PRAMSHED_"))))


@st.cache_resource(max_entries=4, show_spinner=False)
def _settings(variables: tuple[tuple[str, str], ...]) -> Settings:  # noqa: ARG001 (what it reads)
    return Settings()
