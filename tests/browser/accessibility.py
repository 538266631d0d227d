"""Whether everybody can use a page, as axe-core sees it: WCAG 2.2 to level AA, headings in order."""

from __future__ import annotations

from importlib.resources import files

_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {name: {"enabled": True} for name in ("heading-order", "page-has-heading-one")},
    "resultTypes": ["violations"],
    "iframes": False,  # each is looked at by itself
}
_SERIOUS = {"moderate", "serious", "critical"}


def faults(page) -> list[tuple[str, str]]:
    """What axe finds in the page and its frames that is more than minor: the rule and the element."""
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    found = []
    for frame in page.frames:
        if not frame.url.startswith(("http", "file")):
            continue
        frame.evaluate(f"() => {{ if (!window.axe) {{ {axe} }} }}")
        within = _RULES | ({"rules": {}} if frame.parent_frame else {})  # a frame need not begin with a title
        said = frame.evaluate("(rules) => axe.run(document, rules)", within)
        found += [
            (fault["id"], node["html"][:150])
            for fault in said["violations"]
            if fault["impact"] in _SERIOUS
            for node in fault["nodes"]
        ]
    return found
