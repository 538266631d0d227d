"""How each source is fetched is known of each, and is what is done."""

from datetime import date

import shapely

from data.catalogue import CATALOGUE
from data.fetch.hosts import HOSTS, host_of
from data.services import geofabrik, gias, govuk, msoa_names, nomis, onspd, os_downloads, overpass, portal
from data.services.means import MEANS, hosts

NOWHERE = overpass.Window(*(shapely.box(0, 0, 1, 1) for _ in range(3)))


def test_each_source_has_its_means():
    assert set(MEANS) == set(CATALOGUE)
    assert set(hosts()) <= set(HOSTS)
    assert [key for key, one in MEANS.items() if one.wanted and not one.first] == []
    assert {key for key, one in MEANS.items() if not one.public} == {
        "own_area_names", "own_births", "own_children", "council_closures", "site_return",
    }  # fmt: skip


def test_hosts_that_one_is_sent_on_to_are_behind_one_that_is_asked():
    assert {one.sent_on_by for one in HOSTS.values() if one.sent_on_by} <= set(hosts())


def test_the_order_is_that_of_the_services():
    wards = MEANS["wards"].wanted[portal.WARDS.what]
    assert [way.called for way in wards[1:]] == [f"`{name}`" for name in portal.WARDS.known]
    assert MEANS["postcode_directory"].ways[3].address.endswith("Online_ONS_Postcode_Directory_Live/FeatureServer/1")
    assert [way.address for way in MEANS["area_names"].ways] == [
        msoa_names.names_ask(one).url for one in msoa_names.EDITIONS
    ]
    first = {key: MEANS[key].ways[0].called for key in ("deprivation", "family_hubs")}
    assert first == {"deprivation": "the last known address", "family_hubs": "the content API"}


def test_every_question_goes_to_a_host_of_its_means():
    asks = [
        nomis.bulk_ask(nomis.COUNTRY_OF_BIRTH), nomis.rows_ask(nomis.ESTIMATES, ""), geofabrik.index_ask(),
        os_downloads.downloads_ask(os_downloads.CODE_POINT_OPEN), govuk.content_ask("/", source="family_hubs"),
        *(geofabrik.extract_ask(url, md5=None) for url in geofabrik.ALL_ENGLAND),
        *(overpass.window_ask(NOWHERE, server=url, today=date(2026, 1, 30)) for url in overpass.SERVERS),
    ]  # fmt: skip
    assert [ask.url for ask in asks if host_of(ask.url) not in hosts([ask.source])] == []
    assert onspd.DIRECTORY.source in MEANS
    assert gias.DAYS_BACK == 8
