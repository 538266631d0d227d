"""Family hubs: the list as published, and whose door each shares."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from data.sources.centres import read_centre_points, read_centres
from data.sources.hubs import join_hubs, read_hubs, words_of
from geo.crs import BNG
from geo.tables import Sites, check

AWAY = 1_000  # metres, far beyond any door


def placed(table):
    points = gpd.GeoSeries(gpd.points_from_xy(table["easting"], table["northing"]), index=table.index, crs=BNG)
    return gpd.GeoDataFrame(table, geometry=points.where(table["easting"].notna(), None), crs=BNG)


@pytest.fixture
def doors():
    """Join hubs (name, postcode, metres east) to centres (name, postcode, metres east, status), all told by number."""

    def join(hubs, centres):
        def table(rows, ids):
            frame = pd.DataFrame(
                [(*row, "open")[:4] for row in rows], columns=["name", "postcode", "easting", "status"], index=ids
            )
            frame["northing"] = frame["easting"] * 0 + 100_000.0
            frame["easting"] += 400_000.0
            return placed(frame.assign(hub=None, note=None).astype({"hub": "str", "note": "str"}))

        first = table(centres, [f"c{i}" for i in range(1, len(centres) + 1)])
        second = table(hubs, [f"h{i}" for i in range(1, len(hubs) + 1)])
        return join_hubs(first, second.assign(hub=second["name"]))

    return join


def hubs_at(joined):
    """Doors with a hub and the hubs' names."""
    return joined.loc[joined["hub"].notna(), "hub"].to_dict()


def test_the_list_as_published(fixtures):
    table = read_hubs(fixtures / "family_hubs_2025-03-31.csv")
    assert table.index.tolist() == ["hub-PO332JF", "hub-PO302AN", "hub-PO302AN-2", "hub-row-5"]
    assert table["name"].tolist() == ["Ryde Family Hub", "Medina Youth Hub", "Medina Baby Hub", "Outreach"]
    assert table["hub"].tolist() == table["name"].tolist()
    assert table["kind"].unique().tolist() == ["hub"]
    assert table[["status", "served_as"]].to_numpy().tolist() == [["open", "open"]] * 4
    assert table["source"].unique().tolist() == ["DfE list of family hub sites"]
    assert table["source_date"].unique().tolist() == [pd.Timestamp("2025-03-31")]
    assert table["la_name"].unique().tolist() == ["Isle of Wight"]
    assert table[["easting", "northing", "opened", "closed", "last_seen", "note"]].isna().all(axis=None)
    check(Sites, placed(table).assign(inside=True), "hubs")


def test_coordinates_are_taken_where_somebody_added_them(file):
    text = "la,family_hub,postcode,lat,lon\nX,One,E14 8AP,51.508547,-0.029816\nX,Two,E14 8AP,51.5,\n"
    table = read_hubs(file(text))
    assert table.index.tolist() == ["hub-E148AP", "hub-E148AP-2"]
    # Code-Point Open has the postcode at 536823, 180686
    assert table.loc["hub-E148AP", ["easting", "northing"]].tolist() == pytest.approx([536_823, 180_686], abs=3)
    assert table.loc["hub-E148AP-2", ["easting", "northing"]].isna().all()
    assert pd.isna(table["source_date"]).all()


def test_a_hub_listed_twice_is_one(file):
    table = read_hubs(file("Family_Hub,Postcode\nThe Hub,PO30 2AN\nTHE HUB,po302an\nThe Hub,PO30 3AN\n"))
    assert table.index.tolist() == ["hub-PO302AN", "hub-PO303AN"]


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("Region,Hub,Postcode\nX,One,E14 8AP\n", None, ["'Family_Hub'", "'Hub'"]),
        ("Family_Hub,Post\nOne,E14 8AP\n", None, ["'Postcode'"]),
        ("Family_Hub,Postcode\nOne,E14 8AP\n,E14 8AP\n", 3, ["Family_Hub", "a blank", "the name of a hub"]),
        ("Family_Hub,Postcode\nOne,Leeds\n", 2, ["Postcode", "'LEEDS'", "a postcode such as PO30 1AA"]),
        ("family_hub,postcode,lat,lon\nOne,E14 8AP,-0.03,51.5\n", 2, ["'51.5'", "from -9 to 3"]),
        ("family_hub,postcode,lat,lon\nOne,E14 8AP,north,\n", 2, ["'north'", "'lat'"]),
        ("Family_Hub,Postcode\n", None, ["rows below the header"]),
        ("<html>Page not found</html>", None, ["a web page"]),
    ],
)
def test_a_bad_list_is_refused(file, refused, text, row, words):
    refused(read_hubs, file(text), *words, row=row)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Gateway Family Hub", "Gateway Children's Centre"),
        ("Isle Of Dogs Family Hub", "Isle of Dogs Children\u2019s Centre"),
        ("Chrisp Street Children And Family Centre", "CHRISP STREET Sure Start Childrens Centre"),
        ("Best Start Family Hub: St. Paul's", "St Pauls Children & Families Centre"),
        ("Elm-Tree Hub", "Elm Tree CC"),
    ],
)
def test_names_agree_once_it_is_left_out_what_they_are(one, other):
    assert words_of(one) == words_of(other) != frozenset()


def test_same_postcode_and_name_is_one_door(doors):
    joined, unsure = doors([("Olga Family Hub", "E3 5DS", AWAY)], [("Olga Children's Centre", "e35ds", 0.0)])
    assert hubs_at(joined) == {"c1": "Olga Family Hub"}
    assert joined.index.tolist() == ["c1"]  # one door counts once
    assert joined["note"].isna().all()
    assert unsure.empty


@pytest.mark.parametrize(("metres", "one_door"), [(74.0, True), (76.0, False)])
def test_the_same_name_within_75_metres_is_one_door(doors, metres, one_door):
    joined, unsure = doors([("Olga Hub", "E3 5DS", metres)], [("Olga Children's Centre", "E3 5DT", 0.0)])
    assert hubs_at(joined) == ({"c1": "Olga Hub"} if one_door else {"h1": "Olga Hub"})
    assert unsure.empty


def test_a_name_alone_joins_nothing(doors):
    joined, unsure = doors([("Olga Hub", "E3 5DS", np.nan)], [("Olga Children's Centre", "E3 5DT", np.nan)])
    assert hubs_at(joined) == {"h1": "Olga Hub"}
    assert joined.index.tolist() == ["c1", "h1"]
    assert unsure.empty


def test_the_only_centre_at_the_postcode_is_the_door_but_that_is_unsure(doors):
    joined, unsure = doors(
        [("Southmead Children's Centre", "BS10 5PW", 0.0)],
        [("Badocks Wood Community Primary School & Children's Centre", "BS10 5PW", 0.0)],
    )
    said = (
        "The family hub Southmead Children's Centre has the postcode of Badocks Wood Community Primary School & "
        "Children's Centre (c1) but another name: they are taken for one door."
    )
    assert hubs_at(joined) == {"c1": "Southmead Children's Centre"}
    assert joined.loc["c1", "note"] == said
    assert unsure.to_dict() == {"c1": said}


TWO = [("Around Poplar Children's Centre", "E14 8AP", 0.0), ("East India", "E14 8AP", 0.0, "linked")]


def test_of_two_centres_at_a_postcode_the_name_decides(doors):
    joined, unsure = doors([("Around Poplar Children And Family Centre", "E14 8AP", 0.0)], TWO)
    assert hubs_at(joined) == {"c1": "Around Poplar Children And Family Centre"}
    assert unsure.empty
    joined, _ = doors([("East India Hub", "E14 8AP", 0.0)], TWO)
    assert hubs_at(joined) == {"c2": "East India Hub"}


def test_of_two_centres_of_which_none_has_the_name_neither_is_the_door_and_it_is_said(doors):
    joined, unsure = doors([("Limehouse Hub", "E14 8AP", 0.0)], TWO)
    assert hubs_at(joined) == {"h1": "Limehouse Hub"}
    assert (
        unsure["h1"]
        == joined.loc["h1", "note"]
        == (
            "The family hub Limehouse Hub has the postcode of Around Poplar Children's Centre (c1), East India (c2), but "
            "not clearly the name of one: it is taken for a door of its own."
        )
    )


def test_part_of_a_name_is_enough_unless_it_is_part_of_two(doors):
    farcliffe = ("Farcliffe & Lilycroft Children and Family Centre", "BD8 8QH", 0.0)
    joined, unsure = doors([("Farcliffe Family Hub", "BD8 8QH", 0.0)], [farcliffe])
    assert hubs_at(joined) == {"c1": "Farcliffe Family Hub"}
    assert unsure.empty
    sale = [("Sale Central Children's Centre", "M33 4ND", 0.0), ("Sale West", "M33 4ND", 0.0)]
    joined, unsure = doors([("Sale Hub", "M33 4ND", 0.0)], sale)
    assert hubs_at(joined) == {"h1": "Sale Hub"}
    assert unsure.index.tolist() == ["h1"]
    joined, unsure = doors([("Sale Hub", "M33 4ND", 0.0)], [*sale, ("Sale Children's Centre", "M33 4ND", 0.0)])
    assert hubs_at(joined) == {"c3": "Sale Hub"}
    assert unsure.empty


def test_a_name_of_nothing_but_what_it_is_confirms_nothing(doors):
    joined, unsure = doors([("Family Hub", "M1 1AA", 0.0)], [("Children's Centre", "M1 1AB", 10.0)])
    assert hubs_at(joined) == {"h1": "Family Hub"}
    assert "within 75 m of Children's Centre (c1), but of another name" in unsure["h1"]


def test_of_two_centres_of_one_name_the_full_one_is_the_door(doors):
    twins = [("Wootton Bassett Children's Centre", "SN4 8BA", 0.0, status) for status in ("linked", "open")]
    joined, _ = doors([("Wootton Bassett Hub", "SN4 8BA", 0.0)], twins)
    assert hubs_at(joined) == {"c2": "Wootton Bassett Hub"}


def test_several_hubs_at_one_centre_are_one_door(doors):
    hubs = [("Olga Hub", "E3 5DS", 0.0), ("Youth Hub", "E3 5DS", 0.0)]
    joined, unsure = doors(hubs, [("Olga Children's Centre", "E3 5DS", 0.0)])
    assert hubs_at(joined) == {"c1": "Olga Hub; Youth Hub"}
    assert "The family hub Youth Hub has the postcode of Olga" in unsure["c1"]


@pytest.mark.parametrize("status", ["closed", "no_longer_listed"])
def test_a_hub_where_a_centre_closed_serves_families_and_is_a_door(doors, status):
    joined, unsure = doors([("Olga Hub", "E3 5DS", 0.0)], [("Olga Children's Centre", "E3 5DS", 0.0, status)])
    assert hubs_at(joined) == {"h1": "Olga Hub"}
    assert joined.loc["h1", "note"] == (
        "The family hub Olga Hub stands at or near what was Olga Children's Centre (c1): it is taken for a door of its own."
    )
    assert unsure.empty


def test_a_hub_of_the_name_of_a_centre_that_closed_is_not_its_neighbours(doors):
    centres = [("Olga Children's Centre", "E3 5DS", 0.0, "closed"), ("East India", "E3 5DS", 0.0)]
    joined, unsure = doors([("Olga Hub", "E3 5DS", 0.0)], centres)
    assert hubs_at(joined) == {"h1": "Olga Hub"}
    assert "has the postcode of East India (c2), but not clearly the name of one" in unsure["h1"]
    joined, _ = doors([("Youth Hub", "E3 5DS", 0.0)], centres)
    assert hubs_at(joined) == {"c2": "Youth Hub"}


def test_the_tables_given_are_left_as_they_are(fixtures):
    centres = placed(read_centres([fixtures / "gias_search_export_20260201.csv"]).table)
    hubs = placed(read_hubs(fixtures / "family_hubs_2025-03-31.csv"))
    before = centres.copy(), hubs.copy()
    joined, _ = join_hubs(centres, hubs)
    pd.testing.assert_frame_equal(centres, before[0])
    pd.testing.assert_frame_equal(hubs, before[1])
    assert joined.loc["20004", "hub"] == "Ryde Family Hub"
    checked = check(Sites, joined.assign(inside=True), "doors")
    assert checked["kind"].value_counts().to_dict() == {"centre": 4, "hub": 3}


@pytest.mark.real
def test_the_hubs_of_three_cities(real):
    """Of 23 hubs 17 have the postcode of a centre that the register has as open."""
    england = real / "england"
    table = read_centres([england / "gias_childrens_centres_open_2026-01-30.csv"]).table
    points = read_centre_points(england / "childrens_centre_points.csv").reindex(table.index)
    centres = placed(table.assign(easting=points["easting"], northing=points["northing"]))
    hubs = placed(read_hubs(real / "samples" / "family_hubs_sample.csv"))
    tight = [column["postcode"].str.replace(" ", "").str.upper() for column in (centres, hubs)]
    assert (len(hubs), tight[1].isin(tight[0]).sum()) == (23, 17)
    joined, unsure = join_hubs(centres, hubs)
    at_centres = joined[(joined["kind"] == "centre") & joined["hub"].notna()]
    by_postcode = {
        "20114": "Around Poplar Children And Family Centre",  # two centres at E14 8AP: the name decides
        "20183": "Barkerend Family Hub",
        "20329": "Isle Of Dogs Family Hub",
        "20460": "Marner",
        "20499": "Mile End Children's Centre",
        "20797": "Collingwood Children's Centre",
        "21139": "Farcliffe Family Hub",  # part of "Farcliffe & Lilycroft"
        "21390": "Hartcliffe Children's Centre",
        "21631": "John Smith Family Hub",
        "21980": "Meath Gardens Family Hub",
        "22068": "Mowlem Children's Centre",
        "22237": "Ocean Children's Centre",
        "22288": "Overland Family Hub",
        "22458": "The Rainbow Family Hub",
        "22493": "Reevy Hill Family Hub",
        "22798": "Southmead Children's Centre",  # unsure: the register calls it Badocks Wood
        "23191": "The Gateway Family Hub",
    }
    assert len(by_postcode) == 17
    # Chrisp Street has another postcode; hub and centre are 55 m apart and have one name
    assert at_centres["hub"].to_dict() == by_postcode | {"20721": "Chrisp Street Children And Family Centre"}
    assert unsure.index.tolist() == ["22798"]
    alone = joined[joined["kind"] == "hub"]
    assert alone["name"].to_dict() == {
        "hub-BD49BU": "Tfd Family Hub",
        "hub-BS59QY": "Wellspring Settlement",
        "hub-E10ND": "Ocean Children And Family Centre",  # the centre called Ocean is half a mile away
        "hub-E12JP": "Wapping And Bigland Children And Family Centre",
        "hub-E35DS": "Olga Children And Family Centre",  # 89 m from the centre of its name
    }
    assert len(joined) == 2_847 + 5
    check(Sites, joined.assign(inside=True), "doors")
