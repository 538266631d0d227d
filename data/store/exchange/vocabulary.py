"""Plain words for the codes of a mark, and which codes other people's words mean."""

from __future__ import annotations

import re

from data.store.marks import AGES, CHOICES, DAYS, LANGUAGES
from geo.sites import MARK_KINDS

WORDS: dict[str, dict[str, str]] = {
    "kind": {
        "meeting_place": "place to meet",
        "play_space": "place to play",
        "peer_group": "peer-support group",
        "drop_in": "drop-in",
        "barrier": "barrier on the way",
        "missing_crossing": "missing crossing",
        "other": "something else",
    },
    "days": {
        "mon": "Monday",
        "tue": "Tuesday",
        "wed": "Wednesday",
        "thu": "Thursday",
        "fri": "Friday",
        "sat": "Saturday",
        "sun": "Sunday",
    },
    "ages": {
        "bump": "parents expecting a baby",
        "baby": "babies under 1",
        "toddler": "children aged 1 and 2",
        "preschool": "children aged 3 and 4",
        "older": "children aged 5 and over",
    },
    "languages": {
        "en": "English",
        "ar": "Arabic",
        "bn": "Bengali",
        "fa": "Persian (Dari, Farsi)",
        "ckb": "Kurdish (Sorani)",
        "ps": "Pashto",
        "pl": "Polish",
        "pt": "Portuguese",
        "pa": "Punjabi",
        "ro": "Romanian",
        "so": "Somali",
        "es": "Spanish",
        "uk": "Ukrainian",
        "ur": "Urdu",
    },
    "pram_friendly": {
        "yes": "easy with a pram",
        "partly": "partly: there is a step or a narrow door",
        "no": "not with a pram",
    },
    "toilets": {"changing": "toilets with a place to change nappies", "yes": "toilets", "no": "no toilets"},
    "cost": {"free": "free", "donation": "you give what you can", "paid": "you have to pay"},
    "term_time": {"all_year": "open all year", "term_only": "closed in the school holidays"},
    "stops": {"everyone": "everybody", "prams": "people with a pram", "after_dark": "people who walk there after dark"},
}
"""By field and code."""

_ALSO: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "meeting_place": ("meeting space", "community space"),
        "play_space": ("playground", "play area", "play street"),
        "peer_group": ("peer support", "support group"),
        "barrier": ("obstacle",),
        "missing_crossing": ("no crossing",),
    },
    "days": {
        "mon": ("mo",), "tue": ("tu", "tues"), "wed": ("we", "weds"), "thu": ("th", "thur", "thurs"),
        "fri": ("fr",), "sat": ("sa",), "sun": ("su",),
    },
    "ages": {
        "bump": ("before birth", "pregnant", "expectant", "expectant parents"),
        "baby": ("babies", "under 1"),
        "toddler": ("toddlers", "1 and 2", "children of 1 and 2"),
        "preschool": ("pre school", "3 and 4", "children of 3 and 4"),
        "older": ("5 and over", "over 5", "children of 5 and over"),
    },
    "languages": {
        "en": ("eng",), "ar": ("ara",), "bn": ("ben", "bangla", "sylheti"),
        "fa": ("fas", "per", "prs", "persian", "farsi", "dari", "dari farsi", "farsi dari"),
        "ckb": ("ku", "kur", "kurdish", "sorani"), "ps": ("pus", "pushto"), "pl": ("pol",), "pt": ("por",),
        "pa": ("pan", "panjabi"), "ro": ("ron", "rum"), "so": ("som",), "es": ("spa",), "uk": ("ukr",), "ur": ("urd",),
    },
    "pram_friendly": {"yes": ("y", "true", "yes easily"), "partly": ("partially",), "no": ("n", "false")},
    "toilets": {
        "changing": ("baby changing", "yes with a place to change nappies"), "yes": ("y", "true"), "no": ("n", "false"),
    },
    "cost": {"free": ("nothing it is free", "0"), "donation": ("donations",), "paid": ("pay",)},
    "term_time": {"all_year": ("no",), "term_only": ("yes", "term time", "term time only", "term")},
    "stops": {"everyone": ("all", "everybody"), "prams": ("pram", "pushchairs", "buggies"), "after_dark": ("dark",)},
}  # fmt: skip

_CODES = {
    "kind": MARK_KINDS,
    "days": DAYS,
    "ages": AGES,
    "languages": LANGUAGES,
    **CHOICES,
}
_SPANS = {"weekdays": DAYS[:5], "weekend": DAYS[5:], "weekends": DAYS[5:], "daily": DAYS, "every day": DAYS}
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(am|pm)?", re.ASCII | re.IGNORECASE)


def _plain(text: str) -> str:
    """Small letters, without punctuation and without the article before them."""
    words = " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
    return re.sub(r"^(?:a|an|the) ", "", words)


_MEANS = {
    field: {
        _plain(said): code for code in codes for said in (code, WORDS[field][code], *_ALSO.get(field, {}).get(code, ()))
    }
    for field, codes in _CODES.items()
}


def code_of(field: str, said: str) -> str | None:
    """The code that somebody's word means, or None; capitals, hyphens and an article do not matter.

    Parameters
    ----------
    field
        Of `WORDS`.
    said
        A code or plain words: ``peer_group``, ``Peer-support group``.
    """
    return _MEANS[field].get(_plain(said))


def codes_of(field: str, said: str) -> tuple[tuple[str, ...], str | None]:
    """The codes that a list of words means, and the first word that is none.

    Parameters
    ----------
    field
        ``days``, ``ages`` or ``languages``.
    said
        With commas, semicolons, strokes or line breaks between; days also as ``Mon-Fri`` or ``Mon to Fri``.
    """
    found: list[str] = []
    for word in filter(str.strip, re.split(r"[,;|/\n]", said)):
        codes = _days_of(word) if field == "days" else [code for code in [code_of(field, word)] if code]
        if not codes:
            return tuple(found), word.strip()
        found += codes
    return tuple(dict.fromkeys(found)), None


def _days_of(word: str) -> list[str]:
    """Days of ``Tue``, ``Tue and Thu``, ``Mon-Fri``, ``weekdays``; none if a word is none."""
    if _plain(word) in _SPANS:
        return list(_SPANS[_plain(word)])
    ends = [code_of("days", end) for end in re.split(r"\s*[-\u2013]\s*|\s+to\s+", word.strip())]
    if len(ends) == 2 and ends[0] and ends[1]:
        first, last = (DAYS.index(end) for end in ends if end)
        return list(DAYS[first : last + 1] if first <= last else DAYS[first:] + DAYS[: last + 1])
    codes = [code_of("days", one) for one in re.split(r"\s*&\s*|\s+and\s+|\s+", word.strip())]
    return [code for code in codes if code] if all(codes) else []


def time_of(said: str) -> str | None:
    """A time as HH:MM, of ``9:30``, ``09:30:00``, ``9.30`` or ``9am``; None if it is none."""
    match = _TIME.fullmatch(said.strip())
    if not match or (match[2] is None and match[3] is None):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3].casefold() == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def yes_of(said: str) -> bool | None:
    """True or false of a cell; an empty one is false, None if it is neither."""
    word = _plain(said)
    if word in ("", "no", "n", "false", "0"):
        return False
    return True if word in ("yes", "y", "true", "1") else None
