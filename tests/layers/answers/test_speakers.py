"""Who speaks a language near a group, against sums over homes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.place import Place
from geo.access import reach_from
from geo.errors import InputError
from geo.profiles import profile_named
from layers.answers import speakers
from layers.answers.peer_support import NO_LANGUAGES, PeerQuestion, groups_of, peer_reach
from layers.answers.question import Question, answer, ground
from layers.i18n import LANGUAGES
from tests.data.store import public_marks
from tests.layers.answers.test_peer_support import DRAFTS
from tests.layers.conftest import ISLAND

QUESTION = PeerQuestion(minutes=30)


@pytest.fixture(scope="module")
def on():
    return ground(Place.open(ISLAND), profile_named("buggy"))


@pytest.fixture(scope="module")
def marks():
    return public_marks.table_of(DRAFTS)


@pytest.fixture(scope="module")
def table(on):
    """Made up: as many speakers of Polish as residents born abroad; of Arabic ten in each area; of Urdu hardly any."""
    codes = on.areas.index
    people = {
        "English": on.areas["residents"], "Polish": on.areas["born_outside_uk"], "Arabic": 10.0, "Urdu": 0.05,
        "other South Asian languages": 2.0,
    }  # fmt: skip
    parts = [pd.DataFrame({"area_code": codes, "language": name, "people": each}) for name, each in people.items()]
    return pd.concat(parts, ignore_index=True)


def test_speakers_near_a_group_in_their_language(on, marks, table):
    """Polish speakers are spread as residents are: by hand, home by home."""
    found = speakers.near_groups(table, on, marks, QUESTION)
    walk = reach_from(on.network, on.snaps, on.origins["area_code"], groups_of(marks, "pl"))["minutes"].to_numpy()
    homes = on.origins.assign(near=on.counted & (walk <= 30))
    whole = homes.groupby("area_code")["residents"].sum()
    each = homes["residents"] / homes["area_code"].map(whole) * homes["area_code"].map(on.areas["born_outside_uk"])
    assert found.loc["Polish", "within"] == pytest.approx(each[homes["near"]].sum(), abs=0.06)
    assert found.loc["Polish", "people"] == pytest.approx(each[on.counted].sum(), abs=0.06)
    assert found["groups"].dropna().to_dict() == {"Polish": 1, "Arabic": 2, "Urdu": 0}
    assert np.isnan(found.loc["other South Asian languages", "within"])  # marks cannot name it


def test_said(on, marks, table):
    found = speakers.near_groups(table, on, marks, QUESTION)
    lines = speakers.said(found, QUESTION.walk)
    assert lines[0].startswith("Polish: about ")
    assert lines[0].endswith("(1 on this map).")
    assert lines[-2].endswith("Marks cannot say whether a group speaks it.")
    assert lines[-1] == speakers.SOURCE
    assert "Urdu" not in " ".join(lines)  # too few to be told


def test_near_centres(on, table):
    found = answer(Place.open(ISLAND), Question(day=date(2026, 6, 1)), on=on)
    near = speakers.near_sites(table, found)
    share = near["share"].drop(["English", "Polish"])
    assert share.to_numpy() == pytest.approx(share.iloc[0])  # spread alike over all areas
    assert 0.2 < share.iloc[0] < 0.5
    assert speakers.said(near, found.question.walk)[0].endswith("live within 15 minutes' walk of a children's centre.")


def test_on_the_page_of_the_community(on, marks, table):
    def told(language, known=table):
        return speakers.of_peer_reach(known, peer_reach(on, marks, PeerQuestion(language=language)))

    assert told("pl", None) == NO_LANGUAGES
    assert told(None).startswith("Choose a language above")
    assert told("so").startswith("The Census counts Somali among other languages")
    assert told("ur").startswith("Of 4 people whose main language is Urdu, hardly any live within 15 minutes' walk")


def test_the_names_of_the_census():
    known = pd.Index(["Panjabi", "Bengali (with Sylheti and Chatgaya)", "Polish", "other African languages"])
    found = {code: speakers.called(code, known) for code in LANGUAGES}
    assert {code: name for code, name in found.items() if name} == {"pa": known[0], "bn": known[1], "pl": "Polish"}


def test_a_place_without_the_table():
    with pytest.raises(InputError, match="main languages"):
        speakers.languages_of(Place.open(ISLAND))
