"""The words of a report: its title, its answer and its sections; every number comes from a figure.

The headings are questions that a council must answer when it chooses sites for Best Start Family Hubs: who has most
need, who can get there, who is missed, what was lost, which building would do most, and how far to trust the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.days import day_text
from geo.gaps import NO_STREETS
from geo.groups import GROUPINGS
from layers.answers import ledger, uncertainty
from layers.answers.community_sites import SPACE_WORDS
from layers.answers.freshness import parts_said
from layers.answers.new_sites import KINDS_WORDS
from layers.reports.content import comparison, weighed_sections
from layers.reports.content.cautions import CAREFUL, NOT_ASKED, gravest
from layers.reports.report import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.reports.content.findings import Findings
    from layers.reports.figure import Figure
    from layers.reports.report_map import ReportMap
    from layers.reports.table import Table

GUIDANCE = (
    "The Department for Education's guidance to councils on Best Start Family Hubs (4 December 2025) has a framework "
    "for choosing sites that puts access for disadvantaged families first. This report gives the part of that evidence "
    "that depends on where families live and how far they walk."
)


def title_of(found: Findings) -> str:
    """What the report is called."""
    walk = found.whole.asked.question.walk
    return f"{where(found)}: who can walk to {walk.to} {_by(found)}{comparison.title(found.request)}"


def _by(found: Findings) -> str:
    return {"buggy": "with a pram", "toddler": "with a small child", "adult": "alone"}[
        found.whole.asked.question.profile
    ]


def where(found: Findings) -> str:
    """What the report is about: an authority, a ward, or what chosen areas were called."""
    if found.everywhere:
        return found.whole.place.card.name
    if found.request.ward:
        return str(found.whole.areas.loc[found.chosen, "ward_name"].iloc[0])
    return found.request.name or _neighbourhoods(len(found.chosen))


def _neighbourhoods(number: int) -> str:
    return f"{number:,} neighbourhood{'' if number == 1 else 's'}"


def subtitle_of(found: Findings) -> str:
    """Whose report, and of which day."""
    card, question = found.whole.place.card, found.whole.asked.question
    place, day = card.name, f"{day_text(question.day)} ({parts_said(card, question.to)})"
    if found.everywhere:
        said = f"Report on the authority, as of {day}"
    elif found.request.ward:
        said = f"Report on a ward of {place}, as of {day}"
    else:
        chosen = _neighbourhoods(len(found.chosen)).replace(" ", " chosen ")
        said = f"Report on {chosen} of {place}, as of {day}"
    return said + comparison.subtitle(found.request)


def answer_of(found: Findings, figures: Mapping[str, Figure]) -> str:
    """The answer in `SENTENCES` sentences at most."""
    walk = found.whole.asked.question.walk
    beyond, far = figures["under5_beyond"], figures["areas_far"]
    would = "would live" if found.whole.asked.question.changes else "live"
    if not found.whole.asked.sites["inside"].any() and found.whole.asked.gaps["site_id"].isna().all():
        return f"Nobody can walk to {walk.to} here: none counts on that day, or none is near any street we have."
    if np.isnan(beyond.value):
        return f"In {far.said} most {walk.walkers} {would} more than {walk.limit_walk} from {walk.to}. {_UNCOUNTED}"
    said = [f"{_capital(beyond.said)} {would} more than {walk.limit_walk} from {walk.to}."]
    if "under5_beyond_change" in figures:
        said.append(comparison.difference(found.request, figures))
    poor = figures.get("most_deprived_beyond")
    if poor is not None and poor.base != beyond.base:
        was = figures.get("most_deprived_beyond_before")
        then = f", {comparison.both(found.request)[0]} {was.number}" if was is not None else ""
        said.append(
            f"Of those in the most deprived fifth of England it {'would be' if would != 'live' else 'is'} "
            f"{poor.number} "
            f"of {poor.base:,.0f} ({poor.share}){then}."
        )
    new = figures.get("new_sites_bring")
    if new is not None and found.plan is not None and found.request.before is None:
        sites = len(found.plan.plan.chosen)
        said.append(
            f"The best {'place' if sites == 1 else f'{_NUMBERS.get(sites, sites)} places'} found for "
            f"{'a new one' if sites == 1 else 'new ones'} would bring {new.number} of them within reach."
        )
    first = found.whole.asked.gaps.loc[found.chosen, "gap_rank"].dropna()
    if found.request.before is None and len(first) > 1:
        said.append(f"The first priority is {found.whole.areas.loc[first.idxmin(), 'area_name']}.")
    return " ".join(said[:SENTENCES])


SENTENCES = 3
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
_UNCOUNTED = "How many under-fives live here is not known, so they are not counted."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def sections_of(
    found: Findings, figures: Mapping[str, Figure], tables: Mapping[str, Table], maps: Mapping[str, ReportMap]
) -> tuple[Section, ...]:
    """The sections in their order; one that does not apply is left out."""
    sections = [
        comparison.section(found, figures, tables, maps),
        _need(found, figures, maps),
        _gaps(found, tables),
        weighed_sections.runs(found),
        _who(found, figures),
        _lost(found, figures, tables),
        weighed_sections.fair(found, tables),
        _help(found, figures, tables),
        weighed_sections.asked_by_guidance(found, tables),
        weighed_sections.access(found),
        weighed_sections.in_the_way(found, tables),
        _community(found, figures),
        _sure(found, figures),
        _method(found, figures),
        Section(
            key="data", heading="Which data is this, how old is it, and who publishes it?", shows=("table:sources",),
            text=("Every figure comes from the files named here; the spreadsheet has their names and hashes.",),
            points=found.whole.place.card.notes,
        ),
        Section(
            key="settings", heading="Which settings were used, and how can the numbers be reproduced?",
            text=(
                "The file run.json of this pack holds the settings, every number, and the hash of every file that "
                "was read. The command below makes the pack again and says whether every number is the same.",
            ),
            shows=("table:settings",),
        ),
    ]  # fmt: skip
    return tuple(section for section in sections if section is not None)


_NEED = (
    "Need puts together deprivation, children in low-income families, residents born outside the UK and the number of "
    "under-fives; the settings say how much each counts."
)


def _need(found: Findings, figures: Mapping[str, Figure], maps: Mapping[str, ReportMap]) -> Section:
    walk = found.whole.asked.question.walk
    far = figures["areas_far"]
    table = found.whole.asked.gaps.loc[found.chosen]
    both = int(((table["need_class"] == "high") & (table["access_class"] == "far")).sum())
    high = int(((table["need_class"] == "high") & (table["access_class"] != NO_STREETS)).sum())
    seen = " that have street data" if "areas_unknown" in figures else ""
    if far.base == 1:
        is_far = "Most" if far.value else "Fewer than half of the"
        text = [
            f"{is_far} {walk.walkers} of the one neighbourhood here live more than {walk.limit_walk} from {walk.to}."
        ]
    else:
        text = [f"In {far.said} most {walk.walkers} live more than {walk.limit_walk} from {walk.to}."]
    if high and far.base == 1:
        text.append(f"Its need is high. {_NEED}")
    elif high == 1:
        text.append(f"In the one with high need{seen} they {'do' if both else 'do not'}. {_NEED}")
    elif high:
        number = f"{both:,}" if both else "none"
        text.append(f"That is so in {number} of the {high:,} neediest{seen}. {_NEED}")
    if "areas_unknown" in figures:
        text.append(f"We have no streets for {figures['areas_unknown'].said}, which are left out.")
    if found.whole.asked.question.to == "centres" and found.everywhere:
        if not found.request.of_days:  # a comparison of days has said it
            text.append(uncertainty.counted_said(found.whole.asked.sites, found.whole.asked.question))
        text.append(GUIDANCE)
    shows = tuple(f"map:{key}" for key in ("need", "walk") if key in maps)
    return Section(
        key="need",
        heading=f"Where is need greatest, and can families there walk to {walk.to}?",
        text=tuple(text),
        shows=shows,
    )


def _gaps(found: Findings, tables: Mapping[str, Table]) -> Section:
    shows = ["table:neighbourhoods"] + (["table:wards"] if "wards" in tables else [])
    first = tables["neighbourhoods"].values.iloc[0]
    text: tuple[str, ...] = ()
    if found.everywhere and not np.isnan(first["gap_rank"]):
        ward = f" in {first['ward_name']}" if isinstance(first.get("ward_name"), str) else ""
        text = (f"The first priority is {first['area_name']}{ward}.",)
    elif not np.isnan(first["gap_rank"]):
        of = int(found.whole.asked.gaps["gap_rank"].notna().sum())
        largest = f"{first['area_name']}, number {first['gap_rank']:.0f} of {of:,} in {found.whole.place.card.name}"
        text = (f"The first priority here is {largest}.",)
    return Section(key="gaps", heading="Which neighbourhoods should come first?", text=text, shows=tuple(shows))


def _deprivation_known(found: Findings) -> bool:
    """Whether no neighbourhood with a known walk is in the most deprived fifth, and that is not for want of data."""
    seen = found.whole.asked.gaps["access_class"] != NO_STREETS
    known = found.whole.groups.loc[seen, "deprivation"]
    return bool(known.notna().all()) and not (known == GROUPINGS["deprivation"][0]).any()


def _who(found: Findings, figures: Mapping[str, Figure]) -> Section:
    walk = found.whole.asked.question.walk
    text = []
    poor, every = figures.get("most_deprived_beyond"), figures["under5_beyond"]
    if poor is not None:
        text.append(
            f"In the most deprived fifth of England, {poor.said} live beyond {walk.limit_walk}; of all, {every.said}."
        )
    elif found.everywhere and _deprivation_known(found):
        text.append("No neighbourhood here with a known walk is in the most deprived fifth of England.")
    abroad = figures.get("born_abroad_beyond")
    if abroad is not None:
        text.append(f"{_capital(abroad.said)}, of all ages, live beyond {walk.limit_walk}.")
    return Section(
        key="who", heading="Who lives too far away: by deprivation, and among families from abroad?", text=tuple(text),
        shows=("table:who",),
    )  # fmt: skip


def _lost(found: Findings, figures: Mapping[str, Figure], tables: Mapping[str, Table]) -> Section | None:
    if found.whole.asked.question.to != "centres":
        return None
    heading = "What did families lose when centres closed or were reduced?"
    lost = found.whole.lost
    if lost is None:
        unknown = "Under-fives are not known here, so losses cannot be counted in children."
        return Section(key="lost", heading=heading, text=(unknown,))
    if "lost" not in tables:
        nothing = (
            ledger.headline(lost)
            if found.everywhere
            else "We know of no closure or downgrade that took the nearest centre from families here."
        )
        return Section(key="lost", heading=heading, text=(nothing,))
    figure, walk = figures["lost_beyond"], lost.question.walk
    counts = {
        "full": "full centres only, so reduced centres are treated as closed here", "hubs": "family hubs only",
        "network": "network sites too",
    }  # fmt: skip
    what = None if lost.question.counting == found.whole.asked.question.counting else lost.question.counting
    what = counts.get(str(what))
    text = [
        f"Because of closures and downgrades, {figure.said} live or will live beyond {walk.limit_walk} of {walk.to}. "
        "Otherwise they would be within it."
    ]
    if what:
        text.append(_another_count(figures, what))
    if found.whole.asked.question.changes:
        text.append("It shows what has happened, without the changes of the scenario.")
    careful = (
        tuple(ledger.cautions(lost, otherwise=_OTHERWISE))
        if found.everywhere
        else ("Walks to closed centres are measured along today's streets.",)
    )
    return Section(key="lost", heading=heading, text=tuple(text), shows=("table:lost",), careful=careful)


def _another_count(figures: Mapping[str, Figure], what: str) -> str:
    """That the losses are counted by other centres than the headline, with both numbers so that nobody mixes them."""
    said = f"This section counts {what}. In the rest of the report {figures['under5_beyond'].number} are too far away"
    here = figures.get("lost_beyond_now")
    return f"{said}." if here is None else f"{said}, here {here.number}."


def _help(found: Findings, figures: Mapping[str, Figure], tables: Mapping[str, Table]) -> Section | None:
    heading = "Which building would bring most families within reach?"
    if not found.request.new_sites or found.whole.asked.question.to != "centres":
        return None
    if found.plan is None or "new_sites" not in tables:
        why = found.no_plan or "None of the places we know of would bring anybody within reach."
        return Section(key="help", heading=heading, text=(why,))
    figure, plan = figures["new_sites_bring"], found.plan
    number = len(plan.plan.chosen)
    which = "one" if number == 1 else f"these {_NUMBERS.get(number, number)} together"
    text = [
        f"Among {len(plan.candidates):,} places ({_kinds(found)}), {which} would bring "
        f"{figure.said} within {plan.question.walk.limit}{', more than any other' if number == 1 else ''}."
    ]
    if plan.plan.proved:
        text.append("No other choice of those places does better (proved).")
    else:
        text.append(f"It falls at most {plan.plan.short_by:.1%} short of the best choice of those places.")
    return Section(
        key="help", heading=heading, text=tuple(text), shows=("table:new_sites",),
        careful=(NOT_ASKED,),
    )  # fmt: skip


def _kinds(found: Findings) -> str:
    there = set(found.plan.candidates["kind"]) if found.plan is not None else set()
    there |= {"closed"} if "linked" in there else set()
    said = [KINDS_WORDS.get(kind, kind) for kind in found.request.candidates if kind in there or kind == "venues"]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _community(found: Findings, figures: Mapping[str, Figure]) -> Section | None:
    spaces, official = found.whole.spaces, figures.get("under5_beyond_official")
    if spaces is None or official is None:
        return None
    to = found.whole.asked.question.to
    number = len(spaces.counting(to))
    walk = found.whole.asked.question.walk
    text = (
        f"With official sites only, {official.said} live beyond {walk.limit_walk}; with {number:,} "
        f"{SPACE_WORDS[to][number != 1]}, {figures['under5_beyond'].said}.",
        "Community spaces are places that local groups have put on the map and a moderator has approved. They "
        "are not children's centres and do not offer the same.",
    )
    return Section(key="community", heading="What do the community's own places add?", text=text)


def _sure(found: Findings, figures: Mapping[str, Figure]) -> Section:
    changing = figures["areas_changing"]
    if changing.base == 1:
        text = [f"At other speeds and thresholds its result {'changes' if changing.value else 'stays the same'}."]
    else:
        text = [
            f"For {changing.said} the result (near, fair or far) depends on our assumptions: it would differ at "
            "another speed or threshold."
        ]
    least, most = figures.get("under5_beyond_least"), figures.get("under5_beyond_most")
    if least is not None and most is not None and least.value == most.value:
        text.append(
            f"At all of those speeds and thresholds, {least.number} of {least.base:,.0f} under-fives are too far away."
        )
    elif least is not None and most is not None:
        text.append(
            f"Between {least.number} and {most.number} of {least.base:,.0f} under-fives are too far away, "
            "from the fastest walk with the longest threshold to the slowest with the shortest."
        )
    if found.whole.bounds is not None and found.everywhere:
        text.append(uncertainty.bounds_said(found.whole.bounds, found.whole.asked.question))
    off = found.whole.asked.gaps.loc[found.chosen, "off_network_share"]
    some = int((off >= 0.005).sum())
    if some:
        text.append(
            f"In {some:,} neighbourhood{'' if some == 1 else 's'} some homes are farther than 250 m from any street we "
            "have; their walk is not known, and they are left out."
        )
    names = found.whole.areas["area_name"]
    first = found.whole.asked.gaps.loc[found.chosen, "gap_rank"].nsmallest(5).index
    unsteady = [str(names[code]) for code in first if found.whole.sure.changing[code]]
    whose = "Of the first priorities" if found.everywhere else "Of the neighbourhoods here"
    points = (f"{whose}, these would have another result: {'; '.join(unsteady)}.",) if unsteady else ()
    return Section(key="sure", heading="How sure are we?", text=tuple(text), points=points, shows=("table:certainty",))


_OF_CENTRES = "What was lost"
_OTHERWISE = "the rest of this report counts them as long as they are open"
_PRAM = (
    " A pram cannot take steps without a ramp, stiles or kissing gates, and takes half as long again on sand, mud, "
    "grass or gravel."
)


def _method(found: Findings, figures: Mapping[str, Figure]) -> Section:
    to, first = found.whole.asked.question.to, gravest(found, figures)
    walk, walker = found.whole.asked.question.walk, found.whole.asked.question.walker
    metres = walker.speed_kmh * 1000 / 60 * walk.minutes
    text = (
        "The walk. Every home (a live postcode) is joined to the nearest street, and the quickest way on foot along "
        f"the streets of OpenStreetMap is found to the nearest {walk.to.split(' ', 1)[-1]} that counts. The pace is "
        f"{walker.speed_kmh:g} km/h on level ground, so {walk.limit} are {metres:,.0f} m."
        f"{_PRAM if walker.rules == 'pram' else ' Steps take three times as long.'}",
        "The families. The official number of children aged 0 to 4 of each small area is shared out over its homes. A "
        "neighbourhood is a Lower layer Super Output Area of 2021. Its typical walk is the one in "
        "the middle: half of its under-fives walk less. Those with streets but no way there count as beyond; areas "
        "that we have no streets for are left out.",
        "Need. Deprivation, children in low-income families, the share of residents born outside the UK and the number "
        "of under-fives, each from 0 (least) to 100 (most) among the neighbourhoods of this authority, weighted as "
        "the settings say. Neighbourhoods are ranked by under-fives too far away, weighted by local need.",
        "What was lost compares walks to every site that was ever open with walks to those that are left. Each family "
        "is counted once, under its former nearest centre. Losses that several closures caused together are split "
        "fairly (Shapley shares), so that they add up. Where a new one would do most is found by an exact search among "
        "the candidates, with all of today's sites staying.",
        "Numbers. Children are counted in whole numbers, so parts may not add up to their total. All of them are "
        "estimates, small ones above all: nobody knows in which homes the children of a small area live.",
    )  # fmt: skip
    told = tuple(each for each in text if to == "centres" or not each.startswith(_OF_CENTRES))
    rest = tuple(line for line in CAREFUL[to] if line not in first)
    return Section(key="method", heading="How was this worked out?", text=told, careful=rest)
