"""A family's round trip: from home to a centre, on to a play space, and home."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo import paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.walks_within import Walks

    Integers = NDArray[np.int64]


class RoundTrips(NamedTuple):
    """The shortest round trip of each home; arrays of shape (homes,)."""

    cost: Integers
    """Of the three walks together, millimetres of level ground; `paths.FAR` where there is none."""
    centre: Integers
    play: Integers
    """Which centre and which play space it leads to; -1 where there is none."""


def round_trips(to_centres: Walks, to_play: Walks, between: Walks, homes: int) -> RoundTrips:
    """The least of ``d(home, centre) + d(centre, play) + d(play, home)`` over all centres and play spaces, exactly.

    The nearest centre with the play space nearest to it need not be the shortest trip: every pair is looked at. A play
    space that is an area may be left by another door than it was entered, as if crossing it were free; so the way back
    from a centre counts at least as long as the direct one.

    Parameters
    ----------
    to_centres, to_play
        From homes to centres and to play spaces (`geo.walks_within.walks_within`), up to the longest walk that counts.
    between
        From centres to play spaces (`geo.walks_within.walks_between`, with the play spaces as ``home``).
    homes
        How many homes there are.

    Returns
    -------
    RoundTrips
        Of equal trips the lower numbers are taken, the centre's first.
    """
    plays = int(max(to_play.site.max(initial=0), between.home.max(initial=0))) + 1
    centres = int(max(to_centres.site.max(initial=0), between.site.max(initial=0))) + 1
    of_play = np.searchsorted(to_play.site, np.arange(plays + 1))
    of_centre = (np.searchsorted(each.site, np.arange(centres + 1)) for each in (to_centres, between))
    far = np.int64(paths.FAR)
    trips = RoundTrips(np.full(homes, far), np.full(homes, -1), np.full(homes, -1))
    for centre, (walks, onward) in enumerate(zip(*(map(slice, at[:-1], at[1:]) for at in of_centre), strict=True)):
        home, there = to_centres.home[walks], to_centres.cost[walks]
        play, on = between.home[onward], between.cost[onward]
        count = of_play[play + 1] - of_play[play]
        which = np.arange(count.sum()) + np.repeat(of_play[play] - (np.cumsum(count) - count), count)
        # cost and number in one value, so that the least of it tells both
        back = (to_play.cost[which] + np.repeat(on, count)) * plays + np.repeat(play, count)
        least = np.full(homes, far * plays)
        np.minimum.at(least, to_play.home[which], back)
        total = there + np.maximum(least[home] // plays, there)
        shorter = total < trips.cost[home]
        home = home[shorter]
        trips.cost[home], trips.centre[home], trips.play[home] = total[shorter], centre, least[home] % plays
    return trips
