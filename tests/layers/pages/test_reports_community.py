"""Reports with community spaces: both numbers, whom to credit; scenarios are of official sites."""

from __future__ import annotations

import re

import pytest
import shapely

from data.place import Place
from layers import cache
from layers.answers.question import Question, answer
from tests.layers.conftest import ISLAND
from tests.layers.reading import html, words

pytestmark = pytest.mark.whole_report

PAGE = "layers/pages/reports.py"
FAR = shapely.Point(458_200, 81_300)
"""In Shanklin: the nearest centre is more than a quarter of an hour away, and many children live near."""


@pytest.fixture(autouse=True)
def _no_picture(community, no_search, monkeypatch):
    """A page without its picture."""
    monkeypatch.setattr(cache.reports, "picture", lambda *_: "<svg xmlns='http://www.w3.org/2000/svg'/>")


def figures(at) -> dict[str, str]:
    pairs = re.findall(r"<th scope='row'>(.*?)</th><td>(.*?)</td>", html(at))
    return {what.replace("&#x27;", "'"): said for what, said in pairs}


def test_both_numbers_but_of_a_scenario(visit, community):
    """A scenario is of official sites; without it, both numbers are told, and a new mark counts at once."""
    community.put(geometry=FAR, name="Shanklin hall")
    place, marks = Place.open(ISLAND), community.store.public.marks("isle-of-wight")
    official, every = (
        f"{answer(place, question, marks).gaps['under5_beyond'].sum():,.0f} of "
        for question in (Question(), Question(community=1))
    )
    assert official != every
    at = visit(PAGE, against="scenario", changes="close~20004", **{"for": place.card.fingerprint, "community": "yes"})
    assert not [one for one in at.radio if one.key == "community"]
    assert "community space" not in html(at)
    assert "The scenario&#x27;s changes, of official sites" in html(at)
    assert figures(at)["Under-fives beyond 15 minutes' walk, now"].startswith(official)
    at.radio(key="against").set_value("no").run()
    assert at.radio(key="community").value == "yes"
    told = figures(at)
    assert told["Under-fives beyond 15 minutes' walk"].startswith(every)
    assert told["Under-fives beyond 15 minutes' walk, official sites only"].startswith(official)
    assert "children's centre or a community space" in words(at).replace("&#x27;", "'")
    assert "What do the community" in html(at)
    community.put(geometry=FAR, name="Another hall beside it")
    at.run()
    assert "with 2 community spaces" in words(at)


def test_nobody_asks_for_community_spaces_unless_they_choose(visit, community):
    community.put(geometry=FAR, name="Shanklin hall")
    at = visit(PAGE, about="ward")
    assert at.radio(key="community").value == "no"
    at.radio(key="community").set_value("yes").run()
    assert at.query_params["community"] == "yes"
