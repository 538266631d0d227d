"""The page What was lost as a reader meets it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import Place
from geo.profiles import profile_named
from layers.answers import ledger
from layers.answers.question import ground
from layers.session.parameters import PARAMETERS
from tests.layers.conftest import ISLAND, derived
from tests.layers.reading import headline, html, markdown, words

PAGE = "layers/pages/lost.py"
COWES, WEST_WIGHT, VENTNOR = "20841", "23528", "23410"


@pytest.fixture(scope="module")
def found():
    place = Place.open(ISLAND)
    return ledger.answer_ledger(place, ground(place, profile_named("buggy")), ledger.LedgerQuestion(counting="full"))


def table(at) -> pd.DataFrame:
    """Every closure, as the page lists it."""
    return next(one.value for one in at.dataframe if "share" in one.value.columns)


def facts(at, caption: str) -> dict[str, str]:
    """A table of the chosen closure's card."""
    body = next(one.body for one in at.html if f"<caption>{caption}" in one.body)
    part = body.split(f"<caption>{caption}", 1)[1].split("</table>", 1)[0]
    return dict(re.findall(r"<th scope='row'>(.*?)</th><td>(.*?)</td>", part))


def title(at) -> str | None:
    """Which closure's card is open."""
    named = re.search(r"<h2>(.*?)</h2><p>[^<]*</p><p class='pramshed-reason'>Source", html(at))
    return named.group(1).replace("&#x27;", "'") if named else None


def press(site_id: str, at: int, kind: str = "site") -> dict:
    return {
        "last_active_drawing": {
            "type": "Feature",
            "properties": {"kind": kind, "id": site_id, "at": at},
            "geometry": {"type": "Point", "coordinates": [-1.2, 50.7]},
        }
    }


def with_closures(centres):
    """West Wight closed for certain, Ventnor is only announced to close, Cowes vanished from the list."""
    day = pd.Timestamp("2018-07-31")
    said = {"source": "council <b>pages</b>", "source_date": pd.Timestamp("2018-03-01"), "note": "It said {{so}}."}
    for site_id, status, precision in ((WEST_WIGHT, "closed", "day"), (VENTNOR, "announced", "month")):
        centres.loc[site_id, ["status", "closed", "date_precision", *said]] = [status, day, precision, *said.values()]
    centres.loc[COWES, ["status", "last_seen"]] = ["no_longer_listed", pd.Timestamp("2019-01-01")]
    return centres


@pytest.fixture(scope="module")
def closing_folder(tmp_path_factory):
    """A folder with the place Closing, made once."""
    folder = tmp_path_factory.mktemp("closing")
    derived(folder, "Closing", centres=with_closures)
    return folder


@pytest.fixture
def closing(visit, closing_folder, monkeypatch):
    """Open the page of Closing."""
    monkeypatch.setenv("PRAMSHED_PLACES", str(closing_folder))
    return lambda **query: visit(PAGE, place="closing", **query)


# --- the numbers -------------------------------------------------------------------------------------------------------


def test_the_numbers_are_those_of_the_ledger(seen, found):
    at = seen(PAGE)
    assert at.title[0].value.replace("\\", "") == "Isle of Wight: what was lost"
    assert headline(at) == ledger.headline(found)
    rows, listed, whole = found.ledger.closures, table(at), found.ledger.together
    assert listed.index.tolist() == rows.index.tolist()
    for ours, theirs in (("under5", "under5"), ("share", "share_crossed"), ("alone", "alone_crossed"),
                         ("reopened", "reopened_crossed"), ("median", "extra_minutes_median")):  # fmt: skip
        assert listed[ours].tolist() == rows[theirs].round().tolist(), ours
    assert listed["hours"].sum() == pytest.approx(whole["minutes"] / 60, abs=len(rows) / 2)
    assert (listed["share"].sum(), listed["under5"].sum()) == (whole["crossed"], whole["under5"])
    assert [line for line in ledger.pairs_said(found) if line not in words(at).replace("&#x27;", "'")] == []
    assert len(at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart")) == 2
    twins = [next(one.value for one in at.dataframe if column in one.value) for column in ("then", "From")]
    assert min(map(len, twins)) > 1, "what the map and the chart of the years show, as tables"
    for line in ("The table above has the same numbers", "Families and streets are the latest we have on every day"):
        assert line in markdown(at)
    assert ([*at.warning], [one.label for one in at.get("download_button")]) == ([], ["Download this table (CSV)"])


def test_the_five_greatest_until_one_is_chosen(visit, found):
    at = visit(PAGE)
    assert "What took the most" in html(at)
    for rank, (site_id, row) in enumerate(found.ledger.closures.head(5).iterrows(), start=1):
        button = at.button(key=f"first-{site_id}")
        assert button.label.replace("\\", "") == f"{rank}. {row['name']}"
        assert f"{row['share_crossed']:,.0f} more under-fives beyond 15 minutes" in html(at)
    at.button(key=f"first-{COWES}").click().run()
    assert title(at) == "Cowes Children's Centre"
    assert at.query_params["event"] == COWES
    assert "What took the most" not in html(at)


def test_the_card_says_what_the_ledger_says(seen, found):
    at = seen(PAGE, event=COWES)
    row, place = found.ledger.closures.loc[COWES], Place.open(ISLAND).card
    assert title(at) == row["name"]
    assert at.selectbox(key="event").value == COWES
    said = facts(at, "Who lost it")
    assert said["Under-fives nearest to it"] == f"{row['under5']:,.0f} ({place.figures['under5']})"
    assert said["Under-twos"] == f"{row['under2']:,.0f} ({place.figures['under2']})"
    assert said["Residents"] == f"{row['residents']:,.0f} ({place.figures['residents']})"
    assert said["Born outside the UK (proxy for families from abroad)"].startswith(f"{row['born_outside_uk']:,.0f} (")
    assert said["Were within 15 minutes, now beyond"] == f"{row['crossed']:.0f} of {row['under5']:.0f} under-fives"
    three = facts(at, "What was lost")
    for way, words_of in (("alone", "Alone"), ("reopened", "Reopening"), ("share", "Its share")):
        text = next(text for name, text in three.items() if name.startswith(words_of))
        assert text.startswith(f"{row[f'{way}_crossed']:,.0f} under-fives")
        assert text.endswith(f", {row[f'{way}_minutes'] / 60:,.0f} hours")
    flows = found.ledger.flows[found.ledger.flows["site_id"] == COWES]
    where = facts(at, "Nearest centre that is left")
    assert list(where.values()) == [f"{count:,.0f}" for count in flows["under5"]]
    assert "Source: GIAS open extract, as of 30 January 2026." in html(at)
    assert "Became a linked site on 7 March 2016." in html(at)


def test_the_map(visit, scenes, found):
    at = visit(PAGE)
    scene = scenes.drawn[-1]
    shapes = {marker.id: marker.shape for marker in scene.markers}
    assert {shapes[site_id] for site_id in found.lost.gone.index} == {"linked"}
    assert {shapes[site_id] for site_id in found.lost.left.index} == {"open"}
    flows = found.ledger.flows[found.ledger.flows["under5"] >= 1]
    assert len(scene.flows) == len(flows)
    assert (
        "Cowes Children's Centre → West Newport Children's Centre",
        "686 under-fives; their typical walk is over an hour longer",
    ) in [flow.lines for flow in scene.flows]
    at.selectbox(key="event").set_value("21020").run()
    chosen = scenes.drawn[-1]
    assert chosen.selected == "21020"
    assert {flow.lines[0].split(" →")[0] for flow in chosen.flows} == {"East Cowes Children's Centre"}
    assert len(chosen.flows) == (flows["site_id"] == "21020").sum()


# --- choosing ----------------------------------------------------------------------------------------------------------


def test_a_click_on_the_map(visit, scenes):
    at = visit(PAGE)
    scenes.click = press(COWES, 1)
    at.run()
    assert title(at) == "Cowes Children's Centre"
    assert at.query_params["event"] == COWES
    at.selectbox(key="event").set_value(VENTNOR).run()
    assert title(at) == "Ventnor Children's Centre"  # the old click is not taken twice
    for number, (site_id, kind) in enumerate([("23515", "site"), ("nowhere", "site"), ("E01017282", "area")], start=2):
        scenes.click = press(site_id, number, kind)  # not what is gone
        at.run()
        assert title(at) == "Ventnor Children's Centre"
    at.selectbox(key="event").set_value(None).run()
    assert title(at) is None
    assert "event" not in at.query_params


@pytest.mark.parametrize("event", ["<b>x</b>", "", "x" * 200])
def test_what_can_be_no_closure_is_not_taken_from_a_link(event):
    assert PARAMETERS["event"].read(event) is None


@pytest.mark.parametrize("event", ["nonsense", "99999", "20004", "../.."])
def test_a_link_to_no_closure(seen, event):
    at = seen(PAGE, event=event)
    assert title(at) is None
    assert "What took the most" in html(at)
    assert "event" not in at.query_params


def test_a_closure_that_the_switch_leaves_out_is_not_chosen_any_more(closing):
    at = closing(event=VENTNOR)
    assert title(at) == "Ventnor Children's Centre"
    at.radio(key="closures").set_value("confirmed").run()
    assert title(at) is None
    assert VENTNOR not in table(at).index
    at.radio(key="closures").set_value("all").run()
    assert VENTNOR in table(at).index


def test_the_chosen_closure_stays_while_another_page_is_open(visit):
    at = visit(PAGE, event=COWES)
    at.switch_page("layers/pages/about.py").run()
    at.switch_page(PAGE).run()
    assert title(at) == "Cowes Children's Centre"


# --- what counts -------------------------------------------------------------------------------------------------------


def test_all_announced_or_confirmed_only(closing, scenes):
    at = closing()
    assert table(at).index.sort_values().tolist() == [COWES, VENTNOR, WEST_WIGHT]  # any listed site is usual here
    assert headline(at).startswith("1 centre closed, 1 centre is announced to close and 1 centre is no longer listed.")
    assert "not confirmed as closed: 2" in at.warning[0].value.replace("\\", "")
    shapes = {marker.id: marker.shape for marker in scenes.drawn[-1].markers}
    assert [shapes[site_id] for site_id in (WEST_WIGHT, VENTNOR, COWES)] == ["closed", "announced", "unlisted"]
    everything = table(at)["share"].sum()
    at.radio(key="closures").set_value("confirmed").run()
    assert at.query_params["closures"] == "confirmed"
    assert table(at).index.tolist() == [WEST_WIGHT]
    assert headline(at).startswith("1 centre closed, counting confirmed closures only.")
    assert not at.warning
    assert 0 < table(at)["share"].sum() < everything
    assert {flow.lines[0].split(" →")[0] for flow in scenes.drawn[-1].flows} == {"West Wight Children's Centre"}
    kept = {marker.id for marker in scenes.drawn[-1].markers if marker.lines[-1] == "counts as still there"}
    assert kept == {VENTNOR, COWES}
    at.radio(key="closures").set_value("announced").run()
    assert table(at).index.tolist() == [VENTNOR]
    assert headline(at).startswith("1 centre is announced to close. ")
    assert 0 < table(at)["share"].sum() < everything
    at.selectbox(key="since").set_value(2020).run()
    assert "since 1 January 2020" in headline(at)
    assert "Ended since" in at.info[0].value


def test_what_counts_as_a_centre(closing):
    at = closing(of="full")
    assert len(table(at)) == 5
    assert set(table(at)["said"]) == {"Became a linked site on 7 March 2016"}
    at.selectbox(key="event").set_value(WEST_WIGHT).run()
    assert "What came after: closed on 31 July 2018." in html(at)


def test_who_walks_and_how_long(visit):
    at = visit(PAGE)
    before = table(at)
    at.select_slider(key="minutes").set_value(30).run()
    assert "30 minutes' walk" in headline(at)
    assert table(at)["share"].tolist() != before["share"].tolist()
    at.radio(key="who").set_value("toddler").run()
    assert table(at)["median"].sum() > before["median"].sum()


@pytest.mark.full_size
@pytest.mark.real
def test_leeds(visit, folder, real_place):
    """Its council announced closures: with them all, more is lost than with those that are confirmed."""
    built = real_place("leeds-review")
    (folder / "leeds").symlink_to(built.folder)
    at = visit(PAGE, place="leeds")
    everything, said = table(at), headline(at)
    assert "announced to close" in said
    assert said.startswith(re.match(r"\d+ centres? closed", said).group())
    assert any("not confirmed as closed" in one.value.replace("\\", "") for one in at.warning)
    at.radio(key="closures").set_value("confirmed").run()
    confirmed = table(at)
    assert set(confirmed.index) < set(everything.index)
    assert headline(at) != said
    assert confirmed["share"].sum() < everything["share"].sum()
    assert built.card.name in at.title[0].value


# --- places that are not as they should be -----------------------------------------------------------------------------


def all_open(centres):
    return centres.assign(status="open", served_as="open", linked_since=pd.NaT, type_code="47")


def test_nothing_lost(visit, derive, scenes):
    derive("Whole", centres=all_open)
    at = visit(PAGE, place="whole")
    assert headline(at) == "We know of no full centre here that closed or became a linked site."
    said = at.info[0].value.replace("\\", "")
    assert "Sources: GIAS open extract, 30 January 2026." in said
    assert "centres may have closed without being recorded" in said
    assert not [key for key in scenes.keys if key.startswith("lost-")]
    assert not at.warning
    assert "Through the years" in markdown(at)
    at.radio(key="lost-of-whole").set_value("listed").run()
    assert not at.exception
    assert "linked sites now" not in at.info[0].value  # there are none


def test_nothing_but_linked_sites(seen):
    at = seen(PAGE, of="listed")
    assert headline(at).startswith("We know of no centre here that closed")
    assert "“Full centres only” in the menu counts those" in at.info[0].value


def forget(table):
    names = [name for name in ("under5", "under2") if name in table.columns]
    return table.assign(**dict.fromkeys(names, np.nan))


def test_under_fives_not_known(visit, derive, scenes):
    derive("Uncounted", areas=forget, origins=forget)
    at = visit(PAGE, place="uncounted")
    assert headline(at) == "Under-fives are not known here, so what was lost cannot be counted in children."
    listed = table(at)
    assert listed[["under5", "under2", "share", "alone", "hours"]].isna().all(axis=None)
    assert listed["residents"].notna().all()
    assert all(re.search(r"[\d,]+ residents; their typical walk", flow.lines[1]) for flow in scenes.drawn[-1].flows)
    assert scenes.drawn[-1].flows
    assert "No chart: " in markdown(at)
    assert "cannot be counted through the years" in markdown(at)
    at.selectbox(key="event").set_value(COWES).run()
    said = facts(at, "Who lost it")
    assert said["Under-fives nearest to it"] == "not known"
    assert "Were within 15 minutes, now beyond" not in said
    assert "counted in three ways" not in html(at)
    assert not re.search(r"\bnan\b", words(at), re.IGNORECASE)


def test_nobody_is_counted(visit, derive):
    def forget_all(table):
        names = ("under5", "under2", "residents", "born_outside_uk")
        return table.assign(**{name: np.nan for name in names if name in table.columns})

    derive("Nobody", areas=forget_all, origins=forget_all)
    at = visit(PAGE, place="nobody", event=COWES)
    assert set(facts(at, "Who lost it").values()) >= {"not known"}
    assert not re.search(r"\bnan\b", words(at), re.IGNORECASE)


def test_a_closure_outside_the_street_data_is_named(visit, derive, scenes):
    def far(centres):
        moved = [shapely.Point(400_000, 50_000), None]
        for site_id, point in zip((WEST_WIGHT, VENTNOR), moved, strict=True):
            centres.loc[site_id, "geometry"] = point
        return centres

    derive("Far", centres=far)
    at = visit(PAGE, place="far", event=WEST_WIGHT)
    said = at.warning[0].value.replace("\\", "")
    assert "West Wight Children's Centre" in said
    assert "Ventnor Children's Centre" in said
    listed = table(at)
    assert listed.loc[[WEST_WIGHT, VENTNOR], ["rank", "under5", "share", "median"]].isna().all(axis=None)
    assert listed["measured"].to_dict() == dict.fromkeys(listed.index, "yes") | {
        WEST_WIGHT: "no street near it", VENTNOR: "no coordinates",
    }  # fmt: skip
    assert "so what was lost is not known" in html(at)
    assert "Who lost it" not in html(at)
    ids = {marker.id for marker in scenes.drawn[-1].markers}
    assert WEST_WIGHT in ids
    assert VENTNOR not in ids  # it has no place on the map
    assert not any(button.key == f"first-{WEST_WIGHT}" for button in at.button)


def test_areas_without_street_data(visit, derive, scenes):
    one = "E01017282"

    def at_sea(origins):
        return origins.assign(
            geometry=origins.geometry.where(origins["area_code"] != one, shapely.points(400_000.0, 50_000.0))
        )

    derive("Half Mapped", origins=at_sea)
    at = visit(PAGE, place="half-mapped")
    assert [area.code for area in scenes.drawn[-1].areas if area.hatched] == [one]
    assert "no street data" in words(at)


HOSTILE = (
    "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "{{7*7}}", "**bold**", "$x$", "<script>top.x=1</script>",
    "www.evil.example", "=HYPERLINK(1)",
)  # fmt: skip


def test_hostile_names_are_text(visit, derive, scenes):
    """On the page, and on the card of every closure."""
    derive("Strange", centres=lambda centres: centres.assign(name=HOSTILE, source=HOSTILE[::-1], note=HOSTILE))
    at = visit(PAGE, place="strange")
    closed = table(at).index
    assert len(closed) == 5
    for event in (None, *closed):
        at.selectbox(key="event").set_value(event).run()
        assert not at.exception
        assert (title(at) is None) == (event is None)
        assert not re.search(r"<(img src=x|script)|\{\{", html(at))
        for line in markdown(at).splitlines():
            bare = re.sub(r"\\.", "", line)
            assert not re.search(r"<\w|\]\(|\{\{|\$", bare), line
            assert "**bold" not in bare
            assert "www.evil" not in line.replace("\\", "")
