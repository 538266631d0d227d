"""How long people wait for a report, and what it takes. Figures to read, not to pass, beside what was promised.

A ward's pack within 5 s, the authority's within 20 s, all 39 wards of the Isle of Wight within 90 s and 1.5 GB.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from datetime import date

import psutil
import pytest

from data.place import SAMPLE, Place
from layers.answers.question import Question
from layers.reports.gather import gather
from layers.reports.pack import file_of
from layers.reports.request import ReportRequest

QUESTION = Question(day=date(2026, 1, 31))
PACKS = "a pack of the Isle of Wight: promised within 5 s for a ward, 20 s for the authority"


@pytest.fixture(scope="module")
def island():
    """The bundled place, its compiled code loaded."""
    place = Place.open(SAMPLE / "isle_of_wight")
    gather(place, ReportRequest(question=QUESTION))
    return place


@pytest.mark.benchmark(group=PACKS)
def test_a_ward(benchmark, island):
    request = ReportRequest(question=QUESTION, ward="E05013370")
    benchmark.pedantic(lambda: file_of(gather(island, request), ".zip"), rounds=3)


@pytest.mark.benchmark(group=PACKS)
def test_the_authority(benchmark, island):
    request = ReportRequest(question=QUESTION)
    benchmark.pedantic(lambda: file_of(gather(island, request), ".zip"), rounds=3)


@pytest.mark.long
@pytest.mark.benchmark(group="all 39 wards of the Isle of Wight and the authority: promised within 90 s and 1.5 GB")
def test_all_wards(benchmark, root, tmp_path, capsys):
    """The command; and the most memory that it and its helpers hold together, a page that they share counted once."""
    most = 0

    def work():
        nonlocal most
        words = ["report", "isle-of-wight", "--on", "2026-01-31", "--all-wards", "--out", str(tmp_path / "reports")]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen([sys.executable, str(root / "cli.py"), *words], **quiet) as started:
            command = psutil.Process(started.pid)
            while started.poll() is None:
                with suppress(psutil.Error):  # one may end in between
                    held = [each.memory_full_info() for each in (command, *command.children(recursive=True))]
                    most = max(most, sum(getattr(each, "pss", each.uss) for each in held))
                time.sleep(0.25)

    benchmark.pedantic(work, rounds=1)
    benchmark.extra_info["most_memory_mb"] = round(most / 1e6)
    with capsys.disabled():
        sys.stdout.write(f"\nall wards: {most / 1e6:,.0f} MB at most\n")
    assert len(list((tmp_path / "reports").iterdir())) == 39 + 2
