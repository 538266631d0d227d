"""Charts, each with its table twin: a table in, a chart out, and the same numbers as a table for whoever cannot see it.

Nothing is told by colour alone: dashes, shapes, widths and words say it too. Names stand above their bars, where a
telephone has room for them. Each chart describes itself to a screen reader, so ``st.altair_chart`` needs no ``alt``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from geo.days import day_text
from geo.whole import shown
from layers.maps.chart_parts import ACCENT, INK, NUMBER, QUIET, WARM, columns, finish, top

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_BELOW_NAME = {"yOffset": 10}


def ledger_bars(
    table: pd.DataFrame,
    *,
    name: str = "name",
    joint: str = "joint",
    alone: str = "alone",
    limit: str = "15 minutes",
    most: int = 20,
) -> alt.LayerChart:
    """What each closure took, the most first: a bar for its share of what all took together, a tick for it alone.

    Parameters
    ----------
    table
        One row a closure.
    name, joint, alone
        Columns: what it is called; its share of the joint loss, and its loss alone, in under-fives who crossed the
        threshold. A closure without a share is left out here, and stands in the table.
    limit
        The threshold in words.
    most
        How many closures are drawn; the table has all.
    """
    rows = columns(table, {"name": name, "joint": joint, "alone": alone})
    known = rows[rows["joint"].notna()].sort_values("joint", ascending=False, kind="stable")
    drawn = known.head(most).reset_index(drop=True).rename_axis("row").reset_index()
    drawn["end"] = drawn[["joint", "alone"]].max(axis=1)
    drawn["said"] = drawn["joint"].map("{:,.0f}".format)
    drawn["told"] = [f"{row.name}: {row.said}, alone {shown(row.alone)}" for row in drawn.itertuples()]
    counted = f"Under-fives beyond {limit} because of it"
    heading = ["■ its share of what all closures took together", "┃ its loss alone"]
    if len(known) > most:
        heading.append(f"The {most} largest of {len(known):,}; the table has all.")
    base = alt.Chart(drawn).encode(y=_rows())
    told = [
        alt.Tooltip("name:N", title="Centre"),
        alt.Tooltip("joint:Q", title="Its share of the joint loss", format=",.0f"),
        alt.Tooltip("alone:Q", title="Its loss alone", format=",.0f"),
    ]
    across = _across(drawn["end"].max(), counted)
    # white around dark, so that the tick is seen on its bar and beside it
    tick = {"aria": False, "opacity": 1, **_BELOW_NAME}
    layers = (
        base.mark_bar(height=13, color=ACCENT, **_BELOW_NAME).encode(x=across, tooltip=told, description="told:N"),
        base.mark_tick(thickness=7, size=23, color="#ffffff", **tick).encode(x="alone:Q"),
        base.mark_tick(thickness=3, size=21, color=INK, **tick).encode(x="alone:Q", tooltip=told),
        base.mark_text(align="left", dx=8, color=INK, aria=False, **NUMBER, **_BELOW_NAME).encode(
            x="end:Q", text="said:N"
        ),
        _names(base, told),
    )
    listed = "; ".join(f"{row.name} {row.said}" for row in drawn.head(5).itertuples())
    return finish(
        alt.layer(*layers).properties(height=alt.Step(44)),
        heading,
        f"Bars, the longest first, of under-fives beyond {limit} because of each closure: {listed or 'none'}.",
    )


def trade_off_lines(table: pd.DataFrame, *, limit: str = "15 minutes") -> alt.LayerChart:
    """What one site more brings, chosen one after another and as the best set of that size.

    Parameters
    ----------
    table
        Columns ``k`` (number of new sites), ``greedy`` and ``optimum`` (under-fives newly within reach). A missing
        optimum, where the exact search ran out of time, leaves a gap.
    limit
        The threshold in words.
    """
    rows = columns(table, {"k": "k", "greedy": "greedy", "optimum": "optimum"}).sort_values("k")
    words = {"optimum": "best set of that size", "greedy": "one after another"}
    long = rows.melt("k", var_name="way", value_name="gained").dropna(subset="gained")
    long["words"] = long["way"].map(words)
    long["told"] = [
        f"{row.k:.0f} new site{'' if row.k == 1 else 's'}, {row.words}: {row.gained:,.0f}" for row in long.itertuples()
    ]
    last = long.loc[long.groupby("way")["k"].idxmax()] if len(long) else long
    told = [
        alt.Tooltip("k:Q", title="New sites", format="d"),
        alt.Tooltip("words:N", title="Chosen"),
        alt.Tooltip("gained:Q", title="Under-fives newly within reach", format=",.0f"),
    ]
    numbers = [int(k) for k in rows["k"]]
    first, last_k = min(numbers, default=1), max(numbers, default=1)
    ends = [first, last_k] if last_k > first else [first - 0.5, first + 0.5]
    across = alt.X(
        "k:Q",
        title="Number of new sites",
        axis=alt.Axis(values=numbers, format="d", grid=False),
        scale=alt.Scale(domain=ends, nice=False, padding=18),
    )
    up = _up("gained", f"Under-fives newly within {limit}", long["gained"].max())
    layers = []
    # the hollow circles of the one show the filled squares of the other where both are the same
    for way, dash, shape, size, filled, colour, shift in (
        ("optimum", [1, 0], "square", 60, True, ACCENT, -16),
        ("greedy", [6, 4], "circle", 170, False, WARM, 20),
    ):
        of = alt.Chart(long[long["way"] == way]).encode(x=across, y=up)
        layers += [
            of.mark_line(strokeDash=dash, strokeWidth=2.5, color=colour, aria=False),
            of.mark_point(shape=shape, size=size, filled=filled, strokeWidth=2, opacity=1, color=colour).encode(
                tooltip=told, description="told:N"
            ),
            alt.Chart(last[last["way"] == way])
            .mark_text(align="right", dx=12, dy=shift, color=colour, aria=False, **NUMBER)
            .encode(x=across, y=up, text="words:N"),
        ]
    said = "; ".join(
        f"{row.k:.0f}: {shown(row.greedy)} one after another, {shown(row.optimum)} as the best set"
        for row in rows.itertuples()
    )
    return finish(
        alt.layer(*layers).properties(height=390),
        ["■ best set of that size, unbroken line", "○ one after another, broken line"],
        f"Two lines of under-fives newly within {limit} by number of new sites. {said or 'none'}.",
    )


def trade_off_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The trade-off as a table."""
    rows = columns(table, {"k": "k", "greedy": "greedy", "optimum": "optimum"}).sort_values("k")
    return rows.rename(
        columns={
            "k": "New sites",
            "greedy": "Newly within reach, one after another",
            "optimum": "Newly within reach, best set of that size",
        }
    ).reset_index(drop=True)


def through_time(table: pd.DataFrame, *, day: date, limit: str = "15 minutes") -> alt.LayerChart:
    """How many under-fives were beyond the threshold, day by day, with what is not certain as a band.

    Parameters
    ----------
    table
        Columns ``date`` (from then on), ``beyond``, ``low`` and ``high``: under-fives by the usual, the most and the
        least hopeful reading of what the registers leave open.
    day
        The day that is shown elsewhere on the page.
    limit
        The threshold in words.
    """
    rows = _timeline(table)
    chosen = pd.Timestamp(day)
    if len(rows):
        end = max(rows["date"].iloc[-1], chosen)  # the last reading holds till the end of the chart
        drawn = pd.concat([rows, rows.tail(1).assign(date=end)], ignore_index=True)
    else:
        drawn = rows
    first, last = drawn["date"].min(), drawn["date"].max()
    years = max((last - first).days / 365.25, 0.0) if len(drawn) else 0.0
    axis = alt.Axis(
        format="%Y" if years > 3 else "%b %Y",
        tickCount={"interval": "year", "step": max(1, int(np.ceil(years / 6)))} if years > 3 else 4,
        labelOverlap=True,
        grid=False,
    )
    across = alt.X("date:T", title="Date", axis=axis)
    up = _up("high", f"Under-fives beyond {limit}", drawn["high"].max())
    told = [
        alt.Tooltip("date:T", title="From", format="%-d %B %Y"),
        alt.Tooltip("beyond:Q", title="Under-fives beyond", format=",.0f"),
        alt.Tooltip("low:Q", title="At least", format=",.0f"),
        alt.Tooltip("high:Q", title="At most", format=",.0f"),
    ]
    base = alt.Chart(drawn).encode(x=across)
    edge = base.mark_line(interpolate="step-after", strokeDash=[2, 3], strokeWidth=1, color=QUIET, aria=False)
    rows["told"] = [
        f"From {day_text(row.date)}: {shown(row.beyond)}, at least {shown(row.low)}, at most {shown(row.high)}"
        for row in rows.itertuples()
    ]
    late = len(drawn) and (chosen - first) > (last - first) / 2
    rule = alt.Chart(pd.DataFrame({"date": [chosen], "said": [day_text(chosen)]})).encode(x="date:T")
    layers = (
        base.mark_area(interpolate="step-after", color=ACCENT, opacity=0.2, aria=False).encode(y=up, y2="low:Q"),
        edge.encode(y="low:Q"),
        edge.encode(y="high:Q"),
        base.mark_line(interpolate="step-after", strokeWidth=3, color=ACCENT, aria=False).encode(y="beyond:Q"),
        alt.Chart(rows)
        .mark_point(filled=True, size=45, opacity=1, color=ACCENT)
        .encode(x=across, y="beyond:Q", tooltip=told, description="told:N"),
        rule.mark_rule(strokeDash=[6, 4], strokeWidth=2, color=INK, aria=False),
        rule.mark_text(
            align="right" if late else "left", dx=-6 if late else 6, dy=2, baseline="top", color=INK, **NUMBER
        ).encode(y=alt.value(0), text="said:N", description="said:N"),
    )
    said = "; ".join(f"{day_text(row.date)} {shown(row.beyond)}" for row in rows.tail(6).itertuples())
    return finish(
        alt.layer(*layers).properties(height=370),
        ["━ under-fives beyond, each dot a change", "░ between the low and the high reading"],
        f"Stepped line of under-fives beyond {limit} by date, with a band from the low to the high reading. "
        f"The last changes: {said or 'none'}. The day chosen is {day_text(chosen)}.",
    )


def through_time_rows(table: pd.DataFrame, *, limit: str = "15 minutes") -> pd.DataFrame:
    """The timeline as a table."""
    rows = _timeline(table)
    return rows.assign(date=rows["date"].dt.date).rename(
        columns={
            "date": "From",
            "beyond": f"Under-fives beyond {limit}",
            "low": "At least",
            "high": "At most",
        }
    )


_SIGNS = {-1: "triangle-left", 0: "square", 1: "triangle-right"}


def _timeline(table: pd.DataFrame) -> pd.DataFrame:
    rows = columns(table, {"date": "date", "beyond": "beyond", "low": "low", "high": "high"})
    return rows.assign(date=pd.to_datetime(rows["date"])).sort_values("date", kind="stable").reset_index(drop=True)


def _rows() -> alt.Y:
    return alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))


def _across(most: float, title: str, *, name: str = "joint", shown: str = ",.0f") -> alt.X:
    """A scale from 0 with room for a number behind the longest bar."""
    least_step = alt.Undefined if shown.endswith("%") else 1
    return alt.X(
        f"{name}:Q",
        title=title,
        scale=alt.Scale(domain=[0, top(most) * 1.12], nice=False),
        axis=alt.Axis(format=shown, tickCount=5, tickMinStep=least_step, gridColor="#e6e6e6", domain=False),
    )


def _up(name: str, title: str, most: float) -> alt.Y:
    """A scale from 0, its title lying above it, where it can be read and takes no width."""
    axis = alt.Axis(
        title=title, titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0, titleY=-10, titleBaseline="bottom",
        format=",.0f", tickCount=5, tickMinStep=1, gridColor="#e6e6e6", domain=False,
    )  # fmt: skip
    return alt.Y(f"{name}:Q", axis=axis, scale=alt.Scale(domain=[0, top(most) * 1.18], nice=False))


def _names(base: alt.Chart, told: Sequence[alt.Tooltip], *, room: int = 0) -> alt.Chart:
    """The names above their bars, cut at the edge of the chart; the tooltip and the table have them whole."""
    cut = alt.ExprRef(f"width - {room}")
    marks = base.mark_text(align="left", baseline="bottom", fontSize=13, color=INK, limit=cut, yOffset=-3, aria=False)
    return marks.encode(x=alt.value(0), text="name:N", tooltip=list(told))
