"""Explore with and without community spaces, and the page Community map, as a reader meets them."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
import shapely

from data.place import Place
from data.store.people import OPERATOR
from geo.profiles import profile_named
from layers import cache
from layers.answers import community_sites
from layers.answers.question import Question, answer, ground, today
from tests.layers.conftest import ISLAND, on_the_map
from tests.layers.reading import card, headline, html, markdown, words

pytestmark = pytest.mark.place_anew

PAGE = "layers/pages/community.py"
WHAT_IF = "layers/pages/what_if.py"
EVIL = "<img src=x onerror=alert(1)> {{7*7}} **b** [x](javascript:1)"
FAR = shapely.Point(458_200, 81_300)
"""In Shanklin: the nearest centre is more than a quarter of an hour away, and many children live near."""
NEWPORT = shapely.Point(450_200, 89_200)


@pytest.fixture
def place():
    return Place.open(ISLAND)


@pytest.fixture(scope="module")
def on():
    """The bundled place's ground."""
    return ground(Place.open(ISLAND), profile_named("buggy"))


@pytest.fixture
def beyond(place, on):
    """Under-fives beyond the threshold, worked out from the files: ``beyond(marks, counting="full")``."""

    def count(marks=None, **asked):
        question = Question(day=today(), **asked)
        question = question if marks is None else replace(question, community=1)
        return f"{answer(place, question, marks, on=on).gaps['under5_beyond'].sum():,.0f}"

    return count


def counts(at):
    """Figures that stand side by side, by what they count."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html(at)))


class TestExplore:
    """The switch, both numbers, the map."""

    def test_without_marks_there_is_nothing_to_switch(self, visit, community):
        at = visit()
        assert not [one for one in at.radio if one.key == "community"]
        assert "Community marks" not in at.pills(key="show").options
        assert counts(at) == {}
        assert "cannot be read" not in markdown(at)

    def test_both_numbers_whichever_counts(self, visit, community, beyond):
        community.put(geometry=FAR, name="Shanklin hall")
        marks = community.store.public.marks("isle-of-wight")
        both = {
            "Under-fives beyond 15 minutes, official only": beyond(),
            "Under-fives beyond 15 minutes, with 1 community space": beyond(marks),
        }
        assert len(set(both.values())) == 2
        at = visit()
        assert counts(at) == both
        assert "walk from a children's centre." in headline(at)
        at.radio(key="community").set_value("yes").run()
        assert counts(at) == both
        assert at.query_params["community"] == "yes"
        assert "children's centre or a community space" in headline(at)
        assert headline(at).startswith(f"{both['Under-fives beyond 15 minutes, with 1 community space']} of")
        assert "also 1 community space" in words(at)
        assert headline(visit(community="yes")) == headline(at)

    @pytest.mark.parametrize("counting", ["full"])
    def test_with_other_ways_of_counting(self, visit, community, beyond, counting):
        community.put(geometry=FAR)
        marks = community.store.public.marks("isle-of-wight")
        at = visit(community="yes", counts=counting)
        assert list(counts(at).values()) == [beyond(counting=counting), beyond(marks, counting=counting)]

    def test_play_spaces(self, visit, community, beyond, scenes):
        street = shapely.LineString([(455_900, 78_000), (456_100, 78_000)])
        community.put(kind="play_space", geometry=street, name="Play street")
        marks = community.store.public.marks("isle-of-wight")
        assert counts(visit()) == {}  # none that counts on a walk to a centre
        at = visit(to="play", community="yes")
        assert list(counts(at).values()) == [beyond(to="play"), beyond(marks, to="play")]
        assert "play space (community ones included)" in headline(at)
        (drawn,) = scenes.drawn[-1].drawn
        assert drawn.lines[0] == "Play street"
        assert ("play", "Play street") in {(one.shape, one.label) for one in scenes.drawn[-1].markers}

    def test_a_new_mark_counts_at_once_and_one_taken_off_no_longer(self, visit, community):
        first = community.put(geometry=FAR)
        at = visit(community="yes")
        before = headline(at)
        second = community.put(geometry=NEWPORT, kind="drop_in")
        at.run()
        assert headline(at) != before
        assert "with 2 community spaces" in html(at)
        community.store.desk.withdraw(OPERATOR, second.id, version=second.version, reason="gone")
        at.run()
        assert headline(at) == before
        community.store.desk.withdraw(OPERATOR, first.id, version=first.version, reason="gone")
        at.run()
        assert "community" not in headline(at)
        assert at.query_params["community"] == "yes"  # a link holds, whatever has become of the marks

    def test_what_is_drawn(self, visit, community, scenes):
        hall = community.put(geometry=FAR, name="Hall", languages=("ar",), days=("mon",), opens="09:30", closes="11:00")
        steps = community.put(kind="barrier", geometry=NEWPORT, name="Steps", stops="prams")
        at = visit()
        assert not {"community", "barrier"} & {one.shape for one in scenes.drawn[-1].markers}
        at.radio(key="community").set_value("yes").run()
        drawn = {one.id: one for one in scenes.drawn[-1].markers}
        assert hall.id in drawn
        assert steps.id not in drawn
        assert "community space" in html(at)
        at.pills(key="show").set_value(["marks"]).run()
        drawn = {one.id: one for one in scenes.drawn[-1].markers}
        assert set(drawn) == {hall.id, steps.id}
        assert drawn[hall.id].lines[:3] == ("Place to meet", "Mon, 09:30 to 11:00", "languages: Arabic")
        assert drawn[hall.id].lines[3].startswith("put on the map by Newport families, approved ")
        assert drawn[steps.id].lines[1] == "stops: people with a pram"
        assert "Community marks: Newport families." in html(at)
        at.radio(key="community").set_value("no").run()
        assert "community space, not counted now" in html(at)

    def test_the_card_names_it_and_nothing_it_says_is_run(self, visit, community, place, on):
        community.put(geometry=FAR, name=EVIL)
        marks = community.store.public.marks("isle-of-wight")
        found = answer(place, Question(day=today(), community=1), marks, on=on)
        code = found.gaps.index[found.gaps["site_id"] == marks.index[0]][0]
        at = visit(community="yes", area=code, show="centres,marks")
        assert "&lt;img src=x onerror=alert(1)&gt;" in card(at)["Nearest"]
        assert not re.search(r"<img src=x|\{\{", html(at))

    def test_a_store_that_does_not_answer(self, visit, community, monkeypatch, tmp_path):
        (tmp_path / "file").write_text("no folder", "utf-8")
        monkeypatch.setenv("PRAMSHED_MARKS_URL", f"sqlite:///{tmp_path / 'file' / 'marks.sqlite'}")
        at = visit(community="yes")
        assert "cannot be read at the moment, so only official sites count" in words(at)
        assert "walk from a children's centre." in headline(at)
        assert "cannot be read at the moment" in words(visit(PAGE))

    def test_what_if_stays_official(self, visit, community, place):
        official = headline(visit(WHAT_IF))
        community.put(geometry=FAR)
        at = visit(WHAT_IF, community="yes")
        assert headline(at) == official
        assert not [one for one in at.radio if one.key == "community"]
        asked = Question(day=today(), community=1)
        assert cache.answers.what_if(place, asked, ()).before.question.community is None

    def test_spaces_are_candidates_where_there_are_any(self, visit, community):
        at = visit(WHAT_IF, part="where")
        assert "Community spaces" not in at.pills(key="from").options
        community.put(geometry=NEWPORT, name="Newport hall")
        at = visit(WHAT_IF, part="where", k="1", **{"from": "marks"})
        assert "Newport hall" in headline(at)
        assert list(at.dataframe[0].value["kind"]) == ["community space"]


class TestCommunityMap:
    """All marks, the reach of peer supporters, the next host."""

    def test_an_empty_map(self, visit, community):
        at = visit(PAGE)
        assert headline(at) == "Nobody has put anything on this map yet."
        assert "There is no peer-support group or a drop-in on this map yet." in words(at)
        assert len(at.dataframe[-1].value) == 3  # where the first one would reach most

    @pytest.fixture(scope="module")
    def marked_file(self, one_group, tmp_path_factory):
        """A file of marks of all sorts, made once."""
        file = shutil.copy(one_group.file, tmp_path_factory.mktemp("marked") / "marks.sqlite")
        with on_the_map(f"sqlite:///{file}", one_group) as community:
            put = community.put
            put(kind="peer_group", geometry=FAR, name="Friends", languages=("pl", "ar"), note="=1+1")
            put(kind="drop_in", geometry=NEWPORT, languages=("ar",))
            put(kind="barrier", geometry=shapely.LineString([(450_000, 89_000), (450_050, 89_000)]), name=EVIL)
            for step in range(3):
                put(kind="peer_group", geometry=shapely.Point(449_100 + 100 * step, 88_100), at_home=True)
            marks = community.store.public.marks("isle-of-wight")
        return SimpleNamespace(url=community.url, marks=marks)

    @pytest.fixture
    def marked(self, marked_file, monkeypatch):
        """The published marks; the pages of this class only read them."""
        monkeypatch.setenv("PRAMSHED_MARKS_URL", marked_file.url)
        return marked_file.marks

    def test_every_mark_is_in_the_table_and_on_the_map(self, visit, marked, scenes):
        at = visit(PAGE)
        table = at.dataframe[0].value
        assert headline(at).startswith("4 marks")
        assert sorted(table["kind"]) == ["Barrier on the way", "Drop-in", "Peer-support group", "Peer-support group"]
        assert "3 homes of peer supporters, somewhere in grid square SZ 49 88" in set(table["name"])
        drawn = scenes.drawn[-1]
        assert sorted(one.shape for one in drawn.markers) == ["barrier", "community", "community"]
        assert len(drawn.drawn) == 2  # the barrier's line, and the square
        assert not re.search(r"<img src=x|\{\{", html(at))
        assert "Neighbourhoods hold no" not in html(at)
        assert "This place has no table of languages by neighbourhood" in words(at)

    def test_filters_are_in_the_address(self, visit, marked, scenes):
        at = visit(PAGE)
        at.pills(key="kinds").set_value(["peer_group"]).run()
        at.selectbox(key="speaks").set_value("pl").run()
        assert (at.query_params["kinds"], at.query_params["speaks"]) == ("peer_group", "pl")
        assert headline(at).startswith("1 of 4 marks")
        assert "a drop-in in Polish (1 on this map)" in words(at)
        assert at.dataframe[0].value.equals(visit(PAGE, kinds="peer_group", speaks="pl").dataframe[0].value)

    def test_a_mark_is_looked_at(self, visit, marked, scenes):
        mark_id = marked.query("name == 'Friends'").index[0]
        at = visit(PAGE, mark=mark_id)
        assert "<h2>Friends</h2>" in html(at)
        assert "Arabic, Polish" in html(at)
        assert scenes.drawn[-1].selected == mark_id
        assert "mark" not in visit(PAGE, mark="mark-aaaaaaaaaaaa").query_params

    def test_the_next_host_for_whom(self, visit, marked):
        at = visit(PAGE, speaks="ar")
        first = at.dataframe[-1].value
        assert f"bring {first['gives'].iloc[0]:,.0f} more under-fives" in words(at)
        at.radio(key="whom").set_value("born_outside_uk").run()
        assert f"bring {at.dataframe[-1].value['gives'].iloc[0]:,.0f} more residents born outside the UK" in words(at)
        assert not set(first.index) & set(community_sites.hosts(marked).index)

    def test_files_of_all_marks(self, visit, marked):
        at = visit(PAGE)
        labels = {one.proto.label for one in at.get("download_button")}
        assert {f"All marks as {words}" for words in ("GeoJSON", "CSV", "GeoPackage", "Open Referral UK")} <= labels


class TestCommands:
    """The same from the command line."""

    def test_both_numbers_and_whom_to_credit(self, run, community, beyond, tmp_path):
        community.put(geometry=FAR)
        marks = community.store.public.marks("isle-of-wight")
        for command in ("gaps", "reach"):
            out = tmp_path / f"{command}.csv"
            code, _, err = run(command, "isle-of-wight", "--community", "--out", out)
            assert code == 0
            assert f"{beyond()} with official sites only, {beyond(marks)} with 1 community space." in err
            about = (tmp_path / f"{command}.csv.sources.txt").read_text("utf-8")
            assert "a children's centre or a community space" in about
            assert "Community marks: Newport families." in about
        assert marks.index[0] in (tmp_path / "reach.csv").read_text("utf-8")
        code, out, _ = run("site", "isle-of-wight", "--candidates", "marks", "--k", 1)
        assert code == 0
        assert marks.index[0] in out

    def test_what_makes_no_sense(self, run, community, tmp_path):
        own = tmp_path / "own.csv"
        own.write_text("name,easting,northing\nHall,450014,89065\n", "utf-8")
        code, _, err = run("gaps", "isle-of-wight", "--community", "--to", own)
        assert code == 2
        assert "not beside a file of your own" in " ".join(err.split())
