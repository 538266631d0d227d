"""Who speaks a language within a walk of a group or a site, where a place has the Census table of main languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.access import reach_from
from geo.errors import InputError
from geo.languages import people_near, share_of_residents
from geo.whole import shown
from layers.answers import peer_support
from layers.i18n import LANGUAGES

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from data.place import Place
    from geo.gaps import Walk
    from layers.answers.peer_support import PeerQuestion, PeerReach
    from layers.answers.question import Answer, Ground

COLUMNS = ("language", "people", "groups", "within", "share")
"""Those that a screen shows; `groups` only where groups are walked to."""
ENGLISH = "English"
LEAST = 10
"""Below so many people a language is in the table and in no sentence: the Census moves small numbers about."""
SOURCE = (
    "Main languages of people aged 3 or over, Census 2021. How many live near is worked out as if speakers were spread "
    "over their neighbourhood as all residents are."
)
_OTHER_NAMES = {"pa": "Panjabi"}
_SAID = 5


def languages_of(place: Place) -> pd.DataFrame:
    """The table of main languages (`geo.tables.Languages`).

    Raises
    ------
    InputError
        The place has none.
    """
    table = place.languages()
    if table is None:
        raise InputError(
            place.folder, expected="main languages (build --languages, or fetch)", found="none in this place"
        )
    return table


def called(code: str, known: pd.Index[str]) -> str | None:
    """What the Census calls one of our languages; None where it counts it among others.

    Parameters
    ----------
    code
        Of `layers.i18n.LANGUAGES`.
    known
        The languages and groups of them that the table tells.
    """
    name = _OTHER_NAMES.get(code, LANGUAGES[code].english)
    return next((one for one in known if one == name or one.startswith(f"{name} (")), None)


def _near(table: pd.DataFrame, on: Ground, near: NDArray[np.bool_]) -> pd.Series[float]:
    residents = on.origins["residents"].to_numpy(float)
    share = share_of_residents(on.homes, residents, near & on.counted)
    return people_near(table, pd.Series(share, on.homes.areas))


def near_sites(table: pd.DataFrame, found: Answer) -> pd.DataFrame:
    """People by main language within the walk of an answer.

    Returns
    -------
    DataFrame
        Index ``language``, the commonest first: ``people`` whose walk is known, ``within``, and ``share``.
    """
    minutes = found.reach["minutes"].to_numpy(float)
    people, within = (
        _near(table, found.ground, one) for one in (found.ground.counted, minutes <= found.question.minutes)
    )
    return _as_table(people, within)


def near_groups(table: pd.DataFrame, on: Ground, marks: gpd.GeoDataFrame, question: PeerQuestion) -> pd.DataFrame:
    """People by main language within the walk of a group in that language.

    Parameters
    ----------
    table
        As `languages_of` gives it.
    on, marks, question
        As `layers.answers.peer_support.peer_reach` takes them; whatever language the question names.

    Returns
    -------
    DataFrame
        As `near_sites` but without English, with ``groups``: how many there are in the language; missing for a language
        that marks cannot name, or that the Census counts among others.
    """
    people = _near(table, on, on.counted).drop(ENGLISH, errors="ignore")
    within, groups = pd.Series(np.nan, people.index), pd.Series(np.nan, people.index)
    for code in LANGUAGES:
        name = called(code, people.index)
        if name is None:
            continue
        theirs = peer_support.groups_of(marks, code)
        groups[name], within[name] = len(theirs), 0.0
        if len(theirs):
            walk = reach_from(on.network, on.snaps, on.origins["area_code"], theirs)["minutes"].to_numpy(float)
            within[name] = _near(table, on, walk <= question.minutes)[name]
    return _as_table(people, within).assign(groups=groups)


def _as_table(people: pd.Series[float], within: pd.Series[float]) -> pd.DataFrame:
    table = pd.DataFrame({"people": people, "within": within, "share": within / people.where(people > 0)})
    table = table.sort_values("people", ascending=False, kind="stable")
    return table.round({"people": 1, "within": 1, "share": 4}).rename_axis("language")


def said(table: pd.DataFrame, walk: Walk) -> list[str]:
    """The commonest languages but English, in a sentence each, and where the numbers come from.

    Parameters
    ----------
    table
        As `near_sites` or `near_groups` gives it.
    walk
        The threshold, and what is walked to: "a group in it", of each language, or a site.
    """
    others = table[(table.index != ENGLISH) & (table["people"] >= LEAST)].head(_SAID)
    if others.empty:
        return ["No language but English is spoken by as many people as can be told."]
    lines = []
    for name, row in others.iterrows():
        near = f"{_count(row['within'])} of {shown(row['people'])} live within {walk.limit_walk} of {walk.to}"
        groups = row.get("groups", None)
        if groups is None:
            lines.append(f"{name}: {near}.")
        elif np.isnan(groups):
            lines.append(f"{name}: {shown(row['people'])}. Marks cannot say whether a group speaks it.")
        elif not groups:
            lines.append(f"{name}: {shown(row['people'])}, and no group in it on this map.")
        else:
            lines.append(f"{name}: {near} ({groups:,.0f} on this map).")
    return [*lines, SOURCE]


def _count(people: float) -> str:
    return f"about {shown(people)}" if people >= LEAST else "hardly any"


def of_peer_reach(table: pd.DataFrame | None, found: PeerReach) -> str:
    """What is known of who speaks the language of a question, for the page of the community."""
    code = found.question.language
    if table is None:
        return peer_support.NO_LANGUAGES
    if code is None:
        return f"Choose a language above to see how many people who speak it live near a group in it. {SOURCE}"
    people = _near(table, found.ground, found.ground.counted)
    name = called(code, people.index)
    if name is None:
        return f"The Census counts {LANGUAGES[code].english} among other languages, so its speakers are not known here."
    within = _near(table, found.ground, found.near)[name]
    return (
        f"Of {shown(people[name])} people whose main language is {name}, {_count(within)} live within "
        f"{found.question.walk.limit_walk} of a group in it. {SOURCE}"
    )
