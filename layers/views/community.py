"""The pieces of the page Community map: each shows one thing and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.whole import whole_table
from layers import cache, session
from layers.answers import community_sites, peer_support, speakers
from layers.files import marks_out
from layers.html import html_lines, html_table, plain
from layers.maps import legends, mark_markers, walk_layers
from layers.maps.scene import Scene
from layers.views import frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from data.place import Place
    from layers.answers.community_sites import Published
    from layers.answers.peer_support import PeerReach

_PALE = "#f4f5f6"
_FILES = {
    ".geojson": "GeoJSON",
    ".csv": "CSV",
    ".gpkg": "GeoPackage",
    ".json": "Open Referral UK",
}
_HOSTS_FROM = (
    "We tried the children's centres, libraries, community centres, schools and places of worship that we know of "
    "here, and the community's own spaces. Each figure is for one new group there, with all groups on the map staying; "
    "of rooms within 300 m of each other only the best is named. Availability not checked."
)


def filtered(found: Published) -> tuple[gpd.GeoDataFrame, str | None]:
    """The marks that the reader wants to see, and the language that was chosen."""
    if found.marks.empty:
        return found.marks, None
    counts = found.marks["kind"].value_counts()
    kinds = {kind: int(counts[kind]) for kind in mark_markers.SHAPES if kind in counts}
    spoken = {code for said in found.marks["languages"] for code in said.split(",") if code}
    chosen, language = session.mark_filter(kinds, [code for code in mark_markers.LANGUAGES if code in spoken])
    shown = peer_support.speaking(found.marks[found.marks["kind"].isin(chosen)], language)
    return shown, language


def headline(shown: gpd.GeoDataFrame, every: gpd.GeoDataFrame) -> None:
    """How many marks there are, and of what kinds."""
    if every.empty:
        frame.headline("Nobody has put anything on this map yet.")
        return
    of = "" if len(shown) == len(every) else f" of {len(every):,}"
    marks = "mark" if len(every) == 1 else "marks"
    frame.headline(f"{len(shown):,}{of} {marks} of the community, each checked by a moderator.")


def legend(scene: Scene, found: PeerReach) -> None:
    """What the shapes and the colours mean."""
    legends.marker_legend(scene.markers, [])
    if len(found.groups):
        layer = walk_layers.walk(found.question.minutes)
        st.header("What the colours mean", anchor=False)
        legends.layer_legend(layer, found.areas)
        st.caption(plain(f"The walk to {found.question.walk.to}, for {found.question.walk.walkers}."))


def mark_names(shown: gpd.GeoDataFrame) -> dict[str, str]:
    """What each mark is called in a list, by id; homes are none."""
    points = mark_markers.points_of(shown)
    said = {
        str(mark_id): f"{community_sites.called(mark)} ({mark_markers.KIND_WORDS[mark['kind']]})"
        for mark_id, mark in points.iterrows()
    }
    counts = pd.Series(said, dtype=object).value_counts()
    return {key: name if counts[name] == 1 else f"{name}, {key[5:9]}" for key, name in said.items()}


def card(mark: pd.Series, photo: bytes | None) -> None:
    """One mark: everything that is said of it, and its photo."""
    st.html(
        html_lines([community_sites.called(mark)], kind="h2")
        + html_lines([mark_markers.KIND_LABELS[mark["kind"]]], name="pramshed-reason")
        + html_lines(str(mark["note"]).splitlines())
        + html_table([("", *pair) for pair in mark_markers.facts(mark)], caption="What is said of it")
    )
    if photo:
        name = community_sites.called(mark)
        st.image(photo, caption=plain(f"Photo: {name}"), alt=f"Photo of {name}")


def about_page(every: gpd.GeoDataFrame) -> None:
    """What this is, until a mark is chosen."""
    st.html(html_lines(["What the community knows"], kind="h2"))
    st.caption(
        "Places that families and peer supporters put on the map, and that a moderator let through. On the page "
        "Explore, spaces where families meet can count in the walk beside the official sites; barriers and missing "
        "crossings change it on What if, and only there."
    )
    if (every["homes"] > 0).any():
        st.caption(
            "Where people meet at homes, the map shows the square kilometre and how many homes are in it, three or "
            "more; never which. They do not count in any walk."
        )


def mark_table(shown: gpd.GeoDataFrame, choose: Callable[..., None]) -> None:
    """Every mark that is shown, as a table that sorts by any column."""
    text, date = st.column_config.TextColumn, st.column_config.DateColumn
    choose(
        mark_markers.table(shown), height="content" if len(shown) < 12 else 420,
        alt="Every mark, with what is said of it",
        column_config={
            "kind": text("What it is", width=130),
            "name": text("Name", width=190),
            "when": text("When", width=170),
            "languages": text("Languages", width=120),
            "ages": text("For children", width=110),
            "pram": text("With a pram", width=110),
            "cost": text("Cost", width=110),
            "group": text("Put there by", width=130),
            "approved": date("Approved", format="D MMM YYYY", width=100),
            "note": text("What families should know", width=260),
        },
    )  # fmt: skip


def downloads(place: Place, marks: gpd.GeoDataFrame) -> None:
    """All public marks as files."""
    terms = cache.deployment.settings().marks_licence or marks_out.NO_TERMS
    with st.container(horizontal=True):
        for ending, words in _FILES.items():
            st.download_button(
                f"All marks as {words}",
                data=lambda ending=ending: marks_out.file_bytes(
                    marks, ending, place_name=place.card.name, licence=terms,
                    attributions=community_sites.credits_of(marks), page=cache.deployment.settings().address,
                ),
                file_name=f"pramshed-{place.card.key}-community-marks{ending}",
                mime=marks_out.FORMATS[ending],
                on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip


def _sentence(text: str) -> None:
    st.html(html_lines([text], name="pramshed-headline"))


def who_is_near(place: Place, number: int, found: PeerReach) -> None:
    """How many live within a walk of a group, and the neighbourhoods with most who do not."""
    _sentence(peer_support.said(found))
    st.caption(speakers.of_peer_reach(place.languages(), found))
    _by_language(place, number, found)
    st.html(html_lines(["Neighbourhoods where most people do not"], kind="h3"))
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = ["area_name", *(f"{name}_beyond" for name in peer_support.PEOPLE), "minutes_median", "ward_name"]
    first = next(
        (f"{name}_beyond" for name in peer_support.PEOPLE if found.areas[f"{name}_beyond"].notna().any()), None
    )
    rows = pd.DataFrame(found.areas[columns])
    if first:
        rows = rows.sort_values(first, ascending=False, kind="stable")
    st.dataframe(
        whole_table(rows.head(15)), hide_index=True, placeholder="not known",
        alt="Neighbourhoods farthest from a group",
        column_config={
            "area_name": text("Neighbourhood", width=140),
            "ward_name": text("Ward", width=140),
            "minutes_median": number("Minutes", format="%.0f", help="The typical walk: half walk longer, half less."),
            **{
                f"{name}_beyond": number(f"{words} beyond", format="localized")
                for name, words in peer_support.PEOPLE.items()
            },
        },
    )  # fmt: skip


def _by_language(place: Place, number: int, found: PeerReach) -> None:
    """Every language here: who speaks it, and how many of them live near a group in it; nothing without the table."""
    table = cache.peer_support.speakers_near(place, number, found.question)
    if table is None:
        return
    with st.expander("Every language: who speaks it, and who is near a group in it"):
        count = st.column_config.NumberColumn(format="localized")
        st.dataframe(
            whole_table(table[["people", "within", "groups"]]).assign(share=table["share"]), placeholder="not known",
            column_order=["language", "people", "groups", "within", "share"], alt="People by main language",
            column_config={
                "language": "Main language", "people": count | {"label": "People"},
                "groups": count | {"label": "Groups in it"},
                "within": count | {"label": f"Within {found.question.walk.limit}"},
                "share": st.column_config.NumberColumn("Share", format="percent"),
            },
        )  # fmt: skip
        frame.download_table("Download this table (CSV)", table, f"pramshed-{place.card.key}-languages.csv")


def next_host(place: Place, number: int, found: PeerReach) -> None:
    """The best host space for the next group."""
    options = [name for name in ("under5", "born_outside_uk") if not pd.isna(found.people.loc[name, "total"])]
    if not options:
        st.caption("Under-fives and residents born outside the UK are not known here, so no place can be suggested.")
        return
    whom = session.whom_control(options)
    best = cache.peer_support.best_hosts(place, number, found.question, whom)
    words, walk = (
        peer_support.PEOPLE[whom].replace("Residents", "residents").replace("Under", "under"),
        found.question.walk,
    )
    if best.empty:
        _sentence(f"None of the rooms we know of would bring more {words} within {walk.limit}.")
        return
    first = best.iloc[0]
    _sentence(
        f"{first['name']} ({peer_support.KIND_WORDS[first['kind']]}): one more group there would bring "
        f"{first['gives']:,.0f} more {words} within {walk.limit_walk} of {walk.to}."
    )
    st.caption(_HOSTS_FROM)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    st.dataframe(
        peer_support.host_table(best), hide_index=True, alt="The best places for the next group",
        column_config={
            "name": text("Place", width=200),
            "kind": text("What it is", width=150),
            "gives": number(f"Within {walk.limit}", format="%.0f", help="How many more live within the walk."),
            "easting": number("Easting", format="%d"),
            "northing": number("Northing", format="%d"),
        },
    )  # fmt: skip
