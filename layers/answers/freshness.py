"""How old each source of a place is, how often its publisher renews it, and whether it is time to fetch it again."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from data.place import Card, Place, Source


class Renewal(NamedTuple):
    """How often a publisher renews a source, and from how many months on ours is old; None for a fixed edition."""

    how_often: str
    old_after: int | None


RENEWED = {
    "streets": Renewal("every day", 12),
    "play_spaces": Renewal("every day", 12),
    "venues": Renewal("every day", 12),
    "centres": Renewal("every day", 6),
    "centre_links": Renewal("every day", 6),
    "family_hubs": Renewal("now and then", 12),
    "postcode_directory": Renewal("every quarter", 12),
    "code_point_open": Renewal("every quarter", 12),
    "open_greenspace": Renewal("twice a year", 18),
    "children": Renewal("every year", 30),
    "wards": Renewal("every year", 24),
    "area_names": Renewal("now and then", None),
    "deprivation": Renewal("every five or six years", 84),
    "country_of_birth": Renewal("with each Census", 138),
    "languages": Renewal("with each Census", 138),
    "boundaries": Renewal("with each Census", None),
    "output_areas": Renewal("with each Census", None),
    "area_changes": Renewal("with each Census", None),
}
"""Estimates of children appear a year or more after the middle of the year that they speak of; a Census comes every
ten years, its tables up to eighteen months later."""

_MONTHS_A_YEAR = 12


class Age(NamedTuple):
    """A source, how old its data is in months (None if it does not say its day), and whether it is old."""

    source: Source
    months: int | None
    old: bool

    @property
    def length(self) -> str:
        """``6 years and 7 months``; empty if it is not known."""
        return _long(self.months)

    @property
    def how_often(self) -> str:
        """How often its publisher renews it: ``every day``; empty if it is not known."""
        renewal = RENEWED.get(self.source.dataset)
        return renewal.how_often if renewal else ""

    @property
    def said(self) -> str:
        """``6 years and 7 months old; renewed every day``; empty if nothing is known."""
        old, often = (
            (f"{self.length} old" if self.length else ""),
            (f"renewed {self.how_often}" if self.how_often else ""),
        )
        return "; ".join(part for part in (old, often) if part)


def ages(place: Place, today: date) -> tuple[Age, ...]:
    """The age of each source, in the order of the place's card."""
    return tuple(_age(source, today) for source in place.card.sources)


_PARTS = {
    "centres": (
        ("register", ("centres", "centre_links", "site_return", "family_hubs")), ("streets", ("streets",)),
    ),
    "play": (("play spaces", ("play_spaces", "open_greenspace", "streets")), ("streets", ("streets",))),
    "": (("streets", ("streets",)),),
}  # fmt: skip
"""What a walk rests on, by where it goes, and which sources say of which day that is: the first that there is."""


def parts_said(card: Card, to: str = "centres") -> str:
    """Of which day each part of an answer is: "register of January 2026, streets of April 2020, children of 2020".

    Parameters
    ----------
    card
        The place's.
    to
        Where is walked to: ``centres``, ``play``, or a list of the reader's own, whose day nobody knows.
    """
    vintages = [(source.dataset, source.vintage) for source in card.sources]
    known = {dataset for dataset, _ in vintages}
    said = [
        f"{part} of {_newest([vintage for dataset, vintage in vintages if dataset == first])}"
        for part, datasets in _PARTS.get(to, _PARTS[""])
        for first in [name for name in datasets if name in known][:1]
    ]
    children = card.figures.get("under5")
    return ", ".join([*said, f"children of {_newest([children])}" if children else "children not known"])


def _newest(vintages: list[str]) -> str:
    """The newest of some vintages as people say it: a month and a year, a year; as it is written where it has none."""
    vintage = max(vintages, key=lambda one: day_of(one) or date.min)
    day, with_month = day_of(vintage), re.search(r"20\d\d-\d\d", vintage)
    if day is None:
        return "no stated day" if vintage == "not stated" else vintage
    return f"{day:%B %Y}" if with_month else f"{day:%Y}"


def day_of(vintage: str) -> date | None:
    """The last day that a vintage can speak of: of a month or a year its last, of ``mid-2020`` the 30th of June."""
    found = re.search(r"(?<!\d)(20\d\d)(?:-(\d\d)(?:-(\d\d))?)?(?!\d)", vintage)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None:
        return None
    month = month or (6 if vintage.startswith("mid-") else 12)
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def _age(source: Source, today: date) -> Age:
    renewal, day = RENEWED.get(source.dataset), day_of(source.vintage)
    if day is None or (renewal and renewal.old_after is None):
        return Age(source, None, old=False)
    months = max(0, (today.year - day.year) * _MONTHS_A_YEAR + today.month - day.month - (today.day < day.day))
    return Age(source, months, old=bool(renewal and renewal.old_after is not None and months > renewal.old_after))


def _long(months: int | None) -> str:
    if months is None:
        return ""
    years, rest = divmod(months, _MONTHS_A_YEAR)
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}" for count, word in ((years, "year"), (rest, "month")) if count
    ]
    return " and ".join(parts) or "less than a month"
