"""What to be careful about: the three gravest things, for page 1, and what holds throughout a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.gaps import not_known_said
from layers.answers import by_ferry, coverage
from layers.answers.own_children import hidden_said
from layers.answers.since import reduced_words
from layers.reports.content.comparison import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layers.reports.content.findings import Findings
    from layers.reports.figure import Figure

_WALKS = "Walks follow mapped streets. Hills, waiting at crossings, parked cars and weather are not in them."
_ABROAD = (
    '"Born outside the UK" counts residents of all ages in 2021: a proxy for families from abroad, not their number.'
)
_CHILDREN = "Numbers of children in a neighbourhood are shared out over its homes, so small ones are estimates."
_OPEN = (
    "A centre that is listed as open may not run a service every day, and families who could walk to it may not know "
    "of it."
)
_UNRECORDED = "Centres may have closed without being recorded."
_MAPPED = (
    "Play spaces are those on public maps. One that nobody has mapped is missing here, and what state they are in is "
    "not known."
)
CAREFUL = {"centres": (_WALKS, _ABROAD, _OPEN, _UNRECORDED, _CHILDREN), "play": (_WALKS, _ABROAD, _MAPPED, _CHILDREN)}
"""What holds throughout a report, by where people walk to."""

GRAVEST = 3
"""How many stand on page 1."""

NOT_ASKED = "Availability, cost and suitability of these places have not been checked."
_DAYS = (
    "Families and streets are today's on both days. The earlier the day, the fewer of the centres that have closed "
    "since are known, so the true difference may be larger."
)
_SUPPOSED = "The scenario is a proposal: nothing here says that it has been decided, paid for or agreed."


def careful(found: Findings) -> tuple[str, ...]:
    """What to be careful about throughout; children who are a council's own count; ferries that shorten walks here."""
    asked, shorter = found.whole.asked, found.whole.shorter
    throughout = CAREFUL[asked.question.to]
    here = asked.ground.origins["area_code"].isin(found.chosen)
    ferries = by_ferry.told(asked, shorter._replace(ferry=np.where(here, shorter.ferry, -1)))
    return (*hidden_said(found.whole.place.card), *throughout, *ferries)


def gravest(found: Findings, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """The `GRAVEST` things to know first: what is left out, what is supposed, then what holds anyway."""
    to = found.whole.asked.question.to
    anyway = (_OPEN, _CHILDREN, _WALKS) if to == "centres" else (_MAPPED, _CHILDREN, _WALKS)
    return (*_of_this(found, figures), *anyway)[:GRAVEST]


def _of_this(found: Findings, figures: Mapping[str, Figure]) -> Iterator[str]:
    """What is grave in this report and not in every one, the gravest first."""
    yield from hidden_said(found.whole.place.card)
    whole = found.whole
    if said := coverage.in_one_line(whole.place, whole.asked.question, whole.asked.gaps.loc[found.chosen]):
        yield said
    if said := _left_out(found, figures["under5_beyond"]):
        yield said
    if whole.before is not None:
        days = kind_of(found.request) == "days"
        if days and (said := reduced_words(whole.before, whole.asked)):
            yield said
        yield _DAYS if days else _SUPPOSED
    if "lost_beyond" in figures:
        yield from _closures(found, figures)
    if (due := int((found.whole.asked.sites["status"] == "announced").sum())) and found.everywhere:
        yield f"{due:,} of the centres that count {'is' if due == 1 else 'are'} due to close."


def _left_out(found: Findings, headline: Figure) -> str:
    """How many under-fives are in no number, because their walk is not known; nothing where that is under 1%."""
    return not_known_said(headline.base, found.whole.areas.loc[found.chosen, "under5"].sum(min_count=1))


def _closures(found: Findings, figures: Mapping[str, Figure]) -> Iterator[str]:
    """What the losses assume: that linked sites were full centres once, and closures that are not confirmed."""
    rows = found.closures
    reduced = rows["event"] == "downgraded"
    taken, doubted = int((reduced & ~rows["confirmed"]).sum()), int((~reduced & ~rows["confirmed"]).sum())
    of = f"{'all ' if taken == len(rows) > 1 else ''}{taken:,}"
    if taken:
        yield (
            f"What was lost assumes that {of} linked site"
            f"{' was a full centre' if taken == 1 else 's were full centres'} once. No register says so; if not, less "
            "was lost."
        )
    elif reduced.any() and found.whole.asked.question.counting == "full":
        yield "Linked sites do not count as centres here. They are still there, but offer less than a full centre."
    elif reduced.any():
        beyond, lost = (figures[key].number for key in ("under5_beyond", "lost_beyond"))
        yield (
            f"The number beyond ({beyond}) counts linked sites as centres; the number lost ({lost}) counts those that "
            "were full centres once as lost. They are still there, but offer less than a full centre."
        )
    if doubted:
        yield (
            f"{doubted:,} of the {len(rows):,} closures counted here are not confirmed; if they did not happen, "
            "less was lost."
        )
