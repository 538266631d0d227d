"""The community pages in the languages of those who use them: gettext catalogues, and names of days and languages.

What a catalogue does not have, or has not right, is said in English: a missing text, one that waits to be looked at
again (fuzzy), one whose ``{placeholders}`` are not those of the English text.
"""

from __future__ import annotations

import gettext
import io
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

FOLDER = Path(__file__).resolve().parent
DOMAIN = "community"
AWAITS_REVIEW = "awaits review by a speaker"
"""What the field ``X-Review`` in a catalogue's header says until a speaker has read it."""


@dataclass(frozen=True)
class Language:
    """A language of the pages.

    Parameters
    ----------
    code
        ISO 639; the catalogue's folder.
    name, english
        What it is called in itself, and in English.
    right_to_left
        Which way it is written.
    locale
        Whose names of days, dates and languages are taken from the Unicode repository of locales.
    """

    code: str
    name: str
    english: str
    right_to_left: bool = False
    locale: str = ""


_KNOWN = (
    Language("en", "English", "English", locale="en_GB"),
    Language("ar", "العربية", "Arabic", right_to_left=True),
    Language("bn", "বাংলা", "Bengali"),
    Language("fa", "دری / فارسی", "Dari/Farsi", right_to_left=True),
    Language("ckb", "کوردی (سۆرانی)", "Kurdish Sorani", right_to_left=True),
    Language("ps", "پښتو", "Pashto", right_to_left=True),
    Language("pl", "Polski", "Polish"),
    Language("pt", "Português", "Portuguese", locale="pt_PT"),
    Language("pa", "ਪੰਜਾਬੀ", "Punjabi", locale="pa_Guru"),
    Language("ro", "Română", "Romanian"),
    Language("so", "Soomaali", "Somali"),
    Language("es", "Español", "Spanish"),
    Language("uk", "Українська", "Ukrainian"),
    Language("ur", "اردو", "Urdu", right_to_left=True),
)
LANGUAGES: dict[str, Language] = {language.code: language for language in _KNOWN}
"""By code, as `data.store.marks.LANGUAGES` orders them."""

_ALSO = {"prs": "fa", "pes": "fa", "pan": "pa", "guru": "pa", "sdh": "ckb"}
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def nearest(*tags: str | None) -> str:
    """Code of the first language of some that there are words in, or ``en``.

    Parameters
    ----------
    tags
        As a browser sends them or a link says them (``ckb-IQ``, ``pt_BR``, ``prs``), the preferred one first.
    """
    for tag in tags:
        code = re.split(r"[-_]", (tag or "").strip().lower(), maxsplit=1)[0]
        code = _ALSO.get(code, code)
        if code in LANGUAGES:
            return code
    return "en"


@dataclass(frozen=True)
class Words:
    """The texts of the pages in one language; made by `words`.

    Parameters
    ----------
    language
        Which one.
    awaits_review
        No speaker has read the catalogue yet.
    """

    language: Language
    awaits_review: bool
    _catalogue: gettext.NullTranslations = field(repr=False)

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, as HTML says it."""
        return "rtl" if self.language.right_to_left else "ltr"

    def of(self, message: str, **values: object) -> str:
        """Say a text.

        Parameters
        ----------
        message
            The English text, of `layers.marking.wording`.
        values
            What stands for its ``{placeholders}``. A value is put in as it is, whatever it contains; in a language
            written from right to left it keeps its own direction.

        Raises
        ------
        KeyError
            The text has a placeholder of which there is no value.
        """
        said = self._catalogue.gettext(message) if message else ""
        return self._filled(said if _fits(said, message) else message, values)

    def many(self, one: str, many: str, n: int, **values: object) -> str:
        """Say a text with a number, in the form that the language has for that number.

        Parameters
        ----------
        one, many
            The English text for one and for many, of `layers.marking.wording`.
        n
            The number; ``{n}`` in the text.
        values
            What stands for the other placeholders, as for `of`.
        """
        said = self._catalogue.ngettext(one, many, n)
        if not _fits(said, many, may_lack="n"):
            said = one if n == 1 else many
        return self._filled(said.replace("{n}", self.number(n)), values)

    def day_name(self, day: str) -> str:
        """Name of a day of the week.

        Parameters
        ----------
        day
            ``mon`` to ``sun``.
        """
        from babel.dates import get_day_names  # noqa: PLC0415 - babel is read by the first who needs it

        # not "stand-alone": where a locale has none, babel gives that of the locale that was asked before
        return _capital(get_day_names("wide", "format", self._locale)[_WEEK.index(day)])

    def date(self, day: date | datetime) -> str:
        """A day in words (3 November 2026)."""
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(day, "long", self._locale)

    def number(self, n: float) -> str:
        """A number, in the digits that signs and postcodes in Britain have (1,250)."""
        from babel.numbers import format_decimal  # noqa: PLC0415

        return format_decimal(n, locale=self._locale)

    def language_name(self, code: str) -> str:
        """What a language is called in this one.

        Parameters
        ----------
        code
            Of `LANGUAGES`.
        """
        from babel import Locale  # noqa: PLC0415

        if code == self.language.code:
            return self.language.name
        if self.language.code == "en":
            return LANGUAGES[code].english  # Dari and Sorani, as families say
        return _capital(Locale.parse(self._locale).languages.get(code) or LANGUAGES[code].name)

    @property
    def _locale(self) -> str:
        return self.language.locale or self.language.code

    def _filled(self, said: str, values: dict[str, object]) -> str:
        def value(found: re.Match[str]) -> str:
            put = values[found[1]]
            isolated = self.language.right_to_left and isinstance(put, str)
            return f"{_ISOLATE}{put}{_END}" if isolated else str(put)

        return _PLACEHOLDER.sub(value, said)


def words(code: str) -> Words:
    """The texts in a language; English if there is no such language.

    Parameters
    ----------
    code
        Of `LANGUAGES`.
    """
    return _words(code if code in LANGUAGES else "en")


def path_of(code: str) -> Path:
    """Where the catalogue of a language is."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled(source: bytes) -> gettext.GNUTranslations:
    """A catalogue, ready to be asked; without what is fuzzy or missing.

    Parameters
    ----------
    source
        A ``.po`` file.
    """
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    binary = io.BytesIO()
    write_mo(binary, read_po(io.BytesIO(source)))
    binary.seek(0)
    return gettext.GNUTranslations(binary)


def awaits_review(source: bytes) -> bool:
    """Whether a catalogue's header says that no speaker has read it yet.

    Parameters
    ----------
    source
        A ``.po`` file.
    """
    header = source.decode().split("\n\n", 1)[0]
    return f'"X-Review: {AWAITS_REVIEW}' in header


def placeholders(text: str) -> frozenset[str]:
    """Names of what is put into a text (``{name}``); a brace that is no placeholder's is one of its own."""
    return frozenset((*_PLACEHOLDER.findall(text), *re.findall(r"[{}]", _PLACEHOLDER.sub("", text))))


def _fits(said: str, message: str, *, may_lack: str = "") -> bool:
    found, expected = placeholders(said), placeholders(message)
    return found == expected or found == expected - {may_lack}


def _capital(name: str) -> str:
    """With a capital, for it stands on a button or a tag alone."""
    return name[:1].upper() + name[1:]


@cache
def _words(code: str) -> Words:
    path = path_of(code)
    if not path.is_file():
        return Words(LANGUAGES[code], awaits_review=False, _catalogue=gettext.NullTranslations())
    source = path.read_bytes()
    return Words(LANGUAGES[code], awaits_review=awaits_review(source), _catalogue=compiled(source))
