"""The command that fetches an authority from the public services."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from layers.commands.deployment import fetch_settings, local_places
from layers.commands.terminal import errors, progress, say, teller


def fetch(
    authority: Annotated[str, typer.Argument(help="An English local authority: its name, such as Leeds, or its code.")],
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody: use what was fetched before.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again even for what was fetched today.")] = False,
    record: Annotated[
        Path | None, typer.Option("--record", help="A folder: note there how each answer begins, for tests.")
    ] = None,
) -> None:
    """Fetch an authority's data from the public services and build its place; goes on where it was broken off."""
    from data.fetch.client import Client
    from data.gather.place import STEPS, fetch_place

    settings = fetch_settings(offline=offline, refresh=refresh, record=record)
    with progress() as bar, Client(settings, tell=lambda what: say([what])) as client:
        tell = teller(bar, len(STEPS))
        found = fetch_place(
            client,
            authority,
            files=settings.cache / "gathered",
            places=local_places(),
            today=datetime.now(tz=UTC).date(),
            step=lambda what: tell(STEPS.index(what), what),
        )
    card = found.place.card
    counts = ", ".join(f"{value:,} {what.replace('_', ' ')}" for what, value in card.counts.items())
    typer.echo(f"{card.name}: {counts}")
    for note in card.notes:
        typer.echo(f"- {note}")
    for fault in found.faults:
        errors.print(f"not had: {fault}", markup=False)
