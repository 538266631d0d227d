"""What became of a place when it was built again: which neighbourhoods changed class, and which source did it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from data.place import Card
    from layers.answers.question import Answer

_FIGURES = {
    "imd_rank": "deprivation", "idaci_rank": "deprivation", "born_outside_uk": "country_of_birth",
    "residents": "country_of_birth", "under5": "children",
}  # fmt: skip
_OTHERS = "figures of other neighbourhoods (classes are thirds of the authority)"
_OUTLINES = "the outlines of neighbourhoods"
_WORDS = {
    "deprivation": "deprivation", "country_of_birth": "the Census", "children": "the estimates of children",
    "postcodes": "the list of postcodes", "centres": "the list of centres", "streets": "the streets",
}  # fmt: skip


def rebuilt(before: Answer, after: Answer) -> pd.DataFrame:
    """Neighbourhoods whose class of need or of walk is another, and why.

    Parameters
    ----------
    before, after
        Answers to one question, from the old place and the new one.

    Returns
    -------
    DataFrame
        By ``area_code``: ``area_name, need_before, need_after, walk_before, walk_after, why``; of a neighbourhood that
        only one of the places has, the other class is missing.
    """
    old, new = before.gaps, after.gaps
    codes = old.index.union(new.index).rename("area_code")
    table = pd.DataFrame(index=codes)
    names = [one.ground.areas["area_name"].reindex(codes) for one in (after, before)]
    table["area_name"] = names[0].fillna(names[1])
    for kind, column in (("need", "need_class"), ("walk", "access_class")):
        table[f"{kind}_before"], table[f"{kind}_after"] = old[column].reindex(codes), new[column].reindex(codes)
    need, walk = (
        (table[f"{kind}_before"].fillna("") != table[f"{kind}_after"].fillna("")).to_numpy()
        for kind in ("need", "walk")
    )
    by_need, by_walk = _figures_changed(before, after, codes), _walks_changed(before, after, codes)
    why = pd.concat(
        [by_need[name] & (need | (walk & (name == "children"))) for name in by_need]
        + [by_walk[name] & walk for name in by_walk],
        axis=1,
    )
    others = need & ~by_need.any(axis=1).to_numpy()  # thirds of the authority move with every area's figures
    said = [
        " and ".join([*(_WORDS[name] for name in why.columns[row]), *([_OTHERS] if other else [])]) or _OUTLINES
        for row, other in zip(why.to_numpy(), others, strict=True)
    ]
    table["why"] = pd.Series(said, index=codes, dtype="str")
    return table[need | walk]


def sources_changed(before: Card, after: Card) -> tuple[str, ...]:
    """What other sources the new place has, in sentences: ``streets: 2022-07, now 2026-11``."""
    old, new = ({one.dataset: one for one in card.sources} for card in (before, after))
    said = []
    for key in dict.fromkeys([*old, *new]):
        name = key.replace("_", " ")
        if key not in new:
            said.append(f"{name}: no longer there")
        elif key not in old:
            said.append(f"{name}: new, {new[key].vintage}")
        elif old[key].sha256 != new[key].sha256:
            same = old[key].vintage == new[key].vintage
            said.append(f"{name}: {old[key].vintage}, {'another file' if same else f'now {new[key].vintage}'}")
    return tuple(said)


def _figures_changed(before: Answer, after: Answer, codes: pd.Index[str]) -> pd.DataFrame:
    """Which figures of each area are others, a column a source."""
    old, new = before.ground.areas.reindex(codes), after.ground.areas.reindex(codes)
    changed = pd.DataFrame(index=codes)
    for column, source in _FIGURES.items():
        one, other = (table[column].to_numpy(float) for table in (old, new))
        differs = ~np.isclose(one, other, rtol=0, atol=1e-6, equal_nan=True)
        changed[source] = changed[source] | differs if source in changed else differs
    return changed


def _walks_changed(before: Answer, after: Answer, codes: pd.Index[str]) -> pd.DataFrame:
    """What is another in the walks from each area: its homes, the site they go to, the way to the same site."""
    one, other = before.reach, after.reach
    both = one.index.intersection(other.index)
    left, right = one.loc[both], other.loc[both]
    gone = left["site_id"].notna() & ~left["site_id"].isin(after.sites.index)
    came = right["site_id"].notna() & ~right["site_id"].isin(before.sites.index)
    listed = (gone | came).to_numpy()
    same_site = (left["site_id"].fillna("") == right["site_id"].fillna("")).to_numpy()
    same_time = np.isclose(left["minutes"], right["minutes"], rtol=0, atol=1e-6, equal_nan=True)
    homes = pd.concat(
        [one.loc[one.index.difference(both), "area_code"], other.loc[other.index.difference(both), "area_code"]]
    )
    area = right["area_code"].to_numpy()
    moved = {
        "postcodes": homes.to_numpy(),
        "centres": area[listed],
        "streets": area[~listed & ~(same_site & same_time)],
    }
    return pd.DataFrame({name: codes.isin(areas) for name, areas in moved.items()}, index=codes)
