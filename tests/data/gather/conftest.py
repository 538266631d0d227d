"""Services that have a small authority, and a client that asks them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.data.services.fakes import files, whole
from tests.servers.scripted import Service


@pytest.fixture
def store():
    """The second host to which OS Downloads sends on."""
    one = Service()
    yield one
    one.close()


@pytest.fixture
def fetching(client_of, store):
    """A client that may be sent on to the second host, with other settings if need be."""
    return lambda **settings: client_of(hosts=frozenset({store.address.removeprefix("http://")}), **settings)


@pytest.fixture
def town(service, store, small, small_place):
    """All services have the small authority."""
    listed = files.gias_extract(pd.read_csv(small.centres[0], dtype="str", keep_default_na=False))
    served = whole.made_of(small, small_place, centres=listed)
    whole.serve(service, store, served)
    return served
