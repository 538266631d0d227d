"""What options that need more words mean."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geo.errors import RequestError
from geo.need import NeedWeights
from layers.commands.options import weights_of

PLACE = SimpleNamespace(card=SimpleNamespace(name="Town", figures={"under2": "", "arrived_5y_share": ""}))


def test_weights_of_need_are_those_named_and_no_others():
    assert weights_of(None, PLACE) == NeedWeights()
    only = NeedWeights(imd=0, idaci=0.5, abroad=0, under5=0, arrived5=2)
    assert weights_of("arrived5=2, idaci = 0.5,under2=0", PLACE) == only


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("english=2", "Town has no figures for 'english'; it has imd, idaci, abroad, under5, under2, arrived5"),
        ("imd", "'imd' has no number; write imd=1"),
        ("imd=many", "'imd=many' has no number"),
        ("imd=0", "need weights"),
        ("", "need weights"),
    ],
)
def test_weights_that_make_no_sense_are_refused(said, why):
    with pytest.raises(RequestError, match=why):
        weights_of(said, PLACE)
