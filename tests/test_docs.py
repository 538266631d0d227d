"""The documentation is true: what there is, is named; what is named, is there. `tests.test_docs_numbers` has the rest."""

from __future__ import annotations

import fnmatch
import io
import re
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
import typer
from PIL import Image

import cli
from data.catalogue import CATALOGUE
from docs import generate
from docs.images import take
from geo import sites, siting_problem, tables
from geo.scenario import CHANGES, MOST_CHANGES
from layers.answers import new_sites
from layers.session import parameters
from settings import Settings
from tests.pages import README, ROOT, TEXT, names, paragraphs, written

HOSTS = {urlsplit(address).hostname for source in CATALOGUE.values() for address in (source.landing_page, source.url)} | {
    urlsplit(source.licence_url).hostname for source in CATALOGUE.values()
} | {"wiki.openstreetmap.org", "doi.org", "leafletjs.com", "localhost", "127.0.0.1"} | {"walks.example.org", "login.example.org"}  # fmt: skip


def commands():
    """Every command with its options, as typer has them; those of a group of commands by their full names."""
    return list(options_of(typer.main.get_command(cli.app).commands))


def options_of(known, before=""):
    """The same for some commands, by name."""
    for name, command in known.items():
        if hasattr(command, "commands"):
            yield from options_of(command.commands, f"{before}{name} ")
        else:
            every = [option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)]
            yield f"{before}{name}", [option for option in every if option.startswith("--")]


class TestNothingIsLeftOut:
    """What there is, is named."""

    methods = TEXT["docs/methods.md"].lower()

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

    @pytest.mark.parametrize("table", list(generate.TABLES))
    def test_columns(self, table):
        section = TEXT["docs/data.md"].split(f"### {table}\n")[1].split("\n### ")[0]
        columns = tables.columns(getattr(tables, table))
        assert [name for name, meaning in columns.items() if f"| `{name}` |" not in section or not meaning] == []

    @pytest.mark.parametrize("command", ["closures", "scenario", "site"])
    def test_columns_of_files(self, command, run, tmp_path):
        (tmp_path / "shanklin.json").write_text(written(), encoding="utf-8")
        words = {"scenario": [tmp_path / "shanklin.json"]}.get(command, [])
        _, out, _ = run(command, "isle-of-wight", *words)
        there = list(pd.read_csv(io.StringIO(out)).columns)
        if command == "closures":
            assert set(there) - set(tables.columns(tables.Closures)) == {"said", "goes_to_name"}
            assert all(f"`{name}`" in TEXT["docs/data.md"] for name in ("said", "goes_to_name"))
        else:
            assert there == list(generate.FILES[command])

    def test_changes_of_a_scenario(self):
        rows = re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", README, re.MULTILINE)
        said = {do: re.findall(r"`(\w+)`", names) for do, names in rows}
        assert said == {do: [field.name for field in fields(kind)] for do, kind in CHANGES.items()}
        assert f"{MOST_CHANGES} at most" in README

    def test_candidates_and_aims(self):
        for word in (
            *sites.COUNTING,
            *siting_problem.OBJECTIVES,
            new_sites.CLOSED,
            new_sites.VENUES,
            new_sites.JUNCTIONS,
            new_sites.MARKS,
        ):
            assert f"`{word}`" in README
        assert [kind for kind in sites.VENUE_KINDS if f"`{kind}`" not in README] == []

    def test_parts_of_what_a_reader_may_choose(self):
        assert [title for title in parameters.PARTS.values() if f"*{title}*" not in paragraphs(README)] == []
        assert parameters.LAYERS["away"].lower() in self.methods
        assert set(parameters.CANDIDATES) == {
            new_sites.CLOSED,
            *sites.VENUE_KINDS,
            new_sites.JUNCTIONS,
            new_sites.MARKS,
        }
        assert set(parameters.GOALS) == set(siting_problem.OBJECTIVES)
        assert set(parameters.COUNT_WORDS) == set(sites.COUNTING)

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

    def test_pictures_are_those_that_are_taken_and_not_large(self):
        shown = {Path(file).name for file in re.findall(r"\]\((docs/images/[\w.-]+)\)", README)}
        there = {path.name for path in (ROOT / "docs" / "images").glob("*.png")}
        assert shown == there == set(take.pictures())
        for name, (_, size) in take.pictures().items():
            path = ROOT / "docs" / "images" / name
            with Image.open(path) as picture:
                assert picture.size == size
            assert path.stat().st_size < 150_000

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
        assert "Venues" in generate.TABLES
        assert "Closures" in generate.TABLES
