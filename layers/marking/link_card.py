"""A card to print with a group's link and QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.html import escape
from layers.marking.links import code_of

if TYPE_CHECKING:
    from data.store.groups import NewLink

HOW_TO = (
    "Scan the square with the camera of your phone, or type the address into its browser.",
    "Say what it is, where it is, when and for whom. It takes about two minutes, and needs no account.",
    "A moderator looks at it before others see it. Write no telephone numbers, e-mail addresses or names of children.",
)


def card(link: NewLink, *, group: str, place: str, url: str) -> str:
    """A page to print and hand out, which needs nothing else.

    Parameters
    ----------
    link
        As it was made.
    group, place
        What they are called; plain text.
    url
        The address of the link, as `layers.marking.links.address_of` gives it.
    """
    label = f"<p class='label'>{escape(link.link.label)}</p>" if link.link.label else ""
    steps = "".join(f"<li>{escape(step)}</li>" for step in HOW_TO)
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(group)}: put a place on the map</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Put a place on the map</h1>
<p class="group"><bdi>{escape(group)}</bdi>, {escape(place)}</p>
{label}
<div class="code" role="img" aria-label="QR code of the address below">{code_of(url)}</div>
<p class="url">{escape(url)}</p>
<ol>{steps}</ol>
<dl>
<div><dt>Code for paper sheets</dt><dd>{escape(link.code)}</dd></div>
<div><dt>Valid until</dt><dd>{link.link.expires:%-d %B %Y}</dd></div>
</dl>
<p class="small">Whoever has this card can add places for the group until that day, and can do nothing else. If it gets
into the wrong hands, ask the group to withdraw it.</p>
</main>
</body>
</html>
"""


_STYLE = """
*{box-sizing:border-box}
body{font:16px/1.45 system-ui,sans-serif;color:#14213d;margin:0;background:#fff}
main{max-width:32rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.7rem;margin:0 0 .25rem}
.group{font-size:1.2rem;font-weight:600;margin:0;overflow-wrap:anywhere}
.label{margin:.25rem 0 0;color:#4b4f55;overflow-wrap:anywhere}
.code{margin:1rem auto;width:min(60vw,9cm)}
.code svg{display:block;width:100%;height:auto}
.url{font-family:ui-monospace,monospace;font-size:.85rem;overflow-wrap:anywhere;margin:0 0 1rem}
ol{padding-left:1.3rem}
dl{display:flex;flex-wrap:wrap;gap:.5rem 2.5rem}
dl div{margin:0}
dt{font-size:.875rem;color:#4b4f55}
dd{margin:0;font-size:1.3rem;font-weight:600;letter-spacing:.04em}
.small{font-size:.875rem;color:#4b4f55}
@media print{main{max-width:none;padding:0}body{margin:1cm}}
"""
