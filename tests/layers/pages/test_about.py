"""Data and method: how old each source is, and the receipts of a place that was fetched."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from data.fetch.receipts import Receipt, write_receipts
from data.place import CARD, RECEIPTS
from tests.layers.reading import words

PAGE = "layers/pages/about.py"


def test_how_old_the_sources_are(seen):
    at = seen(PAGE)
    assert all(meaning in words(at) for meaning in ("Children aged 0 to 4.", "half of the under-fives"))  # the glossary
    table = at.dataframe[0].value.set_index("What")
    streets = table.loc["OpenStreetMap: streets and paths"]
    assert "year" in streets["How old"]
    assert (streets["Renewed"], streets["Fetch again?"]) == ("every day", "yes")
    assert "From" not in table  # files that a person brought


def test_where_each_answer_came_from(visit, derive):
    """The address stands beside the source, and below are the receipts of all answers."""
    place = derive("Twin")
    address = "https://www.nomisweb.co.uk/api/v01/dataset/NM_2024_1.data.csv?date=latest"
    receipt = Receipt("country_of_birth", address, datetime(2026, 11, 30, 9, tzinfo=UTC), 200, 1_234, "0" * 64)
    write_receipts([receipt, receipt], place / RECEIPTS)
    card = json.loads((place / CARD).read_text("utf-8"))
    for source in card["sources"]:
        if source["dataset"] == receipt.source:
            source |= {"address": receipt.url, "asked_at": receipt.asked_at.isoformat()}
    (place / CARD).write_text(json.dumps(card), "utf-8")
    at = visit(PAGE, place="twin")
    sources = at.dataframe[0].value.set_index("What")
    assert sources.loc["Census 2021, TS004 Country of birth", "From"] == address
    assert at.expander[0].label == "Receipts for all 2 files and answers used"
    assert at.dataframe[1].value["Address"].tolist() == [address, address]
