"""What the reader has chosen: the only users of the session and of the URL, whose keys `parameters` declares."""

from layers.session.areas import (
    area_list,
    area_picker,
    choose_area,
    choose_cell,
    chosen_area,
    chosen_cell,
    event_choice,
    mark_choice,
)  # fmt: skip
from layers.session.beside import chosen_other, other_picker, shade_picker
from layers.session.controls import (
    aims_control,
    chosen_place,
    drawn_picker,
    layer_picker,
    ledger_controls,
    mark_filter,
    place_picker,
    question_controls,
    rows_picker,
    shown_picker,
    siting_controls,
    surface_control,
    whom_control,
)  # fmt: skip
from layers.session.days import chosen_day, compare_toggle, day_control, full_centres_only
from layers.session.found import find_in
from layers.session.looking import (
    choose_reach,
    chosen_part,
    chosen_reach,
    chosen_spot,
    leave_part,
    look_at_area,
    look_at_part,
    look_away,
    map_moves,
    search_box,
    see_all,
    take_look,
    within_part,
)  # fmt: skip
from layers.session.marking import (
    begin_mark,
    came_by,
    change,
    choose_kind,
    choose_paper,
    choose_where,
    empty,
    filled_in,
    forget_receipt,
    go,
    group_link,
    keep_answers,
    language_picker,
    marking,
    offer_link,
    on_paper,
    receipt_link,
    sent,
    shape_picker,
    start_again,
    take_mark_click,
    told,
    typed_in,
    undo_corner,
    widget,
)  # fmt: skip
from layers.session.obstacles import obstacle_choice, obstacle_picker
from layers.session.own_list import forget_own, lacks_own, own_faults, own_list, own_upload, use_own
from layers.session.reports import (
    about_picker,
    against_picker,
    against_scenario,
    areas_picker,
    of_day_picker,
    of_scenario,
    then_picker,
    ward_picker,
)
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
from layers.session.url import keep, restore, with_place
from layers.session.walker import chosen_walker, walk_controls
