"""The four steps of marking: what, where, when and for whom, a name and a note. Each shows one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Any

import shapely
import streamlit as st

from data.store.marks import CHOICES, DAYS, DRAWN, LENGTHS
from geo.crs import to_wgs84
from geo.sites import MARK_KINDS, ON_THE_WAY
from layers import cache, session
from layers.answers import mark_words
from layers.answers.place_search import search
from layers.answers.spots import Spot, next_to
from layers.html import plain
from layers.i18n import LANGUAGES
from layers.maps.scene import Drawn, Marker, Scene
from layers.marking import wording
from layers.marking.localised_html import announce, say

if TYPE_CHECKING:
    import geopandas as gpd

    from data.place import Place
    from layers.answers.place_search import Found
    from layers.i18n import Words
    from layers.session.marking import Marking

ICONS = {
    "meeting_place": ":material/groups:",
    "play_space": ":material/toys:",
    "peer_group": ":material/diversity_1:",
    "drop_in": ":material/door_open:",
    "barrier": ":material/stairs:",
    "missing_crossing": ":material/directions_walk:",
    "other": ":material/add_location_alt:",
}
STEP_NAMES = (wording.STEP_WHAT, wording.STEP_WHERE, wording.STEP_WHEN, wording.STEP_NAME)

_CLOSE_UP_M, _ASIDE_M = 350, 60


def heading(words: Words, step: int, kind: str | None) -> None:
    """Which step it is."""
    name = wording.STEP_WHOM if step == 2 and kind in ON_THE_WAY else STEP_NAMES[step]
    count = words.of(wording.STEP_COUNT, step=step + 1, steps=len(STEP_NAMES))
    announce(words, count, words.of(name))


def what(words: Words) -> None:
    """Step 1: each kind is a button with one line below."""
    for kind in MARK_KINDS:
        with st.container(gap=None):
            st.button(
                f"**{plain(words.of(mark_words.KIND_LABELS[kind]))}**", key=f"kind-{kind}", icon=ICONS[kind],
                on_click=session.choose_kind, args=(kind,), width="stretch",
            )  # fmt: skip
            say(words, words.of(wording.KIND_HINTS[kind]), small=True)


def where_scene(blank: Scene, words: Words, now: Marking, marks: gpd.GeoDataFrame) -> Scene:
    """The map of step 2: streets, the marks that are there, and what has been tapped."""
    shown = marks[marks["homes"] == 0]
    middles = shown.geometry.centroid
    lon, lat = to_wgs84(middles.x.to_numpy(), middles.y.to_numpy())
    there = [
        Marker(str(mark_id), float(x), float(y), "community", _name(words, row["kind"], row["name"]))
        for (mark_id, row), x, y in zip(shown.iterrows(), lon, lat, strict=True)
    ]
    tapped = [_degrees(corner) for corner in now.corners]
    here = [
        Marker(f"tapped-{number}", *corner, "added", words.of(wording.CHOSEN_HERE))
        for number, corner in enumerate(tapped)
    ]
    way = (Drawn(tuple(map(_degrees, now.way))),) if now.way and now.kind in ON_THE_WAY else ()
    drawn = (Drawn(tuple(tapped), closed=now.shape == "area", dashed=True),) if len(tapped) > 1 else ()
    return replace(
        blank,
        bounds=_bounds(blank, now),
        markers=(*there, *here),
        drawn=(*way, *drawn),
        marking=True,
        label=words.of(wording.TAP_THE_MAP),
        words=(
            ("locate", words.of(wording.USE_MY_LOCATION)),
            ("refused", words.of(wording.LOCATION_REFUSED)),
            ("fingers", words.of(wording.TWO_FINGERS)),
            ("failed", words.of(wording.MAP_FAILED)),
            ("nearer", words.of(wording.NOW_TAP)),
            ("nearerByKey", words.of(wording.NOW_ENTER)),
            ("keys", words.of(wording.BY_KEYS)),
            ("placed", words.of(wording.CHOSEN_HERE)),
            ("lang", words.language.code),
        ),
    )


def how_to_tap(words: Words, now: Marking) -> None:
    """That a tap from afar only comes nearer; it stays, or the map would move from under the finger."""
    if not now.way:
        say(words, words.of(wording.TAP_TWICE))


def how_by_keys(words: Words) -> None:
    """How the map is used without a mouse; not on a telephone."""
    with st.container(key="by-keys"):
        say(words, words.of(wording.BY_KEYS), small=True)


def _bounds(blank: Scene, now: Marking) -> tuple[float, float, float, float]:
    """The whole place, until the first corner or a way is known; then near it, and there the map stays."""
    if now.way:
        (west, east), (south, north) = (
            (min(one) - _ASIDE_M, max(one) + _ASIDE_M) for one in zip(*now.way, strict=True)
        )
    elif now.corners:
        x, y = now.corners[0] if now.shape != "point" else _anchor(now)
        west, south, east, north = x - _CLOSE_UP_M, y - _CLOSE_UP_M, x + _CLOSE_UP_M, y + _CLOSE_UP_M
    else:
        return blank.bounds
    return *_degrees((west, south)), *_degrees((east, north))


def _anchor(now: Marking) -> tuple[float, float]:
    """The corner of a grid of 250 m that is nearest: a second tap close by does not move the map under the finger."""
    x, y = now.corners[0]
    return round(x / 250) * 250.0, round(y / 250) * 250.0


def _degrees(corner: tuple[float, float]) -> tuple[float, float]:
    lon, lat = to_wgs84(*corner)  # type: ignore[arg-type]
    return float(lon), float(lat)


def shape(words: Words, now: Marking) -> None:
    """A barrier or a play street may be a line or an area."""
    if now.kind not in DRAWN:
        return
    labels = {name: words.of(label) for name, label in wording.SHAPE_LABELS.items()}
    session.shape_picker(words.of(wording.SHAPE), labels)
    if now.shape != "point":
        say(words, words.of(wording.SHAPE_HINT), small=True)


def typed_where(words: Words, place: Place, *, key: str = "where", label: str = wording.OR_TYPE) -> None:
    """Find it by name: the way that needs no map."""
    with st.form(f"form-{key}", border=False):
        text = st.text_input(
            words.of(label),
            placeholder=words.of(wording.TYPE_A_PLACE),
            key=session.widget(key),
            help=words.of(wording.TYPE_A_PLACE_HINT),
        )
        st.form_submit_button(words.of(wording.FIND), icon=":material/search:")
    if not text.strip():
        return
    found = search(text[:200], place)
    if not found:
        st.info(plain(words.of(wording.NOTHING_FOUND, text=text[:60])))
        return
    announce(words, words.of(wording.FOUND_PLACES))
    for number, one in enumerate(found):
        st.button(
            plain(one.label), key=f"{key}-{number}", icon=":material/location_on:", width="stretch",
            on_click=_choose, args=(one, key),
        )  # fmt: skip


def _choose(one: Found, key: str) -> None:
    session.choose_where((one.easting, one.northing), one.label)
    session.empty(key)


def chosen(words: Words, place: Place, now: Marking) -> bool:
    """Say what has been chosen; whether it will do."""
    if not now.corners:
        return False
    by = now.near or next_to(place, Spot(*map(round, now.corners[-1])))
    near = words.of(wording.CHOSEN_NEAR, place=by) if by else words.of(wording.CHOSEN_HERE)
    st.success(plain(near), icon=":material/check_circle:")
    if now.shape != "point":
        count = len(now.corners)
        announce(words, words.many(*wording.CORNERS, count))
        st.button(words.of(wording.UNDO_CORNER), on_click=session.undo_corner, icon=":material/undo:")
    if not within(place, now.corners):
        st.error(plain(words.of(wording.NOT_IN_PLACE, place=place.card.name)), icon=":material/error:")
        return False
    return len(now.corners) >= {"point": 1, "line": 2, "area": 3}[now.shape]


def within(place: Place, corners: tuple[tuple[float, float], ...], slack_m: float = 500) -> bool:
    """Whether all corners are in the place, or so close to it that its outline may be to blame."""
    points = shapely.points(corners)
    return bool(shapely.dwithin(cache.places.outline(place), points, slack_m).all())


def nearby(words: Words, found: gpd.GeoDataFrame) -> None:
    """Ask whether it is one of the marks nearby."""
    say(words, words.of(wording.IS_IT_THIS_ONE), kind="h3")
    announce(words, words.of(wording.NEARBY_HINT))
    for mark_id, row in found.head(3).iterrows():
        away = words.many(*wording.METRES_AWAY, round(row["distance_m"]))
        st.markdown(f"**{plain(_name(words, row['kind'], row['name']))}**  \n{plain(away)}")
        st.button(
            words.of(wording.YES_THIS_IS_IT), key=f"same-{mark_id}", icon=":material/done:", width="stretch",
            on_click=session.change, kwargs={"same_as": str(mark_id)},
        )  # fmt: skip
    st.button(words.of(wording.NO_ANOTHER), key="another", width="stretch", on_click=session.change,
              kwargs={"another": True})  # fmt: skip


def _name(words: Words, kind: str, name: str) -> str:
    label = words.of(mark_words.KIND_LABELS[kind])
    return f"{name} ({label})" if name else label


def answers(words: Words, kind: str | None, given: dict[str, Any]) -> None:
    """The controls of step 3: all may be left as they are."""
    if kind in ON_THE_WAY:
        _choice(words, "stops", given)
        return
    label, hint = _worded(words)
    st.pills(
        label("days"), DAYS, format_func=words.day_name, selection_mode="multi", key=session.widget("days"),
        default=given.get("days", ()), help=hint("days"), wrap=True,
    )  # fmt: skip
    left, right = st.columns(2)
    for name, column in (("opens", left), ("closes", right)):
        with column:
            at = given.get(name)
            st.time_input(label(name), value=time.fromisoformat(at) if at else None, key=session.widget(name), step=900)
    ages = mark_words.CHOICE_LABELS["ages"]
    st.pills(
        label("ages"), list(ages), format_func=lambda value: words.of(ages[value]), selection_mode="multi",
        key=session.widget("ages"), default=given.get("ages", ()), wrap=True,
    )  # fmt: skip
    st.multiselect(
        label("languages"), list(LANGUAGES), format_func=lambda code: _language(words, code),
        key=session.widget("languages"), default=given.get("languages", ()), help=hint("languages"), placeholder="",
    )  # fmt: skip
    for name in ("pram_friendly", "toilets", "cost", "term_time"):
        _choice(words, name, given)
    st.checkbox(label("at_home"), value=bool(given.get("at_home")), key=session.widget("at_home"), help=hint("at_home"))


def _choice(words: Words, name: str, given: dict[str, Any]) -> None:
    labels = mark_words.CHOICE_LABELS[name]
    options = ["", *CHOICES[name]]
    st.radio(
        words.of(wording.FIELD_LABELS[name]), options, key=session.widget(name),
        format_func=lambda value: words.of(labels[value]) if value else words.of(wording.NOT_SURE),
        index=options.index(given.get(name, "")),
    )  # fmt: skip


def _language(words: Words, code: str) -> str:
    own = LANGUAGES[code].name
    said = words.language_name(code)
    return own if said == own else f"{own} · {said}"


def texts(words: Words, given: dict[str, Any]) -> None:
    """The controls of step 4."""
    label, hint = _worded(words)
    st.text_input(
        label("name"), value=given.get("name", ""), max_chars=LENGTHS["name"], key=session.widget("name"),
        help=hint("name"),
    )  # fmt: skip
    st.text_area(
        label("note"), value=given.get("note", ""), max_chars=LENGTHS["note"], key=session.widget("note"),
        help=hint("note"), height=110,
    )  # fmt: skip
    say(words, words.of(wording.NO_PRIVATE_WORDS), small=True)


def private(words: Words, given: dict[str, Any]) -> None:
    """For the moderator alone."""
    label, hint = _worded(words)
    for name in ("contact", "private_note"):
        st.text_input(
            label(name), value=given.get(name, ""), max_chars=LENGTHS[name], key=session.widget(name), help=hint(name)
        )


def _worded(words: Words):  # type: ignore[no-untyped-def] # noqa: ANN202 (two small functions)
    def label(name: str) -> str:
        return words.of(wording.FIELD_LABELS[name])

    def hint(name: str) -> str | None:
        return words.of(wording.FIELD_HINTS[name]) if name in wording.FIELD_HINTS else None

    return label, hint
