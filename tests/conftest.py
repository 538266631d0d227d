"""What every test may ask for."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import cli
from data.build.inputs import Inputs
from data.build.pipeline import build
from tests.workers import built_once, common_folder

gc.disable()  # until everything is collected: see `pytest_collection_finish`

ROOT = Path(__file__).resolve().parent.parent
WEST, NORTH = 450_000, 90_000  # British National Grid, metres: the corner of the small authority


FIRST = ("tests/browser", "tests/layers/reports", "tests/layers/pages", "tests/test_cli_reports.py")
"""What takes longest begins first, so that no worker is left alone with it at the end."""


NOT_QUICK = ("browser", "postgis", "real", "program", "whole_report", "place_anew", "service")
"""What a run with ``--quick`` leaves out."""


def pytest_xdist_auto_num_workers(config):
    """One more than there are cores, at most four: a test of a browser or of a server waits for what others work out."""
    return min((os.cpu_count() or 1) + (not config.getoption("quick")), 4)


def pytest_make_parametrize_id(val):
    """Megabytes of a hostile file are no name: each is sent to and fro, and kept, many times."""
    return f"{val[:40]!r}..." if isinstance(val, (str, bytes)) and len(val) > 200 else None


@pytest.hookimpl(tryfirst=True)  # before the workers read the groups
def pytest_collection_modifyitems(config, items):
    """Mark what needs more than Python, and keep what shares its fixtures on one worker."""
    for item in items:
        names, chosen = set(item.fixturenames), getattr(getattr(item, "callspec", None), "params", {})
        needs = {"browser": "chromium" in names, "real": "real" in names, "whole_report": "ward_reports" in names}
        needs["place_anew"] = "derive" in names
        needs["service"] = bool({"service", "served"} & names)
        needs["postgis"] = bool({"server", "own_server"} & names) or "postgis" in map(chosen.get, ("kind", "target"))
        for mark in (mark for mark, needed in needs.items() if needed):
            item.add_marker(mark)
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(ROOT).as_posix()))
    if not config.getoption("thorough"):
        left_out = [item for item in items if item.get_closest_marker("full_size")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    if config.getoption("quick"):
        left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in NOT_QUICK)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    order = {start: number for number, start in enumerate(FIRST)}
    items.sort(key=lambda item: next((order[one] for one in FIRST if item.nodeid.startswith(one)), len(FIRST)))


def pytest_addoption(parser):
    """``--thorough``, which ``make thorough`` gives, and ``--quick``."""
    parser.addoption(
        "--quick",
        action="store_true",
        help="no browser, server of any kind, large files, other programs, whole reports or places made up for one test; few random examples",
    )
    parser.addoption(
        "--thorough", action="store_true", help="store tests on both databases, many random examples, long comparisons"
    )


def pytest_configure(config):
    """Files of one folder together; random examples: the same few in every run, or many new ones."""
    config.args.sort()  # pytest 9.1 makes a folder's node anew when it comes back to it, and loses the fixtures there
    unsure = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)  # a machine may be busy
    for name, examples in (("quick", 5), ("daily", 15)):
        settings.register_profile(
            name, max_examples=examples, derandomize=True, deadline=None, suppress_health_check=unsure
        )
    settings.register_profile("thorough", max_examples=300, deadline=None, suppress_health_check=unsure)
    settings.load_profile(next((name for name in ("thorough", "quick") if config.getoption(name)), "daily"))


def pytest_collection_finish():
    """What libraries made while loading stays to the end: the collector of cycles need not go through it again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def thorough(pytestconfig):
    """Whether a test may take long, for more of the same."""
    return pytestconfig.getoption("thorough")


@pytest.fixture(scope="session", autouse=True)
def _marks_of_the_tests_own(tmp_path_factory):
    """No test reads or writes the marks of whoever runs it, nor what they have fetched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRAMSHED_FETCHED", str(tmp_path_factory.mktemp("fetched")))
        patch.setenv("PRAMSHED_MARKS_URL", f"sqlite:///{tmp_path_factory.mktemp('marks') / 'marks.sqlite'}")
        yield


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def real():
    """The folder of large official files beside the repository, which is never committed."""
    folder = ROOT.parent / "shared" / "real"
    if not folder.is_dir():
        pytest.skip(f"no official files at {folder}")
    return folder


@pytest.fixture(scope="session")
def real_inputs(real):
    """The raw files of a real authority, by name; ``leeds-review`` is Leeds with the council's word on closures."""
    england = real / "england"

    def of(folder, name, authority, streets, **more):
        here = real / folder
        return Inputs(
            name=name,
            authority=authority,
            streets=(here / streets,),
            boundaries=here / "lsoa21_boundaries.geojson",
            postcodes=(here / "postcodes_onspd_2025-11.csv",),
            deprivation=england / "iod2025_lsoa21.csv.gz",
            population=(england / "census2021_ts004_lsoa21.csv.gz",),
            children=england / "mye2020_under5_lsoa11.csv.gz",
            children_published=True,
            lookups=(here / "lookup_oa21_lsoa21_msoa21_lad.csv", england / "lookup_lsoa11_lsoa21.csv.gz"),
            wards=england / "lookup_lsoa21_ward24_lad24.csv.gz",
            centres=(
                england / "gias_childrens_centres_open_2026-01-30.csv",
                england / "gias_childrens_centre_links_2026-01-30.csv",
            ),
            centre_points=england / "childrens_centre_points.csv",
            **more,
        )

    return {
        "isle-of-wight": of("isle-of-wight", "Isle of Wight", "E06000046", "isle-of-wight_2020-04-22.osm.pbf"),
        "leeds": of("leeds", "Leeds", "E08000035", "streets_2022-07.osm.pbf"),
        "leeds-review": of(
            "leeds",
            "Leeds",
            "E08000035",
            "streets_2022-07.osm.pbf",
            closures=(real / "leeds" / "council_closures_2025-26.csv",),
        ),
    }


@pytest.fixture(scope="session")
def real_place(real_inputs, tmp_path_factory):
    """A function that builds a real place from its raw files, once for all workers of a run."""
    built = {}
    places = common_folder(tmp_path_factory) / "real-places"

    def place(key):
        if key not in built:
            places.mkdir(exist_ok=True)
            built[key] = built_once(real_inputs[key], places / key)
        return built[key]

    return place


def _square(west, south, east, north):
    import numpy as np

    from geo.crs import to_wgs84

    ring = np.array([(west, south), (east, south), (east, north), (west, north), (west, south)], float)
    lon, lat = to_wgs84(ring[:, 0] + WEST, ring[:, 1] + NORTH)
    return [[round(x, 6), round(y, 6)] for x, y in zip(lon, lat, strict=True)]


def _osm(nodes, ways):
    """OpenStreetMap XML from nodes {id: (x, y, tags)} and ways {id: (node ids, tags)}."""
    import numpy as np

    from geo.crs import to_wgs84

    def said(tags):
        return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())

    xy = np.array([node[:2] for node in nodes.values()], float)
    lon, lat = to_wgs84(xy[:, 0] + WEST, xy[:, 1] + NORTH)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for (number, node), x, y in zip(nodes.items(), lon, lat, strict=True):
        lines.append(f'<node id="{number}" version="1" lat="{y:.7f}" lon="{x:.7f}">{said(node[2])}</node>')
    for number, (passed, tags) in ways.items():
        refs = "".join(f'<nd ref="{node}"/>' for node in passed)
        lines.append(f'<way id="{number}" version="1">{refs}{said(tags)}</way>')
    return "\n".join([*lines, "</osm>"])


def write_small_authority(folder):
    """Raw files of an authority of three squares of a kilometre, in the publishers' layouts.

    One street runs from west to east through the middle, 500 m from each square's south and north border, and 2 km on
    either side. Postcodes lie on it but for one, which is far from any street. The centre stands at its western end; a
    linked site in the east; a kissing gate closes the street between the second and the third square to a pram.
    """
    codes = ["E01000001", "E01000002", "E01000003", "E01000009"]
    features = [
        {
            "type": "Feature",
            "properties": {"LSOA21CD": code, "LSOA21NM": f"Town 00{i}A", "LADCD_ACTIVE": authority},
            "geometry": {"type": "Polygon", "coordinates": [_square(i * 1000, 0, (i + 1) * 1000, 1000)]},
        }
        for i, (code, authority) in enumerate(zip(codes, ["E06000099"] * 3 + ["E06000098"], strict=True))
    ]
    nodes = {i: (x, 500, {}) for i, x in enumerate(range(-2000, 6001, 250), start=1)}
    gate = 1 + (2000 + 2000) // 250
    nodes[gate] = (2000, 500, {"barrier": "kissing_gate"})
    nodes |= {
        101: (500, 520, {}), 102: (560, 520, {}), 103: (560, 580, {}), 104: (500, 580, {}),
        105: (2500, 490, {"leisure": "playground", "name": "Swings"}),
    }  # fmt: skip
    ways = {
        1: (list(range(1, len(range(-2000, 6001, 250)) + 1)), {"highway": "residential", "name": "High Street"}),
        2: ([101, 102, 103, 104, 101], {"leisure": "playground", "access": "yes"}),
    }
    postcodes = [
        ("TW1 1AA", 100, 500, codes[0]), ("TW1 1AB", 900, 500, codes[0]),
        ("TW1 2AA", 1500, 500, codes[1]), ("TW1 2AB", 1500, 950, codes[1]),
        ("TW1 3AA", 2200, 500, codes[2]), ("TW1 3AB", 2800, 500, codes[2]),
    ]  # fmt: skip
    files = {
        "boundaries.geojson": json.dumps({"type": "FeatureCollection", "features": features}),
        "streets.osm": _osm(nodes, ways),
        "postcodes_2025-11.csv": "pcd,laua,oseast1m,osnrth1m,live_in_codepoint_open,lsoa21cd_pip\n"
        + "".join(
            f"{pcd},E06000099,{WEST + x}.0,{NORTH + y}.0,True,{code}\n" for pcd, x, y, code in postcodes
        )
        + f"TW1 9ZZ,E06000099,{WEST + 2500}.0,{NORTH + 500}.0,False,{codes[2]}\n",
        "deprivation.csv": "LSOA code (2021),LSOA name (2021),Local Authority District code (2024),Local Authority District "
        "name (2024),Index of Multiple Deprivation (IMD) Score,Index of Multiple Deprivation (IMD) Rank (where 1 is most "
        "deprived),Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs),Income Deprivation "
        "Affecting Children Index (IDACI) Rank (where 1 is most deprived),Income Deprivation Affecting Children Index "
        "(IDACI) Decile (where 1 is most deprived 10% of LSOAs)\n"
        + "".join(
            f'{code},Town 00{i}A,E06000099,"Town, City of",{30 - i},{1000 * (i + 1)},{i + 1},{900 * (i + 1)},{i + 1}\n'
            for i, code in enumerate(codes[:3])
        ),
        "population.csv": "code,label,total,born_uk,born_outside_uk\n"
        + "".join(f"{code},Town 00{i}A,1000,{900 - 50 * i},{100 + 50 * i}\n" for i, code in enumerate(codes[:3])),
        "children_mye2020.csv": "lsoa11_code,lsoa11_name,total_population,0,1,2,3,4\n"
        + "E01000001,Town 000A,1000,10,10,10,10,10\nE01000077,Town 077A,2000,20,20,20,20,20\n",
        "lookup_areas.csv": "lsoa11cd,lsoa11nm,lsoa21cd,lsoa21nm,chgind,lad22cd\n"
        "E01000001,Town 000A,E01000001,Town 000A,U,E06000099\n"
        "E01000077,Town 077A,E01000002,Town 001A,S,E06000099\n"
        "E01000077,Town 077A,E01000003,Town 002A,S,E06000099\n",
        "wards.csv": "lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code\n"
        + "".join(
            f'Town 00{i}A,{code},Middle,E05000001,"Town, City of",E06000099\n' for i, code in enumerate(codes[:3])
        ),
        "centres_2026-01-30.csv": "URN,LA (code),LA (name),EstablishmentName,TypeOfEstablishment (code),TypeOfEstablishment "
        "(name),EstablishmentStatus (code),EstablishmentStatus (name),OpenDate,LastChangedDate,Postcode,TelephoneNum,"
        "HeadFirstName,HeadLastName\n"
        "20001,999,\"Town, City of\",\"Western Children's Centre\",47,Children's centre,1,Open,01-09-2005,25-06-2025,TW1 1AA,"
        "01234 567890,Given,Family\n"
        "20002,999,\"Town, City of\",Eastern <b>Link</b>,48,Children's Centre Linked Site,1,Open,01-01-1900,25-06-2025,"
        "TW1 3AB,,,\n"
        "20003,999,\"Town, City of\",Lost Centre,47,Children's centre,1,Open,,25-06-2025,TW1 9ZZ,,,\n"
        "20004,998,Elsewhere,Far Away,47,Children's centre,1,Open,,25-06-2025,ZZ1 1ZZ,,,\n",
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return Inputs(
        name="Town",
        authority="E06000099",
        streets=(folder / "streets.osm",),
        boundaries=folder / "boundaries.geojson",
        postcodes=(folder / "postcodes_2025-11.csv",),
        deprivation=folder / "deprivation.csv",
        population=(folder / "population.csv",),
        children=folder / "children_mye2020.csv",
        children_published=True,
        lookups=(folder / "lookup_areas.csv",),
        wards=folder / "wards.csv",
        centres=(folder / "centres_2026-01-30.csv",),
    )


@pytest.fixture
def small(tmp_path):
    """Raw files of a small authority, which a test may spoil; see `write_small_authority`."""
    folder = tmp_path / "raw"
    folder.mkdir()
    return write_small_authority(folder)


@pytest.fixture(scope="session")
def small_place(tmp_path_factory):
    """The small authority, built; not to be changed."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "raw").mkdir()
    return build(write_small_authority(folder / "raw"), folder / "places" / "town")


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run a command; its exit code, what it printed, and what it complained of."""
    monkeypatch.setenv("PRAMSHED_PLACES", str(tmp_path / "nowhere"))

    def command(*words, places=None):
        if places is not None:
            monkeypatch.setenv("PRAMSHED_PLACES", str(places))
        monkeypatch.setattr(sys, "argv", ["cli.py", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return command
