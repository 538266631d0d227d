"""The figures of every neighbourhood of England that a need score is made of: how they are spread, without codes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.errors import InputError

FIGURES = Path(__file__).with_name("need_figures.parquet")
COLUMNS = ("imd_rank", "idaci_rank", "born_outside_uk_per_1000", "under5")
ATTRIBUTION = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0",
    "Contains public sector information licensed under the Open Government Licence v3.0",
)
"""The lines to show with anything made from it."""


def read_figures(path: Path = FIGURES) -> pd.DataFrame:
    """Read the bundled table, which `data.england.recipe` makes.

    Returns
    -------
    DataFrame
        A row an LSOA (2021) of England: ``imd_rank`` and ``idaci_rank`` (Indices of Deprivation 2025; 1 is the most
        deprived), ``born_outside_uk_share`` (of residents, Census 2021, 0 to 1, to a thousandth) and ``under5``
        (children aged 0 to 4, mid-2020); missing where not known.

    Raises
    ------
    InputError
        The file is not there or is another table.
    """
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as fault:
        raise InputError(path, expected="the table of England's neighbourhoods", found="no readable file") from fault
    if tuple(table.columns) != COLUMNS:
        raise InputError(path, expected=f"the columns {', '.join(COLUMNS)}", found=", ".join(map(str, table.columns)))
    shares = table.pop("born_outside_uk_per_1000").astype(float) / 1000
    return table.astype(float).assign(born_outside_uk_share=shares)
