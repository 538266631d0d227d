"""One module a question: it asks `geo` and returns frozen answers with their sentences.

A notebook has what it needs from here: ``from layers.answers import Question, answer, place``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.place import find_place as place
    from layers.answers.comparison import compare_from_files as compare
    from layers.answers.ledger import LedgerQuestion, answer_ledger
    from layers.answers.new_sites import answer_siting as site
    from layers.answers.question import Question, answer, ground

__all__ = ["LedgerQuestion", "Question", "answer", "answer_ledger", "compare", "ground", "place", "site"]

_WHERE = {
    "place": ("data.place", "find_place"),
    "Question": ("layers.answers.question", "Question"),
    "answer": ("layers.answers.question", "answer"),
    "ground": ("layers.answers.question", "ground"),
    "LedgerQuestion": ("layers.answers.ledger", "LedgerQuestion"),
    "answer_ledger": ("layers.answers.ledger", "answer_ledger"),
    "compare": ("layers.answers.comparison", "compare_from_files"),
    "site": ("layers.answers.new_sites", "answer_siting"),
}


def __getattr__(name: str) -> object:
    """Import a name when somebody asks for it: who wants one module need not wait for all."""
    if name not in _WHERE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    module, own = _WHERE[name]
    return getattr(import_module(module), own)
