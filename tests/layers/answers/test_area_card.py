"""The card of a neighbourhood, on a place of two streets that can be worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.build.children import OWN
from geo.gaps import gaps
from geo.need import NeedWeights
from layers.answers.area_card import area_card, told
from layers.answers.question import Answer, Ground, Question

A, B = "E01000001", "E01000002"
NEEDS = NeedWeights()
PLACE = SimpleNamespace(figures={"under5": "mid-2020", "residents": "Census 2021", "imd_rank": "IoD2025"})


def asked(*, homes=None, areas=None, minutes=15.0, sites=None, weights=NEEDS) -> Answer:
    """Area A: homes of 4, 3 and 1 under-fives at 6, 12 and 30 minutes; area B: one home off the streets."""
    about = {
        "area_name": ["Alpha", "Beta"], "ward_name": ["North", None], "imd_decile": [1.0, np.nan],
        "imd_rank": [10.0, np.nan], "idaci_rank": [20.0, np.nan], "residents": [1500.0, np.nan],
        "born_outside_uk": [300.0, np.nan], "under2": [3.0, np.nan], "under5": [8.0, np.nan],
        "change_2011": ["unchanged", "split"], "around": ["Mill Road", None],
    }  # fmt: skip
    ground_areas = gpd.GeoDataFrame(
        about | (areas or {}), index=pd.Index([A, B], name="area_code"), geometry=[shapely.box(0, 0, 1, 1)] * 2
    )
    origins = gpd.GeoDataFrame(
        {
            "area_code": [A, A, A, B], "residents": [500.0, 500.0, 500.0, np.nan], "under5": [4.0, 3.0, 1.0, np.nan],
            "born_outside_uk": [100.0, 100.0, 100.0, np.nan],
        },
        index=["H1", "H2", "H3", "H4"], geometry=[shapely.Point(0, 0)] * 4,
    )  # fmt: skip
    reach = pd.DataFrame(
        {
            "area_code": [A, A, A, B], "site_id": ["1", "1", "2", None], "minutes": [6.0, 12.0, 30.0, np.nan],
            "metres": [400.0, 800.0, 2000.0, np.nan], "second_site_id": ["2", "2", "1", None],
            "second_minutes": [20.0, 25.0, 31.0, np.nan], "snap_m": [5.0, 5.0, 5.0, np.nan],
            "reached": ["yes", "yes", "yes", "off_network"],
        } | (homes or {}),
        index=origins.index,
    )  # fmt: skip
    question = Question(minutes=minutes, weights=weights)
    known = sites or {"name": ["Oak", np.nan]}
    found = gaps(ground_areas, origins, reach, walk=question.walk, weights=weights)
    on = Ground(ground_areas, origins, None, None, None, None)
    return Answer(question, on, gpd.GeoDataFrame(known, index=["1", "2"], geometry=[None, None]), reach, found)


def facts(card) -> dict[str, str]:
    return dict(card.facts)


def test_a_neighbourhood():
    card = area_card(asked(), A, PLACE)
    assert card.title == "Alpha"
    assert card.subtitle == f"North · around Mill Road · {A}"
    said = facts(card)
    assert said["Rank in the authority"] == "1 of 1 (1 = highest priority)"
    # of 8 under-fives 4 walk no longer than 6 minutes; nine tenths is reached with the last
    assert said["Typical walk"] == "about 6 minutes (400 m); one in ten walk about 30 minutes or more"
    assert said["Nearest"] == "Oak, about 6 minutes"
    assert said["Second nearest"] == "one without a name (2), about 20 minutes"
    assert said["Within 15 minutes"] == "88% of under-fives"
    assert said["Under-fives beyond 15 minutes"] == "1 of 8 (mid-2020)"
    assert said["Residents"] == "1,500 (Census 2021)"
    assert said["Born outside the UK (proxy for families from abroad)"] == "20.0%"
    assert said["Deprivation"] == "tenth 1 of 10 in England, 1 is most deprived (IoD2025)"
    assert card.reason.startswith("High need: the typical walk to a children's centre is about 6 minutes")
    assert dict(card.need)["need score"] == "50"
    assert card.caveats == ()


def test_proxies_are_told_where_a_place_has_them_and_count_if_they_have_weight():
    there = SimpleNamespace(figures=PLACE.figures | {"arrived_5y_share": "Census 2021, derived"})
    found = asked(
        areas={"arrived_5y_share": [0.125, np.nan]}, weights=NeedWeights(imd=0, idaci=0, abroad=0, arrived5=2)
    )
    told_of = "Came to the UK within 5 years, of all residents (proxy)"
    assert facts(area_card(found, A, there))[told_of] == "12.5% (Census 2021, derived)"
    assert facts(area_card(found, B, there))[told_of] == "not known"
    assert [part for part, _ in area_card(found, A, there).need] == [
        "need score", "under-fives", "came to the UK within 5 years",
    ]  # fmt: skip
    assert told_of not in facts(area_card(asked(), A, PLACE))


def test_what_is_missing_is_not_known():
    card = area_card(asked(), B, PLACE)
    said = facts(card)
    assert card.subtitle == B  # no ward is not "nan"
    assert said["Rank in the authority"] == "not ranked: no street data here"
    assert said["Typical walk"] == "not known: no street data here"
    assert said["Nearest"] == said["Second nearest"] == "none within walking reach"
    rest = {name: text for name, text in said.items() if name.split()[0] in {"Within", "Under-fives", "Under-twos",
            "Residents", "Born", "Deprivation"}}  # fmt: skip
    assert set(rest.values()) == {"not known"}
    assert {text for _, text in card.need} == {"not known"}
    assert any("2011" in caveat for caveat in card.caveats)
    assert "nan" not in " ".join([card.reason, *said.values(), *card.caveats])


def test_of_a_councils_own_count_it_may_be_hidden():
    assert told(np.nan, "{:.0f}", f"2025, {OWN}") == "not known, or hidden (2025, the council's own, rounded to 5)"
    assert told(15.0, "{:.0f}", f"2025, {OWN}") == "15 (2025, the council's own, rounded to 5)"


def test_most_families_have_no_way():
    card = area_card(
        asked(
            homes={
                "reached": ["no_route", "no_route", "yes", "off_network"],
                "minutes": [np.nan, np.nan, 30.0, np.nan],
                "site_id": [None, None, "2", None],
            }
        ),
        A,
        PLACE,
    )
    assert facts(card)["Typical walk"] == "most families cannot walk there"
    assert facts(card)["Under-fives beyond 15 minutes"] == "8 of 8 (mid-2020)"
    assert facts(card)["Within 15 minutes"] == "0% of under-fives"


@pytest.mark.parametrize(("minutes", "share"), [(5, "0%"), (6, "50%"), (12, "88%"), (30, "100%")])
def test_the_threshold_is_the_readers(minutes, share):
    said = facts(area_card(asked(minutes=float(minutes)), A, PLACE))
    assert said[f"Within {minutes} minutes"] == f"{share} of under-fives"


def test_nobody_is_zero_and_unknown_is_not():
    said = facts(area_card(asked(areas={"under2": [0.0, np.nan]}), A, PLACE))
    assert said["Under-twos"] == "0"
