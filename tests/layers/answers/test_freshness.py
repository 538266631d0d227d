"""How old a source is, and when it is time to fetch it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data.catalogue import CATALOGUE
from layers.answers.freshness import RENEWED, ages, day_of, parts_said


@pytest.mark.parametrize(
    ("vintage", "day"),
    [
        ("2020-04-22", date(2020, 4, 22)),
        ("2022-07", date(2022, 7, 31)),
        ("2024", date(2024, 12, 31)),
        ("Census 2021", date(2021, 12, 31)),
        ("mid-2020", date(2020, 6, 30)),
        ("IoD2025 on 2021 areas", date(2025, 12, 31)),
        ("2025-13", None),
        ("not stated", None),
        ("LSOA 2011, unchanged to 2021", date(2011, 12, 31)),
    ],
)
def test_the_day_of_a_vintage(vintage, day):
    assert day_of(vintage) == day


def test_ages_of_a_place(small_place):
    card = small_place.card
    streets = replace(card.sources[0], dataset="streets", vintage="2025-11-30")
    tables = replace(streets, dataset="boundaries", vintage="LSOA 2021")
    unknown = replace(streets, dataset="own_area_names", vintage="not stated")
    place = replace(small_place, card=replace(card, sources=(streets, tables, unknown)))
    found = ages(place, date(2026, 12, 1))
    assert [(age.months, age.old, age.said) for age in found] == [
        (12, False, "1 year old; renewed every day"),
        (None, False, "renewed with each Census"),
        (None, False, ""),
    ]
    (later, *_) = ages(place, date(2026, 12, 30))
    assert (later.months, later.old) == (13, True)
    (same_day, *_) = ages(place, date(2025, 11, 30))
    assert same_day.said.startswith("less than a month old")


def test_every_source_that_is_renewed_is_in_the_catalogue():
    assert set(RENEWED) <= set(CATALOGUE)


def test_the_day_of_each_part(small_place):
    card = small_place.card
    first = card.sources[0]

    def of(*sources, to="centres", figures=None):
        given = tuple(replace(first, dataset=dataset, vintage=vintage) for dataset, vintage in sources)
        return parts_said(replace(card, sources=given, figures={} if figures is None else figures), to)

    streets, counted = ("streets", "2022-07"), {"under5": "mid-2020"}
    lists = ("centres", "2024"), ("centres", "2026-01-30"), ("centre_links", "2026-02-01")
    assert of(*lists, streets, figures=counted) == "register of January 2026, streets of July 2022, children of 2020"
    assert (
        of(("centres", "not stated"), streets) == "register of no stated day, streets of July 2022, children not known"
    )
    assert of(streets, to="play", figures=counted) == (
        "play spaces of July 2022, streets of July 2022, children of 2020"
    )
    assert of(*lists, streets, to="halls.csv", figures=counted) == "streets of July 2022, children of 2020"
