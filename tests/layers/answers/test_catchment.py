"""The reach of a centre: who lives there, against sums made here; and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import Place
from geo.access import reach_from
from geo.errors import RequestError
from geo.whole import whole
from layers.answers.catchment import catchment_of, said, table_of
from layers.answers.question import Question, ground, sites_of
from tests.layers.conftest import ISLAND

LIMITS = (5, 15, 30)
RYDE = "20004"


@pytest.fixture(scope="module")
def island():
    return Place.open(ISLAND)


@pytest.fixture(scope="module")
def on(island):
    return ground(island, Question().walker)


@pytest.fixture(scope="module")
def sites(island):
    return sites_of(island, Question())


@pytest.fixture(scope="module")
def ryde(on, sites):
    return catchment_of(on, Question(), sites, "ryde", LIMITS)


def test_who_lives_within_reach(on, sites, ryde):
    """From the homes' walks to the site alone, added up here."""
    alone = catchment_of(on, Question(), sites.loc[[RYDE]], RYDE, LIMITS)
    homes = on.origins.assign(tenth=on.areas["imd_decile"].reindex(on.origins["area_code"]).to_numpy())
    by_file = pd.read_parquet(ISLAND / "origins.parquet")
    assert alone.people.drop(columns="under5_nearest").equals(ryde.people.drop(columns="under5_nearest"))
    assert (alone.people["under5_nearest"] == alone.people["under5"]).all(), "of one site, all are nearest to it"
    walk = reach_from(on.network, on.snaps, homes["area_code"], sites.loc[[RYDE]])["minutes"]
    for limit in LIMITS:
        near = (walk <= limit).to_numpy() & on.counted
        for column in ("residents", "under5", "under2", "born_outside_uk"):
            assert ryde.people.loc[limit, column] == pytest.approx(by_file[column].to_numpy()[near].sum())
        poor = near & (homes["tenth"] <= 2).to_numpy()
        assert ryde.people.loc[limit, "under5_imd"] == pytest.approx(by_file["under5"].to_numpy()[poor].sum())
    assert (ryde.people["under5_nearest"] <= ryde.people["under5"]).all()
    assert (ryde.people.diff().dropna() >= 0).all(axis=None), "a longer walk reaches no fewer"


def test_it_is_the_nearest_for_those_that_the_table_of_homes_says(on, sites, ryde):
    every = reach_from(on.network, on.snaps, on.origins["area_code"], sites)
    mine = (every["site_id"] == RYDE).to_numpy() & on.counted
    for limit in LIMITS:
        near = mine & (every["minutes"] <= limit).to_numpy()
        assert ryde.people.loc[limit, "under5_nearest"] == pytest.approx(on.origins["under5"].to_numpy()[near].sum())
    assert ryde.depends["under5"] == whole(on.origins["under5"].to_numpy()[mine].sum())


def test_what_is_said(ryde):
    lines = said(ryde, Question())
    assert len(lines) == len(LIMITS) + 2
    people = ryde.people.loc[15]
    assert lines[1] == (
        f"Under-fives within 15 minutes' walk of Ryde Children's Centre: about {people['under5']:,.0f} "
        f"(under two: {people['under2']:,.0f}; nearest to it: {people['under5_nearest']:,.0f}; "
        f"in the most deprived fifth of England: {people['under5_imd']:,.0f})."
    )
    assert lines[-2] == f"Under-fives nearest to it, at any distance: about {ryde.depends['under5']:,.0f}."
    assert lines[-1] == f"If it closed, under-fives newly beyond 15 minutes: {ryde.depends['would_cross']:,.0f}."


def test_as_a_table_of_streets_or_of_land(ryde):
    streets, land = table_of(ryde), table_of(ryde, shape=True)
    assert streets.geom_type.unique().tolist() == ["MultiLineString"]
    assert set(land.geom_type) <= {"Polygon", "MultiPolygon"}
    assert streets.drop(columns="geometry").equals(pd.DataFrame(land.drop(columns="geometry")))
    assert land.geometry[30].contains(streets.geometry[15])
    assert not land.geometry[15].contains(streets.geometry[30])


def test_what_is_not_known_is_not_nought(on, sites):
    unknown = replace(on, origins=on.origins.assign(under2=np.nan), areas=on.areas.assign(imd_decile=np.nan))
    found = catchment_of(unknown, Question(), sites, RYDE, (15,))
    assert found.people.loc[15, ["under2", "under5_imd"]].isna().all()
    assert "(under two: not known; " in said(found, Question())[0]


def test_one_missing_figure_within_reach_makes_the_sum_unknown(on, sites, ryde):
    under5 = on.origins["under5"].copy()
    home = np.arange(len(under5)) == np.flatnonzero(on.counted & (walk_to_ryde(on, sites) <= 5))[0]
    found = catchment_of(
        replace(on, origins=on.origins.assign(under5=under5.mask(home))), Question(), sites, RYDE, LIMITS
    )
    assert found.people["under5"].isna().all()
    assert found.people["residents"].equals(ryde.people["residents"])


def test_a_site_without_street_data_is_not_said_to_reach_nobody(on, sites):
    at_sea = sites.loc[[RYDE]].set_geometry([shapely.Point(480_000, 70_000)], crs=sites.crs)
    with pytest.raises(RequestError, match="Ryde Children's Centre: no street data within 250 m"):
        catchment_of(on, Question(), at_sea, RYDE, LIMITS)


def walk_to_ryde(on, sites):
    return reach_from(on.network, on.snaps, on.origins["area_code"], sites.loc[[RYDE]])["minutes"].to_numpy()
