"""What a place takes that is built by hand, on the page Places: the files, where they are, and the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.place import LOCAL
from data.services.by_browser import addresses
from layers.answers.question import today
from layers.commands.place_files import build_command, place_files
from layers.html import escape, html_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.commands.place_files import PlaceFile

_FOLDER = LOCAL.relative_to(LOCAL.parents[2])


def own_authority() -> None:
    """What a place of one's own takes: the files, the command, and what to do if it fails."""
    files = place_files()
    st.header("By hand", anchor=False)
    st.markdown(
        "Where there is no internet, or for files of one's own, whoever runs this dashboard gets the public files "
        "once, by hand, and runs one command where Pramshed is installed. National files can be given whole."
    )
    st.html(listed(one for one in files if one.needed))
    with st.expander("Files that may be left out: what they tell is then shown as not known"):
        st.html(listed(one for one in files if not one.needed))
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


def listed(files: Iterable[PlaceFile], *, options: bool = True, authority: str | None = None) -> str:
    """Files as a list: what each is, who publishes it, and where.

    Parameters
    ----------
    options
        Whether the option of the command that takes it is said.
    authority
        Name of the authority of which the very addresses are wanted; empty: of any; None: no addresses.
    """
    return f"<ul class='pramshed-files'>{''.join(_line(one, authority, option=options) for one in files)}</ul>"


def _line(file: PlaceFile, authority: str | None, *, option: bool) -> str:
    names = f" ({', '.join(file.names)})" if file.names else ""
    whose = (
        f"{', '.join(file.publishers)}: {', '.join(file.pages)}" if file.sources and file.pages else "your own table"
    )
    called = f"<code>{escape(file.option)}</code> " if option else ""
    keys = [] if authority is None else [source.key for source in file.sources]
    at = "".join(f"<br><span>{escape(one)}</span>" for one in addresses(keys, today(), authority or ""))
    return f"<li>{called}{escape(file.about)}{escape(names)}. <span>{escape(whose)}</span>{at}</li>"
