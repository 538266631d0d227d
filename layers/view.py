"""The pieces of the Explore page: each shows one thing and decides nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.gaps import NO_STREETS, about
from layers import cached, certainty, gaps
from layers.community import public
from layers.community.spaces import SPACE_WORDS
from layers.layer import MISSING
from layers.session import area_list as listed_areas
from layers.text import html_counts, html_lines, html_table, plain
from layers.webmap import AreaStyle, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from data.place import Place
    from geo.errors import InputError
    from layers.card import AreaCard
    from layers.certainty import Bounds
    from layers.community.spaces import Published
    from layers.layer import Layer
    from layers.question import Answer, Question
    from layers.webmap import Marker

_FADED = "#ffffff"


def style() -> None:
    """How the page looks; no data in it."""
    st.html(_STYLE)


def headline(text: str) -> None:
    """The answer in a sentence; and where the controls are, on a screen too narrow to show them."""
    where = "To change the place, where to, who walks and how long: open the menu » at the top left."
    st.html(html_lines([text], name="pramshed-headline") + html_lines([where], name="pramshed-hint"))


def then_and_now(answer: Answer, now: Answer, bounds: Bounds | None) -> None:
    """Under-fives beyond the threshold on the chosen day and today, and what is not certain about that day."""
    limit = f"Under-fives beyond {answer.question.walk.limit}"
    then = answer.question.day != now.question.day
    if then and answer.ground.origins["under5"].notna().any():
        both = ((f"{answer.question.day:%-d %B %Y}", answer), ("today", now))
        st.html(html_counts([(f"{limit}, {when}", f"{one.gaps['under5_beyond'].sum():,.0f}") for when, one in both]))
    said = certainty.counted_said(answer.sites, answer.question)
    if then:
        said += " Families and streets are today's on every day."
    st.caption(plain(said))
    if bounds:
        st.caption(f"**Not certain.** {plain(certainty.bounds_said(bounds, answer.question))}")


def both_numbers(place: Place, answer: Answer, spaces: Published | None) -> None:
    """What is beyond the threshold with official sites only and with community spaces, whichever is shown."""
    if spaces is None:
        st.caption("The community's marks cannot be read at the moment, so only official sites count.")
        return
    question, to = answer.question, answer.question.to
    number = len(spaces.counting(to))
    if not number:
        return
    both = [cached.answer(place, replace(question, community=revision)) for revision in (None, spaces.number)]
    if answer.ground.origins["under5"].notna().any():
        what, counts = "Under-fives", [one.gaps["under5_beyond"].sum() for one in both]
    else:
        what, counts = "Neighbourhoods mostly", [(one.gaps["access_class"] == "far").sum() for one in both]
    said = ("official only", f"with {number:,} {SPACE_WORDS[to][number > 1]}")
    limit = question.walk.limit
    st.html(html_counts([(f"{what} beyond {limit}, {how}", f"{n:,.0f}") for how, n in zip(said, counts, strict=True)]))


def warnings(answer: Answer) -> None:
    """What a reader must know before acting on the answer."""
    said = []
    blind = int((answer.gaps["access_class"] == NO_STREETS).sum())
    if blind:
        said.append(
            f"**{blind:,} of {len(answer.gaps):,} neighbourhoods have no street data here.** They are striped on the "
            "map, and neither counted as gaps nor as zero."
        )
    if answer.question.to == "centres":
        lost = answer.sites[answer.sites["inside"] & answer.sites.geometry.isna()]
        if len(lost):
            names = "; ".join(name if isinstance(name, str) else str(site_id) for site_id, name in lost["name"].items())
            has, it = ("centres have", "them") if len(lost) > 1 else ("centre has", "it")
            said.append(
                f"**{len(lost):,} {has} no coordinates, so no walk to {it} is counted: {plain(names)}.** "
                f"Walks near {it} may be shorter than shown."
            )
    if said:
        st.warning("\n\n".join(said), icon=":material/warning:")


def scene(
    place: Place,
    answer: Answer,
    table: gpd.GeoDataFrame,
    *,
    layer: Layer | None,
    cell: tuple[str, str] | None,
    shown: list[str],
    selected: str | None,
    spaces: Published | None = None,
) -> Scene:
    """The map of an answer.

    Parameters
    ----------
    layer
        What colours the areas; need against walk if none.
    cell
        Need and access class to bring out, if any.
    shown
        Which sites are drawn: keys of `layers.parameters.SHOWN`.
    spaces
        The community's marks; those that count are drawn whatever is shown.
    """
    drawn = drawn_marks(answer, shown, spaces)
    fills = gaps.fills(table) if layer is None else layer.fills(table)
    unknown = fills == MISSING
    if cell is not None:
        fills = fills.where((table["need_class"] == cell[0]) & (table["access_class"] == cell[1]), _FADED)
    rows = zip(
        table.index, fills, unknown, table["area_name"], table["access_class"], table["minutes_median"],
        table["need_class"], table["under5_beyond"], table["under5"],
        strict=True,
    )  # fmt: skip
    styles = []
    figure = None if layer is None else table[layer.column]
    for code, fill, striped, name, access, minutes, need, beyond, under5 in rows:
        lines = [str(name)]
        if access == NO_STREETS:
            lines.append("no street data here")
        elif pd.isna(minutes):
            lines.append("no way there on foot for most families")
        else:
            lines.append(f"half of families walk {about(minutes)} or more")
        if not pd.isna(beyond):
            lines.append(f"{beyond:,.0f} of {under5:,.0f} under-fives beyond {answer.question.walk.limit}")
        if layer is None:
            lines.append(f"{need} need, {access}" if isinstance(need, str) else "need not known")
        elif figure is not None and layer.key != "walk":
            value = figure[code]
            lines.append("not known" if pd.isna(value) else layer.show(value))
        styles.append(AreaStyle(str(code), str(fill), tuple(lines), bool(striped)))
    areas_url, streets_url = cached.geometry(place)
    return Scene(
        areas_url=areas_url,
        streets_url=streets_url,
        bounds=place.card.bounds,
        areas=tuple(styles),
        markers=(*_markers(place, answer, shown), *(() if drawn is None else public.markers(drawn))),
        drawn=() if drawn is None else public.outlines(drawn[drawn["homes"] == 0]),
        selected=selected,
        label=f"Map of walks to {answer.question.walk.to}. The table below the map has the same information.",
    )


def _markers(place: Place, answer: Answer, shown: list[str]) -> tuple[Marker, ...]:
    official = replace(answer.question, community=None)
    asked = {
        "play": replace(official, to="play"),
        "closed": replace(official, to="centres", statuses=("closed", "no_longer_listed")),
        "centres": replace(official, to="centres", reading="most"),  # what is not certain is drawn as such
    }
    return tuple(
        marker for kind, question in asked.items() if kind in shown for marker in cached.markers(place, question)
    )


def mark_words(question: Question) -> dict[str, str]:
    """What the legend says of community spaces: whether they count just now."""
    counted = question.to == "centres" and question.community is not None
    return {"community": "community space" if counted else "community space, not counted now"}


def drawn_marks(answer: Answer, shown: list[str], spaces: Published | None) -> gpd.GeoDataFrame | None:
    """The community's marks that are drawn."""
    if spaces is None or "marks" in shown:
        return None if spaces is None else spaces.marks
    return None if answer.question.community is None else spaces.counting(answer.question.to)


def first_places(table: pd.DataFrame, on_choose: Callable[[str], None], most: int = 5) -> None:
    """Where the gap is largest, until an area is chosen."""
    st.html(html_lines(["Where the gap is largest"], kind="h2"))
    for row in table[table["gap_rank"].notna()].head(most).itertuples():
        with st.container(gap=None):
            st.button(
                f"{row.gap_rank:.0f}\\. {plain(row.area_name)}{_in_ward(row.ward_name)}",
                key=f"first-{row.Index}",
                type="tertiary",
                on_click=on_choose,
                args=(row.Index,),
            )
            st.html(html_lines([row.reason], name="pramshed-reason"))
    st.caption(
        "Most under-fives beyond the threshold first; each child counts by the need of the neighbourhood, 0 to 100."
    )


def _in_ward(name: object) -> str:
    return f" ({plain(name)})" if isinstance(name, str) else ""


def area_names(areas: pd.DataFrame) -> dict[str, str]:
    """What each area is called in a list: its name and its ward, by code; told apart by code if need be."""
    said = areas["area_name"] + (", " + areas["ward_name"]).fillna("")
    said = said.where(~said.duplicated(keep=False), said + ", " + said.index)
    return {str(code): str(name) for code, name in said.sort_values(kind="stable").items()}


def show_card(said: AreaCard) -> None:
    """One neighbourhood."""
    st.html(
        html_lines([said.title], kind="h2")
        + html_lines([said.subtitle], name="pramshed-reason")
        + html_lines([said.reason])
        + html_table([("", *pair) for pair in said.facts], caption="The walk and who lives here")
        + html_lines([f"Be careful: {caveat}." for caveat in said.caveats], name="pramshed-reason")
    )
    with st.expander("What the need score is made of"):
        st.caption("0 is least and 100 is most among this authority's neighbourhoods.")
        st.html(html_table([("", *pair) for pair in said.need], caption="Need"))


def area_list(answer: Answer, table: gpd.GeoDataFrame, cell: tuple[str, str] | None) -> None:
    """All areas as a table that sorts by any column; choosing a row opens its card."""
    rows = table
    if cell is not None:
        rows = rows[(rows["need_class"] == cell[0]) & (rows["access_class"] == cell[1])]
        st.caption(f"Only {cell[0]} need, {cell[1]}: {len(rows):,} of {len(table):,}. Press the square again for all.")
    limit = f"{answer.question.minutes:g} min"
    listed = pd.DataFrame(
        {
            "rank": rows["gap_rank"],
            "area": rows["area_name"],
            "ward": rows["ward_name"],
            "minutes": rows["minutes_median"],
            "under5": rows["under5"],
            "beyond": rows["under5_beyond"],
            "within": rows["within_share"] * 100,
            "need": rows["need_class"],
            "access": rows["access_class"],
            "imd": rows["imd_decile"],
            "abroad": rows["born_outside_uk_share"] * 100,
        }
    )
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    listed_areas(
        listed,
        height=420,
        placeholder="not known",
        alt="Every neighbourhood, with its walk, its under-fives and its need",
        column_config={
            "rank": number("Rank", format="%d", width=45, help="1 is the largest gap."),
            "area": text("Neighbourhood", width=130, help="As the Office for National Statistics names it."),
            "ward": text("Ward", width=130),
            "minutes": number("Minutes", format="%.0f", width=65, help="Half of families walk this long or longer."),
            "under5": number("Under-fives", format="%.0f", width=85, help="Children aged 0 to 4 who live here."),
            "beyond": number(f"Beyond {limit}", format="%.0f", width=105, help="How many of them live farther away."),
            "within": number(f"Within {limit}", format="%.0f%%", width=100, help="Share of the under-fives."),
            "need": text("Need", width=60, help="Thirds of this authority: low, middle, high."),
            "access": text("Walk", width=50, help="Near, fair or far, as the colours of the map."),
            "imd": number("Deprivation", format="%d", width=85, help="Tenth of England; 1 is the most deprived."),
            "abroad": number("Born abroad", format="%.1f%%", width=90, help="A proxy for families from abroad."),
        },
    )


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
