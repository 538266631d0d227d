"""Distances and times that guidance names as near enough, each with its source; and how many children live beyond."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import RequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.profiles import WalkProfile

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """The longest acceptable walk as somebody names it: by its length, or by its time.

    Parameters
    ----------
    name
        As it is said: "800 m".
    source
        Who names it, and for what; empty where nobody we know of does.
    metres, minutes
        One of the two, the other missing.
    """

    name: str
    source: str = ""
    metres: float | None = None
    minutes: float | None = None

    def minutes_for(self, walker: WalkProfile) -> float:
        """Minutes that a walker needs for it on level ground."""
        if self.metres is None:
            return float(self.minutes or 0)
        return self.metres * 60 / (walker.speed_kmh * 1000)  # exact where the speed is, so that 1,000 m is 15


NAMED = MappingProxyType(
    {
        "400m": Threshold(
            name="400 m", metres=400, source="the walk to a local equipped area for play (LEAP), Fields in Trust"
        ),
        "800m": Threshold(
            name="800 m", metres=800, source="facilities within 800 m of all homes, Active Travel England"
        ),
        "1000m": Threshold(
            name="1,000 m", metres=1000,
            source="15 minutes' walk, Natural England; a neighbourhood equipped area for play (NEAP), Fields in Trust",
        ),
        "30min": Threshold(
            name="30 minutes", minutes=30, source="the walk to a family hub, London Borough of Hillingdon"
        ),
        "2500m": Threshold(
            name="2.5 km", metres=2500,
            source="children who lived so near a Sure Start centre gained from it, Institute for Fiscal Studies",
        ),
    }
)  # fmt: skip
"""By the short key that links use, the shortest first with a pram."""

_SAID = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(m|metres|km|min|minutes)?", re.ASCII)
_METRES = {"m": 1, "metres": 1, "km": 1000}


def threshold_of(text: str) -> Threshold:
    """Read a threshold: minutes, if it is a bare number, or a number with a unit.

    Parameters
    ----------
    text
        "15", "30 minutes", "800 m", "2.5 km".

    Raises
    ------
    RequestError
        It is none of these.
    """
    said = _SAID.fullmatch(text.strip().casefold())
    if said is None:
        with suppress(ValueError):  # what is no time is for the question to refuse
            return Threshold(name=text, minutes=float(text))
        names = ", ".join(each.name for each in NAMED.values())
        message = f"{text[:40]!r} is no walk: give minutes, such as 15, or a distance; guidance names {names}"
        raise RequestError(message)
    number, unit = float(said[1].replace(",", "")), said[2] or "minutes"
    metres = number * _METRES[unit] if unit in _METRES else None
    minutes = number if metres is None else None
    same = (each for each in NAMED.values() if (each.metres, each.minutes) == (metres, minutes))
    return next(same, Threshold(name=f"{number:,g} {unit}", metres=metres, minutes=minutes))


def named_at(minutes: float, walker: WalkProfile) -> Threshold | None:
    """The threshold of `NAMED` that is so many minutes for a walker; None where none is."""
    return next((each for each in NAMED.values() if np.isclose(each.minutes_for(walker), minutes)), None)


def beyond_each(minutes: Floats, children: Floats, walker: WalkProfile) -> pd.DataFrame:
    """How many children live beyond each threshold of `NAMED`.

    Parameters
    ----------
    minutes
        The walk from each home; infinite or missing where there is no way, which is beyond all. (homes,)
    children
        Of each home, 0 where its walk is not known; missing throughout where none are known. (homes,)
    walker
        Who walks.

    Returns
    -------
    DataFrame
        Index ``threshold`` (the name): ``minutes``, ``beyond`` (children), ``share`` of all of them, and ``source``.
        The last two counts are missing where no children are known.
    """
    limits = np.array([each.minutes_for(walker) for each in NAMED.values()])
    far = ~(minutes[:, None] <= limits)
    total = children.sum()
    beyond = children @ far if total > 0 else np.full(len(limits), np.nan)
    return pd.DataFrame(
        {
            "minutes": limits,
            "beyond": beyond,
            "share": beyond / total,
            "source": [each.source for each in NAMED.values()],
        },
        index=pd.Index([each.name for each in NAMED.values()], name="threshold"),
    )
