"""The walk of each postcode of a list, with its neighbourhood and how deprived that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.build.origins import pcd7

if TYPE_CHECKING:
    from layers.answers.question import Answer

COLUMNS = (
    "postcode", "known", "area_code", "area_name", "ward_name", "imd_decile", "idaci_decile", "minutes", "metres",
    "within", "site_id", "site_name",
)  # fmt: skip


def lookup(found: Answer, postcodes: pd.Series[str]) -> pd.DataFrame:
    """What an answer says of each postcode, in the order of the list.

    Parameters
    ----------
    found
        The answer.
    postcodes
        Upper case without spaces, missing where a row has none; the index is kept.

    Returns
    -------
    DataFrame
        `COLUMNS`; ``known`` is ``walk`` where the walk is known, ``no way`` where none is mapped, ``no streets`` where
        no street is near, and ``not here`` where the place has no such home. What is not known is missing.
    """
    ground = found.ground
    at = ground.origins.index.get_indexer(pd.Index(pcd7(postcodes)))
    here = at >= 0
    homes = found.reach.take(np.where(here, at, 0)).set_axis(postcodes.index)
    codes = ground.origins["area_code"].take(np.where(here, at, 0))
    areas = ground.areas.loc[codes, ["area_name", "ward_name", "imd_decile", "idaci_decile"]]
    walk = (homes["reached"] == "yes").to_numpy()
    minutes = homes["minutes"].where(walk)
    table = pd.DataFrame(
        {
            "postcode": postcodes,
            "area_code": codes.to_numpy(),
            **{name: areas[name].to_numpy() for name in areas},
            "minutes": minutes.round(1),
            "metres": homes["metres"].where(walk).round(),
            "within": (minutes <= found.question.minutes).astype("boolean"),
            "site_id": homes["site_id"],
            "site_name": homes["site_id"].map(found.sites["name"]),
        },
        index=postcodes.index,
    )
    table.loc[homes["reached"] == "off_network", "within"] = pd.NA
    table.loc[~here, table.columns.drop("postcode")] = pd.NA
    words = homes["reached"].map({"yes": "walk", "no_route": "no way", "off_network": "no streets"})
    table["known"] = words.where(here, "not here")
    return table[list(COLUMNS)].rename_axis("row")


def said(table: pd.DataFrame, found: Answer) -> list[str]:
    """How many of a list are within reach, and of how many that is not known."""
    walk = found.question.walk
    near, known = int(table["within"].sum()), int(table["within"].notna().sum())
    lines = [f"{near:,} of {known:,} postcodes are within {walk.limit_walk} of {walk.to}."]
    for what, words in (("no streets", "with no street within 250 m"), ("not here", "that this place does not have")):
        count = int((table["known"] == what).sum())
        lines += [f"Walk not known: {count:,} {words}."] if count else []
    return lines
