"""Places, what is at hand and what a place takes that is built by hand."""

from __future__ import annotations

from html import unescape
from pathlib import Path

from data.catalogue import CATALOGUE
from layers.commands.place_files import build_command, place_files
from tests.layers.reading import html, markdown

PAGE = "layers/pages/places.py"
EVIL = "<b>Evil</b> [x](javascript:1)"


def test_the_command_names_every_file_without_which_there_is_no_place(seen):
    at, files = seen(PAGE), place_files()
    needed = [one.option for one in files if one.needed]
    assert needed == ["--streets", "--boundaries", "--postcodes", "--deprivation", "--population", "--centres"]
    (command,) = [one.value for one in at.code]
    assert all(f"{option} FILE" in command for option in needed)
    assert command == build_command(files, Path("data/local/places"))


def test_each_file_says_who_publishes_it_and_where(seen):
    said, files = unescape(html(seen(PAGE))), place_files()
    lines = [line for line in said.split("<li>") if line.startswith("<code>--")]
    assert len(lines) == len(files)
    for one, line in zip(files, lines, strict=True):
        assert one.about in line
        assert all(name in line for name in (*one.publishers, *one.pages)), line
    pages = {source.landing_page.removeprefix("https://").rstrip("/") for source in CATALOGUE.values()}
    assert {page for one in files for page in one.pages} - pages == {"wiki.openstreetmap.org/wiki/Planet.osm"}


def test_places_at_hand_are_links_and_their_names_are_plain_text(visit, derive):
    derive(EVIL)
    at = visit(PAGE)
    links = [one.proto.label for one in at.get("page_link")]
    assert "Isle of Wight" in links
    assert EVIL not in "".join(links) + markdown(at) + html(at)
    assert "2 places are ready here" in markdown(at)
