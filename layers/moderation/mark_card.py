"""One mark as a moderator sees it: its content, warnings, marks near by, and its history.

Every text in it was typed by somebody; none is shown but through `layers.html` or `escape`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.store.contributions import NEARBY_M
from data.store.marks import ANSWERS, PRIVATE
from data.store.screening import findings
from geo.days import day_text
from layers import cache, i18n
from layers.answers.mark_words import CHOICE_LABELS, KIND_LABELS
from layers.html import escape, html_lines, html_table, plain
from layers.moderation.queue import STATUS_WORDS, name_of, title
from layers.session import moderating

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data.store.marks import Mark
    from data.store.people import Person
    from data.store.screening import Finding
    from layers.moderation.queue import Desk

FIELD_WORDS = {
    "kind": "What it is",
    "name": "Name",
    "note": "Note",
    "at_home": "In somebody's home",
    "days": "Days",
    "opens": "Opens at",
    "closes": "Closes at",
    "ages": "For whom",
    "languages": "Languages",
    "pram_friendly": "Pram-friendly",
    "toilets": "Toilets",
    "cost": "Cost",
    "term_time": "School holidays",
    "stops": "Whom it stops",
    "contact": "How to reach who sent it",
    "private_note": "Note for the moderator",
}
"""By field of `data.store.marks.MarkDraft`."""

FINDING_WORDS = {
    "email": "an e-mail address",
    "web_contact": "a messenger's link or a social network's name",
    "phone": "a telephone number",
    "child_name": "a child's name",
    "home_address": "a home's address",
}
_HOME = "Yes: never shown as a point, only the square kilometre, and only where there are three or more."


def say(field: str, value: object) -> str:
    """An answer in words; empty if nothing was said."""
    if field == "kind":
        return KIND_LABELS[str(value)]
    if field == "at_home":
        return _HOME if value else ""
    if isinstance(value, str) and field in ("days", "ages", "languages"):  # as history has them
        value = tuple(filter(None, value.split(",")))
    if isinstance(value, tuple | list):
        return ", ".join(said_one(field, str(one)) for one in value)
    return said_one(field, str(value or ""))


def said_one(field: str, code: str) -> str:
    """One of the answers to choose from, in words; a free text as it is."""
    if field == "days" and code:
        return i18n.words("en").day_name(code)
    if field == "languages" and code:
        return i18n.LANGUAGES[code].english
    return CHOICE_LABELS.get(field, {}).get(code, code)


def show(desk: Desk, mark: Mark) -> bool:
    """A mark with all that it says; whether the scan found something in its public texts."""
    _heading(mark)
    found = _warnings(mark)
    _answers(desk, mark)
    _private(mark)
    _photo(desk, mark)
    return bool(found)


def _heading(mark: Mark) -> None:
    """What it is, where it comes from and how it stands."""
    lines = [f"{KIND_LABELS[mark.draft.kind]}. It is {STATUS_WORDS[mark.status]}.", _came(mark)]
    if mark.reason:
        lines.append(f"The reason that was given: {mark.reason}")
    if mark.merged_into:
        lines.append(f"It was merged with {mark.merged_into}.")
    if mark.confirm_by:
        lines.append(f"Somebody should say by {day_text(mark.confirm_by)} that it is still there.")
    st.html(html_lines([title(mark)], kind="h2") + html_lines(lines, name="pramshed-reason"))
    if mark.gone or mark.still_there:
        told = f"Since it was last decided, {mark.gone} said that it is gone and {mark.still_there} that it is there."
        (st.warning if mark.gone else st.info)(told, icon=":material/record_voice_over:")


def _came(mark: Mark) -> str:
    by = f"by the link of {mark.group}" if mark.group else "without a group"
    return f"It came on {day_text(mark.created)} {by}. {mark.id}, version {mark.version}."


def _answers(desk: Desk, mark: Mark) -> None:
    """What it says to everybody, and where it is."""
    rows = [(field, say(field, getattr(mark.draft, field))) for field in ANSWERS if field not in (*PRIVATE, "note")]
    said = [("", FIELD_WORDS[field], text) for field, text in rows if text]
    st.html(html_table([*said, ("", "Where", where(desk, mark))], caption="What the mark says"))
    if mark.draft.note:
        st.html(html_lines(["Note"], name="pramshed-reason") + html_lines(mark.draft.note.split("\n")))


def where(desk: Desk, mark: Mark) -> str:
    """Where it is, in words."""
    shape, middle = mark.draft.geometry, mark.draft.geometry.centroid
    postcodes = cache.places.postcodes(desk.place)
    near = ""
    if len(postcodes):
        at = postcodes.sindex.nearest(middle, return_all=False)[1][0]
        code = str(postcodes.index[at]).replace(" ", "")
        near = f", near the postcode {code[:-3]} {code[-3:]}"
    what = {"Point": "", "LineString": f"A line of {shape.length:.0f} m; its middle: "}.get(
        shape.geom_type, f"An area of {shape.area:.0f} m²; its middle: "
    )
    return f"{what}easting {middle.x:.0f}, northing {middle.y:.0f}{near}"


def _private(mark: Mark) -> None:
    """What never leaves this page."""
    said = [("", FIELD_WORDS[field], str(getattr(mark.draft, field))) for field in PRIVATE]
    if any(text for *_, text in said):
        with st.container(border=True, key="desk-private"):
            st.markdown(":material/lock: **Only moderators see this**")
            st.html(html_table([row for row in said if row[-1]], caption="Only moderators see this"))


def _warnings(mark: Mark) -> list[Finding]:
    """What the scan of its public texts finds, each where it stands; what it found."""
    seen = list(findings({"name": mark.draft.name, "note": mark.draft.note}))
    if seen:
        st.warning(
            "**The scan found something in the texts that everybody will read.** Take it out with *Edit*, or say below "
            "that it may be shown.",
            icon=":material/warning:",
        )
        st.html(
            "<ul>"
            + "".join(
                f"<li>{escape(FINDING_WORDS.get(one.kind, one.kind.replace('_', ' ')))} in the "
                f"{escape(FIELD_WORDS.get(one.field, one.field).lower())}: <mark>{escape(one.excerpt)}</mark></li>"
                for one in seen
            )
            + "</ul>"
        )
    return seen


def _photo(desk: Desk, mark: Mark) -> None:
    """Its photo, as everybody will see it."""
    if mark.has_photo:
        picture = desk.store.desk.photo(desk.by, mark.id)
        if picture:
            said = "The photo, without what the camera wrote into it"
            st.image(picture, caption=said, alt=f"Photo of {title(mark)}", width="stretch")


def near_by(desk: Desk, mark: Mark, waiting: Sequence[Mark]) -> list[tuple[float, Mark]]:
    """Marks waiting or on the map that may be the same one, each with its distance in metres; the likeliest first."""
    here = [other for other in waiting if other.draft.place == desk.key]
    on_map = desk.store.desk.queue(desk.by, desk.key, status="approved")
    others = [other for other in (*here, *on_map) if other.id != mark.id]
    found = [(float(mark.draft.geometry.distance(other.draft.geometry)), other) for other in others]
    close = [(away, other) for away, other in found if away <= NEARBY_M]
    return sorted(close, key=lambda pair: (pair[1].draft.kind != mark.draft.kind, pair[0], pair[1].id))


def of_other_groups(desk: Desk, mark: Mark, known: Sequence[tuple[float, Mark]]) -> None:
    """What is on the map near it and not this moderator's to decide on."""
    middle = mark.draft.geometry.centroid
    table = desk.store.marks.nearby(desk.key, mark.draft.kind, middle.x, middle.y)
    rest = table[~table.index.isin([mark.id, *(other.id for _, other in known)])]
    if len(rest):
        said = [
            f"{row.name or KIND_LABELS[row.kind]} ({KIND_LABELS[row.kind].lower()}, {row.distance_m:.0f} m away)"
            for row in rest.itertuples()
        ]
        st.caption(plain(f"On the map near it, brought by other groups: {'; '.join(said)}."))


def what_changed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """What differs between two states of a mark, as `history` has them; plain text."""
    lines = []
    if before["status"] != after["status"]:
        lines.append(f"It was {STATUS_WORDS[str(before['status'])]} and is {STATUS_WORDS[str(after['status'])]}.")
    for field in ANSWERS:
        was, now = say(field, before[field]), say(field, after[field])
        if was != now:
            lines.append(f"{FIELD_WORDS[field]}: was “{was}”, is “{now}”.")
    return lines


def changed_meanwhile(desk: Desk, mark: Mark) -> None:
    """What somebody else has changed since this page was shown last."""
    seen = moderating.seen_version(mark.id)
    with st.container():
        if seen is None or seen == mark.version:
            return
        past = desk.store.desk.history(desk.by, mark.id)
        lines = ["It was moved or looked at."]
        if seen in past.index and mark.version in past.index:
            lines = what_changed(past.loc[seen].to_dict(), past.loc[mark.version].to_dict()) or lines
        st.warning(
            "**Somebody else has changed this mark while you had it open.** Nothing that you pressed since has been "
            "done; what you typed is still below.",
            icon=":material/sync_problem:",
        )
        st.html(f"<ul>{html_lines(lines, kind='li')}</ul>")


def past(desk: Desk, mark: Mark) -> None:
    """Every version, and every line of the trail."""
    with st.expander("History"):
        kept = desk.store.desk.history(desk.by, mark.id)
        names = names_of(desk.by, desk)
        rows = []
        for position, (version, row) in enumerate(kept.iterrows()):
            before = kept.iloc[position - 1].to_dict() if position else None
            what = what_changed(before, row.to_dict()) if before is not None else ["It came."]
            rows.append(
                {
                    "Version": version,
                    "When (UTC)": row["at"],
                    "Who": names.get(row["actor"], row["actor"]),
                    "What changed": " ".join(what) or "Nothing in its text.",
                }
            )
        st.dataframe(
            pd.DataFrame(rows[::-1]),
            hide_index=True,
            alt="Every version of this mark, the newest first",
            column_config={
                "Version": st.column_config.NumberColumn(width=60),
                "When (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=130),
                "Who": st.column_config.TextColumn(width=110),
                "What changed": st.column_config.TextColumn(width="large"),
            },
        )
        st.caption("What was done, from the trail that nobody can change:")
        trail_table(desk.store.trail.rows(desk.by, mark_id=mark.id))


def names_of(by: Person, desk: Desk) -> dict[str, str]:
    """How the people are called whom a version names by their number, as far as this moderator may know."""
    known = {f"person {by.id}": f"{by.name} (you)"}
    if by.role == "administrator":
        known = {f"person {one.id}": one.name for one in desk.store.accounts.all(by)} | known
    return known


def trail_table(rows: pd.DataFrame) -> None:
    """Lines of the trail, the newest first."""
    st.dataframe(
        rows.rename(
            columns={"at": "When (UTC)", "actor": "Who", "action": "What", "mark_id": "Mark", "detail": "More"}
        ),
        hide_index=True,
        alt="The trail, the newest line first",
        column_config={"When (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=130)},
    )


def duplicates(desk: Desk, mark: Mark, near: Sequence[tuple[float, Mark]]) -> str | None:
    """Marks that may be the same one, each to be opened or merged into; the id of the one to merge into, if asked."""
    wanted = None
    if near:
        st.subheader("Is it one of these?", anchor=False)
    may_merge = mark.status in ("waiting", "approved")
    for away, other in near[:6]:
        st.html(html_lines([f"{name_of(other)}, {away:.0f} m away. {other.draft.note[:120]}"]))
        with st.container(horizontal=True):
            st.button("Look at that one", key=f"desk-look-{other.id}", on_click=moderating.open_mark, args=(other.id,))
            if may_merge and st.button(
                "Merge this one into that one", key=f"desk-merge-{other.id}", icon=":material/call_merge:"
            ):
                wanted = other.id
    of_other_groups(desk, mark, near)
    return wanted
