"""OS Downloads: the newest file of a product, from the address it sends one on to."""

from __future__ import annotations

import pytest

from data.services import os_downloads
from data.services.os_downloads import CODE_POINT_OPEN, OPEN_GREENSPACE
from data.sources.postcodes import read_postcodes
from geo.errors import ServiceError
from tests.data.services.fakes import files
from tests.servers.scripted import Service

POSTCODES = [
    ("PO301AA", 449_700, 89_100, "E06000046"),
    ("PO312AA", 449_900, 95_100, "E06000046"),
    ("SO4 1AA", 443_000, 113_000, "E07000091"),
    ("PO309ZZ", 0, 0, "E06000046"),
]


@pytest.fixture
def store():
    """The second host, which has the files."""
    one = Service()
    yield one
    one.close()


@pytest.fixture
def lending(client_of, store):
    """A client that may be sent on to the second host."""
    return client_of(hosts=frozenset({store.address.removeprefix("http://")}))


def test_a_file_comes_from_the_signed_address_and_no_signature_is_kept(lending, service, store, tmp_path):
    files.os_product(service, store, CODE_POINT_OPEN, files.code_point(POSTCODES), name="codepo_gb.zip", others=["GML"])
    got = os_downloads.get_product(lending, CODE_POINT_OPEN)
    assert (got.path.name, got.receipt.edition) == ("codepo_gb.zip", "2026-08")
    assert got.receipt.url.endswith("redirect")
    assert not any(b"sig=" in path.read_bytes() for path in tmp_path.rglob("*.json"))
    table = os_downloads.read_postcodes(got.path, (440_000, 80_000, 460_000, 100_000))
    read = read_postcodes(os_downloads.write_postcodes(table, tmp_path / "code_point_open.csv"))
    assert read.table.index.tolist() == ["PO301AA", "PO312AA"]  # neither across the water nor without a position
    assert read.table["authority_code"].unique().tolist() == ["E06000046"]


def test_a_file_that_is_not_what_it_is_offered_as_is_refused(lending, service, store):
    content = files.code_point(POSTCODES)
    files.os_product(service, store, CODE_POINT_OPEN, content, name="codepo_gb.zip", md5="0" * 32)
    with pytest.raises(ServiceError, match="MD5"):
        os_downloads.get_product(lending, CODE_POINT_OPEN)


@pytest.mark.parametrize(
    ("offered", "words"),
    [
        ([], "0 such files among none"),
        ([{"area": "SE", "format": "GML"}], "0 such files among GML of SE"),
        ([{"area": "GB", "format": "GeoPackage", "url": "-"}] * 2, "2 such files among GeoPackage of GB"),
        ("no list", "0 such files"),
    ],
)
def test_the_one_file_is_chosen_or_none(file, offered, words):
    with pytest.raises(ServiceError, match=f"found {words}.*expected one GeoPackage of GB"):
        os_downloads.choose(file(files.said(offered).body), OPEN_GREENSPACE)


def test_an_archive_without_postcodes_there_is_refused(file):
    archive = file(files.code_point(POSTCODES), "codepo_gb.zip")
    with pytest.raises(ServiceError, match="no postcode in 2 files"):
        os_downloads.read_postcodes(archive, (0, 0, 1, 1))
