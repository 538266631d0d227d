"""The printed report, read as its readers' programs read it: text, fonts, tags, pages; poppler is the independent one."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
import typst

from layers.reports.gather import report_of
from layers.reports.report import Section
from layers.reports.request import as_dict, hash_of
from layers.reports.table import UNKNOWN_SAID
from layers.reports.writers import pdf
from layers.reports.writers.pdf import PICTURE_MM, pdf_of
from tests.layers.reports.made import HOSTILE, NAMES, made_report
from tests.layers.reports.pdf_text import picture, poppler, squeezed, words

# read by poppler; they share what is found for the island
pytestmark = [pytest.mark.program, pytest.mark.xdist_group("reports")]


@pytest.fixture(scope="module")
def document() -> bytes:
    """The report made by hand, as PDF."""
    return pdf_of(made_report(), {"need": picture()})


@pytest.fixture(scope="module")
def tags(document) -> str:
    """Its structure, as those hear it who do not see it."""
    return poppler("pdfinfo", document, "-struct-text")


def test_no_warning_and_the_same_bytes_again(document):
    files = pdf._files(made_report(), {"need": picture()})
    again, warnings = typst.compile_with_warnings(files, font_paths=pdf._fonts(), pdf_standards=["ua-1"])
    assert warnings == []
    assert pdf.with_row_headers(again, list(pdf._row_heads(made_report()))) == document


def test_what_it_says_of_itself(document):
    said = poppler("pdfinfo", document)
    assert re.search(r"^Tagged: +yes$", said, re.MULTILINE)
    assert re.search(r"^Author: +Pramshed$", said, re.MULTILINE)
    assert made_report().title in said
    assert "2026" in re.search(r"^CreationDate: +(.*)$", said, re.MULTILINE)[1]
    assert "A4" in re.search(r"^Page size: +(.*)$", said, re.MULTILINE)[1]
    assert b"/Lang(en-GB)" in document
    assert b"<pdfuaid:part>1</pdfuaid:part>" in document
    assert int(re.search(r"^Pages: +(\d+)$", said, re.MULTILINE)[1]) == 2


def test_title_answer_and_figures_are_on_the_first_page(document):
    report = made_report()
    first = words(document, "-f", "1", "-l", "1", "-layout")
    assert squeezed(report.title) in squeezed(first)
    assert report.subtitle in first
    assert report.answer in first
    assert "163 of 439 under-fives whose walk is known (37%)" in first
    for figure in report.figures.values():
        assert figure.label in first
        assert figure.said in first
    assert "Page 1 of 2" in first


def test_headings_come_in_their_order_and_are_tagged(tags):
    found = re.findall(r'^ *(H[1-6]) "(.*)" \(block\)', tags, re.MULTILINE)
    report = made_report()
    assert found == [
        ("H1", report.title),
        ("H2", "Need and walking time"),
        ("H2", "The numbers in short"),
        ("H2", "Where is the walk longest where need is greatest?"),
        ("H3", "Every neighbourhood, the largest gap first"),
        ("H2", "What was lost?"),
        ("H3", "What was lost"),
        ("H2", "Settings"),
        ("H3", "Settings"),
        ("H2", "What to be careful about"),
        ("H2", "Whose data this is"),
        ("H2", "How to reproduce these numbers"),
    ]


def test_every_printed_cell_is_there_and_no_other(document):
    report = made_report()
    text = squeezed(words(document, "-layout"))
    table = report.tables["neighbourhoods"]
    cells = table.text().head(5)
    for name in ("area_name", "minutes", "under5"):
        for cell in cells[name]:
            if not any("\u0590" <= letter <= "\u08ff" for letter in cell):  # poppler writes ligatures as it sees them
                assert squeezed(cell) in text, cell
    rows = poppler("pdftotext", document, "-layout").splitlines()
    lane = next(row for row in rows if re.match(r" *5 +Sheepcote Lane", row))
    assert re.match(r" *5 +Sheepcote Lane +7 +120 +4 +96% +High need, far", lane)
    corner = next(row for row in rows if re.match(r" *4 +ਪਰਿਵਾਰਕ ਕੇਂਦਰ", row))
    assert re.match(r" *4 +ਪਰਿਵਾਰਕ ਕੇਂਦਰ +\[x\] +41 +12 +71% +", corner)
    assert squeezed(f"5 of 6 rows; the spreadsheet has all. {UNKNOWN_SAID}.") in text
    assert "Need0to100" not in text
    assert not re.search(r"^ *91 *$", poppler("pdftotext", document), re.MULTILINE)  # the score, in files only
    assert squeezed("7 March 2016 312 \N{MINUS SIGN}3") in text


def test_hostile_text_stands_as_it_was_typed(document):
    text = squeezed(words(document))
    assert text.count(squeezed(f"{HOSTILE}: a point.")) == 1
    assert squeezed("O'Connell's <b>Corner</b>: a point.") in text
    assert "$x$" in text
    assert "\u200b" not in poppler("pdftotext", document)


def test_names_in_other_scripts_are_shaped_and_read(document):
    text = words(document)
    assert f"{NAMES[2]}: a point." in text
    assert f"{NAMES[3]}: a point." in text
    joined = re.search(r"• (\S+ \S+): a point\. • পরিবার", text)[
        1
    ]  # poppler writes the ligature of two letters reversed
    assert sorted(joined) == sorted(NAMES[1])
    assert joined.startswith("مركز ")
    fonts = poppler("pdffonts", document)
    for name in ("NotoSansArabic", "NotoSansBengali", "NotoSansGurmukhi"):
        assert name in fonts


def test_the_map_has_its_words_for_those_who_do_not_see_it(document):
    said = b"Map of six neighbourhoods: one has high need and is far."
    assert re.findall(rb"/StructElem/S/Figure[^>]*?/Alt\(([^)]*)\)", document) == [said]


def test_a_table_has_its_header_cells(tags):
    heads = re.findall(r"THead\n(?:.*\n)*?(?= +TBody)", tags)
    assert len(heads) == 4  # the figures, and three tables
    assert [head.count("/Scope /Column") for head in heads] == [2, 7, 4, 3]
    rows = re.findall(
        r"^      TR\n(?:        TD.*\n(?:         .*\n)*)?        TH:\n +/Scope /Row$", tags, re.MULTILINE
    )
    assert len(rows) == tags.count("/Scope /Row") == 3 + 5 + 2 + 1  # every row has one, and it is the row's name
    assert tags.count("/Headers") == tags.count("/Scope /Column")


def test_the_end_says_how_to_have_it_again(document):
    report = made_report()
    basis = report.basis
    hashed = hash_of(
        as_dict(report.request, basis.place), fingerprint=basis.fingerprint, rules_version=basis.rules_version, marks=""
    )
    text = words(document)
    assert f"This report is {hashed}: the same question to the same data" in text
    assert "python cli.py replay run.json" in text
    for credit in report.credits:
        assert credit in text
    assert "Read with care. Walks to closed centres are measured along today's streets." in text
    assert text.count("Walks take no account of hills.") == 1


def test_a_caution_that_a_section_has_is_not_said_twice():
    report = made_report()
    careful = replace(report.sections[1], careful=report.cautions)
    text = words(pdf_of(replace(report, sections=(careful,)), {}))
    assert text.count("Walks take no account of hills.") == 1
    assert "What to be careful about" not in text
    assert "Not printed here, but in the other files: Every neighbourhood, the largest gap first; Settings." in text


def test_the_answer_is_a_paragraph_and_what_is_gravest_is_beneath_the_map(tags):
    report = replace(made_report(), gravest=("Walks take no account of hills.", "One.", "Two."))
    assert re.search(rf'^ *P \(block\)\n *"{re.escape(report.answer)}"', re.sub(r'"\n +"', "", tags), re.MULTILINE)
    made = pdf_of(report, {"need": picture()})
    first = words(made, "-l", "1")
    assert "Read with care. • Walks take no account of hills. • One. • Two." in first
    assert first.index("Need and walking time") < first.index("Read with care.") < first.index("The numbers in short")
    assert words(made).count("Walks take no account of hills.") == 1


def test_a_map_is_printed_once_and_on_the_first_page_if_there_is_room():
    report = made_report()
    twice = (replace(report.sections[0], points=()), Section(key="again", heading="Again", shows=("map:need",)))
    small, tall = (
        pdf_of(replace(report, sections=twice, gravest=("Careful.",) * lines), {"need": picture(870, 990)})
        for lines in (3, 20)
    )
    for document, page in ((small, 1), (tall, 2)):
        rows = poppler("pdfimages", document, "-list").splitlines()[2:]
        assert [int(row.split()[0]) for row in rows] == [page]
    assert words(small).count("See above: Need and walking time.") == 2
    assert words(tall).count("See above: Need and walking time.") == 1


def test_the_picture_of_a_map_must_be_one():
    with pytest.raises(ValueError, match="'need' is neither PNG nor SVG"):
        pdf_of(made_report(), {"need": b"GIF89a"})
    with pytest.raises(KeyError, match="need"):
        pdf_of(made_report(), {})
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" width="174" height="100"><rect width="9" height="9"/></svg>'
    assert pdf_of(made_report(), {"need": drawn}).startswith(b"%PDF-1.7")
    assert PICTURE_MM[0] == 210 - 2 * 18


def test_a_long_word_stays_in_its_column():
    report = made_report()
    table = report.tables["lost"]
    long = table.values.assign(name=["W" * 300, "https://x.invalid/" + "a" * 200])  # noqa: PD011 (the table's own)
    lost = replace(table, values=long)
    section = replace(report.sections[1], text=("M" * 400,))
    made = pdf_of(replace(report, title="Z" * 150, tables={"lost": lost}, sections=(section,)), {})
    found = re.findall(
        r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]+)<', poppler("pdftotext", made, "-bbox")
    )
    left, right = 18 / 25.4 * 72, (210 - 18) / 25.4 * 72
    assert len(found) > 100
    assert all(float(start) > left - 1 and float(end) < right + 1 for start, end, _ in found)
    beside = next(float(start) for start, _, word in found if word == "Ended")
    named = [float(end) for _, end, word in found if word.startswith(("WWW", "aaa"))]
    assert len(named) > 5
    assert max(named) < beside
    assert squeezed("W" * 300) in squeezed(words(made, "-raw"))


@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_no_heading_and_no_header_is_the_last_of_its_page(lines):
    report = made_report()
    table = report.tables["neighbourhoods"]
    longer = replace(
        table, values=pd.concat([table.values] * 5),  # noqa: PD011 (its own)
        printed_rows=None,
    )  # fmt: skip
    sections = (
        Section(key="a", heading="FIRST", text=("A line.",) * lines, shows=("map:need",)),
        Section(key="b", heading="SECOND", shows=("table:neighbourhoods", "table:lost")),
        Section(key="c", heading="THIRD", shows=("table:settings",), careful=("Careful.",) * (lines % 4)),
    )
    made = pdf_of(
        replace(report, figures={}, sections=sections, tables={**report.tables, "neighbourhoods": longer}),
        {"need": picture()},
    )
    headings = ("FIRST", "SECOND", "THIRD", "Need against", "Every neigh", "What was lost", "Settings", "Whose data",
                "How to reproduce", "The darkest", "Children count", "Each closure", "What was asked", "Rank", "Centre ",
                "Setting ", "15 min", "Beyond")  # fmt: skip
    pages = poppler("pdftotext", made, "-layout").split("\f")[:-1]
    for page in pages[:-1]:
        rows = [row.strip() for row in page.splitlines() if row.strip()]
        assert "Page" in rows[-1]
        assert len(rows) > 3
        assert not rows[-2].startswith(headings), rows[-2]
    for page in pages[1:]:
        assert not page.strip().startswith(("[x]", "30 of"))
    again = sum(bool(re.search(r"Rank +Neighbourhood", page)) for page in pages)
    assert again == sum(bool(re.search(r"^ *([1-5]|\[x\]) +.* High need, far", page, re.MULTILINE)) for page in pages)
    assert again >= 2


def test_a_table_without_rows_says_so():
    report = made_report()
    table = report.tables["lost"]
    empty = replace(table, values=table.values[:0], geometry=None)  # noqa: PD011 (its own)
    text = words(pdf_of(replace(report, tables={"lost": empty}, sections=(report.sections[1],)), {}))
    assert "Each closure, the greatest first. None." in text


def test_reports_of_a_real_place_keep_to_their_pages(whole, report, pack):
    ward = report_of(whole, replace(report.request, ward="E05013387"))
    of_ward = pdf_of(ward, dict.fromkeys(ward.maps, picture()))
    for one, made, fewest, most in ((ward, of_ward, 4, 6), (report, (pack / "report.pdf").read_bytes(), 6, 12)):
        pages = poppler("pdftotext", made, "-layout").split("\f")[:-1]
        assert fewest <= len(pages) <= most
        text = words(made, "-layout")
        for figure in one.figures.values():
            assert squeezed(figure.number) in squeezed(text)
        assert one.answer in words(made)


def test_a_report_is_set_tighter_if_that_spares_a_page_of_few_lines():
    report = replace(made_report(), figures={}, tables={})

    def set_with(lines: int) -> tuple[bool, int, float]:
        section = Section(key="a", heading="Lines", text=("A line.",) * lines)
        files = pdf._files(replace(report, sections=(section,)), {})
        return (b'"tight": true' in files["report.json"], *pdf._end(files))

    ends = {lines: set_with(lines) for lines in range(20, 60, 4)}
    assert {tight for tight, _, _ in ends.values()} == {True, False}
    assert all(page == 1 or down > 80 or tight is False for tight, page, down in ends.values())
    assert [page for _, page, _ in ends.values()] == sorted(page for _, page, _ in ends.values())
    assert not ends[20][0]
    assert ends[20][1] == 1
