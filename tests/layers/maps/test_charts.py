"""Charts and their table twins: the same numbers, in the same order, in words that everybody can read."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from layers.maps import chart_parts, charts, fairness_charts
from layers.maps.need_and_walk import luminance

HOSTILE = "<img src=x onerror=window.top.hacked=1>"
LONG = "Chickenley Earlsheaton & Shawcross Children's Centre"
LEDGER = pd.DataFrame(
    {
        "name": ["Ryde", LONG, HOSTILE, "Nobody knows"],
        "joint": [33.2, 214.4, 85.0, np.nan],
        "alone": [0.0, 180.0, 60.0, np.nan],
    },
    index=["20004", "20005", "20006", "20007"],
)
CHOICES = pd.DataFrame({"k": [2, 1, 3], "greedy": [330.0, 214.0, 401.0], "optimum": [350.0, 214.0, np.nan]})
TIMES = pd.DataFrame(
    {
        "date": pd.to_datetime(["2016-03-07", "2010-01-01"]),
        "beyond": [2100.0, 1200.0],
        "low": [1800.0, 1150.0],
        "high": [2400.0, 1200.0],
    }
)
AIMS = pd.DataFrame(
    {
        "aim": ["As it is now", "Most within reach", "Least walking", "Fairest", HOSTILE],
        "within": [0.0, 500.0, 261.0, 287.0, 287.3],
        "fairer": [0.0, 0.0, -7.1, 2.9, 2.93],
        "unbeaten": [False, True, False, True, False],
    }
)
SHARES = pd.DataFrame({"families": [0, 0.5, 1], "by_order": [0, 0.61, 1], "by_walk": [0, 0.2, np.nan]})
ENDS = {"first": "the least deprived", "last": "the most"}
ALL = {
    "ledger": lambda table=LEDGER: charts.ledger_bars(table),
    "trade-off": lambda table=CHOICES: charts.trade_off_lines(table),
    "time": lambda table=TIMES: charts.through_time(table, day=date(2026, 11, 21)),
    "aims": lambda table=AIMS: fairness_charts.aims_points(table),
    "shares": lambda table=SHARES: fairness_charts.shared_walking(table, **ENDS),
}
GIVEN = {"ledger": LEDGER, "trade-off": CHOICES, "time": TIMES, "aims": AIMS, "shares": SHARES}


@cache
def plain(name: str):
    """A chart of the table above and how it is written, made once; only to be read."""
    chart = ALL[name]()
    return chart, chart.to_dict()


def drawn(chart) -> list[dict]:
    """The rows of every table in a chart, or in one of those above by its name."""
    said = plain(chart)[1] if isinstance(chart, str) else chart.to_dict()
    return [row for rows in said["datasets"].values() for row in rows]


def marks(name: str) -> list[dict]:
    return [layer["mark"] for layer in plain(name)[1]["layer"]]


@pytest.mark.parametrize("name", ALL)
class TestEveryChart:
    def test_says_in_words_what_it_shows(self, name):
        chart = plain(name)[0]
        assert len(chart.description) > 60
        assert re.search(r"\d", chart.description)
        assert "nan" not in chart.description.lower()
        assert chart.title.text

    def test_leaves_its_table_as_it_was(self, name):
        before = GIVEN[name].copy()
        ALL[name]()
        pd.testing.assert_frame_equal(GIVEN[name], before)

    def test_names_no_other_server(self, name):
        said = {key: value for key, value in plain(name)[1].items() if key != "$schema"}  # a name, which nobody fetches
        assert "http" not in json.dumps(said)

    def test_is_drawn_of_nothing(self, name):
        chart = ALL[name](GIVEN[name].iloc[:0])
        assert "none" in chart.description
        chart.to_dict()

    def test_says_what_it_lacks(self, name):
        with pytest.raises(InputError, match="chart: found no "):
            ALL[name](GIVEN[name].iloc[:, :-1])

    def test_a_screen_reader_hears_each_row_once(self, name):
        spoken = [
            layer for layer in plain(name)[1]["layer"] if layer["mark"].get("aria") is not False
        ]  # each of them says it in our words
        assert spoken
        assert all("description" in layer["encoding"] for layer in spoken)

    def test_colours_can_be_seen(self, name):
        colours = {mark.get("color") for mark in marks(name)} - {None, "#ffffff"}
        assert colours <= {chart_parts.INK, chart_parts.ACCENT, chart_parts.WARM, chart_parts.QUIET}
        assert min(1.05 / (luminance(colour) + 0.05) for colour in colours) >= 4.5


class TestFairness:
    def test_aims_at_one_point_share_it(self):
        points = {row["label"]: row for row in drawn("aims") if "label" in row}
        assert sorted(points) == ["1", "2", "3, 4", "now"]
        assert points["3, 4"]["told"] == f"3, 4. Fairest; {HOSTILE}: 287 newly within reach, +2.9 minutes fairer"
        assert [label for label, row in points.items() if row["unbeaten"]] == ["1", "3, 4"]
        assert f"4  {HOSTILE}" in plain("aims")[0].title.text

    def test_who_walks_how_much(self):
        chart = plain("shares")[0]
        assert "half of families from the least deprived to the most walk 61% of all minutes" in chart.description
        assert not any(np.isnan(row["walking"]) for row in drawn("shares"))


class TestLedger:
    def test_the_most_first(self):
        assert [row["name"] for row in drawn("ledger")] == [LONG, HOSTILE, "Ryde"]

    def test_bar_tick_and_number(self):
        assert [mark["type"] for mark in marks("ledger")] == ["bar", "tick", "tick", "text", "text"]
        first = drawn("ledger")[0]
        assert (first["said"], first["told"]) == ("214", f"{LONG}: 214, alone 180")

    def test_long_names_are_cut_by_the_chart_and_whole_in_the_tooltip(self):
        layers = plain("ledger")[1]["layer"]
        assert layers[-1]["mark"]["limit"] == {"expr": "width - 0"}
        assert {"field": "name", "title": "Centre", "type": "nominal"} in layers[0]["encoding"]["tooltip"]

    def test_columns_of_any_name(self):
        named = LEDGER.rename(columns={"name": "Centre: name", "joint": "loss.joint", "alone": "loss[alone]"})
        chart = charts.ledger_bars(named, name="Centre: name", joint="loss.joint", alone="loss[alone]")
        assert drawn(chart) == drawn("ledger")

    def test_names_may_be_the_index_or_missing(self):
        assert drawn(charts.ledger_bars(LEDGER.set_index("name"))) == drawn("ledger")
        nameless = LEDGER.assign(name=[None, "A\n b", np.nan, ""])
        assert [row["name"] for row in drawn(charts.ledger_bars(nameless))] == ["A b", "20006", "20004"]

    def test_two_of_one_name_are_two_bars(self):
        twins = LEDGER.iloc[:2].assign(name="Ryde")
        assert [row["row"] for row in drawn(charts.ledger_bars(twins))] == [0, 1]

    def test_what_is_left_out_is_said(self):
        many = pd.DataFrame({"name": [f"Centre {n}" for n in range(30)], "joint": range(30), "alone": 0})
        chart = charts.ledger_bars(many, most=12)
        assert len(drawn(chart)) == 12
        assert chart.title.text[-1] == "The 12 largest of 30; the table has all."


class TestTradeOff:
    def test_two_lines_told_apart_without_colour(self):
        lines = [mark for mark in marks("trade-off") if mark["type"] == "line"]
        points = [mark for mark in marks("trade-off") if mark["type"] == "point"]
        assert [line["strokeDash"] for line in lines] == [[1, 0], [6, 4]]
        assert [(point["shape"], point["filled"]) for point in points] == [("square", True), ("circle", False)]

    def test_whole_numbers_of_sites(self):
        axis = plain("trade-off")[1]["layer"][0]["encoding"]["x"]["axis"]
        assert (axis["values"], axis["format"]) == ([1, 2, 3], "d")

    def test_one_choice(self):
        chart = charts.trade_off_lines(CHOICES[CHOICES["k"] == 1])
        assert chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0.5, 1.5]

    def test_an_optimum_that_was_not_found(self):
        chart = plain("trade-off")[0]
        assert "3: 401 one after another, not known as the best set" in chart.description
        rows = charts.trade_off_rows(CHOICES)
        assert rows["New sites"].tolist() == [1, 2, 3]
        assert rows["Newly within reach, one after another"].tolist() == [214, 330, 401]
        assert rows["Newly within reach, best set of that size"].fillna(-1).tolist() == [214, 350, -1]


class TestThroughTime:
    def test_the_last_reading_holds_till_the_day(self):
        rows = [row for row in drawn("time") if "beyond" in row]
        assert max(row["date"] for row in rows).startswith("2026-11-21")

    def test_a_day_within(self):
        chart = charts.through_time(TIMES, day=date(2011, 5, 1))
        assert "The day chosen is 1 May 2011" in chart.description
        assert max(row["date"] for row in drawn(chart)).startswith("2016-03-07")

    def test_the_table(self):
        rows = charts.through_time_rows(TIMES)
        assert rows["From"].tolist() == [date(2010, 1, 1), date(2016, 3, 7)]
        assert rows.iloc[1, 1:].tolist() == [2100, 1800, 2400]
