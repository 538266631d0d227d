"""Makes a report again from its run.json: whether every number is the same, and if not, what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.place import NO_ANSWER_RESTS_ON, sha256_of
from geo.errors import InputError, RequestError
from layers.reports.gather import gather
from layers.reports.run_json import figures_of, program_version, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from data.place import Place
    from layers.answers.community_sites import Published
    from layers.reports.report import Basis, Report
    from layers.reports.run_json import Run, RunTable, Value

NOT_NUMBERS = frozenset({"sources", "settings"})
"""Tables that tell what a report rests on: they are compared as inputs, not as numbers."""

_MOST_FORGED = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class Replayed:
    """A report made again, and how it differs from the first.

    Parameters
    ----------
    run
        The first, from its file.
    report
        The second.
    inputs
        What it rests on that changed, in words: "streets: iow.osm.pbf, vintage 2020 -> 2022".
    tables
        Which tables of the place are among that.
    figures
        Headline figures that differ: "Under-fives beyond 15 minutes' walk: 4,008 then, 3,990 now".
    cells
        Cells, rows and columns that differ: "neighbourhoods, Ryde South (007E), minutes_median: 24.5 then, 23.9 now".
    figures_compared, cells_compared
        How many there were to compare.
    """

    run: Run
    report: Report
    inputs: tuple[str, ...]
    tables: tuple[str, ...]
    figures: tuple[str, ...]
    cells: tuple[str, ...]
    figures_compared: int
    cells_compared: int

    @property
    def same(self) -> bool:
        """Whether every number and every table of the place is the same."""
        return not self.figures and not self.cells and not self.tables

    @property
    def verdict(self) -> str:
        """Whether every number is the same, in a sentence or two."""
        of = f"{_many(self.figures_compared, 'figure')} and {_many(self.cells_compared, 'cell')}"
        if self.figures or self.cells:
            cause = (
                f"{_many(len(self.inputs), 'input')} changed" if self.inputs
                else "nothing that it rests on changed, so they were forged in the file, or Pramshed was changed since"
            )  # fmt: skip
            cells = f"{_many(len(self.cells), 'difference')} in the tables"
            return (
                f"Numbers differ: {len(self.figures):,} of {_many(self.figures_compared, 'figure')}, {cells}; {cause}."
            )
        if self.tables:
            which = f"{_many(len(self.tables), 'table')} of the place changed: {', '.join(self.tables)}"
            return f"Every number is the same: {of}; but {which}."
        if self.inputs:
            what = f"{_many(len(self.inputs), 'input')} changed, but no number did"
            return f"Every number is the same: {of}; {what}."
        return f"Every number is the same: {of}."

    def said(self, most: int | None = None) -> tuple[str, ...]:
        """The verdict and then what changed, line by line; of each kind as many as ``most``."""
        lines = [self.verdict]
        for heading, found in (
            ("What it rests on changed:", self.inputs), ("Figures:", self.figures), ("Tables:", self.cells),
        ):  # fmt: skip
            if found:
                lines += [heading, *(f"- {line}" for line in found[:most])]
                lines += [f"- and {len(found) - most:,} more"] if most is not None and len(found) > most else []
        return tuple(lines)


def replay(run: Run, place: Place, spaces: Published | None = None) -> Replayed:
    """Make a report again and compare it with the first.

    Parameters
    ----------
    run
        The first, from its file.
    place
        The same place, wherever it is and whenever it was built.
    spaces
        The published marks as they are now, where community spaces count.

    Raises
    ------
    RequestError
        It is another place.
    InputError
        The place as it is now cannot answer this question; or somebody changed the file since it was written, and then
        the forged numbers are named.
    """
    card = place.card
    if card.authority_code != run.basis.authority_code:
        message = (
            f"{run.source} is a report on {run.basis.place_name} ({run.basis.authority_code}), not on {card.name} "
            f"({card.authority_code})"
        )
        raise RequestError(message)
    request = run.request if spaces is None else run.request.at(spaces.number)
    try:
        report = gather(place, request, spaces)
    except RequestError as fault:
        expected = f"what can be asked of {card.name} as it is now"
        raise InputError(run.source, expected=expected, found=f"a request that cannot be: {fault}") from fault
    now, then = figures_of(report), run.figures
    tables = [{k: t for k, t in each.items() if k not in NOT_NUMBERS} for each in (run.tables, tables_of(report))]
    changed = _place_tables(run.basis, report.basis, place)
    found = Replayed(
        run=run, report=report, inputs=tuple(_inputs(run, report.basis, changed)), tables=tuple(changed),
        figures=tuple(_figures(then, now)), cells=tuple(_tables(*tables)),
        figures_compared=len(then), cells_compared=sum(len(t.columns) * len(t.rows) for t in tables[0].values()),
    )  # fmt: skip
    if run.altered:
        raise _forged(found)
    return found


def _forged(found: Replayed) -> InputError:
    """What to say of a file that somebody changed since it was written: which numbers are not what they should be."""
    wrong = (*found.figures, *found.cells)
    said = "content that does not match its checksum: somebody changed the file"
    if found.inputs:
        said += f"; which numbers are forged cannot be told, as {_many(len(found.inputs), 'input')} changed too"
    elif wrong:
        more = f"; and {len(wrong) - _MOST_FORGED:,} more" if len(wrong) > _MOST_FORGED else ""
        said += f", and forged {'; '.join(wrong[:_MOST_FORGED])}{more}"
    else:
        said += ", though no number in it"
    return InputError(found.run.source, column="checksum", expected="the file as Pramshed wrote it", found=said)


def _inputs(run: Run, now: Basis, tables: Mapping[str, str]) -> Iterator[str]:
    """What a report rests on that is not as it was, the place's tables among it."""
    then = run.basis
    if then.place_name != now.place_name:
        yield f"place: {then.place_name} -> {now.place_name}"
    yield from _sources(then.sources, now.sources)
    yield from (f"table {name}: {what}" for name, what in tables.items())
    if then.rules_version != now.rules_version:
        yield f"walk rules: version {then.rules_version} -> {now.rules_version}"
    if then.marks != now.marks:
        yield f"marks of the community: {_state(then.marks)} -> {_state(now.marks)}"
    if run.program != program_version():
        yield f"Pramshed: version {run.program or 'not known'} -> {program_version() or 'not known'}"


def _place_tables(then: Basis, now: Basis, place: Place) -> dict[str, str]:
    """The place's tables that are not as they were, and what became of each."""
    found = {}
    for name in sorted({*then.tables, *now.tables} - NO_ANSWER_RESTS_ON):
        on_disk = sha256_of(place.folder / name) if (place.folder / name).is_file() else None
        if name not in now.tables:
            found[name] = "gone"
        elif on_disk != now.tables[name]:
            found[name] = "changed by hand, for it is not as the place was built"
        elif name not in then.tables:
            found[name] = "new"
        elif then.tables[name] != now.tables[name]:
            found[name] = "other content"
    return found


def _state(marks: str) -> str:
    return marks[:16] or "none read"


def _sources(then: Sequence[Mapping[str, str]], now: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Files that a place was built from: the same content is the same file, then the same name, then the same sort."""
    left, matched = list(now), {}
    for alike in (("dataset", "sha256"), ("dataset", "file"), ("dataset",)):
        for at, old in enumerate(then):
            found = next((new for new in left if all(new[name] == old[name] for name in alike)), None)
            if at not in matched and found is not None:
                matched[at] = found
                left.remove(found)
    for at, old in enumerate(then):
        if at not in matched:
            yield f"{_dataset(old)}: {old['file']}, vintage {old['vintage']}, no longer read"
        elif any(old[name] != matched[at][name] for name in ("sha256", "vintage")):
            yield _source_said(old, matched[at])
    yield from (f"{_dataset(new)}: {new['file']}, vintage {new['vintage']}, new" for new in left)


def _source_said(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    if old["file"] != new["file"]:
        return f"{_dataset(old)}: {old['file']} (vintage {old['vintage']}) -> {new['file']} (vintage {new['vintage']})"
    if old["vintage"] != new["vintage"]:
        return f"{_dataset(old)}: {old['file']}, vintage {old['vintage']} -> {new['vintage']}"
    return f"{_dataset(old)}: {old['file']}, vintage {old['vintage']}, other content"


def _dataset(source: Mapping[str, str]) -> str:
    return source["dataset"].replace("_", " ")


def _figures(then: Mapping[str, Mapping[str, Value]], now: Mapping[str, Mapping[str, Value]]) -> Iterator[str]:
    for key in dict.fromkeys((*then, *now)):
        if key not in now:
            yield f"{then[key]['label']}: {then[key]['said']} then, not told now"
        elif key not in then:
            yield f"{now[key]['label']}: not told then, {now[key]['said']} now"
        elif any(then[key][name] != now[key][name] for name in ("value", "base")):
            short = [_said(each[key]["value"]) for each in (then, now)]
            if then[key]["base"] != now[key]["base"] or short[0] == short[1]:
                short = [str(each[key]["said"]) for each in (then, now)]
            yield f"{then[key]['label']}: {short[0]} then, {short[1]} now"


def _tables(then: Mapping[str, RunTable], now: Mapping[str, RunTable]) -> Iterator[str]:
    for key in dict.fromkeys((*then, *now)):
        if key not in now:
            yield f"{key}: a table then, none now"
        elif key not in then:
            yield f"{key}: no table then, one now"
        else:
            yield from _cells(key, then[key], now[key])


def _cells(key: str, then: RunTable, now: RunTable) -> Iterator[str]:
    for column in dict.fromkeys((*then.columns, *now.columns)):
        if column not in now.columns:
            yield f"{key}, {column}: a column then, none now"
        elif column not in then.columns:
            yield f"{key}, {column}: no column then, one now"
    both = [(n, name, now.columns.index(name)) for n, name in enumerate(then.columns) if name in now.columns]
    for row in dict.fromkeys((*then.rows, *now.rows)):
        if row not in now.rows:
            yield f"{key}, {_row(then, row)}: a row then, none now"
        elif row not in then.rows:
            yield f"{key}, {_row(now, row)}: no row then, one now"
        else:
            old, new = then.rows[row], now.rows[row]
            for at, column, place in both:
                if old[at] != new[place]:
                    yield f"{key}, {_row(then, row)}, {column}: {_said(old[at])} then, {_said(new[place])} now"


def _row(table: RunTable, key: str) -> str:
    """What a row is called: its name if it has one, else its key."""
    for name, value in zip(table.columns, table.rows[key], strict=True):
        if name in {"name", "area_name", "ward_name", "group", "speed"} and isinstance(value, str) and value:
            return value
    return key


def _said(value: Value) -> str:
    if value is None:
        return "not known"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
