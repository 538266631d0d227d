import importlib
import re
from dataclasses import FrozenInstanceError

import pytest

from data.catalogue import CATALOGUE, attributions
from geo.errors import UnknownNameError


def test_every_source_is_under_its_own_key():
    assert [dataset.key for dataset in CATALOGUE.values()] == list(CATALOGUE)
    assert set(CATALOGUE) == {
        "deprivation",
        "country_of_birth",
        "children",
        "length_of_residence",
        "english",
        "household_language",
        "census_percentages",
        "languages",
        "authorities",
        "boundaries",
        "output_areas",
        "area_changes",
        "wards",
        "area_names",
        "own_area_names",
        "own_children",
        "own_births",
        "code_point_open",
        "postcode_directory",
        "centres",
        "centre_links",
        "council_closures",
        "family_hubs",
        "site_return",
        "play_spaces",
        "open_greenspace",
        "venues",
        "gazetteer",
        "backdrop",
        "labels",
        "streets",
    }


@pytest.mark.parametrize("dataset", CATALOGUE.values(), ids=lambda dataset: dataset.key)
def test_every_reader_exists(dataset):
    module, name = dataset.reader.rsplit(".", 1)
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("dataset", CATALOGUE.values(), ids=lambda dataset: dataset.key)
def test_every_source_says_whose_it_is(dataset):
    assert dataset.title
    assert dataset.publisher
    assert dataset.licence
    assert dataset.geography
    assert dataset.attribution
    assert all(line.strip() == line and "\n" not in line for line in dataset.attribution)
    for address in (dataset.landing_page, dataset.url, dataset.licence_url):
        assert not address or re.match(r"https://[a-z0-9.-]+/", address)


def test_no_package_registry_is_a_source():
    addresses = " ".join(dataset.landing_page + " " + dataset.url for dataset in CATALOGUE.values())
    assert not re.search(r"pypi|pythonhosted|npmjs|jsdelivr|unpkg|conda", addresses)


def test_the_required_lines():
    assert attributions(["centres", "deprivation"]) == (
        "Contains public sector information licensed under the Open Government Licence v3.0",
    )
    assert attributions(["country_of_birth", "streets", "play_spaces"]) == (
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0",
        "© OpenStreetMap contributors",
        "OpenStreetMap data is available under the Open Database License: openstreetmap.org/copyright",
    )
    assert attributions(["code_point_open", "open_greenspace"]) == (
        "Contains OS data © Crown copyright and database right 2026",
        "Contains Royal Mail data © Royal Mail copyright and database right 2026",
    )
    assert "Contains National Statistics and OS data © Crown copyright and database right 2026" in attributions(
        ["boundaries"]
    )
    assert attributions(["area_names"]) == (
        "Contains Parliamentary information licensed under the Open Parliament Licence",
    )
    assert attributions([]) == ()


def test_an_unknown_source_is_named():
    with pytest.raises(UnknownNameError, match="no source 'nowhere' in the catalogue; there are deprivation, "):
        attributions(["centres", "nowhere"])


def test_a_source_does_not_change():
    with pytest.raises(FrozenInstanceError):
        CATALOGUE["centres"].title = "x"
