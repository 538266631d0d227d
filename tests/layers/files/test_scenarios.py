"""A scenario as a file and as a link: what goes out comes back, and what a stranger sends is refused in one line."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.errors import InputError, RequestError
from geo.scenario import (
    CHANGES,
    LONGEST_NAME,
    MOST_CHANGES,
    AddCrossing,
    AddSite,
    BlockWay,
    ChangeOpening,
    CloseSite,
    DowngradeSite,
    MendWay,
    MoveSite,
    OpenSite,
    Scenario,
    is_one_line,
)
from layers.files.scenarios import (
    FORMAT,
    MOST_BYTES,
    as_dict,
    change_from,
    from_dict,
    from_link,
    from_text,
    read_scenario,
    to_link,
    to_text,
)

_id = st.from_regex(r"[A-Za-z0-9_:./-]{1,64}", fullmatch=True)
_odd = st.sampled_from(
    [
        "~",
        "_",
        "%",
        "&",
        "=",
        "+",
        "#",
        "?",
        "/",
        '"',
        "'",
        "<b>",
        "%7E",
        "%5F",
        "%",
        "é",
        "שלום",
        "مركز",
        "👩‍👧",
        "日本",
        "\u00ad",
    ]
)
_name = (
    st.lists(st.one_of(_odd, st.characters(categories=("L", "N", "P", "S", "M", "Zs"))), min_size=1, max_size=30)
    .map("".join)
    .filter(lambda text: is_one_line(text) and text.strip(" \u200c\u200d") and len(text) <= LONGEST_NAME)
)
_metres = st.floats(0, 700_000) | st.integers(0, 700_000).map(float)
_day = st.dates(date(1900, 1, 1), date(2099, 12, 31))
_corner = st.tuples(st.integers(447_000, 450_000), st.integers(1_297_000, 1_300_000))
_line = st.lists(_corner, min_size=1, max_size=40, unique=True).map(tuple)
_area = st.tuples(_corner, st.integers(1, 50), st.integers(1, 50)).map(
    lambda of: (of[0], (of[0][0] - of[1], of[0][1]), (of[0][0], of[0][1] - of[2]), of[0])
)
_stops = st.sampled_from(["everyone", "prams", "after_dark"])
_change = st.one_of(
    st.builds(CloseSite, _id), st.builds(OpenSite, _id), st.builds(DowngradeSite, _id), st.builds(ChangeOpening, _id, _day),
    st.builds(MoveSite, _id, _metres, _metres), st.builds(AddSite, _id, _metres, _metres, _name),
    st.builds(BlockWay, _id, _name, _stops, _line | _area), st.builds(AddCrossing, _id, _name, _line),
    st.builds(MendWay, _id, _name, _line),
)  # fmt: skip
_changes = st.lists(_change, max_size=MOST_CHANGES).map(tuple)
_scenario = st.builds(
    Scenario, name=_name | st.just(""), place=st.from_regex(r"[a-z0-9-]{1,80}", fullmatch=True),
    fingerprint=st.from_regex(r"[0-9a-f]{16}", fullmatch=True), changes=_changes,
)  # fmt: skip


def whole(change):
    """The change as a link keeps it: on the whole metre."""
    if isinstance(change, MoveSite):
        return MoveSite(change.site_id, float(f"{change.easting:.0f}"), float(f"{change.northing:.0f}"))
    if isinstance(change, AddSite):
        return AddSite(change.site_id, float(f"{change.easting:.0f}"), float(f"{change.northing:.0f}"), change.name)
    return change


class TestThereAndBack:
    """Files keep everything; links keep whole metres."""

    @given(_scenario)
    def test_a_file(self, made):
        text = to_text(made)
        assert from_text(text, "a file") == made
        assert to_text(from_text(text, "a file")) == text
        assert from_dict(as_dict(made), "a file") == made

    @given(_changes)
    @example((AddSite("a_1", 449_192.0, 95_026.0, "~_%7E%5F&=+ #?\"'<b>"),))
    def test_a_link(self, changes):
        link = to_link(changes)
        back = from_link(link)
        assert back == tuple(whole(change) for change in changes)
        assert to_link(back) == link  # rounding once is rounding for good
        # nothing in it that a URL has a use for, and nothing that cannot be typed
        assert link.isascii()
        assert not set(link) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%")
        assert parse_qs(urlencode({"changes": link}), keep_blank_values=True)["changes"] == [link]

    @pytest.mark.parametrize("name", ["می‌خواهم", "👩‍👧 Café", "مركز الأطفال", "ילדים", "子ども", "~_%7E%5F&=+#?\"'<b>"])
    def test_names_of_any_script(self, name):
        made = Scenario(name=name, place="p", fingerprint="f", changes=(AddSite("new-1", 5.0, 5.0, name),))
        assert from_text(to_text(made), "a file") == made
        assert from_link(to_link(made.changes)) == made.changes

    def test_the_link_of_the_docstring(self):
        changes = (CloseSite("20004"), AddSite("new-1", 449192.4, 95026.0, "Library"))
        assert to_link(changes) == "close~20004_add~new-1~449192~95026~Library"
        ways = (BlockWay("mark-1", "Steps", "after_dark", ((9192, 95), (9191, 96))), AddCrossing("b", "x", ((3, 4),)))
        assert to_link(ways) == "block~mark-1~Steps~after%5Fdark~9192.95.9191.96_crossing~b~x~3.4"
        assert from_link("") == ()
        assert to_link(()) == ""

    def test_a_file_on_disk_with_a_mark_before_the_text(self, tmp_path):
        made = Scenario(name="Zuhause für Kinder 👶", place="leeds", fingerprint="ab", changes=(CloseSite("1"),))
        path = tmp_path / "scenario.json"
        path.write_text(to_text(made), encoding="utf-8")
        assert read_scenario(path) == made
        path.write_text(to_text(made), encoding="utf-8-sig")  # as Notepad saves
        assert read_scenario(path) == made

    def test_a_file_is_plain_to_read(self):
        made = Scenario(
            name="x",
            place="leeds",
            fingerprint="ab",
            changes=(ChangeOpening("1", date(2026, 4, 1)), MoveSite("2", 5.5, 6.0)),
        )
        assert json.loads(to_text(made)) == {
            "format": FORMAT, "version": 1, "name": "x", "place": "leeds", "fingerprint": "ab",
            "changes": [
                {"do": "opening", "site_id": "1", "opened": "2026-04-01"},
                {"do": "move", "site_id": "2", "easting": 5.5, "northing": 6.0},
            ],
        }  # fmt: skip

    def test_a_new_site_may_go_without_a_name(self):
        assert change_from({"do": "add", "site_id": "n", "easting": 1, "northing": 2}, "x").name == "New centre"


GOOD = {"format": FORMAT, "version": 1, "name": "", "place": "p", "fingerprint": "f", "changes": []}
MOVE = {"do": "move", "site_id": "1", "easting": 1.0, "northing": 2.0}
ADD = MOVE | {"do": "add", "name": "x"}
BLOCK = {"do": "block", "mark_id": "m", "name": "n", "stops": "prams", "line": [[1, 2]]}
CROSSING = {"do": "crossing", "mark_id": "m", "name": "n", "line": [[1, 2]]}


def refused(read, *words):
    """Refused with an `InputError` of one line that can be printed and is not endless."""
    with pytest.raises(InputError) as caught:
        read()
    said = str(caught.value)
    assert said.isprintable(), said
    said.encode()
    assert len(said) < 400
    for word in words:
        assert word in said, said


class TestFilesOfStrangers:
    """Whatever is in a file, one line says what is wrong with it."""

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ([], ("something else",)),
            (None, ("something else",)),
            ({}, ("something else",)),
            (GOOD | {"format": "geojson"}, ("something else",)),
            (GOOD | {"version": 2}, ("found 2", "expected version 1")),
            (GOOD | {"version": True}, ("found True",)),
            (GOOD | {"version": "1"}, ("found '1'",)),
            (GOOD | {"version": None}, ("found None",)),
            (GOOD | {"version": [[[[[[[[]]]]]]]]}, ("expected version 1",)),
            (GOOD | {"version": "x" * 10_000}, ("expected version 1",)),
            (GOOD | {"changes": {}}, ("'changes'", "found dict")),
            (GOOD | {"changes": None}, ("'changes'", "found NoneType")),
            (GOOD | {"name": 5}, ("'name'", "found 5")),
            (GOOD | {"name": None}, ("'name'", "found None")),
            (GOOD | {"name": "a\nb"}, ("on one line",)),
            (GOOD | {"name": "x" * 81}, ("80 letters",)),
            (GOOD | {"name": "\ud800"}, ("on one line",)),
            (GOOD | {"place": ["p"]}, ("'place'",)),
            (GOOD | {"place": "p\r\nq\ud800"}, ("key and fingerprint",)),
            (GOOD | {"fingerprint": True}, ("'fingerprint'", "found True")),
            (GOOD | {"fingerprint": "x\x1b[31m"}, ("key and fingerprint",)),
            (GOOD | {"fingerprint": "x" * 100_000}, ("key and fingerprint",)),
            (GOOD | {"changes": [MOVE] * 10_000}, ("at most 40 changes, this one has 10000",)),
            (GOOD | {"changes": [MOVE, 7]}, ("change 2", "'do'", "found int")),
        ],
    )
    def test_the_whole(self, wrong, words):
        refused(lambda: from_dict(wrong, "a.json"), "a.json", *words)
        refused(lambda: from_text(json.dumps(wrong), "a.json"), "a.json", *words)

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            (None, ("'do'", "found NoneType")),
            ([], ("'do'", "found list")),
            ({}, ("'do'", "found None", "close, open, downgrade, opening, move, add, block")),
            ({"do": "burn", "site_id": "1"}, ("'do'", "found 'burn'")),
            ({"do": ["close"], "site_id": "1"}, ("'do'",)),
            ({"do": True, "site_id": "1"}, ("'do'", "found True")),
            ({"do": "x" * 10_000}, ("'do'",)),
            ({"do": "close"}, ("'site_id'", "found none")),
            ({"do": "close", "site_id": 1}, ("'site_id'", "found 1")),
            ({"do": "close", "site_id": "a b"}, ("'a b' is not the id of a site",)),
            ({"do": "close", "site_id": "x" * 10_000}, ("is not the id of a site",)),
            ({"do": "close", "site_id": "1", "why": 2}, ("found 'why'", "the fields site_id")),
            ({"do": "close", "site_id": "1", "a\nb\ud800\x1b": 2}, ("the fields site_id",)),
            ({"do": "close", "site_id": "1"} | {f"k{i}": i for i in range(1000)}, ("the fields site_id",)),
            (MOVE | {"easting": "1"}, ("'easting'", "found '1'")),
            (MOVE | {"easting": True}, ("'easting'", "found True")),
            (MOVE | {"easting": None}, ("'easting'", "found None")),
            (MOVE | {"easting": float("nan")}, ("nan",)),
            (MOVE | {"northing": float("inf")}, ("inf",)),
            (MOVE | {"northing": -float("inf")}, ("-inf",)),
            (MOVE | {"easting": 1e300}, ("1e+300",)),
            (MOVE | {"easting": 10**400}, ("'easting'",)),
            (MOVE | {"easting": -1}, ("not British National Grid",)),
            ({k: v for k, v in MOVE.items() if k != "northing"}, ("'northing'", "found none")),
            (ADD | {"name": ""}, ("1 to 80 letters",)),
            (ADD | {"name": "a\nb"}, ("1 to 80 letters",)),
            (ADD | {"name": "a\u2029b"}, ("1 to 80 letters",)),
            (ADD | {"name": 5}, ("'name'", "found 5")),
            (ADD | {"name": "x" * 100_000}, ("1 to 80 letters",)),
            ({"do": "opening", "site_id": "1"}, ("'opened'", "found none")),
            ({"do": "opening", "site_id": "1", "opened": 20260401}, ("'opened'", "found 20260401")),
            ({"do": "opening", "site_id": "1", "opened": True}, ("'opened'", "found True")),
            ({"do": "opening", "site_id": "1", "opened": "1 April"}, ("'opened'", "found '1 April'")),
            ({"do": "opening", "site_id": "1", "opened": "2026-W14-1"}, ("'opened'",)),
            ({"do": "opening", "site_id": "1", "opened": "2026-02-30"}, ("'opened'",)),
            ({"do": "opening", "site_id": "1", "opened": "9999-12-31"}, ("9999-12-31",)),
            ({"do": "opening", "site_id": "1", "opened": "0001-01-01"}, ("0001-01-01",)),
            ({"do": "opening", "site_id": "1", "opened": "2026-04-01\x00"}, ("'opened'",)),
            ({k: v for k, v in BLOCK.items() if k != "name"}, ("'name'", "found none")),
            ({k: v for k, v in BLOCK.items() if k != "line"}, ("'line'", "found none")),
            (BLOCK | {"site_id": "1"}, ("found 'site_id'", "the fields mark_id, name, stops, line")),
            (BLOCK | {"stops": ["prams"]}, ("'stops'",)),
            (BLOCK | {"stops": "dogs"}, ("a barrier stops everyone, prams, after_dark", "dogs")),
            (BLOCK | {"mark_id": "a b"}, ("'a b' is not the id of a mark",)),
            (BLOCK | {"name": "a\nb"}, ("1 to 80 letters",)),
            (CROSSING | {"stops": "prams"}, ("found 'stops'",)),
            (CROSSING | {"line": [[0, 0], [9, 0], [9, 9], [0, 0]]}, ("not an area",)),
            *(
                (BLOCK | {"line": wrong}, ("line",))
                for wrong in (
                    None, 5, "1.2", {}, [], [1, 2], [[1]], [[1, 2, 3]], [[1, 2.0]], [[True, 2]], [["1", 2]], [[[1], 2]],
                    [[1, None]], [[1, 2]] * 41,
                )
            ),
            (BLOCK | {"line": [[1, 2], [1, 2]]}, ("goes round once",)),
            (BLOCK | {"line": [[-1, 2]]}, ("off British National Grid",)),
            (BLOCK | {"line": [[10**400, 2]]}, ("off British National Grid",)),
            (BLOCK | {"line": [[0, 0], [3001, 2]]}, ("3000 m across",)),
        ],
    )  # fmt: skip
    def test_a_change(self, wrong, words):
        refused(lambda: from_dict(GOOD | {"changes": [MOVE, wrong]}, "a.json"), "a.json, change 2", *words)
        refused(lambda: from_text(json.dumps(GOOD | {"changes": [MOVE, wrong]}), "a.json"), "change 2", *words)

    @pytest.mark.parametrize(
        "text",
        [
            "", "null", "{", "[" * 100_000, '{"a":' * 100_000, "NaN", "\x00", "\ufeff", "\ufeff\ufeff{}", "1" * 5000,
            '{"format":"pramshed-scenario","version":' + "1" * 5000 + "}", "\ud800", "'{}'", "{}{}",
        ],
    )  # fmt: skip
    def test_text_that_is_none(self, text):
        refused(lambda: from_text(text, "a.json"), "a.json")

    @pytest.mark.parametrize("deep", [50, 300, 700, *range(850, 1000, 6)])
    @pytest.mark.parametrize("key", ["version", "name", "changes", "do"])
    def test_deep_values_that_can_just_be_read(self, deep, key):
        nested = "[" * deep + "]" * deep
        said = json.dumps(GOOD)[:-1] + f', "{key}": {nested}}}'
        if key == "do":
            said = json.dumps(GOOD)[:-3] + f'[{{"do": {nested}}}]}}'
        refused(lambda: from_text(said, "a.json"), "a.json")

    def test_files_that_cannot_be_read(self, tmp_path):
        refused(lambda: read_scenario(tmp_path / "no.json"), "no.json", "No such file")
        refused(lambda: read_scenario(tmp_path), "directory")
        (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00\x81")
        refused(lambda: read_scenario(tmp_path / "binary.json"), "binary.json", "something else")
        (tmp_path / "large.json").write_bytes(b" " * (MOST_BYTES + 1))
        refused(lambda: read_scenario(tmp_path / "large.json"), "a much larger file")

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8) | _day.map(str)
            | st.sampled_from([*CHANGES, FORMAT]),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["do", "site_id", "mark_id", "easting", "line", "stops", "name", "opened", *GOOD]) | st.text(max_size=3),
                inner, max_size=6,
            ),
            max_leaves=25,
        )
    )  # fmt: skip
    def test_anything_at_all(self, raw):
        for read in (
            lambda: change_from(raw, "x"),
            lambda: from_dict(raw, "x"),
            lambda: from_dict(GOOD | {"changes": [raw]}, "x"),
        ):
            said = ""
            try:
                read()
            except InputError as fault:
                said = str(fault)
            assert said.isprintable()
            assert len(said) < 400

    def test_another_place_is_refused_with_the_reason_in_one_line(self):
        made = from_dict(GOOD | {"place": "le'ed\u00e9s", "fingerprint": "then"}, "x")
        for here in ({"place": "york", "fingerprint": "then"}, {"place": made.place, "fingerprint": "now"}):
            with pytest.raises(RequestError) as caught:
                made.require_place(**here)
            assert str(caught.value).isprintable()
        assert "not applied" in str(caught.value)


class TestLinksOfStrangers:
    """A link that makes no sense is none; it never breaks the page."""

    @pytest.mark.parametrize(
        "text",
        [
            "close", "close~", "close~1~2", "burn~1", "~", "~~", "close~a b", "close~%0a", "close~é", "open~" + "x" * 65,
            "move~1~2", "move~1~x~y", "move~1~nan~5", "move~1~inf~5", "move~1~-inf~5", "move~1~1e400~5", "move~1~~5",
            "move~1~" + "9" * 400 + "~5", "move~1~-1~5", "move~1~5~1300001", "add~1~5~5~", "add~1~5~5~%0A",
            "add~1~5~5~" + "x" * 81, "add~1~5~5~%ed%a0%80%0a", "add~1~5~5~a~b", "opening~1~x", "opening~1~20260401",
            "opening~1~9999-12-31", "opening~1~0000-00-00", "CLOSE~1", "close~1_burn~2", "close~1 _close~2",
            "block~m~x~prams", "block~m~x~prams~", "block~m~x~prams~1", "block~m~x~prams~1.2.3", "block~m~x~prams~1.x",
            "block~m~x~prams~1.-2", "block~m~x~prams~1e3.2", "block~m~x~prams~+1.2", "block~m~x~prams~%D9%A3.2",
            "block~m~x~prams~1.99999999", "block~m~x~dogs~1.2", "block~m~~prams~1.2", "block~~x~prams~1.2",
            "block~m~x~prams~1..2", "block~m~x~prams~1.2.1.2", "block~m~x~prams~0.0.3001.0", "crossing~m~x~prams~1.2",
            "crossing~m~x~0.0.9.0.9.9.0.0", "block~m~x~prams~" + ".".join(["1.2.3.4"] * 21), "crossing~m~x~" + "9" * 400,
            "_".join(["close~1"] * (MOST_CHANGES + 1)), "_".join(["close~1"] * 10_000),
        ],
    )  # fmt: skip
    def test_no_sense(self, text):
        assert from_link(text) is None

    def test_the_most_there_may_be(self):
        assert len(from_link("_".join(["close~1"] * MOST_CHANGES))) == MOST_CHANGES
        assert from_link("__close~1__open~1_") == (CloseSite("1"), OpenSite("1"))  # nothing between two is nothing

    @given(
        st.one_of(
            st.text(st.characters(), max_size=60),
            st.lists(
                st.lists(st.sampled_from([*CHANGES, "1", "1.2", "prams", "1.2.3.4.1.2", "449192", "2026-04-01", "nan", "%", "%F", "x y", "1e5", "٣", "-0", "\ud800"]), min_size=1, max_size=6).map("~".join),
                max_size=5,
            ).map("_".join),
        )
    )  # fmt: skip
    def test_anything_at_all(self, text):
        changes = from_link(text)
        if changes is not None:
            assert from_link(to_link(changes)) is not None
            assert to_link(from_link(to_link(changes))) == to_link(changes)
