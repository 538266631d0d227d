"""The house: who may know whom, and where each kind of thing is kept. Read from the source, nothing is run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CACHED = ("layers/cache/answers.py", "layers/cache/charts.py", "layers/cache/marks.py", "layers/cache/reports.py")
DOORS = ("app.py", "cli.py")
FOLDERS = ("layers", "data", "geo")
"""From left to right: each knows itself and what stands to its right."""

NOT_OURS = {".venv", ".git", "local", "node_modules", "leaflet"}
LINES = {"layers/pages": 120, "app.py": 80, "": 420}
REGISTRIES = tuple(words.replace(" ", ".") for words in ("pypi org", "pythonhosted org", "npmjs org", "npmjs com", "yarnpkg com", "anaconda org", "proxy golang org", "rubygems org", "crates io", "unpkg com", "jsdelivr net", "cdnjs cloudflare com"))  # fmt: skip


def ours(*endings: str) -> list[Path]:
    """Files that we wrote: what git ignores is left out."""
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.suffix in endings
        and path.is_file()
        and not NOT_OURS & set(path.relative_to(ROOT).parts)
        and not any(
            part.startswith(".") and part not in {".ci", ".github"} for part in path.relative_to(ROOT).parts[:-1]
        )
        and "static/places" not in path.as_posix()
    )


SOURCES = ours(".py")
PROGRAM = [path for path in SOURCES if "tests" not in path.relative_to(ROOT).parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path: Path) -> set[str]:
    """Every module that is imported, at the top or within a function; ``from a import b`` counts as ``a.b`` and ``a``."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are written in full"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def attributes(path: Path) -> set[str]:
    """Every ``st.something``, whatever streamlit is called in the file."""
    text = tree(path)
    names = {
        alias.asname or alias.name
        for node in ast.walk(text)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "streamlit"
    }
    found = {
        node.attr
        for node in ast.walk(text)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
    }
    return found | {name.removeprefix("streamlit.") for name in imports(path) if name.startswith("streamlit.")}


def top(module: str) -> str:
    return module.split(".", 1)[0]


def under(folder: str) -> list[Path]:
    return [path for path in PROGRAM if name_of(path).startswith(f"{folder}/")]


def test_there_is_something_to_read():
    assert {name_of(path) for path in PROGRAM} >= {*DOORS, "settings.py", "geo/access.py", "layers/pages/explore.py"}
    assert "streamlit" in imports(ROOT / "app.py")
    assert "set_page_config" in attributes(ROOT / "app.py")


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_the_arrow(path):
    """app.py, cli.py -> layers -> data -> geo."""
    own = next((folder for folder in FOLDERS if name_of(path).startswith(f"{folder}/")), None)
    left = FOLDERS[: FOLDERS.index(own)] if own else ()
    known = {top(module) for module in imports(path)}
    assert not known & {*left, "app", "cli", "tests"}, "an import against the arrow"


@pytest.mark.parametrize("path", under("data"), ids=name_of)
def test_data_knows_only_the_contract_of_geo(path):
    allowed = {"geo.tables", "geo.crs", "geo.errors", "geo.network", "geo.sites"}  # sites: the words that tables use
    modules = {".".join(module.split(".")[:2]) for module in imports(path) if module.startswith("geo.")}
    assert modules <= allowed


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_each_library_in_its_place(path):
    name, known = name_of(path), {top(module) for module in imports(path)}
    if not (name == "app.py" or name.startswith("layers/")):
        assert not known & {"streamlit", "folium", "streamlit_folium", "branca"}
    if name != "layers/maps/webmap.py":
        assert not known & {"folium", "streamlit_folium", "branca"}
    if name not in {*DOORS, "settings.py", *CACHED}:
        assert "settings" not in known


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_caches_and_session_in_one_file_each(path):
    used = attributes(path)
    if name_of(path) not in CACHED:
        assert not {name for name in used if name.startswith("cache_")}
    if not name_of(path).startswith("layers/session/"):
        assert not used & {"session_state", "query_params"}


def test_caches_are_bounded_and_hide_nothing():
    for node in (node for name in CACHED for node in ast.walk(tree(ROOT / name))):
        if isinstance(node, ast.FunctionDef):
            cached = [one for one in node.decorator_list if "cache_" in ast.unparse(one)]
            if not cached or not node.args.args:
                continue
            assert "max_entries" in ast.unparse(cached[0]), node.name
            assert not [one.arg for one in node.args.args if one.arg.startswith("_")], f"{node.name}: a hidden argument"


def test_no_second_router():
    """A folder of that name beside app.py would let a page be opened without app.py."""
    assert not (ROOT / "pages").exists()


@pytest.mark.parametrize("path", ours(".py", ".js", ".css"), ids=name_of)
def test_files_can_be_read_in_one_go(path):
    most = next(lines for start, lines in LINES.items() if name_of(path).startswith(start))
    length = len(path.read_text("utf-8").splitlines())
    assert length <= most, f"{length} lines: split it by question"


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_modules_are_named_for_what_they_hold(path):
    assert not {path.stem, *path.relative_to(ROOT).parts} & {
        "utils",
        "util",
        "common",
        "helpers",
        "helper",
        "misc",
        "lib",
    }


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_no_print_no_assert_no_pickle(path):
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.Assert), f"line {node.lineno}: an assert vanishes under python -O"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "eval", "exec"}, f"line {node.lineno}"
    assert not {top(module) for module in imports(path)} & {"pickle", "cPickle", "dill", "shelve", "marshal"}


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_no_html_that_streamlit_would_not_clean(path):
    text = path.read_text("utf-8")
    assert "unsafe_allow_html" not in text
    assert "unsafe_allow_javascript" not in text


@pytest.mark.parametrize(
    "path",
    [path for path in ours(".py", ".js", ".css", ".html", ".sh", ".toml", ".yml") if path != Path(__file__)],
    ids=name_of,
)
def test_no_registry_is_named(path):
    text = path.read_text("utf-8")
    for host in REGISTRIES:
        assert not re.search(rf"https?://[\w.-]*{re.escape(host)}", text), host


@pytest.mark.parametrize("path", ours(".py", ".js", ".css", ".toml", ".sh", ".md"), ids=name_of)
def test_no_path_of_somebodys_machine(path):
    if path == Path(__file__):
        return
    assert not re.search(r"(?<![\w.])/(home/\w+|Users/\w+|work)/", path.read_text("utf-8"))
