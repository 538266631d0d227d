"""What each aim of new sites would bring, side by side, and what fairness costs in under-fives within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.siting import optimum
from geo.whole import shown, whole
from layers.answers.siting_measures import brought_within, deprived_within, longest_km, minutes_saved, slope, walk_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.siting import Plan
    from geo.siting_problem import SitingProblem

AIMS = {
    "cover": "Most under-fives within reach",
    "equity": "Priority to high need",
    "distance": "Shortest total walking",
    "deprived": "Most of the most deprived fifth",
    "deprived_walk": "Shortest walks, most deprived fifth",
    "slope": "Most in favour of the most deprived",
    "farthest": "Shortest longest walk",
}
"""The aims of `geo.siting_problem.OBJECTIVES` as rows of the table."""

SHOWN_COLUMNS = (
    "aim", "within", "fewer", "fairer", "deprived_within", "deprived_minutes", "longest_km", "proved",
)  # fmt: skip
_NOTICED = 0.05
"""Minutes of the slope: less is rounded away."""


def plans_of(problem: SitingProblem, k: int, *, time_limit_s: float) -> dict[str, Plan]:
    """The best plan by each aim; without those of the most deprived fifth where deprivation is not known."""
    lacking = {"deprived", "deprived_walk"} if problem.deprived is None else set()
    lacking |= {"slope"} if problem.rank is None else set()
    aims = [aim for aim in AIMS if aim not in lacking]
    return {aim: optimum(problem, k, objective=aim, time_limit_s=time_limit_s) for aim in aims}


def aims_table(problem: SitingProblem, names: pd.Series[str], plans: dict[str, Plan]) -> pd.DataFrame:
    """Every aim's plan by every measure, the first row as things are.

    Parameters
    ----------
    problem
        What each candidate would give.
    names
        Of the candidates, by id.
    plans
        By aim; ``cover`` among them.

    Returns
    -------
    DataFrame
        Index ``objective`` (``today`` first): ``aim`` in words; under-fives newly ``within`` reach, how many ``fewer``
        than with ``cover`` (the price of the aim) and how many ``deprived_within`` of the most deprived fifth;
        ``fairer``, by how many minutes the slope of walks by deprivation falls (the most deprived end gains so much
        more than the least), and the ``slope``;
        ``minutes_saved`` by all under-fives; ``deprived_minutes``, the mean walk of that fifth, one way, where a home
        without a way counts as in `geo.siting_problem`; ``longest_km``; ``proved``; ``sites``, their names.
    """
    most = brought_within(problem, plans["cover"].chosen)
    chosen = {"today": ()} | {aim: plan.chosen for aim, plan in plans.items()}
    table = pd.DataFrame(
        [_measures(problem, sites) | {"sites": "; ".join(names.loc[list(sites)].astype(str))}
         for sites in chosen.values()],
        index=pd.Index(chosen, name="objective"),
    )  # fmt: skip
    table["aim"] = ["As it is now", *(AIMS[aim] for aim in plans)]
    table["fewer"] = most - table["within"]
    table["fairer"] = (table["slope"].iloc[0] - table["slope"]).round(1) + 0.0
    table["slope"] = table["slope"].round(1)
    table["proved"] = ["", *("yes" if plan.proved else "no" for plan in plans.values())]
    return table[[*SHOWN_COLUMNS[:-1], "slope", "minutes_saved", "proved", "sites"]]


def _measures(problem: SitingProblem, chosen: Sequence[str]) -> dict[str, object]:
    """A plan by every measure; the most deprived fifth's are NaN if nobody is known to be of it."""
    of = problem.on_network & (False if problem.deprived is None else problem.deprived == 1)
    weight = np.where(of, problem.weight, 0.0)
    walk = np.minimum(walk_to(problem, chosen), problem.cap) / problem.mm_per_minute
    return {
        "within": brought_within(problem, chosen),
        "deprived_within": deprived_within(problem, chosen),
        "deprived_minutes": round(float(weight @ walk / weight.sum()), 1) if weight.any() else np.nan,
        "slope": slope(problem, chosen),
        "longest_km": longest_km(problem, chosen),
        "minutes_saved": whole(minutes_saved(problem, chosen)),
    }


def price_said(table: pd.DataFrame, limit: str) -> str:
    """What the fairest of the plans costs in under-fives within reach, and how fair the one with most of them is."""
    fairer = table["fairer"]
    if fairer.isna().all():
        return "How fairly walks fall is not known here, as no neighbourhood's deprivation is."
    most, best = table["within"].max(), fairer.max()
    fair = table[fairer >= best - _NOTICED].sort_values("fewer", kind="stable").iloc[0]
    if best < _NOTICED:
        return "None of these plans would shorten walks more at the most deprived end than at the least deprived."
    if not fair["fewer"] > 0:
        return "No price of fairness: the plan that brings most under-fives within reach is also the fairest of these."
    return (
        f"The price of fairness: the fairest of these plans shortens walks at the most deprived end {best:.1f} minutes "
        f"more than at the least deprived, and brings {shown(fair['within'])} under-fives within {limit} where "
        f"{shown(most)} could be: {shown(fair['fewer'])} fewer ({fair['fewer'] / most:.0%})."
    )


def unbeaten(table: pd.DataFrame) -> pd.Series[bool]:
    """Whether no other plan is at least as good as this both by ``within`` and by ``fairer``, and better by one."""
    within, fairer = (table[name].to_numpy(float) for name in ("within", "fairer"))
    no_worse = (within >= within[:, None]) & (fairer >= fairer[:, None])
    better = (within > within[:, None]) | (fairer > fairer[:, None])
    return pd.Series(~(no_worse & better).any(axis=1), table.index)


def aims_said(table: pd.DataFrame, limit: str) -> list[str]:
    """What the fairer aims cost and bring beside reaching most under-fives, in sentences."""
    row = table.to_dict("index")
    today, most, last = row["today"], row["cover"], row["farthest"]
    sentences = []
    if "deprived" not in row or np.isnan(today["deprived_minutes"]):
        sentences.append("Nobody here is known to live in England's most deprived fifth.")
    else:
        first, shorter = row["deprived"], row["deprived_walk"]
        sentences += [
            f"Compared with reaching most under-fives, putting England's most deprived fifth first would bring "
            f"{shown(first['deprived_within'])} rather than {shown(most['deprived_within'])} of its under-fives within "
            f"{limit}, and {shown(first['within'])} rather than {shown(most['within'])} of all.",
            f"Shortening that fifth's walks would make its mean walk {shorter['deprived_minutes']:.1f} minutes (now "
            f"{today['deprived_minutes']:.1f}) and bring {shown(shorter['within'])} under-fives within {limit}.",
        ]
    if last["longest_km"] < today["longest_km"]:
        sentences.append(
            f"Helping whoever walks farthest would make the longest walk {last['longest_km']:.2f} km (now "
            f"{today['longest_km']:.2f} km) and bring {shown(last['within'])} under-fives within {limit}."
        )
    else:
        sentences.append(f"No plan would shorten the longest walk, {today['longest_km']:.2f} km.")
    return [*sentences, price_said(table, limit)]
