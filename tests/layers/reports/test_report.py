"""How a report says its numbers: rounding, units, and what is not known."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.reports.figure import Figure, per_cent
from layers.reports.table import UNKNOWN, Column, Table
from tests.layers.reports.made import made_report
from tests.layers.reports.reader import cells

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island

MINUS = "\N{MINUS SIGN}"


def column(kind, key="a"):
    return Column(key=key, title=key.upper(), kind=kind, about="What it is.")


def figure(value, base=np.nan, **more):
    return Figure(key="k", label="Label", value=value, unit="under-fives", base=base, **more)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (0, "0%"), (0.004, "under 1%"), (0.005, "under 1%"), (0.0051, "1%"), (0.5, "50%"), (0.994, "99%"),
        (0.995, "over 99%"), (0.9999, "over 99%"), (1, "100%"), (1.2, "120%"),
    ],
)  # fmt: skip
def test_per_cent(part, said):
    assert per_cent(part) == said


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_some_is_never_none_and_not_all_is_never_all(part):
    assert per_cent(part) not in {"0%", "100%"}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("count", 4008.0, "4,008"), ("count", 0.0, "0"), ("change", 342.0, "+342"), ("change", -1342.0, f"{MINUS}1,342"),
        ("change", -0.2, "0"), ("minutes", 24.46, "24"), ("minutes_change", 0.4, "0"), ("minutes_change", -0.6, f"{MINUS}1"),
        ("share", 0.681, "68%"), ("rank", 3.0, "3"), ("score", 91.2, "91"), ("day", date(2026, 6, 1), "1 June 2026"),
        ("text", "A & B", "A & B"), ("count", np.nan, UNKNOWN), ("text", None, ""), ("text", np.nan, ""), ("day", pd.NaT, ""),
        ("code", 450014, "450014"),
    ],
)  # fmt: skip
def test_cells(kind, value, said):
    assert column(kind).say(value) == said


def test_figures():
    assert figure(4008, 5882, base_unit="under-fives whose walk is known").said == (
        "4,008 of 5,882 under-fives whose walk is known (68%)"
    )
    assert figure(0, 237).said == "0 of 237 under-fives (0%)"
    assert figure(5881, 5882).said == "5,881 of 5,882 under-fives (over 99%)"
    assert figure(12).said == "12 under-fives"
    assert figure(np.nan, 237).said == "not known"
    assert figure(0, 0).said == "0 of 0 under-fives"


def test_a_table_rounds_once():
    rows = pd.DataFrame(
        {"a": [12.4, 4.6, np.nan], "b": [0.12345678, 0.5, 0.9], "c": ["x", None, "z"]}, index=list("xyz")
    )
    columns = (column("count"), column("share", "b"), column("text", "c"))
    table = Table.of("t", "T", "About.", columns, rows)
    assert cells(table)["a"].tolist()[:2] == [12, 5]
    assert cells(table)["b"].tolist() == [0.123457, 0.5, 0.9]
    assert table.text()["a"].tolist() == ["12", "5", UNKNOWN]
    assert table.text()["c"].tolist() == ["x", "", "z"]
    assert rows.loc["y", "a"] == 4.6  # the caller's own is as it was


def test_printed_columns_are_those_of_paper():
    table = made_report().tables["neighbourhoods"]
    assert {one.key for one in table.columns} - {one.key for one in table.printed} == {"need_score"}


def test_units_are_words():
    assert column("minutes").unit == "minutes, one way"
    assert [column(kind).numeric for kind in ("count", "share", "text", "day", "code")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_nothing_can_be_set_afterwards(report):
    for one in (report, report.figures["under5_beyond"], report.tables["who"], report.sections[0]):
        with pytest.raises(FrozenInstanceError):
            one.key = "other"
