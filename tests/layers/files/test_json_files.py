"""JSON of ours that strangers send back: one line says what is wrong, whatever they send."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import InputError
from layers.files.json_files import day_of, parsed, require_format, short, text_of, typed

WHAT = "a thing of ours"


def test_a_file_is_read(tmp_path):
    file = tmp_path / "a.json"
    file.write_text("\ufeff{}", encoding="utf-8")
    assert parsed(text_of(file, what=WHAT, most_bytes=10), "a.json", what=WHAT) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * 11, "found a much larger file; expected a thing of ours"),
        (b"\xff\xfe", "found something else; expected a thing of ours, as JSON"),
        (None, "found No such file or directory; expected a file that can be read"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, content, said):
    file = tmp_path / "a.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=said):
        text_of(file, what=WHAT, most_bytes=10)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "'a'"])
def test_no_json(text):
    with pytest.raises(InputError, match=r"a\.json: found something else; expected a thing of ours, as JSON"):
        parsed(text, "a.json", what=WHAT)


def test_a_value_that_stands_twice_is_refused_and_named():
    with pytest.raises(
        InputError, match="found JSON with 'id' twice in one object; expected a thing of ours, each value"
    ):
        parsed('{"a": [{"id": 1, "id": 2}]}', "a.json", what=WHAT)


@pytest.mark.parametrize("text", ["NaN", "[-Infinity]"])
def test_what_is_no_number_is_refused_where_it_is_asked(text):
    with pytest.raises(InputError, match="something else"):
        parsed(text, "a.json", what=WHAT, strict=True)
    assert str(parsed(text, "a.json", what=WHAT)) in ("nan", "[-inf]")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, r"found something else; expected a thing of ours \(format ours\)"),
        ({"format": "theirs", "version": 1}, "found something else"),
        ({"format": "ours"}, "found None; expected version 1 of the format"),
        ({"format": "ours", "version": True}, "found True; expected version 1"),
        ({"format": "ours", "version": "1" * 500}, "found '1{10,20}[.]{3}1{10,20}'; expected version 1"),
    ],
)
def test_another_format(raw, said):
    with pytest.raises(InputError, match=said):
        require_format(raw, "a.json", what=WHAT, name="ours", version=1)
    assert require_format({"format": "ours", "version": 1}, "a.json", what=WHAT, name="ours", version=1)


@pytest.mark.parametrize(("value", "kind"), [(1, str), ("yes", bool), (1, bool), (True, int), (1.5, int), ([], dict)])
def test_a_value_of_another_kind(value, kind):
    with pytest.raises(InputError, match=r"a[.]json, column 'x': found .*; expected "):
        typed(value, kind, "a.json", "x")
    right = {str: "a", bool: False, int: 0, dict: {}}[kind]
    assert typed(right, kind, "a.json", "x") is right


def test_a_day():
    assert day_of("2026-04-01", "a.json", "opened") == date(2026, 4, 1)
    for wrong in ("2026-02-30", "1 April", None, 20260401):
        with pytest.raises(InputError, match="expected a day as 2026-04-01"):
            day_of(wrong, "a.json", "opened")


def test_what_was_found_is_short_and_on_one_line():
    assert len(short(["line\n" * 100] * 100)) < 250
    assert "\n" not in short("a\nb")
