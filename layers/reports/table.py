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

Kind = Literal[
    "text",
    "code",
    "count",
    "change",
    "share",
    "minutes",
    "minutes_change",
    "rank",
    "score",
    "day",
    "metres",
    "speed",
    "measure",
]
"""What a column holds; it decides rounding and how a cell is written."""

DECIMALS = {
    "count": 0, "change": 0, "share": 6, "minutes": 3, "minutes_change": 3, "rank": 0, "score": 1,
    "metres": 0, "speed": 1, "measure": 4,
}  # fmt: skip
"""To how many places a value is kept, in every form of a report. A share is kept as a part of 1, said in per cent."""

UNITS = {
    "text": "words", "code": "code", "count": "number", "change": "number", "share": "part of 1",
    "minutes": "minutes, one way", "minutes_change": "minutes, one way", "rank": "1, 2, 3 and so on",
    "score": "0 to 100", "day": "day", "metres": "metres", "speed": "km/h", "measure": "as the column says",
}  # fmt: skip

UNKNOWN, NONE = "[x]", ""
"""How a cell reads that is not known (the shorthand of official statistics in Britain), and one with nothing to say."""

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

    def say(self, value: object) -> str:
        """A cell as people read it: "4,008", "68%", "about 24 minutes" as "24"."""
        if value is None or pd.isna(value):  # type: ignore[call-overload]
            return UNKNOWN if self.numeric else NONE
        return _SAYS.get(self.kind, str)(value)


def _signed(value: float) -> str:
    """More or fewer, with a true minus sign; what rounds to nothing has no sign."""
    return f"{round(value):+,d}".replace("-", "\N{MINUS SIGN}") if round(value) else "0"


_SAYS: Mapping[Kind, Callable[[Any], str]] = {
    "share": per_cent, "minutes": "{:.0f}".format, "minutes_change": _signed, "change": _signed,
    "count": "{:,.0f}".format, "rank": "{:.0f}".format, "score": "{:.0f}".format, "day": day_text,
    "metres": "{:.0f}".format, "speed": "{:g}".format, "measure": "{:.2f}".format,
}  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """A table of a report, as published: rounded.

    Parameters
    ----------
    key, title, about
        Name in files, heading, and what it shows in a sentence or two.
    columns
        In their order; a column that is not among the values' is a fault.
    values
        The values, rounded to `DECIMALS`; missing where not known. Days are dates.
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
        geometry: gpd.GeoSeries | None = None,
        printed_rows: int | None = None,
    ) -> Table:
        """A table of figures as they were worked out: rounded here, once."""
        values = rows[[column.key for column in columns]].copy()
        for column in columns:
            if column.numeric:
                values[column.key] = values[column.key].astype(float).round(DECIMALS[column.kind])
        return cls(
            key=key, title=title, about=about, columns=columns, values=values, geometry=geometry,
            printed_rows=printed_rows,
        )  # fmt: skip

    @property
    def printed(self) -> tuple[Column, ...]:
        """The columns that the printed report has."""
        return tuple(column for column in self.columns if column.printed)

    def text(self) -> pd.DataFrame:
        """Every cell as people read it, columns by their key."""
        return pd.DataFrame(
            {column.key: [column.say(value) for value in self.values[column.key]] for column in self.columns},
            index=self.values.index,
        )
