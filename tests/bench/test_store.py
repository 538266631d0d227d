"""50 people who add marks and 5 who decide on them, at once, for `PRAMSHED_SOAK_SECONDS` (60): `make bench` prints it."""

from __future__ import annotations

import os

import pytest

from data.store.store import Store
from tests.data.store.conftest import server  # noqa: F401 (a fixture)
from tests.data.store.soak import require_nothing_lost, soak

SECONDS = float(os.environ.get("PRAMSHED_SOAK_SECONDS", "60"))


@pytest.mark.benchmark(group="50 add and 5 decide at once: the time is fixed, the marks are in the last lines")
@pytest.mark.parametrize("kind", ["sqlite", "postgis"])
def test_many_at_once(benchmark, request, tmp_path, capsys, kind):
    url = f"sqlite:///{tmp_path}/store.sqlite" if kind == "sqlite" else request.getfixturevalue("server").emptied()
    store = Store.open(url)
    tally = benchmark.pedantic(soak, args=(store, SECONDS), rounds=1)
    with capsys.disabled():
        print(f"\n{kind}: {tally}")  # noqa: T201
    benchmark.extra_info["tally"] = str(tally)
    require_nothing_lost(store, tally)
    store.close()
