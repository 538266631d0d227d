"""The tables of what a report rests on: its data, its settings, and results that depend on our assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.catalogue import CATALOGUE
from geo.days import day_text
from geo.need import PART_NAMES
from geo.network import SNAP_LIMIT_M
from geo.thresholds import named_at
from layers.answers.question import COUNTED, STATUS_WORDS
from layers.reports.content import comparison
from layers.reports.content.figures import grid_counts
from layers.reports.content.sections import where
from layers.reports.table import Column, Table

if TYPE_CHECKING:
    from layers.reports.content.findings import Findings


def certainty(found: Findings) -> Table:
    """The headline at three speeds and three thresholds."""
    grid = grid_counts(found)
    speeds = sorted({speed for speed, _ in grid.index}, reverse=True)
    minutes = sorted({each for _, each in grid.index})
    values = grid["value"].unstack()  # noqa: PD010 (a table of two keys)
    rows = pd.DataFrame({f"beyond_{each:g}": values[each] for each in minutes}).loc[speeds]
    rows.insert(0, "speed", [f"{speed:g} km/h ({_SPEED_WORDS.get(speed, 'as asked')})" for speed in speeds])
    index = pd.Index([f"{speed:g}" for speed in speeds], name="speed_kmh")
    columns = (
        Column(key="speed", title="Walking speed", kind="text", width=3, about="Speed on level ground."),
        *(
            Column(
                key=f"beyond_{each:g}",
                title=f"Beyond {each:g} minutes",
                kind="count",
                width=1.5,
                about=f"Under-fives who live beyond {each:g} minutes at that speed.",
            )
            for each in minutes
        ),
    )
    return Table.of(
        "certainty",
        "The headline at three speeds and three thresholds",
        "Under-fives beyond the threshold. Streets, homes and sites are the same in all nine.",
        columns,
        rows.set_axis(index),
    )


_SPEED_WORDS = {4.8: "an adult alone", 4.0: "a family with a pram", 3.2: "with a small child on foot"}


def sources(found: Findings) -> Table:
    """Where the figures come from."""
    card = found.whole.place.card
    rows = pd.DataFrame(
        {
            "what": [getattr(CATALOGUE.get(source.dataset), "title", source.dataset) for source in card.sources],
            "publisher": [getattr(CATALOGUE.get(source.dataset), "publisher", "not known") for source in card.sources],
            "vintage": [source.vintage for source in card.sources],
            "licence": [source.licence for source in card.sources],
            "file": [source.file for source in card.sources],
            "read": [source.read for source in card.sources],
            "sha256": [source.sha256 for source in card.sources],
        }
    )
    columns = (
        Column(key="what", title="What", kind="text", width=3, about="Title of the data set."),
        Column(key="publisher", title="Publisher", kind="text", width=2.5, about="Who publishes it."),
        Column(key="vintage", title="Date of the data", kind="text", width=1.5, about="What it speaks of."),
        Column(key="licence", title="Licence", kind="text", width=2, about="Under which it may be used."),
        Column(key="file", title="File", kind="text", printed=False, about="Name of the file that was read."),
        Column(key="read", title="Read on", kind="text", printed=False, about="The day it was read."),
        Column(key="sha256", title="SHA-256", kind="code", printed=False, about="Hash of the file."),
    )
    return Table.of("sources", "Data", "What this place was built from.", columns, rows)


def settings(found: Findings) -> Table:
    """Everything that was set, and where it comes from."""
    question, request = found.whole.asked.question, found.request
    walker = question.walker
    metres, named = walker.metres_per_minute * question.minutes, named_at(question.minutes, walker)
    centres = question.to == "centres"
    changed = f"{len(question.changes)} change{'' if len(question.changes) == 1 else 's'}"
    weights = ", ".join(f"{PART_NAMES[part]} {weight:g}" for part, weight in question.weights.given().items())
    rows = [
        ("Place", found.whole.place.card.name, found.whole.place.card.authority_code),
        ("About", where(found), request.ward or ", ".join(request.areas[:20])),
        ("Day", day_text(question.day), "which centres count is decided for this day" if centres else ""),
        ("Walk to", question.walk.to, COUNTED[question.counting] if centres else ""),
        (
            "Status of the centres that count",
            "; ".join(STATUS_WORDS[status] for status in question.statuses),
            "the register's, on the day",
        ),
        ("Who walks", walker.label, f"{walker.speed_kmh:g} km/h on level ground"),
        (
            "Threshold",
            f"{question.minutes:g} minutes, one way",
            f"{metres:,.0f} m on level ground{f': {named.source}' if named else ''}",
        ),
        ("Need", weights, "weight"),
        ("Neighbours' sites", "count" if question.context else "do not count", "those within 3 km of the boundary"),
        (
            "Community spaces",
            "do not count" if question.community is None else "count",
            "marks that a moderator has let through",
        ),
        ("Uncertain dates", _READINGS[question.reading], "see How sure are we"),
        ("Homes", f"joined to streets within {SNAP_LIMIT_M:g} m", "live postcodes"),
        ("New sites", str(request.new_sites), f"among: {', '.join(request.candidates)}"),
        ("Scenario", changed if question.changes else "none", request.scenario if question.changes else ""),
        (
            "Compared with",
            "nothing" if request.before is None else comparison.both(request)[0],
            "",
        ),
        ("Walk rules", f"version {found.whole.place.card.rules_version}", "docs/methods.md of Pramshed"),
        ("Tables of the place", found.whole.place.card.fingerprint, "fingerprint"),
    ]  # fmt: skip
    columns = (
        Column(key="setting", title="Setting", kind="text", width=2, about="What can be set."),
        Column(key="value", title="Value", kind="text", width=3, about="What it was."),
        Column(
            key="about", title="What it means", kind="text", width=3, about="Where it comes from, or what it means."
        ),
    )
    rows = [row for row in rows if centres or row[0] not in _OF_CENTRES]
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table.of("settings", "Settings", "Everything that was set.", columns, frame)


_OF_CENTRES = ("Status of the centres that count", "Uncertain dates", "New sites", "Scenario", "Compared with")
_READINGS = {
    "best": "the likeliest reading", "fewest": "so that the fewest centres count", "most": "so that the most count",
}  # fmt: skip
