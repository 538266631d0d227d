"""Which main languages people have, by neighbourhood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.sources.languages import read_languages
from geo import tables
from geo.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from data.build.inputs import Inputs, Lookups


def languages_of(inputs: Inputs, known: Lookups, codes: pd.Index[str], notes: list[str]) -> pd.DataFrame | None:
    """People by main language (`geo.tables.Languages`); None without a table of them.

    A neighbourhood of which an output area is held back is missing.

    Parameters
    ----------
    inputs, known
        The files, with the look-up of output areas.
    codes
        The authority's areas.
    notes
        A sentence on what is held back is added to these.

    Raises
    ------
    InputError
        The table is not what it should be, knows none of the areas, or there is no look-up of output areas.
    """
    path = inputs.languages
    if path is None:
        return None
    people = known.to_areas(read_languages(path), path).reindex(codes)
    if people.isna().all(axis=None):
        raise InputError(
            path, expected=f"output areas of the authority, such as those of {codes[0]}", found="none of them"
        )
    held_back = int(people.isna().any(axis=1).sum())
    if held_back:
        notes.append(
            f"Main languages are held back for output areas in {held_back:,} of {len(codes):,} neighbourhoods: not "
            "known there."
        )
    rows = people.rename_axis("area_code").reset_index().melt("area_code", var_name="language", value_name="people")
    checked: pd.DataFrame = tables.check(tables.Languages, rows, str(path))
    return checked
