"""People by main language near a site, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.homes import Homes
from geo.languages import people_near, share_of_residents


def test_people_live_near_in_proportion_to_residents():
    """Two areas of two homes each; of the second nobody knows the residents, so its homes count alike."""
    areas = pd.DataFrame(index=pd.Index(["a", "b", "empty"], name="area_code"))
    origins = pd.DataFrame({"area_code": ["a", "a", "b", "b"], "residents": [30, 10, np.nan, np.nan], "under5": np.nan})
    near = np.array([True, False, False, True])
    share = share_of_residents(Homes.of(areas, origins), origins["residents"].to_numpy(), near)
    assert share.tolist() == [0.75, 0.5, 0]
    languages = pd.DataFrame(
        [("a", "Polish", 8), ("b", "Polish", np.nan), ("a", "Arabic", 100), ("b", "Arabic", 10), ("b", "Urdu", np.nan)],
        columns=["area_code", "language", "people"],
    )
    found = people_near(languages, pd.Series(share, areas.index))
    assert found.drop("Urdu").to_dict() == {"Polish": 6, "Arabic": 80}
    assert np.isnan(found["Urdu"])  # held back everywhere is not nobody
