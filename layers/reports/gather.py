"""Gathers a report: findings become figures, tables, maps and words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from layers.answers.community_sites import credits_of
from layers.reports.content.area_tables import changes, neighbourhoods, wards, who
from layers.reports.content.basis_tables import certainty, settings, sources
from layers.reports.content.cautions import careful, gravest
from layers.reports.content.comparison import kind_of
from layers.reports.content.figures import figures_of
from layers.reports.content.findings import look, narrow
from layers.reports.content.maps import maps_of
from layers.reports.content.sections import answer_of, sections_of, subtitle_of, title_of, where
from layers.reports.content.site_tables import beside, centres, lost, new_sites
from layers.reports.content.weighed_tables import weighed_tables
from layers.reports.report import Basis, Report
from layers.reports.table import Table

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.community_sites import Published
    from layers.answers.question import Ground
    from layers.reports.content.findings import Findings, Whole
    from layers.reports.request import ReportRequest


def gather(
    place: Place, request: ReportRequest, spaces: Published | None = None, *, on: Ground | None = None
) -> Report:
    """A report on a place, a ward of it or chosen areas.

    Parameters
    ----------
    place, request
        What is asked, of which place.
    spaces
        The published marks, where community spaces count.
    on
        The place's ground for the question's profile, if it is open already.

    Raises
    ------
    RequestError, InputError
        There is no such ward or area, or the place has no data on what is asked for.
    """
    if request.ward or request.areas:
        request.chosen(place.areas())  # a wrong code is said at once
    return report_of(look(place, request, spaces, on=on), request)


def report_of(whole: Whole, request: ReportRequest) -> Report:
    """A report on a part of what was found for a place.

    Parameters
    ----------
    whole
        What was found, for the same question.
    request
        What is asked for, with its ward or areas.

    Raises
    ------
    RequestError, InputError
        As `gather`.
    """
    found = narrow(whole, request)
    figures = figures_of(found)
    tables = _tables_of(found)
    basis = basis_of(whole)
    maps = maps_of(found, figures)
    card = whole.place.card
    credited: tuple[str, ...] = ()
    if whole.spaces is not None and (whole.asked.question.community is not None or "marks" in request.candidates):
        credited = credits_of(whole.spaces.counting(whole.asked.question.to))
    return Report(
        request=request,
        basis=basis,
        key=_key(card.key, *_part(found), _variant(request)),
        title=title_of(found),
        subtitle=subtitle_of(found),
        answer=answer_of(found, figures),
        figures=figures,
        sections=sections_of(found, figures, tables, maps),
        tables=tables,
        maps=maps,
        gravest=gravest(found, figures),
        cautions=careful(found),
        credits=(*card.attributions, *credited),
    )


def basis_of(whole: Whole) -> Basis:
    """What a report rests on."""
    card = whole.place.card
    counts = whole.asked.question.community is not None or "marks" in whole.request.candidates
    return Basis(
        place=card.key,
        place_name=card.name,
        authority_code=card.authority_code,
        fingerprint=card.fingerprint,
        rules_version=card.rules_version,
        tables=card.tables,
        sources=tuple(
            {name: str(getattr(source, name)) for name in ("dataset", "file", "vintage", "sha256", "licence")}
            for source in card.sources
        ),
        marks=marks_hash(whole.spaces) if counts and whole.spaces is not None else "",
    )


def marks_hash(spaces: Published) -> str:
    """A hash of the published marks, the same wherever and in whatever order they were read."""
    marks = pd.DataFrame(spaces.marks.sort_index().drop(columns="geometry")).astype("str")
    content = marks.to_csv() + "".join(spaces.marks.sort_index().geometry.to_wkt(rounding_precision=2))
    return hashlib.sha256(content.encode()).hexdigest()


def _part(found: Findings) -> tuple[str, ...]:
    """What sets a report on a part of a place apart; chosen areas by a hash, for two choices may be called alike."""
    if found.everywhere:
        return ()
    if found.request.ward:
        name = where(found)
        return (name,) if name.isascii() else (name, found.request.ward)
    return where(found), hashlib.sha256(",".join(found.request.areas).encode()).hexdigest()[:6]


def _variant(request: ReportRequest) -> str:
    """What sets a report apart from the plain one on the same areas, so that unpacked they do not fall together."""
    if request.question.to == "play":
        return "play"
    if request.before is None:
        return ""
    return f"since-{request.before.day}" if kind_of(request) == "days" else f"scenario-{request.scenario}".strip("-")


def _key(place: str, *names: str) -> str:
    """A name for files: plain letters, whatever the place or ward is called."""
    plain = [unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower() for name in names]
    return "-".join(filter(None, (place, *(re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60] for name in plain))))


def _tables_of(found: Findings) -> dict[str, Table]:
    """The tables by key, in their order; one that does not apply is left out."""
    tables = [neighbourhoods(found)]
    if found.everywhere and found.whole.areas["ward_code"].notna().any():
        tables.append(wards(found))
    tables += [who(found), centres(found)]
    if (more := beside(found)) is not None:
        tables.append(more)
    if found.whole.change is not None:
        tables += [changes(found, found.whole.change)]
    if found.whole.lost is not None and not found.closures.empty:
        tables.append(lost(found, found.whole.lost))
    if found.plan is not None and found.plan.plan.chosen:
        tables.append(new_sites(found.plan))
    tables += [*weighed_tables(found), certainty(found), sources(found), settings(found)]
    return {table.key: table for table in tables}
