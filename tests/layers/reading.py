"""What is on a page of the app, read the way a person would."""

from __future__ import annotations

import re

import pandas as pd


def html(at) -> str:
    """All that is on the page as HTML of our own, style sheets apart."""
    return "\n".join(one.body for one in at.html if not one.body.startswith("<style>"))


def markdown(at) -> str:
    """All that is on the page as Markdown."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "error", "success", "info", "button")
    return "\n".join(str(getattr(one, "value", "") or one.label) for kind in kinds for one in at.get(kind)) + "\n".join(
        button.label for button in at.button
    )


def words(at) -> str:
    """All that is on the page, as plain text."""
    return re.sub(r"<[^>]+>", " ", html(at)) + markdown(at).replace("\\", "")


def headline(at) -> str:
    return re.search(r"<p class='pramshed-headline'>(.*?)</p>", html(at)).group(1).replace("&#x27;", "'")


def card(at) -> dict[str, str]:
    """The facts on the card of the chosen area."""
    body = next(one.body for one in at.html if "<caption>The walk and who lives here" in one.body)
    return dict(re.findall(r"<th scope='row'>(.*?)</th><td>(.*?)</td>", body))


def heading(at) -> str:
    return next(one.body for one in at.html if one.body.startswith("<h2>"))


def listed(at) -> pd.DataFrame:
    return at.dataframe[0].value
