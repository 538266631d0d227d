"""The numbers of the documentation are what the code answers, and what it prints is what the commands print."""

from __future__ import annotations

import io
import json
import math
import re
import shlex
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import pandas as pd
import pytest

import cli
from data.build.sites import CONTEXT_M
from data.place import SAMPLE, Place
from data.sources import hubs
from docs import generate
from docs.images import take
from geo import network, opportunity, profiles, sites, siting_problem, tables, thresholds
from geo.groups import GROUPINGS
from geo.sensitivity import robustness
from geo.shapley import Chains, Worth
from layers import cache
from layers.answers import barriers, comparison, cut_off, how_sure, ledger, new_sites, pram_penalty
from layers.answers.question import Question, answer
from layers.files.scenarios import from_dict, to_link
from layers.maps import geometry
from layers.session import parameters
from tests.layers.island_streets import StreetsOnce
from tests.pages import COMMANDS, DAY, README, ROOT, TEXT, names, paragraphs, written

SAID = paragraphs(README)


@pytest.fixture(scope="module", autouse=True)
def _streets_once(tmp_path_factory):
    """The island's streets are read, and its homes joined to them, once for all answers."""
    with pytest.MonkeyPatch.context() as patch:
        StreetsOnce(tmp_path_factory.mktemp("drawn")).patch(patch)
        yield


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def asked(island):
    """The bundled place's answers, each worked out once."""
    known = {}

    def ask(**question):
        key = tuple(sorted(question.items()))
        if key not in known:
            known[key] = answer(island, Question(day=DAY, **question))
        return known[key]

    return ask


@pytest.fixture(scope="module")
def lost(island, asked):
    """The bundled place's closure ledger."""
    counting = ledger.settled(island.centres(), None)
    return ledger.answer_ledger(island, asked().ground, ledger.LedgerQuestion(day=DAY, counting=counting))


def printed():
    """The commands that are shown with their output, each with its lines; ``...`` stands for more of them."""
    shown = []
    for line in COMMANDS.splitlines():
        if line.startswith("    $ .venv/bin/python cli.py "):
            shown.append((line.split("cli.py ", 1)[1], []))
        elif shown and line.startswith("    ") and shown[-1] is not None:
            shown[-1][1].append(line.strip())
        else:
            shown.append(None)
    return [one for one in shown if one]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What each of those commands says, and the columns of the file that it writes; each is run once."""
    folder = tmp_path_factory.mktemp("commands")
    (folder / "shanklin.json").write_text(written(), encoding="utf-8")
    known = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PRAMSHED_PLACES", str(folder / "nowhere"))
        for command, _ in printed():
            words = shlex.split(command)
            patch.setattr(sys, "argv", ["cli.py", *words])
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
                cli.main()
            assert not end.value.code, command
            known[words[0]] = (out.getvalue(), err.getvalue(), list(pd.read_csv(folder / words[-1]).columns))
    return known


def within(found):
    """How many homes with street data are within the threshold, of how many."""
    known = found.reach["reached"] != "off_network"
    near = int((found.reach["minutes"] <= found.question.minutes).sum())
    return f"{near:,} of {known.sum():,}", f"{near / known.sum():.1%}"


def share(part, whole):
    """As a sentence says it: so many of so many, and what part that is."""
    return f"{part:,.0f} of {whole:,.0f}", f"{part / whole:.0%}"


class TestReadme:
    """What the README says of the bundled place."""

    def test_who_can_walk(self, asked, lost):
        gaps = asked().gaps
        known = lost.ledger.together["base"]
        number, part = share(gaps["under5_beyond"].sum(), known)
        assert f"{number} under-fives ({part}) live more than 15 minutes' walk, with a pram, from a" in SAID
        sure = robustness(
            asked().ground.areas, asked().ground.origins, asked().reach, walk=asked().question.walk,
            profile_speed_kmh=asked().question.walker.speed_kmh,
        )  # fmt: skip
        least, most = sure.grid["under5_beyond"].min(), sure.grid["under5_beyond"].max()
        assert f"between {least:,.0f} and {most:,.0f} of the {known:,.0f} under-fives live too far away" in SAID
        one, two, three = sorted({f"{limit:g}" for _, limit in sure.grid.index}, key=float)
        assert f"whether {one}, {two} or {three} minutes are acceptable" in SAID

    def test_what_was_lost(self, lost, island):
        rows, sums = lost.ledger.closures, lost.ledger.together
        number, part = share(sums["beyond_after"], sums["base"])
        assert set(rows["event"]) == {"downgraded"}
        assert {f"{day:%-d %B %Y}" for day in rows["event_day"]} == {"7 March 2016"}
        assert (
            f"{number} ({part}) live more than 15 minutes from a *full* centre, up from {sums['beyond_before']:,.0f} "
            f"before 7 March 2016. On that day {len(rows)} of the {len(lost.lost.left) + len(rows)} full centres became "
            "linked sites" in SAID
        )
        first, cowes = rows.iloc[0], rows.loc["20841"]
        assert first["name"] == "East Newport Children's Centre"
        assert first["share_crossed"] == rows["share_crossed"].max()
        assert f"East Newport accounts for most: {first['share_crossed']:.0f} under-fives" in SAID
        assert f"Cowes was the nearest full centre of {cowes['under5']:.0f}; half of them now walk over an hour" in SAID
        assert cowes["extra_minutes_median"] > 60
        assert set(island.centres()["status"]) == {"open", "linked"}

    def test_where_one_would_help(self, island):
        question = Question(day=DAY)
        kinds = ",".join(parameters.PARAMETERS["from"].default)
        ways = {"k": 3, "objective": "cover", "candidates": kinds, "time_limit_s": 20}
        found = new_sites.answer_siting(island, question, **ways)
        table = new_sites.siting_table(found)
        assert found.plan.proved
        one, two, three = table["name"]
        assert f"3 more sites would bring {table['within'].iloc[2]:.0f} under-fives within 15 minutes" in SAID
        assert f": {one} in Newport, {two} and {three}." in SAID
        assert f"No other 3 of the {len(found.candidates)} places checked do better (proved)." in SAID
        back = new_sites.answer_siting(
            island, Question(day=DAY, counting="full"), **ways | {"k": 2, "candidates": new_sites.CLOSED}
        )
        assert back.plan.proved
        assert len(back.candidates) == 5
        table = new_sites.siting_table(back)
        first, second = (name.removesuffix(" Children's Centre") for name in table["name"])
        assert f"Making {first} and {second} full centres again would give most back" in SAID
        assert f": {table['within'].iloc[1]:.0f} under-fives." in SAID

    def test_what_if(self, island):
        scenario = from_dict(json.loads(written()), "README")
        scenario.require_place(place=island.card.key, fingerprint=island.card.fingerprint)
        groups = comparison.compare_from_files(island, Question(day=DAY), scenario.changes).found.groups
        change = groups["beyond_after"].round() - groups["beyond_before"].round()
        poorest = change[("deprivation", GROUPINGS["deprivation"][0])]
        assert f"would leave {-change.iloc[0]:.0f} fewer under-fives beyond 15 minutes" in SAID
        assert f"but {poorest:.0f} more in neighbourhoods among the most deprived fifth of England" in SAID
        link = to_link(scenario.changes)
        assert f"changes={link[: link.index('Shanklin')]}" in COMMANDS
        assert f"for={island.card.fingerprint}" in COMMANDS
        assert scenario.changes == take.CHANGES

    def test_versions(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        newest = re.search(r"^## (\S+)", TEXT["CHANGELOG.md"], re.MULTILINE)[1]
        assert newest == project["version"]
        least = project["requires-python"].removeprefix(">=")
        assert [page for page in ("README.md", "CONTRIBUTING.md", "docs/deploy.md") if f"Python {least} to 3." not in TEXT[page]] == []  # fmt: skip


class TestCommandLine:
    """docs/command-line.md: what the commands print, and docs/data.md: the columns of their files."""

    def test_every_question_is_shown(self):
        questions = ["gaps", "route", "catchment", "closures", "scenario", "site"]
        assert [command.split()[0] for command, _ in printed()] == questions

    def test_what_is_printed(self, ran):
        for command, lines in printed():
            out, err, _ = ran[command.split()[0]]
            whole = lines[-1] != "..."
            shown = lines if whole else lines[:-1]
            assert out == "", command
            assert err.splitlines()[: None if whole else len(shown)] == shown, command

    def test_columns_of_files(self, ran):
        columns_of = {command: found[2] for command, found in ran.items()} | {
            "barriers": ["rank", *barriers.COLUMNS], "barriers --lines": ["area_code", *cut_off.COLUMNS[:-1]],
            "barriers --penalty": ["area_code", *pram_penalty.COLUMNS],
            "sensitivity": [*how_sure.COLUMNS["areas"]],
            **{f"sensitivity --of {of}": [*how_sure.COLUMNS[of]] for of in ("variants", "boundaries")},
        }  # fmt: skip
        for command, columns in generate.FILES.items():
            assert columns_of[command] == list(columns), command
        assert set(ran["closures"][2]) - set(tables.columns(tables.Closures)) == {"said", "goes_to_name"}
        assert all(f"`{name}`" in TEXT["docs/data.md"] for name in ("said", "goes_to_name"))


class TestMethods:
    """docs/methods.md: the page that the app shows, and the rules as the code has them."""

    text = TEXT["docs/methods.md"]

    def test_the_app_can_show_it(self):
        assert cache.places.walk_rules().startswith("### The numbers on one page")
        assert not re.search(r"^#{1,2} ", cache.places.walk_rules(), re.MULTILINE)
        assert not re.search(r"<[a-zA-Z/!]", self.text)
        assert "![" not in self.text
        assert all(target.startswith("https://") for target in re.findall(r"\]\(([^)]+)\)", self.text))
        assert "$" not in self.text  # Streamlit would read a formula between two of them

    def test_every_value_of_the_rules_is_named(self):
        rules = (
            "_FOOT_CLOSED", "ACCESS_CLOSED", "RAMP_TAGS", "_PRAM_IMPASSABLE", "_PRAM_SLOW_SURFACES",
            "_PRAM_SLOW_TRACKS", "_PRAM_BARRIERS",
        )  # fmt: skip
        values = [(rule, value) for rule in rules for value in getattr(profiles, rule)]
        assert len(values) > 20
        assert [(rule, value) for rule, value in values if not names(self.text, value)] == []

    def test_every_kind_of_street_is_named(self):
        kinds = {kind.removesuffix("_link") for kind in profiles.WALKABLE_HIGHWAYS}
        assert [kind for kind in kinds if not names(self.text, kind)] == []

    def test_parameters(self):
        said = paragraphs(self.text)
        for profile in profiles.PROFILES.values():
            assert f"(`{profile.key}`) | {profile.speed_kmh} km/h" in said
        assert f"at most {network.SNAP_LIMIT_M:.0f} m away" in said
        assert f"less than {network.PART_LIMIT_M / 1000:.0f} km of way" in said
        assert f"within {network.AREA_REACH_M:.0f} m of their outline" in said
        assert f"at least {CONTEXT_M / 1000:.0f} km beyond the authority" in said
        for each in thresholds.NAMED.values():
            walkers = (profiles.BUGGY, profiles.ADULT, profiles.TODDLER)
            assert f"| {each.name} | {' | '.join(f'{each.minutes_for(one):g}' for one in walkers)} |" in said

    def test_worked_example(self, asked):
        found = asked()
        table = found.gaps.join(found.ground.areas).sort_values("gap_rank")
        (_, first), (_, second) = table.head(2).iterrows()
        said = paragraphs(self.text)
        assert first["area_name"] in said
        assert f"rank {first['imd_rank']:,.0f} in England" in said
        assert f"rank {first['idaci_rank']:,.0f}:" in said
        share = first["born_outside_uk"] / first["residents"]
        fewer = int((table["born_outside_uk"] / table["residents"] < share).sum())
        assert f"{first['born_outside_uk']:,.0f} of {first['residents']:,.0f} residents, {share:.1%}" in said
        assert f"{fewer} areas have less | {fewer} / {len(table) - 1} x 100 = {first['need_abroad']:.1f}" in said
        assert [first["need_imd"], first["need_idaci"], first["need_under5"]] == [100, 100, 100]
        fewer = int((table["arrived_2y_share"] < first["arrived_2y_share"]).sum())
        assert (
            f"{first['arrived_2y_share']:.1%} who came within 2 years ({fewer} of the {len(table) - 1} others" in said
        )
        assert f"standing about {first['need_arrived2']:.0f}), {first['arrived_5y_share']:.1%} within 5" in said
        assert (
            f"{first['little_english_share']:.1%} with little English and {first['no_adult_english_share']:.1%}" in said
        )
        assert table["little_english_share"].median() < 0.002
        assert f"| {first['need_score']:.1f} |" in said
        gap = first["under5_beyond"] * first["need_score"] / 100
        assert f"{first['under5_beyond']:.0f} x {first['need_score'] / 100:.3f} = {gap:.0f} puts" in said
        after = second["under5_beyond"] * second["need_score"] / 100
        assert (
            f"{second['under5_beyond']:.1f} children beyond and need {second['need_score']:.1f}, so {after:.0f}" in said
        )

    def test_parameters_of_losses_and_new_sites(self):
        said = paragraphs(self.text)
        asked = opportunity.junction_candidates.__kwdefaults__
        assert (
            f"the {asked['most']} junctions with the largest opportunity that are {asked['apart_m']:.0f} m apart"
            in said
        )
        assert f"no more than {hubs.SAME_DOOR_M:.0f} m away" in said
        limits = {name: parameter for name, parameter in cli.site.__kwdefaults__.items() if name == "seconds"}
        assert f"stops after {cache.new_sites.SITING_SECONDS:.0f} seconds for each number of sites in the app" in said
        assert f"{limits['seconds']} on the command line" in said
        assert f"{siting_problem.MIDDLE_NEED:.0f} where that is not known" in said
        for words in (*siting_problem.OBJECTIVES, *sites.COUNTING):
            assert f"`{words}`" in self.text
        assert f"newest {geometry.MOST_GAINS}" in paragraphs(TEXT["docs/design-notes.md"])
        assert f"newest {geometry.MOST_GAINS}" in paragraphs(TEXT["docs/deploy.md"])

    def test_worked_example_of_shares(self):
        """A family 5 minutes from A, 8 from B and 20 from C; A and B have gone."""
        said = paragraphs(self.text)
        a, b, c = (
            int(found) for found in re.search(r"(\d+) minutes from A, (\d+) from B and (\d+) from C", said).groups()
        )
        chain = Chains.of([np.array([a]), np.array([b])], np.array([c]))
        minutes = Worth(chain.cost.astype(float), np.ones(1))
        shares, alone, reopened = (way(minutes) for way in (chain.shares, chain.alone, chain.reopened))
        assert f"| {chain.joint(minutes):.0f} | {shares[0]:.0f} | {shares[1]:.0f} |" in said
        assert f"| from A to B | A has gone | {b - a} | {b - a} | 0 |" in said
        half = f"{(c - b) / 2:.0f}"
        assert f"| from B to C | A and B have gone | {c - b} | {half} | {half} |" in said
        assert alone.tolist() == [b - a, 0]
        assert f"Alone, A took {alone[0]:.0f} minutes and B none" in said
        assert f"reopening A gives back {reopened[0]:.0f}, reopening B {reopened[1]:.0f}" in said
        assert (
            f"{chain.joint(minutes):.0f} - {alone[0]:.0f} - {alone[1]:.0f} = {chain.pairs(minutes)[0, 1]:.0f}" in said
        )
        crossed = Worth((chain.cost > 15).astype(float), np.ones(1))
        assert (chain.alone(crossed) == 0).all()
        assert (chain.shares(crossed) == 0.5).all()
        assert f"Fifteen closures have {math.factorial(15):,} orders" in said

    def test_loss_of_the_bundled_place(self, lost):
        said = paragraphs(self.text)
        row = lost.ledger.closures.loc["21031"]
        alone, reopened, share = (row[f"{way}_minutes"] / 60 for way in ("alone", "reopened", "share"))
        assert f"took {alone:.0f} hours alone, reopening it would give back {reopened:.0f}" in said
        assert f"its share is {share:.0f}." in said

    def test_homes_that_sums_are_made_of(self, lost, asked):
        whole = asked().ground.areas["under5"].sum()
        assert f"{lost.ledger.together['base']:,.0f} of the {whole:,.0f} under-fives" in paragraphs(self.text)

    def test_share_within_reach(self, asked, lost):
        said = paragraphs(self.text)
        number, part = share(asked().gaps["under5_beyond"].sum(), lost.ledger.together["base"])
        assert f'"{number} under-fives ({part})" counts' in said
        shares = within(asked())[1], within(asked(profile="adult"))[1]
        assert f"The bundled place, with fewer postcodes, gives {shares[0]} and {shares[1]}." in said


class TestSample:
    """data/sample/isle_of_wight/README.md."""

    text = TEXT["data/sample/isle_of_wight/README.md"]

    def test_counts(self, island):
        counts = island.card.counts
        for what in (
            f"{counts['street_segments']:,} street segments", f"{counts['play_spaces']} public playgrounds",
            f"{counts['areas']} LSOAs", f"{counts['homes']:,} live postcodes", f"{counts['centres']} children's centres",
            f"{counts['homes_off_the_streets']} postcodes are more than 250 m",
        ):  # fmt: skip
            assert what in paragraphs(self.text)

    def test_centres(self, island):
        rows = [line for line in self.text.splitlines() if re.match(r"\| \d{5} \|", line)]
        cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
        kinds = {"full centre": "open", "linked site": "linked"}
        said = {number: (name, kinds[kind], opened, postcode) for number, name, kind, opened, _, postcode in cells}
        centres = island.centres()
        assert said == {
            number: (row.name, row.status, f"{row.opened.day} {row.opened:%B %Y}", row.postcode)
            for number, row in zip(centres.index, centres.itertuples(index=False, name="Centre"), strict=True)
        }
        linked = centres["linked_since"].dropna()
        assert set(linked.dt.strftime("%-d %B %Y")) == {"7 March 2016"}
        assert "7 March 2016" in self.text

    def test_credits(self, island):
        said = paragraphs(self.text).replace("[", "").replace("]", " ")
        missing = [line for line in island.card.attributions if line.split(": openstreetmap")[0] not in said]
        assert missing == []

    def test_every_file_is_named(self):
        made = [path.name for path in (SAMPLE / "isle_of_wight").iterdir() if path.is_file()]
        assert [name for name in made if name != "README.md" and name not in self.text] == []
