"""Killed again and again, an authority is fetched in the end, and nothing is fetched twice that was whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from data.place import Place
from tests.data.gather.tables import same_tables
from tests.data.services.fakes import files, whole

HUBS = b"Region,Local_Authority,Family_Hub,Postcode\nSouth,Elsewhere,Far Away Hub,ZZ1 1ZZ\n"
NAMES = b"msoa21cd,msoa21nm,msoa21nmw,msoa21hclnm,msoa21hclnmw,localauthorityname\nE02000001,Town 001,,Middle,,Town\n"
LINKS = b'"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"\r\n"20004","20005","Farther Away","Successor","01-01-2010"\r\n'
LEAST, MOST = 20, 60


@pytest.mark.program
@pytest.mark.full_size  # once, and on the page: tests/layers/commands/test_fetching_process.py
def test_killed_at_twenty_moments(root, service, store, small, small_place, tmp_path):
    listed = files.gias_extract(pd.read_csv(small.centres[0], dtype="str", keep_default_na=False))
    served = whole.made_of(small, small_place, centres=listed, hubs=HUBS, names=NAMES)
    served = replace(served, links=LINKS)  # all there is: a refusal is not kept, and is asked for each time
    whole.serve(service, store, served)
    order = {"folder": str(tmp_path), "bases": service.bases(), "hosts": [store.address.removeprefix("http://")]}
    place = tmp_path / "places" / "town-city-of"
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.data.gather.killed"],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    killed = 0
    with started:
        while killed < MOST:
            started.stdin.write(json.dumps(order | {"dies_at": 18 + 7 * killed % 23}) + "\n")
            started.stdin.flush()
            if (said := started.stdout.readline().strip()) != "killed":
                break
            killed += 1
            assert not place.exists()
        started.stdin.close()
    assert said.isdigit(), said
    assert killed >= LEAST
    same_tables(Place.open(place), small_place, but=("change_2011", "area_name", "official_name", *whole.SHARES))
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    asked = Counter(
        (one.method, one.path, one.raw_query, tuple(one.form.items())) for one in service.asked if service.has(one.path)
    )
    again = sum(asked.values()) - len(asked)
    assert again <= killed  # a kill loses no more than what was on its way
