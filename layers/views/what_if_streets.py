"""The pieces of What if, streets: barriers and missing crossings that the community has marked, to choose from."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import shapely
import streamlit as st

from geo.changes import LONGEST_NAME, MOST_CORNERS, AddCrossing, BlockWay, is_one_line, ways_of
from geo.errors import RequestError
from layers import session
from layers.answers.scenario_words import said_of_way
from layers.html import html_lines

if TYPE_CHECKING:
    import geopandas as gpd

    from data.place import Place
    from geo.changes import Change, Line
    from layers.answers.community_sites import Published

LEGEND_WORDS = {
    "shut": "closed in your scenario: a centre, or a way",
    "added": "added or moved in your scenario: a centre, a crossing, or what is mended",
}
"""What the two shapes mean on a map on which streets change too."""

_MOST_TRIES = 20


def mark_changes(marks: gpd.GeoDataFrame) -> list[Change]:
    """What barriers and missing crossings would change, each as it goes into a scenario; in the marks' order.

    Places are rounded to whole metres, and outlines of more corners than a scenario can hold are simplified. Other
    kinds of marks, and what cannot be a change, are passed over.

    Parameters
    ----------
    marks
        As `geo.tables.Marks`.
    """
    found: list[Change] = []
    for mark_id, kind, name, stops, geometry in zip(
        marks.index, marks["kind"], marks["name"], marks["stops"], marks.geometry, strict=True
    ):
        with suppress(RequestError):
            if kind == "barrier":
                line = _corners(geometry)
                found.append(BlockWay(str(mark_id), _named(name, "A barrier at ", line), stops or "everyone", line))
            elif kind == "missing_crossing":
                line = _corners(geometry)
                found.append(AddCrossing(str(mark_id), _named(name, "", line), line))
    return found


def _named(name: str, instead: str, line: Line) -> str:
    """The mark's name on one line, or where it is."""
    said = " ".join("".join(letter if is_one_line(letter) else " " for letter in name).split())[:LONGEST_NAME]
    return said if said.strip(" \u200c\u200d") else f"{instead}{line[0][0]}, {line[0][1]}"


def _corners(geometry: shapely.Geometry) -> Line:
    """A mark's place in whole metres, with no more corners than a scenario holds.

    Raises
    ------
    RequestError
        There is nothing left of it.
    """
    tolerance = 0.0
    for _ in range(_MOST_TRIES):
        rough = shapely.simplify(geometry, tolerance) if tolerance else geometry
        area = isinstance(rough, shapely.Polygon)
        ring = rough.exterior if area else rough
        at = [(round(x), round(y)) for x, y in shapely.get_coordinates(ring).tolist()]
        kept = [corner for number, corner in enumerate(at) if number == 0 or corner != at[number - 1]]
        sound = not area or (len(kept) > len("abc") and shapely.Polygon(kept).is_valid)
        if sound and 0 < len(kept) <= MOST_CORNERS:
            if not area and len(kept) > 1 and kept[0] == kept[-1]:
                kept = kept[:-1]  # a line that returns is no area
            return tuple(kept)
        tolerance = 1.5 * tolerance or 1.0
    message = "there is nothing of it on whole metres"
    raise RequestError(message)


def controls(place: Place, published: Published | None, changes: tuple[Change, ...]) -> None:
    """Barriers and missing crossings of the community to choose from, apart from those that are in the scenario.

    Parameters
    ----------
    place
        The place.
    published
        Its published marks; without any, or if they cannot be read, nothing is shown.
    changes
        Those made so far.
    """
    if published is None or published.marks.empty:
        return
    taken = {change.mark_id for change in ways_of(changes)}
    marked = ways_of(tuple(mark_changes(published.marks)))
    offered = {change.mark_id: change for change in marked if change.mark_id not in taken}
    labels = {mark_id: said_of_way(change) for mark_id, change in offered.items()}
    often = Counter(labels.values())
    for mark_id, change in offered.items():
        if often[labels[mark_id]] > 1:  # several of one name are told apart by where they are
            labels[mark_id] += f" ({change.line[0][0]}, {change.line[0][1]})"
    with st.expander("From the community's map"):
        if not offered:
            st.html(html_lines(["No further barrier or missing crossing has been marked here and approved."]))
            return
        st.html(html_lines(["What people have marked on their way. Choose one, and see whose walk hangs on it."]))
        chosen = st.selectbox(
            "A barrier or a missing crossing", list(offered), index=None, format_func=labels.__getitem__,
            key="community-mark", placeholder="Choose one",
        )  # fmt: skip
        st.button(
            "Try it", key="do-mark", on_click=session.make, args=(place, offered.get(chosen)), disabled=chosen is None,
            width="stretch",
        )  # fmt: skip
