"""An authority fetched from services that answer as the real ones: its place is the one that is built from files."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
import shapely

from data.build.pipeline import build
from data.gather.authority import STEPS, gather
from data.gather.place import Choices, fetch_place
from data.services.overpass import get_streets
from data.sources.extracts import cut
from geo.errors import InputError, ServiceError, UnknownNameError
from tests.data.gather.tables import same_as_by_hand, same_tables
from tests.data.services.fakes import files, overpass, whole


def halves(inputs, place, folder):
    """The streets of a place as two counties, a western and an eastern one."""
    west, south, east, north = place.card.bounds
    middle = (west + east) / 2
    windows = {"west": (west - 1, south - 1, middle, north + 1), "east": (middle, south - 1, east + 1, north + 1)}
    counties = {}
    for name, window in windows.items():
        cut(inputs.streets, window, folder / f"{name}.osm.pbf")
        counties[name] = (shapely.box(*window), (folder / f"{name}.osm.pbf").read_bytes())
    return counties


def test_a_place_fetched_is_the_place_built(fetching, service, town, small_place, tmp_path, fixtures):
    steps = []
    client = fetching()
    found = fetch_place(client, "town", files=tmp_path / "files", places=tmp_path, today=whole.DAY, step=steps.append)
    assert tuple(steps[: len(STEPS)]) == STEPS
    place = found.place
    assert place.folder == tmp_path / "town-city-of"
    areas = place.areas()
    assert areas[list(whole.SHARES)].drop_duplicates().to_dict("records") == [whole.SHARES]
    same_tables(place, small_place, but=("change_2011", *whole.SHARES))
    # what no service gave is said in a sentence, and in full for whoever runs the machine
    assert "A list of family hubs could not be fetched: no hub is shown." in place.card.notes
    assert any("family hub" in fault for fault in found.faults)
    polish = place.languages().query("language == 'Polish'").set_index("area_code")["people"]
    assert polish.to_dict() == dict.fromkeys(place.areas().index, 20)  # an output area in each neighbourhood
    # every answer has its receipt, and every figure the address it came from
    receipts = place.receipts()
    assert {receipt.status for receipt in receipts} == {200}
    sources = {source.dataset: source for source in place.card.sources}
    assert sources["country_of_birth"].address.startswith(
        f"{service.address}/www.nomisweb.co.uk/api/v01/dataset/NM_2024_1.data.csv"
    )
    assert sources["streets"].address.endswith("england/isle-of-wight-latest.osm.pbf")
    told = {"code_point_open": "2026-08", "open_greenspace": "2026-04", "wards": "2025"}
    assert {key: sources[key].vintage for key in told} == told
    assert all(source.asked_at for source in sources.values())
    # a second time nobody is asked, and nothing changes
    asked = len(service.asked)
    again = fetch_place(
        fetching(offline=True), "E06000099", files=tmp_path / "files", places=tmp_path / "again", today=whole.DAY
    )
    assert len(service.asked) == asked
    same_tables(again.place, place)
    assert {one.sha256 for one in again.place.card.sources} == {one.sha256 for one in place.card.sources}
    # a list of one's own goes with what is public, and one that is none is refused before anything is done
    asking = {"files": tmp_path / "files", "places": tmp_path / "own", "today": whole.DAY}
    returned = fixtures / "site_return_2026-06-30.csv"
    ours = fetch_place(fetching(offline=True), "town", choices=Choices(own=[returned]), **asking).place.centres()
    assert ours["kind"].value_counts().to_dict() == {"centre": 3, "hub": 2, "network_site": 2}
    with pytest.raises(InputError, match="URN"):
        fetch_place(fetching(), "town", choices=Choices(own=[fixtures / "wards_2025.csv"]), **asking)


def test_streets_by_overpass_make_the_same_place(fetching, service, town, small, small_place, tmp_path):
    """From one answer, and again from its copy; the place says so, and of which moment it is."""
    (streets,) = small.streets
    service.on(overpass.MAIN, overpass.Overpass(streets))
    for folder, more in (("once", {}), ("again", {"offline": True})):
        found = fetch_place(
            fetching(**more),
            "town",
            files=tmp_path / "files",
            places=tmp_path / folder,
            today=whole.DAY,
            choices=Choices(streets="overpass"),
        )
        same_tables(found.place, small_place, but=("change_2011", "source_date", *whole.SHARES))
    assert len(service.asked_for(overpass.MAIN)) == 1
    assert not [asked for asked in service.asked if "geofabrik" in asked.path]
    assert any("by Overpass" in note for note in found.place.card.notes)
    source = next(one for one in found.place.card.sources if one.dataset == "streets")
    assert source.vintage == "2026-01-30"
    assert source.address.endswith("/overpass-api.de/api/interpreter")
    assert [one.edition for one in found.place.receipts() if one.source == "streets"] == ["2026-01-30T06:00:00Z"]


def test_an_authority_that_was_recoded_and_lies_in_two_counties(fetching, service, store, small, small_place, tmp_path):
    """The Census and older look-ups know it by its former code; each county's extract has half of its streets."""
    listed = files.gias_extract(pd.read_csv(small.centres[0], dtype="str", keep_default_na=False))
    served = whole.made_of(
        small, small_place, code="E06000199", centres=listed, counties=halves(small, small_place, tmp_path)
    )
    whole.serve(service, store, served)
    place = fetch_place(fetching(), "town", files=tmp_path / "files", places=tmp_path, today=whole.DAY).place
    assert place.card.authority_code == "E06000199"
    same_tables(place, small_place, but=("change_2011", "authority_code", *whole.SHARES))


def test_without_a_service_that_no_place_can_do_without(fetching, service, town, tmp_path):
    service.on("https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services", "nothing")
    with pytest.raises(UnknownNameError, match="Sometown"):
        gather(fetching(), "Sometown", tmp_path / "files", today=whole.DAY)
    files.extracts(service, {"isle-of-wight": (town.counties["isle-of-wight"][0], None)})
    with pytest.raises(ServiceError, match="streets of OpenStreetMap"):
        fetch_place(fetching(), "town", files=tmp_path / "files", places=tmp_path / "places", today=whole.DAY)
    assert not (tmp_path / "places").exists()


@pytest.mark.full_size
@pytest.mark.parametrize("key", ["isle-of-wight", "leeds"])
def test_a_real_authority(fetching, service, store, real_inputs, real_place, tmp_path, key):
    """Postcode by postcode as in the directory, and the place that is built from the same files.

    The Isle of Wight besides as if it had been recoded, its streets in two counties.
    """
    inputs, place = real_inputs[key], real_place(key)
    served = whole.made_of(inputs, place)
    whole.serve(service, store, served)
    found = gather(fetching(), served.name, tmp_path / "files", today=whole.DAY)
    place_fetched = build(found.inputs, tmp_path / "fetched")
    built = same_as_by_hand(place_fetched, inputs, tmp_path / "files", tmp_path / "by_hand")
    if key == "isle-of-wight":
        recoded = whole.made_of(inputs, place, code="E06000199", counties=halves(inputs, place, tmp_path))
        whole.serve(service, store, recoded)
        other = fetch_place(
            fetching(cache=tmp_path / "other"), recoded.name, files=tmp_path / "o", places=tmp_path, today=whole.DAY
        )
        same_tables(other.place, built, but=("change_2011", "authority_code"))


@pytest.mark.full_size
def test_a_real_authority_by_overpass(client, service, real_inputs, real_place, tmp_path):
    """In quarters, from a server that has no more than the extract: every table of the place is the same."""
    inputs, place = real_inputs["isle-of-wight"], real_place("isle-of-wight")
    service.on(overpass.MAIN, overpass.Overpass(inputs.streets[0]))
    outline = place.areas().union_all(grid_size=0.01)
    get_streets(client, outline, tmp_path / "streets.osm.pbf", today=whole.DAY)
    assert len(service.asked_for(overpass.MAIN)) == 4
    anew = build(replace(inputs, streets=(tmp_path / "streets.osm.pbf",)), tmp_path / "place")
    same_tables(anew, place, but=("source_date",))
