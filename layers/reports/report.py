"""The pieces of a report, frozen: figures, tables, maps and sections; writers write them and work out nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from layers.reports.request import as_dict, hash_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from layers.reports.request import ReportRequest

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

Hatch = Literal["", "dots", "lines", "cross", "dense", "gone"]
"""A pattern that tells classes apart without colour; ``gone`` is that of areas of which nothing is known."""

Symbol = Literal["full", "linked", "play", "community", "own", "closed", "proposed", "added"]
"""What a site on a printed map is: its shape says so, not its colour alone."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its unit and its base: the one source of every sentence, cell and map that says it.

    Parameters
    ----------
    key
        Name in ``run.json``: ``under5_beyond``.
    label
        What it counts, as a heading of a cell: "Under-fives beyond 15 minutes' walk".
    value
        Rounded as it is published; missing where it is not known or kept back.
    unit
        What is counted, plural: "under-fives".
    base
        Out of how many, rounded; missing if there is no base.
    base_unit
        What the base counts, where that is more than the unit: "under-fives whose walk is known".
    hidden
        Whether it is kept back.
    few
        Whether that is because it is below ten, and not because it would give away another.
    """

    key: str
    label: str
    value: float
    unit: str
    base: float = float("nan")
    base_unit: str = ""
    hidden: bool = False
    few: bool = False

    @property
    def number(self) -> str:
        """The number alone: "4,008", "fewer than 10" or "not known"."""
        if self.hidden:
            return "fewer than 10" if self.few else "a number kept back"
        return "not known" if np.isnan(self.value) else f"{self.value:,.0f}".replace("-", "\N{MINUS SIGN}")

    @property
    def share(self) -> str:
        """The part of the base, in per cent: "68%"; nothing where there is none."""
        if np.isnan(self.value) or not self.base > 0:
            return ""
        return per_cent(self.value / self.base)

    @property
    def said(self) -> str:
        """The number with its unit and base: "4,008 of 5,882 under-fives whose walk is known (68%)"."""
        if np.isnan(self.value) and not self.hidden:
            return "not known"
        if np.isnan(self.base):
            return self.number if self.hidden and not self.few else f"{self.number} {self.unit}"
        if self.hidden and not self.few:
            return f"some of {self.base:,.0f} {self.base_unit or self.unit} (how many is kept back)"
        part = f" ({self.share})" if self.share else ""
        return f"{self.number} of {self.base:,.0f} {self.base_unit or self.unit}{part}"


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


def per_cent(part: float) -> str:
    """A part of 1 in whole per cent; never "0%" of something, nor "100%" of nearly all."""
    if 0 < part <= 0.005:
        return "under 1%"
    if 0.995 <= part < 1:
        return "over 99%"
    return f"{part:.0%}"


def _signed(value: float) -> str:
    """More or fewer, with a true minus sign; what rounds to nothing has no sign."""
    return f"{round(value):+,d}".replace("-", "\N{MINUS SIGN}") if round(value) else "0"


_SAYS: Mapping[Kind, Callable[[Any], str]] = {
    "share": per_cent, "minutes": "{:.0f}".format, "minutes_change": _signed, "change": _signed,
    "count": "{:,.0f}".format, "rank": "{:.0f}".format, "score": "{:.0f}".format, "day": "{:%-d %B %Y}".format,
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
            mask = mask | hidden.reindex(index=mask.index, columns=names, fill_value=False).astype(bool)
        for column in columns:
            if column.numeric:
                rounded = values[column.key].astype(float).round(DECIMALS[column.kind])
                values[column.key] = rounded.where(~mask[column.key])
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


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """A colour with its pattern and what both mean."""

    label: str
    fill: str
    hatch: Hatch = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class ReportMap:
    """A map to be drawn, all decided: whoever draws it chooses nothing but where the scale goes.

    Parameters
    ----------
    key, title, about
        Name of its file, heading, and how to read it in a sentence.
    alt
        What it shows, for somebody who does not see it, with its figures.
    areas
        On the areas' index: ``fill`` (``#rrggbb``), ``hatch`` (of `Hatch`), ``label`` (a few characters to write on the
        area, mostly its rank; empty if none), ``inside`` (whether the report is about it; the others are drawn faint,
        for orientation); outlines, British National Grid.
    sites
        ``symbol`` (of `Symbol`), ``name``; points, British National Grid.
    streets
        Lines to find one's way by, British National Grid; ``main`` says which are drawn stronger. None for a whole
        authority, where they would be a blur.
    legend
        Classes in their order; `sites` add their own entries, of `SYMBOL_WORDS`.
    names
        Names to write on the map for orientation, on points, British National Grid: ``name``; None if there are none.
    """

    key: str
    title: str
    about: str
    alt: str
    areas: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    legend: tuple[LegendEntry, ...]
    streets: gpd.GeoDataFrame | None = None
    names: gpd.GeoDataFrame | None = None


SYMBOL_WORDS: Mapping[Symbol, str] = {
    "full": "full children's centre", "linked": "linked site, with a reduced offer", "play": "play space",
    "community": "community space", "own": "site of your list", "closed": "closed, or no longer a full centre",
    "proposed": "where a new one would help most", "added": "opened in the scenario",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report under a heading.

    Parameters
    ----------
    key, heading
        Name for links, and what is read above it.
    text
        Paragraphs, plain text.
    points
        A list after them, plain text.
    shows
        Then maps and tables in their order: ``map:<key>``, ``table:<key>``.
    careful
        What a reader should be careful about here; shown as a note.
    """

    key: str
    heading: str
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    careful: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a report rests on: enough to tell whether a later one rests on the same.

    Parameters
    ----------
    place, place_name, authority_code
        Which place.
    fingerprint
        Of its tables, `data.place.Card.fingerprint`.
    rules_version
        Of the walk rules.
    tables
        Hash of each table of the place, by file.
    sources
        What the place was built from: ``dataset``, ``file``, ``vintage``, ``sha256``, ``licence``.
    marks
        Hash of the community's published marks that were read; empty if none were.
    """

    place: str
    place_name: str
    authority_code: str
    fingerprint: str
    rules_version: str
    tables: Mapping[str, str]
    sources: tuple[Mapping[str, str], ...]
    marks: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """A report, gathered once.

    Parameters
    ----------
    request, basis
        What was asked, and what the answer rests on.
    key
        Name of its files: ``isle-of-wight`` or ``isle-of-wight-ryde-north-west``.
    title, subtitle
        "Ryde North West: who can walk to a children's centre with a pram"; whose report, of which day.
    answer
        The answer in one to three sentences.
    figures
        The headline figures by key, in their order.
    sections
        In their order.
    tables, maps
        By key, in their order.
    cautions
        What to be careful about throughout.
    credits
        Whose data it is: lines that stand in every file.
    """

    request: ReportRequest
    basis: Basis
    key: str
    title: str
    subtitle: str
    answer: str
    figures: Mapping[str, Figure]
    sections: tuple[Section, ...]
    tables: Mapping[str, Table]
    maps: Mapping[str, ReportMap]
    cautions: tuple[str, ...] = ()
    credits: tuple[str, ...] = field(default=())

    @property
    def replay(self) -> str:
        """The hash that stands for what was asked and what the answer rests on."""
        on = self.basis
        asked = as_dict(self.request, on.place)
        return hash_of(asked, fingerprint=on.fingerprint, rules_version=on.rules_version, marks=on.marks)

    @property
    def keeps_back(self) -> bool:
        """Whether anything is kept back."""
        return any(table.keeps_back for table in self.tables.values()) or any(
            figure.hidden for figure in self.figures.values()
        )
