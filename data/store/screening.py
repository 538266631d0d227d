"""What should not stand in a mark's text: telephone numbers, e-mail addresses, names of children.

A help for the contributor, who is asked to take it out, and for the moderator, who sees what was found; no proof that
there is nothing. Opening hours, dates, prices, ages and venues' postcodes are meant to pass.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from data.store.screening_words import NAMES, NOT_NAMES, RELATIONS, Relations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["email", "web_contact", "phone", "child_name", "home_address"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""An e-mail address; a messenger's link or a social network's handle; a telephone number; a child's name; a home."""

MOST_CHARACTERS = 5_000
"""No text is longer; of one that is, the rest is not read."""


@dataclass(frozen=True)
class Finding:
    """Something that should not be there.

    Parameters
    ----------
    field
        The text's name.
    kind
        Of `KINDS`.
    excerpt
        As it stands in the text.
    """

    field: str
    kind: Kind
    excerpt: str


def findings(texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Look through texts for what identifies people.

    Parameters
    ----------
    texts
        Field to text, in any of the interface's languages and scripts.

    Returns
    -------
    tuple of Finding
        In the order of the fields and within them of the text; each place once.
    """
    return tuple(one for field, text in texts.items() for one in _of_text(field, text))


def _of_text(field: str, text: str) -> Iterator[Finding]:
    text = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
    folded, origins = _folded(text)
    taken: list[tuple[int, int, Kind]] = []
    for kind, spans in (
        ("email", _emails(folded)),
        ("web_contact", _contacts(folded)),
        ("phone", _phones(folded)),
        ("child_name", _children(folded)),
        ("home_address", _addresses(folded)),
    ):
        for start, end in spans:
            if not any(start < last and first < end for first, last, _ in taken):
                taken.append((start, end, kind))  # type: ignore[arg-type]  # a Literal of the tuple above
    for start, end, kind in sorted(taken):
        yield Finding(field, kind, text[origins[start] : origins[end - 1] + 1].strip())


# --- one way to write everything -------------------------------------------------------------------------------------

_SAME = str.maketrans(  # Arabic letters of several forms; apostrophes; minus; the full stop of Chinese keyboards
    "\u064a\u0649\u0643\u0623\u0625\u0622\u0671\u2019\u2018\u02bc\u0060\u2212\u3002",
    "\u06cc\u06cc\u06a9\u0627\u0627\u0627\u0627''''-.",
)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with one form of every letter and digit, and for each of its characters where it came from."""
    folded: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        if unicodedata.category(letter) == "Cf" or letter in "\ufe0f\u20e3\u0640" or "\u064b" <= letter <= "\u0652":
            continue  # unseen, or a vowel sign that is written or left out as one likes
        for one in unicodedata.normalize("NFKC", letter).translate(_SAME):
            dash = unicodedata.category(one) == "Pd"
            folded.append("-" if dash else str(unicodedata.decimal(one)) if one.isdecimal() else one)
            origins.append(at)
    return "".join(folded), origins


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in pattern.finditer(text))


# --- e-mail, messengers, social networks -----------------------------------------------------------------------------

_AT = r"(?:\s?[(\[{<]\s?(?:at|@|arroba)\s?[)\]}>]\s?)"
_AT_WORD = r"(?:\s(?:at|arroba|małpa|собака)\s)"
_DOT = r"(?:\s?\.\s?|\s?[(\[{<]\s?(?:dot|\.|punto|ponto)\s?[)\]}>]\s?|\s(?:dot|punto|ponto|kropka|punct|крапка)\s)"
_DOT_WORD = r"(?:\s?[(\[{<]\s?(?:dot|\.|punto|ponto)\s?[)\]}>]\s?|\s(?:dot|punto|ponto|kropka|punct|крапка)\s)"
_PROVIDERS = "gmail|googlemail|hotmail|outlook|yahoo|icloud|live|aol|btinternet|sky|protonmail|proton|wp|onet|mail|ukr"
_WHO = r"(?<![\w.+-])[\w.+%-]{1,64}"
_EMAIL = re.compile(
    rf"{_WHO}(?:@|{_AT})(?:[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}|(?:{_PROVIDERS})\b)"
    rf"|{_WHO}\s?@\s?[\w-]{{1,63}}(?:\.[\w-]{{2,63}}){{1,4}}"
    rf"|{_WHO}(?:{_AT_WORD}|\s?@\s?)[\w-]{{1,63}}(?:{_DOT_WORD}[\w-]{{2,63}}){{1,4}}",
    re.IGNORECASE,
)

_NETWORKS = (
    "whatsapp|whats app|watsapp|telegram|viber|signal|imo|instagram|insta|ig|snapchat|snap|tiktok|tik tok|facebook|fb|"
    "messenger|twitter|wechat|discord|skype|kik|واتساب|واتس اب|واتس|تلگرام|تلغرام|انستغرام|اینستاگرام|فيسبوك|فیسبوک|"
    "واٹس ایپ|وتساپ|হোয়াটসঅ্যাপ|ফেসবুক|ਵਟਸਐਪ|ਫੇਸਬੁੱਕ|вайбер|вотсап|телеграм|інстаграм|фейсбук"
)
_CONTACT = re.compile(
    r"\b(?:wa\.me|chat\.whatsapp\.com|api\.whatsapp\.com|t\.me|telegram\.me|m\.me|fb\.me|fb\.com|facebook\.com|"
    r"instagram\.com|instagr\.am|tiktok\.com|twitter\.com|x\.com|snapchat\.com|linkedin\.com|discord\.gg|signal\.me|"
    r"signal\.group|viber\.com|line\.me)/[^\s,;)]{1,100}"
    rf"|(?<!\w)(?:{_NETWORKS})(?:\s(?:id|handle|user|username|name|is))?\s?[:=]\s?@?[\w.+-]{{3,40}}"
    r"|(?<![\w.@])@[^\W\d][\w.]{2,40}",
    re.IGNORECASE,
)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    return _spans(_EMAIL, text)


def _contacts(text: str) -> Iterator[tuple[int, int]]:
    return _spans(_CONTACT, text)


# --- telephone numbers -----------------------------------------------------------------------------------------------

_CLOCK = r"(?:[01]?\d|2[0-4])"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_NO_NUMBER = re.compile(
    rf"(?<!\d)(?<!\d[.:]){_CLOCK}[:.][0-5]\d(?!\d)(?![.:]\d)"  # 9.30, 10:00
    rf"|(?<!\d)(?<!\d[.-])(?:[01]\d|2[0-4])[0-5]\d\s?(?:-|to|until)\s?(?:[01]\d|2[0-4])[0-5]\d(?!\d|[.-]\d| \d{{3}})"
    rf"|(?<!\d)(?<!\d[./-]){_DAY}([ ./-]){_MONTH}\1(?:19|20)\d\d(?!\d| ?\d{{3}}| \d{{1,3}} \d|(?! )\1\d)"  # 01/02/2026
    rf"|(?<!\d)(?<!\d[./-]){_DAY}([./-]){_MONTH}\2\d\d(?!\d)(?![./-]\d)"  # 01.02.26
    rf"|(?<!\d)(?<!\d-)(?:19|20)\d\d-{_MONTH}-{_DAY}(?!\d|-\d)"  # 2026-02-01
    r"|(?<![\d.+])(?:[1-9]\d{0,2}|0)\.\d{4,}(?!\.?\d)",  # 50.69312
    re.IGNORECASE,
)
_BETWEEN = r"(?:[\s().\-/_·•*~]{0,3}|,)"
_COUNTRIES = "48|40|34|33|49|90|91|92|93|98|351|353|380|880|252|964|966|971|963|962|20|212"
_PHONE = re.compile(
    rf"(?<!\d)\+\s?\(?\d(?:{_BETWEEN}\d){{7,14}}(?!\d)"
    rf"|(?<!\d)00{_BETWEEN}[1-9](?:{_BETWEEN}\d){{7,13}}(?!\d)"
    rf"|(?<!\d)\(?0{_BETWEEN}[1235789](?:{_BETWEEN}\d){{8,9}}(?!\d)"
    rf"|(?<!\d)44{_BETWEEN}(?:\(?0\)?{_BETWEEN})?[1-37-9](?:{_BETWEEN}\d){{8,9}}(?!\d)"
    rf"|(?<!\d)(?:{_COUNTRIES})(?:[ -]?\d){{8,10}}(?!\d)"
    rf"|(?<!\d)7[1-9](?:{_BETWEEN}\d){{8}}(?!\d)"
)
_RING = (
    "telephone|phone|tel|mobile|mob|cell|call|ring|text|txt|sms|whatsapp|whats app|viber|telegram|signal|"
    "telefon|telefonu|zadzwoń|dzwoń|telefone|telemóvel|ligue|teléfono|telefono|llama|móvil|sunați|taleefan|taleefoon|"
    "телефон|тел|дзвоніть|هاتف|تلفون|موبایل|جوال|اتصل|تلفن|تماس|فون|ټلیفون|تیلفون|تەلەفۆن|مۆبایل|ফোন|মোবাইল|ਫੋਨ|ਮੋਬਾਈਲ"
).translate(_SAME)
_SHORT = re.compile(
    rf"(?<!\w)(?:{_RING})[^\w\d]{{0,4}}(?:(?:us|me|on|no|number|is|nr|numer)[^\w\d]{{1,3}}){{0,3}}"
    rf"\d(?:{_BETWEEN}\d){{5,8}}(?!\d)",
    re.IGNORECASE,
)
_DIGIT_WORD = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_SPOKEN = re.compile(rf"\b{_DIGIT_WORD}(?:[\s,.-]{{1,3}}(?:{_DIGIT_WORD}|o|\d)\b){{7,14}}", re.IGNORECASE)
_LETTER_O = re.compile(r"(?<=\d)[oO]{1,3}(?=[\d\s])|(?<!\w)[oO](?=\d)|(?<=\d\s)[oO](?=\d)")


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of the lengths that telephones have, once times, dates and coordinates are out of the way."""
    bare = _NO_NUMBER.sub(lambda found: "\x00" * len(found[0]), text)
    bare = _LETTER_O.sub(lambda found: "0" * len(found[0]), bare)
    for pattern in (_PHONE, _SHORT, _SPOKEN):
        yield from _spans(pattern, bare)


# --- names of children -----------------------------------------------------------------------------------------------

_NAME = r"(?P<name>[^\W\d_][^\s\d.,;:!?()\[\]{}<>\"'،؛؟।/\\«»“”&+@#*=_|-]{1,30})"
_LEFT = r"(?<![^\s.,;:!?()\"'،؛؟।«»“”/-])"
_GAP = r"[\s,:،;(\"'«“-]{1,3}"
_NO_RANGE = r"(?![\d:/+]|[.,]\d|\s?(?:-|to|and|or|pm|am|\+)\s?\d|\s?[-+%])"
_YEARS = rf"(?:1[0-2]|\d){_NO_RANGE}"
_OLD = rf"(?:{_YEARS}\s?(?:years?|yrs?|yo|y\.o)|\d{{1,2}}{_NO_RANGE}\s?(?:months?|mths?|weeks?|wks?))\b"
_AGED = re.compile(
    rf"\b{_NAME}(?:"
    rf"\s?\((?:aged?\s)?(?:(?P<said>{_OLD}(?:\sold)?)|{_YEARS})\)"
    rf"|,?\s(?P<aged>aged?\s(?:{_OLD}|{_YEARS}))"
    rf"|(?:,?\s|\sis\s|'s\s)(?:only\s|nearly\s|almost\s|just\s)?(?P<old>{_OLD}\sold)"
    rf"|,\s{_YEARS}(?:,|\sand\b)"
    r")"
)
_BEFORE = re.compile(r"(\w{1,30})[\s,]{1,2}\Z")
_MINE = re.compile(
    rf"\b{_NAME}\s?(?:[,(]\s?|\sis\s)(?:my|our)\s(?:\w{{3,9}}\s)?(?:son|daughter|baby|boy|girl|child)\b(?!\s?\w)",
    re.IGNORECASE,
)
_BABY = re.compile(rf"\b(?P<word>[bB]aby|[lL]ittle|[bB]aby\s(?:boy|girl))\s{_NAME}")
_SMALL = (
    r"(?:(?:little|wee|big|baby|elder|eldest|older|oldest|younger|youngest|middle|first|second|twin|foster|lovely|beautiful|new|\d{1,2}\s?yo|"
    r"\d{1,2}[- ]?(?:year|yr|month|week)s?[- ]old)\s){0,3}"
)
_DETERMINERS = {
    "the",
    "this",
    "that",
    "a",
    "an",
    "our",
    "your",
    "my",
    "its",
    "their",
    "his",
    "her",
    "every",
    "each",
    "new",
}


def _words(said: str) -> str:
    folded = [re.escape(_folded(word)[0]).replace("_", r"\s") for word in said.split()]
    return "|".join(sorted(folded, key=len, reverse=True))


def _pattern(language: str, said: Relations) -> re.Pattern[str]:
    child = rf"(?P<child>{_words(said.child)})"
    if language == "en":
        child = rf"{_SMALL}{child}"
    if said.own:
        child = rf"{child}\s(?:{_words(said.own)})" if said.after else rf"(?:{_words(said.own)})\s{child}"
    return re.compile(rf"{_LEFT}{child}{_GAP}(?P<called>(?:{_words(said.called)}){_GAP})?{_NAME}", re.IGNORECASE)


@cache
def _relations() -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Each language's pattern, and the words that are no names; made when first asked for, as that takes a while."""
    return [
        (_pattern(language, said), frozenset(_folded(word)[0] for word in said.not_names.split()))
        for language, said in RELATIONS.items()
    ]


def _is_name(word: str, *, title: bool = False) -> bool:
    """Whether a word is taken for a name: a known one, or one with a capital that is no ordinary word.

    In a title (``My Baby Club``) a capital says nothing.
    """
    if word.casefold() in NAMES:
        return True
    return (word[0].isupper() and not title) and word.casefold() not in NOT_NAMES


def _children(text: str) -> Iterator[tuple[int, int]]:
    for pattern, others in _relations():
        for found in pattern.finditer(text):
            name, cased = found["name"], found["name"][0].lower() != found["name"][0].upper()
            title = found["child"][0].isupper() and not found["called"]
            if (cased and _is_name(name, title=title)) or (not cased and (found["called"] or name not in others)):
                yield found.span()
    for found in _AGED.finditer(text):
        name, preceding = found["name"], _BEFORE.search(text, max(0, found.start() - 32), found.start())
        before = preceding[1] if preceding else ""
        alone = not before[:1].isupper() and before.casefold() not in _DETERMINERS  # no title, no thing
        said = before or found["said"] or found["aged"] or found["old"]
        if name.casefold() in NAMES or (alone and said and _is_name(name)):
            yield found.span()
    for found in _MINE.finditer(text):
        if _is_name(found["name"]):
            yield found.span()
    for found in _BABY.finditer(text):
        if found["name"].casefold() in NAMES or (found["word"] == "baby" and _is_name(found["name"])):
            yield found.span()


# --- where somebody lives --------------------------------------------------------------------------------------------

_HOME = re.compile(
    r"\b(?:my|our)\s(?:home\s|house\s|postal\s)?address(?:\sis|:)"
    r"|\b(?:i|we)\slive\s(?:at|on)\s(?:number\s|no\.?\s)?\w{1,30}"
    r"|\b(?:my|our)\s(?:house|flat|home)\s(?:is\s)?(?:at\s(?:number\s|no\.?\s)?\d|number\s\d|no\.?\s?\d)\w{0,5}",
    re.IGNORECASE,
)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    return _spans(_HOME, text)
