"""What was lost, in words and tables: each closure, each neighbourhood's longer walk, the nearest centre left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.days import day_text
from geo.gaps import about
from geo.homes import main_site, weighted_quantiles
from geo.whole import shown, whole
from layers.answers.ledger import cautions, said_of

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.answers.ledger import LedgerAnswer
    from layers.answers.question import Ground

_GRAVE = ("No loss can be measured", "Announced to close or no longer listed", "We assume that these linked sites")


@dataclass(frozen=True, eq=False)
class Losses:
    """What was lost in a place, as its page tells it; read-only."""

    found: LedgerAnswer
    events: pd.DataFrame
    """The closures to tell of, as `events` gives them."""
    areas: pd.DataFrame
    """As `added` gives them."""
    moves: pd.DataFrame
    """As `moves` gives them."""
    names: dict[str, str]
    """What every site is called, gone or left, by its id."""

    @classmethod
    def of(cls, found: LedgerAnswer, on: Ground) -> Losses:
        """Tell of a ledger.

        Parameters
        ----------
        found
            The ledger.
        on
            The ground that it was walked on.
        """
        named = pd.concat([found.lost.gone["name"], found.lost.left["name"]])
        names = {str(site_id): _named(name, site_id) for site_id, name in named.items()}
        return cls(found, events(found), added(on, found), moves(found, on), names)

    @property
    def column(self) -> str:
        """Whom the page counts, as a column: residents where under-fives are not known."""
        return _column(self.found)

    @property
    def who(self) -> str:
        """The same in words."""
        return "under-fives" if self.column == "under5" else "residents"

    @property
    def limit(self) -> str:
        """The threshold in words."""
        return self.found.question.walk.limit

    def people(self, count: float) -> str:
        """How many of those whom the page counts, in words."""
        return f"{shown(count)} {self.who}"

    def took(self, event: pd.Series) -> str:
        """To whom a closed site was nearest and how much longer they walk."""
        if event["reached"] != "yes":
            return "What was lost is not known"
        if pd.isna(event[self.column]):
            return "How many families were nearest to it is not known"
        said, grew = f"Was the nearest for {self.people(event[self.column])}", event["extra_minutes_median"]
        if pd.isna(grew):
            return f"{said}; half of them or more can no longer walk to one" if event[self.column] > 0 else said
        return f"{said}; their typical walk is {longer(grew)}"

    def brief(self, event: pd.Series) -> str:
        """One closure in a line."""
        crossed = event["share_crossed"]
        beyond = "" if pd.isna(crossed) else f" {shown(crossed)} more under-fives beyond {self.limit}."
        return f"{event['said']}.{beyond} {self.took(event)}."


def _column(found: LedgerAnswer) -> str:
    return "residents" if pd.isna(found.ledger.together["under5"]) else "under5"


def events(found: LedgerAnswer) -> pd.DataFrame:
    """The closures to tell of, the greatest first: the place's own, and those of neighbours that took something here.

    Returns
    -------
    DataFrame
        Rows of `geo.closures.Ledger.closures` with the name as it is shown, and ``said``: what happened, and when.
    """
    rows = found.ledger.closures
    taken = rows[["residents", "share_crossed", "share_minutes"]].gt(0).any(axis=1)
    rows = rows[rows["inside"] | taken]
    names = [
        _named(name, site_id) + ("" if inside else " (neighbouring authority)")
        for site_id, name, inside in zip(rows.index, rows["name"], rows["inside"], strict=True)
    ]
    said = [_capital(said_of(row)) for row in rows.itertuples()]
    return rows.assign(name=pd.Series(names, rows.index, dtype="str"), said=pd.Series(said, rows.index, dtype="str"))


def _named(name: object, site_id: object) -> str:
    return name if isinstance(name, str) else f"One without a name ({site_id})"


def event_names(rows: pd.DataFrame) -> dict[str, str]:
    """What each closure is called in a list, by the site's id; told apart by the id if need be."""
    names = rows["name"].where(~rows["name"].duplicated(keep=False), rows["name"] + ", " + rows.index.astype("str"))
    return {str(site_id): str(name) for site_id, name in names.sort_values(kind="stable").items()}


def warned(found: LedgerAnswer) -> tuple[list[str], list[str]]:
    """What a reader must know before acting on the ledger; and what is good to know."""
    said = cautions(found)
    grave = [line for line in said if line.startswith(_GRAVE)]
    return grave, [line for line in said if line not in grave]


def added_minutes(on: Ground, walks: pd.DataFrame) -> pd.Series[float]:
    """By how many minutes the walk of half of each area's families grew, or more.

    Parameters
    ----------
    on
        The ground that was walked on.
    walks
        `geo.closures.Ledger.walks`, on the ground's homes.

    Returns
    -------
    Series
        On the areas' index. Infinite where half of the families could walk to one and cannot any more; missing where
        most homes have no street data.
    """
    before, after = walks["before_minutes"].to_numpy(float), walks["after_minutes"].to_numpy(float)
    longer = np.where(np.isnan(after), np.where(np.isnan(before), 0.0, np.inf), after - before)
    known = (walks["reached"] != "off_network").to_numpy()
    at = on.homes.quantiles(longer, (0.5,), known=known)[:, 0]
    return pd.Series(np.where(at >= 0, longer[at], np.nan), index=on.homes.areas, name="added_minutes")


def added(on: Ground, found: LedgerAnswer) -> pd.DataFrame:
    """The areas with what the map says of them.

    Returns
    -------
    DataFrame
        On the areas' index: ``area_name, ward_name, under5, added_minutes``, and the sites that are nearest to most
        families with every site open and with those left, ``before_site_id`` and ``after_site_id``.
    """
    walks = found.ledger.walks
    sites = {name: main_site(on.homes, walks[name]) for name in ("before_site_id", "after_site_id")}
    table = pd.DataFrame(on.areas[["area_name", "ward_name", "under5"]])
    return table.assign(added_minutes=added_minutes(on, walks), **sites)


def added_words(minutes: float) -> str:
    """How much longer a neighbourhood's typical walk is, in words."""
    if pd.isna(minutes):
        return "no street data here"
    if np.isinf(minutes):
        return "most families can no longer walk to one"
    return f"typical walk {longer(minutes)}" if minutes > 0 else "typical walk as long as before"


def longer(minutes: float) -> str:
    """Minutes on top, as they are said: "about 25 minutes longer", "over an hour longer"."""
    return "less than a minute longer" if minutes < 1 else f"{about(minutes)} longer"


def hours(minutes: float) -> str:
    """Minutes of walking, added up over children, as hours."""
    count = minutes / 60
    return "less than an hour" if 0 < count < 1 else f"{shown(count)} hour{'' if whole(count) == 1 else 's'}"


def moves(found: LedgerAnswer, on: Ground) -> pd.DataFrame:
    """Which site that is left is nearest to families of each closed one, the greatest flow of each site first.

    Parameters
    ----------
    found
        The ledger.
    on
        The ground that was walked on.

    Returns
    -------
    DataFrame
        `geo.closures.Ledger.flows` with ``minutes``: by how much the walk of half of them grew, or more; missing where
        they have no way to any site left.
    """
    walks, flows = found.ledger.walks, found.ledger.flows
    column = _column(found)
    moved = walks["before_site_id"].isin(found.lost.gone.index)
    weight = on.origins.loc[moved, column].fillna(0) if on.origins[column].notna().any() else 1.0
    homes = walks[moved].assign(weight=weight, added=walks["after_minutes"] - walks["before_minutes"])
    median = {
        pair: weighted_quantiles(each["added"].to_numpy(), each["weight"].to_numpy(float), (0.5,))[0]
        for pair, each in homes.groupby(["before_site_id", homes["after_site_id"].fillna("")], sort=False)
    }
    pairs = zip(flows["site_id"], flows["to_site_id"].fillna(""), strict=True)
    return flows.assign(minutes=[median.get(pair, np.nan) for pair in pairs])


def _capital(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"


def event_rows(losses: Losses) -> pd.DataFrame:
    """Every closure as the page lists it: whole people and minutes; what is not known is missing, never 0."""
    rows = losses.events
    columns = {
        "under5": "under5", "under2": "under2", "residents": "residents", "born": "born_outside_uk",
        "median": "extra_minutes_median", "p90": "extra_minutes_p90", "crossed": "crossed",
        "share": "share_crossed", "alone": "alone_crossed", "reopened": "reopened_crossed",
    }  # fmt: skip
    measured = rows["reached"] == "yes"
    why_not = {"yes": "yes", "off_network": "no street near it", "not_located": "no coordinates"}
    table = {
        "rank": measured.cumsum().where(measured),
        "name": rows["name"],
        "said": rows["said"],
        "day": rows["event_day"].dt.date,
        **{ours: whole(rows[theirs]) for ours, theirs in columns.items()},
        "hours": whole(rows["share_minutes"] / 60),
        "goes": rows["goes_to"].map(losses.names),
        "measured": rows["reached"].map(why_not),
        "source": rows["source"],
        "as_of": rows["source_date"].dt.date,
    }
    return pd.DataFrame(table, index=rows.index)


def area_rows(losses: Losses) -> pd.DataFrame:
    """The map's colours as a table: the areas whose families walk longer, the longest first."""
    rows = losses.areas[losses.areas["added_minutes"] > 0]
    rows = rows.sort_values("added_minutes", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "area": rows["area_name"],
            "ward": rows["ward_name"],
            "minutes": whole(rows["added_minutes"].replace(np.inf, np.nan)),
            "under5": whole(rows["under5"]),
            "then": rows["before_site_id"].map(losses.names),
            "now": rows["after_site_id"].map(losses.names),
            "said": rows["added_minutes"].map(added_words),
        }
    )


def timeline(through: pd.DataFrame) -> pd.DataFrame:
    """`layers.answers.over_time.through_time` as the chart takes it: only the days on which something changed."""
    figures = through[["beyond", "at_least", "at_most"]]
    changed = figures.ne(figures.shift()).any(axis=1)
    rows = figures[changed].rename(columns={"at_least": "low", "at_most": "high"})
    return rows.rename_axis("date").reset_index()


def unknowable(found: LedgerAnswer, sites: gpd.GeoDataFrame) -> list[str]:
    """Where nothing is known to be lost: what that can mean, and what to try."""
    question, said = found.question, []
    sources = sites[sites["inside"]].groupby("source")["source_date"].max()
    if len(sources):
        recorded = "; ".join(
            f"{source}, {'date not known' if pd.isna(day) else day_text(day)}" for source, day in sources.items()
        )
        said.append(f"Sources: {recorded}.")
    said.append(
        "A register lists what is there. A centre that closed before the first list we have leaves no trace, so "
        "centres may have closed without being recorded."
    )
    if question.since:
        said.append("Centres that ended earlier are left out: clear “Ended since” in the menu to count them.")
    if question.closures != "all":
        out = {"confirmed": "Announced closures", "announced": "Centres that have closed already"}[question.closures]
        said.append(f"{out} are left out: “Closed and announced” in the menu counts them.")
    if question.counting == "listed" and (sites["inside"] & (sites["status"] == "linked")).any():
        said.append("Some are linked sites now and offer less: “Full centres only” in the menu counts those as lost.")
    return said
