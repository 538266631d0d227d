"""Row headers in a tagged PDF: the cell that names a row becomes a header cell, which typst has no way to say.

A structure element stands in the file as plain bytes. Each change is as long as what it replaces, so that every offset
in the file still holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL = re.compile(rb"/S/TD(/P \d+ 0 R/A\[<</O/Table)(/Headers\[\(U(\d+)x(\d+)y0\)\])")
"""A data cell as typst writes it, with the table's number and the column's in the name of its header."""


def with_row_headers(document: bytes, heads: Sequence[int | None]) -> bytes:
    """A document whose tables say which cell names each row.

    Parameters
    ----------
    document
        As typst writes it.
    heads
        The column that names the rows, of each table in the order of the document; None where none does.
    """
    tables = sorted({int(number) for _, _, number, _ in _CELL.findall(document)})
    named = dict(zip(tables, heads, strict=False))

    def cell(found: re.Match[bytes]) -> bytes:
        head = named.get(int(found[3]))
        if head is None:
            return found[0]
        # a list of headers would hide the row's own; with none, each cell is under its column's and beside its row's
        kind, scope = (b"/S/TH", b"/Scope/Row") if int(found[4]) == head else (b"/S/TD", b"")
        return kind + found[1] + scope.ljust(len(found[2]))

    return _CELL.sub(cell, document)
