"""The client against a service on this machine."""

import json

from data.fetch.ask import Ask

NAMES = "https://houseofcommonslibrary.github.io/msoanames/MSOA-Names-2.2.csv"


def test_a_file_comes_with_its_receipt_and_is_kept(service, client):
    service.on(NAMES, b"msoa21cd,msoa21nm\n")
    got = client.get(Ask(NAMES, source="area_names"))
    assert got.path.name == "MSOA-Names-2.2.csv"
    assert got.path.read_bytes() == b"msoa21cd,msoa21nm\n"
    assert json.loads((got.path.parent / "receipt.json").read_text())["sha256"] == got.receipt.sha256
    assert client.get(Ask(NAMES, source="area_names")) == got
    assert len(service.asked_for(NAMES)) == 1
