"""What a report rests on, worked out once: answers, ledger, plan, sensitivity; no words and no rounding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.access import nearest
from geo.days import day_text
from geo.difference import difference
from geo.errors import InputError, RequestError
from geo.gaps import NO_STREETS
from geo.groups import GROUPINGS, groups_of
from geo.homes import extra_minutes
from geo.need import need
from geo.sensitivity import robustness
from geo.sites import status_on
from geo.siting import greedy, optimum
from geo.whole import whole as rounded
from layers.answers import barriers, by_ferry, ledger, new_sites
from layers.answers.question import answer, ground, sites_of
from layers.answers.siting_measures import brought_within
from layers.answers.uncertainty import bounds_of
from layers.reports.content.weighed import Weighed

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

    from data.place import Place
    from geo.difference import Difference
    from geo.sensitivity import Robustness
    from geo.siting_problem import SitingProblem
    from layers.answers.community_sites import Published
    from layers.answers.ledger import LedgerAnswer
    from layers.answers.question import Answer, Ground
    from layers.answers.uncertainty import Bounds
    from layers.reports.request import ReportRequest

SECONDS = 4.0
"""How long the search for the best new sites may take, for each number of them; it mostly takes a moment. A plan that
is found but not proved in that time says by how much it may fall short."""

MOST_BARRIERS = 20
"""How many a report has in its files."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Whole:
    """What is found for the whole authority, whichever part of it a report is about.

    Tables are on the areas' index.
    """

    place: Place
    request: ReportRequest
    asked: Answer
    before: Answer | None
    official: Answer | None
    """The same with official sites only, where community spaces count."""
    spaces: Published | None
    people: pd.DataFrame
    """``under5_known`` and ``abroad_known``: those whose walk is known, in areas that mostly have street data."""
    groups: pd.DataFrame
    """As `geo.groups.groups_of`."""
    sure: Robustness
    bounds: Bounds | None
    change: Difference | None
    lost: LedgerAnswer | None
    taken: pd.DataFrame
    """Under-fives who lost their nearest site, areas by closed sites; empty where nothing is known to have gone."""
    crossed: pd.Series
    """Under-fives of each area whom the closures together put beyond the threshold."""
    problem: SitingProblem | None
    candidates: gpd.GeoDataFrame | None
    no_plan: str
    """Why no new sites are looked for, in a sentence; empty if they are."""

    @property
    def ground(self) -> Ground:
        """What the answer stands on."""
        return self.asked.ground

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """The areas of the authority."""
        return self.ground.areas

    @cached_property
    def segments(self) -> gpd.GeoDataFrame:
        """The streets, read once for the maps of all wards."""
        return self.place.segments()

    @cached_property
    def gazetteer(self) -> gpd.GeoDataFrame | None:
        """The names of streets, landmarks and localities, read once for the maps of all wards."""
        return self.place.gazetteer()

    @cached_property
    def backdrop(self) -> gpd.GeoDataFrame | None:
        """What the maps stand on."""
        return self.place.backdrop()

    @cached_property
    def labels(self) -> gpd.GeoDataFrame | None:
        """Names to write on the maps."""
        return self.place.labels()

    @cached_property
    def built_up(self) -> gpd.GeoDataFrame | None:
        """The part of each area where its homes stand."""
        return self.place.built_up()

    @cached_property
    def shorter(self) -> by_ferry.Shorter:
        """Where a ferry would make the walk much shorter."""
        return by_ferry.shorter(self.asked, self.place.ferries())

    @cached_property
    def weighed(self) -> Weighed:
        """The answer weighed: fairness, guidance, access, runs of areas, barriers."""
        return Weighed(self.place, self.asked, self.lost)

    @cached_property
    def outline(self) -> shapely.Geometry:
        """The authority's outline: all its areas in one."""
        return self.areas.geometry.union_all()


@dataclass(frozen=True, eq=False, kw_only=True)
class Findings:
    """What a report tells of the areas it is about."""

    whole: Whole
    request: ReportRequest
    chosen: pd.Index
    """Codes of the areas that the report is about."""
    closures: pd.DataFrame
    """The ledger's rows: of the authority, or of those closures that somebody in the chosen areas lost, with
    ``under5`` and ``extra_minutes_median`` of those areas; empty where nothing is known to have gone."""
    lost_beyond: float
    """Under-fives of the chosen areas whom the closures together put beyond the threshold."""
    plan: new_sites.Sited | None
    no_plan: str

    @property
    def everywhere(self) -> bool:
        """Whether the report is about the whole authority."""
        return len(self.chosen) == len(self.whole.areas)

    @cached_property
    def barriers(self) -> barriers.Found | str:
        """The first `MOST_BARRIERS` in a pram's way in the chosen areas; or why that is not told."""
        whole, fixes = self.whole, self.whole.weighed.fixes
        if isinstance(fixes, str):
            return fixes
        inside = None if self.everywhere else whole.areas.geometry.loc[self.chosen].union_all()
        return barriers.barriers_of(whole.place, whole.asked, most=MOST_BARRIERS, fixes=fixes, inside=inside)


def look(place: Place, request: ReportRequest, spaces: Published | None = None, *, on: Ground | None = None) -> Whole:
    """What is found for a place, whichever part of it a report is about.

    Parameters
    ----------
    place
        The place.
    request
        What is asked for; its ward and areas are not looked at.
    spaces
        The published marks, where community spaces count or may host a new site.
    on
        The place's ground for the question's profile, if it is open already.

    Raises
    ------
    RequestError, InputError
        The place has no data on what is asked for.
    """
    question, marks = request.question, None if spaces is None else spaces.marks
    require_sites(place, request)
    on = on or ground(place, question.walker)
    before = None if request.before is None else answer(place, request.before, marks, on=on)
    asked = answer(place, question, marks, on=on)
    official = None
    if question.community is not None:
        official = answer(place, replace(question, community=None), on=on)
    areas, homes = asked.ground.areas, asked.ground.homes
    children, abroad = (np.nan_to_num(on.origins[name].to_numpy(float)) for name in ("under5", "born_outside_uk"))
    known = pd.DataFrame(
        {
            "under5_known": homes.total(np.where(on.counted, children, 0.0)),
            "abroad_known": homes.total(np.where(on.counted, abroad, 0.0)),
        },
        index=areas.index,
    )
    for column, of in (("under5_known", "under5"), ("abroad_known", "born_outside_uk")):
        known[column] = known[column].where(areas[of].notna() & (asked.gaps["access_class"] != NO_STREETS))
    needs = need(areas, weights=question.weights)
    groups = groups_of(areas)
    lost = _ledger(place, asked) if question.to == "centres" else None
    taken, crossed = _taken(lost, on, areas.index)
    problem, candidates, why = _problem(place, request, asked, marks)
    change = None
    if before is not None:
        change = difference(
            areas, on.origins, homes, reach=(before.reach, asked.reach), gaps=(before.gaps, asked.gaps),
            minutes=question.minutes,
        )  # fmt: skip
    sure = robustness(
        areas, on.origins, asked.reach, homes=homes, needs=needs, profile_speed_kmh=question.walker.speed_kmh,
        walk=question.walk,
    )  # fmt: skip
    return Whole(
        place=place, request=request, asked=asked, before=before, official=official, spaces=spaces, people=known,
        groups=groups, sure=sure, bounds=bounds_of(place, on, question, marks) if question.to == "centres" else None,
        change=change, lost=lost, taken=taken, crossed=crossed, problem=problem, candidates=candidates, no_plan=why,
    )  # fmt: skip


def require_sites(place: Place, request: ReportRequest) -> None:
    """Refuse a day on which none counts that we know of: a report of zeros would say what nobody knows.

    Parameters
    ----------
    place, request
        What is asked for, of which place.

    Raises
    ------
    RequestError
        No centre is known to have counted on the day; those that a scenario adds or closes are its own affair.
    """
    for one in request.questions:
        if one.to == "centres" and not one.changes:
            centres = sites_of(place, replace(one, community=None))
            if centres.empty or status_on(centres, one.day).isna().all():
                official = replace(one, community=None).walk.to
                message = f"{place.card.name}: nothing is known to have counted as {official} on {day_text(one.day)}"
                raise RequestError(message)


def _ledger(place: Place, asked: Answer) -> LedgerAnswer | None:
    """The ledger of the day asked about; None where no under-fives are known, and it can count nobody."""
    question = asked.question
    if asked.ground.origins["under5"].isna().all():
        return None
    asked_for = None if question.counting == "listed" else question.counting
    wanted = ledger.LedgerQuestion(
        day=question.day, counting=ledger.settled(place.centres(), asked_for),
        profile=question.profile, minutes=question.minutes, context=question.context,
    )  # fmt: skip
    on = asked.ground if not question.changes else ground(place, question.walker)
    return ledger.answer_ledger(place, on, wanted)


def _problem(
    place: Place, request: ReportRequest, asked: Answer, marks: gpd.GeoDataFrame | None
) -> tuple[SitingProblem | None, gpd.GeoDataFrame | None, str]:
    """What each candidate would give whom; or why there is none."""
    question = request.question
    if not request.new_sites:
        return None, None, "The report was made without suggestions for new sites."
    if question.to != "centres":
        return None, None, "New places are only suggested for children's centres."
    if asked.ground.origins["under5"].isna().all():
        return None, None, "Under-fives are not known here, so we cannot count what a new site would bring."
    centres = place.centres()
    among = centres.index.union(asked.sites.index, sort=False)
    state = nearest(asked.ground.network, asked.sites, among=among)
    try:
        found = new_sites.candidates_of(place, asked.ground, state, question, request.candidates, marks)
    except RequestError as fault:
        return None, None, f"{fault}."
    return new_sites.problem_of(asked.ground, state, found, question), found, ""


def narrow(whole: Whole, request: ReportRequest) -> Findings:
    """What a report tells of the areas that it is about.

    Parameters
    ----------
    whole
        What was found for the authority, for the same question.
    request
        What is asked for, with its ward or areas.

    Raises
    ------
    RequestError
        There is no such ward or area.
    InputError
        None of the chosen areas has street data.
    """
    chosen = request.chosen(whole.areas)
    everywhere = len(chosen) == len(whole.areas)
    if (
        whole.asked.gaps.loc[chosen, "minutes_median"].isna().all()
        and whole.people.loc[chosen, "under5_known"].sum() == 0
    ):
        where = whole.place.card.name if everywhere else "the chosen neighbourhoods"
        raise InputError(
            whole.place.card.name, expected="street data, to measure walks along", found=f"none in {where}"
        )
    plan, why = _plan(whole, chosen, request.new_sites)
    together = whole.lost.ledger.together if everywhere and whole.lost is not None else None
    return Findings(
        whole=whole, request=request, chosen=chosen, closures=_closures(whole, chosen, everywhere=everywhere),
        lost_beyond=float(rounded(whole.crossed.loc[chosen].sum()) if together is None else together["crossed"]),
        plan=plan, no_plan=why,
    )  # fmt: skip


def _taken(lost: LedgerAnswer | None, on: Ground, areas: pd.Index) -> tuple[pd.DataFrame, pd.Series]:
    """Who lost the nearest site, areas by closed sites; and whom all closures together put beyond the threshold."""
    if lost is None or lost.ledger.closures.empty:
        return pd.DataFrame(index=areas), pd.Series(0.0, index=areas)
    walks, limit = lost.ledger.walks, lost.question.minutes
    children = np.where(on.counted, np.nan_to_num(on.origins["under5"].to_numpy(float)), 0.0)
    before, after = (walks[f"{when}_minutes"].to_numpy(float) for when in ("before", "after"))
    crossed = pd.Series(np.where((before <= limit) & ~(after <= limit), children, 0.0))
    grew = (walks["before_site_id"] != walks["after_site_id"]).to_numpy()
    where = walks["area_code"].to_numpy()
    taken = pd.crosstab(where[grew], walks["before_site_id"].to_numpy()[grew], values=children[grew], aggfunc="sum")
    columns = lost.ledger.closures.index
    return (
        taken.reindex(index=areas, columns=columns).fillna(0.0),
        crossed.groupby(where).sum().reindex(areas).fillna(0.0),
    )


def _closures(found: Whole, chosen: pd.Index, *, everywhere: bool) -> pd.DataFrame:
    """The ledger's rows, as `Findings` has them."""
    if found.lost is None or found.lost.ledger.closures.empty:
        return pd.DataFrame()
    if everywhere:
        return found.lost.ledger.closures
    on, walks = found.ground, found.lost.ledger.walks
    here = walks["area_code"].isin(chosen).to_numpy() & on.counted
    children = np.where(here, np.nan_to_num(on.origins["under5"].to_numpy(float)), 0.0)
    before, after = (walks[f"{when}_minutes"].to_numpy(float) for when in ("before", "after"))
    rows = found.lost.ledger.closures.copy()
    rows["under5"] = rounded(found.taken.loc[chosen].sum())
    grew = (walks["before_site_id"] != walks["after_site_id"]).to_numpy() & here
    whose = rows.index.get_indexer(pd.Index(walks["before_site_id"].where(grew)))
    now = walks["after_site_id"].to_numpy()
    median, goes = [], []
    for number in range(len(rows)):
        theirs = whose == number
        median.append(extra_minutes(before[theirs], after[theirs], children[theirs], (0.5,))[0])
        people = pd.Series(children[theirs]).groupby(now[theirs]).sum()
        goes.append(people.idxmax() if len(people) else None)
    rows = rows.assign(extra_minutes_median=median, goes_to=pd.Series(goes, rows.index, dtype=rows["goes_to"].dtype))
    return rows[rows["under5"] > 0].sort_values("under5", ascending=False, kind="stable")


def _plan(whole: Whole, chosen: pd.Index, most: int) -> tuple[new_sites.Sited | None, str]:
    """The best places for the families of the chosen areas; or why there are none."""
    if whole.problem is None or whole.candidates is None:
        return None, whole.no_plan
    here = whole.ground.origins["area_code"].isin(chosen).to_numpy()
    problem = replace(whole.problem, weight=np.where(here, whole.problem.weight, 0.0))
    if not problem.weight.sum() > 0:
        return None, "No under-fives with street data live in the chosen neighbourhoods."
    for k in range(min(most, len(problem.candidates)), 0, -1):
        plan = optimum(problem, k, objective="cover", time_limit_s=SECONDS)
        within = [brought_within(problem, plan.chosen[: n + 1]) for n in range(len(plan.chosen))]
        if (np.round(np.diff(within, prepend=0.0)) > 0).all():  # a place that brings nobody is none
            break
    else:
        return None, "None of the places we know of would bring anybody within reach."
    plain = greedy(problem, k, objective="cover", swaps=False)
    return new_sites.Sited(whole.asked.question, whole.candidates, problem, plan, plain), ""


def group_sums(whole: Whole, chosen: pd.Index, counts: pd.DataFrame) -> pd.DataFrame:
    """Sums over the chosen areas of each group of `geo.groups.GROUPINGS`; index ``grouping, group``.

    Parameters
    ----------
    whole
        What was found for the authority.
    chosen
        Codes of areas.
    counts
        Counts of each area; missing where they are not known.
    """
    here, groups = counts.loc[chosen], whole.groups.loc[chosen]
    sums = {
        grouping: here.groupby(pd.CategoricalIndex(groups[grouping], categories=names), observed=False).sum(min_count=1)
        for grouping, names in GROUPINGS.items()
    }
    told: pd.DataFrame = pd.concat(sums, names=["grouping", "group"])
    return told
