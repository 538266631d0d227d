"""What is missing of a place's streets, in words: where, which centres that cuts off, whose answer it may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.scenario import apply
from geo.sites import serving
from layers.answers.question import serving_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.place import Card, Place
    from layers.answers.question import Question

COMPLETE = 0.995
"""From this share on, of the land around and inside, nothing is said to be missing."""


def is_missing(card: Card) -> bool | None:
    """Whether streets are missing in the authority or up to 3 km beyond; None if that was not looked at."""
    found = card.coverage
    if found is None:
        return None
    return min(found.inside, 1.0 if found.beyond is None else found.beyond) < COMPLETE


def streets_said(card: Card) -> str:
    """How much of the authority and of the land around it the street file covers, in a sentence."""
    found = card.coverage
    if found is None:
        return "Whether the street file covers the whole place is not known: build the place again to see."
    if not is_missing(card):
        around = "" if found.beyond is None else " and all the land up to 3 km beyond"
        return f"The street file covers all of {card.authority_name}{around}."
    around = "" if found.beyond is None else f" and {_share(found.beyond)} of the land up to 3 km beyond"
    return f"Streets are missing: the street file covers {_share(found.inside)} of {card.authority_name}{around}."


def sides_said(card: Card) -> str:
    """The same for each eighth of the compass, outside and inside of the boundary."""
    found = card.coverage
    if found is None:
        return ""
    said = [
        f"{where}, {', '.join(f'{side} {_share(part)}' for side, part in shares.items() if part is not None)}"
        for where, shares in (("up to 3 km beyond the boundary", found.around), ("as far inside it", found.edge))
    ]
    return f"land with streets {'; '.join(said)}."


def unreached_on(centres: gpd.GeoDataFrame, question: Question) -> gpd.GeoDataFrame:
    """The centres that would count for a question if anybody could walk to them, with ``status`` as of its day.

    Parameters
    ----------
    centres
        The place's, as `geo.tables.Sites`.
    question
        What is asked.
    """
    if "unreached" not in centres or question.to != "centres":
        return centres[:0]
    every = serving(
        apply(centres, question.changes).drop(columns="unreached"), day=question.day, statuses=question.statuses,
        counting=question.counting, context=question.context, reading=question.reading,
    )  # fmt: skip
    apart = every.index.difference(serving_of(centres, question).index, sort=False)
    return every.loc[apart].assign(unreached=True)


def unreached_said(apart: pd.DataFrame) -> str:
    """How many centres cannot be walked to, and why, in a sentence; empty if all can.

    Parameters
    ----------
    apart
        As `unreached_on` gives them.
    """
    if apart.empty:
        return ""
    ours, nowhere, one = int(apart["inside"].sum()), int(apart["geometry"].isna().sum()), len(apart) == 1
    whose = [f"{ours:,} here"] * (ours > 0) + [f"{len(apart) - ours:,} of neighbours"] * (ours < len(apart))
    why = [
        f"{words} {f'{number:,}' if number < len(apart) else 'it' if one else 'them'}"
        for words, number in (
            ("no street that we have leads to", len(apart) - nowhere), ("no coordinates are known of", nowhere),
        )
        if number
    ]  # fmt: skip
    return f"{' and '.join(whose)} cannot be walked to and {'counts' if one else 'count'} nowhere: {' and '.join(why)}."


def near_said(gaps: pd.DataFrame) -> str:
    """How many neighbourhoods' answers could change if nothing were missing, in a sentence; empty if none could.

    Parameters
    ----------
    gaps
        As `layers.answers.question.gaps_on` makes them; of all areas, or of some.
    """
    near, known = int((gaps["near_missing_streets"] == "yes").sum()), int(gaps["gap_rank"].notna().sum())
    if not near:
        return ""
    whose = "Its walk" if known == 1 else f"In {near:,} of the {known:,} neighbourhoods whose walk is known it"
    return f"{whose} may be shorter than shown, as streets are missing nearby."


def in_one_line(place: Place, question: Question, gaps: pd.DataFrame) -> str:
    """All of it in short, for the first page of a report and the first lines of a command; empty if nothing is missing.

    Parameters
    ----------
    place, question
        What is asked, of which place.
    gaps
        The answer, as `near_said` takes it.
    """
    missing, apart = is_missing(place.card), len(unreached_on(place.centres(), question))
    said = [
        *([] if missing is False else [streets_said(place.card)]),
        *([f"{apart:,} centre{' that nobody can walk to counts' if apart == 1 else 's that nobody can walk to count'} "
           "nowhere."] if apart else []),
        near_said(gaps),
    ]  # fmt: skip
    return " ".join(filter(None, said))


def _share(part: float) -> str:
    """A share that is neither 0 nor 1 is not said to be."""
    if 0 < part < 0.01:
        return "less than 1%"
    return f"{min(part, 0.99):.0%}" if part < 1 else "100%"
