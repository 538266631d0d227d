"""The arguments and options that several commands take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from data.place import Place
    from geo.need import NeedWeights
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
Weights = Annotated[
    str | None,
    typer.Option(help="What counts as need, and how much: imd=1,idaci=1,arrived5=2. What is not named counts 0."),
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


def weights_of(said: str | None, place: Place) -> NeedWeights:
    """How much each part of need counts; the usual weights if nothing was said.

    Raises
    ------
    RequestError
        A part is none that the place has figures for, or its weight is no number that can be one.
    """
    from geo.errors import RequestError
    from geo.need import PART_NAMES, NeedWeights, parts_there

    if said is None:
        return NeedWeights()
    there, given = parts_there(place.card.figures), {}
    for one in parts(said):
        part, _, number = (text.strip() for text in one.partition("="))
        if part not in there:
            message = f"--weights: {place.card.name} has no figures for {part!r}; it has {', '.join(there)}"
            raise RequestError(message)
        try:
            given[part] = float(number)
        except ValueError:
            message = f"--weights: {one!r} has no number; write {part}=1"
            raise RequestError(message) from None
    return NeedWeights(**dict.fromkeys(PART_NAMES, 0.0) | given)


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
