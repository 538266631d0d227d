"""How good a place's data is: coverage, what is missing, what stands in for what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from geo.access import reach_from
from geo.gaps import NO_STREETS, gaps
from geo.need import PART_NAMES, SHARES
from geo.profiles import PROFILES, RULES_VERSION, WalkProfile
from geo.street_parts import BARRIERS, CROSSINGS
from layers.answers import coverage
from layers.answers.freshness import ages
from layers.answers.question import Question, answer, ground, reachable, sites_of, today

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from data.place import Place
    from layers.answers.freshness import Age

_FIGURES = {
    "imd_rank": "deprivation",
    "residents": "residents",
    "born_outside_uk": "born outside the UK",
    "under5": "under-fives",
    "under2": "under-twos",
    "births_abroad": "births to a parent from abroad",
}


class Finding(NamedTuple):
    """One line of the report: what was looked at, what was found, and whether a reader should be careful."""

    about: str
    found: str
    careful: bool = False


def findings(place: Place) -> list[Finding]:
    """The data-quality report of a place, in the order in which its data is used."""
    return [
        *_covered(place),
        *_people(place),
        *(line for profile in PROFILES.values() for line in _streets(place, profile)),
        *_centres(place),
        *_play_spaces(place),
        _venues(place),
        _told_by(place),
        _assumed(place),
        *(Finding("note", note, careful=True) for note in place.card.notes),
        *(_source(age) for age in ages(place, today())),
        _rules(place),
    ]


def _source(age: Age) -> Finding:
    source = age.source
    said = f"; {age.said}" if age.said else ""
    advice = ": time to fetch it again" if age.old else ""
    found = f"{source.file}: {source.vintage} ({source.licence}), read {source.read}{said}{advice}"
    return Finding("source", found, careful=age.old)


def _covered(place: Place) -> Iterator[Finding]:
    """Whether streets are missing, which centres that cuts off, and whose answer it may change."""
    missing = coverage.is_missing(place.card)
    yield Finding("streets", coverage.streets_said(place.card), careful=missing is not False)
    if missing:
        yield Finding("streets, side by side", coverage.sides_said(place.card), careful=True)
    question = Question()
    apart = coverage.unreached_on(place.centres(), question)
    if len(apart):
        yield Finding(
            "cannot be walked to", f"{coverage.unreached_said(apart)} {_named(apart[apart['inside']])}", careful=True
        )
    near = coverage.near_said(answer(place, question).gaps)
    if near:
        yield Finding("answers", near, careful=True)


def _people(place: Place) -> Iterator[Finding]:
    areas, origins = place.areas(), place.origins()
    yield Finding("neighbourhoods", f"{len(areas):,} areas of {place.card.authority_name}")
    for column, what in _FIGURES.items():
        if column not in areas:
            continue
        known = int(areas[column].notna().sum())
        total = f", {areas[column].sum():,.0f} in all" if known and column != "imd_rank" else ""
        vintage = place.card.figures.get(column, "no source")
        yield Finding(what, f"known for {known:,} of {len(areas):,} areas{total} ({vintage})", known < len(areas))
    there = {part: column for part, column in SHARES.items() if column in areas}
    for part, column in there.items():
        share, known = areas[column], int(areas[column].notna().sum())
        yield Finding(
            PART_NAMES[part],
            f"known for {known:,} of {len(areas):,} areas, {share.min():.1%} to {share.max():.1%}, half up to "
            f"{share.median():.1%} ({place.card.figures.get(column, 'no source')}); a proxy",
            known < len(areas),
        )
    if len(there) < len(SHARES):
        lacking = "; ".join(PART_NAMES[part] for part in SHARES if part not in there)
        yield Finding("further parts of need", f"no figures here, so none can count: {lacking} (build with --census)")
    kinds = origins["kind"].value_counts()
    said = ", ".join(f"{count:,} {kind.replace('_', ' ')}{'' if count == 1 else 's'}" for kind, count in kinds.items())
    yield Finding("homes", f"{len(origins):,} points: {said}", len(kinds) > 1)


def _streets(place: Place, profile: WalkProfile) -> Iterator[Finding]:
    about = f"walk, {profile.label[0].lower()}{profile.label[1:]}"
    question, on = Question(profile=profile.key), ground(place, profile)
    reach = reach_from(on.network, on.snaps, on.origins["area_code"], sites_of(place, question))
    off, stuck = ((reach["reached"] == why).sum() for why in ("off_network", "no_route"))
    yield Finding(
        about,
        f"{off:,} of {len(reach):,} homes are more than 250 m from any street we have ({off / len(reach):.1%}); "
        f"{stuck:,} have streets but no way to a centre",
        careful=bool(off),
    )
    no_street_data = int((gaps(on.areas, on.origins, reach)["access_class"] == NO_STREETS).sum())
    if no_street_data:
        yield Finding(about, f"{no_street_data:,} of {len(on.areas):,} areas have no street data", careful=True)


def _centres(place: Place) -> Iterator[Finding]:
    centres = reachable(place.centres())
    inside = centres[centres["inside"]]
    registered = centres[centres["kind"] == "centre"]
    ours = registered[registered["inside"]]
    status = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in ours["status"].value_counts().items())
    context = len(registered) - len(ours)
    yield Finding(
        "children's centres", f"{len(ours):,} ({status or 'none'}), and {context:,} of neighbours within 3 km"
    )
    if "family_hubs" in place.card.counts:
        ended = inside["status"].isin(("closed", "no_longer_listed"))
        kinds = inside.loc[inside["hub"].notna() & ~ended, "kind"]
        said = f"{(kinds == 'centre').sum():,} at a children's centre, {(kinds == 'hub').sum():,} at doors of their own"
        yield Finding("family hubs", f"{len(kinds):,}: {said}")
    else:
        yield Finding("family hubs", "no list was given: which centres are hubs is not known")
    if "network_sites" in place.card.counts:
        network = inside[inside["kind"] == "network_site"]
        states = ", ".join(f"{count:,} {name}" for name, count in network["status"].value_counts().items())
        yield Finding("network sites", f"{len(network):,} ({states or 'none'}): no centres, and counted if asked for")
        every = place.centres()
        planned = every[every["inside"] & (every["status"] == "planned")]
        undated = int(planned["opened"].isna().sum())
        yield Finding("planned openings", f"{len(planned):,}, {undated:,} of them for no known day")


def _named(sites: gpd.GeoDataFrame) -> str:
    return "; ".join(f"{name} ({site_id})" for site_id, name in sites["name"].items())


def _play_spaces(place: Place) -> Iterator[Finding]:
    if not place.has_play_spaces:
        yield Finding("play spaces", "no data: walks to play spaces are not known", careful=True)
        return
    playing = sites_of(place, Question(to="play"))
    inside = playing[playing["inside"]]
    found = f"{len(inside):,} public ones, {inside['name'].notna().sum():,} of them with a name"
    by_source = inside["source"].value_counts()
    if len(by_source) > 1:
        found += f"; {', '.join(f'{count:,} from {source}' for source, count in by_source.items())}"
    yield Finding("play spaces", found)


def _venues(place: Place) -> Finding:
    venues = place.venues()
    if venues is None:
        return Finding("venues", "no data: none can be suggested for a new centre")
    kinds = venues.loc[venues["inside"], "kind"].value_counts()
    said = ", ".join(f"{kind.replace('_', ' ')} {count:,}" for kind, count in kinds.items())
    return Finding("venues", f"{kinds.sum():,} where a centre could be put ({said or 'none'})")


def _told_by(place: Place) -> Finding:
    """By what a walk is told."""
    about, parts, met, ferries = "on the way", place.street_parts(), place.waypoints(), place.ferries()
    if parts is None:
        return Finding(about, "no names of streets: a walk is told without them; build the place again")
    named = parts[parts["name"].notna() | parts["ref"].notna()]
    share = (named["end_mm"] - named["begin_mm"]).sum() / max(place.segments()["length_mm"].sum(), 1)
    kind = pd.Series(dtype=str) if met is None else met["kind"][~met.geometry.duplicated()]
    gates, crossings = (int(kind.isin(kinds).sum()) for kinds in (BARRIERS, CROSSINGS))
    said = [
        f"{share:.0%} of the streets have a name or a number",
        f"{gates:,} gates, stiles and the like" if gates else "gates and stiles are not known",
        f"{crossings:,} crossings" + ("" if gates else ", drawn as paths; others are not known"),
        *([] if ferries is None else [f"ferries from shore to shore: {len(ferries):,}"]),
    ]
    return Finding(about, "; ".join(said), careful=not gates)


def _assumed(place: Place) -> Finding:
    """What the walk assumes because the streets do not say it."""
    about, assumed = "not said", place.assumed()
    if assumed is None:
        return Finding(about, "not known what of the streets is assumed: build the place again", careful=True)
    share = (assumed["end_mm"] - assumed["begin_mm"])[assumed["ground_unknown"]].sum()
    said = f"what paths are made of, on {share / max(place.segments()['length_mm'].sum(), 1):.0%} of the streets"
    gates = ", and who can pass some gates" if assumed["gate_untagged"].any() else ""
    return Finding(about, f"{said}{gates}")


def _rules(place: Place) -> Finding:
    older = place.card.rules_version != RULES_VERSION
    return Finding(
        "walk rules",
        f"version {place.card.rules_version}"
        + (", of another version of Pramshed: build the place again" if older else ""),
        older,
    )
