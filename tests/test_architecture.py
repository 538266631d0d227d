"""The house: who may know whom, and where each kind of thing is kept. Read from the source once, nothing is run."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOORS = ("app.py", "cli.py")
FOLDERS = ("layers", "data", "geo")
"""From left to right: each knows itself and what stands to its right."""

ROOMS = (
    ("html", "i18n"),
    ("answers",),
    ("files", "maps", "server"),
    ("reports", "session"),
    ("cache", "commands"),
    ("views", "marking"),
    ("moderation",),
    ("pages",),
)
"""The rooms of ``layers/``, from the ground up: each knows itself and what lies below it."""

DEPLOYMENT = ("layers/cache/deployment.py", "layers/commands/deployment.py")
"""What knows the settings: for the pages, and for the commands."""

NO_STREAMLIT = {"html", "i18n", "answers", "files", "reports", "commands"}
OF_GEO_FOR_DATA = {"geo.tables", "geo.crs", "geo.errors", "geo.network", "geo.sites"}
"""What ``data/`` uses of ``geo/``: the contract; sites for the words that tables use."""

LINES = {"layers/pages/": 120, "app.py": 80, "": 400}
NAMED = {"PIL": "pillow", "streamlit_folium": "streamlit-folium", "pydantic_settings": "pydantic-settings", "argon2": "argon2-cffi"} | {"branca": "folium", "google": "protobuf", "pydantic": "pydantic-settings"}  # fmt: skip
"""What is required for a library that is imported by another name, or that another one is made of."""

NOT_A_NAME = {"utils", "util", "common", "helpers", "helper", "misc", "lib"}
REGISTRIES = tuple(words.replace(" ", ".") for words in ("pypi org", "pythonhosted org", "npmjs org", "npmjs com", "yarnpkg com", "anaconda org", "proxy golang org", "rubygems org", "crates io", "unpkg com", "jsdelivr net", "cdnjs cloudflare com"))  # fmt: skip


@cache
def ours() -> tuple[Path, ...]:
    """The files that are tracked, those of others in ``static/leaflet/`` apart; all but hidden ones without git."""
    asked = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if asked.returncode == 0:
        found = [ROOT / name for name in asked.stdout.decode().split("\0") if name]
    else:
        ignored = {".venv", "local", "places", "__pycache__"}
        found = [path for path in ROOT.rglob("*") if not ignored & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file() and "leaflet" not in path.parts))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def texts(*endings: str) -> dict[str, str]:
    """What our files of those kinds say, by name."""
    return {name_of(path): path.read_text("utf-8") for path in ours() if path.suffix in endings}


@cache
def program() -> dict[str, ast.Module]:
    """Our modules apart from the tests, read once, by name."""
    return {name: ast.parse(text, name) for name, text in texts(".py").items() if not name.startswith("tests/")}


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """All that one of them is made of."""
    return tuple(ast.walk(program()[name]))


@cache
def modules() -> dict[str, str]:
    """The file of each of our modules."""
    return {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name
        for name in texts(".py")
        if not name.startswith("tests/")
    }


@cache
def imports(name: str) -> frozenset[str]:
    """Every module that a file imports, at the top or within a function; of a package, the module that is meant."""
    found = set()
    for node in nodes(name):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are written in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in modules() else node.module or "")
    return frozenset(found)


@cache
def attributes(name: str) -> frozenset[str]:
    """Every ``st.something``, whatever Streamlit is called in the file."""
    called = {
        alias.asname or alias.name
        for node in nodes(name)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "streamlit"
    }
    found = {
        node.attr
        for node in nodes(name)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in called
    }
    return frozenset(found | {known.removeprefix("streamlit.") for known in imports(name) if "streamlit." in known})


def top(module: str) -> str:
    return module.split(".", 1)[0]


def room(name: str) -> str:
    """The room of ``layers/`` that a file or a module is in."""
    return re.sub(r"^layers[/.]", "", name).replace("/", ".").split(".", 1)[0].removesuffix(".py")


def in_layers() -> list[str]:
    return [name for name in program() if name.startswith("layers/") and name != "layers/__init__.py"]


def test_there_is_something_to_read():
    assert set(program()) >= {*DOORS, "settings.py", "geo/access.py", "layers/pages/explore.py"}
    assert "streamlit" in imports("app.py")
    assert "set_page_config" in attributes("app.py")
    assert "layers.cache.places" in imports("layers/cache/answers.py")


def test_the_arrow():
    """app.py, cli.py -> layers -> data -> geo."""
    against = []
    for name in program():
        own = next((folder for folder in FOLDERS if name.startswith(f"{folder}/")), None)
        left = {*(FOLDERS[: FOLDERS.index(own)] if own else ()), "app", "cli", "tests"}
        left -= {"cli"} if name == "docs/command_line.py" else set()  # its page is made from the commands
        against += [f"{name} imports {module}" for module in imports(name) if top(module) in left]
    assert against == []


def test_the_arrow_of_the_rooms():
    """answers <- files, maps <- reports, session <- cache, commands <- views, marking <- moderation <- pages."""
    floor = {one: number for number, rooms in enumerate(ROOMS) for one in rooms}
    assert {room(name) for name in in_layers()} == set(floor)
    against = [
        f"{name} imports {module}"
        for name in in_layers()
        for module in imports(name)
        if top(module) == "layers" and room(module) != room(name) and floor[room(module)] >= floor[room(name)]
    ]
    assert against == []


def test_nobody_imports_in_a_circle():
    known = {name: {modules()[module] for module in imports(name) if module in modules()} for name in program()}
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in known[name]:
                walk(other, (*way, name))
            done.add(name)

    for name in known:
        walk(name, ())


def test_data_knows_only_the_contract_of_geo():
    beyond = [
        f"{name} imports {module}"
        for name in program()
        if name.startswith("data/")
        for module in imports(name)
        if top(module) == "geo" and ".".join(module.split(".")[:2]) not in OF_GEO_FOR_DATA
    ]
    assert beyond == []


def test_one_http_client():
    """Files come through data/fetch, which knows the catalogue and errors of what is ours; services ask through it."""
    knows = {"data.catalogue", "geo.errors"}
    against = [
        f"{name} imports {module}"
        for name in program()
        for module in imports(name)
        if (top(module) in {"httpx2", "httpcore2", "tenacity", "requests"} and not name.startswith("data/fetch/"))
        or (
            name.startswith("data/fetch/") and top(module) in FOLDERS and not module.startswith("data.fetch")
            and module not in knows
        )
    ]  # fmt: skip
    assert against == []


def test_each_library_in_its_place():
    misplaced = []
    for name in program():
        known = {top(module) for module in imports(name)}
        web = name == "app.py" or (name.startswith("layers/") and room(name) not in NO_STREAMLIT)
        folium = {"folium", "streamlit_folium", "branca"} if name != "layers/maps/webmap.py" else set()
        streamlit = set() if web else {"streamlit"}
        deployment = set() if name in {*DOORS, "settings.py", *DEPLOYMENT} else {"settings"}
        misplaced += [f"{name} imports {one}" for one in known & (folium | streamlit | deployment)]
    assert misplaced == []


def test_caches_in_their_room_and_the_session_in_its_own():
    misplaced = [
        f"{name}: st.{one}"
        for name in program()
        for one in attributes(name)
        if (one.startswith("cache_") and name not in {"layers/cache/keys.py", "layers/cache/deployment.py"})
        or (one in {"session_state", "query_params"} and not name.startswith("layers/session/"))
    ]
    assert misplaced == []


def test_caches_are_bounded_and_hide_nothing():
    wrong, seen = [], 0
    for name in (name for name in program() if name.startswith("layers/cache/")):
        for node in (node for node in nodes(name) if isinstance(node, ast.FunctionDef)):
            kept = [
                one for one in map(ast.unparse, node.decorator_list) if re.match(r"(resource|data|st\.cache_)", one)
            ]
            seen += len(kept)
            hidden = [one.arg for one in node.args.args if one.arg.startswith("_")]
            if kept and ("max_entries" not in kept[0] or hidden):
                wrong.append(f"{name}: {node.name}")
    assert wrong == []
    assert seen > 20


def test_no_second_router():
    """A folder of that name beside app.py would let a page be opened without app.py."""
    assert not (ROOT / "pages").exists()


def test_files_can_be_read_in_one_go():
    long = []
    for name, text in texts(".py", ".js", ".css").items():
        most = next(lines for start, lines in LINES.items() if name.startswith(start))
        if (length := len(text.splitlines())) > most:
            long.append(f"{name} has {length} lines, at most {most}: split it by question")
    assert long == []


def test_modules_are_named_for_what_they_hold():
    assert [name for name in program() if NOT_A_NAME & set(name.removesuffix(".py").split("/"))] == []


def test_no_print_no_assert_no_pickle():
    found = []
    for name in program():
        for node in nodes(name):
            if isinstance(node, ast.Assert):
                found.append(f"{name}:{node.lineno}: an assert vanishes under python -O")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"print", "eval", "exec"}
            ):
                found.append(f"{name}:{node.lineno}: {node.func.id}")
        found += [
            f"{name}: {one}" for one in imports(name) if top(one) in {"pickle", "cPickle", "dill", "shelve", "marshal"}
        ]
    assert found == []


def test_no_html_that_streamlit_would_not_clean():
    assert [name for name, text in texts(".py").items() if "unsafe_allow_" in text and name in program()] == []


def test_what_is_imported_is_required():
    """Every library that the program imports stands in requirements.in, though another may bring it along.

    What makes the bundled place, the documents and the parts of fonts is for those who maintain them.
    """
    required = {re.split(r"[\[=<>]", line)[0] for line in (ROOT / "requirements.in").read_text("utf-8").splitlines()}
    own = {"app", "cli", "settings", "docs", "tests", *FOLDERS}
    standard = sys.stdlib_module_names
    run = [name for name in program() if not name.startswith(("docs/", "data/sample/")) and "fonts/" not in name]
    missing = {
        f"{name} imports {library}"
        for name in run
        for library in map(top, imports(name))
        if library not in standard | own and NAMED.get(library, library) not in required
    }
    assert missing == set()


def test_no_registry_and_no_path_of_somebodys_machine():
    own = name_of(Path(__file__))
    code = texts(".py", ".js", ".css", ".html", ".sh", ".toml", ".yml", ".txt", ".in", ".md")
    hosts = re.compile(r"https?://[\w.-]*(" + "|".join(map(re.escape, REGISTRIES)) + ")")
    paths = re.compile(r"(?<![\w.])/(home/\w+|Users/\w+|work)/")
    found = [
        f"{name}: {match.group()}"
        for name, text in code.items()
        if name != own
        for pattern in (hosts, paths)
        if (match := pattern.search(text))
    ]
    assert found == []
