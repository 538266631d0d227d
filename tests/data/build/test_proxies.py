"""Shares that stand in for families from abroad: from counts, percentages or shares, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.build.inputs import read_lookups
from data.build.proxies import DERIVED, proxies_of
from data.services import nomis
from data.sources.proxies import read_proxies
from geo.errors import InputError

AREAS = pd.Index(["E01000001", "E01000002", "E01000003"], name="area_code")
PERCENTAGES = """oa21cd,lsoa21cd,pop_total,pct_english_proficiency_4a-003,pct_residence_length_6b-004,pct_residence_length_6b-005,\
pct_hh_language-003,pct_hh_language-004
E00000001,E01000001,100,1.0,4.0,2.0,0.5,1.5
E00000002,E01000001,300,3.0,0.0,6.0,0.5,3.5
E00000003,E01000002,200,0.0,100.0,0.1,0,0
E00000004,E01000003,200,,0.0,1.0,0,0
"""


@pytest.fixture
def shares_of(small, tmp_path):
    """The shares of three areas of two, one and one output areas; what is said of them is added to ``notes``."""

    def found(*texts, notes=None):
        lookup = tmp_path / "oas.csv"
        pairs = [(f"E0000000{n}", AREAS[max(n - 2, 0)]) for n in (1, 2, 3, 4)]
        rows = [f"{oa},{area},Town,E02000001,Town 001,E06000099,Town" for oa, area in pairs]
        lookup.write_text("\n".join(["oa21cd,lsoa21cd,lsoa21nm,msoa21cd,msoa21nm,lad22cd,lad22nm", *rows]))
        paths = []
        for number, text in enumerate(texts):
            paths.append(tmp_path / f"census_{number}.csv")
            paths[-1].write_text(text)
        known = read_lookups(replace(small, lookups=(lookup,), census=tuple(paths)))
        return proxies_of(known, AREAS, [] if notes is None else notes)

    return found


def nomis_text(table, rows):
    """A bulk file as Nomis has it."""
    wide = pd.DataFrame(rows, columns=list(table.categories.values()))
    wide.insert(0, "geography code", AREAS)
    return wide.assign(date=2021, geography=AREAS).to_csv(index=False)


def test_percentages_of_output_areas_count_by_their_residents(shares_of):
    notes = []
    found = shares_of(PERCENTAGES, notes=notes)
    assert {name: (share.tolist(), vintage) for name, (share, vintage) in found.items()} == {
        "arrived_2y_share": (pytest.approx([(2 + 18) / 400, 0.001, 0.01]), DERIVED),
        "arrived_5y_share": (pytest.approx([(6 + 18) / 400, 1, 0.01]), DERIVED),  # 100.1%, as rounded, is everybody
        "little_english_share": (pytest.approx([(1 + 9) / 400, 0, np.nan], nan_ok=True), DERIVED),
        "no_adult_english_share": (pytest.approx([(2 + 12) / 400, 0, 0]), DERIVED),
    }
    assert len(notes) == 1
    assert "derived" in notes[0]


def test_published_counts_go_before_percentages_and_households_by_households(shares_of):
    english = nomis_text(nomis.ENGLISH, [[200, 150, 20, 10, 15, 5], [0, 0, 0, 0, 0, 0], [100, 100, 0, 0, 0, 0]])
    households = nomis_text(nomis.HOUSEHOLD_LANGUAGE, [[50, 40, 5, 2, 3], [40, 40, 0, 0, 0], [80, 60, 10, 4, 6]])
    found = shares_of(PERCENTAGES, english, households)
    assert found["little_english_share"][0].tolist() == pytest.approx([0.1, np.nan, 0], nan_ok=True)
    assert found["no_adult_english_share"][0].tolist() == [0.1, 0, 0.125]
    assert [found[name][1] for name in ("little_english_share", "arrived_5y_share")] == ["Census 2021", DERIVED]


def test_shares_that_were_worked_out_beforehand_and_no_table_at_all(shares_of):
    found = shares_of("lsoa21cd,arrived_5y_share\nE01000001,0.25\nE01000003,\n")
    assert list(found) == ["arrived_5y_share"]
    assert found["arrived_5y_share"][0].tolist() == pytest.approx([0.25, np.nan, np.nan], nan_ok=True)
    notes = []
    assert (shares_of(notes=notes), notes) == ({}, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PERCENTAGES.replace("pop_total", "people"), "residents of each output area"),
        (PERCENTAGES.replace("3.0", "103"), "a number from 0 to 100"),
        ("lsoa21cd,arrived_5y_share\nE01000001,25\n", "a number from 0 to 1"),
        ("lsoa21cd,arrived_5y_share\nE01999999,0.2\n", "such as E01000001"),
        ("lsoa21cd,under5\nE01000001,3\n", "TS016, length of residence"),
    ],
)
def test_a_table_that_cannot_be_is_refused(shares_of, text, said):
    with pytest.raises(InputError, match=said):
        shares_of(text)


@pytest.mark.parametrize("place", ["isle-of-wight", "leeds"])
def test_of_two_authorities_as_by_hand_from_the_table(real, place):
    """Weighted means by pandas, not by the reader; and who was born abroad, which is derived so too, is as published."""
    table = pd.read_csv(real / place / "census2021_oa21_percentages.csv")
    parts = read_proxies(real / place / "census2021_oa21_percentages.csv")
    by_area = table.groupby("lsoa21cd")

    def mean(percentages):
        return (percentages * table["pop_total"]).groupby(table["lsoa21cd"]).sum() / by_area["pop_total"].sum() / 100

    area = table.set_index("oa21cd")["lsoa21cd"]
    found = parts.parts.groupby(area).sum() / parts.wholes.groupby(area).sum()
    arrived = table["pct_residence_length_6b-004"] + table["pct_residence_length_6b-005"]
    np.testing.assert_allclose(found["arrived_5y_share"], mean(arrived), rtol=1e-12)
    np.testing.assert_allclose(
        found["no_adult_english_share"], mean(table["pct_hh_language-003"] + table["pct_hh_language-004"]), rtol=1e-12
    )
    official = pd.read_csv(real / "england" / "census2021_ts004_lsoa21.csv.gz").set_index("code")
    born = (official["born_outside_uk"] / official["total"]).reindex(found.index)
    assert (mean(table["pct_country_of_birth_3a-002"]) - born).abs().max() < 0.006
