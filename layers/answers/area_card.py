"""One neighbourhood in words: the walk, the sites, who lives there, its rank and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pandas as pd

from data.build.children import OWN
from geo.gaps import about
from geo.homes import Homes, main_site, weighted_quantiles
from geo.need import PART_NAMES, born_outside_uk_share
from geo.whole import shown, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data.place import Card as PlaceCard
    from geo.children_drawn import Drawn
    from layers.answers.question import Answer


@dataclass(frozen=True, kw_only=True)
class AreaCard:
    """What the page says of one area; every line is plain text."""

    title: str
    subtitle: str
    reason: str
    facts: tuple[tuple[str, str], ...]
    need: tuple[tuple[str, str], ...]
    caveats: tuple[str, ...]


_PROXIES = {
    "arrived_5y_share": "Came to the UK within 5 years, of all residents (proxy)",
    "little_english_share": "Cannot speak English well, of those aged 3 and over (proxy)",
    "no_adult_english_share": "Households where English is no adult's main language (proxy)",
}
"""Shares of `geo.tables.Areas` that a card tells where the place has them."""


def area_names(areas: pd.DataFrame) -> dict[str, str]:
    """What each area is called in a list: its name and its ward, by code; told apart by code if need be."""
    said = areas["area_name"] + (", " + areas["ward_name"]).fillna("")
    said = said.where(~said.duplicated(keep=False), said + ", " + said.index)
    return {str(code): str(name) for code, name in said.sort_values(kind="stable").items()}


def area_card(
    answer: Answer, code: str, place: PlaceCard, drawn: Drawn | None = None, more: Sequence[tuple[str, str]] = ()
) -> AreaCard:
    """The card of an area.

    Parameters
    ----------
    answer
        The answer that the map shows.
    code
        LSOA 2021 code, one of the answer's.
    place
        For vintages and notes.
    drawn
        Of the answer, if the rank's interval is to be told.
    more
        Further facts, as pairs of what and how much; they follow its rank.
    """
    areas, table = answer.ground.areas, answer.gaps
    area, gap = cast("pd.Series", areas.loc[code]), cast("pd.Series", table.loc[code])
    ranked = int(table["gap_rank"].notna().sum())
    share = born_outside_uk_share(areas)[code]
    rank = "not ranked: no street data here" if pd.isna(gap["gap_rank"]) else f"{gap['gap_rank']:.0f} of {ranked}"
    limit = answer.question.walk.limit
    around = area["around"] if pd.isna(area["around"]) else f"around {area['around']}"
    figures = place.figures
    facts = [
        (
            "Rank in the authority",
            f"{rank} (1 = highest priority)" if ranked and not pd.isna(gap["gap_rank"]) else rank,
        ),
        *_interval(code, drawn),
        *more,
        ("Typical walk", _walk_now(gap)),
        ("Nearest", _site(answer, code, "")),
        ("Second nearest", _site(answer, code, "second_")),
        (f"Within {limit}", told(gap["within_share"], "{:.0%} of under-fives")),
        (
            f"Under-fives beyond {limit}",
            _counted(gap["under5_beyond"], gap["under5_known"], area["under5"], figures.get("under5")),
        ),
        ("Under-twos", told(area["under2"], "{:,.0f}", figures.get("under2"))),
        *_births(area, figures),
        ("Residents", told(area["residents"], "{:,.0f}", figures.get("residents"))),
        ("Born outside the UK (proxy for families from abroad)", told(share, "{:.1%}", figures.get("born_outside_uk"))),
        *((_PROXIES[name], told(area[name], "{:.1%}", figures[name])) for name in _PROXIES if name in figures),
        (
            "Deprivation",
            told(area["imd_decile"], "tenth {:.0f} of 10 in England, 1 is most deprived", figures.get("imd_rank")),
        ),
    ]
    parts = [(PART_NAMES[name], told(gap[f"need_{name}"], "{:.0f}")) for name in answer.question.weights.given()]
    return AreaCard(
        title=str(area["area_name"]),
        subtitle=" · ".join(str(part) for part in (area["ward_name"], around, code) if not pd.isna(part)),
        reason=str(gap["reason"]),
        facts=tuple(facts),
        need=(("need score", told(gap["need_score"], "{:.0f}")), *parts),
        caveats=tuple(part for part in str(gap["confidence"]).split("; ") if part),
    )


def _births(area: pd.Series, figures: Mapping[str, str]) -> list[tuple[str, str]]:
    """Births to parents from abroad, where a council's own table has them."""
    vintage = figures.get("births_abroad")
    return [("Births to a parent from abroad", told(area["births_abroad"], "{:,.0f}", vintage))] if vintage else []


def _interval(code: str, drawn: Drawn | None) -> list[tuple[str, str]]:
    """Between which ranks the area lies when children are put into its homes at random; nothing where it has none."""
    if drawn is None or drawn.ranks["low"].isna()[code]:
        return []
    low, high = drawn.ranks.loc[code, ["low", "high"]]
    said = f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"
    return [("Rank in 95 of 100 draws of where children live", said)]


def told(value: float, form: str, vintage: str | None = None) -> str:
    """A figure as a card says it, with its vintage; a missing one is not known."""
    if pd.isna(value):
        return _unknown(vintage)
    return form.format(value) + (f" ({vintage})" if vintage else "")


def _unknown(vintage: str | None) -> str:
    """What stands for a missing figure: of a council's own count it may be hidden, see `data.build.children`."""
    return f"not known, or hidden ({vintage})" if vintage and vintage.endswith(OWN) else "not known"


def _counted(beyond: float, known: float, every: float, vintage: str | None) -> str:
    if pd.isna(beyond) or pd.isna(known):
        return _unknown(vintage)
    whose = "" if whole(known) == whole(every) else " whose walk is known"
    return f"{shown(beyond)} of {shown(known)}{whose}" + (f" ({vintage})" if vintage else "")


def _walk_now(gap: pd.Series) -> str:
    if gap["access_class"] == "no street data":
        return "not known: no street data here"
    if pd.isna(gap["minutes_median"]):
        return "most families cannot walk there"
    slow = "" if pd.isna(gap["minutes_p90"]) else f"; one in ten walk {about(gap['minutes_p90'])} or more"
    walked, length = about(gap["minutes_median"]), f"{gap['metres_median']:,.0f} m"
    return f"{walked} ({length}){slow}"


def _site(answer: Answer, code: str, which: str) -> str:
    """The nearest or second nearest site of most families here, and the typical walk to theirs."""
    here = (answer.reach["area_code"] == code).to_numpy()
    reach = answer.reach[here]
    homes = Homes.of(answer.ground.areas.loc[[code]], answer.ground.origins[here])
    site = main_site(homes, reach[f"{which}site_id"])[code]
    if not isinstance(site, str):
        return "none within walking reach"
    minutes = weighted_quantiles(reach[f"{which}minutes"].to_numpy(float), homes.weight, (0.5,))[0]
    name = answer.sites["name"].get(site)
    said = name if isinstance(name, str) else f"one without a name ({site})"
    return said if pd.isna(minutes) else f"{said}, {about(minutes)}"
