"""How much longer walks are with a pram: five homes in two areas, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.homes import Homes
from geo.pram_penalty import longer_with_pram, of_areas

CODES = ["E01000001"] * 3 + ["E01000002"] * 2
NAN = float("nan")


def reach(minutes):
    said = {True: "yes", False: "no_route"}
    return pd.DataFrame({"minutes": minutes, "reached": [said[not np.isnan(one)] for one in minutes]})


def test_homes_and_areas():
    pram, alone = reach([12.0, 9.0, NAN, NAN, NAN]), reach([10.0, 10.0, 5.0, 5.0, NAN])
    more = longer_with_pram(pram, alone, slower=1.0)
    assert more.tolist()[:4] == [2.0, 0.0, np.inf, np.inf], "never shorter; no way with a pram where an adult has one"
    assert np.isnan(more[4]), "neither has a way"
    areas = pd.DataFrame(index=["E01000001", "E01000002"])
    homes = Homes.of(areas, pd.DataFrame({"area_code": CODES, "residents": 1.0, "under5": [3.0, 1.0, 2.0, 1.0, 1.0]}))
    assert of_areas(more, homes).tolist()[0] == 1.5, "(3 x 2 + 1 x 0) / 4, two of six children in no mean"
    assert of_areas(more, homes).isna().tolist() == [False, True]
    off = pram.assign(reached=["yes", "yes", "off_network", "no_route", "no_route"])
    assert np.isnan(longer_with_pram(off, alone, slower=1.0)[2]), "off a pram's streets its walk is not known"
