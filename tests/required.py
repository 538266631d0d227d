"""What a test does where the machine lacks something."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(word: str, what: str) -> NoReturn:
    """Skip; where the word is among those of ``PRAMSHED_TEST_REQUIRE`` (the pipeline's), fail.

    Parameters
    ----------
    word
        ``browser``, ``nginx``, ``postgis``, ``poppler`` or ``libreoffice``; the pipeline asks for all but the last.
    what
        What the machine lacks, in words.
    """
    if word in os.environ.get("PRAMSHED_TEST_REQUIRE", "").replace(",", " ").split():
        pytest.fail(f"{what}, and PRAMSHED_TEST_REQUIRE asks for it")
    pytest.skip(what)
