"""A council's own table of children: a solver tries to get at what is hidden, and the place is the same whatever it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from data.build.children import FEWEST, STEP, dataset_of, protected
from data.build.pipeline import build
from layers.answers.own_children import hidden_said

MOST = 1000
"""More than a small area has; nobody knows of a higher count."""
TRUE = pd.DataFrame(
    {"under2": [4.0, 12, 3, 38, np.nan, 0, 25], "under5": [7.0, 33, 26, 41, 57, 0, 61]},
    index=[f"E0100000{n}" for n in range(1, 8)],
)


def possible(shown, sign, of):
    """The table with the least (1) or most (-1) of a count, of all that are shown as this: a solver knows the rule.

    ``of`` weighs under-twos and those two to four years old of the one area.
    """
    under2, under5 = shown["under2"], shown["under5"]
    # under-twos, older ones, whether it is the under-twos that are few where one of both is
    rules = [LinearConstraint([1, 1, 0], *_ends(under5))]
    if np.isnan(under2) and not np.isnan(under5):
        rules += [
            LinearConstraint([1, 0, MOST], 0, FEWEST - 1 + MOST),
            LinearConstraint([0, 1, -MOST], 0 - MOST, FEWEST - 1),
        ]
    elif not np.isnan(under2):
        rules += [LinearConstraint([1, 0, 0], *_ends(under2)), LinearConstraint([0, 1, 0], FEWEST, MOST)]
    found = milp(
        sign * np.array([*of, 0.0]), constraints=rules, integrality=[1, 1, 1], bounds=Bounds([0, 0, 0], [MOST, MOST, 1])
    )
    assert found.success
    first, second, _ = np.round(found.x)
    return {"under2": first, "under5": first + second}


def _ends(shown):
    return (0, FEWEST - 1) if np.isnan(shown) else (max(FEWEST, shown - STEP / 2), shown + STEP / 2)


def test_by_hand():
    shown = protected(TRUE)
    np.testing.assert_array_equal(shown["under5"], [np.nan, 35, 25, 40, 55, np.nan, 60])
    np.testing.assert_array_equal(shown["under2"], [np.nan, 10, np.nan, np.nan, np.nan, np.nan, 25])


def test_a_solver_finds_nothing_below_ten():
    """Of every hidden count all from 0 to 9 remain possible, of every other that it is ten or more."""
    table = TRUE.dropna()
    shown = protected(table)
    for code, row in shown.iterrows():
        for name, of in (("under5", (1, 1)), ("under2", (1, 0)), ("older", (0, 1))):
            ends = [possible(row, sign, of) for sign in (1, -1)]
            for one in ends:  # what the solver finds is shown as the true table is
                again = protected(pd.DataFrame(one, index=[code]))
                pd.testing.assert_frame_equal(again, shown.loc[[code]], check_names=False)
            counts = [one["under5"] - one["under2"] if name == "older" else one[name] for one in ends]
            least, most = counts
            true = table.loc[code, "under5"] - table.loc[code, "under2"] if name == "older" else table.loc[code, name]
            assert least <= true <= most
            assert least >= FEWEST or (least == 0 and most >= FEWEST - 1), (code, name, counts)


def written(small, table, name="births_2025.csv"):
    """The small authority with a council's own table; under-twos serve as births to a parent from abroad as well."""
    path = small.children.with_name(name)
    table.rename_axis("lsoa21_code").to_csv(path)
    born = table.set_axis(["births_abroad", "births"], axis="columns").rename_axis("lsoa21_code")
    born.to_csv(path.with_name("born_2025.csv"))
    return replace(small, children=path, children_published=False, births=path.with_name("born_2025.csv"))


@pytest.fixture
def births():
    """Of the small authority's three areas: one hidden, one of whose under-twos are, one shown."""
    return TRUE.iloc[:3].set_axis(["E01000001", "E01000002", "E01000003"])


def test_whatever_is_hidden_the_place_is_the_same_byte_for_byte(small, births, tmp_path):
    """So every page, command, report and map is: all are made of the place."""
    shown = protected(births)
    other = pd.DataFrame([possible(row, -1, (1, 1)) for _, row in shown.iterrows()], index=births.index)
    assert (other["under5"] != births["under5"]).all()
    places = [build(written(small, table), tmp_path / str(n)) for n, table in enumerate((births, other))]
    files = [{path.name: path.read_bytes() for path in place.folder.iterdir()} for place in places]
    assert files[0] == files[1]
    place = places[0]
    np.testing.assert_array_equal(place.areas()["under5"], [np.nan, 35, 25])
    sums = place.origins().groupby("area_code")["under5"].sum(min_count=1)
    np.testing.assert_allclose(sums, [np.nan, 35, 25])
    np.testing.assert_array_equal(place.areas()["births_abroad"], [np.nan, 10, np.nan])
    private = [one for one in place.card.sources if one.dataset in {"own_children", "own_births"}]
    assert {one.vintage for one in private} == {"2025, the council's own, rounded to 5"}
    assert len({one.sha256 for one in private}) == 2
    assert [said.split()[0] for said in hidden_said(place.card)] == ["Children", "Births"]
    assert any("1 neighbourhood with fewer than 10 under-fives has no count here" in note for note in place.card.notes)
    assert "Children as the council counts them" in " ".join(place.card.attributions)


def test_all_but_the_census_is_private_unless_somebody_says_otherwise(small):
    private = replace(small, children_published=False)
    assert [dataset_of(private, vintage) for vintage in ("Census 2021", "mid-2020", "")] == [
        "children", "own_children", "own_children",
    ]  # fmt: skip
    assert dataset_of(small, "mid-2020") == "children"
