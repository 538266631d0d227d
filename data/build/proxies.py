"""Shares of neighbourhoods that stand in for families from abroad: of whichever tables of the Census were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.sources.census import CENSUS
from geo.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from data.build.inputs import Lookups

DERIVED = f"{CENSUS}, derived"
"""The vintage of a share that is worked out from percentages."""


def proxies_of(known: Lookups, codes: pd.Index[str], notes: list[str]) -> dict[str, tuple[pd.Series[float], str]]:
    """Each share that can be told, 0 to 1 by area, and its vintage; none of them without a table of it.

    Of several tables of one share, published counts go before percentages, and a table of neighbourhoods before one of
    output areas. A neighbourhood that lacks one of its output areas is missing.

    Parameters
    ----------
    known
        What was read, with the look-up of output areas.
    codes
        The authority's areas.
    notes
        What is derived is added to these.

    Raises
    ------
    InputError
        A table knows none of the areas, or is of output areas and there is no look-up of them.
    """
    found: dict[str, tuple[pd.Series[float], str]] = {}
    for path, table in sorted(known.proxies.items(), key=lambda one: (one[1].derived, one[1].geography == "oa21")):
        parts, wholes = table.parts, table.wholes
        if table.geography == "oa21":
            parts, wholes = known.to_areas(parts, path), known.to_areas(wholes, path)
        if not codes.isin(parts.index).any():
            raise InputError(
                path,
                expected=f"the areas of the authority, such as {codes[0]}",
                found="none of them (another vintage?)",
            )
        shares = (parts / wholes.where(wholes > 0)).clip(upper=1).reindex(codes)
        for name in shares.columns.difference(list(found), sort=False):
            found[name] = shares[name], DERIVED if table.derived else CENSUS
    if any(vintage == DERIVED for _, vintage in found.values()):
        notes.append(
            "Shares of residents who came to the UK lately, of those with little English and of households where "
            "English is no adult's main language are derived: worked out from percentages of output areas, weighted "
            "by their residents. They can be 0.6 of a percentage point off the published ones."
        )
    return found
