"""Main languages by output area from ONS's service of Census tables made to order."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.fetch.ask import Ask, NotYet, is_json
from data.services.arcgis import batches
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from data.services.alternatives import Asking

API = "https://api.beta.ons.gov.uk/v1/population-types/UR/census-observations"
LANGUAGES = "main_language_detailed_26a"
"""26 groups of languages, of which most are one language; finer ones are not told of areas this small."""

AREAS_A_CALL = 150
"""Areas in one list: above 200 programs met status 403, and all areas at once are refused as too many rows."""

_SOURCE = "languages"


def languages_ask(output_areas: Iterable[str]) -> Ask:
    """Ask for the languages of some output areas."""
    wanted = ",".join(["oa", *output_areas])
    return Ask(
        API,
        source=_SOURCE,
        query={"area-type": wanted, "dimensions": LANGUAGES},
        looks=is_json,
        check=_check,
        name="languages.json",
        fresh_for=None,  # the Census is what it is
    )


def _check(path: Path) -> None:
    answer = _read(path)
    if answer is None:
        raise NotYet(found="JSON that is cut short")
    if answer.get("errors") or "observations" not in answer:
        said = "; ".join(map(str, answer.get("errors") or ["an answer without observations"]))
        raise _fault(found=said, expected="observations")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        answer = json.loads(path.read_bytes())
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def read_observations(path: Path) -> tuple[pd.DataFrame, int]:
    """Read an answer.

    Returns
    -------
    tuple
        Table indexed by output area (``oa21cd``), a column a group of languages in the publisher's words and order
        (people, int); how many areas were held back, as too few people live there.

    Raises
    ------
    ServiceError
        An observation is not of an area and a language.
    """
    answer = _read(path) or {}
    cells = pd.json_normalize(answer.get("observations") or [], record_path="dimensions", meta="observation")
    if cells.empty:
        return pd.DataFrame(index=pd.Index([], name="oa21cd")), int(answer.get("blocked_areas") or 0)
    of_language = cells["dimension_id"] == LANGUAGES
    areas, languages = cells[~of_language].reset_index(drop=True), cells[of_language].reset_index(drop=True)
    if len(areas) != len(languages):
        raise _fault(found="observations without an area or a language", expected="one of each")
    rows = pd.DataFrame(
        {
            "oa21cd": areas["option_id"],
            "order": pd.to_numeric(languages["option_id"], errors="coerce"),
            "language": languages["option"],
            "people": pd.to_numeric(languages["observation"]),
        }
    )
    order = rows.drop_duplicates("language").sort_values("order")["language"]
    table = rows.pivot_table(index="oa21cd", columns="language", values="people", aggfunc="sum")
    return table.reindex(columns=list(order)).rename_axis(columns=None), int(answer.get("blocked_areas") or 0)


def read_languages(client: Asking, output_areas: Iterable[str]) -> pd.DataFrame:
    """How many people in each output area have which main language.

    Source: Office for National Statistics, Census 2021, main language (26 categories).

    Returns
    -------
    pandas.DataFrame
        ``oa21cd`` and a column a group of languages, in the publisher's words; areas that are held back are blank.

    Raises
    ------
    ServiceError
        It does not answer, or leaves areas out that it does not say it holds back.
    """
    wanted = sorted(set(output_areas))
    parts, held_back = [], 0
    for some in batches(wanted, size=AREAS_A_CALL):
        table, blocked = read_observations(client.get(languages_ask(some)).path)
        parts.append(table)
        held_back += blocked
    filled = [part for part in parts if len(part)]
    whole = pd.concat(filled) if filled else pd.DataFrame(index=pd.Index([], name="oa21cd"))
    missing = len(set(wanted).difference(whole.index))
    if missing > held_back or whole.empty:
        found = f"nothing for {missing:,} of {len(wanted):,} areas, of which it holds back {held_back:,}"
        raise _fault(found=found, expected="each area that is not held back")
    return whole.reindex(pd.Index(wanted, name="oa21cd")).astype("Int64").reset_index()


_fault = partial(ServiceError, "ONS API, main languages")
