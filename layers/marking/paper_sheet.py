"""The paper sheet: the fields of the marking page as one page of HTML that prints on A4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.store.marks import CHOICES, DAYS
from geo.sites import MARK_KINDS
from layers.answers import mark_words
from layers.html import escape
from layers.i18n import LANGUAGES
from layers.marking import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.i18n import Words

_BOX = "<span class='box'></span>"


def sheet(words: Words, *, group: str, place: str, code: str, qr_svg: str, attribution: str) -> str:
    """A paper sheet to print.

    Parameters
    ----------
    words
        The language that it is printed in.
    group, place
        Whose it is, and where.
    code
        What is typed later; empty if only the QR code leads there.
    qr_svg
        The same as a QR code: SVG of our own making.
    attribution
        Whose words and data are on it.

    Returns
    -------
    str
        HTML; all texts are escaped, nothing is loaded from anywhere.
    """

    def said(message: str, **values: object) -> str:
        return escape(words.of(message, **values))

    field = wording.FIELD_LABELS
    kinds = _ticks(
        f"<b>{said(mark_words.KIND_LABELS[kind])}</b> <small>{said(wording.KIND_HINTS[kind])}</small>"
        for kind in MARK_KINDS
    )
    parts = [
        _part(said(wording.STEP_WHAT), f"<div class='kinds'>{kinds}</div>"),
        _part(said(wording.STEP_WHERE), _line(said(wording.SHEET_WHERE)) + _line("")),
        _part(
            said(wording.STEP_WHEN),
            _asked(said(field["days"]), (escape(words.day_name(day)) for day in DAYS))
            + f"<div class='two'>{_line(said(field['opens']))}{_line(said(field['closes']))}</div>"
            + _asked(said(field["ages"]), map(said, mark_words.CHOICE_LABELS["ages"].values()))
            + _asked(
                said(field["languages"]),
                (f"<span lang='{code}'>{escape(one.name)}</span>" for code, one in LANGUAGES.items()),
            )
            + "".join(
                _asked(said(field[name]), (said(mark_words.CHOICE_LABELS[name][value]) for value in CHOICES[name]))
                for name in ("pram_friendly", "toilets", "cost", "term_time")
            )
            + _asked("", [f"{said(field['at_home'])} <small>{said(wording.FIELD_HINTS['at_home'])}</small>"]),
        ),
        _part(
            f"{said(mark_words.KIND_LABELS['barrier'])} / {said(mark_words.KIND_LABELS['missing_crossing'])}",
            _asked(said(field["stops"]), map(said, mark_words.CHOICE_LABELS["stops"].values())),
        ),
        _part(
            said(wording.STEP_NAME),
            _line(said(field["name"]))
            + _line(said(field["note"]))
            + _line("")
            + f"<p><small>{said(wording.NO_PRIVATE_WORDS)}</small></p>",
        ),
        _part(
            said(wording.SHEET_PRIVATE), _line(said(field["contact"])) + _line(said(field["private_note"])), "private"
        ),
    ]
    given = f"<p>{said(wording.SHEET_CODE, code=code)}</p>" if code else ""
    head = (
        f"<header><div><h1>{said(wording.SHEET_TITLE)}</h1><p>{said(wording.ADDING_FOR, group=group, place=place)} "
        f"{said(wording.SHEET_HOW)}</p><p>{said(wording.SHEET_GIVE_BACK, group=group)}</p>{given}</div>"
        f"<div class='qr' role='img' aria-label='{said(wording.CARD_SCAN)}'>{qr_svg}</div></header>"
    )
    return (
        f"<!doctype html><html lang='{words.language.code}' dir='{words.direction}'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<meta name='referrer' content='no-referrer'>"
        f"<meta name='viewport' content='width=device-width'><title>{said(wording.SHEET_TITLE)}</title>"
        f"<style>{_STYLE}</style></head><body>{head}<main>{''.join(parts)}</main>"
        f"<footer>{said(wording.MODERATOR_LOOKS)} <bdi dir='ltr'>{escape(attribution)}</bdi></footer></body></html>"
    )


def _part(title: str, body: str, name: str = "") -> str:
    return f"<section class='{name}'><h2>{title}</h2>{body}</section>"


def _asked(label: str, options: Iterable[str]) -> str:
    return f"<p class='asked'>{f'<b>{label}</b> ' if label else ''}{_ticks(options)}</p>"


def _ticks(options: Iterable[str]) -> str:
    return " ".join(f"<span class='tick'>{_BOX} {option}</span>" for option in options)


def _line(label: str) -> str:
    return f"<div class='line'><span>{label}</span></div>"


_STYLE = """
@page{size:A4;margin:11mm}
*{box-sizing:border-box}
body{font:10pt/1.35 "Noto Sans","Segoe UI","DejaVu Sans",Arial,sans-serif;color:#111}
body{max-width:190mm;margin:0 auto;padding:4mm}
h1{font-size:15pt;margin:0 0 1mm}h2{font-size:11pt;margin:0 0 1mm;border-bottom:1pt solid #111}
p{margin:0 0 1.2mm}small{font-size:8.5pt;color:#333}
header{display:flex;gap:5mm;justify-content:space-between;align-items:flex-start}
.qr{flex:none;width:30mm}.qr svg{width:30mm;height:30mm;display:block}
section{margin:2mm 0;break-inside:avoid}
.kinds .tick{display:block}
.tick{margin-inline-end:3.5mm;display:inline-block}
.box{display:inline-block;width:3.4mm;height:3.4mm;border:.8pt solid #111;vertical-align:-.4mm}
.line{border-bottom:.6pt dotted #444;min-height:8.4mm;display:flex;align-items:flex-end;gap:2mm;flex:1}
.two{display:flex;gap:6mm;margin-bottom:1mm}
.private{border:1pt dashed #111;padding:1.5mm 2.5mm}
footer{font-size:8pt;color:#333;margin-top:2mm}
"""
