"""A report with all its pieces, frozen: figures, tables, maps and sections; writers write them and work out nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.reports.request import as_dict, hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.reports.figure import Figure
    from layers.reports.report_map import ReportMap
    from layers.reports.request import ReportRequest
    from layers.reports.table import Table


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report under a heading.

    Parameters
    ----------
    key, heading
        Name for links, and what is read above it.
    text
        Paragraphs, plain text.
    points
        A list after them, plain text.
    shows
        Then maps and tables in their order: ``map:<key>``, ``table:<key>``.
    careful
        What a reader should be careful about here; shown as a note.
    """

    key: str
    heading: str
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    careful: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a report rests on: enough to tell whether a later one rests on the same.

    Parameters
    ----------
    place, place_name, authority_code
        Which place.
    fingerprint
        Of its tables, `data.place.Card.fingerprint`.
    rules_version
        Of the walk rules.
    tables
        Hash of each table of the place, by file.
    sources
        What the place was built from: ``dataset``, ``file``, ``vintage``, ``sha256``, ``licence``.
    marks
        Hash of the community's published marks that were read; empty if none were.
    """

    place: str
    place_name: str
    authority_code: str
    fingerprint: str
    rules_version: str
    tables: Mapping[str, str]
    sources: tuple[Mapping[str, str], ...]
    marks: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """A report, gathered once.

    Parameters
    ----------
    request, basis
        The request, and what the answer rests on.
    key
        Name of its files: ``isle-of-wight`` or ``isle-of-wight-ryde-north-west``.
    title, subtitle
        "Ryde North West: who can walk to a children's centre with a pram"; whose report, of which day.
    answer
        The answer in one to three sentences.
    figures
        The headline figures by key, in their order.
    sections
        In their order.
    tables, maps
        By key, in their order.
    gravest
        The three things that a reader must know first: they stand on page 1, beneath the map.
    cautions
        What to be careful about throughout.
    credits
        Whose data it is: lines that stand in every file.
    """

    request: ReportRequest
    basis: Basis
    key: str
    title: str
    subtitle: str
    answer: str
    figures: Mapping[str, Figure]
    sections: tuple[Section, ...]
    tables: Mapping[str, Table]
    maps: Mapping[str, ReportMap]
    gravest: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    credits: tuple[str, ...] = field(default=())

    @property
    def cover(self) -> str | None:
        """Key of the map for page 1: the first that the sections show."""
        shown = (name for section in self.sections for name in section.shows)
        return next((name.removeprefix("map:") for name in shown if name.startswith("map:")), None)

    @property
    def other_cautions(self) -> tuple[str, ...]:
        """The cautions that neither page 1 nor a section has said."""
        said = {*self.gravest, *(note for section in self.sections for note in section.careful)}
        return tuple(note for note in self.cautions if note not in said)

    @property
    def replay(self) -> str:
        """The hash of the request and of what the answer rests on."""
        on = self.basis
        asked = as_dict(self.request, on.place)
        return hash_of(asked, fingerprint=on.fingerprint, rules_version=on.rules_version, marks=on.marks)
