"""Places that are not as they should be: without data, with strange names, broken."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import CARD, Place
from geo.crs import BNG
from geo.need import SHARES
from layers import cache
from layers.answers.question import Question
from layers.html import escape
from layers.maps.answer_map import NEAR
from layers.maps.site_markers import UNREACHED_WORDS
from layers.session.parameters import LAYERS
from tests.layers.conftest import ROOT
from tests.layers.reading import card, heading, headline, html, listed, markdown

ONE = "E01017282"
NAMES = (
    "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "{{7*7}}", "**bold**", "$x$", "<script>top.x=1</script>",
    "www.evil.example", ":material/home:", ":red[x]", "# big", "`code`", "&lt;b&gt;", "'\"><svg onload=alert(1)>",
)  # fmt: skip


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
    said = r"^\d+ of 5,891 under-fives \(1%\) are in none of these numbers.* In \d+ of 88 neighbourhoods"
    assert re.search(said, headline(at))
    assert headline(at).endswith("Neighbourhoods that we have no streets for are left out: 1.")
    assert "1 of 89 neighbourhoods have no street data." in at.warning[0].value
    facts = card(at)
    assert facts["Typical walk"] == "not known: no street data here"
    assert facts["Rank in the authority"] == "not ranked: no street data here"
    assert facts["Nearest"] == "none within walking reach"
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
    assert "no street data, or no way there on foot</th><td>1 area</td>" in html(at)
    at.pills(key="layer").set_value("gap").run()
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
    assert "Where to look first" in html(visit(place="nowhere"))


def test_a_centre_without_coordinates(visit, seen, derive, scenes):
    def lose(centres):
        return centres.assign(geometry=centres.geometry.where(centres.index != "20004", None))

    derive("Lost", centres=lose)
    at = visit(place="lost")
    assert "1 here cannot be walked to and counts nowhere: no coordinates are known of it" in at.warning[0].value
    assert "Ryde Children's Centre" in at.warning[0].value.replace("\\", "")
    assert "20004" not in {marker.id for marker in scenes.drawn[-1].markers}
    assert headline(at) != headline(seen())


def test_streets_that_are_missing_are_marked(visit, derive, scenes):
    cut = {"around": {"east": 0.2}, "edge": {"east": 0.9}, "beyond": 0.8, "inside": 0.96, "unreached": ["20004"]}
    folder = derive("Cut", card={"coverage": cut})
    gpd.GeoDataFrame(geometry=[shapely.box(459_000, 91_000, 464_000, 94_000)], crs=BNG).to_parquet(
        folder / "unmapped.parquet"
    )
    at = visit(place="cut")
    said = at.warning[0].value.replace("\\", "")
    assert "the street file covers 96% of Isle of Wight and 80% of the land up to 3 km beyond." in said
    assert "1 here cannot be walked to and counts nowhere: no street that we have leads to it." in said
    assert "Ryde Children's Centre" in said
    (near,) = re.findall(r"In (\d+) of the 89 neighbourhoods", said)
    scene = scenes.drawn[-1]
    dashed = [area for area in scene.areas if area.dashed]
    assert 0 < len(dashed) == int(near) < 89
    assert all(area.lines[-1] == NEAR for area in dashed)
    assert scene.legend[-1][1] == f"outline: {NEAR}"
    assert [marker.id for marker in scene.markers if UNREACHED_WORDS in marker.lines] == ["20004"]
    assert (next(one.value for one in at.dataframe if "near" in one.value)["near"] != "").sum() == int(near)
    assert any("On " in one.value and "7 sites count" in one.value for one in at.caption)


def test_no_centre_at_all(visit, derive):
    derive("Bare", centres=lambda centres: centres.iloc[:0])
    at = visit(place="bare", area=ONE)
    assert headline(at).startswith("Nobody can walk to a children's centre here")
    assert card(at)["Typical walk"] == "most families cannot walk there"
    at.pills(key="layer").set_value("walk").run()
    assert not at.exception
    assert "no way there on foot" in html(at)


FIGURES = ["imd_score", "imd_rank", "imd_decile", "idaci_rank", "idaci_decile", "residents", "born_outside_uk", "under2",
           "under5", *SHARES.values()]  # fmt: skip


@pytest.mark.parametrize("which", [[ONE], slice(None)], ids=["one area", "every area"])
def test_missing_figures_are_not_known(visit, derive, scenes, which):
    def forget(table):
        known = table.copy()
        columns = [name for name in FIGURES if name in known.columns]
        rows = slice(None) if isinstance(which, slice) else known.get("area_code", known.index.to_series()).isin(which)
        known.loc[rows, columns] = np.nan
        return known

    derive("Uncounted", areas=forget, origins=forget)
    at = visit(place="uncounted", area=ONE, layer="gap")
    facts = card(at)
    for name in ("Under-fives beyond 15 minutes", "Under-twos", "Residents", "Deprivation"):
        assert facts[name] == "not known", name
    assert next(text for name, text in facts.items() if name.startswith("Born outside")) == "not known"
    assert "Need not known" in heading(at)
    assert "<th scope='row'>need score</th><td>not known</td>" in html(at)
    assert at.dataframe[0].proto.placeholder == "not known"
    row = listed(at)[listed(at)["area"] == "Ryde West & Havenstreet (006A)"].iloc[0]
    assert row[["under5", "beyond", "imd", "abroad"]].isna().all()
    assert next(area for area in scenes.drawn[-1].areas if area.code == ONE).hatched
    for layer in (
        one for one in LAYERS if one not in {"births", "arrived2", "english", "play"}
    ):  # as the other proxies
        at.pills(key="layer").set_value(layer).run()
        assert not at.exception
        assert layer in {"gap", "walk", "away", "pram", "change"} or "not known</th>" in html(at)
    if isinstance(which, slice):
        assert "under-fives" not in headline(at)


def test_names_are_text_and_nothing_else(visit, derive, scenes):
    def cycle(table):
        return np.resize(NAMES, len(table))

    derive(
        "Twin <b>**bold**</b> $x$ {{7*7}} [x](javascript:alert(1)) www.evil.example",
        areas=lambda areas: areas.assign(area_name=cycle(areas), ward_name=cycle(areas)),
        centres=lambda centres: (
            centres.iloc[np.resize(np.arange(len(centres)), len(NAMES))]
            .assign(site_id=[f"9{n}" for n in range(len(NAMES))], name=list(NAMES), geometry=None)
            .set_index("site_id")
        ),
        play_spaces=lambda sites: sites.assign(name=cycle(sites)),
        card={"notes": list(NAMES), "figures": {"residents": NAMES[0]}},
    )
    key = next(key for key, place in cache.places.places().items() if place.card.name.startswith("Twin"))
    codes = cache.places.places()[key].areas().index[: len(NAMES)]
    for code, name in zip(codes, NAMES, strict=True):
        at = visit(place=key, area=code, to="play")
        assert_harmless(at)
        assert f"<h2>{escape(name)}</h2>" in html(at)
        assert name in next(area.lines for area in scenes.drawn[-1].areas if area.code == code)
    for at in (visit(place=key), visit("layers/pages/about.py", place=key)):
        assert_harmless(at)
    assert f"<li>{escape(NAMES[0])}</li>" in html(at)


def assert_harmless(at) -> None:
    """Nothing of a name is left that HTML or Markdown would take for their own."""
    assert not re.search(r"<(img src=x|script|svg)|<b>|\{\{", html(at))
    for line in markdown(at).replace(cache.places.walk_rules().strip(), "").splitlines():
        bare = re.sub(r"\\.", "", line)  # what a backslash guards is text
        assert not re.search(r"<\w|\]\(|\{\{|\$|`|:red|&\w", bare), line
        assert "**bold" not in bare
        assert not re.search(r"www\.evil|:material/home", line.replace("\\", "")), line


def test_a_broken_card_hides_no_other_place(visit, derive):
    (derive("Broken") / CARD).write_text('{"name": "Bro', "utf-8")
    at = visit()
    assert "In 64 of 89 neighbourhoods most families with a pram do." in headline(at)
    assert len(at.warning) == 1
    said = at.warning[0].value.replace("\\", "")
    assert "the folder broken" in said
    assert "\n" not in said
    assert str(derive) not in said


def test_wrong_cards_hide_no_other_place(visit, derive):
    wrong = ({"bounds": "everywhere"}, {"bounds": [1, 2, 3]}, {"name": 7}, {"pack_version": 99}, {"name": "***"})
    for number, change in enumerate(wrong):
        target = derive(f"Broken {number}")
        said = json.loads((target / CARD).read_text("utf-8")) | change
        (target / CARD).write_text(json.dumps(said), "utf-8")
    at = visit()
    assert len(at.warning) == len(wrong)
    assert len(at.selectbox(key="place").options) == 1


def test_a_broken_table_is_one_friendly_line(visit, derive):
    """Whichever table it is, corrupt or gone; and the other places can still be chosen."""
    broken = {}
    for table in ("areas", "origins", "centres", "network"):
        for content in (b"PAR1 not really", None):
            target = derive(f"Broken {table} {content is None}")
            path = target / f"{table}.parquet"
            path.write_bytes(content) if content else path.unlink()
            broken[Place.open(target).card.key] = table, target
    assert len(broken) == 8
    at = visit(place=next(iter(broken)))
    for key, (table, target) in broken.items():
        at.selectbox(key="place").set_value(key).run()
        assert len(at.error) == 1, key
        said = at.error[0].value.replace("\\", "")
        assert "cannot be shown" in said
        assert f"{table}.parquet" in said
        assert "\n" not in said
        assert "Traceback" not in said
        assert str(target) not in said
        assert not at.exception
    at.selectbox(key="place").set_value("isle-of-wight").run()
    assert not at.error
    assert "In 64 of 89 neighbourhoods most families with a pram do." in headline(at)


def test_no_place_at_all(visit, monkeypatch, tmp_path):
    monkeypatch.setattr(cache.places, "SAMPLE", tmp_path / "none")
    at = visit()
    assert "There is no place to show yet" in at.error[0].value
    assert at.title[0].value == "Places"
    assert "python cli.py build" in at.code[0].value


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
    assert {path.name.split("-")[0] for path in drawn.iterdir()} == {"areas", "base", "made", "segments"}


def test_an_answer_is_not_changed_by_being_shown(visit):
    visit()
    place = cache.places.places()["isle-of-wight"]
    before = cache.answers.answer(place, Question()).gaps.copy(), cache.answers.area_table(place, Question()).copy()
    visit(area=ONE, cell="high-far", layer="walk")
    pd.testing.assert_frame_equal(cache.answers.answer(place, Question()).gaps, before[0])
    pd.testing.assert_frame_equal(pd.DataFrame(cache.answers.area_table(place, Question())), pd.DataFrame(before[1]))
