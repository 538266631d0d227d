"""What a report is asked for, as a file holds it: read back the same, refused in a line, with a hash that holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.changes import AddSite, BlockWay, CloseSite
from geo.errors import InputError, RequestError
from geo.need import NeedWeights
from geo.sites import COUNTING, SITE_STATUSES
from layers.answers.question import Question
from layers.reports.request import CANDIDATES, ReportRequest, as_dict, from_dict, hash_of, two_days, ward_code

DAY = date(2026, 6, 1)
AREAS = pd.DataFrame(
    {"ward_code": ["E05000001", "E05000001", "E05000002", None], "ward_name": ["Old Town", "Old Town", "Bay", None]},
    index=["E01000001", "E01000002", "E01000003", "E01000004"],
)
BASIS = {"fingerprint": "f", "rules_version": "1", "marks": ""}

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
weights = st.fixed_dictionaries({name: st.floats(0.1, 5) for name in asdict(NeedWeights())}).map(
    lambda held: NeedWeights(**held)
)
changes = st.lists(
    st.one_of(
        st.sampled_from(["20004", "20841"]).map(CloseSite),
        st.builds(AddSite, st.just("new-1"), st.integers(0, 700_000), st.integers(0, 1_300_000), st.just("A & <b>")),
        st.just(BlockWay("m1", "Gate", "prams", ((450014, 89065), (450214, 89065)))),
    ),
    max_size=2,
    unique_by=type,
).map(tuple)
questions = st.builds(
    Question,
    statuses=st.lists(st.sampled_from(SITE_STATUSES), min_size=1, unique=True).map(tuple),
    day=days,
    profile=st.sampled_from(["buggy", "toddler", "adult"]),
    minutes=st.floats(1, 240).map(lambda x: round(x, 2)),
    weights=weights,
    context=st.booleans(),
    counting=st.sampled_from(list(COUNTING)),
    reading=st.sampled_from(["best", "fewest", "most"]),
    changes=changes,
    community=st.sampled_from([None, 0]),
)


@st.composite
def requests(draw):
    where = draw(st.sampled_from(["", "ward", "areas"]))
    question, before = draw(questions), draw(st.none() | questions)
    if before is not None and before.day > question.day:
        question, before = before, question
    return ReportRequest(
        question=question,
        before=before,
        ward="E05000001" if where == "ward" else None,
        areas=tuple(draw(st.lists(st.sampled_from(list(AREAS.index)), min_size=1))) if where == "areas" else (),
        name=draw(st.text(max_size=30)),
        new_sites=draw(st.integers(0, 5)),
        candidates=tuple(draw(st.lists(st.sampled_from(CANDIDATES), min_size=1, unique=True))),
    )


@given(requests())
def test_a_request_is_read_back_as_it_was(request_):
    written = json.loads(json.dumps(as_dict(request_, "town")))
    assert from_dict(written, "run.json") == request_
    assert json.loads(json.dumps(as_dict(from_dict(written, "run.json"), "town"))) == written
    assert hash_of(written, **BASIS) == hash_of(as_dict(request_, "town"), **BASIS)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_whatever_a_file_holds_is_refused_in_words(data):
    raw = as_dict(ReportRequest(question=Question(day=DAY)), "town")
    target = data.draw(st.sampled_from([raw, raw["question"], raw["question"]["weights"], None]))
    if target is None:
        raw = data.draw(plain)
    else:
        target[data.draw(st.sampled_from(sorted(target)) | st.text(max_size=8))] = data.draw(plain)
    said = ""
    try:
        assert from_dict(raw, "run.json")
    except InputError as fault:
        said = str(fault)
    assert not said or said.startswith("run.json")
    assert "\n" not in said
    assert len(said) < 700


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        (("ward",), 7, "text"),
        (("areas",), "E01000001", "a list of texts"),
        (("new_sites",), True, "a whole number"),
        (("new_sites",), 9, "0 to 5 new sites"),
        (("question", "day"), "2026-13-01", "a day as 2026-04-01"),
        (("question", "day"), None, "a day as 2026-04-01"),
        (("question", "minutes"), "a while", "a question"),
        (("question", "minutes"), float("nan"), "longest acceptable walk"),
        (("question", "minutes"), 1e9, "longest acceptable walk"),
        (("question", "profile"), "horse", "horse"),
        (("question", "reading"), "worst", "best, fewest or most"),
        (("question", "counting"), "all", "all"),
        (("question", "statuses"), [], "status"),
        (("question", "to"), "/etc/passwd", "centres or play"),
        (("question", "weights"), {"imd": -1}, "question"),
        (("question", "weights"), [1], "question"),
        (("question", "changes"), {}, "a list of changes"),
        (("question", "changes"), [{"do": "explode"}], "explode"),
        (("question",), [], "a question"),
    ],
)
def test_what_is_wrong_is_named(where, value, words):
    raw = as_dict(ReportRequest(question=Question(day=DAY)), "town")
    target = raw
    for name in where[:-1]:
        target = target[name]
    target[where[-1]] = value
    with pytest.raises(InputError) as refused:
        from_dict(raw, "run.json")
    assert words in str(refused.value)


def test_missing_and_unknown_fields_are_named():
    raw = as_dict(ReportRequest(question=Question(day=DAY)), "town")
    with pytest.raises(InputError, match="no ward"):
        from_dict({name: value for name, value in raw.items() if name != "ward"}, "run.json")
    with pytest.raises(InputError, match="'shell' besides"):
        from_dict(raw | {"shell": "rm"}, "run.json")


def variants():
    base = ReportRequest(question=Question(day=DAY))
    question = base.question
    return [
        base,
        replace(base, ward="E05000001"),
        replace(base, areas=("E01000001",)),
        replace(base, name="A"),
        replace(base, new_sites=2),
        replace(base, candidates=("library",)),
        replace(base, before=question),
        *(
            replace(base, question=replace(question, **one))
            for one in (
                {"day": date(2026, 6, 2)}, {"minutes": 14.0}, {"profile": "adult"}, {"context": False},
                {"counting": "full"}, {"reading": "most"}, {"statuses": ("open",)}, {"to": "play"}, {"community": 3},
                {"weights": NeedWeights(under5=2)}, {"changes": (CloseSite("20004"),)},
            )
        ),
    ]  # fmt: skip


def test_the_hash_is_another_when_anything_is():
    hashes = [hash_of(as_dict(one, "town"), **BASIS) for one in variants()]
    hashes.append(hash_of(as_dict(variants()[0], "city"), **BASIS))
    hashes += [hash_of(as_dict(variants()[0], "town"), **(BASIS | {name: "x"})) for name in BASIS]
    assert len(set(hashes)) == len(hashes) == 22
    assert all(len(one) == 16 and set(one) <= set("0123456789abcdef") for one in hashes)


def test_the_hash_does_not_hang_on_the_state_of_marks_or_the_order_of_what_is_listed():
    """The revision of the marks is a number of one machine's; their hash stands in the basis."""
    question = Question(day=DAY, community=3)
    one, other = (ReportRequest(question=replace(question, community=n)) for n in (3, 9))
    assert hash_of(as_dict(one, "town"), **BASIS) == hash_of(as_dict(other, "town"), **BASIS)
    one, other = (ReportRequest(question=question, areas=areas) for areas in (("b", "a"), ("a", "b", "a")))
    assert one == other
    lists = (("open", "linked"), ("school", "closed")), (("linked", "open", "linked"), ("closed", "school", "school"))
    one, other = (
        ReportRequest(question=replace(question, statuses=statuses), candidates=kinds) for statuses, kinds in lists
    )
    assert one == other
    assert one.candidates == ("closed", "school")
    assert one.question.statuses == ("open", "linked")


@pytest.mark.program
def test_the_hash_is_the_same_in_every_process(root):
    code = (
        "from datetime import date; from layers.answers.question import Question; from layers.reports.request import *; "
        "print(hash_of(as_dict(ReportRequest(question=Question(day=date(2026, 6, 1))), 'town'), fingerprint='f', "
        "rules_version='1', marks=''))"
    )
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"  # another than ours
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, text=True,
        capture_output=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert said == hash_of(as_dict(ReportRequest(question=Question(day=DAY)), "town"), **BASIS)


def test_chosen_areas():
    question = Question(day=DAY)
    assert list(ReportRequest(question=question).chosen(AREAS)) == list(AREAS.index)
    assert list(ReportRequest(question=question, ward="E05000001").chosen(AREAS)) == ["E01000001", "E01000002"]
    assert list(ReportRequest(question=question, areas=("E01000003",)).chosen(AREAS)) == ["E01000003"]
    with pytest.raises(RequestError, match="there are E05000002 Bay; E05000001 Old Town"):
        ReportRequest(question=question, ward="E05000009").chosen(AREAS)
    with pytest.raises(RequestError, match="'x', 'y', 'z' and 2 more in this place"):
        ReportRequest(question=question, areas=("y", "z", "x", "zz", "zzz")).chosen(AREAS)
    with pytest.raises(RequestError, match="no wards are known"):
        ReportRequest(question=question, ward="x").chosen(AREAS.assign(ward_code=None))


def test_two_days_in_either_order():
    early, late = Question(day=date(2015, 1, 1)), Question(day=DAY)
    assert two_days(late, early.day) == (late, early, "")
    *questions, said = two_days(early, DAY)
    assert questions == [late, early]
    assert said.startswith(
        "The report is of the later day, 1 June 2026, and compares it with the earlier one, 1 January"
    )


def test_a_ward_by_its_name():
    assert {ward_code(AREAS, said) for said in (" old TOWN ", "e05000001", "old", "Town")} == {"E05000001"}
    with pytest.raises(RequestError, match="no ward 'Nowhere' here; there are E05000002 Bay"):
        ward_code(AREAS, "Nowhere")
    for near in ("ol", "Tonw", "old twon"):
        with pytest.raises(RequestError, match=f"no ward '{near}' here; did you mean E05000001 Old Town[?]$"):
            ward_code(AREAS, near)
    with pytest.raises(RequestError, match=r"did you mean E05000002 Bay West; E05000001 Old Bay[?]$"):
        ward_code(AREAS.assign(ward_name=["Old Bay", "Old Bay", "Bay West", None]), "bay")
    twice = AREAS.assign(ward_name=["Bay", "Bay", "Bay", None])
    with pytest.raises(RequestError, match="2 wards are called 'Bay': E05000001, E05000002"):
        ward_code(twice, "Bay")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ward": "E05000001", "areas": ("E01000001",)}, "not both"),
        ({"new_sites": -1}, "0 to 5"),
        ({"question": Question(day=DAY, to="sites.csv")}, "not to 'sites.csv'"),
        ({"question": Question(day=DAY, to="play", changes=(CloseSite("20004"),))}, "no scenarios"),
    ],
)
def test_requests_that_make_no_sense(more, words):
    with pytest.raises(RequestError, match=words):
        ReportRequest(**{"question": Question(day=DAY)} | more)
