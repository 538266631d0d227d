"""The arguments and options that several commands take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from layers.answers.question import Question

PlaceName = Annotated[str, typer.Argument(metavar="PLACE", help="A name from `places`, or the folder of a place.")]
To = Annotated[
    str, typer.Option(help="centres, play, or a file of sites: GeoJSON, CSV, GeoPackage (FILE#LAYER of several).")
]
Status = Annotated[
    str,
    typer.Option(help="Status of the centres that count: open, linked, announced, closed, no_longer_listed, planned."),
]
On = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day to look at; today if not given.")
]
Profile = Annotated[str, typer.Option(help="Who walks: buggy, adult or toddler.")]
Minutes = Annotated[
    str, typer.Option("--minutes", "--within", help="Longest acceptable walk: minutes, or a distance such as '800 m'.")
]
Thirds = Annotated[
    str, typer.Option(help="Of whose neighbourhoods high, middle and low need are thirds: authority or england.")
]
Counts = Annotated[
    str, typer.Option(help="Which centres: listed (full and linked), full, hubs, or network (network sites too).")
]
Community = Annotated[
    bool, typer.Option("--community", help="Count published community spaces too; prints both numbers.")
]
Out = Annotated[Path | None, typer.Option(help="Write to FILE.csv, .gpkg, .geojson or .parquet.")]


def question_of(
    to: str, status: str, counts: str, on: datetime | None, profile: str = "buggy", minutes: str = "15"
) -> Question:
    """The question that a command's options ask."""
    from layers.answers.question import Question, today

    return Question(
        to=to, statuses=parts(status), counting=counts, day=on.date() if on else today(), profile=profile,
        minutes=minutes_of(minutes, profile),
    )  # fmt: skip


def parts(text: str) -> tuple[str, ...]:
    """What stands between the commas of an option."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def minutes_of(said: str, profile: str) -> float:
    """Minutes of a walk that was given as minutes or as a distance, for a walker.

    Raises
    ------
    RequestError
        It is neither, or there is no such walker.
    """
    from geo.profiles import profile_named
    from geo.thresholds import threshold_of

    return threshold_of(said).minutes_for(profile_named(profile))
