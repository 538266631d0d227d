"""Which neighbourhood or closure is looked at: chosen by name, in a table, in the legend or on the map."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from layers.session.parameters import AREA, CELL, EVENT, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import pandas as pd

    from layers.maps.webmap import Click


def area_picker(names: Mapping[str, str], on_choose: Callable[[], None]) -> str | None:
    """Choose an area by name: the way that needs no map."""
    st.session_state[AREA] = chosen_area(names)
    return st.selectbox(
        "Neighbourhood",
        list(names),
        index=None,
        format_func=lambda key: names[key],
        key=AREA,
        on_change=on_choose,
        placeholder="Choose one, or click on the map or the table",
    )


def chosen_area(names: Collection[str]) -> str | None:
    """The area that was chosen, if it is one of these."""
    code = st.session_state[AREA]
    return str(code) if code in names else None


def choose_area(code: str) -> None:
    """Choose an area, from a callback or before the picker is drawn."""
    st.session_state[AREA] = code


def area_list(listed: pd.DataFrame, on_choose: Callable[[str], None], **looks: object) -> None:
    """A table of areas that sorts by any column; choosing a row calls with its area.

    Parameters
    ----------
    listed
        On the areas' codes.
    looks
        As ``st.dataframe`` takes them.
    """
    codes = [str(code) for code in listed.index]
    # a choice is a row's number: in another order it would be another area's, and a page may have two tables
    key = f"areas-{sha256(','.join([*listed.columns, *codes]).encode()).hexdigest()[:12]}"

    def chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and rows[0] < len(codes):
            on_choose(codes[rows[0]])

    st.dataframe(listed, key=key, hide_index=True, on_select=chosen, selection_mode="single-row", **looks)


def choose_cell(need: str, access: str) -> None:
    """Bring out a class of need and walking time, or stop doing so."""
    cell = f"{need}-{access}"
    st.session_state[CELL] = None if st.session_state[CELL] == cell else cell


def chosen_cell() -> tuple[str, str] | None:
    """The need and access class that is brought out."""
    if not st.session_state[CELL]:
        return None
    need, access = str(st.session_state[CELL]).split("-")
    return need, access


def mark_choice(names: Mapping[str, str]) -> Choice:
    """Which mark of the community is looked at; ``names`` as `event_choice` takes them."""
    return Choice(names, key=MARK, label="Mark")


def event_choice(names: Mapping[str, str]) -> Choice:
    """Which closure is looked at.

    Parameters
    ----------
    names
        What each closure is called in a list, by the site's id; what is none of these is not chosen.
    """
    return Choice(names, key=EVENT, label="Closure or downgrade")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The site or mark that is looked at, and the ways to choose one."""

    names: Mapping[str, str] = field(kw_only=False)
    key: str
    label: str

    @property
    def chosen(self) -> str | None:
        """Its id, if one is chosen."""
        site_id = st.session_state[self.key]
        return str(site_id) if site_id in self.names else None

    def choose(self, site_id: str) -> None:
        """Choose one, from a callback or before the picker is drawn."""
        st.session_state[self.key] = site_id

    def take(self, click: Click | None) -> bool:
        """Choose the site of a new click on the map; whether that changes anything."""
        seen = f"_seen_{self.key}_click"
        if click is None or click.at == st.session_state.get(seen):
            return False
        st.session_state[seen] = click.at
        if click.kind != "site" or click.id not in self.names or click.id == self.chosen:
            return False
        self.choose(click.id)
        return True

    def picker(self) -> str | None:
        """Choose one by name: the way that needs no map."""
        st.session_state[self.key] = self.chosen
        return st.selectbox(
            self.label, list(self.names), index=None, format_func=lambda site_id: self.names[site_id],
            key=self.key, placeholder="Choose one, or click on the map or the table",
        )  # fmt: skip

    def table(self, listed: pd.DataFrame, **looks: object) -> None:
        """A table on the sites' ids that sorts by any column; choosing a row chooses its site."""
        ids = [str(site_id) for site_id in listed.index]
        key = f"{self.key}s-{sha256(','.join(ids).encode()).hexdigest()[:12]}"  # as in `area_list`

        def chosen() -> None:
            rows = st.session_state[key]["selection"]["rows"]
            if rows and rows[0] < len(ids):
                self.choose(ids[rows[0]])

        st.dataframe(listed, key=key, hide_index=True, on_select=chosen, selection_mode="single-row", **looks)
