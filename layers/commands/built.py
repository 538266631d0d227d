"""What a command says of a place that it has built, and of what is another than in the place that was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from data.place import Card, Place
    from layers.answers.question import Answer

_MOST = 10


def standing(folder: Path) -> tuple[Card, Answer] | None:
    """What a place says now that is about to be replaced; None if there is none that can be opened."""
    from data.place import Place
    from geo.errors import InputError

    try:
        return _answered(Place.open(folder))
    except InputError:
        return None


def say_built(place: Place, before: tuple[Card, Answer] | None) -> None:
    """Say what is in a new place, what to be careful about, and what has changed."""
    card = place.card
    counts = ", ".join(f"{value:,} {what.replace('_', ' ')}" for what, value in card.counts.items())
    typer.echo(f"{card.name}: {counts}")
    for note in card.notes:
        typer.echo(f"- {note}")
    if before:
        _say_changed(before, _answered(place))


def _say_changed(before: tuple[Card, Answer], after: tuple[Card, Answer]) -> None:
    from layers.answers.rebuilt import rebuilt, sources_changed

    sources = sources_changed(before[0], after[0])
    typer.echo(f"Compared with the earlier build: {'; '.join(sources) or 'the same sources'}.")
    table = rebuilt(before[1], after[1])
    count, all_of_them = len(table), len(after[1].gaps)
    typer.echo(f"Neighbourhoods now in another class of need or walk: {count:,} of {all_of_them:,}.")
    for area in table.head(_MOST).itertuples():
        moves = [
            f"{what} {was or 'not known'}, now {now or 'not known'}"
            for what, was, now in (
                ("need", _word(area.need_before), _word(area.need_after)),
                ("walk", _word(area.walk_before), _word(area.walk_after)),
            )
            if was != now
        ]
        typer.echo(f"- {area.area_name}: {'; '.join(moves)}. Because of {area.why}.")
    if count > _MOST:
        typer.echo(f"- and {count - _MOST:,} more.")


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _answered(place: Place) -> tuple[Card, Answer]:
    from layers.answers.question import Question, answer

    return place.card, answer(place, Question())
