"""A table of a report as it is published: its columns, what its cells hold and how they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from geo.days import day_text
from layers.reports.figure import per_cent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

Kind = Literal["text", "code", "count", "change", "share", "minutes", "minutes_change", "rank", "score", "day"]
"""What a column holds; it decides rounding and how a cell is written."""

DECIMALS = {"count": 0, "change": 0, "share": 6, "minutes": 3, "minutes_change": 3, "rank": 0, "score": 1}
"""To how many places a value is kept, in every form of a report. A share is kept as a part of 1, said in per cent."""

UNITS = {
    "text": "words", "code": "code", "count": "number", "change": "number", "share": "part of 1",
    "minutes": "minutes, one way", "minutes_change": "minutes, one way", "rank": "1 is the largest gap",
    "score": "0 to 100", "day": "day",
}  # fmt: skip

HIDDEN, UNKNOWN, NONE = "[c]", "[x]", ""
"""How a cell reads that is kept back because it counts few people, one that is not known, and one with nothing to say;
the first two are the shorthand of official statistics in Britain."""

HIDDEN_SAID = "[c]: kept back; it may be a count of 1 to 9, or a larger one that would give such a count away"
UNKNOWN_SAID = "[x]: not known"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    key
        Name in files: ``under5_beyond``.
    title
        What people read above it.
    kind
        What it holds.
    about
        One sentence for the data dictionary.
    width
        How wide it is on paper beside the others, 1 being a number's width.
    printed
        Whether the printed report has it; files have all columns.
    """

    key: str
    title: str
    kind: Kind
    about: str
    width: float = 1
    printed: bool = True

    @property
    def unit(self) -> str:
        """The unit, in words."""
        return UNITS[self.kind]

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in DECIMALS

    def say(self, value: object, *, hidden: bool = False) -> str:
        """A cell as people read it: "4,008", "68%", "about 24 minutes" as "24"."""
        if hidden:
            return HIDDEN
        if value is None or pd.isna(value):  # type: ignore[call-overload]
            return UNKNOWN if self.numeric else NONE
        return _SAYS.get(self.kind, str)(value)


def _signed(value: float) -> str:
    """More or fewer, with a true minus sign; what rounds to nothing has no sign."""
    return f"{round(value):+,d}".replace("-", "\N{MINUS SIGN}") if round(value) else "0"


_SAYS: Mapping[Kind, Callable[[Any], str]] = {
    "share": per_cent, "minutes": "{:.0f}".format, "minutes_change": _signed, "change": _signed,
    "count": "{:,.0f}".format, "rank": "{:.0f}".format, "score": "{:.0f}".format, "day": day_text,
}  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """A table of a report, as published: rounded, and without what is kept back.

    Parameters
    ----------
    key, title, about
        Name in files, heading, and what it shows in a sentence or two.
    columns
        In their order; a column that is not among the values' is a fault.
    values
        The values, rounded to `DECIMALS`; missing where not known or kept back. Days are dates.
    hidden
        Which cells are kept back: the same index and columns as the values.
    geometry
        Outline or point of each row, British National Grid, on the same index; None if rows have no place.
    printed_rows
        How many rows the printed report shows at most; files have all.
    """

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    values: pd.DataFrame
    hidden: pd.DataFrame
    geometry: gpd.GeoSeries | None = None
    printed_rows: int | None = None

    @classmethod
    def of(
        cls,
        key: str,
        title: str,
        about: str,
        columns: tuple[Column, ...],
        rows: pd.DataFrame,
        *,
        hidden: pd.DataFrame | None = None,
        geometry: gpd.GeoSeries | None = None,
        printed_rows: int | None = None,
    ) -> Table:
        """A table of figures as they were worked out: rounded here, once, and blanked where ``hidden`` says so."""
        names = [column.key for column in columns]
        values = rows[names].copy()
        mask = pd.DataFrame(False, index=values.index, columns=names)
        if hidden is not None:
            mask = hidden.reindex(index=mask.index, columns=names, fill_value=False).astype(bool)
        for column in columns:
            if column.numeric:
                rounded = values[column.key].astype(float).round(DECIMALS[column.kind])
                values[column.key] = rounded if hidden is None else rounded.where(~mask[column.key])
        return cls(
            key=key, title=title, about=about, columns=columns, values=values, hidden=mask, geometry=geometry,
            printed_rows=printed_rows,
        )  # fmt: skip

    @property
    def printed(self) -> tuple[Column, ...]:
        """The columns that the printed report has."""
        return tuple(column for column in self.columns if column.printed)

    def text(self) -> pd.DataFrame:
        """Every cell as people read it, columns by their key."""
        return pd.DataFrame(
            {
                column.key: [
                    column.say(value, hidden=bool(kept))
                    for value, kept in zip(self.values[column.key], self.hidden[column.key], strict=True)
                ]
                for column in self.columns
            },
            index=self.values.index,
        )

    @property
    def keeps_back(self) -> bool:
        """Whether any cell is kept back."""
        return bool(self.hidden.to_numpy().any())
