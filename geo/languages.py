"""Who speaks a language near a site: people by main language, in proportion to the residents who live near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.homes import Homes

    Floats = NDArray[np.float64]


def share_of_residents(homes: Homes, residents: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """What share of each area's residents live in chosen homes, 0 to 1; (areas,).

    Parameters
    ----------
    homes
        The homes and their areas.
    residents
        Of each home; where an area's are not known, its homes count alike. (homes,)
    chosen
        Which homes. (homes,)
    """
    known = np.nan_to_num(homes.total(np.nan_to_num(residents))) > 0
    weight = np.where(known[homes.area], np.nan_to_num(residents), 1.0)
    whole, some = homes.total(weight), homes.total(weight * chosen)
    return np.divide(some, whole, out=np.zeros(len(whole)), where=whole > 0)


def people_near(languages: pd.DataFrame, share: pd.Series[float]) -> pd.Series[float]:
    """How many people of each main language live near: those of each area, in proportion to its residents who do.

    Parameters
    ----------
    languages
        As `geo.tables.Languages`. An area whose number is held back counts for nobody.
    share
        Of each area's residents, by area code: an area that is not there counts for nobody.

    Returns
    -------
    Series
        By language, in the order of the table; missing where no area's number is known.
    """
    near = languages["people"] * languages["area_code"].map(share)
    found = near.groupby(languages["language"], sort=False).sum(min_count=1)
    return found.rename("people")
