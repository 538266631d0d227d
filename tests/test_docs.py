"""The documentation is true: what there is, is named; what is named, is there; numbers are what the code answers."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer

import cli
from data.catalogue import CATALOGUE
from data.place import SAMPLE, Place
from data.sites import CONTEXT_M
from docs import generate
from geo import network, profiles, tables
from geo.gaps import headline
from layers.question import Question, answer
from settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FIRST_SCREEN = README.split("\n## ")[0]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "static" / "README.md", *ROOT.glob("data/sample/*/README.md")]
)
TEXT = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in PAGES}
DAY = date(2026, 1, 30)

HOSTS = {urlsplit(address).hostname for source in CATALOGUE.values() for address in (source.landing_page, source.url)} | {
    urlsplit(source.licence_url).hostname for source in CATALOGUE.values()
} | {"wiki.openstreetmap.org", "doi.org", "leafletjs.com", "localhost"}  # fmt: skip


def commands():
    """Every command with its options, as typer has them."""
    return [
        (name, [option for parameter in command.params for option in parameter.opts if option.startswith("--")])
        for name, command in typer.main.get_command(cli.app).commands.items()
    ]


def names(text, word):
    """Whether a text has the word, not merely a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def paragraphs(text):
    """A text with its line breaks and bold marks gone, so that a phrase is found wherever it was broken."""
    return " ".join(text.replace("**", "").split())


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


def within(found):
    """How many homes with street data are within the threshold, of how many."""
    known = found.reach["reached"] != "off_network"
    near = int((found.reach["minutes"] <= found.question.minutes).sum())
    return f"{near:,} of {known.sum():,}", f"{near / known.sum():.1%}"


class TestNothingIsLeftOut:
    """What there is, is named."""

    @pytest.mark.parametrize(("command", "options"), commands())
    def test_commands_and_options(self, command, options):
        everything = "\n".join(TEXT.values())
        assert f"cli.py {command}" in everything
        assert [option for option in options if not names(everything, option)] == []

    def test_settings(self):
        deploy = TEXT["docs/deploy.md"]
        assert [name for name in Settings.model_fields if f"`PRAMSHED_{name.upper()}`" not in deploy] == []

    def test_sources(self):
        assert [key for key in CATALOGUE if f"- key: `{key}`" not in TEXT["docs/data.md"]] == []

    @pytest.mark.parametrize("table", ["Areas", "Origins", "Sites", "Reach", "Gaps"])
    def test_columns(self, table):
        section = TEXT["docs/data.md"].split(f"### {table}\n")[1].split("\n### ")[0]
        columns = tables.columns(getattr(tables, table))
        assert [name for name, meaning in columns.items() if f"| `{name}` |" not in section or not meaning] == []

    def test_pages(self):
        titles = re.findall(r'st\.Page\("([\w/]+\.py)", title="([^"]+)"', (ROOT / "app.py").read_text("utf-8"))
        assert {path for path, _ in titles} == {
            path.relative_to(ROOT).as_posix() for path in ROOT.glob("layers/pages/*.py") if path.name != "__init__.py"
        }
        architecture = TEXT["docs/architecture.md"]
        assert [path for path, title in titles if f"| `{path}` | the page **{title}** |" not in architecture] == []

    def test_modules(self):
        modules = [
            path.relative_to(ROOT).as_posix()
            for folder in ("geo", "data", "layers")
            for path in ROOT.glob(f"{folder}/**/*.py")
            if path.name not in ("__init__.py", "recipe.py") and "local" not in path.parts
        ]
        assert len(modules) > 30
        assert [module for module in modules if f"`{module}`" not in TEXT["docs/architecture.md"]] == []

    def test_what_lies_at_the_top(self):
        ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines() if line]
        there = [
            f"{path.name}/" if path.is_dir() else path.name
            for path in ROOT.iterdir()
            if path.name != ".git" and not any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored)
        ]
        assert [name for name in there if f"`{name}" not in TEXT["docs/architecture.md"]] == []

    def test_make_targets(self):
        targets = re.search(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split()
        line = next(line for line in TEXT["docs/architecture.md"].splitlines() if line.startswith("| `Makefile` |"))
        assert [target for target in targets if not re.search(rf"\b{target}`", line)] == []
        assert all(
            re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE) for target in targets
        )


class TestNothingIsMadeUp:
    """What is named, is there."""

    @pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md", "docs/deploy.md"])
    def test_files(self, page):
        # data/local and static/places are made on the machine that runs it
        written = re.findall(r"`((?:\.ci|docs|geo|data|layers|static|tests)/[\w./-]*)`", TEXT[page])
        made = ("data/local", "static/places")
        unknown = {name for name in written if "NAME" not in name and not name.startswith(made)}
        assert [name for name in sorted(unknown) if not (ROOT / name).exists()] == []

    @pytest.mark.parametrize("page", TEXT)
    def test_options(self, page):
        known = {option for _, options in commands() for option in options} | {"--help"}
        text = re.sub(r"`--\w+\.\w+[^`]*`|streamlit run[^`]*?$|npm pack.*$", "", TEXT[page], flags=re.MULTILINE)
        text = text.replace("mypy --strict", "")
        assert set(re.findall(r"(?<![\w-])--[a-z][\w-]+", text)) - known == set()

    @pytest.mark.parametrize("page", TEXT)
    def test_settings(self, page):
        known = {f"PRAMSHED_{name.upper()}" for name in Settings.model_fields}
        assert set(re.findall(r"PRAMSHED_[A-Z_]*[A-Z]", TEXT[page])) <= known

    @pytest.mark.parametrize("page", TEXT)
    def test_links_lead_somewhere(self, page):
        here = (ROOT / page).parent
        for target in re.findall(r"\]\(([^)\s]+)\)", TEXT[page]):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            file = (here / path).resolve() if path else ROOT / page
            assert file.exists(), target
            assert file.is_relative_to(ROOT), target
            if anchor:
                heads = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
                slugs = [re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads]
                assert anchor in slugs, target

    @pytest.mark.parametrize("page", TEXT)
    def test_pictures_have_words(self, page):
        for words, _ in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", TEXT[page]):
            assert len(words) > 20

    @pytest.mark.parametrize("page", TEXT)
    def test_no_address_that_we_do_not_know(self, page):
        addresses = re.findall(r"https?://[^\s)>`\"|]+", TEXT[page])
        assert {urlsplit(address).hostname for address in addresses} - HOSTS == set()

    @pytest.mark.parametrize("page", TEXT)
    def test_no_path_of_one_machine(self, page):
        homes = {str(ROOT), str(ROOT.parent), str(Path.home())} - {"/"}
        assert not any(re.search(rf"{re.escape(home)}(?![\w-])", TEXT[page]) for home in homes)
        assert not re.search(r"(?<![\w.])/(?:home|root|tmp|mnt|Users)/", TEXT[page])


class TestData:
    """docs/data.md."""

    def test_it_is_up_to_date(self):
        assert TEXT["docs/data.md"] == generate.page(), "run `make docs`"

    def test_every_source_says_which_option_takes_it(self):
        build = dict(commands())["build"]
        assert set(generate.GIVEN_AS) == set(CATALOGUE)
        assert set(generate.GIVEN_AS.values()) <= set(build)

    def test_every_table_is_there(self):
        contract = {name for name, value in vars(tables).items() if getattr(value, "__base__", None) is tables._Table}
        assert set(generate.TABLES) == contract


class TestReadme:
    """The first screen's numbers, and the snippet for notebooks."""

    def test_numbers(self, asked):
        said = paragraphs(FIRST_SCREEN)
        found = asked()
        gaps, areas, sites = found.gaps, found.ground.areas, found.sites
        far = gaps["access_class"] == "far"
        (near, share), adult, play = within(found), within(asked(profile="adult")), within(asked(to="play"))
        full = within(asked(statuses=("open",)))
        first = gaps["gap_rank"].idxmin()
        assert f"In {far.sum()} of {len(areas)} neighbourhoods most families with a pram" in said
        assert f"{areas['under5'][far].sum():,.0f} of {areas['under5'].sum():,.0f} under-fives live in those" in said
        assert f"{near} live postcodes with street data ({share})" in said
        assert f"from {adult[0]} ({adult[1]})" in said
        assert f"{full[0]} ({full[1]}) would" in said
        assert f"within 15 minutes of {play[0]} ({play[1]})" in said
        counts = sites["status"].value_counts()
        assert f"only the {counts['open']} full centres counted and not the {counts['linked']} linked sites" in said
        assert f"{areas['area_name'][first]} in {areas['ward_name'][first]}" in said
        assert gaps["under5_beyond"][first] == areas["under5"][first]
        assert f": {areas['under5'][first]:.0f} under-fives, all of them beyond" in said
        assert f"walk about {gaps['minutes_median'][first]:.0f} minutes or more" in said

    def test_the_screenshot_and_the_two_commands_come_first(self):
        assert "](docs/images/explore.png)" in FIRST_SCREEN
        assert "make run" in FIRST_SCREEN
        assert "make test" in FIRST_SCREEN

    def test_printed_output(self, asked):
        found = asked()
        assert f"    {headline(found.gaps, found.ground.areas, walk=found.question.walk)}\n" in README

    def test_notebook(self, capsys, monkeypatch, asked):
        (snippet,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
        assert len(re.findall(r"^(?:from|import) ", snippet, re.MULTILINE)) == 3
        monkeypatch.setattr("data.place.find_place", lambda name: Place.open(SAMPLE / name.replace("-", "_")))
        *lines, last = snippet.rstrip().splitlines()
        known = {}
        exec("\n".join(lines), known)
        found = asked()
        assert capsys.readouterr().out.strip() == headline(found.gaps, found.ground.areas, walk=found.question.walk)
        shown = eval(last, known)
        assert len(shown) == 5
        assert list(shown.columns) == ["area_name", "under5_beyond", "reason"]

    def test_versions(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        newest = re.search(r"^## (\S+)", TEXT["CHANGELOG.md"], re.MULTILINE)[1]
        assert newest == project["version"]
        assert project["requires-python"] == ">=3.11"
        assert "Python 3.11 or later" in README


class TestMethods:
    """docs/methods.md: the page that the app shows, and the rules as the code has them."""

    text = TEXT["docs/methods.md"]

    def test_the_app_can_show_it(self):
        assert self.text.startswith("### ")
        assert not re.search(r"^#{1,2} ", self.text, re.MULTILINE)
        assert not re.search(r"<[a-zA-Z/!]", self.text)
        assert "![" not in self.text
        assert all(target.startswith("https://") for target in re.findall(r"\]\(([^)]+)\)", self.text))
        assert "$" not in self.text  # Streamlit would read a formula between two of them
        assert len(self.text.splitlines()) < 250

    @pytest.mark.parametrize(
        "values",
        [
            "_FOOT_CLOSED", "_ACCESS_CLOSED", "_RAMP_TAGS", "_PRAM_IMPASSABLE", "_PRAM_SLOW_SURFACES",
            "_PRAM_SLOW_TRACKS", "_PRAM_BARRIERS",
        ],
    )  # fmt: skip
    def test_every_value_of_the_rules_is_named(self, values):
        assert [value for value in getattr(profiles, values) if not names(self.text, value)] == []

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
        assert f"| {first['need_score']:.1f} |" in said
        gap = first["under5_beyond"] * first["need_score"] / 100
        assert f"{first['under5_beyond']:.0f} x {first['need_score'] / 100:.3f} = {gap:.0f} puts" in said
        after = second["under5_beyond"] * second["need_score"] / 100
        assert (
            f"{second['under5_beyond']:.1f} children beyond and need {second['need_score']:.1f}, so {after:.0f}" in said
        )

    def test_share_within_reach(self, asked):
        said = paragraphs(self.text)
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
