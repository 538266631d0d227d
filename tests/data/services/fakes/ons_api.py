"""ONS's service of Census tables as it answers: an observation a cell, too many areas refused, some held back."""

from __future__ import annotations

from data.services.ons_api import LANGUAGES
from tests.data.services.fakes.files import said
from tests.servers.scripted import Answer

CATEGORIES = {
    "-8": "Does not apply",
    "1": "English (English or Welsh if in Wales)",
    "4": "French",
    "7": "Other European language (EU): Polish",
    "14": "South Asian language: Any other South Asian languages",
}


def rows(counts, *, held_back=(), most=200):
    """What is answered: a function of what was asked.

    Parameters
    ----------
    counts
        People by category (in the order of `CATEGORIES`), by output area.
    held_back
        Areas of which nothing is told, as too few people live there.
    most
        Areas above which the answer is refused.
    """

    def answer(asked):
        kind, *areas = asked["area-type"].split(",")
        if kind != "oa" or len(areas) > most:
            return Answer(b'{"errors":["Too many rows returned"]}', status=403, kind="application/json")
        cells = [
            {
                "dimensions": [
                    {"dimension": "Output Areas", "dimension_id": "oa", "option": area, "option_id": area},
                    {"dimension": "Main language", "dimension_id": LANGUAGES, "option": name, "option_id": key},
                ],
                "observation": people,
            }
            for area in areas
            if area in counts and area not in held_back
            for (key, name), people in zip(CATEGORIES.items(), counts[area], strict=True)
        ]
        blocked = len(set(areas) & set(held_back))
        return said({"observations": cells, "total_observations": len(cells), "blocked_areas": blocked})

    return answer
