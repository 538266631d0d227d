"""Somebody who has the reports of an authority and of all its wards, and works out what they keep back."""

from __future__ import annotations

from copy import copy

import numpy as np
import pandas as pd
from scipy.optimize import linprog

HALF = 0.5
"""A number that is told as 12 was between 11.5 and 12.5."""
COUNT, ABROAD = "under5_beyond", "born_outside_uk_beyond"


def cells(table):
    """The published values of a table."""
    return table.values  # noqa: PD011 (no frame's)


class Reader:
    """What is known of the under-fives beyond the threshold of each area, as inequalities."""

    def __init__(self, whole):
        self.areas, self.groups = whole.areas, whole.groups
        self.index = self.areas.index
        # homes share out both counts of an area alike, so the census gives the one for the other
        self.ratio = (self.areas["born_outside_uk"] / self.areas["under5"]).to_numpy(float)
        self.rows, self.most = [], []
        self.hidden = pd.Series(False, index=self.index)

    def copy(self):
        """Somebody who knows the same, and may be told more."""
        other = copy(self)
        other.rows, other.most, other.hidden = [*self.rows], [*self.most], self.hidden.copy()
        return other

    def sum_is(self, inside, low, high, weight=None):
        """A sum lies between two numbers."""
        row = np.asarray(inside, float) * (1.0 if weight is None else np.nan_to_num(weight))
        self.rows += [row, -row]
        self.most += [high, -low]

    def told(self, inside, said, weight=None):
        """A number is told of a sum."""
        self.sum_is(inside, said - HALF, said + HALF, weight)

    def read(self, report):
        """Take in a report: every table and figure that tells of the count."""
        inside = self._inside(report)
        self._areas(report.tables["neighbourhoods"])
        self._groups(report.tables["who"], inside)
        if "wards" in report.tables:
            table = cells(report.tables["wards"])
            for code, said in table[COUNT].dropna().items():
                self.told(self.areas["ward_code"] == code, said)
                share, known = table.loc[code, "beyond_share"], table.loc[code, "under5_known"]
                self.sum_is(self.areas["ward_code"] == code, (share - 0.001) * known - 1, (share + 0.001) * known + 1)
        for key, figure in report.figures.items():
            if key == COUNT and not figure.hidden:
                self.told(inside, figure.value)
            if key == "new_sites_bring":
                if not np.isnan(figure.base):
                    self.told(inside, figure.base)
                if not figure.hidden:
                    self.sum_is(inside, figure.value - HALF, 1e6)
        self._grid(report, inside)

    def _inside(self, report):
        ward = report.request.ward
        return np.ones(len(self.areas), bool) if ward is None else (self.areas["ward_code"] == ward).to_numpy()

    def _areas(self, table):
        self.hidden[cells(table).index[table.hidden[COUNT]]] = True
        for column, weight in ((COUNT, None), (ABROAD, self.ratio)):
            if column in cells(table):
                for code, said in cells(table)[column].dropna().items():
                    self.told(self.index == code, said, weight)
        shares = cells(table).loc[~table.hidden["within_share"], "within_share"].dropna()
        for code, said in shares.items():
            known = cells(table).loc[code, "under5"]
            self.sum_is(self.index == code, 0, (1 - said + 1e-6) * known + HALF)

    def _groups(self, table, inside):
        for key, row in cells(table).iterrows():
            grouping, group = key.split(": ", 1)
            members = inside & (self.groups[grouping] == group).to_numpy()
            for column, weight in ((COUNT, None), ("abroad_beyond", self.ratio)):
                if column in cells(table) and not np.isnan(row[column]):
                    self.told(members, row[column], weight)

    def _grid(self, report, inside):
        """A walk that is faster, or a threshold that is longer, puts no more beyond."""
        grid = cells(report.tables["certainty"])
        speed, minutes = report.request.question.walker.speed_kmh, report.request.question.minutes
        for key, row in grid.iterrows():
            for column in grid.columns[1:]:
                other = float(column.split("_")[1])
                if np.isnan(row[column]):
                    continue
                reach, ours = float(key) * other, speed * minutes
                if np.isclose(reach, ours):
                    self.told(inside, row[column])
                elif reach > ours:
                    self.sum_is(inside, row[column] - HALF, 1e6)
                else:
                    self.sum_is(inside, 0, row[column] + HALF)

    def ends(self):
        """The least and the most that each hidden area may count."""
        rows, most = np.array(self.rows), np.array(self.most)
        codes, found = self.index[self.hidden], {}
        for code in codes:
            target = (self.index == code).astype(float)
            both = [linprog(sign * target, A_ub=rows, b_ub=most, bounds=(0, 1e4)) for sign in (1, -1)]
            assert [one.status for one in both] == [0, 0]
            found[code] = (both[0].fun, -both[1].fun)
        return pd.DataFrame(found, index=["least", "most"]).T
