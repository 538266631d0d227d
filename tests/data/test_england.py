"""The bundled table of England's neighbourhoods: another file in its place is refused in a sentence."""

from __future__ import annotations

import pandas as pd
import pytest

from data.england.figures import read_figures
from geo.errors import InputError


def test_another_file_in_its_place(tmp_path):
    with pytest.raises(InputError, match="no readable file"):
        read_figures(tmp_path / "none.parquet")
    pd.DataFrame({"imd_rank": [1]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(InputError, match="expected the columns imd_rank, idaci_rank"):
        read_figures(tmp_path / "other.parquet")
