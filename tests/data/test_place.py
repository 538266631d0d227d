"""Opening a place: by name or folder, and what is no place."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import pytest

import data.place
from data.place import Place, find_place, open_places
from geo.errors import InputError, UnknownNameError
from geo.profiles import ADULT, BUGGY


def test_places_are_found_by_name_or_folder(small_place):
    folders = [small_place.folder.parent]
    assert list(open_places(folders)[0]) == ["town"]
    assert find_place("Town", folders).folder == small_place.folder
    assert find_place(str(small_place.folder), []).folder == small_place.folder
    with pytest.raises(InputError, match=r"place\.json"):
        find_place("./town", folders)  # a path is a path, whatever places there are
    with pytest.raises(UnknownNameError, match=r"no place 'Leeds'.*town"):
        find_place("Leeds", folders)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pack_version": 1}, r"place\.json: found 1; expected pack version 2 \(build the place again\)"),
        ({"sources": None}, "expected the fields of a place"),
        ({"surprise": 1}, "expected the fields of a place"),
        ({"tables": []}, "expected the fields of a place"),
        ({"figures": {"under5": 2020}}, "found a value of another kind; expected the fields of a place"),
    ],
)
def test_a_pack_of_another_make_is_refused(small_place, tmp_path, change, words):
    folder = tmp_path / "copy"
    shutil.copytree(small_place.folder, folder)
    path = folder / "place.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        Place.open(folder)


def test_a_spoilt_table_is_named(small_place, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(small_place.folder, folder)
    (folder / "origins.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(InputError, match=r"origins\.parquet"):
        Place.open(folder).origins()
    (folder / "network.parquet").unlink()
    with pytest.raises(InputError, match=r"network\.parquet"):
        Place.open(folder).network(BUGGY)


def test_profiles_share_one_file(small_place):
    networks = [small_place.network(profile) for profile in (ADULT, BUGGY)]
    assert [len(network.graph.neighbour) for network in networks] == [4, 0]  # the gate stops a pram


def test_a_table_is_trusted_as_built_and_checked_anew_once_somebody_changed_it(small_place, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(small_place.folder, folder)
    assert set(small_place.card.tables) == {path.name for path in folder.glob("*.parquet")}
    origins = Place.open(folder).origins()
    origins.drop(columns="under5").to_parquet(folder / "origins.parquet")
    with pytest.raises(InputError, match=r"origins\.parquet, column 'Origins': found 'under5'"):
        Place.open(folder).origins()
    origins.assign(under5=origins["under5"] * 2).to_parquet(folder / "origins.parquet")
    assert Place.open(folder).origins()["under5"].sum() == 300


def test_a_table_is_read_once_and_whoever_changes_theirs_changes_nobody_elses(small_place, tmp_path, monkeypatch):
    folder, read = tmp_path / "copy", []
    shutil.copytree(small_place.folder, folder)
    place, from_file = Place.open(folder), gpd.read_parquet
    monkeypatch.setattr(data.place.gpd, "read_parquet", lambda path: read.append(path.name) or from_file(path))
    mine, theirs = place.areas(), place.areas()
    mine["under5"] = -1.0
    mine.loc[mine.index[0], "area_name"] = "Mine"
    mine.loc[mine.index[0], "geometry"] = None
    assert theirs.equals(place.areas())
    assert theirs.equals(from_file(folder / "areas.parquet"))
    assert read == ["areas.parquet"]
    from_file(folder / "areas.parquet").iloc[:2].to_parquet(folder / "areas.parquet")
    assert len(place.areas()) == 2, "the file is another"
    assert read == ["areas.parquet"] * 2


def test_the_fingerprint_is_of_the_tables_and_the_rules_alone(small_place):
    card = small_place.card
    assert re.fullmatch("[0-9a-f]{16}", card.fingerprint)
    later = [replace(source, read="2031-01-01") for source in card.sources]
    assert replace(card, sources=tuple(later), notes=("seen",)).fingerprint == card.fingerprint
    backwards = dict(reversed(list(card.tables.items())))
    assert replace(card, tables=backwards).fingerprint == card.fingerprint
    changed = card.tables | {"areas.parquet": card.tables["origins.parquet"]}
    assert replace(card, tables=changed).fingerprint != card.fingerprint
    assert replace(card, rules_version="0").fingerprint != card.fingerprint


@pytest.mark.program
def test_a_question_does_not_wait_for_what_it_does_not_need(root, small_place):
    """Loading the contract or the readers would make every command slower by half a second."""
    code = (
        "import sys; from data.place import *; from layers.answers.question import *; place = find_place(sys.argv[1], [SAMPLE]);"
        "answer(place, Question()); print([n for n in ('pandera', 'osmium', 'streamlit', 'folium') if n in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(small_place.folder)], cwd=root, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
