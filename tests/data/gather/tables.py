"""Whether two places have the same tables."""

from __future__ import annotations

import pandas as pd

TABLES = ("areas", "origins", "centres", "network", "gazetteer", "play_spaces", "backdrop", "built_up")


def same_tables(one, other, *, but=()):
    for name in TABLES:
        paths = [place.folder / f"{name}.parquet" for place in (one, other)]
        assert paths[0].exists() == paths[1].exists(), name
        if paths[0].exists():
            left, right = (pd.read_parquet(path).drop(columns=list(but), errors="ignore") for path in paths)
            pd.testing.assert_frame_equal(left, right, check_dtype=False)
