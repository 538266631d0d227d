"""England's local authorities by name and code, bundled: so that one is found before anybody is asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

NAMES = Path(__file__).with_name("authorities.csv")


@cache
def read_authorities() -> pd.DataFrame:
    """Every local authority of England: ``code, name``, by name; not to be changed.

    Source: Office for National Statistics, look-up of LSOAs to wards and authorities of 2024, with the codes that
    Barnsley and Sheffield have had since April 2025. The services have the newest; this one serves to find a name.
    """
    return pd.read_csv(NAMES, dtype="str")
