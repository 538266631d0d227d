"""The documentation is true: what there is, is named; what is named, is there. `tests.test_docs_numbers` has the rest.

Each test looks through all pages at once and names every fault that it finds.
"""

from __future__ import annotations

import importlib
import re
import subprocess
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from data.catalogue import CATALOGUE
from docs import command_line, generate, modules
from docs.images import take
from geo import sites, siting_problem, tables
from geo.scenario import CHANGES, MOST_CHANGES
from layers.answers import new_sites
from layers.session import parameters
from settings import Settings
from tests.pages import COMMANDS, README, ROOT, TEXT, by_hand, names, paragraphs

HOSTS = {urlsplit(address).hostname for source in CATALOGUE.values() for address in (source.landing_page, source.url)} | {
    urlsplit(source.licence_url).hostname for source in CATALOGUE.values()
} | {"wiki.openstreetmap.org", "doi.org", "leafletjs.com", "localhost", "127.0.0.1"} | {"walks.example.org", "login.example.org", "mirror.example.org", "proxy.example.org"}  # fmt: skip
SETTINGS = {f"PRAMSHED_{name.upper()}" for name in Settings.model_fields}
MADE_HERE = ("data/local", "static/places")
"""Folders that are made on the machine that runs it."""


def faults(of_page, pages=TEXT):
    """What is wrong with each page, of those with which something is."""
    return {page: wrong for page in pages if (wrong := sorted(of_page(page)))}


def known_options():
    """Every long option of every command."""
    return {option for _, command in command_line.commands() for option in command_line.options_of(command)}


class TestNothingIsLeftOut:
    """What there is, is named."""

    def test_what_is_made_from_the_code_is_up_to_date(self):
        old = [name for name, text in generate.pages().items() if TEXT[f"docs/{name}"] != text]
        assert old == [], "run `make docs`"

    def test_settings(self):
        assert [name for name in SETTINGS if f"`{name}`" not in TEXT["docs/deploy.md"]] == []

    def test_every_column_has_a_meaning(self):
        contract = {name for name, value in vars(tables).items() if getattr(value, "__base__", None) is tables._Table}
        assert set(generate.TABLES) == contract
        unexplained = {name: [column for column, meaning in tables.columns(getattr(tables, name)).items() if not meaning] for name in contract}  # fmt: skip
        assert not any(unexplained.values()), unexplained

    def test_every_source_says_which_option_takes_it(self):
        build = command_line.options_of(dict(command_line.commands())["build"])
        fetched_only = {"authorities"}
        assert set(generate.GIVEN_AS) == set(CATALOGUE) - fetched_only
        assert set(generate.GIVEN_AS.values()) <= set(build)

    def test_every_option_of_build_is_explained(self):
        build = command_line.options_of(dict(command_line.commands())["build"])
        assert [option for option in build if not names(TEXT["docs/your-authority.md"], option)] == []

    def test_changes_of_a_scenario(self):
        rows = re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", by_hand("docs/command-line.md"), re.MULTILINE)
        said = {do: re.findall(r"`(\w+)`", named) for do, named in rows if do in CHANGES}
        assert said == {do: [field.name for field in fields(kind)] for do, kind in CHANGES.items()}
        assert f"{MOST_CHANGES} at most" in COMMANDS

    def test_candidates_and_aims(self):
        words = (
            *sites.COUNTING, *siting_problem.OBJECTIVES, *sites.VENUE_KINDS, new_sites.CLOSED, new_sites.VENUES,
            new_sites.JUNCTIONS, new_sites.MARKS,
        )  # fmt: skip
        assert [word for word in words if f"`{word}`" not in by_hand("docs/command-line.md")] == []

    def test_parts_of_what_a_reader_may_choose(self):
        for page in (README, TEXT["docs/dashboard.md"]):
            assert [title for title in parameters.PARTS.values() if f"*{title}*" not in paragraphs(page)] == []
        assert parameters.LAYERS["away"].lower() in TEXT["docs/methods.md"].lower()
        assert set(parameters.CANDIDATES) == {
            new_sites.CLOSED,
            *sites.VENUE_KINDS,
            new_sites.JUNCTIONS,
            new_sites.MARKS,
        }
        assert set(parameters.GOALS) == set(siting_problem.OBJECTIVES)
        assert set(parameters.COUNT_WORDS) == set(sites.COUNTING)

    def test_pages(self):
        titles = dict(re.findall(r'st\.Page\("([\w/]+\.py)", title="([^"]+)"', (ROOT / "app.py").read_text("utf-8")))
        there = {
            path.relative_to(ROOT).as_posix(): modules.first_line(path)
            for path in ROOT.glob("layers/pages/*.py")
            if path.name != "__init__.py"
        }
        assert set(titles) == set(there)
        assert [page for page, line in there.items() if not line.startswith(f"{titles[page]}: ")] == []
        assert [title for title in titles.values() if title not in TEXT["docs/dashboard.md"]] == []

    def test_modules(self):
        there = [
            path.relative_to(ROOT).as_posix()
            for folder in ("geo", "data", "layers")
            for path in ROOT.glob(f"{folder}/**/*.py")
            if path.name != "__init__.py" and "local" not in path.parts
        ]
        assert len(there) > 100
        assert [module for module in there if f"`{module}`" not in TEXT["docs/architecture.md"]] == []

    def test_what_lies_at_the_top(self):
        """What git has; a folder that somebody keeps beside the code is theirs."""
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode:
            pytest.skip("not a clone of git")
        there = {name if not rest else f"{name}/" for name, _, rest in (line.partition("/") for line in listed.stdout.splitlines())}  # fmt: skip
        assert [name for name in sorted(there) if f"`{name}" not in TEXT["docs/architecture.md"]] == []

    def test_make_targets(self):
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)[1].split()
        line = next(line for line in TEXT["docs/architecture.md"].splitlines() if line.startswith("| `Makefile` |"))
        assert set(re.findall(r"`(?:make )?([a-z]+)`", line.partition("` |")[2])) == set(targets)
        assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
        assert [target for target in set(targets) - {"run"} if f"make {target} " not in TEXT["CONTRIBUTING.md"]] == []

    def test_requirements(self):
        needed = {
            file: set(re.findall(r"^([a-z][a-z0-9-]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE))
            for file in ("requirements.in", "requirements-dev.in")
        }
        page = TEXT["docs/dependencies.md"]
        assert [name for file in needed for name in sorted(needed[file]) if f"`{name}`" not in page] == []
        rows = re.findall(r"^\| (`.*?`) \|", page, re.MULTILINE)
        explained = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
        assert explained == needed["requirements.in"]


class TestNothingIsMadeUp:
    """What is named, is there."""

    def test_files(self):
        def wrong(page):
            paths = re.findall(r"`((?:\.ci|docs|geo|data|layers|static|tests)/[\w./-]*)`", TEXT[page])
            asked = {path for path in paths if "NAME" not in path and not path.startswith(MADE_HERE)}
            return [path for path in asked if not (ROOT / path).exists()]

        assert faults(wrong, [page for page in TEXT if page != "CHANGELOG.md"]) == {}

    def test_names_of_modules_and_functions(self):
        def there(name):
            parts = name.split(".")
            for length in range(len(parts), 0, -1):
                try:
                    found = importlib.import_module(".".join(parts[:length]))
                except ImportError:
                    continue
                for part in parts[length:]:
                    found = getattr(found, part, None)
                return found is not None
            return False

        def wrong(page):
            named = re.findall(r"`((?:geo|data|layers)(?:\.\w+)+)`", TEXT[page])
            return {name for name in named if not name.endswith(".gpkg") and not there(name)}

        assert faults(wrong, [page for page in TEXT if page not in ("CHANGELOG.md", "docs/data.md")]) == {}

    def test_options(self):
        known = known_options() | {"--help"}

        def wrong(page):
            text = re.sub(r"`--\w+\.\w+[^`]*`|streamlit run[^`]*?$|npm pack.*$", "", TEXT[page], flags=re.MULTILINE)
            return set(re.findall(r"(?<![\w-])--[a-z][\w-]+", text.replace("mypy --strict", ""))) - known

        assert faults(wrong) == {}

    def test_settings(self):
        assert faults(lambda page: set(re.findall(r"PRAMSHED_[A-Z_]*[A-Z]", TEXT[page])) - SETTINGS) == {}

    def test_links_lead_somewhere(self):
        def wrong(page):
            here = (ROOT / page).parent
            for target in re.findall(r"\]\(([^)\s]+)\)", TEXT[page]):
                if "://" in target:
                    continue
                path, _, anchor = target.partition("#")
                file = (here / path).resolve() if path else ROOT / page
                if not (file.exists() and file.is_relative_to(ROOT)):
                    yield target
                elif anchor:
                    heads = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
                    if anchor not in [re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads]:
                        yield target

        assert faults(wrong) == {}

    def test_pictures_have_words(self):
        def wrong(page):
            return [file for said, file in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", TEXT[page]) if len(said) <= 20]

        assert faults(wrong) == {}

    def test_pictures_are_those_that_are_taken_and_not_large(self):
        shown = {Path(file).name for file in re.findall(r"\]\((docs/images/[\w.-]+)\)", README)}
        there = {path.name for path in (ROOT / "docs" / "images").glob("*.png")}
        assert shown == there == set(take.pictures())
        for name, (_, size) in take.pictures().items():
            path = ROOT / "docs" / "images" / name
            with Image.open(path) as picture:
                assert picture.size == size, name
            assert path.stat().st_size < 150_000, name

    def test_no_address_that_we_do_not_know(self):
        def wrong(page):
            return {urlsplit(address).hostname for address in re.findall(r"https?://[^\s)>`\"|]+", TEXT[page])} - HOSTS

        assert faults(wrong) == {}

    def test_no_path_of_one_machine(self):
        homes = {str(ROOT), str(ROOT.parent), str(Path.home())} - {"/"}
        places = "|".join([rf"{re.escape(home)}(?![\w-])" for home in sorted(homes)])

        def wrong(page):
            return re.findall(rf"{places}|(?<![\w.])/(?:home|root|tmp|mnt|Users)/", TEXT[page])

        assert faults(wrong) == {}


class TestItIsRead:
    """A page is as long as somebody reads, and in words that they use."""

    def test_length(self):
        assert len(README.splitlines()) < 200
        assert len(by_hand("docs/architecture.md").splitlines()) < 220

    def test_the_readme_begins_with_what_it_is_a_picture_and_two_commands(self):
        first = README.split("\n## ")[0]
        assert [part for part in ("](docs/images/explore.png)", "make run", "make test") if part not in first] == []
