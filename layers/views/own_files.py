"""Bringing one's own files to the page Places: what each is, what is wrong with it, what is missing; then building."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.build.recognise import MAPPED, READ_AT_ONCE, with_columns
from data.england.authorities import read_authorities
from data.fetch.arrival import size
from data.gather.jobs import public
from data.sources.delimited import find_column
from geo.errors import InputError, PramshedError
from layers import cache
from layers.commands.brought import LARGE, Shelf, large_files, start_build
from layers.commands.place_files import place_files
from layers.files.tables import csv_text
from layers.html import html_table, plain
from layers.session import brought, fetching
from layers.views.by_hand import listed
from layers.views.own_sites import said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from data.build.recognise import Recognised

SHOWN_FAULTS = 5
_KINDS = {"closures": "closures as a council announces them", "centre_points": "where centres are"}
_OPTIONS = {"lookups": "lookup"}
"""Fields of a build that are called otherwise as an option."""


def own_files(why_not: Callable[[], str | None]) -> None:
    """Drop files, see what they are, and build a place of them."""
    st.header("Bring your own files", anchor=False)
    if why_not() is not None:
        st.markdown("Whoever may fetch an authority can build one from files as well.")
        return
    most = brought.most_mb()
    st.markdown(
        "Drop the public files, or your council's own: each is recognised by its columns. They are kept in a private "
        f"folder and cleared once the place is built. Files of up to {most} MB can be dropped; a larger one, such as a "
        f"county's streets, goes into the folder *{LARGE}* beside what is fetched, on this dashboard's machine."
    )
    brought.upload(lambda files: _take(files, why_not))
    known = []
    for path in (*_shelf_files(), *large_files()):
        with suppress(FileNotFoundError):  # cleared at this very moment, as the place is built
            known.append((path, cache.brought.recognised(path)))
    if known:
        _table(known)
        for path, one in known:
            _wrong(path, one, why_not)
    good = _by_field(known)
    _missing(good)
    _build(good, why_not)


def _shelf_files() -> tuple[Path, ...]:
    folder = brought.folder()
    return Shelf(folder).files() if folder is not None else ()


def _take(files: Sequence[tuple[str, bytes]], why_not: Callable[[], str | None]) -> None:
    """Keep what was dropped; columns that were named by hand before are named so again."""
    barred = why_not()
    if barred is not None:
        fetching.say(barred)
        return
    folder = brought.folder()
    shelf = Shelf(folder) if folder is not None and folder.is_dir() else Shelf.new()
    brought.use_folder(shelf.folder)
    try:
        for name, content in files:
            path = shelf.keep(name, content)
            found = cache.brought.recognised(path)
            before = brought.columns_known(found.columns) if found.columns and not found.good else None
            if before is not None:
                with_columns(path, *before, path)
    except PramshedError as fault:
        fetching.say(_sentence(fault))


def _sentence(fault: Exception) -> str:
    said = public(str(fault))
    return f"{said[:1].upper()}{said[1:]}."


def _table(known: Sequence[tuple[Path, Recognised]]) -> None:
    rows = [
        ("", one.name, one.kind.what if one.kind else "not recognised", _state(one), size(one.size)) for _, one in known
    ]
    with st.container(key="brought"):
        st.html(html_table(rows, caption="The files", head=("What it is", "", "Size")))
    own = [path.name for path in _shelf_files()]
    if own:
        brought.take_away_picker(own, _take_away)


def _state(one: Recognised) -> str:
    if one.good:
        return "good"
    if one.kind is None and not one.faults:
        return "is left out"
    number = len(one.faults)
    return f"{number}{' or more' if one.more else ''} fault{'' if number == 1 and not one.more else 's'}"


def _take_away(name: str) -> None:
    folder = brought.folder()
    if folder is not None:
        Shelf(folder).take_away(name)


def _wrong(path: Path, one: Recognised, why_not: Callable[[], str | None]) -> None:
    """What is wrong with a file, row by row, and what can be done about it."""
    if one.good:
        return
    if one.faults:
        lines = [said(fault) for fault in one.faults[:SHOWN_FAULTS]]
        rest = len(one.faults) - SHOWN_FAULTS
        lines += [f"And {rest:,} more, all of them in the file below."] if rest > 0 else []
        st.error("\n\n".join([f"**{plain(one.name)}** cannot be used as it is.", *lines]), icon=":material/error:")
        st.download_button(
            f"Download its faults (CSV): {plain(one.name)}", data=lambda: csv_text(_as_table(one.faults)),
            file_name=f"faults-{one.name.partition('.')[0]}.csv", mime="text/csv", on_click="ignore",
            icon=":material/download:", key=f"faults-{one.name}",
        )  # fmt: skip
    if one.columns and not any((fault.row or 1) > 1 for fault in one.faults) and path in _shelf_files():
        _by_hand(path, one, why_not)


def _as_table(faults: Sequence[InputError]) -> pd.DataFrame:
    rows = [{"row": one.row, "column": one.column, "found": one.found, "expected": one.expected} for one in faults]
    return pd.DataFrame(rows).astype({"row": "Int64"})


def _by_hand(path: Path, one: Recognised, why_not: Callable[[], str | None]) -> None:
    """Name the columns of a file by hand."""
    with st.expander(f"Name the columns of {plain(one.name)} by hand", icon=":material/table_edit:"):
        kind = brought.kind_picker(one.name, _KINDS)
        if kind is None:
            return
        wanted = MAPPED[kind]
        chosen = {
            ours: brought.column_picker(
                f"{one.name}-{kind}", ours, words, one.columns, find_column(one.columns, (ours,))
            )
            for ours, words in wanted.items()
        }
        whole = {ours: column for ours, column in chosen.items() if column is not None}
        st.button(
            "Use these columns", key=f"columns-{one.name}", on_click=_map,
            args=(path, one.columns, kind, whole, why_not), disabled=len(set(whole.values())) < len(wanted),
        )  # fmt: skip


def _map(
    path: Path, columns: tuple[str, ...], kind: str, chosen: dict[str, str], why_not: Callable[[], str | None]
) -> None:
    barred = why_not()
    try:
        if barred is None:
            with_columns(path, kind, chosen, path)
            brought.remember_columns(columns, kind, chosen)
    except PramshedError as fault:
        barred = _sentence(fault)
    if barred is not None:
        fetching.say(barred)


def _by_field(known: Sequence[tuple[Path, Recognised]]) -> dict[str, list[Path]]:
    """The files that can be used, by the field of a build."""
    found: dict[str, list[Path]] = {}
    for path, one in known:
        if one.good and one.kind is not None:
            found.setdefault(one.kind.field, []).append(path)
    return found


def _missing(good: dict[str, list[Path]]) -> None:
    """What a build still needs, and where it is published."""
    there = {f"--{_OPTIONS.get(field, field).replace('_', '-')}" for field in good}
    needed = [one for one in place_files() if one.needed and one.option not in there]
    if needed:
        with st.expander(
            f"What is still needed: {len(needed)} of the files", icon=":material/checklist:", expanded=bool(good)
        ):
            st.html(listed(needed, options=False, authority=""))
    more = [one for one in place_files() if not one.needed and one.option not in there]
    if good and more:
        with st.expander("What may be left out: it is then shown as not known", icon=":material/checklist:"):
            st.html(listed(more, options=False, authority=""))


def _build(good: dict[str, list[Path]], why_not: Callable[[], str | None]) -> None:
    if not good:
        return
    known = read_authorities()
    names = dict(zip(known["code"], known["name"], strict=True))
    code = brought.brought_authority(names)
    outlines = good.get("boundaries")
    if outlines and outlines[-1].stat().st_size <= READ_AT_ONCE:
        picture, number = cache.brought.preview(outlines[-1], code or "", names.get(code or "", ""))
        st.image(picture, caption=f"{number:,} outlines in {outlines[-1].name}")
    if code is None:
        return
    name = brought.place_name(names[code], code)
    published = "children" in good and brought.children_published()
    lacking = any(one.needed and one.option[2:].replace("-", "_") not in good for one in place_files())
    st.button(
        f"Build {plain(name)}", key="build", type="primary", icon=":material/construction:", on_click=_begin,
        args=(name, code, good, published, why_not), disabled=lacking,
    )  # fmt: skip


def _begin(
    name: str, code: str, good: dict[str, list[Path]], published: bool, why_not: Callable[[], str | None]
) -> None:
    barred, folder = why_not(), brought.folder()
    try:
        if barred is None:
            shelf = Shelf(folder) if folder is not None and folder.is_dir() else Shelf.new()
            brought.use_folder(shelf.folder)
            start_build(shelf, name, code, good, children_published=published)
    except PramshedError as fault:
        barred = _sentence(fault)
    if barred is not None:
        fetching.say(barred)
