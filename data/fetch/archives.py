"""Members of zip archives, opened safely: no path out, no link, no bomb."""

from __future__ import annotations

import lzma
import shutil
import stat
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = 1 << 20
"""Bytes: what unpacks to no more may be packed as tightly as it likes."""


@dataclass(frozen=True)
class Limits:
    """What an archive may hold.

    Parameters
    ----------
    members
        How many.
    total
        Bytes of all of them, unpacked.
    ratio
        Unpacked bytes for each packed one; lists of postcodes reach about 10, of zeros 1,000.
    """

    members: int = 20_000
    total: int = 8 << 30
    ratio: float = 200.0


_USUAL = Limits()
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_ENCRYPTED = 0x41
"""The flags of a member with a password."""


@contextmanager
def opened(path: Path, limits: Limits = _USUAL) -> Iterator[zipfile.ZipFile]:
    """Open an archive, of which every member is safe to read: none unpacks to more than the archive says.

    Raises
    ------
    InputError
        It is none, it is damaged, or it holds what no publisher's archive holds.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as fault:
        raise InputError(path, expected="a zip archive", found="no such file") from fault
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError) as fault:
        raise InputError(path, expected="a whole zip archive", found="something else, or a part of one") from fault
    with archive:
        _safe(path, archive.infolist(), limits)
        try:
            yield archive
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as fault:
            raise InputError(path, expected="a whole zip archive", found="a damaged one") from fault


def members(archive: zipfile.ZipFile, *endings: str) -> list[zipfile.ZipInfo]:
    """The files in an archive whose path ends so, in upper or lower case, by path.

    Parameters
    ----------
    archive
        It.
    endings
        Such as ``.csv`` or ``Doc/Code-Point_Open_Column_Headers.csv``.
    """
    wanted = tuple(ending.casefold() for ending in endings)
    found = [one for one in archive.infolist() if not one.is_dir() and one.filename.casefold().endswith(wanted)]
    return sorted(found, key=lambda one: one.filename)


def member(archive: zipfile.ZipFile, ending: str) -> zipfile.ZipInfo:
    """The one file in an archive whose path ends so.

    Raises
    ------
    InputError
        There is none, or there are several.
    """
    found = members(archive, ending)
    if len(found) != 1:
        names = ", ".join(one.filename for one in found[:3]) or "none"
        raise InputError(archive.filename or "archive", expected=f"one member that ends in {ending}", found=names)
    return found[0]


def extract(path: Path, ending: str, folder: Path, limits: Limits = _USUAL) -> Path:
    """Write the one member whose path ends so into a folder, under its own last name, and give its path.

    Raises
    ------
    InputError
        The archive or the member is not what it should be, or there is no room.
    """
    with opened(path, limits) as archive:
        one = member(archive, ending)
        target = folder / PurePosixPath(one.filename).name
        draft = target.with_name(f".{target.name}.draft")
        try:
            with archive.open(one) as source, draft.open("wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
            draft.replace(target)
        except OSError as fault:
            found = fault.strerror or type(fault).__name__
            raise InputError(folder, expected="a folder that files can be written to", found=found) from fault
        finally:
            draft.unlink(missing_ok=True)
    return target


def _safe(path: Path, held: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(held) > limits.members:
        raise InputError(path, expected=f"at most {limits.members:,} members", found=f"{len(held):,}")
    for one in held:
        if wrong := _wrong(one, limits):
            raise InputError(
                path, expected="an archive as a publisher makes it", found=f"{wrong}, {one.filename[:60]!r}"
            )
    if (total := sum(one.file_size for one in held)) > limits.total:
        raise InputError(path, expected=f"at most {limits.total:,} bytes in it", found=f"{total:,}")


def _wrong(one: zipfile.ZipInfo, limits: Limits) -> str | None:
    """What is wrong with a member, if anything is."""
    parts = PurePosixPath(one.filename.replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
        return "a way out of the folder"
    if stat.S_ISLNK(one.external_attr >> 16):
        return "a link"
    if one.flag_bits & _ENCRYPTED:
        return "a password"
    if one.compress_type not in _PACKINGS:
        return "an unknown packing"
    return "a bomb" if one.file_size > max(SMALL, limits.ratio * one.compress_size) else None
