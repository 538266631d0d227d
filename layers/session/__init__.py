"""What the reader has chosen: the only users of the session and of the URL, whose keys `layers.parameters` declares."""

from layers.session.areas import (
    area_list,
    area_picker,
    choose_area,
    choose_cell,
    chosen_area,
    chosen_cell,
    event_choice,
    take_click,
)  # fmt: skip
from layers.session.controls import (
    chosen_place,
    layer_picker,
    ledger_controls,
    place_picker,
    question_controls,
    shown_picker,
    siting_controls,
    surface_control,
)  # fmt: skip
from layers.session.days import chosen_day, day_control
from layers.session.scenario import (
    chosen_site,
    click_picker,
    fault,
    keep_controls,
    make,
    make_where,
    next_new,
    opening_form,
    part_picker,
    say_fault,
    scenario_of,
    site_picker,
    take_over,
    take_what_if_click,
    undo,
    undo_all,
    where_form,
)
from layers.session.url import keep, restore

__all__ = [
    "area_list", "area_picker", "choose_area", "choose_cell", "chosen_area", "chosen_cell", "chosen_day",
    "chosen_place", "chosen_site", "click_picker", "day_control", "event_choice", "fault", "keep", "keep_controls",
    "layer_picker", "ledger_controls", "make", "make_where", "next_new", "opening_form", "part_picker",
    "place_picker", "question_controls", "restore", "say_fault", "scenario_of", "shown_picker", "site_picker",
    "siting_controls", "surface_control", "take_click", "take_over", "take_what_if_click", "undo", "undo_all",
    "where_form",
]  # fmt: skip
