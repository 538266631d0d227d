"""What all pages share: the style, the headline, the credits, messages when something cannot be shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from layers.html import html_lines, plain

if TYPE_CHECKING:
    from data.place import Place
    from geo.errors import InputError


def style() -> None:
    """How the page looks; no data in it."""
    st.html(_STYLE)


def headline(text: str) -> None:
    """The answer in a sentence; and where the controls are, on a screen too narrow to show them."""
    where = "To change the place, where to, who walks and how long: open the menu » at the top left."
    st.html(html_lines([text], name="pramshed-headline") + html_lines([where], name="pramshed-hint"))


def show_chart(text: str) -> None:
    """A chart that was drawn up before."""
    st.vega_lite_chart(json.loads(text), width="stretch")


def attribution(place: Place, *more: str) -> None:
    """Whose data it is; ``more`` are further lines, plain text."""
    st.html(html_lines([" · ".join([*place.card.attributions, *more])], kind="footer", name="pramshed-reason"))


def fault(message: str, place: Place) -> None:
    """What is wrong with a place, in one line, without the folders of the machine."""
    said = message.replace(f"{place.folder}/", "").replace(str(place.folder), place.card.name)
    st.error(
        f"{plain(place.card.name)} cannot be shown as asked. {plain(said)}. Other places can be chosen in the menu.",
        icon=":material/error:",
    )


def unopened(fault: InputError) -> None:
    """A place that is there and cannot be opened."""
    folder = Path(fault.source).parent.name
    st.warning(
        f"One place cannot be opened, the folder {plain(folder)}: found {plain(fault.found)}; "
        f"expected {plain(fault.expected)}.",
        icon=":material/error:",
    )


_STYLE = """<style>
.stMainBlockContainer{padding:3rem clamp(1rem,3vw,3rem)}
.stMainBlockContainer h1{font-size:1.9rem;padding-top:0}
.stMainBlockContainer h2{font-size:1.3rem;font-weight:600;margin:0!important;padding:.25rem 0}
.stMainBlockContainer h3{font-size:1.1rem!important}
.stMainBlockContainer h4{font-size:1rem!important}
.pramshed-headline{font-size:1.2rem;font-weight:500;line-height:1.4;margin:0}
.pramshed-reason{font-size:.875rem;color:#4b4f55;margin:0 0 .4rem}
.pramshed-hint{display:none;border-left:4px solid #0b5c6b;padding-left:.6rem;margin:.75rem 0 0}
[data-testid=stCaptionContainer],[data-testid=stCaptionContainer] *{color:#4b4f55;opacity:1}
[data-testid=stAlertContentWarning] *{color:#5c4200}
[data-testid=stExpandSidebarButton]{border:2px solid #0b5c6b;border-radius:.4rem;min-width:44px;min-height:44px}
[data-testid=stExpandSidebarButton] *{color:#0b5c6b!important}
button[aria-label^="Help for"],button[aria-label="Choose date"]{min-width:24px;min-height:24px}
.stRadio label{min-height:28px}
.stMain button{min-width:24px;min-height:24px}
.stApp :is(button,a,summary):focus-visible,.stApp label:has(input:focus-visible),
.stMain [data-testid$=RootElement]:has(>:focus-visible),.stApp [role=group]:has(input:focus-visible),
.stMain [data-testid=stTimeInputTimeDisplay]:has(:focus-visible)
{outline:3px solid #1d4ed8!important;outline-offset:2px}
.stSidebar a:focus-visible,.stExpander summary:focus-visible{outline-offset:-3px}
.pramshed-table{border-collapse:collapse;font-size:.9rem;width:100%;margin:.5rem 0}
.pramshed-table caption{position:absolute;clip-path:inset(50%)}
.pramshed-table th{text-align:left;font-weight:400;color:#444;padding:.25rem .6rem .25rem 0;vertical-align:top}
.pramshed-swatch+th{padding-left:.6rem}
.pramshed-table td{padding:.25rem .6rem;font-weight:500;vertical-align:top}
.pramshed-table tr{border-bottom:1px solid #ddd}
.pramshed-table .pramshed-swatch{width:2rem;padding:0;border:1px solid #777}
.stHtml .pramshed-counts{display:flex;flex-wrap:wrap;gap:.25rem 2.5rem;margin:0;padding:0}
.stHtml .pramshed-counts>*,.stHtml .pramshed-counts dd,.stHtml .pramshed-counts dt{margin:0;padding:0}
.pramshed-counts dt{font-size:.875rem;color:#4b4f55;font-weight:400}
.pramshed-counts dd{font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums}
.stHtml ul.pramshed-shapes{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0;padding:0;list-style:none}
.stHtml .pramshed-shapes li{display:flex;align-items:center;gap:.35rem;margin:0;padding:0;font-size:.875rem}
.st-key-show button{padding:.25rem .55rem}
[class*=st-key-first-] button p{font-weight:600;text-align:left}
[data-testid=stElementToolbarButton]:has([aria-label^="Download as CSV"]){display:none}
@media (min-width:1000px){
.st-key-explore{display:grid;grid-template-columns:5fr 3fr;grid-template-rows:auto 1fr;column-gap:1.5rem}
.st-key-explore>*{width:auto!important;min-width:0}
.st-key-explore>:nth-child(2){grid-column:2;grid-row:1/3}
}
@media (max-width:767px){.stMain button:is([data-testid*=primary],[data-testid*=secondary]){min-height:44px}
.pramshed-hint{display:block}.stMainBlockContainer{padding-top:4.25rem}}
</style>"""
