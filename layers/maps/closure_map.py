"""The map of What was lost: how much longer families walk, closed centres, arrows to the nearest centre left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from layers.answers.losses import added_words, longer
from layers.maps.choropleth import MISSING, Layer
from layers.maps.scene import AreaStyle, Flow, Scene, flow_width
from layers.maps.site_markers import markers

if TYPE_CHECKING:
    import pandas as pd

    from layers.answers.losses import Losses
    from layers.maps.scene import Marker

_SAME = "#f6f1e3"
_LONGER = ("#fee391", "#fec44f", "#ec7014", "#b0430a", "#662506")
_NO_WAY = "#1d1145"
_LIMITS = (0.0, 5.0, 15.0, 30.0, 60.0)
_LABELS = (
    "as long as before", "up to 5 minutes longer", "5 to 15 minutes longer", "15 to 30 minutes longer",
    "30 minutes to an hour longer", "more than an hour longer",
)  # fmt: skip
_DOUBTED = ("announced", "closed", "unlisted")


def shades(areas: pd.DataFrame) -> Layer:
    """Colours of the areas by how much longer half of their families walk, or that they have no way left.

    Parameters
    ----------
    areas
        With a column ``added_minutes``, as `layers.answers.losses.added_minutes` gives it.
    """
    stuck = bool(np.isinf(areas["added_minutes"]).any())
    return Layer(
        key="added",
        title="How much longer families walk",
        about="How much longer each neighbourhood's typical walk is, one way, than it would be with every centre that "
        "was ever open.",
        column="added_minutes",
        limits=(*_LIMITS, float(np.finfo(float).max)) if stuck else _LIMITS,
        palette=(_SAME, *_LONGER, _NO_WAY) if stuck else (_SAME, *_LONGER),
        labels=(*_LABELS, "can no longer walk to one") if stuck else _LABELS,
        show=added_words,
        unknown="no street data",
    )


def closure_map(blank: Scene, losses: Losses, *, chosen: str | None) -> Scene:
    """The map of what was lost.

    Parameters
    ----------
    blank
        The map of the place with nothing on it.
    losses
        What was lost.
    chosen
        The closed site whose arrows alone are drawn, if any.
    """
    drawn = (*_left(losses), *_gone(losses))
    return replace(
        blank,
        areas=_styles(losses),
        markers=drawn,
        flows=_flows(losses, drawn, chosen),
        selected=chosen,
        legend=shades(losses.areas).legend_rows(losses.areas),
        legend_title="How much longer families walk",
        label="Map of how much longer families walk, and of what is gone. The tables below have the same information.",
    )


def _left(losses: Losses) -> tuple[Marker, ...]:
    """What is left; of what is only said to go, that it counts as still there."""
    return tuple(
        replace(marker, lines=(*marker.lines, "counts as still there")) if marker.shape in _DOUBTED else marker
        for marker in markers(losses.found.lost.left)
    )


def _gone(losses: Losses) -> tuple[Marker, ...]:
    """What is gone; a downgraded site looks like the linked site that it became."""
    events = losses.events
    gone = losses.found.lost.gone.loc[events.index]
    looks = gone["status"].where(gone["event"] != "downgraded", "linked")
    told = []
    for marker in markers(gone.assign(status=looks)):
        event = events.loc[marker.id]
        told.append(replace(marker, label=event["name"], lines=(event["said"], losses.took(event))))
    return tuple(told)


def _styles(losses: Losses) -> tuple[AreaStyle, ...]:
    areas, names = losses.areas, losses.names
    rows = zip(
        areas.index, shades(areas).fills(areas), areas["area_name"].tolist(), areas["added_minutes"].tolist(),
        areas["before_site_id"].tolist(), areas["after_site_id"].tolist(), strict=True,
    )  # fmt: skip
    styles = []
    for code, fill, name, minutes, then, now in rows:
        lines = [str(name), added_words(minutes)]
        if minutes > 0:
            nearest = {"nearest then": names.get(then), "nearest now": names.get(now)}
            lines += [f"{when}, for most: {site}" for when, site in nearest.items() if site]
        styles.append(AreaStyle(str(code), str(fill), tuple(lines), bool(fill == MISSING)))
    return tuple(styles)


def _flows(losses: Losses, drawn: tuple[Marker, ...], chosen: str | None) -> tuple[Flow, ...]:
    """From each closed site to the nearest that is left, where that is one of them at least."""
    at = {marker.id: marker for marker in drawn}
    rows = losses.moves
    rows = rows[(rows[losses.column] >= 1) & rows["site_id"].isin(at) & rows["to_site_id"].isin(at)]
    if chosen is not None:
        rows = rows[rows["site_id"] == chosen]
    counts = rows[losses.column].tolist()
    flows = []
    for site_id, to_site_id, count, minutes in zip(
        rows["site_id"], rows["to_site_id"], counts, rows["minutes"], strict=True
    ):
        start, end = at[site_id], at[to_site_id]
        ends = (start.lon, start.lat, end.lon, end.lat)
        words = f"{losses.people(count)}; their typical walk is {longer(minutes)}"
        if ends[:2] != ends[2:]:
            flows.append(Flow(*ends, flow_width(count, max(counts)), (f"{start.label} → {end.label}", words)))
    return tuple(flows)
