"""What everybody may read of the store: the published marks and their photos."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import select

from data.store.schema import photos, published, revisions
from geo.crs import BNG
from geo.tables import Marks, check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from data.store.database import Database


_COLUMNS = [name for name in Marks.to_schema().columns if name != "geometry"]


class PublicMarks:
    """What anybody may ask; it reads the public copy and nothing else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self, place: str) -> gpd.GeoDataFrame:
        """Return the published marks of a place.

        Parameters
        ----------
        place
            Key of the place.

        Returns
        -------
        GeoDataFrame
            As `geo.tables.Marks`, ordered by id; empty where there are none.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                select(published).where(published.c.place == place).order_by(published.c.mark_id)
            ).all()
        return table_of(rows)

    def revision(self, place: str) -> int:
        """Return a number that goes up whenever the published marks of a place change; 0 where there never were any."""
        with self._database.reading() as connection:
            return connection.execute(select(revisions.c.number).where(revisions.c.place == place)).scalar() or 0

    def photo(self, mark_id: str) -> bytes | None:
        """Return the JPEG of a published mark; None where there is none."""
        with self._database.reading() as connection:
            return connection.execute(
                select(photos.c.jpeg)
                .join(published, published.c.mark_id == photos.c.mark_id)
                .where(photos.c.mark_id == mark_id)
            ).scalar()


def table_of(rows: Sequence[Row[Any]]) -> gpd.GeoDataFrame:
    """Rows of `schema.published` as `geo.tables.Marks`."""
    return _checked(rows) if rows else _none().copy()


@cache
def _none() -> gpd.GeoDataFrame:
    """No marks: the same wherever there are none, and most places have none nearby."""
    return _checked(())


def _checked(rows: Sequence[Row[Any]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame([row._mapping for row in rows], columns=published.columns.keys()).set_index("mark_id")  # noqa: SLF001
    geometry = shapely.from_wkb(table["wkb"].to_numpy(object)) if len(table) else []
    for name in ("approved", "confirmed"):
        table[name] = pd.to_datetime(table[name], utc=True).dt.tz_localize(None).dt.normalize()
    found = gpd.GeoDataFrame(table[_COLUMNS], geometry=gpd.GeoSeries(geometry, index=table.index, crs=BNG))
    checked: gpd.GeoDataFrame = check(Marks, found, "the published marks")
    return checked
