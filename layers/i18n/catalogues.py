"""Bring the template and the catalogues in step with the texts of the pages: ``make words``.

A new text is added to each catalogue without a translation. A text that was changed, or that is much like another,
gets the earlier translation, marked as fuzzy: it is said in English until somebody has looked at it and taken the mark
away. What is no longer said is left out. Translations are made in the ``.po`` files, with any editor for them.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from layers.i18n import AWAITS_REVIEW, DOMAIN, FOLDER, LANGUAGES, awaits_review, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TEMPLATE = FOLDER / f"{DOMAIN}.pot"
SPOKEN = tuple(code for code in LANGUAGES if code != "en")
"""The languages that have a catalogue."""

PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    "bn": "nplurals=2; plural=(n > 1)",
    "fa": "nplurals=2; plural=(n > 1)",
    "ckb": "nplurals=2; plural=(n != 1)",
    "ps": "nplurals=2; plural=(n != 1)",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)",
    "pt": "nplurals=2; plural=(n != 1)",
    "pa": "nplurals=2; plural=(n > 1)",
    "ro": "nplurals=3; plural=(n==1 ? 0 : n==0 || (n%100>0 && n%100<20) ? 1 : 2)",
    "so": "nplurals=2; plural=(n != 1)",
    "es": "nplurals=2; plural=(n != 1)",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)",
    "ur": "nplurals=2; plural=(n != 1)",
}
"""How a catalogue chooses its form for a whole number, as the Unicode repository of locales has it."""

_KEYWORDS = {"N_": None, "NN_": (1, 2)}
_COMMENT = "For translators:"
_HEADER = """# {title} of what the community pages say.
# Part of Pramshed, under its licence."""
_REVIEW = f"""
# This translation {AWAITS_REVIEW}. Whoever has read all of it takes out this line and the field X-Review."""


def extracted() -> Catalog:
    """Every marked text of ``layers/``, in the order of the files, with the files that say it."""
    catalog = _empty("Template")
    found = extract_from_dir(
        FOLDER.parent,
        method_map=[("**.py", "python")],
        keywords=_KEYWORDS,
        comment_tags=(_COMMENT,),
        strip_comment_tags=True,
    )
    for path, _, message, comments, _ in found:
        catalog.add(message, locations=[(f"layers/{path}", 0)], auto_comments=comments)
    return catalog


def updated(code: str, template: Catalog, *, source: bytes | None = None) -> bytes:
    """A catalogue in step with the template.

    Parameters
    ----------
    code
        The language.
    template
        As `extracted` makes it.
    source
        The catalogue as it was; None: there is none yet.
    """
    catalog = _empty(LANGUAGES[code].english, code=code) if source is None else read_po(io.BytesIO(source), locale=code)
    catalog.update(template, update_header_comment=False, update_creation_date=False)
    awaits = source is None or awaits_review(source)
    return written(catalog, (f"X-Review: {AWAITS_REVIEW}",) if awaits else ())


def written(catalog: Catalog, fields: Iterable[str] = ()) -> bytes:
    """A catalogue as the text of a file.

    Parameters
    ----------
    catalog
        The catalogue.
    fields
        Lines of the header besides those that babel knows; babel leaves them out on writing.
    """
    file = io.BytesIO()
    write_po(file, catalog, width=110, ignore_obsolete=True, include_previous=True, include_lineno=False)
    lines = "".join(f'"{line}\\n"\n' for line in fields)
    return file.getvalue().replace(b'"MIME-Version:', lines.encode() + b'"MIME-Version:', 1)


def main() -> None:
    """Write the template and the catalogues."""
    template = extracted()
    _write(TEMPLATE, written(template))
    for code in SPOKEN:
        path = path_of(code)
        _write(path, updated(code, template, source=path.read_bytes() if path.is_file() else None))


def _empty(title: str, *, code: str | None = None) -> Catalog:
    """A catalogue with our header; its day is always the same, so that a file changes only with its texts."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    header = _HEADER.format(title=title) + (_REVIEW if code else "")
    catalog = Catalog(locale=code, header_comment=header, creation_date=day, revision_date=day, fuzzy=False)
    fields = {"Project-Id-Version": "Pramshed community", "Report-Msgid-Bugs-To": "", "Last-Translator": ""}
    catalog.mime_headers = [
        *fields.items(),
        ("Language-Team", ""),
        *([("Plural-Forms", PLURALS[code])] if code else []),
    ]
    return catalog


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
