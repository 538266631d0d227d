"""The glossary: each word of Pramshed's that means something particular, and what it means; docs and pages take it."""

from __future__ import annotations

from types import MappingProxyType

from geo.thresholds import NAMED

SECTIONS = MappingProxyType(
    {
        "Places": {
            "place": "One authority in England with all its data; the Isle of Wight is included.",
            "neighbourhood": (
                "An official small area of about 1,500 residents: a Lower layer Super Output Area (LSOA) of 2021. "
                "Tables call it an area."
            ),
            "ward": "An electoral ward. It has the homes of the neighbourhoods that mostly lie in it.",
            "town or village": (
                "The homes on one stretch of built-up land, under the name of the largest place on it. Farms and "
                "hamlets are in none."
            ),
            "home": "A postcode in use, which stands for the families who live there. Tables call it an origin.",
        },
        "Centres": {
            "centre": (
                "A children's centre on the national register. Which ones count is your choice: full centres and "
                "linked sites, full centres only, or family hubs only."
            ),
            "full centre": "A children's centre that is run by itself, with all its services.",
            "linked site": (
                "A children's centre that is run from another one and offers less. It is taken to have been a full "
                "centre once."
            ),
            "family hub": "A place on the list of family hubs: often at a children's centre, sometimes by itself.",
            "network site": (
                "A library, school, surgery or hall that regularly gives at least one of a family hub's services. It "
                "counts only if you ask for it."
            ),
            "planned opening": "A hub or network site that the council means to open. It counts from its day on.",
            "no longer listed": (
                "On an older register and not on a later one. That does not prove that it closed; such centres are "
                "counted as closed and named."
            ),
            "play space": "A public playground, from OpenStreetMap or Ordnance Survey.",
            "community space": "A place to meet that a local group put on the map and a moderator approved.",
            "site": "Whatever families walk to: a centre, a hub, a play space, or a place from your own list.",
        },
        "The walk": {
            "walk": (
                "The quickest way on foot along mapped streets, one way, from a home to the nearest site, for the "
                "walker you choose. Hills, traffic and buses are not in it."
            ),
            "typical walk": (
                "The walk in the middle: half of the under-fives in a neighbourhood walk as long or longer, half walk "
                "less (the median)."
            ),
            "longest acceptable walk": (
                "The number of minutes you choose, usually 15; with a pram that is one kilometre on level ground. "
                "Anything longer is too far. Tables call it the threshold."
            ),
            "named threshold": (
                "A longest acceptable walk that guidance names. Minutes are those of whoever walks, on level ground: "
                f"{'; '.join(f'{each.name} ({each.source})' for each in NAMED.values())}."
            ),
            "within, beyond": "A home is within 15 minutes if its walk takes at most 15 minutes; otherwise beyond.",
            "near, fair, far": (
                "Three classes of neighbourhoods by their typical walk. With 15 minutes as the longest acceptable "
                "walk: up to 10 minutes, 10 to 15 minutes, over 15 minutes."
            ),
            "no street data": (
                "Most homes there are more than 250 m from any street we have. Their walk is not known, and they are "
                "left out of the counts."
            ),
            "streets missing nearby": (
                "Our streets end near there. A centre beyond, or a shorter way, may be missing, so the walk may be "
                "shorter than shown."
            ),
            "cut off": (
                "Near a centre in a straight line, beyond the longest acceptable walk, and at least twice as far on "
                "foot: a railway, water, a main road or a missing path may be in the way."
            ),
            "longer with a pram": (
                "How much longer the walk is than that of an adult alone at the same pace: what steps, stiles, gates "
                "and rough ground cost."
            ),
            "missing link": (
                "A short straight gap between two streets that a pram has a long way round. Whether a path can be made "
                "there is not known."
            ),
            "depends on one centre": (
                "A neighbourhood whose typical walk would become too long if the centre that most of its families are "
                "nearest to closed."
            ),
        },
        "Families": {
            "under-fives": (
                "Children aged 0 to 4. The number in a neighbourhood is published; we share it out over the homes "
                "there, so a number for a few streets is an estimate."
            ),
            "families from abroad": (
                "No table counts them. Residents born outside the UK, of all ages, stand in for them (a proxy)."
            ),
            "most deprived fifth": "The fifth of England's neighbourhoods with most deprivation (IMD tenths 1 and 2).",
            "need": (
                "A score from 0 to 100 within the authority, from deprivation, children in low-income families, "
                "residents born outside the UK and the number of under-fives. You can change how much each counts, and "
                "give weight to more."
            ),
            "came to the UK within 2 or 5 years": (
                "The share of all residents, of any age, who had arrived so recently on Census Day 2021. It stands in "
                "for newly arrived families (a proxy); near a university most of them are students."
            ),
            "cannot speak English well": (
                "The share of residents aged 3 and over who told the Census of 2021 that they speak English not well, "
                "or not at all (a proxy for families who need another language)."
            ),
            "no adult with English as main language": (
                "The share of households where that is so, by the Census of 2021 (a proxy). Many of these adults speak "
                "English well."
            ),
            "derived": (
                "A share that we worked out from percentages of smaller areas. It can differ from the published one by "
                "about half a percentage point."
            ),
            "high, middle, low need": (
                "Thirds of neighbourhoods by their need score: of the authority's own, or of all of England's, as you "
                "choose under *What counts as need*."
            ),
            "rank": (
                "The order in which to look at neighbourhoods, 1 first: by under-fives beyond the longest acceptable "
                "walk, weighted by need."
            ),
        },
        "Closures and changes": {
            "closure": "A centre that has closed, is announced to close, or is no longer listed.",
            "downgrade": "A full centre that became a linked site.",
            "nearest centre that is left": (
                "The centre now nearest to the families of one that closed. It is worked out from the streets; where "
                "families really go is not known."
            ),
            "share of the joint loss": (
                "Closures overlap: a family may have lost its second choice, too. The loss they caused together is "
                "split fairly between them, so that the shares add up (Shapley values)."
            ),
            "scenario": "A list of changes to try: centres closed, opened, moved or added, barriers and crossings.",
            "candidate": (
                "A place that could have a new centre. Whether it is available, suitable or affordable has not been "
                "checked."
            ),
            "price of fairness": (
                "How many fewer under-fives the fairest plan of new sites brings within the longest acceptable walk "
                "than the plan that brings most."
            ),
            "proved": "No other choice among the candidates does better; this was checked by exact calculation.",
        },
        "Numbers": {
            "slope": (
                "Minutes that walks rise from the least to the most deprived end, along a straight line through all "
                "families (the slope index of inequality). Below 0: the most deprived walk less."
            ),
            "as of": "The day for which centres are counted. Streets and children have dates of their own.",
            "uncertain": (
                "Records do not say whether a centre was open on the day. The answer is then worked out twice: with "
                "every such centre open, and with all of them closed."
            ),
            "not known": "There is no data. It is never shown as 0 and never counted as near or far.",
            "hidden": "A small number that is not shown, to protect people's privacy.",
            "mark": "Something that a member of a community group put on the map: a place, a barrier, a crossing.",
        },
    }
)
"""What each word means, in plain text, by headings of the subject."""

MEANINGS = MappingProxyType({word: meaning for terms in SECTIONS.values() for word, meaning in terms.items()})
