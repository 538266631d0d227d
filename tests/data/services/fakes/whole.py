"""All services together, as they answer for one authority: made of the raw files that a place is built from."""

from __future__ import annotations

import gzip
import io
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd

from data.catalogue import CATALOGUE
from data.services import nomis, ons_api
from data.services.msoa_names import EDITIONS, LIBRARY
from data.services.os_downloads import CODE_POINT_OPEN, OPEN_GREENSPACE
from data.sources.boundaries import read_boundaries
from data.sources.census import read_country_of_birth
from data.sources.deprivation import read_deprivation
from data.sources.lookups import read_lookup
from data.sources.postcodes import read_postcodes
from geo.crs import BNG, WGS84
from tests.data.services.fakes import files, geography
from tests.data.services.fakes import nomis as censuses
from tests.data.services.fakes import ons_api as languages
from tests.servers.scripted import Answer

FURTHER = (nomis.LENGTH_OF_RESIDENCE, nomis.ENGLISH, nomis.HOUSEHOLD_LANGUAGE)
SHARES = dict.fromkeys(("arrived_5y_share", "little_english_share", "no_adult_english_share"), 0.4)
SHARES["arrived_2y_share"] = 0.2
"""What a place has of these, each category of which is a fifth of the whole."""
DAY = date(2026, 1, 30)
"""Of the Department's lists."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """What the services have of an authority.

    ``code`` is its present one and ``census_code`` that of 2022, which the Census and the look-up of output areas know;
    ``children`` is indexed by neighbourhood, ages 101 to 105; ``counties`` as `files.extracts` takes them.
    """

    code: str
    census_code: str
    name: str
    outlines: gpd.GeoDataFrame
    wards: pd.DataFrame
    output_areas: pd.DataFrame
    born_by_area: pd.DataFrame
    born_by_output_area: pd.DataFrame
    children: pd.DataFrame
    postcodes: pd.DataFrame
    deprivation: bytes
    centres: bytes
    links: bytes | None
    greenspace: bytes
    hubs: bytes | None = None
    names: bytes | None = None
    counties: dict


def serve(service, store, served, *, day=DAY):
    """Let a service answer for an authority; ``store`` has what OS Downloads sends on to, the Department a list of a day."""
    named = geography.authorities((served.code, served.name))
    outline = served.outlines.dissolve().assign(LAD26CD=served.code, LAD26NM=served.name)
    geography.serve(
        service,
        {
            "WD26_LAD26_UK_LU": named,
            "Local_Authority_Districts_May_2026_Boundaries_UK_BGC": outline[["LAD26CD", "LAD26NM", "geometry"]],
            "LSOA21_WD25_LAD25_EW_LU_v2": served.wards,
            "OA_LSOA_MSOA_EW_DEC_2021_LU_v3": served.output_areas.drop(columns=["x", "y"], errors="ignore"),
            "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5": served.outlines,
            "ONSPD_Online_latest_Postcode_Centroids": served.postcodes,
        },
    )
    born = pd.concat([served.born_by_area, served.born_by_output_area])
    further = [(table, _fifths(table, served.children.index), "2021") for table in FURTHER]
    for table, wide, when in (
        (nomis.COUNTRY_OF_BIRTH, born, "2021"),
        (nomis.ESTIMATES, served.children, "2024"),
        *further,
    ):
        parents = {served.census_code: wide.index}
        service.on(censuses.address(table), censuses.rows(censuses.long(wide, date=when), parents=parents))
    spoken = {code: [5, 100, 3, 20, 0] for code in served.output_areas["OA21CD"]}
    service.on(ons_api.API, languages.rows(spoken))
    live = served.postcodes[served.postcodes["DOTERM"].isna() & served.postcodes["EAST1M"].gt(0)]
    archive = files.code_point(live[["PCDS", "EAST1M", "NORTH1M", "LAD26CD"]].itertuples(index=False, name=None))
    files.os_product(service, store, CODE_POINT_OPEN, archive, name="codepo_gb.zip")
    files.os_product(service, store, OPEN_GREENSPACE, served.greenspace, name="opgrsp_gpkg_gb.zip", version="2026-04")
    service.on(CATALOGUE["deprivation"].url, Answer(served.deprivation, kind="text/csv"))
    files.gias(service, day, centres=served.centres, links=served.links)
    if served.hubs:
        service.on(CATALOGUE["family_hubs"].url, Answer(served.hubs, kind="text/csv"))
    if served.names:
        service.on(f"{LIBRARY}/{EDITIONS[0]}", Answer(served.names, kind="text/csv"))
    files.extracts(service, served.counties)


def made_of(inputs, place, *, code=None, counties=None, centres=None, green=None, **more):
    """What the services have, from the raw files of a place and the place that was built from them.

    Parameters
    ----------
    code
        The authority's present code, if it is another than in the files: it was recoded.
    counties
        Outline (degrees) and path of each county's extract; one of all streets by default.
    centres
        The list of centres as the Department sends it; by default the first file of them as it is.
    green
        Play spaces by their id that the Ordnance Survey has besides those of the place.
    more
        ``hubs`` and ``names``, which no place needs.
    """
    areas = place.areas()
    code, name = code or inputs.authority, str(areas["authority_name"].iloc[0])
    known = [read_lookup(path) for path in inputs.lookups]
    output_areas = next(
        (one.table for one in known if hasattr(one, "table") and "oa" in str(one.table.index.name)), None
    )
    if output_areas is None:
        output_areas = pd.DataFrame({"area_code": areas.index}, index=areas.index.str.replace("E01", "E00"))
    drawn = read_boundaries(inputs.boundaries).table
    everywhere = gpd.GeoSeries([drawn.union_all().envelope.buffer(5_000)], crs=BNG).to_crs(WGS84).iloc[0]
    (streets,) = inputs.streets
    born = {one.geography: one.table for one in map(read_country_of_birth, inputs.population)}
    by_area = born["lsoa21"].reindex(areas.index)
    by_output_area = born.get("oa21")
    if by_output_area is None:
        by_output_area = by_area.reindex(output_areas["area_code"]).set_axis(output_areas.index)
    return Served(
        code=code,
        census_code=inputs.authority,
        name=name,
        outlines=gpd.GeoDataFrame(
            {"LSOA21CD": drawn.index, "LSOA21NM": drawn["area_name"].to_numpy()}, geometry=drawn.geometry.to_numpy(), crs=BNG
        ),
        wards=pd.DataFrame({
            "LSOA21CD": areas.index, "LSOA21NM": areas["official_name"] if "official_name" in areas else areas["area_name"],
            "WD25CD": areas["ward_code"], "WD25NM": areas["ward_name"], "LAD25CD": code, "LAD25NM": name,
        }).reset_index(drop=True),
        output_areas=pd.DataFrame({
            "OA21CD": output_areas.index, "LSOA21CD": output_areas["area_code"].to_numpy(), "LSOA21NM": "", "MSOA21CD": "",
            "MSOA21NM": "", "LAD22CD": inputs.authority, "LAD22NM": name,
        }),
        born_by_area=_born(by_area),
        born_by_output_area=_born(by_output_area.loc[output_areas.index]),
        children=_ages(areas),
        postcodes=_directory(inputs, code),
        deprivation=_all_of_england(inputs.deprivation),
        centres=centres or inputs.centres[0].read_bytes(),
        links=inputs.centres[1].read_bytes() if len(inputs.centres) > 1 else None,
        greenspace=_greenspace(place, green or {}),
        counties=counties or {"isle-of-wight": (everywhere, _pbf(streets))},
        **more,
    )  # fmt: skip


def _born(table):
    return pd.DataFrame({0: table["residents"], 1: table["residents"] - table["born_outside_uk"]}).astype("int64")


def _fifths(table, areas):
    """Counts in which each category but the whole is a fifth of it."""
    return pd.DataFrame({code: 20 if code else 100 for code in table.categories}, index=areas)


def _ages(areas):
    """Whole children by single year of age: those under two are in their first year, the others in their third."""
    under2, under5 = (areas[column].round().astype("int64") for column in ("under2", "under5"))
    return pd.DataFrame({101: under2, 102: 0, 103: under5 - under2, 104: 0, 105: 0}, index=areas.index)


def _directory(inputs, code):
    """The directory's layer: postcodes in use and retired, with a position or without."""
    table = read_postcodes(inputs.postcodes[0]).table
    spaced = table.index.str.replace(r"(.{3})$", r" \1", regex=True)
    nowhere = table["easting"].isna()
    ours = table["authority_code"] == inputs.authority
    return pd.DataFrame({
        "PCDS": spaced, "DOTERM": np.where(table["live"], None, "202001"), "EAST1M": table["easting"].fillna(0).astype(int),
        "NORTH1M": table["northing"].fillna(0).astype(int), "LAT": np.where(nowhere, 99.999999, 53.8),
        "LAD26CD": table["authority_code"].mask(ours, code).to_numpy(), "OA21CD": table["oa_code"].astype(object).to_numpy(),
        "LSOA21CD": table["area_code"].astype(object).to_numpy(),
    })  # fmt: skip


def _greenspace(place, more):
    """Play spaces of the Ordnance Survey: those that the place has, drawn a little to the east, and some more."""
    known = place.play_spaces()
    drawn = {} if known is None else {f"OS-{key}": shape.buffer(10) for key, shape in known.translate(10).items()}
    with tempfile.TemporaryDirectory() as folder:
        path = files.greenspace(Path(folder) / "opgrsp_gb.gpkg", drawn | more, {})
        return files.packed({"Data/opgrsp_gb.gpkg": path.read_bytes(), "Doc/licence.txt": b"OGL"})


def _all_of_england(path):
    """The Indices of Deprivation with as many areas as England has: where the file has fewer, some are made up."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    table = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)
    lacking = 33_755 - len(read_deprivation(path).table)
    more = pd.concat([table.iloc[[0]]] * lacking, ignore_index=True) if lacking else table[:0]
    code = table.columns[0]
    more[code] = [f"E019{number:05}" for number in range(lacking)]
    return pd.concat([table, more]).to_csv(index=False).encode()


def _pbf(path):
    """An extract in the form that publishers send."""
    if path.name.endswith(".pbf"):
        return path.read_bytes()
    out = path.with_suffix(".osm.pbf")
    with osmium.SimpleWriter(str(out), overwrite=True) as writer:
        for thing in osmium.FileProcessor(str(path)):
            writer.add(thing)
    return out.read_bytes()
