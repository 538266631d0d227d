"""What all pages share: the style, the headline, the credits, messages when something cannot be shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from layers import cache, session
from layers.files import tables
from layers.html import html_lines, plain, style_sheet
from layers.maps import webmap

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from data.place import Place
    from geo.errors import InputError
    from layers.maps.scene import Scene
    from layers.maps.webmap import Click


def style() -> None:
    """How the page looks; no data in it."""
    st.html(style_sheet("pramshed-page.css"))


def headline(text: str) -> None:
    """The answer in a sentence; and where the controls are, on a screen too narrow to show them."""
    where = (
        "To change the place, the centres, who walks or the longest acceptable walk, open the menu » at the top left."
    )
    st.html(html_lines([text], name="pramshed-headline") + html_lines([where], name="pramshed-hint"))


def show_chart(text: str) -> None:
    """A chart that was drawn up before."""
    st.vega_lite_chart(json.loads(text), width="stretch")


def show_map(scene: Scene, key: str, *, height: int = 440) -> Click | None:
    """A map with the deployment's background, if it has one; what the reader clicked on last.

    Parameters
    ----------
    key
        One for each map of a page and each place.
    height
        Pixels.
    """
    chosen = cache.deployment.settings()
    returned = webmap.show(scene, key=key, height=height, tiles=chosen.tiles_url, tiles_credit=chosen.tiles_attribution)
    return webmap.clicked(returned)


def slots(first: str, *, table: bool = False) -> list[DeltaGenerator]:
    """Where the search box, the map, the card and the legend go, after links that skip the map.

    They stand in this order for those who hear the page, go through it by keyboard or read it on a phone; on a wide
    screen the card is beside the map.

    Parameters
    ----------
    first
        ``seek`` where nothing stands above the map, which then is higher; else ``find``.
    table
        Whether a table follows, below `table_heading`.
    """
    skips = {"answer": "Skip the map", "table": "Skip to the table"} if table else {"answer": "Skip the map"}
    links = "".join(f"<a href='#{part}'>{words}</a>" for part, words in skips.items())
    st.html(f"<nav class='pramshed-skip' aria-label='Skip'>{links}</nav>")
    with st.container(key="explore"):
        return [st.container(key=first), *(st.container() for _ in range(3))]


def table_heading(text: str) -> None:
    """The heading of the table that a link skips to."""
    with st.container(key="table"):
        st.header(text, anchor=False)


def download_table(label: str, table: pd.DataFrame, file_name: str) -> None:
    """A button that makes a table's CSV when it is pressed."""
    st.download_button(
        label,
        data=lambda: tables.csv_text(table),
        file_name=file_name,
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def attribution(place: Place, *more: str, beside: Place | None = None) -> None:
    """Whose data it is, and a link to where each figure comes from.

    Parameters
    ----------
    more
        Further lines, plain text.
    beside
        The place with which it is compared.
    """
    both = [place] if beside is None or beside is place else [place, beside]
    for one in both:
        of = "" if len(both) == 1 else f": {plain(one.card.name)}"
        st.page_link(
            "layers/pages/about.py",
            label=f"Where each figure comes from{of}",
            icon=":material/receipt_long:",
            query_params=None if one is place else session.with_place(one.card.key, "about"),
        )
    credit_line(place, *(line for one in both[1:] for line in one.card.attributions), *more)


def credit_line(place: Place, *more: str) -> None:
    """Whose data it is; each line is said once."""
    lines = dict.fromkeys([*place.card.attributions, *more])
    st.html(html_lines([" · ".join(lines)], kind="footer", name="pramshed-reason"))


def fault(message: str, place: Place) -> None:
    """What is wrong with a place, in one line, without the folders of the machine."""
    said = message.replace(f"{place.folder}/", "").replace(str(place.folder), place.card.name)
    st.error(
        f"{plain(place.card.name)} cannot be shown with these settings. {plain(said)}. You can choose another place "
        "in the menu.",
        icon=":material/error:",
    )


def unknown_place(asked: str, shown: Place) -> None:
    """A link to a place that is not here."""
    st.warning(
        f"There is no place {plain(asked)} here, so {plain(shown.card.name)} is shown. The menu lists the places "
        "that are here.",
        icon=":material/warning:",
    )


def unopened(fault: InputError) -> None:
    """A place that is there and cannot be opened."""
    folder = Path(fault.source).parent.name
    st.warning(
        f"One place cannot be opened, the folder {plain(folder)}: found {plain(fault.found)}; "
        f"expected {plain(fault.expected)}.",
        icon=":material/error:",
    )
