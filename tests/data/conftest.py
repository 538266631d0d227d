"""What the tests of readers share."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from data.build.pipeline import build
from data.build.sites import centres_of
from data.fetch.client import Client
from data.fetch.settings import FetchSettings
from data.sources.postcodes import merge_postcodes, read_postcodes
from geo.errors import InputError
from tests.conftest import _osm, write_small_authority
from tests.servers.scripted import Clock, Service

PUB = {"amenity": "pub", "name": "The Fox"}
VENUES = {
    301: (1500, 500, {"amenity": "library", "name": "Town Library"}),
    302: (5000, 500, {"amenity": "school"}),
    303: (8000, 500, {"amenity": "school"}),
}
"""A library inside the small authority, a school 2 km east of its border and one 5 km east of it."""


@pytest.fixture(scope="session")
def fixtures():
    """Small files in the publishers' exact layouts, quirks included."""
    return Path(__file__).parent / "fixtures"


@pytest.fixture
def service():
    """A service on this machine that stands for every host of the catalogue: see `tests.servers.scripted.Service`."""
    one = Service()
    yield one
    one.close()


@pytest.fixture
def clock():
    """A clock that moves only when somebody sleeps: no test waits."""
    return Clock()


@pytest.fixture
def client_of(service, clock, tmp_path, monkeypatch):
    """Make a client whose questions go to ``service`` and whose files are kept in ``tmp_path / "kept"``."""
    made = []
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    def of(bases=None, tell=lambda _: None, watch=lambda *_: None, **settings):
        bases = service.bases() if bases is None else bases
        kept = FetchSettings(**{"cache": tmp_path / "kept", "bases": bases, **settings})
        made.append(Client(kept, tell=tell, watch=watch, clock=clock, sleep=clock.sleep))
        return made[-1]

    yield of
    for one in made:
        one.__exit__(None, None, None)


@pytest.fixture
def client(client_of):
    """A client with the usual settings."""
    return client_of()


@pytest.fixture
def file(tmp_path):
    """Write a file of a few lines and return its path."""

    def write(content, name="input.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def refused():
    """Call a reader, which must refuse its input in one line that names the file and each of the words."""

    def check(read, path, *words, row=None, kind=InputError):
        with pytest.raises(kind) as caught:
            read(path)
        message = str(caught.value)
        assert "\n" not in message
        assert "found " in message
        assert "; expected " in message
        assert caught.value.row == row
        for word in (Path(path).name, *words):
            assert word in message
        return message

    return check


@pytest.fixture(scope="session")
def sites_of(small_place):
    """A function that places the centres of the small authority as a build does; the table and what is said of it."""
    outline = shapely.union_all(small_place.areas().geometry.to_numpy(), grid_size=0.01)

    def placed(inputs):
        directory = merge_postcodes([read_postcodes(path) for path in inputs.postcodes])
        notes = []
        return centres_of(inputs, directory.table, outline, "Town, City of", notes), notes

    return placed


def _with_streets(folder, change):
    """The small authority with a changed street file, built."""
    (folder / "raw").mkdir()
    inputs = write_small_authority(folder / "raw")
    (streets,) = inputs.streets
    streets.write_text(change(streets.read_text(encoding="utf-8")), encoding="utf-8")
    return build(inputs, folder / "places" / "town")


@pytest.fixture(scope="session")
def mapped_place(tmp_path_factory):
    """The small authority whose street file has venues, and pubs 2.9 and 3.2 km to the west; not to be changed."""
    more = _osm({201: (-2900, 500, PUB), 202: (-3200, 500, PUB)} | VENUES, {}).split('<osm version="0.6">')[1]
    return _with_streets(tmp_path_factory.mktemp("mapped"), lambda text: text.replace("</osm>", more))


@pytest.fixture(scope="session")
def bare_place(tmp_path_factory):
    """The small authority whose street file has no names and no play spaces; not to be changed."""
    return _with_streets(
        tmp_path_factory.mktemp("bare"),
        lambda text: text.replace("playground", "garden").replace('k="name"', 'k="ref"'),
    )


@pytest.fixture
def osm_file(tmp_path):
    """Write an extract of ways (corners in metres, tags) and nodes (point, tags); a way that ends where it began closes."""

    def write(ways=(), nodes=(), relations=""):
        points = {number: (*point, tags) for number, (point, tags) in enumerate(nodes, start=1)} or {999: (0, 0, {})}
        drawn, node_at = {}, {}
        for number, (corners, tags) in enumerate(ways, start=1):
            for corner in corners:
                if corner not in node_at:
                    node_at[corner] = 1000 + len(node_at)
                    points[node_at[corner]] = (*corner, {})
            drawn[number] = ([node_at[corner] for corner in corners], tags)
        path = tmp_path / "extract.osm"
        path.write_text(_osm(points, drawn).replace("</osm>", relations + "</osm>"), encoding="utf-8")
        return path

    return write
