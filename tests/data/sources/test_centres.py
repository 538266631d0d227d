import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from data.sources.centres import apply_closures, read_centre_points, read_centres, read_closures
from geo.crs import BNG
from geo.errors import InputError
from geo.tables import Sites, check

OPEN = "gias_open_2026-01-30.csv"
PERSONAL = ["Zebedee", "Quagmire", "01983000000"]


@pytest.fixture
def read(fixtures):
    """Read the fixtures of these names together."""
    return lambda *names: read_centres([fixtures / name for name in names])


def day(text):
    return pd.Timestamp(text)


def test_the_open_extract_as_published(read):
    centres = read(OPEN)
    table = centres.table
    assert table.index.name == "site_id"
    assert table.index.tolist() == ["20004", "20841", "20900"]
    assert table["name"].tolist() == ["Ryde Children's Centre", "Cowes Children\u2019s Crèche", "Sandown"]
    assert table["status"].tolist() == ["open", "linked", "announced"]
    assert table["opened"].tolist()[:2] == [day("2005-10-19"), day("2007-07-12")]
    assert pd.isna(table.loc["20900", "opened"])
    assert table["date_precision"].fillna("").tolist() == ["", "", "unknown"]
    assert table["source"].unique().tolist() == ["GIAS open extract"]
    assert table["source_date"].unique().tolist() == [day("2026-01-30")]
    assert table["postcode"].fillna("").tolist() == ["PO33 2JF", "PO31 7ET", ""]
    assert table["la_code"].unique().tolist() == ["921"]
    assert table["type_code"].tolist() == ["47", "48", "47"]
    assert table[["easting", "northing", "closed", "linked_since", "last_seen", "hub"]].isna().all(axis=None)


def test_what_is_left_out_is_said(read):
    notes = " ".join(read(OPEN).notes)
    assert "rows left out, not of a children's centre (type 47 or 48): 1." in notes
    assert "left out, only proposed to open: 20901." in notes


def test_names_and_telephones_of_people_are_nowhere(read, fixtures):
    raw = (fixtures / OPEN).read_bytes() + (fixtures / "gias_search_export_20260201.csv").read_bytes()
    assert all(word.encode() in raw for word in PERSONAL)
    centres = read(OPEN, "gias_search_export_20260201.csv")
    everything = centres.table.to_csv() + " ".join(centres.notes)
    assert not any(word in everything for word in PERSONAL)


def test_the_search_export_has_closed_centres(read):
    centres = read("gias_search_export_20260201.csv")
    table = centres.table
    assert table["status"].to_dict() == {"20004": "open", "20500": "closed", "20501": "open", "20841": "closed"}
    assert table.loc["20841", ["closed", "date_precision"]].tolist() == [day("2025-08-31"), "day"]
    assert pd.isna(table.loc["20500", "closed"])
    assert table.loc["20500", "date_precision"] == "unknown"
    assert table.loc["20004", ["easting", "northing"]].tolist() == [459_282, 92_539]
    assert np.isnan(table.loc["20500", "easting"])
    assert pd.isna(table.loc["20501", "closed"])
    assert any("a closing day on a centre that is not closed, not used: 20501" in note for note in centres.notes)
    assert table["source_date"].unique().tolist() == [day("2026-02-01")]


def test_a_search_export_may_lack_columns_and_says_which(file):
    text = "URN,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),CloseDate\n1,2,3,4,5\n"
    path = file(text.replace("1,2,3,4,5", "20004,Ryde,Children\u2019s Centre,Closed,31-03-2019"))
    centres = read_centres([path])
    row = centres.table.loc["20004"]
    assert row[["status", "closed", "type_code"]].tolist() == ["closed", day("2019-03-31"), "47"]
    assert centres.notes == (
        "input.csv has no column LA (code), LA (name), OpenDate, Postcode, DistrictAdministrative (code), Easting, "
        "Northing, ReasonEstablishmentClosed (name): left blank.",
    )


def test_the_older_copy_alone_is_believed(read):
    table = read("gias_older.csv").table
    assert table["status"].tolist() == ["open", "open", "open"]
    assert table["district_code"].tolist() == ["E06000046", "E07000143", "E06000046"]
    assert table["source_date"].isna().all()


def test_what_an_older_copy_has_more_is_no_longer_listed(read):
    centres = read("gias_older.csv", OPEN)
    row = centres.table.loc["20139"]
    assert row[["status", "date_precision", "source_date"]].tolist() == [
        "no_longer_listed",
        "unknown",
        day("2026-01-30"),
    ]
    assert row["note"] == "Once listed as open; not in the GIAS open extract of 30-01-2026."
    assert pd.isna(row["closed"])
    assert "Centres of an older list, absent from the open extract, so no longer listed: 1." in centres.notes
    # 20900 is in both: the extract says what it is, the older copy adds its district and postcode.
    both = centres.table.loc["20900"]
    assert both[["status", "district_code", "postcode"]].tolist() == ["announced", "E06000046", "PO36 8AA"]


def test_the_table_of_those_no_longer_listed(read):
    table = read("gias_no_longer_listed.csv").table
    assert table["status"].unique().tolist() == ["no_longer_listed"]
    assert table["type_code"].to_dict() == {"20139": "47", "20822": "48"}
    assert table.loc["20139", ["easting", "northing", "source_date"]].tolist() == [604_600, 295_300, day("2026-01-30")]
    assert np.isnan(table.loc["20822", "easting"])


@pytest.mark.parametrize("order", [1, -1])
def test_the_stronger_list_wins_and_the_weaker_fills_in(read, order):
    names = ["gias_search_export_20260201.csv", OPEN, "gias_older.csv", "gias_no_longer_listed.csv"]
    centres = read(*names[::order])
    table = centres.table
    cowes = table.loc["20841"]
    assert cowes[["status", "closed", "source"]].tolist() == ["closed", day("2025-08-31"), "GIAS search export"]
    assert cowes["opened"] == day("2007-07-12")
    assert cowes["note"] == "Closed because: Closure. GIAS open extract says: open, as a linked site."
    assert "Centres on whose status the lists disagree: 1 (20841)." in centres.notes
    assert table.loc["20139", ["status", "easting", "district_code"]].tolist() == [
        "no_longer_listed",
        604_600,
        "E07000143",
    ]
    assert len(table) == 7


def test_the_table_of_those_no_longer_listed_goes_before_the_older_copy(read):
    table = read("gias_older.csv", "gias_no_longer_listed.csv").table
    assert table.loc["20139", "status"] == "no_longer_listed"
    assert table.loc["20004", "status"] == "open"


def test_linked_sites_know_since_when(read):
    centres = read(OPEN, "gias_links_2026-01-30.csv")
    assert centres.table["linked_since"].to_dict() == {"20004": pd.NaT, "20841": day("2016-03-07"), "20900": pd.NaT}
    assert "Centres that the links name and no list holds: 1 (20087)." in centres.notes


def test_an_undated_link_leaves_the_day_unknown(fixtures, file):
    links = file('"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"\r\n20841,20004,"x","y","01-01-1900"')
    centres = read_centres([fixtures / OPEN, links])
    assert centres.table["linked_since"].isna().all()
    assert "Linked sites without a dated link, so since when is unknown: 1." in centres.notes


HEADER = "URN,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),OpenDate,LastChangedDate\n"


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        (HEADER + "20001,A,47,1,,\n20001,B,47,1,,\n", 3, ["'20001' again", "once"]),
        (HEADER + "2001,A,47,1,,\n", 2, ["'2001'", "five or six digits"]),
        (HEADER + "20001,A,47,9,,\n", 2, ["'9'", "3 open but proposed to close"]),
        (HEADER + "20001,A,47,,,\n", 2, ["a blank", "status"]),
        (HEADER + "20001,A,47,1,2005,\n", 2, ["'2005'", "OpenDate", "31-01-2026"]),
        (HEADER + "118146,Newport Nursery and Children's Centre,15,1,,\n", None, ["none among 1", "type 47 or 48"]),
        (HEADER.replace("EstablishmentName", "Name") + "20001,A,47,1,,\n", None, ["EstablishmentName"]),
        ("URN,EstablishmentName,Town\n20001,A,Ryde\n", None, ["TypeOfEstablishment (name)"]),
        ("URN,LinkURN,LinkEstablishedDate\n20001,none,\n", 2, ["'none'", "LinkURN"]),
        ("<html>Sign in</html>", None, ["a web page"]),
    ],
)
def test_a_bad_list_is_refused(file, refused, text, row, words):
    refused(lambda path: read_centres([path]), file(text), *words, row=row)


def test_links_alone_are_not_centres(fixtures):
    with pytest.raises(
        InputError, match=r"gias_links_2026-01-30.csv: found none; expected a list of children's centres"
    ):
        read_centres([fixtures / "gias_links_2026-01-30.csv"])
    with pytest.raises(InputError, match="no files: found none"):
        read_centres([])


@pytest.mark.parametrize("half", ["459282,0", "459282,", "0,92539", ",92539"])
def test_half_a_grid_reference_is_no_point(file, half):
    assert read_centre_points(file(f"URN,Postcode,Easting,Northing\n20004,PO33 2JF,{half}\n")).iloc[0, 1:].isna().all()


def test_points_by_urn(fixtures):
    points = read_centre_points(fixtures / "centre_points.csv")
    assert points.loc["20004"].tolist() == ["PO332JF", 459_282, 92_539]
    assert points.loc["20861"].isna().all()
    assert points.loc["21406", "postcode"] == "DL12AN"


def test_a_councils_closures(fixtures):
    closures = read_closures(fixtures / "council_closures.csv")
    assert closures["status"].to_dict() == {
        "20004": "closed",
        "20841": "announced",
        "20900": "announced",
        "23515": "announced",
        "29999": "closed",
    }
    assert closures["date_precision"].tolist() == ["by", "day", "month", "unknown", "by"]
    assert closures["closed"].tolist()[:3] == [day("2025-12-31"), day("2025-12-19"), day("2028-02-29")]
    assert closures["closed"].isna().tolist()[3:] == [True, True]
    assert closures.loc["20004", "source_date"] == day("2025-12-31")
    assert closures.loc["20004", "note"] == (
        "The council calls it Ryde. As published: already ceased (page seen Dec 2025). Services move to: Newport."
    )


def test_the_day_on_which_a_page_was_seen(file):
    text = "URN,exit_date_or_month,source,exit_timeline_as_published\n20001,,x,Ceased (seen on 3 February 2025)\n"
    assert read_closures(file(text))["closed"].tolist() == [day("2025-02-03")]


def test_a_councils_file_may_be_as_short_as_three_columns(file):
    closures = read_closures(file("URN,exit_date_or_month,source\n20001,31/03/2026,x\n20002,,x\n"))
    assert closures["closed"].tolist()[0] == day("2026-03-31")
    assert closures["date_precision"].tolist() == ["day", "unknown"]
    assert closures["note"].isna().all()


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("URN,exit_date_or_month,source\n20001,2026-13,x\n", 2, ["'2026-13'", "exit"]),
        ("URN,exit_date_or_month,source\n20001,spring,x\n", 2, ["'spring'", "31-01-2026"]),
        ("URN,exit_date_or_month,source\n20001,,\n", 2, ["a blank", "who says so"]),
        ("URN,exit_date_or_month,source\n20001,,x\n20001,,x\n", 3, ["'20001' again"]),
        ("URN,source\n20001,x\n", None, ["exit_date_or_month", "only 'URN', 'source'"]),
    ],
)
def test_a_bad_file_of_closures_is_refused(file, refused, text, row, words):
    refused(read_closures, file(text), *words, row=row)


def test_the_council_overrides_the_national_list(read, fixtures):
    before = read(OPEN)
    untouched = before.table.copy()
    after = apply_closures(before, read_closures(fixtures / "council_closures.csv"))
    assert after.table["status"].to_dict() == {"20004": "closed", "20841": "announced", "20900": "announced"}
    ryde = after.table.loc["20004"]
    assert ryde[["closed", "date_precision", "source"]].tolist() == [
        day("2025-12-31"),
        "by",
        "council.example review page",
    ]
    assert ryde["note"].endswith("Services move to: Newport. GIAS open extract says: open.")
    assert ryde["opened"] == day("2005-10-19")
    pd.testing.assert_frame_equal(before.table, untouched)


def test_a_closure_of_an_unknown_centre_is_named(read, fixtures):
    before = read(OPEN)
    after = apply_closures(before, read_closures(fixtures / "council_closures.csv"))
    assert after.notes == (
        *before.notes,
        "Closures of centres that no list holds, so not placed: 2 (23515, 29999).",
    )


def test_closures_of_none_of_the_centres_change_nothing(read, file):
    before = read(OPEN)
    after = apply_closures(before, read_closures(file("URN,exit_date_or_month,source\n29999,,x\n")))
    pd.testing.assert_frame_equal(after.table, before.table)
    assert "29999" in after.notes[-1]


def as_sites(table):
    points = gpd.points_from_xy(table["easting"], table["northing"], crs=BNG)
    return gpd.GeoDataFrame(table.assign(inside=True), geometry=points, crs=BNG)


def test_the_table_meets_the_contract_of_sites(read, fixtures):
    centres = apply_closures(
        read(OPEN, "gias_older.csv", "gias_links_2026-01-30.csv"), read_closures(fixtures / "council_closures.csv")
    )
    checked = check(Sites, as_sites(centres.table), "centres")
    assert checked["closed"].notna().sum() == 3


@pytest.fixture(scope="module")
def england(real):
    folder = real / "england"
    names = [
        "gias_childrens_centres_open_2026-01-30.csv",
        "childrens_centres_listed_before_2026.csv",
        "gias_childrens_centre_links_2026-01-30.csv",
        "childrens_centres_no_longer_listed.csv",
    ]
    return [folder / name for name in names]


@pytest.mark.real
def test_england_as_published(england):
    table = read_centres(england[:1]).table
    assert table["status"].value_counts().to_dict() == {"open": 2_167, "linked": 680}
    assert table["la_code"].nunique() == 152
    assert table["opened"].notna().sum() == 2_248
    assert table.loc[table["type_code"] == "48", "opened"].notna().sum() == 84
    assert (table["opened"].min(), table["opened"].max()) == (day("2001-01-01"), day("2025-10-31"))
    assert table.index[table["postcode"].isna()].tolist() == ["20861"]
    assert table.loc["21406", "postcode"] == "DL1 2an"


@pytest.mark.real
@pytest.mark.parametrize(
    ("code", "main", "linked"),
    [("921", 3, 5), ("383", 54, 4), ("801", 22, 6), ("926", 15, 0), ("938", 11, 1), ("373", 7, 29)],
)
def test_centres_by_council(england, code, main, linked):
    table = read_centres(england[:1]).table
    counts = table.loc[table["la_code"] == code, "status"].value_counts()
    assert (counts.get("open", 0), counts.get("linked", 0)) == (main, linked)


@pytest.mark.real
def test_all_lists_of_england_together(england):
    centres = read_centres(england)
    table = centres.table
    assert table["status"].value_counts().to_dict() == {"open": 2_167, "linked": 680, "no_longer_listed": 145}
    gone = table[table["status"] == "no_longer_listed"]
    assert gone["la_name"].value_counts().head(3).to_dict() == {"Norfolk": 38, "West Sussex": 36, "Suffolk": 18}
    assert gone["type_code"].value_counts().to_dict() == {"47": 131, "48": 14}
    assert gone.index[gone["easting"].isna()].tolist() == ["20822"]
    assert table["district_code"].notna().all()
    assert table["opened"].notna().sum() == 2_248
    check(Sites, as_sites(table), "centres")


@pytest.mark.real
def test_the_difference_of_the_lists_is_the_table_of_those_gone(england):
    compared = read_centres(england[:2]).table
    gone = read_centres(england[3:]).table
    assert sorted(compared.index[compared["status"] == "no_longer_listed"]) == sorted(gone.index)


@pytest.mark.real
def test_the_eight_centres_of_the_island(england):
    table = read_centres(england[:3]).table
    island = table[table["la_code"] == "921"]
    linked = island[island["status"] == "linked"]
    assert sorted(linked.index) == ["20841", "21020", "21031", "23410", "23528"]
    assert linked["linked_since"].unique().tolist() == [day("2016-03-07")]
    assert island.loc["20004", "opened"] == day("2005-10-19")


@pytest.mark.real
def test_links_date_few_sites(england):
    centres = read_centres([england[0], england[2]])
    since = centres.table["linked_since"]
    assert centres.table.loc[since.notna(), "status"].unique().tolist() == ["linked"]
    assert since.min() >= day("2015-04-01")
    assert since.max() <= day("2020-01-13")
    assert any(note.startswith("Centres that the links name and no list holds: 58 (") for note in centres.notes)


@pytest.mark.real
def test_points_of_england(real):
    points = read_centre_points(real / "england" / "childrens_centre_points.csv")
    assert (len(points), points["easting"].isna().sum(), points["postcode"].isna().sum()) == (2_992, 41, 1)
    assert points.loc["23154"].tolist() == ["PO369EQ", 459_000, 84_350]


@pytest.mark.real
def test_the_closures_of_leeds(real, england):
    closures = read_closures(real / "leeds" / "council_closures_2025-26.csv")
    assert closures["date_precision"].value_counts().to_dict() == {"by": 5, "month": 5, "day": 3, "unknown": 2}
    assert closures.loc["22432", "closed"] == day("2025-12-12")
    assert closures.loc["20369", "closed"] == day("2026-02-28")
    centres = read_centres(england[:1])
    after = apply_closures(centres, closures)
    leeds = after.table[after.table["la_code"] == "383"]
    assert leeds["status"].value_counts().to_dict() == {"open": 42, "announced": 10, "closed": 5, "linked": 1}
    assert after.notes == centres.notes
