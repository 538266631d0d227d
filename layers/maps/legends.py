"""What the colours and the shapes mean, and how many there are of each."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.errors import InputError
from geo.gaps import ACCESS_CLASSES, NO_STREETS, classes
from geo.need import NEED_CLASSES
from geo.whole import shown
from layers.answers.question import NETWORK_WORDS, STATUS_WORDS
from layers.html import escape, html_table
from layers.maps import need_and_walk
from layers.maps.choropleth import MISSING
from layers.maps.geometry import GAIN_CLASSES
from layers.maps.scene import GAIN_PALETTE, GAIN_WIDTHS
from layers.maps.site_markers import UNREACHED_WORDS, UNSURE_WORDS
from layers.maps.webmap import icon

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import Literal

    from layers.answers.question import Answer
    from layers.maps.choropleth import Layer
    from layers.maps.scene import Marker, Scene, Shape

SHAPE_WORDS: dict[Shape, str] = {
    "open": STATUS_WORDS["open"],
    "linked": STATUS_WORDS["linked"].replace(":", ","),
    "announced": STATUS_WORDS["announced"],
    "closed": STATUS_WORDS["closed"],
    "unlisted": STATUS_WORDS["no_longer_listed"],
    "network": NETWORK_WORDS.replace(":", ","),
    "planned": STATUS_WORDS["planned"],
    "added": "added or moved in your scenario",
    "shut": "closed in your scenario",
    "play": "play space",
    "community": "community space",
    "barrier": "barrier on the way",
    "crossing": "missing crossing",
    "noted": "something else to know of",
    "here": "the place you chose",
    "steps": "steps on the way",
    "gate": "gate, stile or the like on the way",
    "crossed": "crossing on the way",
    "uncrossed": "main road on the way, no crossing mapped",
    "own": "on your own list",
}


def marker_legend(markers: Iterable[Marker], shown: Collection[str], *, words: Mapping[str, str] | None = None) -> None:
    """The shapes on the map, each in words; what is uncertain; what the reader chose and the map does not have.

    Parameters
    ----------
    markers
        Those on the map.
    shown
        What is to be drawn: keys of `layers.session.parameters.SHOWN`.
    words
        What a shape means on this map, where that is not `SHAPE_WORDS`.
    """
    markers, said = tuple(markers), SHAPE_WORDS | (words or {})
    drawn = {marker.shape for marker in markers}
    items = [(_picture(shape), said[shape]) for shape in SHAPE_WORDS if shape in drawn]
    doubts = {UNREACHED_WORDS if UNREACHED_WORDS in one.lines else UNSURE_WORDS for one in markers if one.unsure}
    items += [(_picture("unsure"), doubt) for doubt in sorted(doubts)]
    if items:
        rows = "".join(
            f"<li><img alt='' width='22' height='22' src='{src}'>{escape(means)}</li>" for src, means in items
        )
        st.html(f"<ul class='pramshed-shapes' aria-label='Shapes on the map'>{rows}</ul>")
    if "closed" in shown and not drawn & {"closed", "unlisted"}:
        st.caption("The data of this place lists no closed centre.")


def _picture(shape: Shape | Literal["unsure", "flow"]) -> str:
    return f"data:image/svg+xml;base64,{b64encode(icon(shape).encode()).decode()}"


def need_legend(answer: Answer, on_choose: Callable[[str, str], None], cell: tuple[str, str] | None) -> None:
    """The nine classes as buttons: each names its areas and under-fives, and brings them out on the map."""
    counted = classes(answer.gaps, answer.ground.areas).to_dict("index")
    walk = answer.question.walk
    st.html(cell_style(cell))
    with st.container(key="need-legend", gap="small"):
        for need in NEED_CLASSES[::-1]:
            with st.container(horizontal=True, gap="small", key=f"need-row-{need}"):
                for access in ACCESS_CLASSES:
                    row = counted[need, access]
                    st.button(
                        cell_label(
                            need_and_walk.class_words(need, access, walk),
                            row["areas"],
                            row["under5"],
                            chosen=cell == (need, access),
                        ),
                        key=f"cell-{need}-{access}",
                        on_click=on_choose,
                        args=(need, access),
                        width="stretch",
                    )
    no_street_data = answer.gaps["access_class"] == NO_STREETS
    unknown = {
        "no street data here": no_street_data,
        "need not known": answer.gaps["need_class"].isna() & ~no_street_data,
    }
    rest = [
        (f"{MISSING}/", label, f"{which.sum():,} area{'' if which.sum() == 1 else 's'}")
        for label, which in unknown.items()
        if which.any()
    ]
    if rest:
        st.html(html_table(rest, caption="Striped on the map"))
    st.caption(
        f"Press a square to see only its neighbourhoods. {need_and_walk.ABOUT} High, middle and low need are thirds of "
        f"{'England' if answer.question.thirds == 'england' else 'this authority'}; minutes are the typical walk, "
        "one way."
    )


def cell_label(words: str, areas: float, under5: float, *, chosen: bool) -> str:
    """A class in words, with what falls into it."""
    tick = "✓ " if chosen else ""
    children = "" if pd.isna(under5) else f"  \n{shown(under5)} under-fives"
    return f"**{tick}{words[0].upper()}{words[1:]}**  \n{areas:,.0f} area{'' if areas == 1 else 's'}{children}"


def cell_style(cell: tuple[str, str] | None) -> str:
    """Colours of the nine buttons, and a grid that does not fall apart on a phone; no data in it."""
    rules = [
        ".st-key-need-legend .stHorizontalBlock{flex-wrap:nowrap}",
        ".st-key-need-legend .stHorizontalBlock>*{flex:1 1 0;min-width:0}",
        ".st-key-need-legend button{padding:.35rem .25rem;height:100%}",
        ".st-key-need-legend button p{white-space:normal;overflow:visible;line-height:1.3;font-size:.85rem}",
    ]
    for need in NEED_CLASSES:
        for access in ACCESS_CLASSES:
            fill = need_and_walk.fill(need, access)
            button = f".st-key-cell-{need}-{access} button"
            rules.append(
                f"{button}{{background:{fill};border-color:#555}}{button} *{{color:{need_and_walk.ink(fill)}}}"
            )
            if cell == (need, access):
                rules.append(f"{button}{{outline:3px solid #14213d;outline-offset:2px}}")
    return f"<style>{''.join(rules)}</style>"


def as_on_the_map(scene: Scene) -> None:
    """The map's own legend as a table, where the map shows something of its own."""
    rows = [(f"{fill}/" if striped else fill, words) for fill, words, striped in scene.legend]
    st.html(html_table(rows, caption=scene.legend_title))


def layer_legend(layer: Layer, table: pd.DataFrame) -> None:
    """The classes of a layer with what falls into each."""
    rows = [
        (
            f"{row.fill}/" if row.fill == MISSING else row.fill,
            row.label,
            f"{row.areas:,} area{'' if row.areas == 1 else 's'}",
            "" if pd.isna(row.under5) else f"{shown(row.under5)} under-fives",
        )
        for row in layer.legend(table).itertuples()
    ]
    st.html(html_table(rows, caption=layer.title))


def gain_legend(limits: Sequence[float], unit: str, *, palette: Sequence[str] = GAIN_PALETTE) -> None:
    """The classes of streets by what is gained along them, each by its colour, its width and its words.

    Parameters
    ----------
    limits
        As `outlines.gain_classes` takes them.
    unit
        What is counted: "under-fives".
    palette
        The scene's ``gain_palette``.
    """
    rows = "".join(
        # a border is drawn in high-contrast modes as well, a background is not
        f"<li><span style='display:inline-block;width:2.2rem;border-top:{width:g}px solid {escape(colour)}'></span>"
        f"{escape(words)}</li>"
        for words, colour, width in zip(gain_labels(limits, unit), palette, GAIN_WIDTHS, strict=True)
    )
    st.html(f"<ul class='pramshed-shapes' aria-label='Streets, least to most'>{rows}</ul>")


def gain_labels(limits: Sequence[float], unit: str) -> tuple[str, ...]:
    """What the classes of `outlines.gain_classes` are called, least to most, in whole numbers."""
    if len(limits) != GAIN_CLASSES - 1:
        source = "legend"
        raise InputError(source, expected=f"{GAIN_CLASSES - 1} limits", found=repr(tuple(limits)))
    tops = [int(limit) for limit in limits]
    starts = [1, *(top + 1 for top in tops[:-1])]
    between = [
        f"{start:,} {unit}" if start == top else f"{start:,} to {top:,} {unit}"
        for start, top in zip(starts, tops, strict=True)
    ]
    return (*between, f"more than {tops[-1]:,} {unit}")


def flow_legend(words: str) -> None:
    """What the arrows on the map mean.

    Parameters
    ----------
    words
        From where to where, and what makes an arrow wide.
    """
    row = f"<li><img alt='' width='34' height='22' src='{_picture('flow')}'>{escape(words)}</li>"
    st.html(f"<ul class='pramshed-shapes' aria-label='Arrows on the map'>{row}</ul>")
