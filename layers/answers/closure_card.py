"""One closure in words: what happened, who says so, whose nearest centre it was, the nearest centre that is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pandas as pd

from geo.days import day_text
from geo.whole import shown
from layers.answers.ledger import said_of
from layers.answers.losses import hours, longer

if TYPE_CHECKING:
    from data.place import Card as PlaceCard
    from layers.answers.losses import Losses

_WHY_NOT = {
    "off_network": "It lies more than 250 m from any street we have",
    "not_located": "The register gives it no coordinates",
}


@dataclass(frozen=True, kw_only=True)
class EventCard:
    """What the page says of one closure; every line is plain text."""

    title: str
    said: tuple[str, ...]
    """What happened and when."""
    sources: tuple[str, ...]
    """Who says so, and when."""
    facts: tuple[tuple[str, str], ...] = ()
    """Whose nearest site it was, and how much longer they walk."""
    counted: tuple[tuple[str, str], ...] = ()
    """What it took, counted in three ways."""
    goes: tuple[tuple[str, str, str], ...] = ()
    """Which site that is left is nearest to its families: site, how many, how much longer they would walk."""


def event_card(losses: Losses, site_id: str, place: PlaceCard) -> EventCard:
    """The card of a closure.

    Parameters
    ----------
    losses
        What was lost.
    site_id
        Of one of its events.
    place
        For its name and the vintages.
    """
    row = cast("pd.Series", losses.events.loc[site_id])
    known = row["reached"] == "yes"
    return EventCard(
        title=str(row["name"]),
        said=tuple(_happened(losses, row, place)),
        sources=tuple(_sources(row)),
        facts=tuple(_facts(losses, row, place)) if known else (),
        counted=tuple(_counted(losses, row)) if known and not pd.isna(row["share_crossed"]) else (),
        goes=tuple(_goes(losses, site_id)) if known else (),
    )


def _happened(losses: Losses, row: pd.Series, place: PlaceCard) -> list[str]:
    said = [f"{row['said']}."]
    if row["event"] == "downgraded":
        said.append("We take it that a linked site was a full centre once; it offers less now.")
        if row["status"] in ("closed", "announced", "no_longer_listed"):
            site = losses.found.lost.gone.loc[row.name]
            later = {"event": row["status"], "event_day": site["closed"], "event_precision": site["date_precision"]}
            said.append(f"What came after: {said_of(pd.Series(dict(row) | later))}.")
    elif not row["confirmed"]:
        said.append("Not confirmed as closed, but counted as closed here.")
    if not row["inside"]:
        said.append(f"It belongs to a neighbouring authority; only families of {place.name} are counted.")
    if row["reached"] != "yes":
        said.append(f"{_WHY_NOT[row['reached']]}, so what was lost is not known. That does not mean that nothing was.")
    return said


def _sources(row: pd.Series) -> list[str]:
    source = row["source"] if isinstance(row["source"], str) else "not named"
    when = "" if pd.isna(row["source_date"]) else f", as of {day_text(row['source_date'])}"
    note = [f"Recorded: {row['note']}"] if isinstance(row["note"], str) else []
    return [f"Source: {source}{when}.", *note]


def _facts(losses: Losses, row: pd.Series, place: PlaceCard) -> list[tuple[str, str]]:
    words = {
        "under5": "Under-fives nearest to it",
        "under2": "Under-twos",
        "residents": "Residents",
        "born_outside_uk": "Born outside the UK (proxy for families from abroad)",
    }
    facts = [(said, _of(row[name], place.figures.get(name))) for name, said in words.items()]
    walk = _their_walk(row, counted=row[losses.column])
    if walk:
        facts.append(("Their walk is longer", walk))
    if not pd.isna(row["crossed"]):
        crossed = f"{shown(row['crossed'])} of {shown(row['under5'])} under-fives"
        facts.append((f"Were within {losses.limit}, now beyond", crossed))
    if row["no_way"] >= 1:
        facts.append(("Can no longer walk to one", f"{shown(row['no_way'])} under-fives"))
    return facts


def _their_walk(row: pd.Series, *, counted: float) -> str:
    """How much longer they walk; who has no way left walks no minutes longer, so that is said in words."""
    median, slow = row["extra_minutes_median"], row["extra_minutes_p90"]
    if pd.isna(median):
        return "half of them or more can no longer walk to one" if counted > 0 else ""
    tenth = (
        "one in ten or more can no longer walk to one" if pd.isna(slow) else f"for one in ten {longer(slow)} or more"
    )
    return f"typically {longer(median)}; {tenth}"


def _of(people: float, vintage: str | None) -> str:
    return shown(people) + (f" ({vintage})" if vintage and not pd.isna(people) else "")


def _counted(losses: Losses, row: pd.Series) -> list[tuple[str, str]]:
    whole = losses.found.ledger.together["crossed"]
    part = f" ({row['share_crossed'] / whole:.0%} of the whole)" if whole >= 1 else ""
    ways = {
        "alone": ("Alone: if it were the only one to close", ""),
        "reopened": ("Reopening it: if only this one reopened", ""),
        "share": ("Its share of the joint loss", part),
    }
    return [
        (said, f"{shown(row[f'{way}_crossed'])} under-fives{more}, {hours(row[f'{way}_minutes'])}")
        for way, (said, more) in ways.items()
    ]


def _goes(losses: Losses, site_id: str) -> list[tuple[str, str, str]]:
    rows = losses.moves[losses.moves["site_id"] == site_id]
    return [
        (
            losses.names[to] if isinstance(to, str) else "nowhere on foot",
            shown(count),
            "" if pd.isna(minutes) else longer(minutes),
        )
        for to, count, minutes in zip(rows["to_site_id"], rows[losses.column], rows["minutes"], strict=True)
        if count >= 1
    ]
