"""How commands answer: a table on a screen, as CSV in a pipe or as a file; sentences; how far the work is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from data.sources.workbooks import BREAKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from data.place import Place

errors = Console(stderr=True, highlight=False, soft_wrap=True)
"""What is said beside the answer: sentences, faults, how far the work is."""

screen = Console(highlight=False)
"""Where the answer goes."""


def shown(line: str) -> str:
    """A line in which nothing steers a terminal."""
    return BREAKS.sub("?", line)


def say(lines: Iterable[str]) -> None:
    """Print sentences beside the answer."""
    for line in lines:
        errors.print(shown(line), markup=False)


def about(place: Place, what: str) -> str:
    """What a file of an answer says of itself, in a sentence."""
    from layers.answers.freshness import parts_said

    made = f"Made by Pramshed; walk rules version {place.card.rules_version}."
    return f"{place.card.name}: {what} ({parts_said(place.card)}). {made}"


def give(
    table: gpd.GeoDataFrame, out: Path | None, columns: tuple[str, ...], *, attributions: tuple[str, ...], about: str
) -> None:
    """Write a table to a file, show it on a screen, or print it as CSV.

    Parameters
    ----------
    table
        With a geometry column, if it is to be written.
    out
        The file; None to show or print.
    columns
        Those shown on a screen.
    attributions, about
        Whose data it is, and what is in the file.
    """
    from layers.files import tables

    if out:
        tables.write(table, out, attributions=attributions, about=about)
    elif screen.is_terminal:
        show(table.reset_index(), columns)
    else:
        typer.echo(tables.csv_text(table), nl=False)


def show(table: pd.DataFrame, columns: tuple[str, ...], rows: int = 25) -> None:
    """Draw some columns of a table, and its first rows."""
    import pandas as pd
    from rich.table import Table
    from rich.text import Text

    drawn = Table()
    for column in columns:
        drawn.add_column(column)
    for row in table[list(columns)].head(rows).itertuples(index=False):
        cells = ("" if pd.isna(cell) else f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row)
        drawn.add_row(*map(Text, cells))  # a name is text, whatever brackets are in it
    screen.print(drawn)
    if len(table) > rows:
        screen.print(f"{len(table) - rows:,} more rows; --out FILE.csv writes them all.")


def progress() -> Progress:
    """A bar on a terminal; in a pipe nothing is drawn."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)


def teller(bar: Progress, total: int | None) -> Callable[..., None]:
    """Says how far the work is: by the bar on a terminal, by lines in a pipe."""
    task = bar.add_task("working out", total=total)

    def tell(done: int, what: str, of: int | None = total) -> None:
        bar.update(task, description=what, completed=done, total=of)
        if what and not errors.is_terminal:
            errors.print(f"{done + 1 if of == total else done}/{of} {what}", markup=False)

    return tell
