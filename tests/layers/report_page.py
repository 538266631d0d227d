"""The page Reports, opened and read."""

from __future__ import annotations

import re

from tests.layers.reading import html

PAGE = "layers/pages/reports.py"


WARD, WARD_NAME = "E05013374", "Haylands & Swanmore"


ONE, TWO = "E01017282", "E01017306"


def title(at) -> str:
    return re.search(r"<h2>(.*?)</h2>", html(at)).group(1).replace("&#x27;", "'").replace("&amp;", "&")


def figures(at) -> dict[str, str]:
    body = next(one.body for one in at.html if "<caption>Headlines" in one.body)
    pairs = re.findall(r"<th scope='row'>(.*?)</th><td>(.*?)</td>", body)
    return {what.replace("&#x27;", "'"): said for what, said in pairs}


def buttons(at) -> list[str]:
    return [one.proto.label for one in at.get("download_button")]


def on_page(at) -> dict[str, str]:
    """The address, apart from the place."""
    return {key: text for key, text in at.query_params.items() if key != "place"}
