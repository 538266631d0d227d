"""One number for one thing: pages, commands and every form of the report say the same, and what is a sum adds up."""

from __future__ import annotations

import io
import json
import re
import sys
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import replace
from datetime import date
from itertools import pairwise

import openpyxl
import pandas as pd
import pytest

import cli
from geo.changes import AddSite, CloseSite, OpenSite
from geo.gaps import headline
from geo.scenario import Scenario
from geo.single_closure import depends_on
from geo.whole import ROUNDED
from geo.whole import whole as rounded
from layers.answers import comparison, ledger, new_sites
from layers.answers.losses import Losses, event_rows
from layers.answers.question import Question, answer
from layers.answers.since import compared, table
from layers.files.scenarios import to_link, to_text
from layers.reports.gather import report_of
from tests.layers.reading import words

pytestmark = [pytest.mark.whole_report, pytest.mark.xdist_group("reports")]  # they share what is found for the island

N, M = r"(\d[\d,]*)", r"\d[\d,]*"
SAID = {
    "beyond 15 minutes": (
        rf"{N} of {M} under-fives whose walk is known \(\d+%\) live more than", rf"How sure is {N}\?",
        rf"(?:down|up) from {N}\. ", rf"Under-fives beyond 15 minutes now {N}", rf"Everyone: {N} of",
        rf"Now: {N} of {M} under-fives whose", rf"more than now \({N}\)",
    ),
    "whose walk is known": (rf"of {N} under-fives whose walk is known", rf"Everyone: {M} of {N}"),
    "beyond without full centres": (rf"{N} of {M} under-fives whose walk is known now live", rf"are too far away, here {N}"),
    "beyond with every full centre": (rf"up from {N} \({M} more\)",),
    "lost": (rf"up from {M} \({N} more\)", rf"closures and downgrades, {N} of"),
    "beyond with Ryde closed": (
        rf"{N} of {M}, up from", rf"with your changes {N}", rf"Everyone: .*?, {N} after",
        rf"changes: {N} of {M} under-fives whose",
    ),
    "more with Ryde closed": (rf"(?m)^\s*{N} more under-fives would live", rf"That is {N} more than now"),
}  # fmt: skip
"""How each quantity of the whole place is said, wherever it is said."""

WEIGHED = {"runs": "clusters", "fair": "fairness", "guidance": "guidance", "access": "access", "barriers": "barriers"}
"""The command that says what a section of the report says."""

COLUMNS = {
    "beyond": ("under5_beyond", "beyond", "Beyond 15 min"),
    "children": ("under5", "Under-fives"),
    "share of the loss": ("share_crossed", "share", "Put beyond"),
    "brought back": ("reopened_crossed", "reopened", "Reopening it brings back"),
    "nearest": ("Under-fives nearest",),
}
"""What each column counts, by what it is called in files, on pages and in the workbook."""


def one_line(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def number(text: str) -> int:
    return int(text.replace(",", ""))


def said_in(texts: dict[str, str]) -> dict[str, dict[int, set[str]]]:
    """Each quantity of `SAID`: its values, and where each is said."""
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for where, text in texts.items():
        for label, patterns in SAID.items():
            for pattern in patterns:
                for match in re.finditer(pattern, text):
                    found[label][number(match[1])].add(where)
    return found


def cells_in(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str], dict[float, set[str]]]:
    """Each cell of `COLUMNS`: by row and what the column counts, its values, and where each stands.

    A command's file has tenths, so that its rows add up; they are left out where their whole number stands elsewhere.
    """
    found: dict[tuple[str, str], dict[float, set[str]]] = defaultdict(lambda: defaultdict(set))
    for where, rows in tables.items():
        for label, names in COLUMNS.items():
            for name in set(names).intersection(rows.columns):
                values = pd.to_numeric(rows[name], errors="coerce").dropna()
                for code, value in values.items():
                    found[str(code), label][float(value)].add(where)
    return {key: _without_tenths(values) for key, values in found.items()}


def _without_tenths(values: dict[float, set[str]]) -> dict[float, set[str]]:
    shown = {value: where for value, where in values.items() if value == rounded(value)}
    near = {value for value in values for one in shown if abs(value - one) <= 0.5 + 0.05}
    return shown | {value: where for value, where in values.items() if value not in near}


def prose(texts: dict[str, str]) -> set[int]:
    """Every number from 1,000 on in a clause that speaks of under-fives."""
    clauses = [clause for text in texts.values() for clause in re.split(r"[.;:] ", text) if "under-five" in clause]
    return {
        value
        for clause in clauses
        for value in map(number, re.findall(rf"(?<![\w.,]){N}(?![\w%])", clause))
        if value >= 1000
    }


def forms(folder) -> tuple[dict[str, str], dict[str, pd.DataFrame]]:
    """What a pack's page says in sentences, and its tables on neighbourhoods and closures in every form."""
    texts = {"report.html": one_line((folder / "report.html").read_text("utf-8"))}
    book = openpyxl.load_workbook(folder / "tables.xlsx", read_only=True)
    tables = {}
    for name in ("neighbourhoods", "lost", "wards"):
        tables[f"{name}.csv"] = pd.read_csv(folder / "tables" / f"{name}.csv", index_col=0)
        head, *rows = list(pd.DataFrame(book[_sheet(book, name)].values).dropna(thresh=4).itertuples(index=False))
        tables[f"{name}.xlsx"] = pd.DataFrame(rows, columns=list(head)).set_index(head[0])
    for name in ("neighbourhoods",):
        features = json.loads((folder / f"{name}.geojson").read_text("utf-8"))["features"]
        tables[f"{name}.geojson"] = pd.DataFrame([one["properties"] for one in features]).set_index("area_code")
    return texts, tables


def _sheet(book, name: str) -> str:
    return next(sheet for sheet in book.sheetnames if sheet.lower().replace(" ", "_").endswith(name))


@pytest.fixture(scope="module")
def outputs(pack, closing, seen):
    """Texts and tables of everything that speaks of the island, and of Ryde closed."""
    texts, tables = forms(pack)
    report = report_of(closing, closing.request)
    texts["scenario report"] = " ".join([report.answer, *(line for part in report.sections for line in part.text)])
    tables["scenario report"] = report.tables["changes"].values.rename(columns={"under5_beyond_before": "beyond"})  # noqa: PD011
    changes = closing.request.question.changes
    for name, query in (
        ("explore", {}),
        ("lost", {}),
        ("what_if", {"changes": to_link(changes), "for": closing.place.card.fingerprint}),
    ):
        page = seen(f"layers/pages/{name}.py", **query)
        texts[f"page {name}"] = one_line(words(page))
        for at, frame in enumerate(page.dataframe):
            tables[f"page {name} {at}"] = frame.value
    return texts, tables


def printed(*asked: object) -> tuple[str, pd.DataFrame]:
    """What a command says, and its table."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["cli.py", *map(str, asked)])
        with suppress(SystemExit):
            cli.main()
    return one_line(err.getvalue()), pd.read_csv(io.StringIO(out.getvalue()), index_col=0)


@pytest.fixture(scope="module")
def everything(outputs, closing, island, tmp_path_factory):
    """The same, with what the commands say and write."""
    texts, tables = outputs
    file = tmp_path_factory.mktemp("scenario") / "ryde.json"
    card, changes = island.card, closing.request.question.changes
    file.write_text(to_text(Scenario(name="Ryde", place=card.key, fingerprint=card.fingerprint, changes=changes)))
    for command, more in (
        ("gaps", ()), ("closures", ()), ("scenario", (file,)), ("site", ("--k", 2, "--candidates", "closed,library"))
    ):  # fmt: skip
        texts[command], rows = printed(command, card.key, *more)
        tables[command] = rows.rename(columns={"under5_beyond_before": "beyond"})
    return texts, tables


def test_a_quantity_has_one_value_wherever_it_is_said(everything):
    found = said_in(everything[0])
    assert {label: values for label, values in found.items() if len(values) > 1} == {}
    told = {label: set.union(*values.values()) for label, values in found.items()}
    assert set(told) == set(SAID)
    assert {label for label, where in told.items() if len(where) < 2} == set(), "said in more than one place"


def test_a_cell_has_one_value_in_every_form(everything):
    found = cells_in(everything[1])
    assert {key: values for key, values in found.items() if len(values) > 1} == {}
    assert {label for _, label in found} == set(COLUMNS)


def test_no_two_numbers_in_sentences_differ_by_one(everything):
    """5,063 beside 5,064 would be the same count, rounded another way."""
    values = sorted(prose(everything[0]))
    assert len(values) > 10
    two = (1532, 1533)  # within reach with Ryde closed, which is 5,882 less 4,350; and those of the most deprived fifth
    assert [pair for pair in pairwise(values) if pair[1] - pair[0] == 1 and pair != two] == []


def test_what_stands_beside_its_sum_adds_up(everything):
    texts, tables = everything
    (lost,) = said_in(texts)["lost"]
    (before,), (after,) = (
        said_in(texts)[f"beyond {which} full centre{s}"] for which, s in (("with every", ""), ("without", "s"))
    )
    assert (
        after - before == lost == tables["closures"]["share_crossed"].sum() == tables["lost.csv"]["share_crossed"].sum()
    )
    nearest = re.search(rf"{N} under-fives lost their nearest", texts["closures"])
    assert tables["closures"]["under5"].sum() == number(nearest[1])
    (now,), (then,), (more,) = (
        said_in(texts)[name] for name in ("beyond 15 minutes", "beyond with Ryde closed", "more with Ryde closed")
    )
    assert then - now == more
    site = tables["site"]
    assert site["adds"].cumsum().tolist() == site["within"].tolist()
    bring, left = map(number, re.search(rf"would bring {N} more .*? That would leave {N} of", texts["site"]).groups())
    assert (bring, now - left) == (site["within"].iloc[-1],) * 2
    for name in ("neighbourhoods.csv", "wards.csv"):  # each row is rounded by itself, and says so
        assert abs(tables[name]["under5_beyond"].sum() - now) <= 3
        assert ROUNDED in texts["report.html"]


def test_what_is_weighed_is_said_and_listed_as_by_its_command(island, report, pack):
    texts, tables = {}, {}
    for command in WEIGHED.values():
        texts[command], tables[command] = printed(command, island.card.key)
    for part in report.sections:
        if part.key in WEIGHED and part.key != "fair":
            assert [line for line in part.text if one_line(line) not in texts[WEIGHED[part.key]]] == []
    (fair,) = (part.text for part in report.sections if part.key == "fair")
    assert [line for line in fair[:2] if one_line(line) not in texts["fairness"]] == []
    ours = {name: pd.read_csv(pack / "tables" / f"{name}.csv", index_col=0, na_values="[x]") for name in
            ("fairness", "tenths", "neighbourhoods", "barriers")}  # fmt: skip
    for command, name, columns in (
        ("guidance", "tenths", ["neighbourhoods", "sites", "under2_share", "two_to_four_share", "under5_share"]),
        ("access", "neighbourhoods", ["per_1000"]),
        ("barriers", "barriers", ["kind", "street", "near", "metres", "easting", "northing"]),
    ):
        theirs = tables[command].reindex(ours[name].index).head(20)[columns]
        pd.testing.assert_frame_equal(ours[name].head(20)[columns], theirs, check_dtype=False, check_names=False)
    now = ours["fairness"][ours["fairness"]["of"] == "now"].reset_index()
    theirs = tables["fairness"].reset_index()
    pd.testing.assert_frame_equal(now[theirs.columns], theirs, check_dtype=False)


class TestPairsThatMeet:
    """What the closures page promises, *What if* shows, and two days compared say."""

    def test_reopening_one_is_what_the_ledger_says(self, island, whole):
        asked = Question(counting="full")
        took = ledger.answer_ledger(island, whole.ground, ledger.LedgerQuestion(counting="full"))
        rows = took.ledger.closures
        for name, brings in (("East Cowes", 138), ("Ventnor", 92)):
            (site,) = rows.index[rows["name"].str.startswith(name)]
            found = comparison.compare_from_files(island, asked, (OpenSite(site),)).found
            row = found.groups.loc[("everyone", "everyone")]
            assert row["beyond_before"] - row["beyond_after"] == rows.loc[site, "reopened_crossed"] == brings

    def test_two_days_lose_what_the_ledger_says(self, island, whole):
        asked = Question(counting="full")
        days = [answer(island, replace(asked, day=day), on=whole.ground) for day in (date(2015, 1, 1), asked.day)]
        found = compared(*days)
        took = ledger.answer_ledger(island, whole.ground, ledger.LedgerQuestion(counting="full"))
        assert found.counts == (1056, 0, -1056)
        assert took.ledger.together["crossed"] == 1056
        assert table(found)["under5_lost"].sum() == event_rows(Losses.of(took, whole.ground))["share"].sum() == 1056

    def test_two_new_sites_bring_what_the_scenario_shows(self, island):
        plan = new_sites.answer_siting(
            island, Question(), k=2, objective="cover", candidates="library,community_centre", time_limit_s=10
        )
        rows = new_sites.siting_table(plan)
        added = tuple(AddSite(f"new-{row.order}", row.easting, row.northing, "Hall") for row in rows.itertuples())
        row = comparison.compare_from_files(island, Question(), added).found.groups.loc[("everyone", "everyone")]
        assert row["beyond_before"] - row["beyond_after"] == rows["within"].iloc[-1] == rows["adds"].sum()


@pytest.mark.real
@pytest.mark.full_size
def test_leeds(leeds, leeds_whole, leeds_report):
    """A third of its under-fives are in no number, and that is said first; 2,393 is 2,393; Burley Park is Burley Park."""
    gaps, areas, took = leeds_whole.asked.gaps, leeds_whole.areas, leeds_whole.lost
    lacking = "16,219 of 48,733 under-fives (33%) are in none of these numbers"
    said = headline(gaps, walk=leeds_whole.asked.question.walk, every=areas["under5"].sum())
    assert said.startswith(lacking)
    assert any(lacking in one for one in leeds_report.gravest)
    rows, sums = took.ledger.closures, took.ledger.together
    assert sums["beyond_after"] - sums["beyond_before"] == sums["crossed"] == rows["share_crossed"].sum()
    assert rows["under5"].sum() == sums["under5"]
    assert leeds_report.figures["lost_beyond"].value == sums["crossed"]
    assert f"({sums['crossed']:,.0f} more)" in ledger.headline(took)
    (burley,) = rows.index[rows["name"] == "Burley Park Children's Centre"]
    closed = comparison.compare_from_files(leeds, leeds_whole.asked.question, (CloseSite(burley),)).found.groups.iloc[0]
    on, sites, reach = leeds_whole.ground, leeds_whole.asked.sites, leeds_whole.asked.reach
    depends = depends_on(on.counted_reach(reach), on.origins, sites, minutes=15)
    assert closed["beyond_after"] - closed["beyond_before"] == depends.loc[burley, "would_cross"]
