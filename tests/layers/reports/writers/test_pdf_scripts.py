"""A report as PDF in every script that its fonts write."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from layers.reports.report import Section
from layers.reports.writers import pdf
from layers.reports.writers.pdf import FONTS, LACKING, pdf_of, writable
from tests.layers.reports.made import made_report
from tests.layers.reports.pdf_text import poppler, squeezed, words

pytestmark = pytest.mark.program  # read by poppler

SCRIPTS = {
    "NotoSans": "Việt Ελλάδα Київ Łódź Ọmọ",
    "NotoSansAdlam": "𞤆𞤵𞤤𞤢𞤪",
    "NotoSansArabic": "مركز الأسرة ٹھیک پښتو سۆرانی",
    "NotoSansArmenian": "Հայերեն",
    "NotoSansBengali": "পরিবার কেন্দ্র",
    "NotoSansDevanagari": "परिवार केन्द्र",
    "NotoSansEthiopic": "ትግርኛ",
    "NotoSansGeorgian": "ქართული",
    "NotoSansGujarati": "પરિવાર કેન્દ્ર",
    "NotoSansGurmukhi": "ਪਰਿਵਾਰਕ ਕੇਂਦਰ",
    "NotoSansHanifiRohingya": "𐴌𐴟𐴇𐴥𐴝",
    "NotoSansHebrew": "משפחה",
    "NotoSansKannada": "ಕುಟುಂಬ",
    "NotoSansKhmer": "គ្រួសារ",
    "NotoSansLao": "ຄອບຄົວ",
    "NotoSansMalayalam": "കുടുംബം",
    "NotoSansMeeteiMayek": "ꯏꯃꯨꯡ",
    "NotoSansMyanmar": "မိသားစု",
    "NotoSansNKo": "ߒߞߏ",
    "NotoSansOlChiki": "ᱚᱞ",
    "NotoSansOriya": "ପରିବାର",
    "NotoSansSinhala": "පවුල",
    "NotoSansSylotiNagri": "ꠍꠤꠟꠐꠤ",
    "NotoSansSyriac": "ܣܘܪܝܝܐ",
    "NotoSansTamil": "குடும்பம்",
    "NotoSansTelugu": "కుటుంబం",
    "NotoSansThaana": "ދިވެހި",
    "NotoSansThai": "ครอบครัวน้ำ",
    "NotoSansTifinagh": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "NotoSansVai": "ꕙꔤ",
    "NotoSerifTibetan": "བོད་སྐད་",
    "PramshedHan": "家庭中心 兒童 啲嘅 ファミリー かぞく 가족센터",
    "PramshedSigns": "≥ \N{MINUS SIGN} →",
    "PramshedSymbols": "✓ ★ ♥",
}


@pytest.fixture(scope="module")
def scripts() -> bytes:
    """A report that says something in every script, in its text, in a heading and in a cell."""
    report = made_report()
    said = Section(
        key="scripts", heading=" ".join(SCRIPTS.values()), text=tuple(SCRIPTS.values()), shows=("table:lost",)
    )
    table = report.tables["lost"]
    values = pd.DataFrame({"name": list(SCRIPTS.values()), "ended": None, "crossed": np.nan, "change": 0.0})
    lost = replace(table, values=values, geometry=None)
    return pdf_of(replace(report, title="Names", sections=(said,), tables={"lost": lost}), {})


def test_every_bundled_font_writes_its_script(scripts):
    rows = [row.split() for row in poppler("pdffonts", scripts).splitlines()[2:]]
    used = {row[0].split("+")[1].removesuffix("-Identity-H").removesuffix("-Regular") for row in rows}
    assert used == {*SCRIPTS, "NotoSans-Bold"}
    assert {path.stem.removesuffix("-Regular") for path in FONTS.glob("*.[ot]tf")} == {
        *SCRIPTS, "NotoSans-Bold", "NotoSans-Italic",
    }  # fmt: skip
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)  # embedded, in part, with their Unicode
    assert LACKING not in words(scripts)


def test_text_in_every_script_can_be_copied(scripts):
    text = squeezed(words(scripts))
    right_to_left = {"NotoSansAdlam", "NotoSansArabic", "NotoSansHanifiRohingya", "NotoSansHebrew", "NotoSansNKo",
                     "NotoSansSyriac", "NotoSansThaana"}  # fmt: skip
    for name, said in SCRIPTS.items():
        letters = set(squeezed(said))
        assert letters <= set(text), f"{name}: {letters - set(text)}"
        if name not in right_to_left:
            assert squeezed(said) in text, name


def test_what_no_font_has_is_shown_as_lacking_and_said():
    report = replace(made_report(), answer="Stars 🌟 and 👩‍👧 \U000f0000 a\u064e ok", sections=(), figures={})
    text = words(pdf_of(report, {}))
    assert f"Stars {LACKING} and" in text
    assert f"{LACKING}: a character that this document has no letter for; the spreadsheet has it." in text


def test_writable_keeps_what_shaping_needs_and_drops_what_turns_text():
    assert writable("क्\u200dष") == "क्\u200dष"
    assert writable("abc\u202edef\u2066\x07\ufeff") == "abcdef"
    assert writable("two\nlines\tand  more ") == "two lines and more"
    assert writable("e\u0301") == "é"
    assert writable("a\u0e33\U0001f600") == f"a{LACKING}{LACKING}"  # a Thai vowel upon a Latin letter is one sign
    assert writable("") == ""
    assert writable("\u202e") == ""


@pytest.mark.parametrize(
    ("said", "pieces"),
    [
        ("plain, 5 of 6.", ["plain, 5 of 6."]),
        ("by مركز الأسرة, 5 of 6", ["by ", "مركز الأسرة", ", 5 of 6"]),
        ("مركز 2 الأسرة: a point", ["", "مركز 2 الأسرة", ": a point"]),
        ("מרכז, مركز", ["", "מרכז", ", ", "مركز", ""]),
    ],
)
def test_a_name_read_from_the_right_is_a_piece_of_its_own(said, pieces):
    assert pdf._pieces(said) == pieces


def test_a_number_after_a_name_read_from_the_right_stays_after_it():
    section = Section(key="a", heading="A", text=("Near مركز الأسرة, 5 of 6, sooner 12% later משפחה, 7 of 8.",))
    made = pdf_of(replace(made_report(), figures={}, tables={}, answer="Short", sections=(section,)), {})
    found = re.findall(
        r'xMin="([\d.]+)" yMin="[\d.]+" xMax="[\d.]+" yMax="[\d.]+">([^<]+)<', poppler("pdftotext", made, "-bbox")
    )
    at = {re.sub("[\u200e\u202a-\u202e]", "", word): float(start) for start, word in found}
    named = [start for word, start in at.items() if any("\u0590" <= letter <= "\u06ff" for letter in word)]
    assert len(named) >= 3
    assert at["Near"] < min(named) < at["5"] < at["sooner"] < at["12%"] < at["later"] < max(named) < at["7"]
    assert not [start for start in named if at["5"] < start < at["later"]]
