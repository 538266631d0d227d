"""Charts of fairness: what each aim of new sites would bring, and how the walking is shared out.

As `layers.maps.charts`: each describes itself to a screen reader, and nothing is told by colour alone.
"""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from layers.maps.chart_parts import ACCENT, INK, NUMBER, QUIET, WARM, columns, finish, top

_GRID = "#e6e6e6"


def aims_points(table: pd.DataFrame, *, limit: str = "15 minutes") -> alt.LayerChart:
    """Each aim's plan: to the right those that bring more within reach, above those that are fairer.

    Parameters
    ----------
    table
        A row a plan, as things are the first: ``aim`` in words; ``within``, under-fives newly within reach;
        ``fairer``, minutes that walks get shorter at the most deprived end more than at the least; ``unbeaten``,
        whether no other plan is better by both. Aims with the same plan stand at one point.
    limit
        The threshold in words.
    """
    rows = columns(table, {name: name for name in ("aim", "within", "fairer", "unbeaten")}).reset_index(drop=True)
    rows = rows.assign(label=["now", *map(str, range(1, len(rows)))][: len(rows)]).dropna(subset="fairer")
    keys = rows.groupby([rows["within"].round(), rows["fairer"].round(1)], sort=False)
    points = keys.agg(
        within=("within", "first"), fairer=("fairer", "first"), unbeaten=("unbeaten", "any"),
        label=("label", ", ".join), names=("aim", "; ".join),
    ).reset_index(drop=True)  # fmt: skip
    points["told"] = [
        f"{row.label}. {row.names}: {row.within:,.0f} newly within reach, {row.fairer:+.1f} minutes fairer"
        for row in points.itertuples()
    ]
    told = [
        alt.Tooltip("names:N", title="Aim"),
        alt.Tooltip("within:Q", title="Under-fives newly within reach", format=",.0f"),
        alt.Tooltip("fairer:Q", title="Fairer by, minutes", format="+.1f"),
    ]
    across = alt.X(
        "within:Q",
        title=f"Under-fives newly within {limit}",
        scale=alt.Scale(domain=[0, top(points["within"].max()) * 1.12], nice=False, padding=16),
        axis=alt.Axis(format=",.0f", tickCount=5, tickMinStep=1, gridColor=_GRID, domain=False),
    )
    ends = [min(0.0, points["fairer"].min()), max(0.0, points["fairer"].max())] if len(points) else [0.0, 1.0]
    room = max((ends[1] - ends[0]) * 0.15, 0.2)
    up = alt.Y(
        "fairer:Q",
        scale=alt.Scale(domain=[ends[0] - room, ends[1] + room], nice=False),
        axis=alt.Axis(
            title="Fairer by, minutes (below 0: less fair than now)", titleAngle=0, titleAlign="left",
            titleAnchor="end", titleX=0, titleY=-10, titleBaseline="bottom", format="+.1~f", tickCount=5,
            gridColor=_GRID, domain=False,
        ),
    )  # fmt: skip
    layers: list[alt.Chart] = [
        alt.Chart(pd.DataFrame({"fairer": [0.0]}))
        .mark_rule(strokeDash=[6, 4], strokeWidth=1.5, color=QUIET, aria=False)
        .encode(y=up)
    ]
    for best, shape, size, colour in ((True, "square", 130, ACCENT), (False, "circle", 110, WARM)):
        of = alt.Chart(points[points["unbeaten"].astype(bool) == best]).encode(x=across, y=up)
        layers += [
            of.mark_point(shape=shape, size=size, filled=best, strokeWidth=2, opacity=1, color=colour).encode(
                tooltip=told, description="told:N"
            ),
            of.mark_text(dy=-15, color=INK, aria=False, **NUMBER).encode(text="label:N"),
        ]
    listed = "; ".join(points["told"])
    return finish(
        alt.layer(*layers).properties(height=470),
        [
            "■ no other of these is better by both   ○ another is",
            *(f"{row.label}  {row.aim}" for row in rows.itertuples() if row.label != "now"),
        ],
        f"Points, one for each aim, by under-fives newly within {limit} and by how much fairer walks would be: "
        f"{listed or 'none'}.",
    )


def shared_walking(table: pd.DataFrame, *, first: str, last: str) -> alt.LayerChart:
    """The concentration curve and the Lorenz curve of walks, with the line on which everybody would walk alike.

    Parameters
    ----------
    table
        Columns ``families``, parts from 0 to 1 heaped up; ``by_order`` and ``by_walk``, which part of all minutes they
        walk together, put in order by deprivation (or what else there is) and by how far they walk.
    first, last
        Which families come first and last in the former, in words.
    """
    rows = columns(table, {name: name for name in ("families", "by_order", "by_walk")})
    words = {"by_order": f"from {first} to {last}", "by_walk": "from the shortest walk to the longest"}
    long = rows.melt("families", var_name="curve", value_name="walking").dropna(subset="walking")
    long["words"] = long["curve"].map(words)
    long["told"] = [
        f"{row.families:.0%} of families, {row.words}: {row.walking:.0%} of all minutes" for row in long.itertuples()
    ]
    told = [
        alt.Tooltip("words:N", title="Put in order"),
        alt.Tooltip("families:Q", title="Families", format=".0%"),
        alt.Tooltip("walking:Q", title="Of all minutes", format=".0%"),
    ]
    part = alt.Scale(domain=[0, 1], nice=False)
    axis = {"format": ".0%", "tickCount": 5, "gridColor": _GRID, "domain": False}
    across = alt.X("families:Q", title="Families, put in order and heaped up", scale=part, axis=alt.Axis(**axis))
    up = alt.Y(
        "walking:Q",
        scale=part,
        axis=alt.Axis(
            title="Their part of all minutes walked", titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0,
            titleY=-10, titleBaseline="bottom", **axis,
        ),
    )  # fmt: skip
    layers: list[alt.Chart] = [
        alt.Chart(pd.DataFrame({"families": [0.0, 1.0], "walking": [0.0, 1.0]}))
        .mark_line(strokeDash=[2, 4], strokeWidth=1.5, color=QUIET, aria=False)
        .encode(x=across, y=up)
    ]
    for curve, dash, shape, size, filled, colour in (
        ("by_order", [1, 0], "square", 45, True, ACCENT),
        ("by_walk", [7, 4], "circle", 60, False, WARM),
    ):
        of = alt.Chart(long[long["curve"] == curve]).encode(x=across, y=up)
        layers += [
            of.mark_line(strokeDash=dash, strokeWidth=2.5, color=colour, aria=False),
            of.mark_point(shape=shape, size=size, filled=filled, strokeWidth=2, opacity=1, color=colour).encode(
                tooltip=told, description="told:N"
            ),
        ]
    half = rows[np.isclose(rows["families"].astype(float), 0.5)]
    said = "; ".join(
        f"half of families {words[name]} walk {value:.0%} of all minutes" for name, value in
        half[["by_order", "by_walk"]].iloc[0].dropna().items()
    ) if len(half) else ""  # fmt: skip
    return finish(
        alt.layer(*layers).properties(height=470),
        [f"━■ {words['by_order']}", f"╌○ {words['by_walk']}", "┄ if all walked alike"],
        f"Two curves, the part of all minutes that families walk, beside a line of equal walks: {said or 'none'}.",
    )


def shared_walking_rows(table: pd.DataFrame, *, first: str, last: str) -> pd.DataFrame:
    """The same as a table."""
    rows = columns(table, {name: name for name in ("families", "by_order", "by_walk")})
    return rows.rename(
        columns={
            "families": "Families",
            "by_order": f"Their part of all minutes, from {first} to {last}",
            "by_walk": "The same, from the shortest walk to the longest",
        }
    ).reset_index(drop=True)
