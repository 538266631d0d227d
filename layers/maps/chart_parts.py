"""What all charts share: colours, the columns that one is drawn of, and the look that it is finished with."""

from __future__ import annotations

import altair as alt
import pandas as pd

from geo.errors import InputError

INK, ACCENT, WARM, QUIET = "#14213d", "#0b5c6b", "#b35806", "#4b4f55"
"""Text and ticks; what it is about; what it is compared with; what stands back. All above 4.5 to 1 on white."""

_FONT = "'Source Sans', 'Source Sans Pro', 'Segoe UI', Roboto, Arial, sans-serif"
NUMBER = {"fontSize": 13, "fontWeight": 600}


def columns(table: pd.DataFrame, wanted: dict[str, str]) -> pd.DataFrame:
    """Those columns, under our own names: a name with a colon or a dot means something to Altair."""
    there = table if set(wanted.values()) <= set(table.columns) else table.reset_index()
    missing = [name for name in wanted.values() if name not in there.columns]
    if missing:
        source = "chart"
        raise InputError(source, expected=f"columns {', '.join(wanted.values())}", found=f"no {', '.join(missing)}")
    found = pd.DataFrame({ours: there[theirs].to_numpy() for ours, theirs in wanted.items()}, index=table.index)
    if "name" in found:
        found["name"] = [
            " ".join(str(name if isinstance(name, str) else row).split())
            for name, row in zip(found["name"], found.index, strict=True)
        ]
    return found


def top(most: float) -> float:
    """Where a scale ends that begins at 0."""
    return float(most) if most > 0 else 1.0  # also where there is nothing, or it is not known


def finish(chart: alt.LayerChart, heading: list[str], description: str) -> alt.LayerChart:
    """The app's own look; what the shapes mean stands above the chart."""
    title = alt.Title(text=heading, anchor="start", fontSize=13, fontWeight="normal", color=INK, offset=14)
    return (
        chart.properties(title=title, description=description, background="#ffffff")
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(labelColor=QUIET, titleColor=INK, labelFontSize=12, titleFontSize=13, titleFontWeight="normal")
    )
