"""What a report says beyond the walk: fairness, guidance, access, runs of areas, barriers; each found once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from geo.errors import PramshedError, RequestError
from layers.answers.barriers import all_fixes
from layers.answers.beyond_nearest import BeyondNearest, beyond_nearest
from layers.answers.fairness import Fairness, fairness
from layers.answers.fairness_groups import groups_table, of_ledger
from layers.answers.gap_clusters import Clusters, clusters_of
from layers.answers.guidance import Guidance, guidance

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.place import Place
    from geo.single_fixes import Fixes
    from layers.answers.ledger import LedgerAnswer
    from layers.answers.question import Answer

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Weighed:
    """An answer weighed. Each is looked for when a report first wants it; a sentence says why one cannot be told."""

    place: Place
    asked: Answer
    lost: LedgerAnswer | None

    @property
    def closed(self) -> LedgerAnswer | None:
        """What closures did to the walks; None where none did, and beside a scenario, which is another comparison."""
        lost = self.lost
        return None if lost is None or lost.ledger.closures.empty or self.asked.question.changes else lost

    @cached_property
    def fairness(self) -> Fairness | str:
        """How walks fall on families by deprivation, and what closures did to it."""
        return _or_why(lambda: fairness(self.asked, closed=self.closed))

    @cached_property
    def groups(self) -> dict[str, pd.DataFrame]:
        """The walk of England's fifths by deprivation (``imd``) and of the authority's thirds by residents born abroad.

        As `layers.answers.fairness_groups.groups_table`: now and, where something closed, with every centre and with
        those left.
        """
        on, minutes = self.asked.ground, self.asked.question.minutes
        walks = [{"now": self.asked.reach}]
        if self.closed is not None:
            walks.append(of_ledger(on, self.closed))
        return {
            by: pd.concat([groups_table(on, each, by, minutes) for each in walks], axis=1).pipe(_each_once)
            for by in ("imd", "abroad")
        }

    @cached_property
    def guidance(self) -> Guidance:
        """What guidance asks."""
        return guidance(self.asked)

    @cached_property
    def access(self) -> BeyondNearest | str:
        """What there is beyond the nearest site."""
        play = self.place.play_spaces() if self.asked.question.to == "centres" else None
        return _or_why(lambda: beyond_nearest(self.asked, play=play))

    @cached_property
    def clusters(self) -> Clusters | str:
        """Runs of neighbouring areas with a large gap."""
        return _or_why(lambda: clusters_of(self.asked))

    @cached_property
    def fixes(self) -> Fixes | str:
        """What stands in a pram's way, on the streets as they are."""
        question = self.asked.question
        if question.walker.rules != "pram":
            return "What stands in the way is only looked for on walks with a pram."
        if question.changes:
            return "What stands in a pram's way is looked for on the streets as they are, not in a scenario."
        return _or_why(lambda: all_fixes(self.place, self.asked))


def _each_once(table: pd.DataFrame) -> pd.DataFrame:
    return table.loc[:, ~table.columns.duplicated()]


def _or_why(make: Callable[[], Found]) -> Found | str:
    """What is made, or a sentence why the place cannot have it."""
    try:
        return make()
    except PramshedError as fault:
        said = str(fault) if isinstance(fault, RequestError) else "Under-fives or their walks are not known here"
        return f"{said[:1].upper()}{said[1:]}."
