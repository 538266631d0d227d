"""The pieces of the Explore page: each shows one thing and decides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.gaps import ACCESS_CLASSES, NO_STREETS, classes
from geo.need import NEED_CLASSES
from layers import cached, gaps, sites
from layers.webmap import AreaStyle, Scene, escape

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from data.place import Place
    from layers.card import AreaCard
    from layers.layer import Layer
    from layers.question import Answer

_FADED = "#ffffff"


def style() -> None:
    """Less air above the title, and text that never hides in the legend's buttons; no data in it."""
    st.html(
        "<style>.stMainBlockContainer{padding:3rem clamp(1rem,3vw,3rem)}.stMainBlockContainer h1{font-size:1.9rem}"
        ".stMainBlockContainer h4{font-weight:500;font-size:1.2rem;padding-top:0}"
        ".st-key-need-legend button p{white-space:normal;overflow:visible;line-height:1.25}</style>"
    )


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
            names = "; ".join(str(name) for name in lost["name"])
            said.append(
                f"**{len(lost):,} centre{'s have' if len(lost) > 1 else ' has'} no coordinates and is not walked to: "
                f"{plain(names)}.** Walks near it may be shorter than shown."
            )
    if said:
        st.warning("\n\n".join(said), icon=":material/warning:")


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|~$:" else c for c in text)


def scene(
    place: Place,
    answer: Answer,
    table: gpd.GeoDataFrame,
    *,
    layer: Layer | None,
    cell: tuple[str, str] | None,
    shown: list[str],
    selected: str | None,
) -> Scene:
    """The map of an answer.

    Parameters
    ----------
    layer
        What colours the areas; need against walk if none.
    cell
        Need and access class to bring out, if any.
    shown
        Which sites are drawn: keys of `session.SHOWN`.
    """
    fills = gaps.fills(table) if layer is None else layer.fills(table)
    if cell is not None:
        fills = fills.where((table["need_class"] == cell[0]) & (table["access_class"] == cell[1]), _FADED)
    blind = (table["access_class"] == NO_STREETS) & (layer is None or layer.key == "walk")
    rows = zip(
        table.index, fills, blind, table["area_name"], table["access_class"], table["minutes_median"],
        table["need_class"], table["under5_beyond"], table["under5"],
        strict=True,
    )  # fmt: skip
    styles = []
    figure = None if layer is None else table[layer.column]
    for code, fill, no_streets, name, access, minutes, need, beyond, under5 in rows:
        lines = [str(name)]
        if access == NO_STREETS:
            lines.append("no street data here")
        elif pd.isna(minutes):
            lines.append("no way there on foot for most families")
        else:
            lines.append(f"half of families walk {minutes:.0f} minutes or more")
        if not pd.isna(beyond):
            lines.append(f"{beyond:,.0f} of {under5:,.0f} under-fives beyond {answer.question.walk.limit}")
        if layer is None:
            lines.append(f"{need} need, {access}" if isinstance(need, str) else "need not known")
        elif figure is not None and layer.key != "walk":
            value = figure[code]
            lines.append("not known" if pd.isna(value) else layer.show(value))
        styles.append(AreaStyle(str(code), str(fill), tuple(lines), bool(no_streets)))
    areas_url, streets_url = cached.geometry(place)
    return Scene(
        areas_url=areas_url,
        streets_url=streets_url,
        bounds=place.card.bounds,
        areas=tuple(styles),
        markers=_markers(place, answer, shown),
        selected=selected,
    )


def _markers(place: Place, answer: Answer, shown: list[str]) -> tuple:  # type: ignore[type-arg]
    drawn = []
    if "play" in shown:
        drawn.append(cached.sites(place, replace(answer.question, to="play")))
    if "closed" in shown:
        drawn.append(
            cached.sites(place, replace(answer.question, to="centres", statuses=("closed", "no_longer_listed")))
        )
    if "centres" in shown:
        same = answer.question.to == "centres"
        drawn.append(answer.sites if same else cached.sites(place, replace(answer.question, to="centres")))
    return tuple(marker for table in drawn for marker in sites.markers(table))


def first_places(table: pd.DataFrame, most: int = 5) -> None:
    """Where the gap is largest, until an area is chosen."""
    st.markdown("##### Where the gap is largest")
    ranked = table[table["gap_rank"].notna()].head(most)
    for row in ranked.itertuples():
        st.markdown(
            f"**{row.gap_rank:.0f}. {plain(str(row.area_name))}** ({plain(str(row.ward_name))})  \n{plain(row.reason)}"
        )
    st.caption("Ranked by under-fives beyond the threshold, each counted by the neighbourhood's need.")


def show_card(said: AreaCard) -> None:
    """One neighbourhood."""
    st.markdown(f"##### {plain(said.title)}  \n{plain(said.subtitle)}")
    st.markdown(plain(said.reason))
    _html_table([("", *pair) for pair in said.facts], caption="The walk and who lives here")
    with st.expander("Parts of the need score (0 to 100 within the authority)"):
        _html_table([("", *pair) for pair in said.need], caption="Need")
    for caveat in said.caveats:
        st.caption(f":material/info: {plain(caveat)}")


def need_legend(answer: Answer, on_choose: Callable[[str, str], None], cell: tuple[str, str] | None) -> None:
    """The nine classes as buttons: each names its areas and under-fives, and brings them out on the map."""
    counted = classes(answer.gaps, answer.ground.areas)
    words = gaps.access_words(answer.question.walk)
    far = counted.loc[("high", "far")]
    children = "" if pd.isna(far["under5"]) else f", {far['under5']:,.0f} under-fives"
    st.markdown(f"**High need and far: {far['areas']:,.0f} neighbourhoods{children}.** Press a square to see which.")
    st.html(_cell_css())
    with st.container(key="need-legend", gap="small"):
        with st.container(horizontal=True, gap="small", key="need-head"):
            st.caption("need ↓  walk →")
            for access in ACCESS_CLASSES:
                st.caption(words[access])
        for need in NEED_CLASSES[::-1]:
            with st.container(horizontal=True, gap="small", key=f"need-row-{need}"):
                st.caption(f"{need} need")
                for access in ACCESS_CLASSES:
                    row = counted.loc[(need, access)]
                    under5 = "" if pd.isna(row["under5"]) else f"  \n{row['under5']:,.0f} under-fives"
                    chosen = cell == (need, access)
                    st.button(
                        f"{'✓ ' if chosen else ''}{row['areas']:,.0f} areas{under5}",
                        key=f"cell-{need}-{access}",
                        on_click=on_choose,
                        args=(need, access),
                        width="stretch",
                        help=f"{need} need, {words[access]}",
                    )


def _cell_css() -> str:
    """Colours of the nine buttons, and a grid that does not fall apart on a phone; no data in it."""
    rules = [
        ".st-key-need-legend [data-testid='stHorizontalBlock']{flex-wrap:nowrap}",
        ".st-key-need-legend .stHorizontalBlock>*{flex:1 1 0;min-width:0}",
    ]
    for need in NEED_CLASSES:
        for access in ACCESS_CLASSES:
            fill = gaps.fill(need, access)
            ink = "#ffffff" if gaps.is_dark(fill) else "#1a1a1a"
            rules.append(
                f".st-key-cell-{need}-{access} button{{background:{fill};border-color:#55555580}}"
                f".st-key-cell-{need}-{access} button *{{color:{ink}}}"
            )
    return f"<style>{''.join(rules)}</style>"


def layer_legend(layer: Layer, table: pd.DataFrame) -> None:
    """The classes of a layer with what falls into each."""
    rows = [
        (row.fill, row.label, f"{row.areas:,} areas", "" if pd.isna(row.under5) else f"{row.under5:,.0f} under-fives")
        for row in layer.legend(table).itertuples()
    ]
    _html_table(rows, caption=layer.title)


def _html_table(rows: list[tuple[str, ...]], *, caption: str) -> None:
    """A small table whose first cell is a colour (or empty) and whose second is the row's heading."""
    swatch = '<td class="pramshed-swatch" style="background:{}"></td>'
    body = "".join(
        f"<tr>{swatch.format(escape(first)) if first else ''}<th scope='row'>{escape(head)}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, head, *cells in rows
    )
    st.html(
        "<style>.pramshed{border-collapse:collapse;font-size:.9rem;width:100%}.pramshed caption{position:absolute;"
        "clip-path:inset(50%)}.pramshed th{text-align:left;font-weight:400;color:#444;padding:.25rem .6rem .25rem 0;"
        "vertical-align:top}.pramshed td{padding:.25rem .6rem;font-weight:500}.pramshed tr{border-bottom:1px solid #ddd}"
        ".pramshed-swatch{width:1.6rem;border:1px solid #777}</style>"
        f"<table class='pramshed'><caption>{escape(caption)}</caption><tbody>{body}</tbody></table>"
    )


def area_list(table: gpd.GeoDataFrame, cell: tuple[str, str] | None, *, on_choose: Callable[[str], None]) -> None:
    """All areas as a table that sorts by any column; choosing a row opens its card."""
    rows = table
    if cell is not None:
        rows = rows[(rows["need_class"] == cell[0]) & (rows["access_class"] == cell[1])]
        st.caption(f"Only {cell[0]} need, {cell[1]}: {len(rows):,} of {len(table):,}.")
    listed = pd.DataFrame(
        {
            "Rank": rows["gap_rank"],
            "Neighbourhood": rows["area_name"],
            "Ward": rows["ward_name"],
            "Minutes": rows["minutes_median"],
            "Within reach": rows["within_share"] * 100,
            "Under-fives beyond": rows["under5_beyond"],
            "Under-fives": rows["under5"],
            "Need": rows["need_class"],
            "Walk": rows["access_class"],
            "Deprivation tenth": rows["imd_decile"],
            "Born outside UK": rows["born_outside_uk_share"] * 100,
        }
    )
    codes = list(rows.index)

    def chosen() -> None:
        picked = st.session_state[_LIST]["selection"]["rows"]
        if picked and picked[0] < len(codes):
            on_choose(codes[picked[0]])

    number = st.column_config.NumberColumn
    st.dataframe(
        listed,
        key=_LIST,
        hide_index=True,
        on_select=chosen,
        selection_mode="single-row",
        height=420,
        column_config={
            "Rank": number(format="%d"),
            "Minutes": number(format="%.0f", help="Half of the families walk this long or longer."),
            "Within reach": number(format="%.0f%%", help="Share of under-fives within the threshold."),
            "Under-fives beyond": number(format="%.0f"),
            "Under-fives": number(format="%.0f"),
            "Deprivation tenth": number(format="%d", help="1 is the most deprived tenth of England."),
            "Born outside UK": number(format="%.1f%%", help="A proxy for families from abroad."),
        },
    )


_LIST = "area_list"


def attribution(place: Place) -> None:
    """Whose data it is."""
    st.caption(" · ".join(plain(line) for line in place.card.attributions))
