"""The settings of a deployment: environment variables that begin with ``PRAMSHED_``."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One frozen object; docs/deploy.md names every field.

    Parameters
    ----------
    places
        A folder of places besides the bundled one and ``data/local/places``.
    tiles_url
        Address template of a background map (``{z}/{x}/{y}``); none by default, so that no request leaves the machine.
    tiles_attribution
        What the provider of that map wants to be said.
    """

    model_config = SettingsConfigDict(env_prefix="PRAMSHED_", frozen=True, extra="forbid")

    places: Path | None = None
    tiles_url: str | None = None
    tiles_attribution: str = ""
