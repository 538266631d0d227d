"""Whether two places have the same tables, and a fetched one those of the raw files that its services were made of."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from data.build.pipeline import build
from data.services.nomis import estimates_name
from data.sources.postcodes import read_postcodes
from tests.data.services.fakes import whole

TABLES = ("areas", "origins", "centres", "network", "gazetteer", "play_spaces", "backdrop", "built_up")


def same_tables(one, other, *, but=()):
    for name in TABLES:
        paths = [place.folder / f"{name}.parquet" for place in (one, other)]
        assert paths[0].exists() == paths[1].exists(), name
        if paths[0].exists():
            left, right = (pd.read_parquet(path).drop(columns=list(but), errors="ignore") for path in paths)
            pd.testing.assert_frame_equal(left, right, check_dtype=False)


def same_as_by_hand(place, inputs, fetched, out, *, but=()):
    """A place fetched is the one that is built of the raw files: every postcode, every table; the latter is returned.

    ``fetched`` is the folder of tables made of answers, of which what the raw files lack is taken: newer estimates of
    children, postcodes around, and play spaces of the Ordnance Survey.
    """
    directory = read_postcodes(inputs.postcodes[0]).table
    live = directory[directory["live"] & directory["authority_code"].eq(inputs.authority)].sort_index()
    postcodes = read_postcodes(fetched / "onspd_postcodes.csv").table
    pd.testing.assert_frame_equal(postcodes.sort_index(), live, check_dtype=False)
    more = {
        "children": fetched / estimates_name(2024),
        "postcodes": (*inputs.postcodes, fetched / "code_point_open.csv"),
    }
    more["census"] = tuple(fetched / f"census2021_{table.name.lower()}_lsoa21.csv" for table in whole.FURTHER)
    (more["greenspace"],) = fetched.glob("open_greenspace_*.gpkg")
    built = build(replace(inputs, centre_points=None, **more), out)
    same_tables(place, built, but=("change_2011", *but))
    return built
