"""What a report is asked for: one frozen value, as ``run.json`` holds it, checked when it is read."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from geo.days import day_text
from geo.errors import InputError, PramshedError, RequestError
from geo.need import NeedWeights
from geo.profiles import profile_named
from geo.sites import VENUE_KINDS
from layers.answers.new_sites import CLOSED, JUNCTIONS, MARKS, VENUES
from layers.answers.question import DESTINATIONS, Question
from layers.files.json_files import day_of, short, typed
from layers.files.scenarios import change_as_dict, change_from

if TYPE_CHECKING:
    import pandas as pd

    from geo.scenario import Change

FORMAT = "pramshed-report"
VERSION = 2
CANDIDATES = ("closed", "library", "community_centre")
"""Where a new site may go, unless somebody says otherwise; see `layers.answers.new_sites.candidates_of`."""

FIRST_DAY = date(2000, 1, 1)
"""Sure Start began in 1999; what the registers say of the years before says nothing of those centres."""

_BEFORE = "what is known of centres does not reach back so far"

KINDS = (CLOSED, VENUES, *VENUE_KINDS, JUNCTIONS, MARKS)
"""Where a new site can be looked for."""

_QUESTION = ("to", "statuses", "day", "profile", "minutes", "counting", "reading", "context", "weights", "community")


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """What a report is about.

    Parameters
    ----------
    question
        What is asked, with the changes of a scenario if there are any.
    before
        What it is compared with: the same question without the changes, or of another day; None for no comparison.
    ward
        Code of the ward that the report is about; None for the authority, or chosen areas.
    areas
        Codes of the areas that it is about, in order, each once; none for the authority or a ward.
    name
        What the chosen areas are called by whoever asks; may be empty.
    scenario, other
        What the scenario is called, and the one that it is compared with; may be empty.
    new_sites
        For how many new sites the best places are looked for; 0 for none.
    candidates
        Among which places, as `layers.answers.new_sites.candidates_of` takes them, in the order of `KINDS`; no files.
    """

    question: Question
    before: Question | None = None
    ward: str | None = None
    areas: tuple[str, ...] = ()
    name: str = ""
    scenario: str = ""
    other: str = ""
    new_sites: int = 3
    candidates: tuple[str, ...] = CANDIDATES

    def __post_init__(self) -> None:
        if self.question.to not in DESTINATIONS:
            message = f"a report is about walks to {' or '.join(DESTINATIONS)}, not to {self.question.to!r}"
            raise RequestError(message)
        if any(one.thirds != "authority" for one in self.questions):
            message = "a report goes by the authority's thirds of need"
            raise RequestError(message)
        if self.ward and self.areas:
            message = "a report is about a ward or about chosen neighbourhoods, not both"
            raise RequestError(message)
        unknown = [kind for kind in self.candidates if kind not in KINDS]
        if unknown or (self.new_sites and not self.candidates):
            message = (
                f"no places {', '.join(map(repr, unknown)) or 'given'} for a new site; there are {', '.join(KINDS)}"
            )
            raise RequestError(message)
        if self.before is not None and self.before.day > self.question.day:
            message = (
                f"the day to compare with, {self.before.day}, comes after the day of the report, {self.question.day}"
            )
            raise RequestError(message)
        for one in self.questions:
            if one.day < FIRST_DAY:
                message = f"a report is of a day from {day_text(FIRST_DAY)} on, not of {day_text(one.day)}: {_BEFORE}"
                raise RequestError(message)
        if not 0 <= self.new_sites <= 5:
            message = f"a report looks for the best places of 0 to 5 new sites, not of {self.new_sites}"
            raise RequestError(message)
        if self.question.to == "play" and (self.question.changes or (self.before and self.before.day)):
            message = "a comparison is of walks to children's centres: play spaces have no days and no scenarios"
            raise RequestError(message)
        object.__setattr__(self, "areas", tuple(sorted(set(self.areas))))
        object.__setattr__(self, "candidates", tuple(kind for kind in KINDS if kind in self.candidates))

    def chosen(self, areas: pd.DataFrame) -> pd.Index:
        """Codes of the areas that the report is about.

        Raises
        ------
        RequestError
            There is no such ward or area here.
        """
        if self.ward:
            found = areas.index[areas["ward_code"] == self.ward]
            if found.empty:
                raise _no_such_ward(_wards(areas), self.ward)
            return found
        if self.areas:
            unknown = [code for code in self.areas if code not in areas.index]
            if unknown:
                more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
                which = f"{', '.join(map(repr, unknown[:3]))}{more}"
                message = f"no neighbourhood {which} in this place; its codes are such as {areas.index.min()}"
                raise RequestError(message)
            return areas.index[areas.index.isin(self.areas)]
        return areas.index

    @property
    def questions(self) -> tuple[Question, ...]:
        """What it is compared with, if anything, and what is asked."""
        return (self.question,) if self.before is None else (self.before, self.question)

    @property
    def of_days(self) -> bool:
        """Whether what is compared is of another day."""
        return self.before is not None and self.before.day != self.question.day

    def at(self, community: int | None) -> ReportRequest:
        """The same, with the published marks as they are at a revision, where community spaces count."""

        def moved(question: Question) -> Question:
            return question if question.community is None else replace(question, community=community)

        before = None if self.before is None else moved(self.before)
        return replace(self, question=moved(self.question), before=before)


def two_days(question: Question, day: date) -> tuple[Question, Question, str]:
    """A question and the same of another day, the later one first; and what to say where they were given the other way.

    Parameters
    ----------
    question
        The reader's question.
    day
        The day to compare with.
    """
    if day <= question.day:
        return question, replace(question, day=day), ""
    said = (
        f"The report is of the later day, {day_text(day)}, and compares it with the earlier one, "
        f"{day_text(question.day)}: the two days were given the other way round."
    )
    return replace(question, day=day), question, said


def ward_code(areas: pd.DataFrame, said: str) -> str:
    """The code of a ward that somebody named: by its code, by its name in any letters, or by a part that no other has.

    Raises
    ------
    RequestError
        There is no such ward, or more than one of that name.
    """
    wards = _wards(areas)
    wanted = said.strip().casefold()
    found = wards[(wards["ward_code"].str.casefold() == wanted) | (wards["ward_name"].str.casefold() == wanted)]
    if found.empty and wanted:
        found = wards[wards["ward_name"].str.casefold().str.contains(rf"\b{re.escape(wanted)}\b", na=False)]
        if len(found) > 1:
            raise _no_such_ward(wards, said)
    if len(found) == 1:
        return str(found["ward_code"].iloc[0])
    if len(found) > 1:
        message = f"{len(found)} wards are called {said!r}: {', '.join(found['ward_code'])}; name one by its code"
        raise RequestError(message)
    raise _no_such_ward(wards, said)


def _wards(areas: pd.DataFrame) -> pd.DataFrame:
    return areas[["ward_code", "ward_name"]].dropna().drop_duplicates().sort_values("ward_name")


def _no_such_ward(wards: pd.DataFrame, said: str) -> RequestError:
    """What to say of a ward that is not here: those that are meant, perhaps, and all of them where none comes near."""
    if wards.empty:
        return RequestError("no wards are known here")
    names, wanted = wards["ward_name"].str.casefold(), said.strip().casefold()
    meant = difflib.get_close_matches(wanted, sorted({*names, *" ".join(names).split()}), cutoff=0.75)
    likely = wards[[any(one in name for one in (wanted, *meant) if one) for name in names]]
    listed = "; ".join(f"{row.ward_code} {row.ward_name}" for row in (wards if likely.empty else likely).itertuples())
    rest = f"there are {listed}" if likely.empty else f"did you mean {listed}?"
    return RequestError(f"no ward {said!r} here; {rest}")


def as_dict(request: ReportRequest, place: str) -> dict[str, Any]:
    """A request as plain values, the same whatever machine it is written on.

    Parameters
    ----------
    request
        What is asked for.
    place
        Key of the place.
    """
    return {
        "place": place,
        "ward": request.ward,
        "areas": list(request.areas),
        "name": request.name,
        "scenario": request.scenario,
        "other": request.other,
        "question": _question_dict(request.question),
        "before": None if request.before is None else _question_dict(request.before),
        "new_sites": request.new_sites,
        "candidates": list(request.candidates),
    }


def _question_dict(question: Question) -> dict[str, Any]:
    plain = {name: getattr(question, name) for name in _QUESTION}
    plain |= {
        "statuses": list(question.statuses), "day": question.day.isoformat(), "weights": asdict(question.weights),
        "community": question.community is not None,
    }  # fmt: skip
    return plain | {"changes": [change_as_dict(change) for change in question.changes]}


def hash_of(request: dict[str, Any], *, fingerprint: str, rules_version: str, marks: str) -> str:
    """Sixteen characters that stand for a report: the same question to the same data has the same.

    Parameters
    ----------
    request
        As `as_dict` gives it.
    fingerprint, rules_version, marks
        As in `layers.reports.report.Basis`.
    """
    content = json.dumps([FORMAT, VERSION, request, fingerprint, rules_version, marks], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def from_dict(raw: object, source: str) -> ReportRequest:
    """Read a request from what a file held.

    Parameters
    ----------
    raw
        What JSON gave: anything.
    source
        The file, for messages.

    Raises
    ------
    InputError
        It is no request; what is wrong is named.
    """
    if not isinstance(raw, dict):
        raise InputError(source, column="request", expected="the request of a report", found=type(raw).__name__)
    wanted = {
        "place", "ward", "areas", "name", "scenario", "other", "question", "before", "new_sites", "candidates",
    }  # fmt: skip
    _require_keys(raw, wanted, source, "request")
    try:
        return ReportRequest(
            question=_question_from(raw["question"], f"{source}, question"),
            before=None if raw["before"] is None else _question_from(raw["before"], f"{source}, before"),
            ward=_text_or_none(raw["ward"], source, "ward"),
            areas=_texts(raw["areas"], source, "areas"),
            name=_text_or_none(raw["name"], source, "name") or "",
            scenario=_text_or_none(raw["scenario"], source, "scenario") or "",
            other=_text_or_none(raw["other"], source, "other") or "",
            new_sites=typed(raw["new_sites"], int, source, "new_sites"),
            candidates=_texts(raw["candidates"], source, "candidates"),
        )
    except RequestError as fault:
        raise InputError(source, expected="a report that can be made", found=str(fault)) from fault


def _question_from(raw: object, source: str) -> Question:
    if not isinstance(raw, dict):
        raise InputError(source, expected="a question", found=type(raw).__name__)
    _require_keys(raw, {*_QUESTION, "changes"}, source, "question")
    changes = raw["changes"]
    if not isinstance(changes, list):
        raise InputError(source, column="changes", expected="a list of changes", found=short(changes))
    made: tuple[Change, ...] = tuple(
        change_from(one, f"{source}, change {number}") for number, one in enumerate(changes, start=1)
    )
    try:
        weights = NeedWeights(**{str(name): float(value) for name, value in raw["weights"].items()})
        return Question(
            to=str(raw["to"]), statuses=_texts(raw["statuses"], source, "statuses"),
            day=day_of(raw["day"], source, "day"), profile=profile_named(str(raw["profile"])).key,
            minutes=float(raw["minutes"]),
            weights=weights, context=typed(raw["context"], bool, source, "context"), counting=str(raw["counting"]),
            reading=_reading(raw["reading"], source), changes=made,
            community=0 if typed(raw["community"], bool, source, "community") else None,
        )  # fmt: skip
    except PramshedError as fault:
        raise InputError(source, expected="a question that can be asked", found=str(fault)) from fault
    except (AttributeError, TypeError, ValueError) as fault:
        raise InputError(source, expected="a question as a report writes it", found=short(str(fault))) from fault


def _require_keys(raw: dict[str, Any], wanted: set[str], source: str, what: str) -> None:
    missing, extra = sorted(wanted - raw.keys()), sorted(map(str, raw.keys() - wanted))
    if missing or extra:
        found = f"no {', '.join(missing)}" if missing else f"{short(', '.join(extra))} besides"
        raise InputError(source, column=what, expected=f"the fields {', '.join(sorted(wanted))}", found=found)


def _reading(value: object, source: str) -> Any:  # noqa: ANN401 (one of three words, checked here)
    if value not in ("best", "fewest", "most"):
        raise InputError(source, column="reading", expected="best, fewest or most", found=short(value))
    return value


def _texts(value: object, source: str, column: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InputError(source, column=column, expected="a list of texts", found=short(value))
    return tuple(value)


def _text_or_none(value: object, source: str, column: str) -> str | None:
    return None if value is None else str(typed(value, str, source, column))
