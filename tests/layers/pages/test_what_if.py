"""The page What if: changes made and undone, refused, shared; new sites; what depends on each centre."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from data.place import SAMPLE, Place
from layers import cache
from layers.answers.place_search import the_one
from layers.answers.question import Question
from tests.layers.reading import html, markdown, words

PAGE = "layers/pages/what_if.py"
MADE_FOR = Place.open(SAMPLE / "isle_of_wight").card.fingerprint
EVIL = "<img src=x onerror=alert(1)> {{7*7}} **b** [x](javascript:1)"


@pytest.fixture
def open_page(visit):
    """Open the page as a link does."""
    return lambda **query: visit(PAGE, **query)


def headline(at) -> str:
    return re.search(r"<p class='pramshed-headline'>(.*?)</p>", html(at)).group(1).replace("&#x27;", "'")


def figures(at) -> list[int]:
    """Under-fives beyond the threshold now, with the changes, and the difference."""
    found = re.search(r"<dl class='pramshed-counts'>(.*?)</dl>", html(at))
    return [int(figure.replace(",", "")) for figure in re.findall(r"<dd>(.*?)</dd>", found.group(1))] if found else []


def made(at) -> list[str]:
    return re.findall(r"<p>\d+\. (.*?)</p>", html(at))


def test_nothing_is_changed_at_first(open_page, scenes):
    at = open_page()
    assert headline(at).startswith("Close, open, move or add a centre")
    assert figures(at) == []
    assert "None yet." in words(at)
    assert not scenes.drawn[-1].marking
    assert len({area.fill for area in scenes.drawn[-1].areas}) > 2, "the walk now is drawn"


def test_a_centre_is_closed_and_opened_again(open_page, scenes):
    at = open_page(site="20004")
    at.button(key="do-close").click().run()
    now, then, change = figures(at)
    assert then - now == change > 0
    assert made(at) == ["Close Ryde Children&#x27;s Centre"]
    assert next(m.shape for m in scenes.drawn[-1].markers if m.id == "20004") == "shut"
    assert at.query_params["changes"] == "close~20004"
    assert at.query_params["for"] == MADE_FOR
    at.button(key="do-open").click().run()
    assert figures(at)[2] == 0
    assert headline(at).startswith("Nothing changes")
    at.button(key="undo-1").click().run()
    assert figures(at) == [now, then, change]
    at.button(key="undo-0").click().run()
    assert not {"changes", "for"} & set(at.query_params)


def test_a_downgrade_counts_where_full_centres_do(open_page):
    at = open_page(site="20004", counts="full")
    at.button(key="do-downgrade").click().run()
    assert figures(at)[2] > 0
    at = open_page(site="20004")
    at.button(key="do-downgrade").click().run()
    assert figures(at)[2] == 0
    assert "still counts as a linked site" in words(at)


def test_a_ferry_that_would_make_walks_much_shorter_is_told(open_page):
    assert not open_page().warning
    at = open_page(changes="close~21020", **{"for": MADE_FOR})
    (told,) = at.warning
    assert "With the changes, for about " in told.value.replace("\\", "")
    assert "Cowes Floating Bridge" in told.value


def test_the_groups_add_up(open_page):
    at = open_page(changes="close~20004", **{"for": MADE_FOR})
    groups = at.dataframe[0].value.set_index("who")
    whole = groups.loc["Everyone"]
    fifths = groups.iloc[1:6]
    assert fifths["under5"].sum() == pytest.approx(whole["under5"], abs=3)
    assert fifths["then"].sum() == pytest.approx(whole["then"], abs=3)
    assert (groups["change"] == groups["then"] - groups["now"]).all()
    assert (groups["walk_then"] >= groups["walk_now"]).all()
    assert whole["walk_then"] > whole["walk_now"], "half of everyone walks longer, or more, when a centre closes"
    assert "By the slope, walks are then 36.8 minutes less in favour of the most deprived than now." in words(at)


@pytest.mark.parametrize(
    ("where", "said"),
    [("AB1 0AA", "is not a postcode in use here"), ("nowhere", "is neither a postcode")],
)
def test_what_cannot_be_found_is_said_and_nothing_lost(open_page, where, said):
    at = open_page(changes="close~20004", **{"for": MADE_FOR})
    box = next(one for one in at.text_input if one.label == "Postcode, street or landmark")
    box.set_value(where)
    next(one for one in at.button if one.label == "Add it").click().run()
    assert said in at.error[0].value.replace("\\", "")
    assert made(at) == ["Close Ryde Children&#x27;s Centre"]


@pytest.mark.parametrize(
    ("where", "said"),
    [("High Street", "may be more than one place"), ("lord lous", "is Lord Louis Library, Nodehill meant?")],
)
def test_a_name_that_several_have_or_none_is_not_guessed(open_page, where, said):
    at = open_page()
    next(one for one in at.text_input if one.label == "Postcode, street or landmark").set_value(where)
    next(one for one in at.button if one.label == "Add it").click().run()
    assert said in at.error[0].value.replace("\\", "")
    assert made(at) == []


def test_a_centre_is_added_where_a_street_or_a_landmark_is(open_page):
    at = open_page()
    next(one for one in at.text_input if one.label == "Postcode, street or landmark").set_value("high st newport")
    next(one for one in at.button if one.label == "Add it").click().run()
    assert not at.error
    link = at.query_params["changes"]
    where = the_one("High Street, Newport", Place.open(SAMPLE / "isle_of_wight"))
    easting, northing = (link if isinstance(link, str) else link[0]).split("~")[2:4]
    assert (float(easting), float(northing)) == pytest.approx((where.easting, where.northing), abs=0.5)


def test_a_name_is_text_and_nothing_else(open_page, scenes):
    at = open_page()
    next(one for one in at.text_input if one.label == "Name").set_value(EVIL[:80])
    next(one for one in at.text_input if one.label == "Postcode, street or landmark").set_value("SZ 505 890")
    next(one for one in at.button if one.label == "Add it").click().run()
    assert not at.exception
    assert "<img src=x" not in html(at)
    assert "&lt;img src=x" in html(at)
    assert "[x](" not in markdown(at)
    again = open_page(**dict(at.query_params))
    assert made(again) == made(at)


@pytest.mark.parametrize(
    "query",
    [
        {"changes": "close~20004", "for": "0123456789abcdef"},
        {"changes": "close~20004"},
        {"changes": "close~99999", "for": MADE_FOR},
        {"changes": "add~20004~450000~90000~Twice", "for": MADE_FOR},
    ],
)
def test_a_scenario_that_cannot_be_is_refused_and_can_be_left(open_page, query):
    at = open_page(**query)
    assert "This scenario cannot be shown here" in at.error[0].value
    next(one for one in at.button if one.label == "Start again").click().run()
    assert not at.error
    assert headline(at).startswith("Close, open")
    assert not {"changes", "for"} & set(at.query_params)


def test_saved_text_is_the_scenario(open_page):
    from layers.files.scenarios import from_text

    at = open_page(changes="close~20004_move~23154~458000~84000", name="Two at once", **{"for": MADE_FOR})
    saved = next(one for one in at.get("download_button") if one.proto.label == "Save as a file")
    assert not saved.proto.disabled
    text = json.dumps(
        {
            "format": "pramshed-scenario", "version": 1, "name": "Two at once", "place": "isle-of-wight",
            "fingerprint": MADE_FOR,
            "changes": [
                {"do": "close", "site_id": "20004"},
                {"do": "move", "site_id": "23154", "easting": 458000, "northing": 84000},
            ],
        }
    )  # fmt: skip
    assert [change.site_id for change in from_text(text, "x").changes] == ["20004", "23154"]
    assert len(made(at)) == 2


def test_new_sites_and_their_trial(open_page, scenes):
    at = open_page(part="where", k="2", aims="yes")
    assert headline(at).startswith("2 new sites would bring ")
    aims = next(one.value for one in at.dataframe if "longest_km" in one.value)
    assert aims["longest_km"].idxmin() == "farthest"
    assert "putting England's most deprived fifth first would bring" in words(at)
    assert "better (proved)" in words(at)
    assert [m.shape for m in scenes.drawn[-1].markers].count("added") == 2
    assert scenes.drawn[-1].gains_url is None
    promised = int(re.search(r"would bring ([\d,]+) more", headline(at)).group(1).replace(",", ""))
    drawn = next(one.value for one in at.dataframe if "New sites" in one.value).set_index("New sites")
    assert drawn.index.tolist() == [1, 2, 3, 4, 5]
    assert drawn.loc[2, "Newly within reach, best set of that size"] == promised
    next(one for one in at.button if one.label == "Try these as a scenario").click().run()
    assert at.query_params["changes"].count("add~") == 2
    assert "part" not in at.query_params
    assert -figures(at)[2] == pytest.approx(promised, abs=max(3, promised * 0.02))  # whole metres in the link


def test_streets_by_what_a_site_there_would_give(open_page, scenes):
    at = open_page(part="where", surface="yes")
    assert scenes.drawn[-1].gains_url.startswith("/app/static/places/gains-")
    assert "more than" in words(at)
    assert not at.exception


def test_a_place_without_venues_asks_the_street_corners(open_page, derive):
    (derive("Bare") / "venues.parquet").unlink()
    at = open_page(place="bare", part="where", k="1")
    assert "know of no libraries" in words(at)
    assert "We know of no closed centres in Bare that could have a new site" in at.warning[0].value.replace("\\", "")
    at.pills(key="from").set_value(["junctions"]).run()
    assert "the street corner at" in headline(at)


def test_unknown_under_fives_are_said(open_page, derive):
    derive(
        "Unknown",
        areas=lambda table: table.assign(under5=np.nan, under2=np.nan),
        origins=lambda table: table.assign(under5=np.nan, under2=np.nan),
    )
    at = open_page(place="unknown", site="20004")
    at.button(key="do-close").click().run()
    assert headline(at) == "Under-fives are not known here, so the difference cannot be counted in children."
    assert figures(at) == []
    at = open_page(place="unknown", part="where")
    assert not at.exception
    assert "Under-fives are not known here" in at.warning[0].value
    assert "would bring" not in words(at), "nobody known is not nobody"


def test_homes_that_no_sum_counts_depend_on_nothing(small_place):
    """Half of the second area has no street data: its other half, nearest to the first centre, is left out."""
    depends = cache.answers.depends(small_place, Question())
    assert depends["under5"].to_dict() == {"20001": 50, "20002": 50}


def test_what_depends_on_each_centre(open_page):
    at = open_page(part="depends")
    table = at.dataframe[0].value
    assert len(table) == 8
    assert table["would_cross"].is_monotonic_decreasing
    assert (table["would_cross"] <= table["under5"]).all()
