"""The pieces of the page Where to begin: the places at hand, first steps, and what a place of one's own takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.place import LOCAL, SAMPLE
from layers.commands.place_files import build_command, place_files
from layers.html import escape, html_lines, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data.place import Place
    from layers.commands.place_files import PlaceFile

MOST_PLACES = 8
_FOLDER = LOCAL.relative_to(LOCAL.parents[2])

_STEPS = (
    (
        "If you plan services",
        "Choose in the menu who walks, where to and how long, and read the answer. Press a street for the walk from "
        "it. Your own list of sites can be dropped in the menu. Then try what a change would do.",
        (("explore", "Who can walk"), ("what_if", "What if a centre closed, moved or opened")),
    ),
    (
        "If you are a community group",
        "See what groups have put on the map. To add a place you need your group's link or code, which whoever runs "
        "this dashboard gives you; a moderator reads each mark before others see it.",
        (("community", "The community's map"), ("mark", "Add a place")),
    ),
    (
        "If you decide on policy",
        "See which closures took whose walk, and what reopening would give back. Then make a report on the authority "
        "or a ward: PDF, spreadsheet, map layers.",
        (("lost", "What was lost"), ("compare", "Two authorities side by side"), ("reports", "Make a report")),
    ),
)
"""For each of those who come: what to do first, and the pages to do it on."""


def places_at_hand(places: Mapping[str, Place]) -> None:
    """Which places can be opened at once, each a link to its answer."""
    number = len(places)
    bundled = [place.card.name for place in places.values() if place.folder.parent == SAMPLE]
    with_it = (
        f" {' and '.join(map(plain, bundled))} comes with Pramshed, so everything can be tried on it."
        if bundled
        else ""
    )
    st.markdown(f"**{'One place is' if number == 1 else f'{number:,} places are'} ready here.**{with_it}")
    with st.container(horizontal=True, gap="medium"):
        for key, place in list(places.items())[:MOST_PLACES]:
            st.page_link(
                "layers/pages/explore.py",
                label=plain(place.card.name),
                icon=":material/map:",
                query_params={"place": key},
            )
    if number > MOST_PLACES:
        st.caption(f"And {number - MOST_PLACES:,} more, in the menu under *Place*.")


def first_steps() -> None:
    """What each of three sorts of readers does first."""
    for column, (who, what, pages) in zip(st.columns(len(_STEPS)), _STEPS, strict=True):
        with column:
            st.html(html_lines([who], kind="h2") + html_lines([what]))
            for page, label in pages:
                st.page_link(f"layers/pages/{page}.py", label=label, icon=":material/arrow_forward:")


def own_authority() -> None:
    """What a place of one's own takes: the files, the command, and what to do if it fails."""
    files = place_files()
    st.header("Your own authority", anchor=False)
    st.markdown(
        "Any authority in England can be shown. Whoever runs this dashboard fetches public files once, by hand, and "
        "runs one command where Pramshed is installed; nothing is fetched by itself. National files can be given whole."
    )
    st.html(_listed(one for one in files if one.needed))
    with st.expander("Files that may be left out: what they tell is then shown as not known"):
        st.html(_listed(one for one in files if not one.needed))
    st.code(build_command(files, _FOLDER), language="bash", wrap_lines=True)
    st.html(
        "<ul>"
        + html_lines(
            [
                "CODE is the authority's code (E06000046 is the Isle of Wight), NAME what you call the place. The "
                "street file must reach 3 km beyond the boundary: a county's extract will do.",
                "The Isle of Wight and Leeds took under half a minute each, from files cut to the authority; whole "
                "national and county files take longer.",
                f"The place is then in the menu, without a restart. It lies in {_FOLDER.as_posix()}; build it there "
                "again to replace it with newer data.",
                "If it fails, it says which file is wrong, in which row and column, and what it expected; nothing "
                "half-written is left. Mend that file and run it again. docs/your-authority.md goes through each.",
            ],
            kind="li",
        )
        + "</ul>"
    )


def _listed(files: Iterable[PlaceFile]) -> str:
    return f"<ul class='pramshed-files'>{''.join(map(_line, files))}</ul>"


def _line(file: PlaceFile) -> str:
    names = f" ({', '.join(file.names)})" if file.names else ""
    whose = (
        f"{', '.join(file.publishers)}: {', '.join(file.pages)}" if file.sources and file.pages else "your own table"
    )
    return (
        f"<li><code>{escape(file.option)}</code> {escape(file.about)}{escape(names)}. <span>{escape(whose)}</span></li>"
    )
