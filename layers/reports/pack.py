"""A report as files: a pack of all its forms, or one of them; written whole or not at all."""

from __future__ import annotations

import io
import os
import sqlite3
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PIL import Image
from pyogrio.errors import DataSourceError

from geo.errors import RequestError
from layers.files.drafts import put
from layers.reports.run_json import run_of, run_text
from layers.reports.writers.csv_geojson import csv_of, dictionary_of, figures_csv_of, geojson_of
from layers.reports.writers.geopackage import geopackage_of
from layers.reports.writers.html import html_of
from layers.reports.writers.pdf import PICTURE_MM, pdf_of
from layers.reports.writers.print_map import credited, draw
from layers.reports.writers.print_map.sheet import COMPRESSION
from layers.reports.writers.xlsx import workbook_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from layers.reports.report import Report

PRINT_DPI = 300
"""Dots to the inch of a map on paper; a web page has half as many."""

GEOJSON = ("neighbourhoods", "changes")
"""Tables that a pack has as GeoJSON too; the GeoPackage has all that have a place on the map."""

ENDINGS = (".zip", ".pdf", ".html", ".xlsx", ".gpkg", ".geojson", ".json")
"""What one file of a report may end in; a name without an ending is a folder's."""

T = TypeVar("T")
_FIRST_YEAR = 1980  # of the calendar of a zip


def pictures_of(report: Report) -> dict[str, bytes]:
    """The maps drawn for print, PNG by their key; of the credits the first, for a document has all at its end."""
    width, height = PICTURE_MM
    return {
        key: draw(plan, width_mm=width, height_mm=height, dpi=PRINT_DPI, credits=report.credits[:1])
        for key, plan in report.maps.items()
    }


def for_screen(printed: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same maps with half the dots each way: a quarter of the work of drawing them again."""
    found = {}
    for key, picture in printed.items():
        content = io.BytesIO()
        Image.open(io.BytesIO(picture)).reduce(2).save(content, "PNG", compress_level=COMPRESSION)
        found[key] = content.getvalue()
    return found


def files_of(report: Report) -> dict[str, bytes]:
    """Every form of a report, by its path within the pack; the same bytes for the same report.

    Raises
    ------
    RequestError
        There is no room for the drafts of a file.
    """
    return _made(lambda: _files_of(report))


def _files_of(report: Report) -> dict[str, bytes]:
    printed = pictures_of(report)
    files = {
        "README.txt": readme_of(report).encode("utf-8-sig"),
        "report.pdf": pdf_of(report, printed),
        "report.html": html_of(report, for_screen(printed)),
        "tables.xlsx": workbook_of(report),
        "layers.gpkg": geopackage_of(report),
    }
    files |= {f"{key}.geojson": geojson_of(report.tables[key], report) for key in _on_the_map(report)}
    files |= {"tables/figures.csv": figures_csv_of(report), "tables/about.txt": dictionary_of(report)}
    files |= {f"tables/{key}.csv": csv_of(table) for key, table in report.tables.items()}
    files |= {
        f"maps/{key}.png": credited(picture, report.credits, width_mm=PICTURE_MM[0]) for key, picture in printed.items()
    }
    return files | {"run.json": run_text(report).encode()}


def _on_the_map(report: Report) -> list[str]:
    return [key for key in GEOJSON if key in report.tables and report.tables[key].geometry is not None]


def zip_of(files: Mapping[str, bytes], *, folder: str, day: date) -> bytes:
    """Files in a zip, the same bytes for the same files.

    Parameters
    ----------
    files
        By their path.
    folder
        The folder that they lie in within the zip.
    day
        The day that all of them are given, for a zip has no file without one.
    """
    stamp = (max(day.year, _FIRST_YEAR), day.month, day.day, 0, 0, 0)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, data in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", stamp)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as Unix has it: all may read, we write
            entry.compress_type = zipfile.ZIP_STORED if name.endswith((".png", ".xlsx")) else zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)
    return content.getvalue()


def file_of(report: Report, ending: str) -> bytes:
    """One form of a report.

    Parameters
    ----------
    report
        What is written.
    ending
        Of `ENDINGS`.

    Raises
    ------
    RequestError
        There is no such form, or no room for its draft.
    """
    forms: dict[str, Callable[[], bytes]] = {
        ".zip": lambda: zip_of(files_of(report), folder=report.key, day=report.request.question.day),
        ".pdf": lambda: pdf_of(report, pictures_of(report)),
        ".html": lambda: html_of(report, for_screen(pictures_of(report))),
        ".xlsx": lambda: workbook_of(report),
        ".gpkg": lambda: geopackage_of(report),
        ".geojson": lambda: geojson_of(report.tables["neighbourhoods"], report),
        ".json": lambda: run_text(report).encode(),
    }
    if ending not in forms:
        raise RequestError(_NO_FORM.format(ending or "nothing"))
    return _made(forms[ending])


_NO_FORM = f"{{}}: a report can be written as {', '.join(ENDINGS)}, or to a folder, whose name has no ending"


def _made(make: Callable[[], T]) -> T:
    """What is made in the folder for drafts; a full disk there is said in one line."""
    try:
        return make()
    except (OSError, sqlite3.Error, DataSourceError) as fault:
        said = getattr(fault, "strerror", None) or str(fault)
        message = f"{tempfile.gettempdir()}: the report's files cannot be drafted there: {said}"
        raise RequestError(message) from fault


def require_target(path: Path) -> None:
    """Refuse what a report cannot be written to; ask before a long answer is worked out.

    Raises
    ------
    RequestError
        The ending is none of `ENDINGS`, a folder or file is in the way, or the folder above is not there or cannot be
        written.
    """
    ending = path.suffix.lower()
    if ending and ending not in ENDINGS:
        raise RequestError(_NO_FORM.format(path.name))
    if ending and path.is_dir():
        message = f"{path}: a folder already has that name"
        raise RequestError(message)
    if not ending:
        require_room(path)
    elif not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        message = f"{path.parent}: not a folder that can be written to"
        raise RequestError(message)


def require_room(folder: Path) -> None:
    """Refuse a folder that cannot be made, or that has something in it already.

    Raises
    ------
    RequestError
        It is there, and is no empty folder; or the folder above cannot be written.
    """
    above = folder.absolute().parent
    if folder.is_dir() and not any(folder.iterdir()):
        pass
    elif folder.exists() or folder.is_symlink():
        what = "a folder that is not empty" if folder.is_dir() else "a file"
        message = f"{folder}: {what} already has that name; choose another, or remove it"
        raise RequestError(message)
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        message = f"{above}: not a folder that can be written to"
        raise RequestError(message)


def write(report: Report, path: Path) -> None:
    """Write a report, whole or not at all: in the form of the file's ending, or all forms to a new folder.

    Parameters
    ----------
    report
        What is written.
    path
        A file ending in one of `ENDINGS`, or a folder that is not there yet.

    Raises
    ------
    RequestError
        As `require_target`; or there is no room.
    """
    require_target(path)
    ending = path.suffix.lower()
    made = file_of(report, ending) if ending else files_of(report)
    put(path, lambda draft: draft.write_bytes(made) if isinstance(made, bytes) else write_files(made, draft))


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, by their path within it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def readme_of(report: Report) -> str:
    """What each file of a pack is, for whom; whose data it is; how to have the same numbers again."""
    basis, found = report.basis, run_of(report)
    about = {
        "report.pdf": "the report to read and to print",
        "report.html": "the same as a web page; it needs no network and works with a screen reader",
        "tables.xlsx": "every table as a sheet, with what the columns mean",
        "tables/": "the same tables as CSV, one a file; about.txt says what the columns mean",
        "layers.gpkg": "the tables with their outlines and points for a GIS; QGIS opens them coloured",
        **{f"{key}.geojson": f"for web maps: {report.tables[key].title}" for key in _on_the_map(report)},
        "maps/": f"the maps as pictures, {PRINT_DPI} dots to the inch, for documents of your own",
        "run.json": "what was asked and every number, for those who check the report",
    }
    width = max(map(len, about))
    lines = [report.title, report.subtitle, "", report.answer, *report.gravest, "", "The files"]
    lines += [f"  {name:<{width}}  {what}" for name, what in about.items()]
    lines += [
        "", "The same numbers again",
        f"  python cli.py replay run.json --place {basis.place}",
        f"  python cli.py replay run.json --place FOLDER/{basis.place}    (where the place is a folder of its own)",
        "  makes the report again with Pramshed and says whether every number is the same; if not, it lists what",
        "  changed. It needs the place: built from the files that the table of sources names, it has the fingerprint",
        f"  {basis.fingerprint}. This report is {found['hash']}.",
    ]  # fmt: skip
    if more := [line for line in report.cautions if line not in report.gravest]:
        lines += ["", "Be careful", *(f"  {line}" for line in more)]
    if report.credits:
        lines += ["", "Whose data it is", *(f"  {line}" for line in report.credits)]
    return "\r\n".join([*lines, ""])
