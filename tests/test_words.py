"""Plain words: phrases that were retired come back in no string, comment, page or script."""

from __future__ import annotations

import re

from tests.test_architecture import texts

RETIRED = tuple(
    phrase
    for line in """
        nought · noughts · anew · to be had · can be had · could be had · is to answer for
        lost the one that was nearest · under the one that was nearest · took more together · than one by one
        half of families walk · half of families are within · half of them walk
        need against walk · need against the walk · one closure away · any listed site · what counts as a centre
        near enough: minutes · each child counted by need · each child counts by the need · least walking in all
        as many under-fives would · no change that is noticed · what is it compared with · take it along
        look it over · way on foot at last · cannot be shown as asked · the least over three
        whose class changes at another · no loss to tell · is told its shapley · count neither way
        as they do or will · ranks of the largest gaps · put it away · put this away · is good no more
        may do again what · may do nothing any more · yours counts · take in a file · was taken in · can be taken in
        somebody else was quicker · lost its number · a folder is in the way · is no proof that none
        it was asked to be taken off · where its families go now · where families go now · nobody has asked whether
        is called so · start anew · no way left on foot · that is proved
    """.splitlines()
    for phrase in line.strip().split(" · ")
    if phrase
)
"""What read as translated, in lower case; plainer words stand in its place."""

SPARED = ("CHANGELOG.md", "tests/test_words.py", "data/store/screening.py")
"""History; this list; and what others may type."""


def said(text: str) -> str:
    """A file in one line, lower case: strings that go on in the next line are joined, names in code are left out."""
    text = re.sub(r"""["']\s*\n\s*(?:[fr]{0,2}["'])""", "", text)
    text = re.sub(r"\w*_\w+|\.\w+\(|\bdef \w+", "", text)
    return " ".join(text.replace("#", " ").split()).lower()


def test_retired_phrases_do_not_come_back():
    found = {}
    for name, text in texts(".py", ".md", ".js", ".jinja", ".typ").items():
        if name in SPARED or (name.startswith("tests/") and name.endswith(".py")):
            continue
        line = said(text)
        hits = [one for one in RETIRED if one in line and re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", line)]
        if hits:
            found[name] = hits
    assert found == {}


def test_the_list_is_lower_case_and_has_each_phrase_once():
    assert len(RETIRED) == len(set(RETIRED))
    assert all(one == one.lower() for one in RETIRED)
