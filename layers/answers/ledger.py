"""The closure ledger: its question, its answer, its headline and its cautions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geo.closures import Ledger, Lost, ledger, lost_by
from geo.days import day_text
from geo.difference import under_fives
from geo.errors import RequestError
from geo.gaps import Walk
from geo.profiles import profile_named
from geo.whole import shown
from layers.answers.ledger_counts import as_shown
from layers.answers.question import COUNTED, require_day, today

if TYPE_CHECKING:
    from datetime import date

    from data.place import Place
    from layers.answers.question import Ground

LEDGER_COLUMNS = (
    "name", "event", "event_day", "event_precision", "confirmed", "said", "residents", "under5", "under2",
    "born_outside_uk", "extra_minutes_median", "extra_minutes_p90", "crossed", "no_way", "alone_crossed",
    "reopened_crossed", "share_crossed", "alone_minutes", "reopened_minutes", "share_minutes", "goes_to",
    "goes_to_name", "reached", "inside", "source", "source_date", "note",
)  # fmt: skip
_DECIMALS = dict.fromkeys([name for name in LEDGER_COLUMNS if name.endswith("minutes") or name.startswith("extra")], 1)


CLOSURES = ("all", "confirmed", "announced")
"""Which closures can be counted."""


@dataclass(frozen=True, kw_only=True)
class LedgerQuestion:
    """What was lost, to whom.

    Parameters
    ----------
    day
        Up to which day.
    since
        What ended before this day is left out.
    counting
        Which centres count, of `geo.sites.COUNTING`; with none, whatever has something to tell: `settled`.
    closures
        Which closures count, of `CLOSURES`: of ``confirmed`` ones alone, what is only announced, or no longer listed,
        counts as still there; of ``announced`` ones alone, what has ended already is neither gone nor left.
    profile, minutes, context
        As in `layers.answers.question.Question`.
    """

    day: date = field(default_factory=today)
    since: date | None = None
    counting: str | None = None
    closures: str = "all"
    profile: str = "buggy"
    minutes: float = 15.0
    context: bool = True

    def __post_init__(self) -> None:
        require_day(self.day)
        if self.closures not in CLOSURES:
            message = f"no closures {self.closures!r} to count; there are {', '.join(CLOSURES)}"
            raise RequestError(message)
        if self.since is not None:
            require_day(self.since)
        if self.since is not None and self.since > self.day:
            message = f"nothing can have ended since {self.since} and by {self.day}"
            raise RequestError(message)

    @property
    def walk(self) -> Walk:
        """The words and the threshold."""
        walkers = profile_named(self.profile).walkers
        return Walk(to=COUNTED[self.counting or "listed"], walkers=walkers, minutes=self.minutes)


@dataclass(frozen=True, eq=False)
class LedgerAnswer:
    """The ledger of a place as it is shown (`layers.answers.ledger_counts`), with the question as it was settled."""

    question: LedgerQuestion
    lost: Lost
    ledger: Ledger


def settled(sites: gpd.GeoDataFrame, counting: str | None) -> str:
    """Which centres count, if nobody said: full and linked where one has closed, else full centres only.

    Where no centre closed but some became linked sites, only the second has something to tell.
    """
    if counting is not None:
        return counting
    ended = sites["inside"] & sites["status"].isin(("closed", "announced", "no_longer_listed"))
    ended &= sites["kind"] != "network_site"
    return "listed" if ended.any() else "full"


def answer_ledger(place: Place, on: Ground, question: LedgerQuestion) -> LedgerAnswer:
    """The ledger of a place.

    Parameters
    ----------
    place
        The place.
    on
        Its ground for the question's profile.
    question
        What is asked.
    """
    lost = lost_by(
        place.centres(), day=question.day, since=question.since, counting=question.counting or "listed",
        confirmed_only=question.closures == "confirmed", context=question.context,
    )  # fmt: skip
    if question.closures == "announced":
        lost = lost._replace(gone=lost.gone[lost.gone["event"] == "announced"])
    found = ledger(on.network, on.counted_snaps, on.origins, lost, minutes=question.minutes)
    return LedgerAnswer(question, lost, as_shown(found))


def said_of(row: pd.Series | object) -> str:
    """What happened to a site and when, as far as that is known: "became a linked site on 7 March 2016".

    Parameters
    ----------
    row
        A row of `geo.closures.Ledger.closures`.
    """
    day, precision = row.event_day, row.event_precision  # type: ignore[union-attr]
    when = {
        "day": f" on {day_text(day)}" if pd.notna(day) else "",
        "month": f" in {day:%B %Y}" if pd.notna(day) else "",
        "by": f" by {day_text(day)}, the date is not known" if pd.notna(day) else "",
    }.get(str(precision), "")
    match row.event:  # type: ignore[union-attr]
        case "downgraded":
            return f"became a linked site{when or ' on an unknown date'}"
        case "announced":
            return f"announced to close{when} (not confirmed)" if when else "announced to close, no date confirmed"
        case "no_longer_listed":
            seen = row.source_date  # type: ignore[union-attr]
            missing = f": missing from the list of {day_text(seen)}" if pd.notna(seen) else ""
            return f"no longer listed{missing}; not confirmed as closed"
        case _:
            return f"closed{when or ' on an unknown date'}"


def ledger_table(found: LedgerAnswer) -> gpd.GeoDataFrame:
    """The ledger as a table to export: `LEDGER_COLUMNS` and the closed site's point."""
    rows = found.ledger.closures
    names = found.lost.left["name"]
    table = rows.assign(
        said=[said_of(row) for row in rows.itertuples()],
        goes_to_name=rows["goes_to"].map(names).astype("str"),
    )
    geometry = found.lost.gone.geometry.reindex(rows.index)
    return gpd.GeoDataFrame(table[list(LEDGER_COLUMNS)].round(_DECIMALS), geometry=geometry, crs=found.lost.gone.crs)


def headline(found: LedgerAnswer) -> str:
    """What was lost, in sentences; each number with its base."""
    rows, sums = found.ledger.closures, found.ledger.together
    walk = found.question.walk
    if rows.empty:
        if found.question.counting == "hubs" and found.lost.left.empty:
            return "We know of no family hub in this place, so of none that closed."
        return _nothing(found)
    if pd.isna(sums["beyond_after"]):
        return "Under-fives are not known here, so what was lost cannot be counted in children."
    day = "" if found.question.day == today() else f"Up to {day_text(found.question.day)}: "
    only = ", counting confirmed closures only" if found.question.closures == "confirmed" else ""
    gone = found.lost.gone
    networks = gone.index[gone["kind"] == "network_site"]
    head = f"{day}{_events(rows, networks=networks)}{_since(found.question)}{only}."
    measured = int((rows["reached"] == "yes").sum())
    if not measured:
        return f"{head} What was lost is not known: we have no street near them."
    those = "" if measured == len(rows) else f"Because of the {measured} of these {len(rows)} that can be measured, "
    live, lost = ("now live", "lost") if rows["confirmed"].all() else ("live or will live", "lost or will lose")
    before, after, base, change = (shown(sums[name]) for name in ("beyond_before", "beyond_after", "base", "crossed"))
    more = f"up from {before} ({change} more)" if sums["crossed"] else "as many as before"
    return (
        f"{head} {those}{after} of {base} under-fives whose walk is known {live} beyond {walk.limit_walk} of "
        f"{walk.to}, {more}. {under_fives(sums['under5'])} {lost} their nearest centre.{_assumed(found)}"
    )


def _assumed(found: LedgerAnswer) -> str:
    """That the loss, or a part of it, assumes that linked sites were full centres once; or nothing."""
    rows = found.ledger.closures
    rows = rows[(rows["event"] == "downgraded") & ~rows["confirmed"]]
    if rows.empty or not (taken := rows["share_crossed"].sum()):
        return ""
    much = "All" if taken == found.ledger.together["crossed"] else "Part"
    return f" {much} of that assumes that linked sites were full centres once, which no register says."


def other_count(found: LedgerAnswer) -> str:
    """That other centres count here than elsewhere, so that nobody sets the numbers beside each other; or nothing."""
    linked = found.lost.gone["served_as"].eq("linked").any()
    if found.question.counting != "full" or not linked:
        return ""
    return (
        "Reduced centres are treated as closed here. Elsewhere linked sites count unless you choose full centres only, "
        "so other pages have fewer under-fives too far away."
    )


def _nothing(found: LedgerAnswer) -> str:
    """That nothing is known to have been lost; which is not that nothing was."""
    question = found.question
    if question.closures == "announced":
        return f"We know of no centre here that is announced to close{_since(question)}{_by(question)}."
    asked = f"{_since(question)}{_by(question)}"
    if question.counting == "full":
        return f"We know of no full centre here that closed or became a linked site{asked}."
    if question.counting == "hubs":
        return f"We know of no family hub here that closed{asked}."
    left = found.lost.left
    left = left[~left["unreached"].astype(bool)] if "unreached" in left else left
    linked = int((left["inside"] & (left["served_as"] == "linked")).sum())
    more = (
        f" {linked} of its sites are linked sites: choose full centres only to see what that changed." if linked else ""
    )
    return f"We know of no centre here that closed{asked}.{more}"


def _by(question: LedgerQuestion) -> str:
    day = "" if question.day == today() else f" by {day_text(question.day)}"
    return f"{day}, counting confirmed closures only" if question.closures == "confirmed" else day


def _since(question: LedgerQuestion) -> str:
    return f" since {day_text(question.since)}" if question.since else ""


def _events(rows: pd.DataFrame, *, networks: pd.Index[str]) -> str:
    """How many of what: "5 full centres became linked sites"; the neighbours' are told apart."""
    event = rows["event"].mask((rows["event"] == "downgraded") & ~rows["confirmed"], "taken")
    event = event.mask(rows.index.isin(networks), "network")
    counts = event[rows["inside"]].value_counts()
    words = {
        "closed": ("centre closed", "centres closed"),
        "network": ("network site closed", "network sites closed"),
        "announced": ("centre is announced to close", "centres are announced to close"),
        "no_longer_listed": ("centre is no longer listed", "centres are no longer listed"),
        "downgraded": ("full centre became a linked site", "full centres became linked sites"),
        "taken": (
            "linked site is taken to have been a full centre once",
            "linked sites are taken to have been full once",
        ),
    }
    parts = [f"{counts[name]} {pair[int(counts[name] > 1)]}" for name, pair in words.items() if name in counts]
    others = int((~rows["inside"]).sum())
    if others:
        parts.append(f"{others} of neighbouring authorities closed or {'was' if others == 1 else 'were'} reduced")
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def pairs_said(found: LedgerAnswer, *, most: int = 5) -> list[str]:
    """The pairs of closures that had a larger effect together than each alone, added up; in sentences."""
    names = found.ledger.closures["name"].fillna("one without a name")
    said = []
    pairs = found.ledger.pairs.head(most)
    for first, second, more, minutes in zip(
        pairs["site_id"], pairs["with_site_id"], pairs["crossed"], pairs["minutes"], strict=True
    ):
        crossed = f"{shown(more)} more under-fives beyond {found.question.walk.limit}, " if more else ""
        base = found.ledger.closures.loc[[first, second], "under5"].sum()
        said.append(
            f"{names[first]} and {names[second]} had a larger effect together than separately: {crossed}"
            f"{shown(minutes)} more minutes of walking, one way, over the {shown(base)} under-fives who were nearest "
            "to one of them."
        )
    return said


def _names(rows: pd.DataFrame) -> str:
    return "; ".join(rows["name"].fillna("one without a name"))


def cautions(found: LedgerAnswer, *, otherwise: str = '"Confirmed only" in the menu counts them as open') -> list[str]:
    """What a reader must know before acting on the ledger, in sentences.

    Parameters
    ----------
    found
        The ledger.
    otherwise
        Where what is only announced counts as open, to end a sentence.
    """
    rows = found.ledger.closures
    said = []
    for why, words in (
        ("off_network", "more than 250 m from any street we have"),
        ("not_located", "without coordinates"),
    ):
        which = rows.loc[rows["reached"] == why, ["name", "inside"]]
        if len(which):
            ours, others = which[which["inside"]], int((~which["inside"]).sum())
            names = _names(ours)
            more = f"{others} of neighbouring authorities" if others else ""
            said.append(
                f"No loss can be measured for {len(which)} site{'' if len(which) == 1 else 's'} {words}: "
                f"{'; '.join(filter(None, (names, more)))}. That does not mean that nothing was lost."
            )
    undated = rows[rows["event_day"].isna() & rows["inside"]]
    if len(undated):
        said.append(f"Date not known for {len(undated)}: {_names(undated)}.")
    doubted = rows[~rows["confirmed"] & rows["inside"] & (rows["event"] != "downgraded")]
    if len(doubted):
        said.append(
            f"Announced to close or no longer listed, but not confirmed as closed: {len(doubted)}. Here they count as "
            f"closed; {otherwise}."
        )
    if found.question.counting == "full":
        once = found.lost.gone[(found.lost.gone["served_as"] == "linked") & found.lost.gone["linked_since"].isna()]
        if len(once):
            said.append(
                "We assume that these linked sites were full centres once; no record says when they became linked: "
                f"{_names(once[once['inside']]) or 'sites of neighbouring authorities'}."
            )
    stuck = found.ledger.together["no_way"]
    if stuck >= 1:
        have = "has" if stuck == 1 else "have"
        said.append(
            f"{under_fives(stuck)} {have} no way on foot to any centre that is left; no minutes are counted for them."
        )
    return [*said, "Walks to closed centres are measured along today's streets."]
