"""The catalogues say what the pages say, in full and in step; what they lack or have wrong is said in English."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from data.store import marks
from geo.sites import MARK_KINDS
from layers import i18n
from layers.answers import mark_words
from layers.i18n import LANGUAGES, Words, compiled, nearest, path_of, placeholders, words
from layers.i18n.catalogues import SPOKEN, TEMPLATE, extracted, updated, written
from layers.marking import wording

REVIEWED: frozenset[str] = frozenset()
"""Languages whose catalogue a speaker has read and corrected: its code comes here when ``X-Review`` goes."""

ROOT = Path(__file__).resolve().parents[2]
RIGHT_TO_LEFT = {"ar", "fa", "ckb", "ps", "ur"}
SCRIPTS = {"ar": "؀-ۿ", "fa": "؀-ۿ", "ckb": "؀-ۿ", "ps": "؀-ۿ", "ur": "؀-ۿ", "bn": "ঀ-৿", "pa": "਀-੿", "uk": "Ѐ-ӿ"}
PLAIN = re.compile(r"[<>*_`#\[\]\\|~$&^]")
"""What HTML, Markdown or Streamlit would take for more than a letter."""


def catalogue(code):
    return read_po(io.BytesIO(path_of(code).read_bytes()), locale=code)


@pytest.fixture(scope="module")
def template():
    return extracted()


def texts(value):
    """Every text of the wording, whatever it is kept in."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return set().union(*map(texts, value.values()))
    return set().union(*map(texts, value)) if isinstance(value, tuple) else set()


def ids(catalog):
    return [message.id for message in catalog if message.id]


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_the_template_is_current(template):
    """Run ``make words`` if it is not."""
    assert TEMPLATE.read_bytes() == written(template)


def test_every_text_of_the_wording_is_marked(template):
    said = set().union(*(texts(value) for name, value in (vars(wording) | vars(mark_words)).items() if name.isupper()))
    found = set().union(*(texts(one) for one in ids(template)))
    assert len(said) > 150
    assert said <= found


@pytest.mark.parametrize("code", SPOKEN)
def test_a_catalogue_is_in_step(code, template):
    """Neither stale nor obsolete: ``make words`` would change nothing."""
    source = path_of(code).read_bytes()
    assert ids(catalogue(code)) == ids(template)
    assert not catalogue(code).obsolete
    assert updated(code, template, source=source) == source


def test_what_is_missing_is_known(template, record_property):
    missing = {code: [one.id for one in catalogue(code) if one.id and not all(forms(one))] for code in SPOKEN}
    fuzzy = {code: [one.id for one in catalogue(code) if one.id and one.fuzzy] for code in SPOKEN}
    count = sum(map(len, itertools.chain(missing.values(), fuzzy.values())))
    record_property("untranslated", count)
    whole = len(SPOKEN) * len(ids(template))
    assert count <= 0.1 * whole, f"{count} of {whole} texts would be said in English: {missing} {fuzzy}"


@pytest.mark.parametrize("code", SPOKEN)
def test_translations_have_the_same_placeholders_and_no_markup(code):
    catalog = catalogue(code)
    rule = compiled(path_of(code).read_bytes()).plural
    counts = [{n for n in range(300) if rule(n) == form} for form in range(catalog.num_plurals)]
    for message in catalog:
        if not message.id or message.fuzzy:
            continue
        expected = placeholders(message.id if isinstance(message.id, str) else message.id[1])
        for form, said in enumerate(forms(message)):
            if not said:
                continue
            wanted = expected
            if isinstance(message.id, tuple) and "n" not in placeholders(said):
                assert len(counts[form]) == 1, f"{said!r} is said of {len(counts[form])} numbers, and tells none"
                wanted = expected - {"n"}
            assert placeholders(said) == wanted, said
            assert not PLAIN.search(said), said
            assert said == said.strip()
            assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", said), "direction is the page's business"


@pytest.mark.parametrize("code", SPOKEN)
def test_a_translation_is_in_its_script_and_not_english(code):
    translated = [(texts(one.id), said) for one in catalogue(code) if one.id for said in forms(one) if said]
    same = [said for english, said in translated if said in english]
    assert set(same) <= {"No"}, same  # Spanish
    if code in SCRIPTS:
        letters = re.compile(f"[{SCRIPTS[code]}]")
        assert not [said for _, said in translated if not letters.search(said) and re.search(r"[^\W\d_]", _bare(said))]


def _bare(said):
    return re.sub(r"\{\w+\}", "", said)


@pytest.mark.parametrize("code", SPOKEN)
def test_sentences_end_as_sentences(code):
    """A question asks, and a sentence with a full stop has one in the language too."""
    for message in catalogue(code):
        if isinstance(message.id, str) and message.id and message.string and not message.fuzzy:
            last = message.string[-1]
            if message.id.endswith("?"):
                assert last in "?؟", message.string
            elif message.id.endswith("."):
                assert last in (".", "\N{ARABIC FULL STOP}", "\N{DEVANAGARI DANDA}"), message.string
            elif message.id[-1].isalpha():
                assert last.isalnum() or last in ")" or _is_mark(last), message.string


def _is_mark(character):
    """A vowel sign, which Python does not count as a letter."""
    import unicodedata

    return unicodedata.category(character).startswith("M")


@pytest.mark.parametrize("code", SPOKEN)
def test_the_header_says_that_a_speaker_is_awaited(code):
    header = path_of(code).read_text("utf-8").split("\n\n")[0]
    assert ('"X-Review: awaits review by a speaker\\n"' in header) == (code not in REVIEWED)
    assert f"# {LANGUAGES[code].english} of" in header
    assert ("# This translation awaits review by a speaker." in header) == (code not in REVIEWED)
    assert f'"Language: {code}\\n"' in header
    assert words(code).awaits_review == (code not in REVIEWED)
    assert not words("en").awaits_review


@pytest.mark.parametrize("code", SPOKEN)
def test_plurals_are_those_of_the_unicode_repository(code):
    """The form of every whole number; millions, which two languages treat apart, are not counted here."""
    rule = compiled(path_of(code).read_bytes()).plural
    cldr = Locale.parse(code).plural_form
    ours, theirs = ([chosen(n) for n in range(1000)] for chosen in (rule, cldr))
    assert catalogue(code).num_plurals == len(set(ours))
    if code in {"pt", "pa", "bn", "fa"}:  # of nought: one or many, as European Portuguese and others have it
        ours, theirs = ours[1:], theirs[1:]
    assert len(set(zip(ours, theirs, strict=True))) == len(set(ours)) == len(set(theirs))
    for message in catalogue(code):
        if isinstance(message.id, tuple):
            assert len(forms(message)) == len(set(ours))


def test_the_languages_are_those_that_a_mark_can_name():
    assert tuple(LANGUAGES) == marks.LANGUAGES
    assert set(SPOKEN) == set(LANGUAGES) - {"en"}
    assert {path.name for path in i18n.FOLDER.iterdir() if (path / "LC_MESSAGES").is_dir()} == set(SPOKEN)
    assert {code for code, one in LANGUAGES.items() if one.right_to_left} == RIGHT_TO_LEFT
    for code in LANGUAGES:
        assert words(code).direction == ("rtl" if code in RIGHT_TO_LEFT else "ltr")
        assert (Locale.parse(code).text_direction == "rtl") == (code in RIGHT_TO_LEFT)


def test_everything_that_can_be_chosen_has_words():
    assert tuple(mark_words.KIND_LABELS) == tuple(wording.KIND_HINTS) == MARK_KINDS
    for name, values in marks.CHOICES.items():
        assert tuple(mark_words.CHOICE_LABELS[name]) == values
    assert tuple(mark_words.CHOICE_LABELS["ages"]) == marks.AGES
    assert set(wording.FIELD_LABELS) == {*marks.ANSWERS, "photo"}
    assert set(wording.FIELD_HINTS) <= set(wording.FIELD_LABELS)
    assert set(wording.STATUS_LABELS) == {*marks.STATUSES, "erased"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_days_dates_and_languages_have_names(code):
    said = words(code)
    assert len({said.day_name(day) for day in marks.DAYS}) == 7
    assert len({said.language_name(other) for other in marks.LANGUAGES}) == len(marks.LANGUAGES)
    assert said.language_name(code) == LANGUAGES[code].name
    assert "3" in said.date(date(2026, 11, 3))
    assert "2026" in said.date(date(2026, 11, 3))
    if code in SCRIPTS:
        assert all(re.search(f"[{SCRIPTS[code]}]", said.day_name(day)) for day in marks.DAYS)


def test_names_of_days_do_not_depend_on_who_was_asked_before():
    """Babel keeps one locale's names for another where both inherit them."""
    for code in (*reversed(LANGUAGES), *LANGUAGES):
        words(code).day_name("mon")
    assert [words(code).day_name("mon") for code in ("en", "ar", "pl", "es", "uk", "ps", "so", "ur")] == [
        "Monday", "الاثنين", "Poniedziałek", "Lunes", "Понеділок", "دونۍ", "Isniin", "پیر",
    ]  # fmt: skip


def test_english_is_itself():
    english = words("en")
    assert english.of(wording.STEP_COUNT, step=1, steps=4) == "Step 1 of 4"
    assert english.many(*wording.METRES_AWAY, 1) == "1 metre away"
    assert english.many(*wording.METRES_AWAY, 1250) == "1,250 metres away"
    assert english.date(date(2026, 11, 3)) == "3 November 2026"
    assert english.language_name("ckb") == "Kurdish Sorani"
    assert english.of("") == words("ar").of("") == ""


def test_numbers_take_the_form_of_the_language():
    assert [words("pl").many(*wording.TYPED_IN, n) for n in (1, 2, 5, 22)] == [
        "Przepisano 1 kartkę", "Przepisano 2 kartki", "Przepisano 5 kartek", "Przepisano 22 kartki",
    ]  # fmt: skip
    arabic = [words("ar").many(*wording.METRES_AWAY, n) for n in (1, 2, 3, 11, 100)]
    assert len(set(arabic)) == 5
    assert arabic[3] == "على بُعد 11 مترًا"


def test_unknown_languages_are_english():
    assert words("xx") == words("en")
    assert words("../../etc").of(wording.NEXT) == "Next"
    assert nearest("xx", "en-GB") == nearest() == nearest(None, "") == "en"
    assert nearest("de-DE", "ckb-IQ") == "ckb"
    assert [nearest(one) for one in ("pt_BR", "prs", "fa-AF", "AR", "uk")] == ["pt", "fa", "fa", "ar", "uk"]


def made(*entries: str, code="pl") -> Words:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    return Words(LANGUAGES[code], awaits_review=True, _catalogue=compiled("\n".join((header, *entries)).encode()))


def test_what_is_missing_fuzzy_or_broken_is_said_in_english():
    said = made(
        'msgid "Next"\nmsgstr "Dalej"\n',
        'msgid "Back"\nmsgstr ""\n',
        '#, fuzzy\nmsgid "Send"\nmsgstr "Zapisz"\n',
        'msgid "Sent on {date}"\nmsgstr "Wysłano {data}"\n',
        'msgid "Reason: {reason}"\nmsgstr "Powód: {reason"\n',
        'msgid "Find"\nmsgstr "Znajdź {place}"\n',
        'msgid "{n} corner"\nmsgid_plural "{n} corners"\nmsgstr[0] "{m} róg"\nmsgstr[1] "{n} rogi"\n',
    )
    assert said.of("Next") == "Dalej"
    assert [said.of(one) for one in ("Back", "Send", "Find", "Nowhere")] == ["Back", "Send", "Find", "Nowhere"]
    assert said.of("Sent on {date}", date="dziś") == "Sent on dziś"
    assert said.of("Reason: {reason}", reason="x") == "Reason: x"
    assert said.many("{n} corner", "{n} corners", 1) == "1 corner"
    assert said.many("{n} corner", "{n} corners", 5) == "5 rogi"


@pytest.mark.parametrize("value", ["{step}", "{steps.__class__}", "{0}", "{", "%s %(n)s", "<b>", "\\1", "{step!r:>9}"])
def test_values_are_put_in_and_never_read(value):
    assert words("en").of(wording.STEP_COUNT, step=value, steps=4) == f"Step {value} of 4"
    assert words("pl").of(wording.REASON, reason=value) == f"Powód: {value}"
    with pytest.raises(KeyError):
        words("en").of(wording.REASON)


def test_a_value_keeps_its_direction_among_right_to_left_words():
    isolated = "\u2068Ryde (east)\u2069"
    assert isolated in words("ar").of(wording.CHOSEN_NEAR, place="Ryde (east)")
    assert words("pl").of(wording.CHOSEN_NEAR, place="Ryde (east)").endswith(" Ryde (east)")


def test_an_update_keeps_what_people_have_done(template):
    """A new text is empty, a changed one fuzzy, a dropped one gone; whoever reviewed it stays named."""
    source = updated("es", template, source=None).decode()
    assert "X-Review: awaits" in source
    source = path_of("es").read_text("utf-8")
    reviewed = source.replace('"X-Review: awaits review by a speaker\\n"\n', "").replace(
        '"Last-Translator: \\n"', '"Last-Translator: Ana\\n"'
    )
    reviewed = reviewed.replace('msgid "Next"', 'msgid "Gone altogether"')
    reviewed = reviewed.replace('msgid "Choose the right one:"', 'msgid "Choose the one:"')
    again = updated("es", template, source=reviewed.encode())
    catalog = read_po(io.BytesIO(again), locale="es")
    assert not i18n.awaits_review(again)
    assert catalog.last_translator == "Ana"
    assert catalog["Next"].string == ""
    assert catalog["Choose the right one:"].fuzzy
    assert catalog["Choose the right one:"].string == "Elija el correcto:"
    assert compiled(again).gettext("Choose the right one:") == "Choose the right one:"
    assert b"Gone altogether" not in again


def test_babel_is_read_by_the_first_who_needs_it():
    """The module itself loads in no time, for every page imports it."""
    code = "import sys, layers.i18n, layers.marking.wording; sys.exit('babel' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
