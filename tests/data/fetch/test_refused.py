"""Answers that are not what was wanted: each is one line, and nothing of them is kept."""

import errno
import io
import zipfile
from collections import namedtuple

import pytest

from data.fetch.ask import Ask, is_csv, is_json, is_pbf, is_zip, not_html
from geo.errors import InputError, ServiceError, UnknownNameError
from tests.data.fetch.asks import BIG, CSV, MD5, NAMES, STREETS, left_in, names, streets
from tests.servers.scripted import PAGE, Answer


class TestRefused:
    """What came is not what was wanted; nothing of it is kept."""

    @pytest.fixture(autouse=True)
    def _nothing_is_left(self, client):
        yield
        assert left_in(client.settings.cache) == set()
        assert not list(client.settings.cache.rglob("receipt.json"))

    def test_a_page_to_sign_in(self, service, client):
        service.on(NAMES, PAGE)
        with pytest.raises(
            ServiceError, match=r"found an HTML page; expected a table \(CSV\) with msoa21cd; a proxy may"
        ):
            client.get(names(looks=is_csv("msoa21cd")))
        assert len(service.asked) == 1

    def test_a_page_before_it_has_come_whole(self, service, client):
        seen = []
        page = Answer(PAGE.body + b" " * 600_000, piece=1000)
        service.on(STREETS, page)
        with pytest.raises(ServiceError, match="found an HTML page"):
            client.get(streets(looks=is_pbf, check=seen.append))
        assert seen == []

    def test_a_spreadsheet(self, service, client):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as book:
            book.writestr("[Content_Types].xml", "")
        service.on(NAMES, made.getvalue())
        with pytest.raises(ServiceError, match=r"found a spreadsheet \(XLSX\); expected a table"):
            client.get(names(looks=is_csv("msoa21cd")))

    def test_too_large_by_its_own_word(self, service, client):
        service.on(STREETS, BIG)
        with pytest.raises(ServiceError, match="found a file of 512 kB, more than 100 kB"):
            client.get(streets(limit=100_000))

    def test_too_large_without_a_word(self, service, client):
        service.on(STREETS, Answer(BIG, length=False))
        with pytest.raises(ServiceError, match="found more than 100 kB"):
            client.get(streets(limit=100_000))

    def test_another_md5(self, service, client):
        service.on(STREETS, BIG[:-1] + b"!")
        with pytest.raises(ServiceError, match="found a file whose MD5 is not the one"):
            client.get(streets(md5=MD5))
        assert len(service.asked) == 2

    def test_another_size(self, service, client):
        service.on(STREETS, BIG)
        with pytest.raises(ServiceError, match="found 512,000 bytes where 511,999 were announced"):
            client.get(streets(size=len(BIG) - 1))

    def test_a_check_of_the_whole(self, service, client):
        def check(path):
            assert path.suffix == ".csv"
            raise InputError(path, expected="33,755 rows", found="1 row", row=7)

        service.on(NAMES, CSV)
        with pytest.raises(
            InputError, match=r"^House of Commons Library \(MSOA Names\), row 7: found 1 row; expected 33,755 rows$"
        ):
            client.get(names(check=check))

    @pytest.mark.parametrize("slow", [{"slowest": 1000.0}, {"total_seconds": 90.0, "slowest": 0.0}])
    def test_a_drip(self, service, client_of, clock, slow):
        service.on(NAMES, Answer(CSV, piece=1, drip=0.002))

        def passes(*_):
            clock.now += 40

        with pytest.raises(
            ServiceError, match=r"found an answer that (drips: \d+ bytes in 80 s|takes longer than 90 s)"
        ):
            client_of(watch=passes, tries=1, **slow).get(names())

    def test_no_space(self, service, client, monkeypatch):
        service.on(STREETS, BIG)
        usage = namedtuple("usage", "free")
        monkeypatch.setattr("data.fetch.arrival.shutil.disk_usage", lambda _: usage(1_000_000))
        with pytest.raises(InputError, match=r"kept.*: found 1 MB free; expected room for 512 kB"):
            client.get(streets())

    def test_no_space_in_the_middle(self, service, client, monkeypatch):
        def full(_):
            raise OSError(errno.ENOSPC, "No space left on device")

        service.on(STREETS, BIG)
        monkeypatch.setattr("data.fetch.arrival.os.fsync", full)
        with pytest.raises(InputError, match="found no space left; expected a folder that files can be written to"):
            client.get(streets())

    def test_a_folder_that_is_none(self, client_of, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(InputError, match="expected a folder that files can be written to"):
            client_of(cache=tmp_path / "file").get(names())

    def test_a_source_that_nobody_knows(self, client):
        with pytest.raises(UnknownNameError, match="no source 'streetz'"):
            client.get(Ask(STREETS, source="streetz"))


@pytest.mark.parametrize(
    ("looks", "first", "wrong"),
    [
        (is_csv("URN"), b'\xef\xbb\xbf"urn","x"\r\n', None),
        (is_csv("URN", "Name"), b"URN,x\n", "a table without the column 'Name'"),
        (is_csv("URN", "last"), b"URN," + b"x" * 508, None),
        (is_csv("URN"), b"", "an empty answer"),
        (is_csv("URN"), b'{"error":1}', "JSON"),
        (is_json, b'  {"a":1}', None),
        (is_json, b"<?xml version='1.0'?><html>", "an HTML page"),
        (is_json, b"a,b", "text"),
        (is_zip, b"PK\x03\x04..", None),
        (is_zip, b"%PDF-1.7", "a PDF"),
        (is_pbf, b"\0\0\0\x0d\n\tOSMHeader", None),
        (is_pbf, b"\xef\xbb\xbf\n<!DOCTYPE html>", "an HTML page"),
        (not_html, b"a", None),
    ],
)
def test_what_something_is_by_its_first_bytes(looks, first, wrong):
    assert looks(first) == wrong
