"""Nomis as it answers: cut at some number of rows without a word, and with nothing at all for an area unknown to it."""

from __future__ import annotations

import io
import zipfile

import pandas as pd

from data.services.nomis import NOMIS, TYPES
from tests.servers.scripted import Answer

LEVELS = {TYPES["oa21"]: ("E00", "W00"), TYPES["lsoa21"]: ("E01", "W01")}
"""How the codes of the small areas of each kind begin."""


def long(wide, *, date="2021"):
    """Rows of a table that has a column a category, indexed by the code of an area."""
    return (
        wide.rename_axis("area").reset_index().melt("area", var_name="category", value_name="value").assign(date=date)
    )


def rows(table, *, parents=None, most=25_000):
    """What Nomis answers for a table: a function of what was asked.

    Parameters
    ----------
    table
        As `long` gives it.
    parents
        The small areas of a larger one, by its code of 2022; a newer code is unknown.
    """
    within = parents or {}

    def answer(asked):
        named = asked["geography"]
        kind = next((one for one in TYPES.values() if named.endswith(one)), None)
        areas = within.get(named.removesuffix(kind), ()) if kind else named.split(",")
        areas = [code for code in areas if not kind or code.startswith(LEVELS[kind])]
        dimension = next(name for name in asked["select"].split(",") if name.startswith("c"))
        wanted = [int(code) for code in asked[dimension].split(",")]
        found = table[table["area"].isin(set(areas)) & table["category"].astype(int).isin(wanted)]
        if found.empty:
            return Answer(b"", kind="text/csv")  # 200 all the same
        start = int(asked.get("RecordOffset", 0))
        page = found.iloc[start : start + min(most, int(asked.get("RecordLimit", most)))]
        text = ",".join(f'"{name.upper()}"' for name in asked["select"].split(",")) + "\n"
        for one in page.itertuples():
            text += f'{one.date},"{one.area}","{one.category}",{one.value},{len(found)}\n'
        return Answer(text.encode(), kind="text/csv")

    return answer


def address(table):
    return f"{NOMIS}/api/v01/dataset/{table.dataset}.data.csv"


def bulk_address(table):
    return f"{NOMIS}/output/census/2021/census2021-{table.name.lower()}.zip"


def bulk(table, wide):
    """The bulk archive of a table: Wales is in it, and levels above."""
    named = wide.rename(columns=lambda code: f"{table.categories[code]}; measures: Value").rename_axis("geography code")
    frame = named.reset_index()
    frame.insert(0, "date", "2021")
    frame.insert(1, "geography", frame["geography code"])
    wales = pd.DataFrame([["2021", "W00000001", "W00000001"] + [1] * len(wide.columns)], columns=frame.columns)
    stem = f"census2021-{table.name.lower()}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{stem}-oa.csv", pd.concat([frame, wales]).to_csv(index=False))
        archive.writestr(f"{stem}-llta.csv", frame.to_csv(index=False))
    return packed.getvalue()
