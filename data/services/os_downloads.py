"""Ordnance Survey's open products: which files there are, how one is asked for, and the postcodes of a rectangle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.fetch.archives import members, opened
from data.fetch.ask import DAY, Ask, is_json, is_zip
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from data.fetch.client import Got
    from data.services.alternatives import Asking

API = "https://api.os.uk/downloads/v1"
LARGEST = 4 << 30
"""Bytes: more than any file of these products has."""


@dataclass(frozen=True, kw_only=True)
class Product:
    """An open product.

    Parameters
    ----------
    source
        The data set, by the catalogue.
    key
        What the API calls it.
    area, form, subform
        Which of its files: ``GB``, ``CSV``; the last is None where there are no kinds of a form.
    """

    source: str
    key: str
    area: str = "GB"
    form: str
    subform: str | None = None


CODE_POINT_OPEN = Product(source="code_point_open", key="CodePointOpen", form="CSV")
OPEN_GREENSPACE = Product(source="open_greenspace", key="OpenGreenspace", form="GeoPackage")


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file that the API offers: its address, name, size in bytes and md5."""

    url: str
    name: str
    size: int | None
    md5: str | None


def product_ask(product: Product) -> Ask:
    """Ask what a product is, which says its version."""
    return Ask(f"{API}/products/{product.key}", source=product.source, looks=is_json, name="product.json")


def downloads_ask(product: Product) -> Ask:
    """Ask which files a product has."""
    url = f"{API}/products/{product.key}/downloads"
    return Ask(url, source=product.source, looks=is_json, name="downloads.json")


def file_ask(download: Download, product: Product, *, edition: str | None) -> Ask:
    """Ask for a file; it is sent from a signed address of another host, which is good for an hour and never kept.

    The address is the same for every edition, so that a day is as long as a copy goes unasked.
    """
    return Ask(
        download.url,
        source=product.source,
        looks=is_zip,
        md5=download.md5,
        size=download.size,
        limit=LARGEST,
        fresh_for=DAY,
        name=download.name,
        edition=edition,
    )


def read_version(path: Path) -> str | None:
    """Read a product's version, such as ``2026-08``."""
    answer = _read(path)
    version = answer.get("version") if isinstance(answer, dict) else None
    return str(version) if version else None


def choose(path: Path, product: Product) -> Download:
    """The one file of a list that is the product's.

    Raises
    ------
    ServiceError
        None is, or several are.
    """
    answer = _read(path)
    offered: Sequence[dict[str, Any]] = answer if isinstance(answer, list) else []
    hits = [
        one
        for one in offered
        if str(one.get("area", "")).casefold() == product.area.casefold()
        and str(one.get("format", "")).casefold() == product.form.casefold()
        and (product.subform is None or str(one.get("subformat", "")).casefold() == product.subform.casefold())
    ]
    if len(hits) != 1:
        kinds = sorted({f"{one.get('format')} of {one.get('area')}" for one in offered})
        found = f"{len(hits)} such files among {', '.join(kinds) or 'none'}"
        raise _fault(product, found=found, expected=f"one {product.form} of {product.area}")
    hit = hits[0]
    size = hit.get("size")
    return Download(
        url=str(hit["url"]),
        name=str(hit.get("fileName") or f"{product.key}.zip"),
        size=size if isinstance(size, int) and size > 0 else None,
        md5=str(hit["md5"]).lower() if hit.get("md5") else None,
    )


def get_product(client: Asking, product: Product) -> Got:
    """The newest file of a product.

    Raises
    ------
    ServiceError
        The API has none, or it does not come whole.
    """
    edition = read_version(client.get(product_ask(product)).path)
    chosen = choose(client.get(downloads_ask(product)).path, product)
    return client.get(file_ask(chosen, product, edition=edition))


def read_postcodes(archive: Path, bounds: tuple[float, float, float, float]) -> pd.DataFrame:
    """The postcodes of Code-Point Open that lie in a rectangle, as it has them: text, without a header.

    Parameters
    ----------
    archive
        The zip archive of the whole country.
    bounds
        West, south, east, north in metres of British National Grid: an authority and its surroundings, so that
        neighbours' centres are placed too.

    Raises
    ------
    ServiceError
        The archive has no postcodes there.
    InputError
        The archive is damaged or not to be trusted.
    """
    west, south, east, north = bounds
    parts = []
    with opened(archive) as whole:
        for one in members(whole, ".csv"):
            if "/data/csv/" not in f"/{one.filename.casefold()}":
                continue  # what stands beside them explains the columns
            with whole.open(one) as file:
                table = pd.read_csv(file, header=None, dtype="str", keep_default_na=False, encoding="utf-8")
            x, y = pd.to_numeric(table[2], errors="coerce"), pd.to_numeric(table[3], errors="coerce")
            known = x.gt(0) & y.gt(0)  # 0, 0 is no position
            parts.append(table[known & x.between(west, east) & y.between(south, north)])
    kept = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if kept.empty:
        raise _fault(
            CODE_POINT_OPEN, found=f"no postcode in {len(parts):,} files", expected="postcodes in the rectangle"
        )
    return kept


def write_postcodes(table: pd.DataFrame, path: Path) -> Path:
    """Write postcodes as Code-Point Open has them."""
    table.to_csv(path, index=False, header=False, encoding="utf-8")
    return path


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever the service sent
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        return None


def _fault(product: Product, *, found: str, expected: str) -> ServiceError:
    return ServiceError(f"OS Downloads, {product.key}", found=found, expected=expected)
