"""Marks that come in as tables: codes and plain words, faults with row and column, the same mark only once."""

from __future__ import annotations

import uuid

import geopandas as gpd
import pytest
import shapely

from data.store.exchange import vocabulary
from data.store.exchange.drafts import drafts
from data.store.exchange.uploads import read_upload
from geo.crs import BNG
from geo.errors import InputError
from layers.answers import mark_words
from tests.data.store.public_marks import HOSTILE

MINIMAL = "name,kind,lon,lat\nHall,place to meet,-1.3,50.7\nSwings,Playground,-1.31,50.71\n"


def read(text, name="marks.csv"):
    return drafts(read_upload(text.encode(), name), "isle-of-wight", name=name)


def only(text, name="marks.csv"):
    (arrival,) = read(text, name).arrivals
    return arrival


def test_name_kind_and_place_are_enough():
    hall, swings = read(MINIMAL).arrivals
    assert (hall.row, hall.draft.name, hall.draft.kind) == (2, "Hall", "meeting_place")
    assert (swings.row, swings.draft.kind) == (3, "play_space")
    assert hall.draft.place == "isle-of-wight"
    assert hall.draft.geometry.distance(shapely.Point(449_535, 88_970)) < 500
    assert hall.source_id == ""


def test_plain_words_are_understood():
    draft = only(
        "Title,Category,Days,Opens at,Closes at,For whom,Language,Pram friendly,Toilets,Cost,Term time,Home,lat,lon,At home\n"
        'Tea,a Peer-support group,"Mon, Weds and Fri",9.30,1pm,"babies; toddlers","Farsi, Kurdish (Sorani)|polish",'
        "Yes,baby changing,Free,term time only,,50.7,-1.3,no\n"
    ).draft
    assert (draft.name, draft.kind) == ("Tea", "peer_group")
    assert draft.days == ("mon", "wed", "fri")
    assert (draft.opens, draft.closes) == ("09:30", "13:00")
    assert draft.ages == ("baby", "toddler")
    assert draft.languages == ("fa", "ckb", "pl")
    assert (draft.pram_friendly, draft.toilets, draft.cost, draft.term_time) == ("yes", "changing", "free", "term_only")
    assert draft.at_home is False


def test_every_word_of_the_page_is_understood():
    for kind, label in mark_words.KIND_LABELS.items():
        assert vocabulary.code_of("kind", label) == kind
    for field, labels in mark_words.CHOICE_LABELS.items():
        for code, label in labels.items():
            if not (field == "term_time" and label in ("Yes", "No")):
                assert vocabulary.code_of(field, label) == code, label


def test_every_code_has_words_that_mean_it_and_nothing_else():
    for field, codes in vocabulary.WORDS.items():
        assert {vocabulary.code_of(field, code) for code in codes} == set(codes)
        assert {vocabulary.code_of(field, text) for text in codes.values()} == set(codes)
    for field in ("days", "ages", "languages"):
        every = list(vocabulary.WORDS[field])
        assert vocabulary.codes_of(field, ",".join(every)) == (tuple(every), None)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Mon-Fri", "mon tue wed thu fri"),
        ("Monday to Wednesday", "mon tue wed"),
        ("Sat \u2013 Mon", "sat sun mon"),
        ("weekdays", "mon tue wed thu fri"),
        ("daily", "mon tue wed thu fri sat sun"),
        ("tue thu", "tue thu"),
        ("tue & thu", "tue thu"),
        ("", ""),
        ("Mon, Mon", "mon"),
    ],
)
def test_days(said, days):
    assert vocabulary.codes_of("days", said) == (tuple(days.split()), None)


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("9:30", "09:30"),
        ("09:30:00", "09:30"),
        ("9.30", "09:30"),
        ("9am", "09:00"),
        ("12pm", "12:00"),
        ("12am", "00:00"),
        ("1:15 PM", "13:15"),
        ("9", None),
        ("25:00", None),
        ("13pm", None),
        ("9:60", None),
        ("soon", None),
        ("٩:٣٠", None),
    ],
)
def test_times(said, time):
    assert vocabulary.time_of(said) == time


@pytest.mark.parametrize(
    ("line", "column", "found"),
    [
        ("castle,,,,,", "kind", "castle"),
        (",,,,,", "kind", "a blank"),
        ("drop-in,someday,,,,", "days", "someday"),
        ("drop-in,,soon,,,", "opens", "soon"),
        ("drop-in,,10:00,09:00,,", "closes", "09:00"),
        ("drop-in,,10:00,,,", "closes", "nothing"),
        ("drop-in,,,,Klingon,", "Language", "Klingon"),
        ("barrier,,,,,maybe", "at_home", "maybe"),
        ("barrier,,,,,yes", "at_home", "yes"),
    ],
)
def test_the_first_fault_is_told_with_its_row_and_column_and_nothing_comes_in(line, column, found):
    text = f"kind,days,opens,closes,Language,at_home,lon,lat\ndrop-in,,,,,,-1.3,50.7\n{line},-1.3,50.71\nx,,,,,,-1.3,50.7\n"
    with pytest.raises(InputError) as fault:
        read(text)
    assert (fault.value.row, fault.value.column) == (3, column)
    assert fault.value.source == "marks.csv"
    assert found in fault.value.found
    assert fault.value.expected


def test_too_long_a_text_is_told_with_its_row():
    with pytest.raises(InputError, match=r"row 2, column 'name': found '?81 characters'?; expected at most 80"):
        read(f"name,kind,lon,lat\n{'x' * 81},drop-in,-1.3,50.7\n")


def test_without_a_column_of_kinds_nothing_is_read():
    with pytest.raises(InputError, match="place to meet") as fault:
        read("name,lon,lat\nHall,-1.3,50.7\n")
    assert fault.value.column == "kind"


def test_columns_that_nobody_understands_are_named():
    found = read("name,kind,phone,lon,lat,group,approved,confirmed,homes\nHall,other,1,-1.3,50.7,G,2026-01-01,,0\n")
    assert found.unread == ("phone",)


def test_private_columns_come_in_for_the_moderator():
    draft = only("name,kind,contact,private note,lon,lat\nHall,other,Ask for Jo,upstairs,-1.3,50.7\n").draft
    assert (draft.contact, draft.private_note) == ("Ask for Jo", "upstairs")


def test_a_home_comes_in_as_a_home():
    assert only("name,kind,at_home,lon,lat\nTea,peer group,yes,-1.3,50.7\n").draft.at_home is True


def test_an_apostrophe_before_a_formula_is_taken_away_in_csv_alone():
    csv = only("name,note,kind,lon,lat\n'=1+1,''s mill,other,-1.3,50.7\n").draft
    assert (csv.name, csv.note) == ("=1+1", "''s mill")
    geojson = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"\'=1+1","kind":"other"},"geometry":{"type":"Point","coordinates":[-1.3,50.7]}}]}'
    assert only(geojson, "marks.geojson").draft.name == "'=1+1"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_text(text):
    """In every column: kept as it is, or refused in one line."""
    for column in ("name", "note", "contact", "private_note", "days", "kind", "cost", "opens", "at_home", "id", "wkt"):
        cells = {"kind": "other", "name": "Hall"} | {column: text}
        table = gpd.GeoDataFrame([cells], geometry=[shapely.Point(449_000, 89_000)], crs=BNG)
        try:
            (arrival,) = drafts(table, "isle-of-wight", name="marks.gpkg").arrivals
        except InputError as fault:
            assert "\n" not in str(fault)  # noqa: PT017
            assert fault.column == column  # noqa: PT017
        else:
            if column in ("note", "contact", "private_note"):
                assert getattr(arrival.draft, column) == text
            uuid.UUID(arrival.submission)


def test_the_same_row_is_the_same_submission():
    first, again = read(MINIMAL), read(MINIMAL)
    assert [one.submission for one in first.arrivals] == [one.submission for one in again.arrivals]
    moved = read(MINIMAL.replace("-1.31,50.71", "-1.32,50.71"))
    assert first.arrivals[0].submission == moved.arrivals[0].submission
    assert first.arrivals[1].submission != moved.arrivals[1].submission


def test_an_id_of_its_source_is_the_same_mark_whatever_it_says():
    text = "id,name,kind,lon,lat\n7,Hall,other,-1.3,50.7\n"
    assert only(text).submission == only(text.replace("Hall", "Big hall")).submission
    # a plain number is nobody's own: another file's 7 is another mark, unless both name one source
    assert only(text, "a.csv").submission != only(text, "b.csv").submission
    named = "id,source,name,kind,lon,lat\n7,Council list,Hall,other,-1.3,50.7\n"
    assert only(named, "a.csv").submission == only(named, "b.csv").submission
    assert only(named).source_id == "7"


def test_another_place_is_another_submission():
    table = read_upload(b"id,kind,lon,lat\nmark-abcdefghijkl,other,-1.3,50.7\n", "a.csv")
    here, there = (drafts(table, place, name="a.csv").arrivals[0].submission for place in ("isle-of-wight", "leeds"))
    assert here != there


@pytest.mark.parametrize(
    "text", ["id,kind,lon,lat\n7,other,-1.3,50.7\n7,other,-1.4,50.7\n", MINIMAL + "Hall,meeting place,-1.3,50.7\n"]
)
def test_the_same_mark_twice_in_a_file_is_refused(text):
    with pytest.raises(InputError, match="again, first in row 2"):
        read(text)


def test_a_line_as_text_stands_at_its_point():
    line = "LINESTRING (-1.3 50.7, -1.301 50.7)"
    draft = only(f'kind,lon,lat,wkt\nbarrier,-1.3005,50.7,"{line}"\n').draft
    assert draft.geometry.geom_type == "LineString"
    assert 60 < draft.geometry.length < 80


@pytest.mark.parametrize(
    "text",
    [
        "LINESTRING (-1.4 50.7, -1.401 50.7)",
        "GEOMETRYCOLLECTION (POINT (-1.3 50.7))",
        "POLYGON ((-1.3 50.7, -1.301 50.701, -1.301 50.7, -1.3 50.701, -1.3 50.7))",
        "LINESTRING (-1.3 50.7)",
        "LINESTRING (1e400 50.7, -1.3 50.7)",
        "LINESTRING (nan nan, -1.3 50.7)",
        "POINT EMPTY",
        "POINT (((((((((",
        "=1+1",
    ],
)
def test_a_shape_that_is_none_or_elsewhere_is_refused(text):
    with pytest.raises(InputError) as fault:
        read(f'kind,lon,lat,wkt\nbarrier,-1.3,50.7,"{text}"\n')
    assert (fault.value.row, fault.value.column) == (2, "wkt")
