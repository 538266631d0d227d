"""How sure the answer is: every set of assumptions tried, which neighbourhoods hold, and by which boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.gaps import NO_STREETS
from geo.need import need
from geo.readings import READINGS, WITHIN_PESSIMISTIC, assumed_metres, reach_read
from geo.scenario import ways_of
from geo.variants import AS_TAGGED, Variants, variants
from geo.whole import shown
from geo.zones import by_zones
from layers.answers.place_parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from data.place import Place
    from layers.answers.place_parts import Parts
    from layers.answers.question import Answer, Question

READING_WORDS = {
    AS_TAGGED: "as the map has it",
    "pessimistic": "if what the map does not say counts against the pram",
    "no_cycleways": "without cycle paths",
    "no_private": "without ways on private land",
}
DECIDES_WORDS = {
    "ground_unknown": "paths whose surface is not recorded are rough",
    "ramp_untyped": "ramps beside steps are only for bicycles",
    "gate_untagged": "gates that nothing is recorded of stop a pram",
    "pessimistic": "unknown surfaces, ramps and gates all count against the pram",
    "no_cycleways": "cycle paths cannot be used",
    "no_private": "ways on private land cannot be used",
    "together": "several assumptions are wrong at once",
}
"""What changes a neighbourhood's result, after "if"; speeds and thresholds besides (`_cause`)."""

_OF_THE_MAP = set(DECIDES_WORDS) - {"together"}
_ZONE_WORDS = {
    "homes": "postcodes",
    "output_areas": "output areas",
    "areas": "neighbourhoods",
    "wards": "wards",
    "towns": "towns and villages",
}
COLUMNS = {
    "areas": (
        "area_code", "area_name", "ward_name", "access_class", "sure", "same", "decides", "only", "said",
        "under5_beyond", "under5_beyond_low", "under5_beyond_high", "gap_rank", "rank_low", "rank_high",
        "assumed_share",
    ),
    "variants": (
        "reading", "speed_kmh", "minutes", "under5_beyond", "drawn_low", "drawn_high", "under5_known", "areas_far",
        "areas_changed",
    ),
    "boundaries": ("by", "zones", "zones_far", "under5_there", "under5_beyond", "agree", "other_side"),
}  # fmt: skip
"""Of each table, the index first."""
_DECIMALS = {"under5_beyond": 1, "under5_beyond_low": 1, "under5_beyond_high": 1, "assumed_share": 4,
    "under5_there": 1, "agree": 3, "other_side": 4,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class HowSure:
    """How sure an answer is; read-only."""

    question: Question
    found: Variants
    table: gpd.GeoDataFrame
    """`geo.variants.Variants.areas` with what is said of each, fragile ones first, by rank; ``assumed_share``: of the
    metres that its under-fives walk, the share on paths whose surface is not recorded."""
    zones: pd.DataFrame
    """As `geo.zones.by_zones`, on the keys of ``_ZONE_WORDS`` that are known."""
    said: tuple[str, ...]

    @property
    def variants(self) -> pd.DataFrame:
        """The headline in each variant (`geo.variants.Variants.grid`), by reading."""
        return self.found.grid.reset_index(["speed_kmh", "minutes"]).round(1)


def how_sure(place: Place, found: Answer, parts: Mapping[str, Parts] | None = None) -> HowSure:
    """Try every set of assumptions on an answer.

    Parameters
    ----------
    place
        The place of the answer.
    found
        The answer. Where its streets are changed, or the place does not know what of them is assumed, they are read
        as the map has them alone.
    parts
        `layers.answers.place_parts.parts_of` the place, if they are known already.
    """
    on, question = found.ground, found.question
    assumed = None if ways_of(question.changes) else place.assumed()
    points = on.origins.geometry.to_numpy()
    reaches, metres = {AS_TAGGED: found.reach}, np.full(len(points), np.nan)
    within: dict[str, pd.DataFrame] = {}
    if assumed is not None:
        segments = place.segments()
        for keys, into in ((READINGS, reaches), (WITHIN_PESSIMISTIC, within)):
            into |= {
                key: reach_read(found.reach, on.network, points, segments, assumed, how, found.sites)
                for key, how in keys.items()
                if key not in into and _matters(how.taken, assumed, question.walker.rules)
            }
        metres = assumed_metres(on.network, points, segments, assumed, found.sites)
        reaches = {AS_TAGGED: found.reach, **{key: reaches.get(key, found.reach) for key in READINGS}}
    tried = variants(
        on.areas, on.origins, reaches, within=within, profile_speed_kmh=question.walker.speed_kmh, walk=question.walk,
        homes=on.homes, needs=need(on.areas, weights=question.weights),
    )  # fmt: skip
    table = _table(found, tried, _assumed_share(found, metres))
    zones = by_zones(
        found.reach["minutes"].to_numpy(float), np.nan_to_num(on.counted_children),
        {
            "homes": on.origins.index.to_numpy(object), **_output_areas(place, on.origins.index),
            "areas": on.origins["area_code"].to_numpy(object),
            **{which: one.home for which, one in (parts or parts_of(place)).items()},
        },
        threshold=question.minutes, beside="areas",
    ).round(_DECIMALS)  # fmt: skip
    if np.isnan(on.counted_children).all():  # nobody is known to live anywhere, which is not nobody
        zones = zones * np.nan
    said = [*_headline_said(tried, question), *_areas_said(tried), *_assumed_said(found, metres), *_zones_said(zones)]
    if assumed is not None and question.walker.rules == "pram" and not assumed["gate_untagged"].any():
        said.append("No gate without tags is in the street file, so none counts against the pram in any reading.")
    if assumed is None:
        why = "on changed streets" if ways_of(question.changes) else "in this place: build it again"
        said.append(f"Other readings of the map are not known {why}.")
    return HowSure(question, tried, table, zones, tuple(said))


def _output_areas(place: Place, homes: pd.Index[str]) -> dict[str, NDArray[np.object_]]:
    """The output area of each home, by ``output_areas``; nothing where the place does not know them."""
    known = place.output_areas()
    return {} if known is None else {"output_areas": known.reindex(homes).to_numpy(object)}


def _matters(taken: list[str], assumed: pd.DataFrame, rules: str) -> bool:
    """Whether a reading changes anything for a walker: what counts against prams does not stop an adult."""
    closes_all = {"cycleway", "by_leave"} & set(taken)
    return bool(assumed[taken].any(axis=None)) and (rules == "pram" or bool(closes_all))


def _assumed_share(found: Answer, metres: NDArray[np.float64]) -> pd.Series[float]:
    """Of each area, the share of the metres walked by its under-fives (or homes) on ground nothing is known of."""
    homes, walked = found.ground.homes, found.reach["metres"].to_numpy(float)
    some = np.isfinite(walked) & np.isfinite(metres)
    unknown, every = (homes.total(np.where(some, homes.weight * values, 0.0)) for values in (metres, walked))
    share = np.divide(unknown, every, out=np.full(len(every), np.nan), where=every > 0)
    return pd.Series(share if some.any() else np.nan, homes.areas)


def _table(found: Answer, tried: Variants, share: pd.Series[float]) -> gpd.GeoDataFrame:
    areas, gaps = found.ground.areas, found.gaps[["access_class", "under5_beyond", "gap_rank"]]
    table = areas[["area_name", "ward_name", "geometry"]].join(gaps).join(tried.areas).assign(assumed_share=share)
    table["said"] = [area_said(row, len(tried.classes.columns), found.question) for row in table.itertuples()]
    order = np.lexsort((table["gap_rank"], table["sure"].map({"fragile": 0, "robust": 1}).fillna(2)))
    return table.iloc[order].round(_DECIMALS)[[*COLUMNS["areas"][1:], "geometry"]]


def area_said(row: object, count: int, question: Question) -> str:
    """Whether a neighbourhood's result holds, and what it hangs on, in a sentence.

    Parameters
    ----------
    row
        Of `HowSure.table`, as ``itertuples`` gives it.
    count
        How many variants were tried.
    question
        The question that the answer is to.
    """
    sure, same, decides, only, access = (
        getattr(row, name) for name in ("sure", "same", "decides", "only", "access_class")
    )
    if sure == NO_STREETS:
        return "Not known: no street data here."
    limit = question.walk.limit
    result = {
        "far": f"most live beyond {limit}",
        "fair": f"most live just within {limit}",
        "near": f"most live well within {limit}",
    }[access]
    if sure == "robust":
        return f"Robust: {result} in all {count}."
    causes = [_cause(code) for code in decides.split()]
    listed = " or if ".join(filter(None, (", if ".join(causes[:-1]), *causes[-1:])))
    return f"Fragile: {result} in {same} of {count}. Changes {'only ' if only else ''}if {listed}."


def _cause(code: str) -> str:
    if code.endswith("_km/h"):
        return f"families walk {code.replace('_', ' ')}"
    return DECIDES_WORDS.get(code, f"the longest acceptable walk is {code.replace('_', ' ')}")


def _headline_said(tried: Variants, question: Question) -> list[str]:
    """The lowest and the highest of all variants, and what the reading alone does."""
    grid, (_, speed, minutes) = tried.grid, tried.asked
    if grid["under5_beyond"].isna().all():
        return []
    here = grid[grid.index.get_level_values("minutes") == minutes]
    readings = list(dict.fromkeys(grid.index.get_level_values(0)))
    read = f" and {len(readings)} readings of the map" if len(readings) > 1 else ""
    limits = [f"{one:g}" for one in sorted(set(grid.index.get_level_values(2)) - {minutes})]
    said = [
        f"How sure is {shown(grid['under5_beyond'][tried.asked])}? Between {_range(here)} under-fives live beyond "
        f"{question.walk.limit}, over 3 walking speeds{read}, wherever in their neighbourhood children live. If "
        f"{' or '.join(limits)} minutes could be the longest walk, too: between {_range(grid)}."
    ]
    if read:
        each = [f"{shown(grid['under5_beyond'][one, speed, minutes])} {READING_WORDS[one]}" for one in readings]
        said.append(f"The map alone, at {speed:g} km/h: {'; '.join(each)}.")
    return said


def _range(grid: pd.DataFrame) -> str:
    return f"{shown(grid['drawn_low'].min())} and {shown(grid['drawn_high'].max())}"


def _areas_said(tried: Variants) -> list[str]:
    """How many neighbourhoods hold, and what most of the others hang on."""
    known, count = tried.areas[tried.areas["sure"] != NO_STREETS], len(tried.classes.columns)
    limits = tried.differs.columns.get_level_values("minutes")
    here = tried.differs.loc[known.index, limits == tried.asked[2]]
    said = [
        f"{(known['sure'] == 'robust').sum():,} of {len(known):,} neighbourhoods are robust: the same result in all "
        f"{count}. With {tried.asked[2]:g} minutes kept, {(~here.any(axis=1)).sum():,} are."
    ]
    causes = known["decides"].str.split().explode().value_counts()
    each = [f"{count:,} if {DECIDES_WORDS[cause]}" for cause, count in causes.items() if cause in _OF_THE_MAP]
    return [*said, f"The map alone would change {'; '.join(each)}."] if each else said


def _assumed_said(found: Answer, metres: NDArray[np.float64]) -> list[str]:
    """What share of the way of all families nothing is known of."""
    walked, weight = found.reach["metres"].to_numpy(float), found.ground.homes.weight
    some = np.isfinite(walked) & np.isfinite(metres)
    if not (walked[some] * weight[some]).sum() > 0:
        return []
    share = (metres[some] * weight[some]).sum() / (walked[some] * weight[some]).sum()
    return [f"{share:.0%} of the way that families walk is on paths whose surface is not recorded."]


def _zones_said(zones: pd.DataFrame) -> list[str]:
    """What other boundaries would say."""
    if not zones["under5_beyond"].any():
        return []
    each = [
        f"{int(row['zones_far']):,} of {int(row['zones']):,} {_ZONE_WORDS[str(by)]} ({shown(row['under5_there'])})"
        for by, row in zones.drop(index="homes").iterrows()
    ]
    said = [
        f"Homes are counted, so no boundary changes that {shown(zones['under5_beyond']['homes'])} live too far away. "
        f"Where most do depends on them (in brackets, how many live there): {', '.join(each)}."
    ]
    if "wards" in zones.index:
        share = zones["other_side"]["wards"]
        said.append(f"For {share:.0%} of under-fives the ward says the opposite of their neighbourhood.")
    return said
