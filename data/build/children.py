"""Children by neighbourhood; and of a council's own table of them, no more than may be shown.

A council may bring births, registrations or another count of its own. Nobody has published it, so few children in one
neighbourhood could be recognised. It is private until somebody says otherwise: `protected` takes out every count under
ten and rounds the others to five, here, before anything is made of them. The place on disk, and with it every page,
command, report and map, is made of the protected counts and of public tables alone. **So no output can tell more than
they do, whatever is added, subtracted or divided**: two tables that differ only in what is hidden make the same place,
byte for byte. And a neighbourhood's protected counts depend on no other neighbourhood, so that no sum can be compared
with its parts (sums are of the rounded counts, and hidden ones are in none of them).

Numbers that are worked out from here on may be small, such as 6 of 40 children beyond a quarter of an hour. They say
how many of a neighbourhood's homes are there: nobody counted six children.

Source: rounding and a least count, as in Hundepool et al. 2012, *Statistical Disclosure Control*, chapter 5.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from data.sources import census, lookups

if TYPE_CHECKING:
    import pandas as pd

    from data.build.inputs import Inputs, Lookups

FEWEST = 10
"""The smallest count of a private table that is shown."""

STEP = 5
"""What the counts of a private table are rounded to."""

OWN = f"the council's own, rounded to {STEP}"
"""Ends the vintage of a private table."""

COUNTS = ["under2", "under5"]


def children_of(
    inputs: Inputs, known: Lookups, areas: pd.DataFrame, notes: list[str]
) -> tuple[str, pd.DataFrame | None]:
    """Children by 2021 code and their vintage, protected if the table is private; none without a file of them.

    Parameters
    ----------
    inputs, known
        The files of a place.
    areas
        Its areas, with ``residents``.
    notes
        What is hidden is added to these.
    """
    if not inputs.children:
        return "", None
    children, table = census.read_children(inputs.children), None
    if children.geography == "oa21":
        table = known.to_areas(children.table, inputs.children)
    elif children.geography == "lsoa11":
        changes = known.area_changes(inputs.children)
        table = lookups.carry_counts(children.table, changes=changes, residents=areas["residents"])
    table = (children.table if table is None else table).reindex(areas.index)
    if dataset_of(inputs, children.vintage) == "children":
        return children.vintage, table
    shown = protected(table[COUNTS])
    hidden = int((table["under5"].notna() & shown["under5"].isna()).sum())
    notes.append(
        "The table of children is taken to be the council's own, and private: "
        f"{hidden:,} neighbourhood{'' if hidden == 1 else 's'} with fewer than {FEWEST} under-fives "
        f"{'has' if hidden == 1 else 'have'} no count here, the other counts are rounded to the nearest {STEP}. If the "
        "table is published, build the place with --children-published."
    )
    return f"{children.vintage}, {OWN}", table.assign(**shown)


def dataset_of(inputs: Inputs, vintage: str) -> str:
    """What a table of children is, by the catalogue: the Census is public, others only where somebody says so.

    Parameters
    ----------
    inputs
        The files of a place.
    vintage
        Of its children; empty where none is known.
    """
    return "children" if inputs.children_published or vintage == census.CENSUS else "own_children"


def protected(counts: pd.DataFrame, *, part: str = "under2", whole: str = "under5") -> pd.DataFrame:
    """What may be shown of a private table: counts of ten and more, to the nearest five; NaN for the others.

    Under-twos are a part of the under-fives, so that both would tell the rest: where fewer than ten are two to four
    years old, the under-twos are hidden too.

    Whoever knows this rule and everything shown knows of a count that is shown only that it is ten or more and at most
    2.5 away; of one that is hidden, that it or the rest is below ten. Every number from 0 to 9 remains possible for
    it: each row stands by itself, and a row with any of these is shown alike.

    Parameters
    ----------
    counts
        ``under2, under5``, children of each area; NaN where not known. Counts of 2011 that were shared out over the
        parts of an area are estimates of those parts, and treated alike.
    part, whole
        What the two are called, if they count something else.
    """
    others = counts[whole] - counts[part]
    shown = counts.where(counts >= FEWEST)
    shown[part] = shown[part].mask(others < FEWEST)
    return (shown / STEP).round() * STEP


def hash_of(areas: pd.DataFrame, dataset: str) -> str:
    """A hash that stands for a private table; that of its file would let anybody try all small counts until it fits.

    Parameters
    ----------
    areas
        With the protected counts.
    dataset
        The table, by the catalogue.
    """
    counts = ["births_abroad"] if dataset == "own_births" else COUNTS
    return hashlib.sha256(areas[counts].to_csv().encode()).hexdigest()
