"""The controls in the sidebar: of the question, of the ledger, of new sites and of the map."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from geo.need import FURTHER, parts_there
from geo.sites import SERVING
from layers.answers.glossary import MEANINGS
from layers.answers.ledger import LedgerQuestion
from layers.answers.mark_words import KIND_LABELS
from layers.answers.own_list import OWN, counted
from layers.answers.question import Question, today
from layers.i18n import LANGUAGES
from layers.session.looking import see_all
from layers.session.need import need_controls
from layers.session.parameters import (  # fmt: skip
    AIMS,
    AMBITION,
    AMBITION_WORDS,
    ANNOUNCED,
    ANNOUNCED_WORDS,
    CANDIDATE_KINDS,
    CANDIDATES,
    CLOSURE_WORDS,
    CLOSURES,
    COMMUNITY,
    COMMUNITY_WORDS,
    COUNT_WORDS,
    COUNTS,
    DESTINATION_WORDS,
    DRAWN,
    DRAWN_WORDS,
    GOAL,
    GOALS,
    LAYER,
    LAYERS,
    LOST_OF,
    MARKED_KINDS,
    PLACE,
    ROWS,
    ROWS_WORDS,
    SHOW,
    SHOWN,
    SINCE,
    SINCE_YEARS,
    SPEAKS,
    SURFACE,
    TO,
    WHOM,
    WHOM_WORDS,
    K,
)
from layers.session.url import FIRST
from layers.session.walker import walk_controls

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from data.place import Place
    from layers.answers.community_sites import Published
    from layers.answers.own_list import OwnList


def place_picker(places: Mapping[str, Place]) -> str | None:
    """Choose a place; what a link asked for that is not there."""
    st.session_state[FIRST] = next(iter(places))
    asked = st.session_state[PLACE]
    if asked not in places:
        st.session_state[PLACE] = st.session_state[FIRST]
    # what was looked at lies in the place before
    st.selectbox("Place", list(places), format_func=lambda key: places[key].card.name, key=PLACE, on_change=see_all)
    return None if asked is None or asked in places else str(asked)


def chosen_place() -> str:
    """The key of the place that was chosen."""
    return str(st.session_state[PLACE])


def question_controls(
    place: Place,
    *,
    announced: bool,
    centres_only: bool = False,
    day: date | None = None,
    spaces: Published | None = None,
    own: OwnList | None = None,
    thirds: str | None = None,
    overlap: str = "",
) -> Question:
    """Controls of the question.

    Parameters
    ----------
    place
        What is asked about.
    announced
        Whether any of its centres is announced to close.
    centres_only
        Whether the page is about centres and nothing else.
    day
        The day that is asked about, if the page lets one choose.
    spaces
        The published marks, if the page lets them count.
    own
        The reader's own list, if there is one and the page lets one walk to it.
    thirds, overlap
        As `layers.session.need.need_controls` takes them.
    """
    to = "centres" if centres_only else _destination(place, own)
    statuses, counting = SERVING, "listed"
    if to == "centres":
        counting = counting_control(place)
        if announced and announced_control() == "closed":
            statuses = ("open", "linked")
    community = community_control(spaces, to)
    who, minutes = walk_controls()
    weights, of = need_controls(place.card.figures, thirds, overlap)
    return Question(
        to=to, statuses=statuses, counting=counting, day=day or today(), profile=who, minutes=minutes,
        weights=weights, thirds=of, community=community, own=own if to == OWN else None,
    )  # fmt: skip


def _destination(place: Place, own: OwnList | None) -> str:
    """Choose what is walked to, of what there is here."""
    there = {"play": place.has_play_spaces, OWN: own is not None}
    words = {key: said for key, said in DESTINATION_WORDS.items() if there.get(key, True)}
    if own is not None:
        words[OWN] += f" ({counted(len(own))})"
    if st.session_state[TO] == OWN and own is None:
        st.caption("Your own list counts on Explore only. Here the walk is to a children's centre.")
    if st.session_state[TO] not in words:
        st.session_state[TO] = "centres"
    if len(words) > 1:
        to = str(st.radio("Walking to", list(words), format_func=words.__getitem__, key=TO))
    else:
        to = "centres"
        st.markdown("Walking to a children's centre")
    if not place.has_play_spaces:
        st.caption("There is no play-space data for this place.")
    return to


def community_control(spaces: Published | None, to: str) -> int | None:
    """Choose whether community spaces count too, where there are any: their revision, or None for official sites only.

    Parameters
    ----------
    spaces
        The published marks; none where they cannot be read.
    to
        What is walked to.
    """
    if spaces is None or spaces.counting(to).empty:
        return None
    chosen = st.radio(
        "What else counts", list(COMMUNITY_WORDS), format_func=COMMUNITY_WORDS.__getitem__, key=COMMUNITY,
        help="Places that community groups put on the map, each checked by a moderator. Both numbers are always shown.",
    )  # fmt: skip
    return spaces.number if chosen == "yes" else None


def _countable(place: Place) -> list[str]:
    """What can count as a centre: family hubs and network sites only where the place knows of any."""
    known = {"hubs": "family_hubs", "network": "network_sites"}
    return [name for name in COUNT_WORDS if name not in known or place.card.counts.get(known[name])]


def counting_control(place: Place) -> str:
    """Choose which centres count."""
    options = _countable(place)
    if st.session_state[COUNTS] not in options:
        st.session_state[COUNTS] = options[0]
    said = f"A linked site: {MEANINGS['linked site']}"
    if "network" in options:
        said += f" A network site: {MEANINGS['network site']}"
    return str(st.radio("Which centres", options, format_func=COUNT_WORDS.__getitem__, key=COUNTS, help=said))


def announced_control() -> str:
    """Choose how centres count that are announced to close."""
    return str(
        st.radio(
            "Centres that are announced to close",
            list(ANNOUNCED_WORDS),
            format_func=ANNOUNCED_WORDS.__getitem__,
            key=ANNOUNCED,
            help="Count them until the day that was announced, or as if they had closed already.",
        )
    )


def ledger_controls(place: Place, usual: str) -> LedgerQuestion:
    """Controls of the closure ledger.

    Parameters
    ----------
    place
        What is asked about.
    usual
        Which centres count if the reader has not said, as `layers.answers.ledger.settled` tells.
    """
    options = _countable(place)
    chosen = st.session_state[LOST_OF]
    # a key of its own: what is usual differs from place to place, and is nothing that the reader chose
    key = f"lost-of-{place.card.key}"
    st.session_state[key] = chosen if chosen in options else usual

    def choose() -> None:
        st.session_state[LOST_OF] = st.session_state[key]

    counting = st.radio(
        "Which centres", options, format_func=COUNT_WORDS.__getitem__, key=key, on_change=choose,
        help="With full centres only, a full centre that became a linked site counts as lost.",
    )  # fmt: skip
    closures = st.radio(
        "Which closures count", list(CLOSURE_WORDS), format_func=CLOSURE_WORDS.__getitem__, key=CLOSURES
    )
    since = st.selectbox(
        "Ended since", SINCE_YEARS, index=None, format_func=lambda year: f"1 January {year}", key=SINCE,
        placeholder="Any day",
    )  # fmt: skip
    who, minutes = walk_controls()
    return LedgerQuestion(
        since=None if since is None else date(int(since), 1, 1), counting=str(counting),
        closures=str(closures), profile=who, minutes=minutes,
    )  # fmt: skip


def layer_picker(figures: Collection[str], change: str | None = None) -> str:
    """Choose what colours the map, of what the place has figures for; play spaces by size on walks to them alone.

    Parameters
    ----------
    figures
        Columns of the place's areas that are known.
    change
        What the change between two days is called, where another day than today is asked about.
    """
    without = {"change", *FURTHER} - {*parts_there(figures)} | ({"play"} if st.session_state[TO] != "play" else set())
    words = {key: said for key, said in LAYERS.items() if key not in without}
    if st.session_state[LAYER] not in words and (change is None or st.session_state[LAYER] != "change"):
        st.session_state[LAYER] = "walk"
    return one_of("Colour the map by", words if change is None else words | {"change": change}, LAYER)


def drawn_picker() -> str:
    """Choose whether streets or neighbourhoods are coloured."""
    return one_of("Draw", DRAWN_WORDS, DRAWN)


def rows_picker(parts: Collection[str]) -> str:
    """Choose of what the table has a row each: neighbourhoods, or some of these keys of ``ROWS_WORDS``."""
    options = {key: words for key, words in ROWS_WORDS.items() if key == "areas" or key in parts}
    if st.session_state[ROWS] not in options:
        st.session_state[ROWS] = "areas"
    return "areas" if len(options) == 1 else one_of("A row for each of the", options, ROWS)


def one_of(label: str, words: Mapping[str, str], key: str) -> str:
    """One of a few, by one press; pressing the chosen one again leaves it chosen."""
    chosen = st.session_state[key]

    def stay() -> None:
        if st.session_state[key] is None:
            st.session_state[key] = chosen

    return str(
        st.pills(label, list(words), format_func=words.__getitem__, key=key, on_change=stay, wrap=True) or chosen
    )


def shown_picker(place: Place, *, marked: bool) -> list[str]:
    """Choose which sites are drawn; community marks where there are any."""
    there = {"play": place.has_play_spaces, "marks": marked}
    options = [name for name in SHOWN if there.get(name, True)]
    st.session_state[SHOW] = [name for name in st.session_state[SHOW] or [] if name in options]
    return list(
        st.pills("Show", options, format_func=lambda key: SHOWN[key], selection_mode="multi", key=SHOW, wrap=True) or []
    )


def mark_filter(kinds: Mapping[str, int], languages: Sequence[str]) -> tuple[list[str], str | None]:
    """Choose which of the community's marks are shown.

    Parameters
    ----------
    kinds
        Those that there are, of `geo.sites.MARK_KINDS`, and how many of each.
    languages
        Codes of those that are spoken somewhere.

    Returns
    -------
    tuple
        The kinds, all of them if none is chosen; and the language, None for any.
    """
    st.session_state[MARKED_KINDS] = [kind for kind in st.session_state[MARKED_KINDS] or [] if kind in kinds]
    if st.session_state[SPEAKS] not in languages:
        st.session_state[SPEAKS] = None
    chosen = st.pills(
        "Kinds of marks", list(kinds), format_func=lambda kind: f"{KIND_LABELS[kind]} ({kinds[kind]:,})",
        selection_mode="multi", key=MARKED_KINDS, wrap=True,
    )  # fmt: skip
    language = st.selectbox(
        "Language spoken there", languages, index=None, format_func=lambda code: LANGUAGES[code].english, key=SPEAKS,
        placeholder="Any language",
    )  # fmt: skip
    return list(chosen or kinds), None if language is None else str(language)


def whom_control(options: Sequence[str]) -> str:
    """Choose whom the next peer-support group is to be near: keys of `layers.session.parameters.WHOM_WORDS`."""
    if st.session_state[WHOM] not in options:
        st.session_state[WHOM] = options[0]
    return str(st.radio("For whom", options, format_func=WHOM_WORDS.__getitem__, key=WHOM, horizontal=True))


def siting_controls(place: Place, *, marked: bool) -> tuple[int, str, tuple[str, ...], str | None]:
    """Choose how many new sites, what they are to achieve, from which places, and the index of the ambition, if any.

    Community spaces are among the places if there are any.
    """
    k = st.slider("How many new ones", 1, 5, key=K)
    goal = st.selectbox("What matters most", list(GOALS), format_func=GOALS.__getitem__, key=GOAL)
    there = {"closed": True, "junctions": True, "marks": marked}
    options = [kind for kind in CANDIDATES if there.get(kind, place.has_venues)]
    chosen = [kind for kind in st.session_state[CANDIDATE_KINDS] or [] if kind in options]
    st.session_state[CANDIDATE_KINDS] = chosen or ["junctions"]
    kinds = st.pills(
        "They could go to", options, format_func=CANDIDATES.__getitem__, selection_mode="multi", key=CANDIDATE_KINDS,
        wrap=True,
    )  # fmt: skip
    if not place.has_venues:
        st.caption("We know of no libraries, schools or community centres in this place.")
    index = st.selectbox(
        "Where sites may stand", list(AMBITION_WORDS), format_func=AMBITION_WORDS.__getitem__, key=AMBITION,
        help="The ambition for family hubs: 70% of them in England's 30% most deprived areas.",
    )  # fmt: skip
    chosen = tuple(kind for kind in options if kind in (kinds or ["junctions"]))
    return int(k), str(goal), chosen, None if index == "no" else str(index)


def aims_control() -> bool:
    """Choose whether the plans of all aims are worked out and shown side by side."""
    options = {"no": "This aim only", "yes": "All aims side by side (may take a minute)"}
    return st.radio("Compare", list(options), format_func=options.__getitem__, key=AIMS, horizontal=True) == "yes"


def surface_control() -> bool:
    """Choose whether the streets are coloured by what a site there would give."""
    options = {"no": "By the walk now", "yes": "By what a new site there would give"}
    return st.radio("Colour the map", list(options), format_func=options.__getitem__, key=SURFACE) == "yes"
