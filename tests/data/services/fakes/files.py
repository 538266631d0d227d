"""Publishers of whole files as they answer: OS Downloads, the Department's extracts, GOV.UK, Geofabrik."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import geopandas as gpd
import shapely

from data.services.geofabrik import GEOFABRIK
from data.services.gias import EXTRACTS
from data.services.govuk import SITE
from data.services.os_downloads import API
from tests.servers.scripted import Answer, on_to

HOME_PAGE = Answer(b"<!DOCTYPE html>\n<html><head><title>Geofabrik</title></head></html>", kind="text/html")
MISSING_DAY = Answer(b"<!DOCTYPE html><html><body>An error occurred</body></html>", status=500, kind="text/html")
ERROR_WITH_200 = Answer(b"<!DOCTYPE html><html><body>Sorry, there is a problem</body></html>", kind="text/html")
ASSETS = "https://assets.publishing.service.gov.uk/media"


def said(content):
    return Answer(json.dumps(content).encode(), kind="application/json")


def packed(members):
    """A zip archive: the content of each member by its name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def os_product(service, store, product, content, *, name, version="2026-08", md5=None, others=()):
    """Let OS Downloads offer a file, which a second host (``store``) gives at a signed address.

    Parameters
    ----------
    service, store
        Who sends on, and who has the file.
    md5
        As it is offered; in capitals the right one by default.
    others
        Forms that the product has too.
    """
    root = f"{API}/products/{product.key}"
    service.on(root, said({"id": product.key, "version": version, "formats": [], "downloadsUrl": f"{root}/downloads"}))
    right = hashlib.md5(content, usedforsecurity=False).hexdigest().upper()

    def one(form):
        url = f"{root}/downloads?area={product.area}&format={form}&redirect"
        return {
            "md5": md5 or right,
            "size": len(content),
            "url": url,
            "format": form,
            "area": product.area,
            "fileName": name,
        }

    signed = f"{store.address}/downloads/{product.key}/{version}/{name}"
    store.on(signed.removeprefix(store.address), Answer(content, ranges=True, etag='"1"'))

    def answer(asked):
        return on_to(f"{signed}?sv=2020&se=2026&sig=secret") if "redirect" in asked.raw_query else listing

    listing = said([one(form) for form in (product.form, *others)])
    service.on(f"{root}/downloads", answer)


def code_point(postcodes):
    """Code-Point Open's archive: a file a postcode area, without a header.

    Parameters
    ----------
    postcodes
        Postcode, easting, northing and district of each.
    """
    by_area = {}
    for postcode, east, north, district in postcodes:
        area = "".join(letter for letter in postcode[:2] if letter.isalpha()).lower()
        line = f'"{postcode}",10,{east},{north},"E92000001","","E18000000","","{district}","E05000001"\r\n'
        by_area[area] = by_area.get(area, "") + line
    heads = "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\r\n"
    return packed(
        {"Doc/Code-Point_Open_Column_Headers.csv": heads}
        | {f"Data/CSV/{area}.csv": text for area, text in by_area.items()}
    )


def greenspace(path, sites, gates):
    """OS Open Greenspace: play spaces by their id, with a park among them; and gates on foot of some of them."""
    park = {"park": shapely.box(100_000, 10_000, 100_100, 10_100)}
    fields = {"id": [*sites, *park], "function": ["Play Space"] * len(sites) + ["Public Park Or Garden"]}
    named = fields | {f"distinctive_name_{number}": None for number in range(1, 5)}
    table = gpd.GeoDataFrame(named, geometry=[*sites.values(), *park.values()], crs=27700)
    table.to_file(path, layer="greenspace_site")
    rows = [(site, point) for site, points in gates.items() for point in points] or [("park", shapely.Point(1e5, 1e4))]
    fields = {"id": [f"gate-{number}" for number in range(len(rows))], "access_type": "Pedestrian"}
    fields["ref_to_greenspace_site"] = [site for site, _ in rows]
    gpd.GeoDataFrame(fields, geometry=[point for _, point in rows], crs=27700).to_file(path, layer="access_point")
    return path


GIAS_COLUMNS = (
    "URN", "LA (code)", "LA (name)", "EstablishmentName", "TypeOfEstablishment (code)", "TypeOfEstablishment (name)",
    "EstablishmentStatus (code)", "EstablishmentStatus (name)", "OpenDate", "LastChangedDate", "Street", "Locality",
    "Address3", "Town", "County (code)", "County (name)", "Postcode", "SchoolWebsite", "TelephoneNum", "HeadFirstName",
    "HeadLastName", "GOR (name)",
)  # fmt: skip


def gias_extract(table):
    """Centres as the Department publishes them: text in quotes, Windows-1252, people and telephones among them.

    Parameters
    ----------
    table
        Text, some of the columns; the others are blank.
    """
    whole = table.reindex(columns=list(GIAS_COLUMNS), fill_value="")
    whole = whole.assign(TelephoneNum="01983000000", HeadFirstName="Wilhelmina", HeadLastName="Björk")
    lines = [",".join(f'"{name}"' for name in GIAS_COLUMNS)]
    lines += [
        ",".join([urn, *('"' + cell.replace('"', '""') + '"' for cell in cells)])
        for urn, *cells in whole.itertuples(index=False)
    ]
    return "\r\n".join(lines).encode("cp1252") + b"\r\n"


def gias(service, day, *, centres, links=None, missing=()):
    """Let the Department have the files of one day; those of later days answer as `missing` says, in turn."""
    later = [day + timedelta(days=number) for number in range(1, len(missing) + 1)]
    for name, content in (("edubaseallchildrencentre", centres), ("links_edubaseallchildrencentre", links)):
        for absent, answer in zip(later, missing, strict=True):
            service.on(f"{EXTRACTS}/{name}{absent:%Y%m%d}.csv", answer)
        if content is not None:
            service.on(f"{EXTRACTS}/{name}{day:%Y%m%d}.csv", Answer(content, kind="text/csv"))


def content_page(*files, documents=()):
    """What the content API says of a page: attachments, or, on an older one, HTML with links."""
    attached = [
        {
            "attachment_type": "file",
            "content_type": "text/csv",
            "filename": url.rsplit("/", 1)[-1],
            "id": url.rsplit("/", 1)[-1],
            "url": url,
        }
        for url in files
    ]
    details = {"attachments": [*attached, {"attachment_type": "html", "url": "/government/statistics/a/b"}]}
    if documents:
        details = {
            "documents": [f'<section class="attachment embedded"><a href="{url}">x</a></section>' for url in documents]
        }
    return said({"document_type": "official_statistics", "schema_name": "publication", "details": details})


def moved(destination):
    return said({"schema_name": "redirect", "redirects": [{"path": "/old", "destination": destination}]})


def gone():
    return Answer(json.dumps({"schema_name": "gone"}).encode(), status=410, kind="application/json")


def content_address(page):
    return f"{SITE}/api/content{page}"


def extracts(service, counties, *, country=None):
    """Let Geofabrik have the extracts of some counties.

    Parameters
    ----------
    counties
        Outline (WGS84) and content by the extract's id; content None for one that leads to a home page.
    """
    features = []
    for key, (outline, content) in counties.items():
        url = f"{GEOFABRIK}/europe/united-kingdom/england/{key}-latest.osm.pbf"
        known = {
            "id": key,
            "parent": "england",
            "name": key.replace("-", " ").title(),
            "urls": {"pbf": url, "shp": "-"},
        }
        features.append({"type": "Feature", "properties": known, "geometry": outline.__geo_interface__})
        service.on(url, HOME_PAGE if content is None else Answer(content, etag=f'"{key}"', ranges=True))
        service.on(f"{url}.md5", md5_line(content or b"", key))
    top = {"id": "england", "parent": "united-kingdom", "name": "England", "urls": {"pbf": country or "-"}}
    features.append({"type": "Feature", "properties": top, "geometry": features[0]["geometry"]})
    service.on(f"{GEOFABRIK}/index-v1.json", said({"type": "FeatureCollection", "features": features}))


def md5_line(content, key):
    return f"{hashlib.md5(content, usedforsecurity=False).hexdigest()}  {key}-latest.osm.pbf\n"


PBF = b"\x00\x00\x00\r\n\tOSMHeader\x18\x10"
"""How an extract begins."""
