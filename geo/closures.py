"""The closure ledger: what each closure or downgrade took, alone and together, and from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo import paths
from geo.access import nearest
from geo.homes import PEOPLE, extra_minutes
from geo.shapley import Chains, Worth
from geo.sites import EVENTS, SERVING, ever_serving, serving

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.network import Snaps, WalkNetwork


class Lost(NamedTuple):
    """What ended and what is left, each as `geo.tables.Sites`.

    ``gone`` says besides what happened to each site: ``event`` (of `geo.sites.EVENTS`), ``event_day``,
    ``event_precision`` (of `geo.tables.DATE_PRECISIONS`) and ``confirmed``.
    """

    gone: gpd.GeoDataFrame
    left: gpd.GeoDataFrame


def lost_by(
    sites: gpd.GeoDataFrame,
    *,
    day: date,
    since: date | None = None,
    counting: str = "listed",
    confirmed_only: bool = False,
    context: bool = True,
) -> Lost:
    """What served once and does not by a day.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    day
        The day up to which is asked; a closure that was announced by then counts, whatever day it is announced for.
    since
        What ended before this day is neither gone nor left; what ended on no known day is kept among the gone, unless
        its source speaks of it as ended before.
    counting
        ``listed``: closures of any site. ``full``: the closing of a full centre, or its becoming a linked site; linked
        sites are not among those left, and each of them is taken to have been a full centre once. ``hubs``: closures of
        sites with a family hub.
    confirmed_only
        Whether sites that are only announced to close, or no longer listed, count as still there, and linked sites of
        which no day is known on which they became so are left out of both.
    context
        Whether the neighbours' sites count.
    """
    # what closed is told of, whether it can be measured or not
    every, sites = sites, sites.drop(columns="unreached", errors="ignore")
    at = pd.Timestamp(day)
    left = serving(sites, day=day, statuses=SERVING, counting=counting, context=context).index
    once = ever_serving(sites, day=day, counting=counting, context=context).index
    if confirmed_only:
        doubted = sites["status"].isin(("announced", "no_longer_listed"))
        full = (sites["served_as"] == "open") | (sites["linked_since"] > at)
        left = once.intersection(left.union(sites.index[doubted & (full | (counting != "full"))]))
    else:
        heard = ~(sites["source_date"] > at)
        left = left.difference(sites.index[(sites["status"] == "announced") & heard])
    gone = sites.loc[once.difference(left)]
    gone = gone.assign(**_what_happened(gone, day=day, downgrades=counting == "full"))
    if since is not None:
        said_ended = gone["source_date"].where(gone["event"].isin(("closed", "no_longer_listed")))
        gone = gone[~(gone["event_day"].fillna(said_ended) < pd.Timestamp(since))]
    if confirmed_only:
        gone = gone[gone["confirmed"]]  # that a linked site without a link's day was ever full, nothing confirms
    return Lost(gone, every.loc[left.sort_values()])


def _what_happened(gone: pd.DataFrame, *, day: date, downgrades: bool) -> dict[str, NDArray[np.generic]]:
    status = gone["status"].to_numpy(object)
    # what closed later is told by its closure, unless a day is known on which it had become a linked site before
    became = (gone["linked_since"] <= pd.Timestamp(day)).to_numpy(bool) | (status == "linked")
    reduced = (gone["served_as"] == "linked").to_numpy(bool) & downgrades & became
    event = np.where(reduced, "downgraded", np.where(np.isin(status, EVENTS), status, "closed"))
    linked, closed = (gone[name].to_numpy("datetime64[ns]") for name in ("linked_since", "closed"))
    dated = np.where(np.isnat(linked), "unknown", "day")
    return {
        "event": event.astype(object),
        "event_day": np.where(reduced, linked, closed),
        "event_precision": np.where(reduced, dated, gone["date_precision"].fillna("unknown").to_numpy(object)),
        "confirmed": (event == "closed") | (reduced & ~np.isnat(linked)),
    }


@dataclass(frozen=True, eq=False)
class Ledger:
    """What each closure took. People are those of homes with street data; minutes are at the profile's speed."""

    closures: pd.DataFrame
    """As `geo.tables.Closures`: the greatest share first, what could not be measured last."""
    flows: pd.DataFrame
    """Which site left is nearest to families of each closed: ``site_id, to_site_id`` (missing: none) and `PEOPLE`."""
    pairs: pd.DataFrame
    """Pairs with a larger effect together than each alone, added up: ``site_id, with_site_id`` and the
    excess, in under-fives beyond the threshold (``crossed``) and in under-fives times minutes (``minutes``)."""
    together: pd.Series[float]
    """All closures together: `PEOPLE` whose walk grew; ``crossed`` and ``minutes`` as in ``pairs``; ``no_way``, the
    under-fives who have no way on foot to any site left (they are not in ``minutes``); ``base``, all under-fives with
    street data, and of them ``beyond_before`` and ``beyond_after``, those beyond the threshold with every site open and
    with those left."""
    walks: pd.DataFrame
    """On the origins' index: ``area_code``, ``site_id`` and ``minutes`` with every site open (``before_``) and with
    those left (``after_``), and ``reached`` for the latter."""


def ledger(network: WalkNetwork, snaps: Snaps, origins: pd.DataFrame, lost: Lost, *, minutes: float) -> Ledger:
    """What each closure took, alone and together, and from whom.

    The baseline is the network with every site that ever served; walks to closed sites use today's streets. A home's
    loss is told under the closed site that was its nearest, so that people add up; the columns ``share_`` are Shapley
    values (see `geo.shapley`), so that losses do.

    Parameters
    ----------
    network
        The profile's network.
    snaps
        The origins joined to it.
    origins
        As `geo.tables.Origins`.
    lost
        What is gone and what is left.
    minutes
        The threshold.
    """
    measured = _Measured.of(network, snaps, lost)
    people = {name: _known(origins[name].to_numpy(float)) for name in PEOPLE}
    children = np.where(snaps.on_network, people["under5"], 0.0 * people["under5"])
    far = ~(network.minutes(measured.chains.cost) <= minutes)  # as geo.gaps has it; no way is far
    crossed = Worth(far.astype(float), children)
    longer = Worth(measured.minutes, children)

    table = pd.DataFrame(index=lost.gone.index)
    for name, each in people.items():
        table[name] = measured.by_closure(each)
    table[["extra_minutes_median", "extra_minutes_p90"]] = measured.extra_minutes(people, (0.5, 0.9))
    table["crossed"] = measured.by_closure(children * (crossed.value[-1] - crossed.value[0]))
    table["no_way"] = measured.by_closure(children * measured.stuck)
    for name, worth in (("crossed", crossed), ("minutes", longer)):
        table[f"alone_{name}"] = measured.chains.alone(worth)
        table[f"reopened_{name}"] = measured.chains.reopened(worth)
        table[f"share_{name}"] = measured.chains.shares(worth)
    flows = _flows(lost, measured, people)
    grew = measured.whose >= 0
    return Ledger(
        closures=_rows(lost.gone, table, measured.reached, flows),
        flows=flows,
        pairs=_pairs(measured.chains, crossed, longer, lost.gone.index),
        together=pd.Series(
            {name: each[grew].sum() for name, each in people.items()}
            | {"crossed": measured.chains.joint(crossed), "minutes": measured.chains.joint(longer)}
            | {"no_way": (children * measured.stuck)[grew].sum()}
            | {"base": children.sum(), "beyond_before": (children * crossed.value[0]).sum()}
            | {"beyond_after": (children * crossed.value[-1]).sum()}
        ),
        walks=_walks(network, snaps, origins, lost, measured),
    )


def minutes_shared(network: WalkNetwork, snaps: Snaps, lost: Lost, weight: NDArray[np.float64]) -> pd.Series[float]:
    """Each closure's Shapley share in a weighted sum of the minutes that all of them added, by site.

    Parameters
    ----------
    network, snaps, lost
        As for `ledger`.
    weight
        How much each origin's minutes count; may be negative, as in a difference. Who has no way left is left out.
    """
    measured = _Measured.of(network, snaps, lost)
    shares = measured.chains.shares(Worth(measured.minutes, weight))
    return pd.Series(np.where(measured.reached == "yes", shares, np.nan), index=lost.gone.index)


def _known(people: NDArray[np.float64]) -> NDArray[np.float64]:
    """Homes of which a figure is not known add nothing to a sum; where it is known of none, no sum is."""
    return people if np.isnan(people).all() else np.nan_to_num(people)


@dataclass(frozen=True, eq=False)
class _Measured:
    """The walks that the ledger rests on; arrays of shape (origins,) unless said."""

    reached: NDArray[np.object_]
    """Of each closed site, whether walks to it can be measured: ``yes``, ``off_network`` or ``not_located``."""
    chains: Chains
    whose: NDArray[np.int64]
    """Number of the closed site that was nearest of all; -1 where a site that is left was."""
    now: NDArray[np.int32]
    """Number of the site left that is nearest; -1 where there is none."""
    minutes: NDArray[np.float64]
    """Minutes to each step of the chains, shape (steps + 1, origins); zero throughout for those who are stuck."""
    stuck: NDArray[np.bool_]
    """Whether there is no way to any site left: no walk is longer than no walk, so these are told apart."""

    @classmethod
    def of(cls, network: WalkNetwork, snaps: Snaps, lost: Lost) -> _Measured:
        state = nearest(network, lost.left)
        cost, now, _ = state.cost(snaps)
        points = lost.gone.geometry.to_numpy()
        reached = np.where(shapely.is_missing(points) | shapely.is_empty(points), "not_located", "off_network")
        reached[np.unique(network.doors(points).site)] = "yes"
        chains = Chains.of(
            [
                # an id of its own: a place may have a site left and a site gone at the same door
                state.with_site(f"gone:{site_id}", point).cost(snaps)[0] if measurable == "yes" else cost
                for site_id, point, measurable in zip(lost.gone.index, points, reached, strict=True)
            ],
            cost,
        )
        stuck = cost == paths.FAR
        return cls(
            reached=reached.astype(object),
            chains=chains,
            whose=chains.site[0] if len(chains.site) else np.full(len(cost), -1),
            now=now,
            minutes=np.where(stuck, 0.0, network.minutes(chains.cost)),
            stuck=stuck,
        )

    def by_closure(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the homes whose nearest site each was."""
        mine = self.whose >= 0
        return np.bincount(self.whose[mine], values[mine], minlength=self.chains.sites).astype(np.float64)

    def extra_minutes(self, people: Mapping[str, NDArray[np.float64]], parts: tuple[float, ...]) -> NDArray[np.float64]:
        """By how much their walk grew, at parts of the under-fives (of residents or homes where those are unknown)."""
        known = (people[name] for name in ("under5", "residents") if not np.isnan(people[name]).all())
        weight = np.nan_to_num(next(known, np.ones(len(self.whose))))
        before, after = self.minutes[0], np.where(self.stuck, np.inf, self.minutes[-1])
        mine = [np.where(self.whose == number, weight, 0.0) for number in range(self.chains.sites)]
        return np.array([extra_minutes(before, after, each, parts) for each in mine]).reshape(-1, len(parts))


def _rows(
    gone: gpd.GeoDataFrame, table: pd.DataFrame, reached: NDArray[np.object_], flows: pd.DataFrame
) -> pd.DataFrame:
    """What happened and what it took; nothing is known, not nothing lost, where a site cannot be walked to."""
    table.loc[reached != "yes", :] = np.nan
    main = flows.dropna(subset=["to_site_id"]).drop_duplicates("site_id").set_index("site_id")["to_site_id"]
    said = [
        "name", "inside", "status", "event", "event_day", "event_precision", "confirmed", "source", "source_date",
        "note",
    ]  # fmt: skip
    rows = pd.DataFrame(gone[said]).join(table).assign(reached=reached, goes_to=main.reindex(gone.index))
    order = ["share_crossed", "share_minutes", "residents"]
    return rows.sort_values(order, ascending=False, kind="stable", na_position="last").rename_axis("site_id")


def _flows(lost: Lost, measured: _Measured, people: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """People by the closed site that was nearest and the site that is now; the greatest flow of each site first."""
    mine = measured.whose >= 0
    ids = np.array([*lost.left.index, None], dtype=object)  # -1 is none
    frame = pd.DataFrame(
        {
            "site_id": lost.gone.index.to_numpy(object)[measured.whose[mine]],
            "to_site_id": ids[measured.now[mine]],
        }
        | {name: each[mine] for name, each in people.items()}
    )
    sums = frame.groupby(["site_id", "to_site_id"], dropna=False, sort=True).sum(min_count=1).reset_index()
    return sums.sort_values(["site_id", "under5", "residents"], ascending=[True, False, False], ignore_index=True)


def _pairs(chains: Chains, crossed: Worth, longer: Worth, ids: pd.Index[str]) -> pd.DataFrame:
    excess, walked = chains.pairs(crossed), chains.pairs(longer)
    first, second = np.nonzero((excess > 0) | (walked > 0))
    table = pd.DataFrame(
        {
            "site_id": ids.to_numpy(object)[first],
            "with_site_id": ids.to_numpy(object)[second],
            "crossed": excess[first, second],
            "minutes": walked[first, second],
        }
    )
    return table.sort_values(["crossed", "minutes"], ascending=False, kind="stable", ignore_index=True)


def _walks(network: WalkNetwork, snaps: Snaps, origins: pd.DataFrame, lost: Lost, measured: _Measured) -> pd.DataFrame:
    left, gone = (np.array([*index, None], dtype=object) for index in (lost.left.index, lost.gone.index))
    now = left[measured.now]
    cost = measured.chains.cost
    reached = np.where(~snaps.on_network, "off_network", np.where(measured.stuck, "no_route", "yes"))
    return pd.DataFrame(
        {
            "area_code": origins["area_code"],
            "before_site_id": np.where(measured.whose >= 0, gone[measured.whose], now),
            "before_minutes": network.minutes(cost[0]),
            "after_site_id": now,
            "after_minutes": network.minutes(cost[-1]),
            "reached": reached,
        },
        index=origins.index,
    )
