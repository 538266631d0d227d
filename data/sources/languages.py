"""Which main languages people have, by output area: Census 2021."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.sources.delimited import codes, numbers, read_delimited, refuse_duplicates, require_columns
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_CODE: Sequence[str] = ("oa21cd", "oa21_code")
_ENGLISH = "English"
_TOO_YOUNG = "Does not apply"
"""Children under three, of whom it was not asked."""


def read_languages(path: Path) -> pd.DataFrame:
    """Read how many people of each output area have which main language.

    Source: Office for National Statistics, Census 2021, main language (26 categories), aged 3 and over.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``oa_code``: a column a language or group of languages (float, people aged 3 and over; NaN where the
        publisher holds them back), by `plain_name`.

    Raises
    ------
    InputError
        A code is ill-formed or stands twice, a count is none, or the file has no column of English.
    """
    frame = read_delimited(path)
    cells = require_columns(frame, source=path, columns={"oa_code": _CODE})
    oa_codes = codes(
        cells,
        "oa_code",
        source=path,
        pattern=r"[EW]00[0-9]{6}",
        expected="an output area code such as E00000001",
    )
    refuse_duplicates(cells, "oa_code", source=path)
    groups = [str(name) for name in frame.columns if str(name).casefold() not in {*_CODE, _TOO_YOUNG.casefold()}]
    if not any(name.startswith(_ENGLISH) for name in groups):
        found = f"only {', '.join(map(repr, groups[:4])) or 'codes'}"
        raise InputError(path, row=1, expected="a column for English, and for other languages", found=found)
    table = pd.DataFrame({plain_name(name): numbers(frame, name, source=path, low=0) for name in groups})
    return table.set_index(pd.Index(oa_codes, name="oa_code"))


def plain_name(group: str) -> str:
    """What a group of languages is called in a sentence.

    ``Other European language (EU): Polish`` is "Polish", ``South Asian language: Any other South Asian languages`` is
    "other South Asian languages", ``English (English or Welsh if in Wales)`` is "English".
    """
    name = group.rpartition(": ")[2].partition(" (English or Welsh")[0].strip()
    return name.removeprefix("Any ") if name.startswith("Any other") else name
