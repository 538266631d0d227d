"""The way to a service: redirects, proxies, certificates, and what of an address is shown."""

import pytest

from data.fetch.ask import Ask, is_zip
from data.fetch.receipts import without_secrets
from geo.errors import InputError, RequestError, ServiceError
from tests.data.fetch.asks import BIG, BLOB, CSV, NAMES, POSTCODES, STREETS, names
from tests.servers.scripted import Answer, on_to


class TestSentOn:
    """Redirects, only to hosts of the catalogue."""

    SIGNED = f"{BLOB}?sv=2024&se=2026-12-01T10%3A00%3A00Z&sig=abc%2Fsecret%3D"

    def test_a_signed_address_is_used_and_forgotten(self, service, client, written, tmp_path):
        state = {"etag": '"1"', "ranges": True}
        service.on(POSTCODES, on_to(self.SIGNED))
        service.on(BLOB, Answer(b"PK\x03\x04" + BIG, **state, cut=9000), Answer(b"PK\x03\x04" + BIG, **state))
        got = client.get(Ask(POSTCODES, source="code_point_open", looks=is_zip, name="codepo_gb.zip"))
        assert (got.path.name, got.receipt.bytes) == ("codepo_gb.zip", len(BIG) + 4)
        assert [one.query["sig"] for one in service.asked_for(BLOB)] == ["abc/secret="] * 2
        assert service.asked_for(POSTCODES)[0].raw_query == "area=GB&format=CSV&redirect"
        everything = b"".join(
            path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".zip"
        )
        assert b"secret" not in everything + written.getvalue().encode()
        assert "secret" not in repr(got)

    def test_nowhere_else(self, service, client):
        service.on(NAMES, on_to("https://login.council.example/?sig=secret"))
        with pytest.raises(
            ServiceError, match=r"found a way on to login\.council\.example; expected a host of the cat"
        ) as caught:
            client.get(names())
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("host", ["evil.example\\@api.os.uk", "api.os.uk@evil.example", "api.os.uk.evil.example", "evil.example#api.os.uk", "api.os.uk:8080"])  # fmt: skip
    def test_not_by_a_trick(self, client, host):
        with pytest.raises(ServiceError, match=r"expected a host of the catalogue|cannot be read"):
            client.get(Ask(f"https://{host}/x", source="area_names", tries=1))

    def test_not_in_circles(self, service, client):
        service.on(NAMES, on_to(NAMES))
        with pytest.raises(ServiceError, match="being sent on more than 5 times"):
            client.get(names())

    def test_a_form_goes_with_it_or_stays_behind(self, service, client):
        service.on(STREETS, lambda asked: f"{asked.method} {asked.form}")
        for status, arrives in ((307, "POST {'a': '1'}"), (303, "GET {}")):
            service.on(NAMES, on_to(STREETS, status=status))
            assert (
                client.get(names(form={"a": 1}, name=f"{status}.txt", query={"s": status})).path.read_text() == arrives
            )


class TestNetwork:
    """Proxies and certificates of council networks."""

    def test_a_proxy(self, service, client_of):
        asked = "http://houseofcommonslibrary.github.io/msoanames/MSOA-Names-2.2.csv"
        service.on(asked, CSV)
        client_of(bases={}, proxy=service.address).get(Ask(asked, source="area_names"))
        assert service.asked[0].raw_path == asked

    def test_a_proxy_that_wants_a_password(self, service, client_of):
        proxy = service.address.replace("//", "//me:secret@")
        with pytest.raises(ServiceError, match=r"found a proxy that wants a name and a password \(407\)") as caught:
            client_of(bases={}, proxy=proxy).get(names())
        assert "secret" not in str(caught.value)

    def test_a_proxy_that_is_no_address(self, client_of):
        with pytest.raises(RequestError, match="the proxy's address cannot be read"):
            client_of(proxy="me:secret").get(names())

    def test_a_certificate_that_nobody_trusts(self, secure_service, client_of):
        service, certificate = secure_service
        service.on(NAMES, CSV)
        with pytest.raises(ServiceError, match=r"found a certificate that nobody here trusts; .* name the file"):
            client_of(bases=service.bases()).get(names())
        assert client_of(bases=service.bases(), certificates=certificate).get(names()).path.read_bytes() == CSV

    def test_a_file_of_certificates_that_is_none(self, client_of, tmp_path):
        (tmp_path / "own.pem").write_text("no certificate")
        for name, found in (("own.pem", "something else"), ("none.pem", "no such file")):
            with pytest.raises(InputError, match=f"{name}: found {found}; expected certificates as text"):
                client_of(certificates=tmp_path / name).get(names())


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:pw@api.os.uk/a?area=GB&redirect", "https://api.os.uk/a?area=GB&redirect"),
        ("https://www.nomisweb.co.uk/x.csv?uid=0x1a&date=latest", "https://www.nomisweb.co.uk/x.csv?date=latest"),
        ("https://a.blob.core.windows.net/x.zip?sv=1&se=2&sig=3", "https://a.blob.core.windows.net/x.zip"),
    ],
)
def test_addresses_are_shown_without_secrets(address, shown):
    assert without_secrets(address) == shown


def test_the_version_is_that_of_the_project(root):
    from data.fetch.ways import VERSION

    assert f'version = "{VERSION}"' in (root / "pyproject.toml").read_text("utf-8")
