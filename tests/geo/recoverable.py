"""What somebody who knows linear algebra works out of published tables."""

from __future__ import annotations

import numpy as np


def recoverable(cells, totals, members) -> tuple[np.ndarray, np.ndarray]:
    """Which of the cells and totals that are kept back follow from all that is shown, by adding and subtracting.

    One does if it lies in the row space of the shown totals over the cells that are kept back.

    Parameters
    ----------
    cells, totals
        Which are kept back, shape (cells,) and (totals,).
    members
        As for `geo.disclosure.kept_back`, without the cells that are not known.
    """
    hidden, gone, held = np.asarray(cells, bool), np.asarray(totals, bool), np.asarray(members, float)
    _, size, right = np.linalg.svd(held[~gone][:, hidden], full_matrices=False)
    space = right[size > 1e-7]
    found = np.zeros_like(hidden), np.zeros_like(gone)
    for each, which, rows in ((found[0], hidden, np.eye(hidden.sum())), (found[1], gone, held[gone][:, hidden])):
        each[which] = np.linalg.norm(rows - rows @ space.T @ space, axis=1) < 1e-7
    return found
