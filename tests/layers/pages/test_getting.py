"""Places: getting an authority, how far that is and what became of it, removing a place; and who may."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from data.gather.jobs import Job, Progress
from data.place import SAMPLE
from layers.answers.question import today
from layers.commands import removing, starting
from layers.session import allowed
from tests.layers.moderators import office, prepared  # noqa: F401
from tests.layers.reading import html, markdown, words

PAGE = "layers/pages/places.py"
HERE = allowed.Came(None, {"Host": "localhost:8501", "Origin": "http://localhost:8501"})


@pytest.fixture
def here(monkeypatch, tmp_path):
    """A browser on the dashboard's own machine."""
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path / "fetched"))
    monkeypatch.setattr(allowed, "came", lambda: HERE)


@pytest.fixture
def runner(monkeypatch, tmp_path):
    """Work that only says that it goes on; ``put`` says how far it is."""

    def put(wanted="Leeds", **said):
        job = Job.of(tmp_path / "fetched", wanted)
        job = replace(job, key=said.get("key", job.key))
        job.folder.mkdir(parents=True, exist_ok=True)
        job.write(Progress(**{"key": job.key, "wanted": wanted, "name": wanted, "of": 19} | said))
        held = job.hold() if said.get("status", "running") == "running" else None
        put.held.append(held)

    def start(job, begins, words):
        put.started.append(words)
        put(begins.wanted, name=begins.name, key=begins.key, kind=begins.kind)

    put.started, put.held = [], []
    monkeypatch.setattr(starting, "start", start)
    yield put
    for file in filter(None, put.held):
        file.close()


def buttons(at):
    return {one.label for one in at.button}


def test_choosing_one_and_beginning(visit, here, runner, typed):
    at = visit(PAGE)
    assert "Get an authority" in [one.value for one in at.header]
    assert "OS Downloads" in html(at)
    box = at.selectbox(key="fetch-wanted")
    assert len(box.options) == 296
    box.set_value("E08000035").run()
    at.button(key="fetch").click().run()
    assert runner.started == [("fetch", "--held", starting.LOCK, "--streets", "geofabrik", "--", "E08000035")]
    assert "Leeds" in words(at)
    assert at.button(key="fetch").disabled
    at.selectbox(key="fetch-wanted").set_value("--out <b>").run()
    assert "<b>" not in "".join(buttons(at))


def test_looking_for_newer_editions(visit, here, runner):
    at = visit(PAGE)
    at.button(key="look-newer").click().run()
    assert runner.started == [("fetch", "--check", "--held", starting.LOCK, "--", "isle-of-wight")]
    assert at.button(key="look-newer").disabled
    assert "Asking the publishers" in at.get("progress")[0].proto.text
    runner.held[-1].close()
    said = {"key": "newer-isle-of-wight", "kind": "look"}
    runner("isle-of-wight", **said, status="done", remarks=("<b>: 2026-08 here, 2026-11 there: newer",))
    at = visit(PAGE)
    assert "&lt;b&gt;: 2026-08 here" in html(at)
    assert at.button(key="look-newer").label == "Look again"
    assert not at.success  # it is no place that has come
    runner("isle-of-wight", **said, status="failed", fault="nobody *answers*", sort="service")
    assert r"Nobody \*answers\*" in visit(PAGE).error[0].value


def test_how_far_it_is(visit, here, runner):
    said = {"step": "postcodes", "done": 3, "arrived": 3_000_000, "whole": 14_000_000, "fetched": 20_000_000}
    runner(**said, asking="OS Downloads (Code-Point Open)", said=("<b>waits</b>",))
    at = visit(PAGE)
    assert "OS Downloads (Code-Point Open): 3 MB of 14 MB" in html(at)
    assert "20 MB have come in all" in html(at)
    assert "<b>waits" not in html(at)
    at.button(key="cancel-e08000035").click().run()
    assert (Job.of(runner_folder(), "Leeds").folder / "e08000035.cancel").exists()


def runner_folder():
    return starting.fetch_settings().cache


@pytest.mark.parametrize(
    ("sort", "unreached", "expected"),
    [
        ("service", False, "What has arrived is kept"),
        ("service", True, "cannot reach the internet. Fetch these files"),
        ("input", False, "not what it should be"),
        ("program", False, "tell whoever runs"),
    ],
)
def test_what_failed_and_what_to_do(visit, here, runner, sort, unreached, expected):
    runner(status="failed", fault="Nomis: found *silence*; expected counts", sort=sort, unreached=unreached)
    at = visit(PAGE)
    assert r"found \*silence\*" in at.error[0].value
    assert expected in markdown(at)
    at.button(key="go-on-e08000035").click().run()
    assert runner.started[0][-1] == "Leeds"


def test_streets_as_they_are_now(visit, here, runner):
    """They are chosen in plain words, and stay chosen for who goes on."""
    runner("York", status="cancelled", streets="overpass")
    at = visit(PAGE)
    at.selectbox(key="fetch-wanted").set_value("E08000035").run()
    at.radio(key="fetch-streets").set_value("overpass").run()
    assert "the streets, whose size is not known beforehand" in words(at)
    at.button(key="fetch").click().run()
    at.button(key="go-on-e06000014").click().run()
    assert [words[3:] for words in runner.started] == [
        ("--streets", "overpass", "--", one) for one in ("E08000035", "York")
    ]


def test_without_the_internet_the_addresses_are_named(visit, here, runner):
    runner(status="failed", fault="no connection", sort="service", unreached=True)
    said = unescape(html(visit(PAGE)))
    assert "query?where=LSOA21NM+LIKE+%27Leeds+%25%27&outFields=LSOA21CD%2CLSOA21NM&f=geojson" in said
    assert f"edubaseallchildrencentre{today():%Y%m%d}.csv" in said
    assert "File_7_IoD2025" in said


def test_done_it_is_a_link_until_it_is_put_away(visit, here, runner):
    runner(status="done", place="isle-of-wight", name="Isle of Wight", remarks=("no <hubs>",))
    at = visit(PAGE)
    assert "is here" in at.success[0].value
    assert "no &lt;hubs&gt;" in html(at)
    at.button(key="away-e08000035").click().run()
    assert not at.success


def test_a_folder_that_cannot_be_written_is_a_line(visit, here, monkeypatch, tmp_path):
    (tmp_path / "fetched").write_text("a file, no folder", "utf-8")
    at = visit(PAGE)
    at.selectbox(key="fetch-wanted").set_value("E08000035").run()
    at.button(key="fetch").click().run()
    assert "expected a folder that files can be written to" in at.error[0].value
    assert str(tmp_path) not in words(at)


def test_a_visitor_sees_what_goes_on_and_can_do_nothing(visit, runner, tmp_path, monkeypatch):
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path / "fetched"))
    runner("York", status="failed", fault="a folder", sort="input")
    runner(step="postcodes")
    at = visit(PAGE)
    assert "whoever sits at the machine" in markdown(at)
    assert not {one for one in buttons(at) if one.startswith(("Fetch", "Cancel", "Go on", "Remove", "Look"))}
    assert "a folder" not in words(at)
    assert [one.proto.text for one in at.get("progress")] == ["**Leeds**: step 1 of 19, postcodes"]


def test_who_may_is_asked_at_every_action(visit, here, runner, derive, monkeypatch):
    target = derive("Twin")
    for key in ("fetch", "look-newer", "go-on-e08000035", "away-e08000035", "remove-yes"):
        runner(status="failed", fault="x", sort="service")
        at = visit(PAGE)
        at.selectbox(key="fetch-wanted").set_value("E08000035").run()
        at.selectbox(key="place-remove").set_value("twin").run()
        at.button(key="remove").click().run()
        with monkeypatch.context() as patch:
            patch.setattr(allowed, "came", lambda: allowed.Came("192.168.0.7", {}))
            at.button(key=key).click().run()
            assert "whoever sits at the machine" in at.error[0].value, key
            assert "fetch" not in {one.key for one in at.button}
    assert runner.started == []
    assert target.exists()
    assert starting.under_way()[0].status == "failed"


def test_a_place_is_removed_after_a_question_and_never_the_bundled_one(visit, here, derive):
    target = derive("Twin")
    at = visit(PAGE)
    box = at.selectbox(key="place-remove")
    assert box.options == ["Twin"]
    box.set_value("twin").run()
    at.button(key="remove").click().run()
    assert "Remove Twin" in at.warning[0].value
    at.button(key="remove-no").click().run()
    assert target.exists()
    at.button(key="remove").click().run()
    at.button(key="remove-yes").click().run()
    assert "Twin is removed" in at.success[0].value
    assert not target.exists()
    assert list(target.parent.iterdir()) == []
    assert at.selectbox(key="place").options == ["Isle of Wight"]
    assert (SAMPLE / "isle_of_wight").exists()


def test_what_is_not_removed(derive):
    from data.place import Place
    from geo.errors import RequestError

    target = derive("Twin")
    (target / "notes.txt").write_text("mine", "utf-8")
    link = target.with_name("link")
    link.symlink_to(target)
    for folder, why in ((target, "something else"), (link, "not made here"), (SAMPLE / "isle_of_wight", "not made")):
        with pytest.raises(RequestError, match=why):
            removing.remove(Place.open(folder))
    assert (target / "notes.txt").exists()


def test_administrators_may_where_that_is_said(visit, office, monkeypatch, tmp_path):  # noqa: F811
    monkeypatch.setenv("PRAMSHED_FETCHING", "administrators")
    assert "sign in on the page Moderation" in markdown(visit(PAGE))
    for name, may in (("Ada", True), ("Bo", False)):
        at = office.come_in(name, PAGE)
        assert ("fetch-wanted" in {one.key for one in at.selectbox}) is may, name
