"""Make the bundled tables of England from the official files: ``python -m data.england.recipe FOLDER``.

FOLDER holds the five files that README.md beside this names, as their publishers have them or as plain tables that the
readers of `data.sources` know.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from data.england.authorities import NAMES
from data.england.figures import COLUMNS, FIGURES
from data.services.authorities import FORMER
from data.sources import census, deprivation, lookups
from geo.errors import InputError

FILES = {
    "deprivation": "iod2025_lsoa21.csv.gz",
    "births": "census2021_ts004_lsoa21.csv.gz",
    "children": "mye2020_under5_lsoa11.csv.gz",
    "changes": "lookup_lsoa11_lsoa21.csv.gz",
    "wards": "lookup_lsoa21_ward24_lad24.csv.gz",
}


def england(folder: Path) -> pd.DataFrame:
    """The figures of every neighbourhood of England that a need score is made of.

    Parameters
    ----------
    folder
        Where `FILES` are.

    Returns
    -------
    DataFrame
        As `data.england.figures` reads it: a row an LSOA (2021), the most deprived first, without codes, for only how
        the figures are spread is of use. Missing where a count of children cannot be carried from 2011 areas.
    """
    paths = {name: folder / file for name, file in FILES.items()}
    ranks = deprivation.read_deprivation(paths["deprivation"]).table
    people = census.read_country_of_birth(paths["births"]).table.reindex(ranks.index)
    changes = lookups.read_lookup(paths["changes"])
    if not isinstance(changes, lookups.AreaChanges):
        raise InputError(paths["changes"], expected="a look-up from 2011 to 2021 areas", found="another look-up")
    children = census.read_children(paths["children"]).table
    carried = lookups.carry_counts(children, changes=changes, residents=people["residents"])
    table = pd.DataFrame(
        {
            "imd_rank": ranks["imd_rank"],
            "idaci_rank": ranks["idaci_rank"],
            "born_outside_uk_per_1000": people["born_outside_uk"] / people["residents"] * 1000,
            "under5": carried["under5"].reindex(ranks.index),
        }
    )
    return table.sort_values("imd_rank", kind="stable").reset_index(drop=True).round().astype("Int32")


def names(folder: Path) -> pd.DataFrame:
    """England's local authorities as `data.england.authorities` reads them: ``code, name``, by name."""
    wards = lookups.read_lookup(folder / FILES["wards"])
    if not isinstance(wards, lookups.Wards):
        raise InputError(folder / FILES["wards"], expected="a look-up from areas to wards", found="another look-up")
    present = {old: new for new, before in FORMER.items() for old in before}
    table = wards.table[["authority_code", "authority_name"]].set_axis(["code", "name"], axis="columns")
    table = table[table["code"].str.startswith("E0")].drop_duplicates("code")
    return table.assign(code=table["code"].replace(present)).sort_values("name")


def main() -> None:
    """Write the tables beside this file."""
    packed = dict.fromkeys(COLUMNS, "DELTA_BINARY_PACKED")
    england(Path(sys.argv[1])).to_parquet(FIGURES, compression="zstd", use_dictionary=False, column_encoding=packed)
    names(Path(sys.argv[1])).to_csv(NAMES, index=False)


if __name__ == "__main__":
    main()
