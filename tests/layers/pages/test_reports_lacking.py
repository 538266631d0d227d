"""The page Reports on places that lack something."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.errors import InputError
from layers import cache
from tests.layers.conftest import derived
from tests.layers.reading import headline, markdown
from tests.layers.report_page import ONE, TWO, WARD, buttons, figures, on_page, title


def forget_children(table):
    return table.assign(under5=np.nan, under2=np.nan)


@pytest.mark.usefixtures("no_search")
def test_without_known_under_fives(open_page, derive):
    derive("Uncounted", areas=forget_children, origins=forget_children)
    at = open_page(place="uncounted")
    assert "How many under-fives live here is not known" in headline(at)
    assert figures(at)["Under-fives beyond 15 minutes' walk"] == "not known"
    assert len(buttons(at)) == 6


def out_at_sea(origins):
    lost = origins["area_code"] == ONE
    return origins.assign(geometry=origins.geometry.where(~lost, shapely.points(400_000.0, 50_000.0)))


def forget_wards(areas):
    return areas.assign(ward_code=None, ward_name=None).astype({"ward_code": "str", "ward_name": "str"})


@pytest.fixture(scope="module")
def lacking_folder(tmp_path_factory):
    """A folder with a place without wards, without play spaces, and with a neighbourhood without streets."""
    folder = tmp_path_factory.mktemp("lacking")
    derived(folder, "Lacking", play=False, areas=forget_wards, origins=out_at_sea)
    return folder


@pytest.fixture
def lacking(open_page, no_search, lacking_folder, monkeypatch):
    """Open the page of that place."""
    monkeypatch.setenv("PRAMSHED_PLACES", str(lacking_folder))
    return lambda **query: open_page(place="lacking", **query)


def test_without_wards(lacking):
    at = lacking(about="ward", ward=WARD)
    assert "know of no wards" in at.info[0].value
    at.radio(key="about").set_value("place").run()
    assert len(buttons(at)) == 6


def test_without_street_data_where_one_asks(lacking):
    at = lacking(about="areas", areas=ONE)
    said = at.warning[0].value.replace("\\", "")
    assert said == (
        "This report cannot be made: it needs street data, to measure walks along; found none in the chosen "
        "neighbourhoods."
    )
    assert on_page(at) == {"about": "areas", "areas": ONE}
    at.multiselect(key="areas").set_value([ONE, TWO]).run()
    assert not at.warning
    assert len(buttons(at)) == 6


def test_without_play_spaces(lacking):
    at = lacking(to="play")
    assert "no play-space data for this place" in markdown(at)
    assert "walk to a children's centre" in title(at)
    assert len(buttons(at)) == 6


def test_a_table_at_fault_is_told_as_on_every_page(open_page, derive, monkeypatch):
    derive("Broken")

    def fail(*_, **__):
        raise InputError(cache.places.places()["broken"].folder / "origins.parquet", expected="a table", found="none")

    monkeypatch.setattr(cache.reports, "look", fail)
    at = open_page(place="broken")
    assert "cannot be shown with these settings" in at.error[0].value.replace("\\", "")
    assert "/" not in at.error[0].value.replace("\\", "").replace("origins.parquet", "")
