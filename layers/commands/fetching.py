"""The command that fetches an authority from the public services."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from geo.errors import RequestError
from layers.commands.built import say_built, standing
from layers.commands.deployment import fetch_settings, local_places
from layers.commands.newer import say_newer
from layers.commands.terminal import errors, progress, say, teller
from layers.commands.time_taken import TimeTaken

if TYPE_CHECKING:
    from data.place import Card
    from layers.answers.question import Answer


def fetch(
    authority: Annotated[str, typer.Argument(help="An English local authority: its name, such as Leeds, or its code.")],
    *,
    streets: Annotated[
        Literal["geofabrik", "overpass"],
        typer.Option(
            help="Where streets come from: county extracts (Geofabrik), or Overpass, for fresher data or a small place."
        ),
    ] = "geofabrik",
    offline: Annotated[
        bool, typer.Option("--offline", help="Use only what was fetched before; ask no service.")
    ] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again even for what was fetched today.")] = False,
    own: Annotated[
        list[Path] | None,
        typer.Option(help="A list of your own: the council's return of sites, the search export; repeatable."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say which sources have a newer edition than the place here.")
    ] = False,
    inherited: Annotated[int | None, typer.Option("--held", hidden=True, help="The job's lock, open.")] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Folder in which to note how each answer begins, for tests.")
    ] = None,
) -> None:
    """Fetch an authority's data from the public services and build its place; goes on where it was broken off."""
    if check:
        if offline:
            message = "--check asks the services, and --offline asks nobody: give one of them"
            raise RequestError(message)
        say_newer(authority, fetch_settings(refresh=True, record=record), inherited=inherited)
        return
    from data.fetch.client import Client
    from data.gather.jobs import Job, Progress
    from data.gather.place import STEPS, Choices, fetch_place
    from layers.commands.removing import tidy
    from layers.commands.starting import name_of
    from layers.commands.working import at_work

    before: list[tuple[Card, Answer] | None] = []
    taken = TimeTaken()
    settings = fetch_settings(offline=offline, refresh=refresh, record=record)
    job, of = Job.of(settings.cache, authority), len(STEPS)
    begins = Progress(key=job.key, wanted=authority, name=name_of(job.key, authority), streets=streets, of=of)
    hide = (settings.cache, local_places())
    waits = partial(say, [f"{begins.name}: waiting for another run that is fetching it"])
    with (
        at_work(job, begins, inherited=inherited, hide=hide, waits=waits) as work,
        progress() as bar,
        Client(
            settings, tell=lambda what: (say([what]), work.tell(what)), watch=work.watch, sleep=taken.pause
        ) as client,
    ):
        tidy(local_places())
        tell = teller(bar, of)
        found = fetch_place(
            client,
            authority,
            files=settings.cache / "gathered",
            places=local_places(),
            today=datetime.now(tz=UTC).date(),
            step=lambda what: (tell(STEPS.index(what), what), work.step(STEPS.index(what), what), taken.step(what)),
            choices=Choices(own=own or (), streets=streets),
            replacing=lambda folder: before.append(standing(folder)),
        )
        work.ended(found.place.card.key, found.place.card.name, found.faults)
    say_built(found.place, before[0] if before else None)
    say([taken.said()])
    for fault in found.faults:
        errors.print(f"missing: {fault}", markup=False)
