"""What kinds of marks and their choices are called, in English, marked for translation."""

from __future__ import annotations

from layers.i18n.marked import N_

KIND_LABELS = {
    "meeting_place": N_("Place to meet"),
    "play_space": N_("Place to play"),
    "peer_group": N_("Peer-support group"),
    "drop_in": N_("Drop-in"),
    "barrier": N_("Barrier on the way"),
    "missing_crossing": N_("Missing crossing"),
    "other": N_("Something else"),
}


CHOICE_LABELS = {
    "pram_friendly": {
        "yes": N_("Yes, easily"),
        "partly": N_("Partly: there is a step or a narrow door"),
        "no": N_("No"),
    },
    "toilets": {
        "changing": N_("Yes, with a place to change nappies"),
        "yes": N_("Yes"),
        "no": N_("No"),
    },
    "cost": {
        "free": N_("Nothing, it is free"),
        "donation": N_("You give what you can"),
        "paid": N_("You have to pay"),
    },
    "term_time": {
        "all_year": N_("Open all year"),
        "term_only": N_("Closed in the school holidays"),
    },
    "stops": {
        "everyone": N_("Everybody"),
        "prams": N_("People with a pram"),
        "after_dark": N_("People who walk there after dark"),
    },
    "ages": {
        "bump": N_("Parents expecting a baby"),
        "baby": N_("Babies under 1"),
        "toddler": N_("Children aged 1 and 2"),
        "preschool": N_("Children aged 3 and 4"),
        "older": N_("Children aged 5 and over"),
    },
}
"""By field and value; the names of days and languages are `layers.i18n.Words.day_name` and ``language_name``."""
