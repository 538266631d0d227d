"""What others wrote is shown as they wrote it, and does nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.html import html_lines, html_table, plain, swatch

JOINER = "\N{WORD JOINER}"


def shown(markdown: str) -> str:
    """What a reader sees of escaped Markdown."""
    return re.sub(r"\\(.)", r"\1", markdown).replace(JOINER, "")


class TestPlain:
    @given(st.text())
    def test_reads_as_it_was_written(self, text):
        assert shown(plain(text.replace(JOINER, ""))) == " ".join(text.replace(JOINER, "").split())

    @given(st.text())
    def test_no_sign_of_markdown_is_left(self, text):
        bare = re.sub(r"\\.", "", plain(text))
        assert not re.search(r"[!-/:-@\[-`{-~\n]", bare)

    def test_names_stay_clean(self):
        assert plain("Ryde South East") == "Ryde South East"
        assert JOINER not in plain("St Mary's (Cowes) - Hub: 2-4 High Street")

    @pytest.mark.parametrize(
        "late", ["www.evil.example", "WWW.evil.example", "https://evil.example", "a@evil.example", ":material/home:",
                 ":smile:", "a -> b", "a <= b", "a -- b", "mailto:a@b.c"],
    )  # fmt: skip
    def test_what_streamlit_looks_for_after_markdown(self, late):
        said = re.sub(r"\\(.)", r"\1", plain(late))
        assert said.replace(JOINER, "") == late
        assert not re.search(r"www\.|://|\w@\w|:material/|:smile|->|<=|--", said, re.IGNORECASE)

    def test_not_a_string(self):
        assert plain(None) == "None"
        assert plain(7) == "7"


class TestHtml:
    def test_lines(self):
        assert html_lines(["a", "<b>"]) == "<p>a</p><p>&lt;b&gt;</p>"
        assert html_lines(["a"], kind="li", name="x") == "<li class='x'>a</li>"

    def test_a_table(self):
        made = html_table([("#ffffff/", "Walk & more", "<i>7</i>"), ("", "b", "c", "d")], caption="It's")
        assert "<caption>It&#x27;s</caption>" in made
        assert "<th scope='row'>Walk &amp; more</th><td>&lt;i&gt;7&lt;/i&gt;</td>" in made
        assert "<tr><th scope='row'>b</th><td>c</td><td>d</td></tr>" in made
        assert made.count("pramshed-swatch") == 1

    def test_headings_of_columns_stand_above_their_cells(self):
        rows = [("#ffffff", "a", "1", "2")]
        made = html_table(iter(rows), caption="c", head=("<b>", "two"))
        first, second = re.findall(r"<tr>(.*?)</tr>", made)
        assert len(re.findall(r"<t[dh]", first)) == len(re.findall(r"<t[dh]", second)) == 4
        assert "<th scope='col'>&lt;b&gt;</th><th scope='col'>two</th>" in first
        assert "thead" not in html_table(rows, caption="c")

    def test_stripes(self):
        assert "gradient" in swatch("#ffffff/")
        assert "gradient" not in swatch("#ffffff")
        assert "<" not in swatch("'><b>")[1:].replace("</td>", "")
