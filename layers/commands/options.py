"""The arguments and options that several commands take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import RequestError

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
Minutes = Annotated[float, typer.Option(help="Longest acceptable walk.")]
Counts = Annotated[
    str, typer.Option(help="Which centres: listed (full and linked), full, hubs, or network (network sites too).")
]
Community = Annotated[
    bool, typer.Option("--community", help="Count published community spaces too; prints both numbers.")
]
Out = Annotated[Path | None, typer.Option(help="Write to FILE.csv, .gpkg, .geojson or .parquet.")]


def question_of(
    to: str, status: str, counts: str, on: datetime | None, profile: str = "buggy", minutes: float = 15
) -> Question:
    """The question that a command's options ask."""
    from layers.answers.question import Question, today

    return Question(
        to=to, statuses=parts(status), counting=counts, day=on.date() if on else today(), profile=profile,
        minutes=minutes,
    )  # fmt: skip


def parts(text: str) -> tuple[str, ...]:
    """What stands between the commas of an option."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def numbers(text: str) -> tuple[float, ...]:
    """The numbers between the commas of an option.

    Raises
    ------
    RequestError
        One is none.
    """
    try:
        return tuple(float(part) for part in parts(text))
    except ValueError:
        message = f"{text[:40]!r} is no list of numbers, such as 5,10,15"
        raise RequestError(message) from None
