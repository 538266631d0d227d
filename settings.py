"""The settings of a deployment: environment variables that begin with ``PRAMSHED_``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field
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
    marks_url
        Where the community's marks are kept: ``sqlite:///FILE`` or ``postgresql+psycopg://USER:PASSWORD@HOST/NAME``.
    marks_licence
        A sentence on the terms on which published marks may be used elsewhere; every export says it.
    address
        The address of this dashboard as its readers know it, for links and cards: ``https://walks.example.org``.
    hosts
        Further names of this server, besides that of ``address`` and those this machine has for itself (JSON).
    embedded_by
        Origins that may show the dashboard in a frame (JSON): ``["https://www.example.org"]``; none by default.
    forwarded_by
        Addresses of the proxies in front of it (JSON), believed about whom they forward for: ``["127.0.0.1"]``.
    fetched
        The folder of what is fetched from public services, kept for the next time.
    contact
        A page or an e-mail address by which a service reaches whoever runs this; every question to it says so.
    mirrors
        For a host of a service the address that is asked in its place (JSON): ``{"api.os.uk": "https://mirror/os"}``.
    proxy, certificates
        The network's proxy, if the system does not say; a file of the certificates (PEM) that it signs with.
    fetching
        Who may fetch, build and remove places on a page: ``nobody``, ``administrators`` (of the moderation's accounts)
        or ``this machine`` (whoever's browser runs on it).
    confirm_after_days, lapse_after_days, private_days, refused_days, waiting_days
        How long what is kept of marks: see `data.store.retention.Retention`.
    """

    model_config = SettingsConfigDict(env_prefix="PRAMSHED_", frozen=True, extra="forbid")

    places: Path | None = None
    tiles_url: str | None = None
    tiles_attribution: str = ""
    marks_url: str = f"sqlite:///{Path(__file__).resolve().parent / 'data' / 'local' / 'marks.sqlite'}"
    marks_licence: str = ""
    address: str = ""
    hosts: tuple[str, ...] = ()
    embedded_by: tuple[str, ...] = ()
    forwarded_by: tuple[str, ...] = ()
    fetched: Path = Path(__file__).resolve().parent / "data" / "local" / "fetched"
    contact: str = ""
    mirrors: dict[str, str] = Field(default_factory=dict)
    proxy: str | None = None
    certificates: Path | None = None
    fetching: Literal["nobody", "administrators", "this machine"] = "this machine"
    confirm_after_days: int = Field(default=365, ge=1)
    lapse_after_days: int = Field(default=90, ge=1)
    private_days: int = Field(default=90, ge=1)
    refused_days: int = Field(default=180, ge=1)
    waiting_days: int = Field(default=180, ge=1)

    @property
    def serving(self) -> dict[str, Any]:
        """How the dashboard is served, as `layers.server.served.Served.of` takes it."""
        return {name: getattr(self, name) for name in ("address", "hosts", "embedded_by", "forwarded_by")}

    @property
    def retention(self) -> dict[str, int]:
        """How long what is kept, as `data.store.retention.Retention` takes it."""
        names = ("confirm_after_days", "lapse_after_days", "private_days", "refused_days", "waiting_days")
        return {name: getattr(self, name) for name in names}
