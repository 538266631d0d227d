"""What a worker of all wards begins with in the tests: maps as coarse as can be, and then what it always does."""

from __future__ import annotations

from layers.reports import all_wards, pack

DPI = 40


def start(work, stop) -> None:
    """Begin as every worker does, which draws maps of few dots from then on."""
    pack.PRINT_DPI = DPI
    all_wards._start(work, stop)
