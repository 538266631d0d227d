"""Work in a process of its own: who holds its lock, what is said of it, and what of one that was killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.england.authorities import read_authorities
from data.gather.jobs import CUT_OFF, Job, Progress, job_key, jobs, public


@pytest.fixture
def job(tmp_path):
    return Job.of(tmp_path, "Leeds")


def begun(**said):
    return Progress(**{"key": "e08000035", "wanted": "Leeds", "name": "Leeds", "of": 19} | said)


def test_an_authority_has_one_job_by_whatever_name(tmp_path):
    assert {job_key(name) for name in ("Leeds", "leeds", "City of Leeds", "E08000035", "e08000035")} == {"e08000035"}
    assert job_key("Sheffield") == job_key("E08000019") == "e08000039"
    assert job_key("../../etc") == "etc"
    assert len(read_authorities()) == 296


def test_one_at_a_time_and_what_was_killed_is_not_at_work(job):
    assert job.progress() is None
    lock = job.hold()
    job.write(begun(done=3, step="postcodes"))
    assert job.hold() is None
    assert job.progress().status == "running"
    job.forget()
    assert job.progress().done == 3, "nobody forgets what goes on"
    lock.close()  # as when the process is gone
    found = job.progress()
    assert (found.status, found.said) == ("cancelled", (CUT_OFF,))
    assert jobs(job.folder.parent) == (found,)
    job.forget()
    assert jobs(job.folder.parent) == ()


def test_who_asks_to_end(job):
    job.ask_to_end()
    assert not job.asked_to_end, "nobody is at work"
    with job.hold():
        job.ask_to_end()
        assert job.asked_to_end
        job.take_back()
        assert not job.asked_to_end


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', '"x"'])
def test_a_file_of_something_else_says_nothing(job, text):
    job.hold().close()
    (job.folder / f"{job.key}.json").write_text(text, "utf-8")
    assert job.progress() is None


def test_a_share_counts_what_arrives_within_its_step():
    assert begun(done=9, arrived=50, whole=100).share == pytest.approx(9.5 / 19)
    assert begun(done=19, arrived=500, whole=100).share == 1.0
    assert begun(of=0).share == 0.0


def test_no_folder_of_the_machine_is_public():
    cache = Path("/srv/pramshed/data/local/fetched")
    said = f"{cache}/streets/ab12/wales.osm.pbf: found no file; expected /srv/other/x.csv, see https://www.gov.uk/a/b"
    assert (
        public(said, cache) == "streets/ab12/wales.osm.pbf: found no file; expected x.csv, see https://www.gov.uk/a/b"
    )
    assert public(f"{cache}: no room", cache) == f"{cache.name}: no room"
    assert os.sep not in public("/tmp/raw.csv: found nothing")
