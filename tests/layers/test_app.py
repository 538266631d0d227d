"""The dashboard as a reader meets it: every page, every control, every link, and places that are not as they should."""

from __future__ import annotations

import json
import re
from datetime import date
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import CARD, Place
from layers import cached, session, webmap
from layers.question import Question, answer
from tests.layers.conftest import ISLAND, ROOT

PAGES = sorted((ROOT / "layers" / "pages").glob("[!_]*.py"))
OPENED = {"explore": "who can walk to a children's centre?", "about": "data and method"}
ONE = "E01017282"
NAMES = (
    "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "{{7*7}}", "**bold**", "$x$", "<script>top.x=1</script>",
    "www.evil.example", ":material/home:", ":red[x]", "# big", "`code`", "&lt;b&gt;", "'\"><svg onload=alert(1)>",
)  # fmt: skip


def html(at) -> str:
    """All that is on the page as HTML of our own, style sheets apart."""
    return "\n".join(one.body for one in at.html if not one.body.startswith("<style>"))


def markdown(at) -> str:
    """All that is on the page as Markdown."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "error", "button")
    return "\n".join(str(getattr(one, "value", "") or one.label) for kind in kinds for one in at.get(kind)) + "\n".join(
        button.label for button in at.button
    )


def words(at) -> str:
    """All that is on the page, as plain text."""
    return re.sub(r"<[^>]+>", " ", html(at)) + markdown(at).replace("\\", "")


def headline(at) -> str:
    return re.search(r"<p class='pramshed-headline'>(.*?)</p>", html(at)).group(1).replace("&#x27;", "'")


def card(at) -> dict[str, str]:
    """The facts on the card of the chosen area."""
    body = next(one.body for one in at.html if "<caption>The walk and who lives here" in one.body)
    return dict(re.findall(r"<th scope='row'>(.*?)</th><td>(.*?)</td>", body))


def heading(at) -> str:
    return next(one.body for one in at.html if one.body.startswith("<h2>"))


def listed(at) -> pd.DataFrame:
    return at.dataframe[0].value


# --- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_opens(visit, path):
    at = visit(f"layers/pages/{path.name}")
    assert not at.error
    assert OPENED[path.stem] in at.title[0].value.replace("\\", "")  # a new page: say here how it is known


def test_no_page_is_forgotten(visit):
    assert {path.stem for path in PAGES} == set(OPENED)
    assert all(f"layers/pages/{path.name}" in (ROOT / "app.py").read_text("utf-8") for path in PAGES)


def test_headings_are_in_order(visit):
    for page in (None, "layers/pages/about.py"):
        at = visit(page)
        assert len(at.title) == 1
        assert not at.subheader
        levels = [int(level) for level in re.findall(r"<h(\d)", html(at))]
        levels += [len(hashes) + 0 for hashes in re.findall(r"^(#+) ", markdown(at), re.MULTILINE)]
        assert min(levels, default=2) >= 2


# --- the answer --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worked():
    """The bundled place's answer, worked out home by home: the areas, their medians, the under-fives beyond."""
    place = Place.open(ISLAND)
    reach = answer(place, Question(day=date(2026, 6, 1))).reach
    areas, weight = pd.read_parquet(ISLAND / "areas.parquet"), pd.read_parquet(ISLAND / "origins.parquet")["under5"]
    median, beyond = {}, 0.0
    for code in areas.index:
        homes = reach[reach["area_code"] == code].assign(weight=weight)
        known = homes[homes["reached"] != "off_network"]
        if known["weight"].sum() * 2 <= homes["weight"].sum():
            median[code] = np.nan
            continue
        running, half = 0.0, known["weight"].sum() / 2
        for minutes, children in sorted(zip(known["minutes"].fillna(np.inf), known["weight"], strict=True)):
            if running < half - 1e-9 <= running + children:
                median[code] = minutes
            running += children
            beyond += children if minutes > 15 else 0.0
    return areas, pd.Series(median), beyond


def test_the_headline_is_worked_out_from_the_tables(visit, worked):
    areas, median, beyond = worked
    far, known = median > 15, median.notna()
    children = areas["under5"].astype(float)
    assert headline(visit()) == (
        f"In {far.sum()} of {known.sum()} neighbourhoods most families with a pram live more than 15 minutes' walk from "
        f"a children's centre; {children[far].sum():,.0f} of {children[known].sum():,.0f} under-fives live there. "
        f"Home by home, {beyond:,.0f} under-fives live beyond 15 minutes."
    )


def test_the_table_says_the_same_minutes(visit, worked):
    areas, median, _ = worked
    table = listed(visit())
    expected = dict(zip(areas["area_name"], median, strict=True))
    for name, minutes in zip(table["area"], table["minutes"], strict=True):
        assert minutes == pytest.approx(expected[name], abs=0.006)


def test_the_first_places_are_the_first_of_the_table(visit):
    at = visit()
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


def test_status(visit):
    at = visit()
    at.pills(key="status").set_value(["open"]).run()
    fewer = headline(at)
    assert at.query_params["status"] == "open"
    at.pills(key="status").set_value(["open", "linked"]).run()
    more = headline(at)
    far = [int(re.search(r"In (\d+) of", said).group(1)) for said in (more, fewer)]
    assert far[0] < far[1]


def test_none_of_the_status_pills(visit):
    at = visit()
    before = headline(at)
    at.pills(key="status").set_value([]).run()
    assert not at.exception
    assert headline(at) == before
    assert "None is chosen, so all count." in markdown(at)
    assert at.query_params["status"] == "none"
    assert visit(status="none").pills(key="status").value == []


def test_the_order_of_pressing_does_not_matter(visit):
    at = visit()
    at.pills(key="status").set_value(["announced", "linked", "open"]).run()
    assert "status" not in at.query_params


def test_profile(visit):
    at = visit(area=ONE)
    before = headline(at)
    at.radio(key="who").set_value("toddler").run()
    assert headline(at) != before
    assert "with a toddler" in headline(at)
    assert at.query_params["who"] == "toddler"
    assert at.selectbox(key="area").value == ONE  # the reader's neighbourhood stays


def test_minutes(visit):
    at = visit(area=ONE)
    at.select_slider(key="minutes").set_value(30).run()
    assert "30 minutes' walk" in headline(at)
    assert "Within 30 minutes" in card(at)
    assert at.query_params["minutes"] == "30"


@pytest.mark.parametrize("layer", session.LAYERS)
def test_layer(visit, scenes, layer):
    at = visit()
    fills = [area.fill for area in scenes.drawn[-1].areas]
    at.selectbox(key="layer").set_value(layer).run()
    assert not at.exception
    same = [area.fill for area in scenes.drawn[-1].areas] == fills
    assert same == (layer == "gap")
    assert at.query_params.get("layer") == (None if layer == "gap" else layer)
    assert ("High need, far" in markdown(at)) == (layer == "gap")
    assert ("<table class='pramshed-table'>" in html(at)) == (layer != "gap")


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
    visit(show="none")
    assert scenes.drawn[-1].markers == ()
    assert "lists no closed centre" in markdown(visit(show="closed"))


def test_weights(visit):
    at = visit()
    before = listed(at)["area"].tolist()
    for part in ("imd", "idaci", "under5"):
        at.slider(key=f"need_{part}").set_value(0)
    at.run()
    assert listed(at)["area"].tolist() != before
    assert at.query_params["need_imd"] == "0"
    at.slider(key="need_abroad").set_value(0).run()
    assert "All are zero, so all count alike." in markdown(at)
    assert listed(at)["area"].tolist() == before


def test_a_square_of_the_legend(visit, scenes):
    at = visit()
    everything = len(listed(at))
    at.button(key="cell-high-far").click().run()
    rows = listed(at)
    assert 0 < len(rows) < everything
    assert set(zip(rows["need"], rows["access"], strict=True)) == {("high", "far")}
    assert at.button(key="cell-high-far").label.startswith("**✓ High need, far**")
    assert at.query_params["cell"] == "high-far"
    bright = [area.code for area in scenes.drawn[-1].areas if area.fill != "#ffffff"]
    assert len(bright) == len(rows)
    at.button(key="cell-high-far").click().run()
    assert len(listed(at)) == everything
    assert "cell" not in at.query_params


def test_an_empty_square(visit):
    at = visit()
    empty = next(button for button in at.button if "\n0 areas" in button.label)
    empty.click().run()
    assert not at.exception
    assert len(listed(at)) == 0


def test_an_area_and_its_card(visit, scenes, worked):
    areas, median, _ = worked
    at = visit()
    assert "Where the gap is largest" in html(at)
    at.selectbox(key="area").set_value(ONE).run()
    name = areas.loc[ONE, "area_name"]
    assert heading(at).startswith(f"<h2>{name}</h2>")
    facts = card(at)
    reach = answer(Place.open(ISLAND), Question()).reach
    here = reach[reach["area_code"] == ONE]
    centres = pd.read_parquet(ISLAND / "centres.parquet")["name"]
    said = f"half of families walk {median[ONE]:.0f} minutes or more"
    assert facts["Walk now"].startswith(said)
    assert facts["Nearest"].startswith(centres[here["site_id"].mode()[0]].replace("'", "&#x27;"))
    assert facts["Second nearest"].startswith(centres[here["second_site_id"].mode()[0]].replace("'", "&#x27;"))
    assert re.fullmatch(r"\d+ of 89 \(1 is the largest gap\)", facts["Rank in the authority"])
    assert facts["Residents"] == f"{areas.loc[ONE, 'residents']:,.0f} (Census 2021)"
    assert facts["Under-twos"].endswith("(mid-2020)")
    assert "IoD2025" in facts["Deprivation"]
    assert re.search(r"<p>(High|Middle|Low) need, (near|fair|far): half of families", heading(at))
    assert "need score" in html(at)
    assert at.query_params["area"] == ONE
    assert scenes.drawn[-1].selected == ONE
    assert "Where the gap is largest" not in html(at)


def test_one_of_the_first_places(visit):
    at = visit()
    first = next(button for button in at.button if button.key.startswith("first-"))
    first.click().run()
    assert at.query_params["area"] == first.key.removeprefix("first-")
    assert "Walk now" in card(at)


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


# --- the URL -----------------------------------------------------------------------------------------------------------

EVERYTHING = {
    "place": "isle-of-wight", "to": "play", "status": "open,announced", "who": "adult", "minutes": "10", "layer": "gap",
    "show": "play,closed", "area": ONE, "cell": "high-far", "need_imd": "0", "need_idaci": "2", "need_abroad": "3",
    "need_under5": "4",
}  # fmt: skip


def test_a_link_restores_everything(visit):
    at = visit(**EVERYTHING)
    assert at.selectbox(key="place").value == "isle-of-wight"
    assert at.radio(key="to").value == "play"
    assert at.radio(key="who").value == "adult"
    assert at.select_slider(key="minutes").value == 10
    assert at.pills(key="show").value == ["play", "closed"]
    assert at.selectbox(key="area").value == ONE
    assert [at.slider(key=f"need_{part}").value for part in ("imd", "idaci", "abroad", "under5")] == [0, 2, 3, 4]
    assert at.button(key="cell-high-far").label.startswith("**✓")
    assert at.query_params == {key: text for key, text in EVERYTHING.items() if (key, text) != ("layer", "gap")}
    at.radio(key="to").set_value("centres").run()
    assert at.pills(key="status").value == ["open", "announced"]


def test_nothing_is_lost_from_run_to_run(visit):
    at = visit(**EVERYTHING | {"layer": "walk"})
    before = dict(at.query_params)
    at.run()
    at.switch_page("layers/pages/about.py")
    at.run()
    assert at.query_params == before
    at.switch_page("layers/pages/explore.py")
    at.run()
    assert at.query_params == before


def test_the_menu_forgets_nothing(visit):
    """Streamlit's menu opens a page without a query: what was chosen stays."""
    at = visit(**EVERYTHING)
    before = dict(at.query_params)
    at.query_params.clear()
    at.switch_page("layers/pages/about.py")
    at.run()
    at.query_params.clear()
    at.switch_page("layers/pages/explore.py")
    at.run()
    assert at.query_params == before


def test_the_browsers_back(visit):
    at = visit()
    assert at.query_params == {}
    at.radio(key="who").set_value("adult").run()
    at.selectbox(key="area").set_value(ONE).run()
    for query in ({"place": "isle-of-wight", "who": "adult"}, {}):
        at.query_params.clear()
        at.query_params.update(query)
        at.run()
        assert at.query_params == query
        assert at.selectbox(key="area").value is None
        assert at.radio(key="who").value == query.get("who", "buggy")


def test_a_control_wins_over_the_url_of_the_run_before(visit):
    """Whoever is quick presses again before the browser has heard of the new URL."""
    at = visit(who="adult")
    old = dict(at.query_params)
    at.radio(key="who").set_value("toddler").run()
    at.query_params.clear()
    at.query_params.update(old)
    at.select_slider(key="minutes").set_value(30).run()
    assert at.radio(key="who").value == "toddler"
    assert at.select_slider(key="minutes").value == 30


PICKLE = "gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu"


@pytest.mark.parametrize(
    "junk",
    ["", " ", "\x00", "none,none", "<script>alert(1)</script>", "{{7*7}}", PICKLE, "../../etc/passwd", "E01017282'--",
     "E01099999", "E0101728\u0662", "x" * 20_000, "-1", "1e9", "nan", "15.0", "high", "high-far-", "open," * 500,
     "[x](javascript:alert(1))", "None", "\u202egap"],
    ids=lambda junk: ascii(junk)[:24],
)  # fmt: skip
def test_nonsense_in_the_url_is_ignored(visit, junk):
    plain = visit()
    at = visit(**dict.fromkeys([*EVERYTHING, "unknown"], junk))
    assert not at.error
    assert "unknown" not in at.query_params
    if junk.startswith("open,"):
        assert at.pills(key="status").value == ["open"]
    else:
        assert headline(at) == headline(plain)
    assert len(urlencode(at.query_params)) < 200
    if len(junk) > 8:
        assert junk not in html(at) + markdown(at)


def test_a_value_given_twice(visit):
    at = visit(who=["adult", "toddler"])
    assert at.radio(key="who").value in {"adult", "toddler"}


# --- places that are not as they should be ---------------------------------------------------------------------------


def test_without_play_spaces(visit, derive, scenes):
    derive("Playless", play=False)
    at = visit(place="playless", to="play", show="play,centres")
    assert not at.error
    assert "no play-space data for this place" in markdown(at)
    assert not [radio for radio in at.radio if radio.key == "to"]
    assert "children's centre" in headline(at)
    assert at.pills(key="show").options == ["Children's centres", "Closed centres"]
    assert "play" not in {marker.shape for marker in scenes.drawn[-1].markers}
    at.selectbox(key="place").set_value("isle-of-wight").run()
    assert at.radio(key="to").options == ["A children's centre", "A play space"]


def far_out_at_sea(origins):
    lost = origins["area_code"] == ONE
    moved = shapely.points(400_000.0, 50_000.0)
    return origins.assign(geometry=origins.geometry.where(~lost, moved))


def test_areas_without_street_data(visit, derive, scenes):
    derive("Half Mapped", origins=far_out_at_sea)
    at = visit(place="half-mapped", area=ONE)
    assert re.match(r"In \d+ of 88 neighbourhoods", headline(at))
    assert re.search("For 1 more .*no street data, so they are not counted", headline(at))
    assert "1 of 89 neighbourhoods have no street data here" in at.warning[0].value
    facts = card(at)
    assert facts["Walk now"] == "not known: no street data here"
    assert facts["Rank in the authority"] == "not ranked: no street data here"
    assert facts["Nearest"] == "none that can be walked to"
    assert facts["Within 15 minutes"] == "not known"
    assert facts["Under-fives beyond 15 minutes"] == "not known"
    assert "no street data" in heading(at)
    striped = [area for area in scenes.drawn[-1].areas if area.hatched]
    assert [area.code for area in striped] == [ONE]
    assert "no street data here" in striped[0].lines
    row = listed(at).iloc[-1]
    assert pd.isna(row["rank"])
    assert pd.isna(row["minutes"])
    assert pd.isna(row["beyond"])
    assert "no street data here</th><td>1 area</td>" in html(at)
    counted = sum(
        int(re.search(r"\n(\d+) area", button.label).group(1)) for button in at.button if "need" in button.label
    )
    assert counted == 88


def test_a_place_without_any_street(visit, derive):
    derive(
        "Nowhere",
        origins=lambda origins: origins.assign(geometry=shapely.points([(400_000.0, 50_000.0)] * len(origins))),
    )
    at = visit(place="nowhere", area=ONE)
    assert "There is no street data for any neighbourhood" in headline(at)
    assert "Where the gap is largest" in html(visit(place="nowhere"))


def test_a_centre_without_coordinates(visit, derive, scenes):
    def lose(centres):
        return centres.assign(geometry=centres.geometry.where(centres.index != "20004", None))

    derive("Lost", centres=lose)
    at = visit(place="lost")
    assert "1 centre has no coordinates" in at.warning[0].value
    assert "Ryde Children's Centre" in at.warning[0].value.replace("\\", "")
    assert "20004" not in {marker.id for marker in scenes.drawn[-1].markers}
    assert headline(at) != headline(visit())


def test_no_centre_at_all(visit, derive):
    derive("Bare", centres=lambda centres: centres.iloc[:0])
    at = visit(place="bare", area=ONE)
    assert headline(at).startswith("In 89 of 89")
    assert card(at)["Walk now"] == "no way there on foot for most families"
    at.selectbox(key="layer").set_value("walk").run()
    assert not at.exception
    assert "no way there on foot" in html(at)


FIGURES = ["imd_score", "imd_rank", "imd_decile", "idaci_rank", "idaci_decile", "residents", "born_outside_uk", "under2",
           "under5"]  # fmt: skip


@pytest.mark.parametrize("which", [[ONE], slice(None)], ids=["one area", "every area"])
def test_missing_figures_are_not_known(visit, derive, scenes, which):
    def forget(table):
        known = table.copy()
        columns = [name for name in FIGURES if name in known.columns]
        rows = slice(None) if isinstance(which, slice) else known.get("area_code", known.index.to_series()).isin(which)
        known.loc[rows, columns] = np.nan
        return known

    derive("Uncounted", areas=forget, origins=forget)
    at = visit(place="uncounted", area=ONE)
    facts = card(at)
    for name in ("Under-fives beyond 15 minutes", "Under-twos", "Residents", "Deprivation"):
        assert facts[name] == "not known", name
    assert next(text for name, text in facts.items() if name.startswith("Born outside")) == "not known"
    assert "Need not known" in heading(at)
    assert "<th scope='row'>need score</th><td>not known</td>" in html(at)
    assert at.dataframe[0].proto.placeholder == "not known"
    row = listed(at)[listed(at)["area"] == "Isle of Wight 006A"].iloc[0]
    assert row[["under5", "beyond", "imd", "abroad"]].isna().all()
    assert next(area for area in scenes.drawn[-1].areas if area.code == ONE).hatched
    for layer in session.LAYERS:
        at.selectbox(key="layer").set_value(layer).run()
        assert not at.exception
        assert layer in {"gap", "walk"} or "not known</th>" in html(at)
    if isinstance(which, slice):
        assert "under-fives" not in headline(at)


def test_names_are_text_and_nothing_else(visit, derive, scenes):
    def cycle(table):
        return np.resize(NAMES, len(table))

    derive(
        f"Twin {' '.join(NAMES)}",
        areas=lambda areas: areas.assign(area_name=cycle(areas), ward_name=cycle(areas)),
        centres=lambda centres: (
            centres.iloc[np.resize(np.arange(len(centres)), len(NAMES))]
            .assign(site_id=[f"9{n}" for n in range(len(NAMES))], name=list(NAMES), geometry=None)
            .set_index("site_id")
        ),
        play_spaces=lambda sites: sites.assign(name=cycle(sites)),
        card={"notes": list(NAMES), "figures": {"residents": NAMES[0]}},
    )
    key = next(key for key, place in cached.places().items() if place.card.name.startswith("Twin"))
    codes = cached.places()[key].areas().index[: len(NAMES)]
    for code, name in zip(codes, NAMES, strict=True):
        at = visit(place=key, area=code, to="play")
        assert_harmless(at)
        assert f"<h2>{webmap.escape(name)}</h2>" in html(at)
        assert name in next(area.lines for area in scenes.drawn[-1].areas if area.code == code)
    for at in (visit(place=key), visit("layers/pages/about.py", place=key)):
        assert_harmless(at)
    assert f"<li>{webmap.escape(NAMES[0])}</li>" in html(at)


def assert_harmless(at) -> None:
    """Nothing of a name is left that HTML or Markdown would take for their own."""
    assert not re.search(r"<(img src=x|script|svg)|<b>|\{\{", html(at))
    for line in markdown(at).replace(cached.walk_rules().strip(), "").splitlines():
        bare = re.sub(r"\\.", "", line)  # what a backslash guards is text
        assert not re.search(r"<\w|\]\(|\{\{|\$|`|:red|&\w", bare), line
        assert not re.search(r"www\.evil|:material/home|\*\*bold", line.replace("\\", "")), line


def test_a_broken_card_hides_no_other_place(visit, derive):
    (derive("Broken") / CARD).write_text('{"name": "Bro', "utf-8")
    at = visit()
    assert headline(at).startswith("In ")
    assert len(at.warning) == 1
    said = at.warning[0].value.replace("\\", "")
    assert "the folder broken" in said
    assert "\n" not in said
    assert str(derive) not in said


@pytest.mark.parametrize(
    "change", [{"bounds": "everywhere"}, {"bounds": [1, 2, 3]}, {"name": 7}, {"pack_version": 99}, {"name": "***"}]
)
def test_a_wrong_card_hides_no_other_place(visit, derive, change):
    target = derive("Broken")
    said = json.loads((target / CARD).read_text("utf-8")) | change
    (target / CARD).write_text(json.dumps(said), "utf-8")
    at = visit()
    assert len(at.warning) == 1
    assert len(at.selectbox(key="place").options) == 1


@pytest.mark.parametrize("table", ["areas", "origins", "centres", "network"])
@pytest.mark.parametrize("content", [b"PAR1 not really", None], ids=["corrupt", "gone"])
def test_a_broken_table_is_one_friendly_line(visit, derive, table, content):
    target = derive(f"Broken {table} {content is None}")
    path = target / f"{table}.parquet"
    path.write_bytes(content) if content else path.unlink()
    place = next(key for key in cached.places() if key.startswith("broken"))
    at = visit(place=place)
    assert len(at.error) == 1
    said = at.error[0].value.replace("\\", "")
    assert "cannot be shown" in said
    assert f"{table}.parquet" in said
    assert "\n" not in said
    assert "Traceback" not in said
    assert str(target) not in said
    at.selectbox(key="place").set_value("isle-of-wight").run()
    assert not at.error
    assert headline(at).startswith("In ")


def test_no_place_at_all(visit, monkeypatch, tmp_path):
    monkeypatch.setattr(cached, "SAMPLE", tmp_path / "none")
    at = visit()
    assert "There is no place to show yet" in at.error[0].value


def test_a_place_that_is_built_while_the_app_runs(visit, derive):
    at = visit()
    assert len(at.selectbox(key="place").options) == 1
    derive("Newcomer")
    at.run()
    assert len(at.selectbox(key="place").options) == 2
    at.selectbox(key="place").set_value("newcomer").run()
    assert at.title[0].value.startswith("Newcomer")
    assert at.query_params["place"] == "newcomer"


def test_each_place_has_a_map_of_its_own(visit, derive, scenes):
    derive("Second")
    visit()
    visit(place="second")
    assert len(set(scenes.keys)) == 2


def test_nothing_is_written_into_the_repository(visit, drawn):
    before = {path.name for path in (ROOT / "static" / "places").glob("*")}
    visit()
    assert {path.name for path in (ROOT / "static" / "places").glob("*")} == before
    assert {path.name.split("-")[0] for path in drawn.iterdir()} == {"areas", "streets"}


def test_an_answer_is_not_changed_by_being_shown(visit):
    visit()
    place = cached.places()["isle-of-wight"]
    before = cached.answer(place, Question()).gaps.copy(), cached.area_table(place, Question()).copy()
    visit(area=ONE, cell="high-far", layer="walk")
    pd.testing.assert_frame_equal(cached.answer(place, Question()).gaps, before[0])
    pd.testing.assert_frame_equal(pd.DataFrame(cached.area_table(place, Question())), pd.DataFrame(before[1]))
