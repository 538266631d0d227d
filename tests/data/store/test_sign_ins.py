"""Who has signed in: for how long, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import sign_ins
from data.store.people import OPERATOR
from data.store.schema import now
from data.store.sign_ins import AWAY, LONGEST
from tests.data.store.conftest import PASSPHRASE, rows_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ada(store):
    return store.accounts.add(OPERATOR, name="Ada", role="administrator", passphrase=PASSPHRASE)


def test_until_it_is_not_used_or_has_lasted_too_long(store, ada, monkeypatch):
    token, begun = store.sign_ins.begin(ada), now()
    assert token not in str(rows_of(store, "sign_ins"))
    for later, there in (
        (AWAY - timedelta(minutes=1), True),
        (2 * AWAY - timedelta(minutes=2), True),  # each use counts from then on
        (4 * AWAY, False),
    ):
        monkeypatch.setattr(sign_ins, "now", lambda later=later: begun + later)
        assert (store.sign_ins.whose(token) == ada) is there
    monkeypatch.setattr(sign_ins, "now", lambda: begun + LONGEST)
    store.sign_ins.begin(ada)
    assert len(rows_of(store, "sign_ins")) == 1, "what has ended is forgotten"


def test_what_ends_it(store, ada):
    bo = store.accounts.add(OPERATOR, name="Bo", passphrase=PASSPHRASE)
    here, there, of_bo = (store.sign_ins.begin(one) for one in (ada, ada, bo))
    fresh = store.accounts.set_passphrase(ada, ada.id, "another long passphrase")
    store.sign_ins.go_on(here, fresh)
    assert [store.sign_ins.whose(one) for one in (here, there)] == [fresh, None]
    store.sign_ins.go_on(of_bo, fresh)
    assert store.sign_ins.whose(of_bo) == bo, "nobody takes another's place"
    store.accounts.disable(OPERATOR, bo.id)
    assert store.sign_ins.whose(of_bo) is None
    store.sign_ins.end(here)
    assert store.sign_ins.whose(here) is None
    assert store.sign_ins.whose("") is None
