"""What is kept between two runs of a page, for all readers: the only caches."""

from layers.cache import (
    answers,
    brought,
    charts,
    deployment,
    marks,
    new_sites,
    obstacles,
    peer_support,
    places,
    reports,
    side_by_side,
    since,
    walks,
    weighed,
)

__all__ = [
    "answers",
    "brought",
    "charts",
    "deployment",
    "marks",
    "new_sites",
    "obstacles",
    "peer_support",
    "places",
    "reports",
    "side_by_side",
    "since",
    "walks",
    "weighed",
]
