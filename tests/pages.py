"""The documentation as text: its pages, and what to look for in them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from docs.generate import BEGINS, ENDS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FIRST_SCREEN = README.split("\n## ")[0]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "static" / "README.md", *ROOT.glob("data/sample/*/README.md")]
)
TEXT = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in PAGES}
COMMANDS = TEXT["docs/command-line.md"]
DAY = date(2026, 1, 30)
"""The day of the bundled place's register."""


def names(text, word):
    """Whether a text has the word, not merely a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def by_hand(page):
    """What of a page is written by hand."""
    before, _, rest = TEXT[page].partition(BEGINS)
    return before + rest.partition(ENDS)[2]


def paragraphs(text):
    """A text with its line breaks and bold marks gone, so that a phrase is found wherever it was broken."""
    return " ".join(text.replace("**", "").split())


def written():
    """The scenario that the page of the command line shows."""
    (text,) = re.findall(r"```json\n(.*?)```", COMMANDS, re.DOTALL)
    return text
