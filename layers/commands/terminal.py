"""A table as a command prints it: drawn on a screen, as CSV in a pipe, or as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from rich.console import Console

    from data.place import Place


def give(
    screen: Console, table: gpd.GeoDataFrame, out: Path | None, columns: tuple[str, ...], place: Place, what: str
) -> None:
    """Write a table to a file, show it on a screen, or print it as CSV.

    Parameters
    ----------
    screen
        Where standard output goes.
    table
        With a geometry column, if it is to be written.
    out
        The file; None to show or print.
    columns
        Those shown on a screen.
    place, what
        Whose table it is, and what is in it.
    """
    from layers.files import tables

    if out:
        rules = f"walk rules version {place.card.rules_version}"
        about = f"{place.card.name}: {what}. Made by Pramshed; {rules}."
        tables.write(table, out, attributions=place.card.attributions, about=about)
    elif screen.is_terminal:
        show(screen, table.reset_index(), columns)
    else:
        screen.file.write(tables.csv_text(table))


def show(screen: Console, table: pd.DataFrame, columns: tuple[str, ...], rows: int = 25) -> None:
    """Draw some columns of a table, and its first rows."""
    import pandas as pd
    from rich.table import Table

    drawn = Table()
    for column in columns:
        drawn.add_column(column)
    for row in table[list(columns)].head(rows).itertuples(index=False):
        drawn.add_row(*("" if pd.isna(cell) else f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row))
    screen.print(drawn)
    if len(table) > rows:
        screen.print(f"{len(table) - rows:,} more rows; --out FILE.csv writes them all.")
