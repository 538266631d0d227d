"""Many who add and some who decide, all at once: every mark once, every decision once, and no error."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import shapely

from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from data.store.store import Store
from geo.errors import ConflictError, TooOftenError
from tests.data.store.conftest import PLACE, rows_of


@dataclass
class Tally:
    """What was acknowledged to whom, by the clock."""

    seconds: float = 0
    added: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)
    slowest: float = 0

    def __str__(self) -> str:
        return (
            f"{len(self.added)} marks ({len(self.added) / self.seconds:.0f}/s), "
            f"{len(self.decided)} decided ({len(self.decided) / self.seconds:.0f}/s), {self.conflicts} conflicts, "
            f"slowest call {self.slowest:.1f} s, {len(self.errors)} errors, {self.seconds:.0f} s"
        )


@dataclass
class Crowd:
    """People who work on one store until the time is over."""

    store: Store
    end: float
    tally: Tally = field(default_factory=Tally)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.group = self.store.groups.create(OPERATOR, name="Everybody", place=PLACE)

    @property
    def goes_on(self) -> bool:
        """Until the time is over, and until something was decided; what goes wrong ends it at once."""
        return not self.tally.errors and (time.monotonic() < self.end or not self.tally.decided)

    def timed(self, call, *args, **more):
        """Call, and remember the slowest."""
        start = time.monotonic()
        try:
            return call(*args, **more)
        finally:
            self.tally.slowest = max(self.tally.slowest, time.monotonic() - start)

    def contributor(self):
        """Somebody with a link of their own."""
        groups = self.store.groups
        return groups.open_link(groups.make_link(OPERATOR, self.group.id, per_hour=500).token)

    def contribute(self, number: int) -> None:
        """Add marks; one in ten is sent twice."""
        chance, who = random.Random(number), self.contributor()
        while self.goes_on:
            form = str(uuid.uuid4())
            where = shapely.Point(450_000 + chance.randrange(20_000), 80_000 + chance.randrange(10_000))
            at_home = chance.random() < 0.3
            said = MarkDraft(place=PLACE, kind="peer_group", geometry=where, name=f"By {number}", at_home=at_home)
            try:
                sent = {
                    self.timed(self.store.marks.add, who, said, submission=form).mark_id
                    for _ in range(1 + (chance.random() < 0.1))
                }
            except TooOftenError:
                who = self.contributor()
                continue
            with self.lock:
                self.tally.added += sent

    def moderate(self, number: int) -> None:
        """Approve most and refuse some, of the oldest, as everybody else does."""
        chance, desk = random.Random(-number), self.store.desk
        identity = {"issuer": "https://id.example", "subject": str(number)}
        who = self.store.accounts.add(OPERATOR, name=f"Moderator {number}", **identity)
        while self.goes_on:
            queue = self.timed(desk.queue, who, PLACE, limit=60)
            for mark in chance.sample(queue, min(20, len(queue))):
                try:
                    if chance.random() < 0.8:
                        self.timed(desk.approve, who, mark.id, version=mark.version)
                    else:
                        self.timed(desk.reject, who, mark.id, version=mark.version, reason="no")
                except ConflictError:
                    self.tally.conflicts += 1
                    continue
                with self.lock:
                    self.tally.decided.append(mark.id)
            time.sleep(0 if queue else 0.05)

    def run(self, work, number: int) -> None:
        """Work; whatever goes wrong is written down."""
        try:
            work(number)
        except Exception as fault:  # noqa: BLE001 (all of them are to be seen)
            self.tally.errors.append(f"{type(fault).__name__}: {fault}")


def soak(store: Store, seconds: float, *, contributors: int = 50, moderators: int = 5) -> Tally:
    """Have everybody work for so long."""
    start = time.monotonic()
    crowd = Crowd(store, start + seconds)
    work = [(crowd.contribute, number) for number in range(contributors)]
    work += [(crowd.moderate, number) for number in range(1, moderators + 1)]
    threads = [threading.Thread(target=crowd.run, args=args) for args in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    crowd.tally.seconds = time.monotonic() - start
    return crowd.tally


def require_nothing_lost(store: Store, tally: Tally) -> None:
    """Compare what the store has with what was acknowledged."""
    assert tally.errors == []
    marks = {row[0]: row for row in rows_of(store, "marks")}
    assert len(tally.added) == len(set(tally.added))
    assert set(tally.added) == set(marks)
    decided = tally.decided
    assert len(decided) == len(set(decided)), "decided twice"
    assert {mark for mark, row in marks.items() if row[2] != "waiting"} == set(decided)
    assert {row[3] for mark, row in marks.items() if mark in set(decided)} <= {2}
    actions = Counter(row[3] for row in rows_of(store, "audit"))
    assert actions["added"] == len(marks)
    assert actions["approved"] + actions["rejected"] == len(decided)
    assert len(rows_of(store, "versions")) == len(marks) + len(decided)
    shown = store.public.marks(PLACE)
    approved = [store_row for store_row in store.desk.queue(OPERATOR, status="approved") if not store_row.draft.at_home]
    assert {mark.id for mark in approved} == set(shown.index[shown["homes"] == 0])
    assert store.public.revision(PLACE) == actions["approved"]
