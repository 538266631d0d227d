"""Several lists as one: what a later list lacks, since when, and how that is said."""

from __future__ import annotations

import pandas as pd
import pytest

from data.sources.centres import read_centres

EXTRACT = "URN,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),OpenDate,LastChangedDate\n"
OLDER = "URN,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),OpenDate\n"
GONE = "URN,EstablishmentName,TypeOfEstablishment (name),snapshot_status\n"


@pytest.fixture
def listed(tmp_path):
    """Read lists written as {file name: (header, rows)} together."""

    def read(**files):
        paths = []
        for name, (header, *rows) in files.items():
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(header + "\n".join(rows) + "\n")
        return read_centres(paths)

    return read


def extract(*urns):
    return (EXTRACT, *(f"{urn},Centre {urn},47,1,," for urn in urns))


def older(*urns, status=1):
    return (OLDER, *(f"{urn},Centre {urn},47,{status}," for urn in urns))


def gone(urn, said):
    return (GONE, f'{urn},Centre {urn},Children\'s centre,"{said}"')


def day(text):
    return pd.Timestamp(text)


def interval(centres, urn):
    """Status, last seen, first missing and note."""
    row = centres.table.loc[urn]
    return [row["status"], row["last_seen"], row["source_date"], row["note"]]


def test_an_older_list_of_a_known_day_and_the_extract_give_an_interval(listed):
    centres = listed(older_20230501=older(20001, 20002), open_20260130=extract(20001))
    assert interval(centres, "20002") == [
        "no_longer_listed",
        day("2023-05-01"),
        day("2026-01-30"),
        "Listed as open on 01-05-2023; not in the GIAS open extract of 30-01-2026.",
    ]
    assert pd.isna(centres.table.loc["20001", "last_seen"])  # it is seen still
    assert pd.isna(centres.table.loc["20001", "note"])


def test_an_older_list_without_a_day_gives_the_day_it_was_missed_only(listed):
    row = listed(older=older(20001, 20002), open_20260130=extract(20001)).table.loc["20002"]
    assert pd.isna(row["last_seen"])
    assert row["note"] == "Once listed as open; not in the GIAS open extract of 30-01-2026."


@pytest.mark.parametrize(
    ("said", "seen", "missing", "note"),
    [
        (
            "absent_from_open_extract_2026-01-30 (was open in ECF copy, 2021+)",
            "2021-01-01",
            "2026-01-30",
            "Listed as open in 2021 or later; not in the GIAS open extract of 30-01-2026.",
        ),
        (
            "absent_from_open_extract_2026-01-30 (was open in a copy)",
            None,
            "2026-01-30",
            "Once listed as open; not in the GIAS open extract of 30-01-2026.",
        ),
        ("absent", None, None, "Once listed as open; not in a later GIAS open extract."),
    ],
)
def test_the_table_of_those_gone_says_since_which_year(listed, said, seen, missing, note):
    status, last_seen, source_date, words = interval(listed(gone=gone(20002, said)), "20002")
    assert (status, words) == ("no_longer_listed", note)
    assert [None if pd.isna(at) else f"{at:%Y-%m-%d}" for at in (last_seen, source_date)] == [seen, missing]


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_day_on_which_any_list_had_it_is_kept(listed, order):
    said = "absent_from_open_extract_2026-01-30 (was open in ECF copy, 2021+)"
    files = {
        "gone": gone(20002, said),
        "older_20230501": older(20001, 20002),
        "copy_20190801": older(20001, 20002),
        "open_20260130": extract(20001),
    }
    centres = listed(**dict(list(files.items())[::order]))
    assert interval(centres, "20002")[1:3] == [day("2023-05-01"), day("2026-01-30")]
    assert centres.table.loc["20002", "note"].startswith("Listed as open on 01-05-2023; not in the GIAS open extract")
    # a list of before the year in the table's brackets says less than the table
    files.pop("older_20230501")
    centres = listed(**dict(list(files.items())[::order]))
    assert interval(centres, "20002")[1] == day("2021-01-01")


def test_of_several_extracts_the_first_that_lacks_a_centre_ends_the_interval(listed):
    centres = listed(
        open_20240101=extract(20001, 20002, 20003),
        open_20250101=extract(20001, 20002),
        open_20260101=extract(20001),
    )
    assert interval(centres, "20001")[0] == "open"
    assert interval(centres, "20002")[:3] == ["no_longer_listed", day("2025-01-01"), day("2026-01-01")]
    assert interval(centres, "20003")[:3] == ["no_longer_listed", day("2024-01-01"), day("2025-01-01")]
    assert "Centres of an older list, absent from the open extract, so no longer listed: 2." in centres.notes


def test_a_copy_of_after_the_extract_proves_nothing_by_what_it_has_more(listed):
    row = listed(copy_20260601=older(20001, 20002), open_20260130=extract(20001)).table.loc["20002"]
    assert row["status"] == "open"
    assert pd.isna(row["last_seen"])


def test_what_an_older_list_has_as_closed_was_not_lost_since(listed):
    row = listed(older_20230501=older(20002, status=2), open_20260130=extract(20001)).table.loc["20002"]
    assert row["status"] == "closed"
    assert pd.isna(row["last_seen"])


def test_a_closure_without_a_day_keeps_the_interval(listed):
    export = (
        "URN,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),CloseDate\n",
        "20001,Centre 20001,47,1,",
        "20002,Centre 20002,47,2,",
    )
    centres = listed(older_20230501=older(20001, 20002), open_20260130=extract(20001), export_20260201=export)
    assert interval(centres, "20002")[:2] == ["closed", day("2023-05-01")]
    assert interval(centres, "20001")[0] == "open"


@pytest.mark.real
def test_norfolk_and_west_sussex_from_two_lists_alone(real):
    """As the press had it: 38 of Norfolk's 53 gone, 36 of West Sussex's 48."""
    england = real / "england"
    table = read_centres(
        [
            england / "childrens_centres_listed_before_2026.csv",
            england / "gias_childrens_centres_open_2026-01-30.csv",
        ]
    ).table
    for council, lost, listed_once in (("Norfolk", 38, 53), ("West Sussex", 36, 48)):
        here = table[table["la_name"] == council]
        gone = here[here["status"] == "no_longer_listed"]
        assert (len(gone), len(here)) == (lost, listed_once)
        assert gone["source_date"].unique().tolist() == [day("2026-01-30")]
        assert gone["last_seen"].isna().all()  # the older copy's name tells no day
        assert gone["note"].unique().tolist() == ["Once listed as open; not in the GIAS open extract of 30-01-2026."]


@pytest.mark.real
def test_the_145_of_the_table_have_an_interval(real):
    table = read_centres(
        [
            real / "england" / "gias_childrens_centres_open_2026-01-30.csv",
            real / "england" / "childrens_centres_no_longer_listed.csv",
        ]
    ).table
    gone = table[table["status"] == "no_longer_listed"]
    assert len(gone) == 145
    assert gone["last_seen"].unique().tolist() == [day("2021-01-01")]
    assert gone["source_date"].unique().tolist() == [day("2026-01-30")]
    assert table["last_seen"].notna().sum() == 145
