"""The command line on what was lost, what if, and where new sites would help."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import pandas as pd
import pytest

from data.place import SAMPLE, Place
from tests.layers.island_streets import StreetsOnce

ISLAND = "isle-of-wight"
DOWNGRADED = {"20841", "21020", "21031", "23410", "23528"}


@pytest.fixture(scope="module", autouse=True)
def _streets_once(tmp_path_factory):
    """The island's streets are read, and its homes joined to them, once for all commands."""
    with pytest.MonkeyPatch.context() as patch:
        StreetsOnce(tmp_path_factory.mktemp("drawn")).patch(patch)
        yield


@pytest.fixture
def scenario(tmp_path):
    """Write a scenario for the bundled place."""

    def write(*changes, **said):
        card = Place.open(SAMPLE / "isle_of_wight").card
        whole = {"format": "pramshed-scenario", "version": 1, "name": "Try", "place": ISLAND} | {
            "fingerprint": card.fingerprint, "changes": list(changes),
        } | said  # fmt: skip
        path = tmp_path / "try.json"
        path.write_text(json.dumps(whole), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def known():
    """What `gaps` has said of the island so far, by its options."""
    return {}


@pytest.fixture
def gaps(run, known):
    """What `gaps` says of the island: the table and the sentence; each asked once."""

    def said(*options):
        if options not in known:
            code, out, err = run("gaps", ISLAND, *options)
            assert code == 0
            known[options] = pd.read_csv(io.StringIO(out)).set_index("area_code"), err
        return known[options]

    return said


@pytest.fixture
def beyond(gaps):
    """Under-fives beyond the threshold, of every area, by `gaps`."""
    return lambda *options: gaps(*options)[0]["under5_beyond"].sum()


def test_days_and_statuses_differ_as_the_downgrades_of_2016_say(gaps, beyond):
    """On 7 March 2016 five of eight full centres became linked sites."""
    assert beyond("--status", "open") == beyond("--counts", "full") > beyond("--status", "open,linked")
    before, after = (beyond("--counts", "full", "--on", day) for day in ("2015-01-01", "2017-01-01"))
    assert before < after == beyond("--counts", "full")
    for day, said in (
        ("2015-01-01", "8 sites count: 8 full centres"),
        ("2017-01-01", "3 full centres and 5 linked sites"),
    ):
        assert said in gaps("--on", day)[1]


def test_the_ledger_adds_up(run, beyond):
    code, out, err = run("closures", ISLAND)
    table = pd.read_csv(io.StringIO(out), dtype={"site_id": str}).set_index("site_id")
    assert code == 0
    assert set(table.index) == DOWNGRADED
    assert set(table["said"]) == {"became a linked site on 7 March 2016"}
    lost = beyond("--counts", "full") - beyond("--status", "open,linked")
    assert table["share_crossed"].sum() == pytest.approx(lost, abs=1)
    assert table["crossed"].sum() == pytest.approx(lost, abs=1)
    assert "5 full centres became linked sites." in err
    assert "had a larger effect together than separately" in err


def test_the_ledger_of_a_day_and_since(run):
    assert "We know of no full centre here" in run("closures", ISLAND, "--on", "2016-03-06")[2]
    code, out, err = run("closures", ISLAND, "--since", "2016-03-08")
    assert (code, pd.read_csv(io.StringIO(out)).empty) == (0, True)
    assert "since 8 March 2016" in err
    assert run("closures", ISLAND, "--on", "2010-01-01", "--since", "2012-01-01")[0] == 2


@pytest.mark.real
def test_leeds_by_one_switch(run, real_place):
    leeds = real_place("leeds-review").folder
    code, out, err = run("closures", leeds)
    every = pd.read_csv(io.StringIO(out), dtype={"site_id": str}).set_index("site_id")
    assert code == 0
    assert (len(every), every["reached"].eq("off_network").sum()) == (15, 6)
    assert every.loc[every["reached"] == "off_network", "under5"].isna().all(), "not known is not nothing"
    assert "No loss can be measured for 6 sites more than 250 m from any street we have: " in err
    assert "Garforth Children's Centre" in err
    confirmed = pd.read_csv(io.StringIO(run("closures", leeds, "--confirmed-only")[1]), dtype={"site_id": str})
    assert set(confirmed["site_id"]) == set(every.index[every["event"] == "closed"])
    assert len(confirmed) == 5


def test_a_scenario_before_and_after(run, scenario, gaps):
    path = scenario({"do": "close", "site_id": "20004"})
    code, out, err = run("scenario", ISLAND, path)
    table = pd.read_csv(io.StringIO(out)).set_index("area_code")
    assert code == 0
    before = gaps()[0]
    assert table["minutes_before"].equals(before["minutes_median"].reindex(table.index).rename("minutes_before"))
    assert (table["minutes_change"].dropna() >= 0).all()
    assert "more under-fives would live beyond 15 minutes' walk" in err
    assert "Most deprived fifth of England: " in err
    assert run("scenario", ISLAND, scenario())[2].startswith("Nothing changes")


def test_a_scenario_is_written_with_its_credits(run, scenario, tmp_path):
    out = tmp_path / "after.gpkg"
    change = {"do": "add", "site_id": "new-1", "easting": 450000, "northing": 90000, "name": "=Library"}
    assert run("scenario", ISLAND, scenario(change), "--out", out)[:2] == (0, "")
    assert len(gpd.read_file(out)) == 89
    assert "the scenario 'Try'" in (tmp_path / "after.gpkg.sources.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "said", "code", "message"),
    [
        ([], {"fingerprint": "0" * 16}, 2, "built from other data"),
        ([], {"place": "leeds"}, 2, "made for the place 'leeds', not for 'isle-of-wight'"),
        ([{"do": "close", "site_id": "99999"}], {}, 2, "change 1: there is no site 99999 in this place"),
        ([{"do": "burn", "site_id": "20004"}], {}, 3, "change 1, column 'do': found 'burn'"),
        ([{"do": "move", "site_id": "20004", "easting": "x", "northing": 1}], {}, 3, "column 'easting': found 'x'"),
        ([], {"version": 2}, 3, "found 2; expected version 1"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(run, scenario, changes, said, code, message):
    found, out, err = run("scenario", ISLAND, scenario(*changes, **said))
    assert (found, out) == (code, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_where_new_sites_would_help(run):
    code, out, err = run("site", ISLAND, "--k", "2", "--at-least-deprived", "0.7")
    table = pd.read_csv(io.StringIO(out))
    assert code == 0
    assert list(table["order"]) == [1, 2]
    assert table["within"].is_monotonic_increasing
    assert table["within"].iloc[-1] == pytest.approx(table["adds"].sum(), abs=0.2)
    assert err.startswith("2 new sites would bring ")
    assert "do better (proved)" in err
    assert "7 of 10 sites (70%) would then stand in the 30% most deprived neighbourhoods" in err


def test_what_is_claimed_of_a_new_site_is_what_a_scenario_shows(run, scenario):
    """The siting and the what-if are two programs: they must agree on the same place."""
    best = pd.read_csv(io.StringIO(run("site", ISLAND, "--k", "1", "--candidates", "junctions")[1])).iloc[0]
    change = {"do": "add", "site_id": "new-1", "easting": best["easting"], "northing": best["northing"], "name": "New"}
    out = pd.read_csv(io.StringIO(run("scenario", ISLAND, scenario(change))[1]))
    gained = -out["under5_beyond_change"].sum()
    assert gained == pytest.approx(best["within"], rel=0.03)  # the table says whole metres


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--objective", "nicest"), "unknown objective 'nicest'"),
        (("--candidates", "pubs"), "unknown candidates 'pubs'"),
        (("--k", "3", "--candidates", "closed"), "we know of no closed centres"),
    ],
)
def test_a_siting_that_makes_no_sense(run, options, message):
    code, out, err = run("site", ISLAND, *options)
    assert (code, out) == (2, "")
    assert message in err


def test_own_candidates(run, tmp_path):
    path = tmp_path / "halls.csv"
    path.write_text("name,easting,northing\nHall,450000,90000\nFar Hall,430000,60000\n", encoding="utf-8")
    code, out, err = run("site", ISLAND, "--k", "1", "--candidates", path)
    assert code == 0
    assert "Hall" in out
    assert "Left out, because they are more than 250 m from any street we have: Far Hall." in err
