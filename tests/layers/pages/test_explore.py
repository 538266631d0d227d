"""The dashboard as a reader meets it: every page, the answer, every control."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import numpy as np
import pandas as pd
import pytest

from data.place import Place
from geo.profiles import profile_named
from layers.answers.question import Question, answer, ground
from layers.html import escape
from layers.session.parameters import LAYERS
from tests.layers.conftest import ISLAND, ROOT
from tests.layers.reading import card, heading, headline, html, listed, markdown, words

PAGES = sorted((ROOT / "layers" / "pages").glob("[!_]*.py"))
OPENED = {
    "explore": "who can walk to a children's centre?", "about": "data and method", "what_if": "what if?",
    "lost": "what was lost", "community": "the community's map", "mark": "Put a place on the map",
    "moderate": "moderation", "reports": "Isle of Wight: reports", "places": "Places", "compare": "Side by side",
    "in_short": "in short", "in_the_way": "what stands in the way",
}  # fmt: skip
ANSWERING = ("explore", "about", "what_if", "lost", "community", "reports", "compare", "in_short", "in_the_way")
"""Pages that are made of a place's data."""
ONE = "E01017282"


# --- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_opens(seen, path):
    at = seen(f"layers/pages/{path.name}")
    assert not at.error
    assert OPENED[path.stem] in at.title[0].value.replace("\\", "")  # a new page: say here how it is known


@pytest.mark.parametrize("name", ANSWERING)
def test_a_page_says_whose_data_it_shows(seen, name):
    owed = Place.open(ISLAND).card.attributions
    foot = unescape("".join(one.body for one in seen(f"layers/pages/{name}.py").html if "<footer" in one.body))
    assert any("OpenStreetMap" in line for line in owed)
    assert [line for line in owed if line not in foot] == []


def test_no_page_is_forgotten(visit):
    assert {path.stem for path in PAGES} == set(OPENED)
    assert all(f"layers/pages/{path.name}" in (ROOT / "app.py").read_text("utf-8") for path in PAGES)


def test_headings_are_in_order(seen):
    for page in (None, "layers/pages/about.py"):
        at = seen(page)
        assert len(at.title) == 1
        assert not at.subheader
        levels = [int(level) for level in re.findall(r"<h(\d)", html(at))]
        levels += [len(hashes) + 0 for hashes in re.findall(r"^(#+) ", markdown(at), re.MULTILINE)]
        assert min(levels, default=2) >= 2


# --- the answer --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on():
    """The bundled place's ground."""
    return ground(Place.open(ISLAND), profile_named("buggy"))


@pytest.fixture(scope="module")
def worked(on):
    """The bundled place's answer, worked out home by home: the areas, their medians, the under-fives beyond."""
    place = Place.open(ISLAND)
    reach = answer(place, Question(day=date(2026, 6, 1)), on=on).reach
    areas, weight = pd.read_parquet(ISLAND / "areas.parquet"), pd.read_parquet(ISLAND / "origins.parquet")["under5"]
    median, beyond, walked = {}, 0.0, 0.0
    for code in areas.index:
        homes = reach[reach["area_code"] == code].assign(weight=weight)
        known = homes[homes["reached"] != "off_network"]
        if known["weight"].sum() * 2 <= homes["weight"].sum():
            median[code] = np.nan
            continue
        running, half = 0.0, known["weight"].sum() / 2
        walked += known["weight"].sum()
        for minutes, children in sorted(zip(known["minutes"].fillna(np.inf), known["weight"], strict=True)):
            if running < half - 1e-9 <= running + children:
                median[code] = minutes
            running += children
            beyond += children if minutes > 15 else 0.0
    return areas, pd.Series(median), beyond, walked


def test_the_headline_is_worked_out_from_the_tables(seen, worked):
    _, median, beyond, walked = worked
    far, known = median > 15, median.notna()
    assert headline(seen()) == (
        f"{beyond:,.0f} of {walked:,.0f} under-fives whose walk is known ({beyond / walked:.0%}) live more than 15 minutes' "
        f"walk from a children's centre. In {far.sum()} of {known.sum()} neighbourhoods most families with a pram do."
    )


def test_the_table_says_the_same_minutes_and_a_share_in_per_cent(seen, worked):
    areas, median, *_ = worked
    table = listed(seen())
    expected = dict(zip(areas["area_name"], median, strict=True))
    for name, minutes in zip(table["area"], table["minutes"], strict=True):
        assert minutes == round(expected[name])
    both = table["under5"] * table["within"] / 100 + table["beyond"]
    assert both.tolist() == pytest.approx(table["under5"].tolist(), abs=2), "but for those who have no street data"


def test_the_first_places_are_the_first_of_the_table(seen):
    at = seen()
    for rank, name in enumerate(listed(at)["area"].head(5), start=1):
        assert f"{rank}. {name}" in markdown(at).replace("\\", "")


# --- controls ----------------------------------------------------------------------------------------------------------


def test_destination(visit, scenes):
    at = visit()
    before = headline(at)
    at.radio(key="to").set_value("play").run()
    assert "who can walk to a play space?" in at.title[0].value.replace("\\", "")
    assert headline(at) != before
    assert "play space" in headline(at)
    assert "play space" in scenes.drawn[-1].label
    assert at.query_params["to"] == "play"


def test_what_counts_as_a_centre(visit):
    at = visit()
    more = headline(at)
    at.radio(key="counts").set_value("full").run()
    fewer = headline(at)
    assert at.query_params["counts"] == "full"
    far = [int(re.search(r"In (\d+) of", said).group(1)) for said in (more, fewer)]
    assert far[0] < far[1]
    assert "a full children's centre" in fewer
    assert "hubs" not in at.radio(key="counts").options, "the bundled place knows of no family hub"


def test_a_day_of_the_past(visit):
    """On 7 March 2016 five full centres became linked sites."""
    at = visit(counts="full")
    now = headline(at)
    at.select_slider(key="_slider").set_value(date(2016, 1, 1)).run()
    assert at.query_params["day"] == "2016-01-01"
    assert headline(at).startswith("On 1 January 2016: ")
    assert "8 sites count: 8 full centres" in words(at)
    at.select_slider(key="_slider").set_value(date(2016, 3, 7)).run()
    assert headline(at) == f"On 7 March 2016: {now}"
    at.button(key="play-today").click().run()
    assert headline(at) == now
    assert "day" not in at.query_params


def test_the_years_play(visit):
    at = visit(counts="full")
    at.button(key="play").click().run()
    assert at.query_params["day"] == "2004-01-01"
    assert at.button(key="play").label == "Pause"
    at.button(key="play").click().run()
    assert at.button(key="play").label == "Play"
    assert at.query_params["day"] == "2004-01-01"


def test_a_day_that_is_not_certain_is_counted_both_ways(visit, derive, scenes):
    def forget(centres):
        return centres.assign(opened=centres["opened"].where(centres.index != "20004"))

    derive("Undated", centres=forget)
    at = visit(place="undated", day="2015-01-01")
    assert "It is not certain whether this one was open on 1 January 2015: Ryde Children's Centre." in words(at)
    assert re.search(r"So between ([\d,]+) and ([\d,]+) under-fives live beyond 15 minutes", words(at))
    assert [marker.id for marker in scenes.drawn[-1].markers if marker.unsure] == ["20004"]


def test_profile(visit):
    at = visit(area=ONE)
    walked = listed(at).set_index("area")["minutes"]
    at.radio(key="who").set_value("toddler").run()
    slower = listed(at).set_index("area")["minutes"].reindex(walked.index)
    assert (slower > walked).mean() > 0.9  # 3.2 instead of 4 km/h; only a short cut by steps may make up for it
    assert "with a toddler" in headline(at)
    assert at.query_params["who"] == "toddler"
    assert at.selectbox(key="area").value == ONE  # the reader's neighbourhood stays


def test_minutes(visit):
    at = visit(area=ONE)
    at.select_slider(key="minutes").set_value(30).run()
    assert "30 minutes' walk" in headline(at)
    assert "Within 30 minutes" in card(at)
    assert at.query_params["minutes"] == "30"


def test_layers(visit, scenes):
    """Each, and the usual one again at the end."""
    at = visit()
    fills = [area.fill for area in scenes.drawn[-1].areas]
    for layer in [
        *(layer for layer in LAYERS if layer not in {"change", "births", "arrived2", "english", "play"}),
        "walk",
    ]:
        at.pills(key="layer").set_value(layer).run()
        assert not at.exception
        same = [area.fill for area in scenes.drawn[-1].areas] == fills
        assert same == (layer == "walk"), layer
        assert at.query_params.get("layer") == (None if layer == "walk" else layer)
        assert ("High need, over 15 minutes" in markdown(at)) == (layer == "gap"), layer
        assert (" areas</td>" in html(at)) == (layer != "gap"), layer
        listed = next(one.value for one in at.dataframe if "access" in one.value)
        assert ("pram" in listed) == (layer == "pram")
        assert listed.iloc[:, 3 if layer == "pram" else 0].dropna().is_monotonic_decreasing == (layer == "pram")


def test_play_spaces_by_size_colour_walks_to_play_spaces_alone(visit, scenes):
    at = visit(to="play", layer="play")
    assert scenes.drawn[-1].legend_title == "Larger play space within 400 m"
    assert "more than 75%" in html(at)
    at.radio(key="to").set_value("centres").run()
    assert at.pills(key="layer").value == "walk"
    assert not at.exception


def test_a_place_without_figures_of_a_part_offers_neither_its_slider_nor_its_layer(visit, derive):
    figures = dict.fromkeys(("residents", "born_outside_uk", "under5", "arrived_5y_share"), "Census 2021")
    derive("Older", areas=lambda areas: areas.drop(columns=["little_english_share"]), card={"figures": figures})
    at = visit(place="older", layer="english", need_english="4", need_arrived5="2")
    assert not at.exception
    parts = ("imd", "idaci", "abroad", "under5", "arrived5")
    assert [one.key for one in at.slider if one.key.startswith("need_")] == [f"need_{part}" for part in parts]
    assert at.pills(key="layer").value == "walk"
    assert "Came within 5 years" in at.pills(key="layer").options
    assert "Little English" not in at.pills(key="layer").options


def test_shown(visit, scenes):
    at = visit()
    assert {marker.shape for marker in scenes.drawn[-1].markers} == {"open", "linked"}
    assert "linked site" in html(at)
    at.pills(key="show").set_value(["play"]).run()
    assert {marker.shape for marker in scenes.drawn[-1].markers} == {"play"}
    assert "play space</li>" in html(at)
    assert "linked site" not in html(at)
    at.pills(key="show").set_value([]).run()
    assert scenes.drawn[-1].markers == ()
    assert at.query_params["show"] == "none"
    scenes.drawn.clear()
    visit(show="none")
    assert scenes.drawn[-1].markers == ()
    assert "lists no closed centre" in markdown(visit(show="closed"))


def test_what_is_walked_to_is_on_the_map(visit, scenes):
    visit(to="play")
    assert {marker.shape for marker in scenes.drawn[-1].markers} == {"open", "linked", "play"}


def test_a_link_to_a_place_that_is_not_here_says_so(visit):
    at = visit(place="atlantis")
    assert [one.value.replace("\\", "") for one in at.warning] == [
        "There is no place atlantis here, so Isle of Wight is shown. The menu lists the places that are here."
    ]
    at.run()
    assert not at.warning


def test_weights(visit):
    at = visit()
    before = listed(at)["area"].tolist()
    for part in ("imd", "idaci", "under5"):
        at.slider(key=f"need_{part}").set_value(0)
    at.run()
    assert listed(at)["area"].tolist() != before
    assert at.query_params["need_imd"] == "0"
    at.slider(key="need_abroad").set_value(0).run()
    assert "All are 0, so all count the same." in markdown(at)
    assert listed(at)["area"].tolist() == before


def test_high_need_here_or_in_england(visit):
    at = visit(area="E01017341")
    assert "high here, middle in England" in unescape(html(at))
    assert "<th scope='row'>Rank under other weightings of need</th><td>3 to 9</td>" in html(at)
    assert "(0.83; 1 is the same order)" in words(at)
    assert "53% in the middle one of the 10" in words(at), "beside neighbourhoods with similar need"
    here = listed(at)
    at.radio(key="thirds-authority").set_value("england").run()
    assert at.query_params["thirds"] == "england"
    then = listed(at)
    assert then["need"].tolist() == here["england"].tolist() != here["need"].tolist()
    assert then["authority"].tolist() == here["need"].tolist()
    assert then["rank"].tolist() == here["rank"].tolist()
    assert "Middle need in England: " in unescape(html(at))
    at.radio(key="thirds-authority").set_value("authority").run()
    assert "thirds" not in at.query_params


def test_a_square_of_the_legend(visit, scenes):
    at = visit(layer="gap")
    everything = len(listed(at))
    at.button(key="cell-high-far").click().run()
    rows = listed(at)
    assert 0 < len(rows) < everything
    assert set(zip(rows["need"], rows["access"], strict=True)) == {("high", "far")}
    assert at.button(key="cell-high-far").label.startswith("**✓ High need, over 15 minutes**")
    assert at.query_params["cell"] == "high-far"
    bright = [area.code for area in scenes.drawn[-1].areas if area.fill != "#ffffff"]
    assert len(bright) == len(rows)
    at.button(key="cell-high-far").click().run()
    assert len(listed(at)) == everything
    assert "cell" not in at.query_params


def test_an_empty_square(visit):
    at = visit(layer="gap")
    empty = next(button for button in at.button if "\n0 areas" in button.label)
    empty.click().run()
    assert not at.exception
    assert len(listed(at)) == 0


def test_an_area_and_its_card(visit, scenes, worked, on):
    areas, median, *_ = worked
    at = visit()
    assert "Where to look first" in html(at)
    at.selectbox(key="area").set_value(ONE).run()
    name = areas.loc[ONE, "area_name"]
    assert heading(at).startswith(f"<h2>{escape(name)}</h2>")
    facts = card(at)
    reach = answer(Place.open(ISLAND), Question(), on=on).reach
    here = reach[reach["area_code"] == ONE]
    centres = pd.read_parquet(ISLAND / "centres.parquet")["name"]
    assert facts["Typical walk"].startswith(f"about {median[ONE]:.0f} minutes")
    assert facts["Nearest"].startswith(centres[here["site_id"].mode()[0]].replace("'", "&#x27;"))
    assert facts["Second nearest"].startswith(centres[here["second_site_id"].mode()[0]].replace("'", "&#x27;"))
    assert re.fullmatch(r"\d+ of 89 \(1 = highest priority\)", facts["Rank in the authority"])
    assert facts["Residents"] == f"{areas.loc[ONE, 'residents']:,.0f} (Census 2021)"
    assert facts["Under-twos"].endswith("(mid-2020)")
    assert "IoD2025" in facts["Deprivation"]
    assert re.search(r"<p>(High|Middle|Low) need: the typical walk", heading(at))
    assert "need score" in html(at)
    assert at.query_params["area"] == ONE
    assert scenes.drawn[-1].selected == ONE
    assert "around Ashey Road" in heading(at)
    assert next(area.lines for area in scenes.drawn[-1].areas if area.code == ONE)[:2] == (name, "around Ashey Road")
    assert "Where to look first" not in html(at)


def test_one_of_the_first_places(visit):
    at = visit()
    first = next(button for button in at.button if button.key.startswith("first-"))
    first.click().run()
    assert at.query_params["area"] == first.key.removeprefix("first-")
    assert "Typical walk" in card(at)


def test_a_click_on_the_map(visit, scenes):
    at = visit()
    scenes.click = {
        "last_active_drawing": {
            "type": "Feature",
            "properties": {"kind": "area", "id": ONE, "at": 1},
            "geometry": {"type": "Point", "coordinates": [-1.2, 50.7]},
        }
    }
    at.run()
    assert at.selectbox(key="area").value == ONE
    assert at.query_params["area"] == ONE
    at.selectbox(key="area").set_value("E01017283").run()
    assert at.query_params["area"] == "E01017283"  # the old click is not taken twice
    scenes.click["last_active_drawing"]["properties"] = {"kind": "area", "id": "E01099999", "at": 2}
    at.run()
    assert at.selectbox(key="area").value == "E01017283"  # an area of nowhere


def test_other_readings_of_the_map_are_tried_when_asked_for(visit):
    at = visit(area=ONE)
    assert "How sure" not in card(at)
    assert "sure" not in listed(at)
    at.toggle[[one.label for one in at.toggle].index("Try other readings of the map, too")].set_value(True).run()
    assert "of 89 neighbourhoods are robust" in html(at)
    assert card(at)["How sure"].startswith(("Robust: ", "Fragile: "))
    assert listed(at)["sure"].str.startswith(("Robust: ", "Fragile: ")).all()
