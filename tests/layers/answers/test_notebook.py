"""What the README gives a notebook user runs, and says what the command line says."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest

import layers.answers
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The README's lines for a notebook."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    return [line for line in snippet.splitlines() if line]


def test_three_lines_give_the_answer_of_the_command_line(lines, run):
    assert len(lines) == 3
    assert lines[0].startswith("from layers.answers import ")
    known: dict[str, object] = {}
    exec("\n".join(lines[:2]), known)
    first = eval(lines[2], known)
    _, out, _ = run("gaps", "isle-of-wight")
    table = pd.read_csv(io.StringIO(out), index_col="area_code")
    gaps = known["found"].gaps
    assert round(gaps["under5_beyond"].sum()) == round(table["under5_beyond"].sum()) > 0
    assert list(first.index) == list(table.sort_values("gap_rank").index[:5])


def test_every_name_is_there():
    assert set(layers.answers.__all__) == set(layers.answers._WHERE)
    for name in layers.answers.__all__:
        assert callable(getattr(layers.answers, name)), name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        layers.answers.nothing  # noqa: B018
