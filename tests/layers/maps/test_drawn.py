"""What was made of a place for the browser is found again, and made anew when anything of it is another."""

from __future__ import annotations

import pytest

from layers.maps import drawn

ADDRESSES = ("/app/static/places/areas-1.geojson", "/app/static/places/segments-1.json", None, None)


@pytest.fixture
def folder(tmp_path):
    for address in filter(None, ADDRESSES):
        (tmp_path / address.rsplit("/", 1)[-1]).write_text("{}")
    return tmp_path


def test_it_stands_for_the_content_of_tables_wherever_they_lie(tmp_path):
    for name in ("one", "two", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "areas.parquet").write_text("other" if name == "other" else "same")
    one, two, other = (
        drawn.made_from(tmp_path / name / f"{table}.parquet" for table in ("areas", "labels"))
        for name in ("one", "two", "other")
    )
    assert one == two != other
    (tmp_path / "two" / "labels.parquet").write_text("")
    assert drawn.made_from([tmp_path / "two" / "areas.parquet", tmp_path / "two" / "labels.parquet"]) != one


def test_what_is_noted_is_found_as_long_as_it_is_there(folder):
    assert drawn.noted("abc", folder) is None
    assert drawn.note("abc", ADDRESSES, folder) == ADDRESSES
    assert drawn.noted("abc", folder) == ADDRESSES
    assert drawn.noted("other", folder) is None
    (folder / "segments-1.json").unlink()
    assert drawn.noted("abc", folder) is None


@pytest.mark.parametrize("content", ["", "[]", "[1, 2]", "{}", '{"a": 1}', "null", "7", '[["a"], 1, 2, 3]', "\xff"])
def test_a_note_that_cannot_be_read_is_none(folder, content):
    (folder / "made-from-abc.json").write_bytes(content.encode("latin-1"))
    assert drawn.noted("abc", folder) is None
