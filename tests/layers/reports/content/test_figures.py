"""The figures and tables of a report against sums of the place's files, made here anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from data.place import Place
from geo.scenario import AddSite, OpenSite
from geo.whole import more
from layers.answers.question import Question, answer
from layers.reports.content.site_tables import centres
from layers.reports.gather import report_of
from layers.reports.request import ReportRequest
from tests.geo.by_scipy import Walks
from tests.layers.conftest import ISLAND
from tests.layers.reports.conftest import DAY
from tests.layers.reports.reader import cells

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island

WARDS = ("E05013370", "E05013363", "E05013391")
"""East Cowes, Carisbrooke & Gunville, Sandown South: three, two and two neighbourhoods, nothing kept back."""


@cache
def walk_of(folder):
    """The walk of each home of a place, asked of its files."""
    return answer(Place.open(folder), Question(day=DAY)).reach


class Anew:
    """Sums over homes, straight from the files and the walk of each home."""

    def __init__(self, place, minutes=15.0, pace=1.0):
        self.homes = pd.read_parquet(place.folder / "origins.parquet")
        self.areas = pd.read_parquet(place.folder / "areas.parquet")
        reach = walk_of(place.folder)
        off = (reach["reached"] == "off_network").to_numpy()
        code = self.homes["area_code"]
        share = (
            self.homes.assign(off=np.where(off, self.homes["under5"], 0.0))
            .groupby("area_code")[["off", "under5"]]
            .sum()
        )
        blind = share.index[share["off"] / share["under5"] >= 0.5]
        self.known = ~off & ~code.isin(blind).to_numpy()
        walk = np.where(reach["reached"] == "yes", reach["minutes"] * pace, np.inf)
        self.beyond = self.known & (walk > minutes)
        by = self.areas[["ward_code", "imd_decile"]].reindex(code.to_numpy())
        self.ward, self.fifth = by["ward_code"].to_numpy(), np.ceil(by["imd_decile"].to_numpy(float) / 2)

    def count(self, column, which, where=True):
        return self.homes[column].to_numpy(float)[which & where].sum()


@pytest.fixture(scope="module")
def anew(island):
    return Anew(island)


def test_headline_and_its_base(report, anew):
    figure = report.figures["under5_beyond"]
    assert figure.value == round(anew.count("under5", anew.beyond)) == 4008
    assert figure.base == round(anew.count("under5", anew.known)) == 5882
    assert figure.said == "4,008 of 5,882 under-fives whose walk is known (68%)"


def test_most_deprived_fifth(report, anew):
    figure = report.figures["most_deprived_beyond"]
    assert figure.value == round(anew.count("under5", anew.beyond, anew.fifth == 1))
    assert figure.base == round(anew.count("under5", anew.known, anew.fifth == 1))


def test_residents_born_abroad(report, anew):
    figure = report.figures["born_abroad_beyond"]
    assert figure.value == round(anew.count("born_outside_uk", anew.beyond))
    assert figure.base == round(anew.count("born_outside_uk", anew.known))


def test_far_neighbourhoods(report, anew):
    """Half of the under-fives of a far one walk longer than 15 minutes: counted home by home."""
    frame = anew.homes.assign(beyond=np.where(anew.beyond, anew.homes["under5"], 0.0))
    frame["known"] = np.where(anew.known, frame["under5"], 0.0)
    sums = frame.groupby("area_code")[["beyond", "known"]].sum()
    assert report.figures["areas_far"].value == (sums["beyond"] > sums["known"] / 2).sum() == 64
    assert report.figures["areas_far"].base == (sums["known"] > 0).sum() == 89


def test_wards(ward_reports, report, anew):
    for ward in WARDS:
        here = anew.ward == ward
        figure, row = ward_reports[ward].figures["under5_beyond"], cells(report.tables["wards"]).loc[ward]
        assert figure.value == row["under5_beyond"] == round(anew.count("under5", anew.beyond, here)), ward
        assert figure.base == row["under5_known"] == round(anew.count("under5", anew.known, here)), ward
        assert row["beyond_share"] == pytest.approx(figure.value / figure.base, abs=5e-4), ward


def test_ward_tables_are_the_authoritys(report, ward_reports):
    """Each ward's neighbourhoods, together, are the authority's, cell by cell but for what is nearest."""
    parts = pd.concat([cells(one.tables["neighbourhoods"]) for one in ward_reports.values()])
    every = cells(report.tables["neighbourhoods"])
    same = [name for name in parts if name in every]
    assert parts.loc[every.index, same].equals(every[same])
    wards = cells(report.tables["wards"])
    assert wards["areas"].sum() == 89
    assert abs(wards["under5_known"].sum() - report.figures["under5_beyond"].base) < 20  # each of 39 is rounded


def test_who_adds_up(report, anew):
    table = cells(report.tables["who"])
    for fifth in range(1, 6):
        row = table[table.index.str.startswith(f"deprivation: {fifth}")].iloc[0]
        assert row["under5_known"] == round(anew.count("under5", anew.known, anew.fifth == fifth))
        if not np.isnan(row["under5_beyond"]):
            assert row["under5_beyond"] == round(anew.count("under5", anew.beyond, anew.fifth == fifth))
    thirds = table[table.index.str.startswith("abroad")]
    assert thirds["areas"].sum() == 89
    assert abs(thirds["under5_known"].sum() - 5882) <= 2


@pytest.mark.parametrize(("speed", "minutes"), [(3.2, 12), (4.8, 20), (4.0, 20), (4.8, 12)])
def test_grid(report, island, speed, minutes):
    """At another speed the same walk takes other minutes: counted anew home by home."""
    anew = Anew(island, minutes=minutes, pace=4.0 / speed)
    told = cells(report.tables["certainty"]).loc[f"{speed:g}", f"beyond_{minutes}"]
    assert told == round(anew.count("under5", anew.beyond))


def test_grid_holds_the_headline(report):
    grid = cells(report.tables["certainty"]).drop(columns="speed")
    assert grid.loc["4", "beyond_15"] == report.figures["under5_beyond"].value
    assert report.figures["under5_beyond_least"].value == grid.loc["4.8", "beyond_20"] == grid.to_numpy(float).min()
    assert report.figures["under5_beyond_most"].value == grid.loc["3.2", "beyond_12"] == grid.to_numpy(float).max()
    assert grid.loc["3.2", "beyond_15"] == grid.loc["4", "beyond_12"]  # 800 m both


def test_new_sites_bring_what_a_scenario_with_them_says(report, island, whole):
    """The chosen places as changes of a scenario: beyond falls by just what the report says they bring."""
    table = report.tables["new_sites"]
    rows = cells(table)
    centres = island.centres()
    changes = tuple(
        OpenSite(str(site))
        if site in centres.index
        else AddSite(f"new-{number}", table.geometry[site].x, table.geometry[site].y)
        for number, site in enumerate(rows.index, start=1)
    )
    beyond = [answer(island, replace(Question(day=DAY), changes=changes[:n]), on=whole.ground) for n in range(4)]
    count = [one.gaps["under5_beyond"].sum() for one in beyond]
    assert rows["within"].to_list() == pytest.approx(count[0] - np.array(count[1:]), abs=0.51)
    assert rows["adds"].to_list() == pytest.approx(-np.diff(count), abs=0.51)
    assert report.figures["new_sites_bring"].value == round(count[0] - count[3])
    assert report.figures["new_sites_bring"].base == report.figures["under5_beyond"].value


def test_new_sites_by_another_program(report, whole):
    """The first place alone, by SciPy's shortest paths."""
    table, on = report.tables["new_sites"], whole.ground
    both = (
        pd.concat([whole.asked.sites.geometry, table.geometry.iloc[:1]]).to_frame("geometry").set_geometry("geometry")
    )
    walks = Walks(on.network, on.snaps, both.set_crs(27700))
    now, then = (walks.to_nearest(np.arange(n)) for n in (len(both) - 1, len(both)))
    limit = on.network.cost_of(15.0)
    fall = (on.counted_children * ((now > limit) & (then <= limit))).sum()
    assert cells(table)["adds"].iloc[0] == round(fall)


def test_whose_each_site_is(whole):
    inside = np.arange(len(whole.asked.sites)) % 2 == 0
    asked = replace(whole.asked, sites=whole.asked.sites.assign(inside=inside))
    table = cells(centres(SimpleNamespace(whole=SimpleNamespace(asked=asked, weighed=whole.weighed))))
    assert table["whose"][asked.sites.index].tolist() == ["here" if one else "a neighbour's" for one in inside]
    assert table["whose"].tolist() == sorted(table["whose"], reverse=True), "our own first"


def test_ledger_of_the_authority(report, whole, anew):
    """What the closures put beyond, from the ledger's walks of every home."""
    walks = whole.lost.ledger.walks
    children = np.where(whole.ground.counted, anew.homes["under5"].to_numpy(float), 0.0)
    crossed = (walks["before_minutes"] <= 15) & ~(walks["after_minutes"] <= 15)
    before = children[~(walks["before_minutes"] <= 15)].sum()
    assert report.figures["lost_beyond"].value == more(before, children[crossed].sum()) == 1056
    rows = cells(report.tables["lost"])
    assert rows["share_crossed"].sum() == 1056
    took = walks["before_site_id"] != walks["after_site_id"]
    for site, count in rows["under5"].items():
        assert abs(count - children[took & (walks["before_site_id"] == site)].sum()) < 1


def test_ledger_of_wards(whole, report, ward_reports, anew):
    walks = whole.lost.ledger.walks
    children = np.where(whole.ground.counted, anew.homes["under5"].to_numpy(float), 0.0)
    crossed = ((walks["before_minutes"] <= 15) & ~(walks["after_minutes"] <= 15)).to_numpy()
    told = 0
    for code, one in ward_reports.items():
        figure = one.figures.get("lost_beyond")
        if figure is not None:
            assert figure.value == round(children[crossed & (anew.ward == code)].sum())
            told += figure.value
    assert 0 < told <= report.figures["lost_beyond"].value + 5


def test_neighbourhoods_against_homes(report, anew):
    table = cells(report.tables["neighbourhoods"])
    beyond = anew.homes.assign(n=np.where(anew.beyond, anew.homes["under5"], 0.0)).groupby("area_code")["n"].sum()
    told = table["under5_beyond"].dropna()
    assert len(told) > 60
    assert (told == beyond[told.index].round()).all()
    assert (table["under5"] == anew.areas["under5"][table.index].round()).all()


def test_changing_neighbourhoods(report, island, whole):
    """A class that is another at any other speed or threshold."""
    classes = {}
    for speed in (4.8, 4.0, 3.2):
        for minutes in (12.0, 15.0, 20.0):
            median = whole.asked.gaps["minutes_median"] * 4.0 / speed
            classes[speed, minutes] = np.select([median <= minutes * 2 / 3, median <= minutes], [0, 1], 2)
    base = classes[4.0, 15.0]
    changing = np.any([one != base for one in classes.values()], axis=0)
    assert report.figures["areas_changing"].value == changing.sum()


@pytest.mark.full_size
@pytest.mark.real
def test_leeds(leeds_report, leeds):
    anew = Anew(leeds)
    assert leeds_report.figures["under5_beyond"].value == round(anew.count("under5", anew.beyond))
    assert leeds_report.figures["under5_beyond"].base == round(anew.count("under5", anew.known))
    assert leeds_report.figures["areas_unknown"].value > 100


def test_a_ward_without_under_fives_known_elsewhere(whole, anew):
    """A report on chosen areas counts those and no others."""
    codes = tuple(whole.areas.index[whole.areas["ward_code"].isin(WARDS)])
    one = report_of(whole, ReportRequest(question=Question(day=DAY), areas=codes, name="Three wards"))
    assert one.figures["under5_beyond"].value == round(anew.count("under5", anew.beyond, np.isin(anew.ward, WARDS)))
    assert whole.place.folder == ISLAND
