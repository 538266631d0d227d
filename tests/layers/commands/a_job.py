"""A process that works as `cli.py fetch` does, and waits in the middle until it is told to go on."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from data.gather.jobs import FOLDER, Job, Progress
from geo.errors import ServiceError
from layers.commands.working import at_work

cache, inherited = Path(sys.argv[1]), sys.argv[2]
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
job, out = Job(cache / FOLDER, "town"), cache / "out"
begins = Progress(key="town", wanted="Town", name="Town", of=2)
with at_work(job, begins, inherited=int(inherited), hide=(cache,)) as work:
    work.step(0, "streets")
    (cache / "draft").write_text("half", "utf-8")
    try:
        (cache / "begun").write_text(str(os.getpid()), "utf-8")  # a pipe: somebody reads it
        told = (cache / "go-on").read_text("utf-8")
        if told == "fail":
            who = f"Geofabrik, {cache}/streets.osm.pbf"
            raise ServiceError(who, found="no connection", expected="a file")
        work.step(1, "writing")
        (cache / "draft").replace(out)
    finally:
        (cache / "draft").unlink(missing_ok=True)
    work.ended("town", "Town, City of", ["no hubs"])
