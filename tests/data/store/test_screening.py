"""Texts as people write them, all made up: what must be found in them, and what must be left alone."""

# ruff: noqa: RUF001 (digits and letters of many scripts)

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.screening import KINDS, Finding, findings
from data.store.screening_words import NAMES, NOT_NAMES, RELATIONS

PHONES = [
    "07700 900123", "07700900123", "0770 090 0123", "07700-900-123", "07700.900.123", "(0113) 496 0123",
    "0113 496 0123", "01632 960 001", "+44 7700 900123", "+44 (0)7700 900 123", "+447700900123", "0044 7700 900123",
    "44 7700 900123", "+48 501 234 567", "+92 300 1234567", "0048 501 234 567", "380 50 123 4567", "7700 900123",
    "٠٧٧٠٠ ٩٠٠١٢٣", "۰۷۷۰۰ ۹۰۰۱۲۳", "০৭৭০০ ৯০০১২৩", "੦੭੭੦੦ ੯੦੦੧੨੩", "०७७०० ९००१२३", "０７７００ ９００１２３", "+٤٤ ٧٧٠٠ ٩٠٠١٢٣",
    "O77OO 9OO123", "07700\u00a0900\u2011123", "07700\u200b900123", "0️⃣7️⃣7️⃣0️⃣0️⃣900123", "07700 - 900 - 123",
    "oh double seven oh oh nine oh oh one two three", "tel 523456", "Call us on 812 345", "fon: 07700900123",
    "016977 1234", "(01204) 12345", "0800 123 456",
]  # fmt: skip

EMAILS = [
    "sara@example.com", "sara.k@mail.example.org.uk", "sara at example dot com", "sara(at)example.com",
    "sara [at] example [dot] com", "sara ＠ example.com", "sara@example。com", "sara @ example.com",
    "SARA_K+x@EXAMPLE.COM", "sara@gmail", "sara arroba example punto com", "sara @ example dot com",
]  # fmt: skip

CONTACTS = [
    "https://wa.me/447700900123", "chat.whatsapp.com/AbCdEf123", "t.me/mums_leeds", "instagram.com/some.mum",
    "@sara_mums", "insta: sara.mums", "Snapchat = sara99", "facebook.com/groups/123", "واتساب: sara99", "IG: sara_k",
]  # fmt: skip

CHILDREN = [
    "I come with my son Ahmed every week", "my daughter, Sara, loves it", "We met with baby Noah", "Olivia (3) likes it",
    "Olivia, aged 3, likes the slide", "Yusuf is 2 years old", "our little boy Tom's favourite", "my son is called Tesfalem",
    "her daughter named Zlata", "My daughter's name is Iman", "my 2 year old son Idris", "our twins Ella and Max",
    "my kids, Tom & Ella", "Ahmed is my son", "Wiktoria is 18 months old", "my son ahmed likes it", "Baby Noah sleeps",
    "MY SON AHMED", "my little one Kacper", "we bring Kacper (2 years)", "my children: Ali and Sara", "for Amelia, 4, and me",
    "My baby boy Isaac", "my eldest daughter Thandi", "my son «Artem»", "his son Mihai goes", "Come with my baby Zoë",
]  # fmt: skip

OTHER_TONGUES = {
    "ar": ["ابني أحمد يحب المكان", "مع ابنتي سارة", "ابني اسمه كريم", "طفلتي لين تلعب", "بنتي، مريم"],
    "bn": ["আমার ছেলে আহমেদ এখানে আসে", "আমার মেয়ের নাম সারা", "আমার বাচ্চা রাফি"],
    "fa": ["پسرم علی اینجا بازی می‌کند", "دخترم سارا را می‌آورم", "بچه‌ام مهدی", "دختر من اسمش نرگس است"],
    "ckb": ["کوڕەکەم ئاسۆ", "کچەکەم ژیان لێرەیە", "منداڵەکەم ناوی هێمن"],
    "ps": ["زما زوی احمد", "زما لور زرغونه دلته راځي"],
    "pl": ["mój syn Kacper lubi", "z moją córką Zosią", "nasza córeczka Hania", "moje dziecko o imieniu Staś"],
    "pt": ["o meu filho João", "minha filha Inês gosta", "o nosso bebé Tiago"],
    "pa": ["ਮੇਰਾ ਪੁੱਤਰ ਅਰਜਨ", "ਮੇਰੀ ਧੀ ਸਿਮਰਨ", "ਮੇਰੀ ਬੇਟੀ ਦਾ ਨਾਮ ਜਸਲੀਨ ਹੈ"],
    "ro": ["fiul meu Andrei", "fetița mea Ioana vine", "copilul nostru, Matei"],
    "so": ["wiilkayga Axmed", "gabadhayda Hodan halkan"],
    "es": ["mi hijo Mateo", "con mi hija Lucía", "nuestro bebé se llama Hugo"],
    "uk": ["мій син Тарас", "з моєю донькою Оленкою", "наша дитина на ім'я Марко"],
    "ur": ["میرا بیٹا احمد", "میری بیٹی زینب یہاں کھیلتی ہے", "ہمارے بچے کا نام علی ہے"],
}

HOMES = ["My address is 3 Hill Road", "I live at 12 Mill Lane", "we live on Mill Lane", "our house is at number 7", "my flat no 4"]  # fmt: skip

CLEAN = [
    "Open Tue 10:00-12:00", "Tue 9.30 to 11", "Mon, Wed and Fri 09.30 - 11.30, Sat 10-12", "0930-1130 term time only",
    "0900 - 1200 Mon, 1300 - 1500 Tue", "£2.50 per child, £1 for siblings", "£3.50, 2 for £5", "Since 1998, moved here in 2019",
    "2019-2024", "Church hall, LS7 4PF", "Newport PO30 1AB", "From 01/02/2026 to 03.04.2026", "starts 2026-01-12",
    "12 01 2026 10.30", "01 02 2026 10.30 - 12.00", "ages 0-5", "Ages 0 - 4, all welcome", "baby group", "My Baby Club",
    "baby massage", "Baby Sensory Newport", "Baby Bounce and Rhyme", "Little Explorers", "Stay and Play @ St Mary's",
    "Buses 72, 54 and 508 stop outside", "Room 2, first floor", "Church Hall (2)", "Toddlers aged 2", "Children aged 3 and over",
    "Babies (0-12 months)", "Under 5s", "Step free, 2 lifts", "Meet at the library", "Look at the notice board", "www.example.org.uk",
    "More on https://example.org/groups/toddlers", "Ask at reception", "Free tea and toast", "The playground is 2 years old",
    "This group is 5 years old", "my son loves the slide", "My daughter and I come here", "my baby and me",
    "My children go here on Mondays", "my kids Monday group", "Baby Yoga with tea", "Little Ducks, Tuesdays", "Messy play for ages 1, 2 and 3",
    "Charity number 1234567", "Registered charity 1098765", "OS grid SZ 50012 89123", "450000, 90000", "50.69312, -1.30456",
    "Gate code is at the desk", "NHS 111", "5 minutes from the A6120", "2 x 45 minutes, 10 places", "No steps; doors 90 cm wide",
    "Open 365 days, 24 hours", "10am-12pm, 1pm-3pm", "9:30am to 11:00am, £1.00", "Mums, dads, grandparents", "Breast Milk Bank",
    "Baby Bank Leeds", "Our Baby Weigh Clinic", "Parents' Circle (Arabic)", "Hi, my daughter loves it", "Thursday, my son goes there",
    "Path floods in 2023, 2024 and 2025", "Drop-in 1st & 3rd Wed", "Dark after 16:30 from 01.11. to 28.02.", "Kerb is 12 cm high",
    "Pelican crossing missing since 12/2024", "Families, aged 0 to 5", "Sure Start Children's Centre", "We live 5 minutes away",
    "Facebook group, ask at the desk", "WhatsApp group for parents", "Follow us on Instagram", "Call in any time", "Text on the sign is small",
    "ابني يحب هذا المكان", "مفتوح من ١٠:٠٠ إلى ١٢:٠٠", "آمن للأطفال من ٠ إلى ٥ سنوات", "پسرم اینجا را دوست دارد", "دخترم عاشق این پارک است",
    "আমার ছেলে এখানে খেলে", "ਮੇਰੀ ਧੀ ਨੂੰ ਇੱਥੇ ਪਸੰਦ ਹੈ", "میرا بیٹا یہاں کھیلتا ہے", "زما زوی دلته لوبې کوي", "کوڕەکەم زۆر حەزی لێیە",
    "mój syn lubi to miejsce", "a minha filha adora o parque", "fiul meu merge aici", "mi hijo juega aquí", "моя донька любить цей парк",
    "wiilkayga wuu jecel yahay", "Grupa dla mam, wt. 10:00-12:00", "Grupo de bebés, 9.30-11 h", "Дитячий майданчик, 10:00–12:00",
]  # fmt: skip


UNSEEN = {
    "phone": [
        "Ring 0191 498 0123 for a place", "mob 07700-900 456", "Contact: +44.7700.900.789", "text me 07700 9OO 321", "Tel. (01632) 960983",
        "00 44 20 7946 0958", "0207 946 0123", "WhatsApp 07700900222", "اتصل على ٠٧٧٠٠٩٠٠٣٣٣", "ফোন ০৭৭০০ ৯০০৪৪৪", "zadzwoń 600 700 800",
        "+880 1711-000000", "call Mina 07700/900555", "0 7 7 0 0 9 0 0 6 6 6", "0161-496-0999 ext 4",
    ],
    "email": [
        "hall.bookings@example.org", "playgroup AT example DOT org", "jo.b (at) example (dot) net", "info＠example.co.uk",
        "mailto:team@example.com", "mums_group@outlook",
    ],
    "web_contact": [
        "fb.com/some.mum.7", "tiktok.com/@mumlife", "Insta: mum_of_two", "DM @leedsmums2", "telegram: @leyla_k", "m.me/someone",
    ],
    "child_name": [
        "Took my daughter Freya here", "my son's name is Kofi", "Our baby, Ottilie, slept", "my little girl Nadia",
        "my toddler Hamish loves the swings", "Zayn (4) and Hana (2) love it", "Bartek, aged 5, fell here", "my boys Idris and Musa",
        "My daughter Anaya goes on Tuesdays", "baby Elif", "his daughter Ola", "with my niece Precious", "my 18 month old daughter Rosa",
        "Kwame is 3 years old", "my son mohammed plays here", "ابنتي فاطمة", "طفلي آدم", "دخترم نرگس", "আমার মেয়ে ফাতেমা", "زما لور مينا",
        "moja córka Maja", "meu filho Davi", "ਮੇਰਾ ਬੇਟਾ ਗੁਰਪ੍ਰੀਤ", "fiica mea Elena", "mi hija Valentina", "моя дочка Софія",
        "میری بیٹی عائشہ", "gabadhayda Ayaan", "کچەکەم شیلان", "my daughter is Amara", "my wee boy Callum",
    ],
}  # fmt: skip
"""Written after the rules, to measure them: 55 of 58 were found at once (three more since), and none of `UNSEEN_CLEAN`."""

UNSEEN_CLEAN = [
    "Rainbow Tots, St Luke's Hall", "Open Mon–Fri 9–5", "Sat 10.00 – 12.30, £2", "Every 2nd Tuesday 1.30pm",
    "Term dates 8/9/2025 to 19/12/2025", "LS11 8QH", "Bus 12, 13, 13A", "Pram park for 20 buggies",
    "Mothers meet on Thursdays after school run", "My Time Parent Group", "Baby & Toddler Group (0-4)",
    "Under 1s (babies) 10-11, over 1s 11-12", "Nappy change in the Ladies", "Mum and Baby Pilates", "Kids Eat Free Cafe",
    "Dads and Kids Saturday", "Built in 1902, closed 2016, opened again 2021", "Max 30 families", "No drop kerb at the crossing",
    "Too dark after 4pm", "Wall 1.2 m high, gap 70 cm", "My baby loves the sensory corner", "Our children enjoyed it",
    "my daughter can play here safely", "my son started here in January", "Her Majesty's Theatre", "The children's library",
    "Girl Guides Hall", "Boys Brigade hut", "Little Acorns Nursery", "Little London Community Centre", "Baby Clothes Swap",
    "baby Clinic every Monday", "Ask for the key at the Post Office", "Sing-along @ 11", "Contact the centre", "Phone box library",
    "Signal box cafe", "Text books welcome", "Room 101 at 10:15", "Wed 13:00-14:30 & Fri 09:15-10:45", "12.5.2026", "£12.50-£15.00",
    "Unit 4, 20-22 Dock Street", "A660 and A61 junction", "Step 15 cm, ramp 1:12", "Children 2-3, siblings 4 ok", "مجموعة أمهات كل ثلاثاء",
    "ابنتي تحب المكان", "كل يوم أحد ١٠:٣٠", "پسرم هر روز می‌آید", "পার্কটি খুব ভালো", "আমার বাচ্চা খুব খুশি", "میری بیٹی کو پسند ہے",
    "ਮੇਰਾ ਬੇਟਾ ਇੱਥੇ ਖੇਡਦਾ ਹੈ", "moje dziecko bardzo lubi", "minha criança gosta", "copilul meu iubește parcul", "nuestra niña disfruta",
    "мій малюк грається тут", "wiilkayga halkan ayuu ku ciyaaraa", "زما ماشوم خوښ دی", "منداڵەکەم حەزی لێرەیە",
    "Muslim mums, my daughter too", "We live nearby", "Newborn Cuddles drop-in", "Twins Club, first Sat", "our kids' corner",
    "Sunday School 10am", "Eid party 2025",
]  # fmt: skip


def kinds(text):
    return {one.kind for one in findings({"note": text})}


@pytest.mark.parametrize("text", PHONES)
def test_telephone_numbers(text):
    for around in ("{}", "Ring Sam on {} any time.", "({})", "10:00-12:00 {}", "{}, Tue 9.30"):
        assert kinds(around.format(text)) == {"phone"}, around


@pytest.mark.parametrize("text", EMAILS)
def test_email_addresses(text):
    for around in ("{}", "Write to {} please", "e-mail: {}."):
        assert kinds(around.format(text)) == {"email"}, around


@pytest.mark.parametrize("text", CONTACTS)
def test_messengers_and_networks(text):
    for around in ("{}", "Find us: {}", "Group ({})"):
        assert kinds(around.format(text)) == {"web_contact"}, around


@pytest.mark.parametrize("text", [*CHILDREN, *(one for texts in OTHER_TONGUES.values() for one in texts)])
def test_names_of_children(text):
    assert kinds(text) == {"child_name"}
    assert kinds(f"Nice place. {text}. Open 10:00-12:00") == {"child_name"}


@pytest.mark.parametrize("text", HOMES)
def test_homes(text):
    assert kinds(text) == {"home_address"}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in UNSEEN.items() for text in texts])
def test_texts_that_the_rules_were_not_made_from(kind, text):
    assert kinds(text) == {kind}


@pytest.mark.parametrize("text", [*CLEAN, *UNSEEN_CLEAN])
def test_what_is_left_alone(text):
    assert findings({"name": text, "note": f"{text}."}) == ()


def test_every_language_of_the_interface_is_looked_through():
    from data.store.marks import LANGUAGES

    assert set(RELATIONS) == set(LANGUAGES)
    assert set(OTHER_TONGUES) == set(LANGUAGES) - {"en"}
    assert not NAMES & NOT_NAMES


def test_excerpts_stand_in_the_text():
    text = "Hall, ٠٧٧٠٠ ٩٠٠١٢٣; sara (at) example.com; my son Zoë\u0301n; wa.me/447700900123"
    found = findings({"name": "Hall", "note": text, "extra": "my son Ahmed"})
    assert [one.field for one in found] == ["note"] * 4 + ["extra"]
    assert [one.kind for one in found] == ["phone", "email", "child_name", "web_contact", "child_name"]
    assert found[0] == Finding("note", "phone", "٠٧٧٠٠ ٩٠٠١٢٣")
    assert found[1].excerpt == "sara (at) example.com"
    assert all(one.excerpt in unicodedata.normalize("NFC", text) for one in found[:4])
    assert found[4].excerpt == "my son Ahmed"


def test_each_place_once():
    assert len(findings({"a": "07700 900123 or 07700 900456"})) == 2
    assert len(findings({"a": "my son Ahmed (3), my daughter Sara (5)"})) == 2
    assert findings({}) == findings({"a": ""}) == ()


@pytest.mark.parametrize(
    "unit",
    ["0", "0 ", "07 ", "+", "+4", "(", "((0", "a@", "a.", "a@a.", "@", "my ", "my son ", "my son, ", "my little ", "A ", "Ab, ",
     "Ab is ", "one ", "oh, ", "at ", "a at ", " dot ", "1.", "1:", "1/1/", "wa.me/", "insta:", "\u200b", "ﷺ", "٠", " ", "\n", "ابني ",
     "আমার ", "O0", "we live ", "(3) ", "Ab (", "0-", "tel ", "tel on "],
)  # fmt: skip
def test_no_text_takes_long(unit):
    for end in ("", "!", "7", "x@"):
        assert least_seconds((unit * 500)[:500] + end, 0.2) < 0.2
    assert least_seconds(unit * 100_000, 3) < 3


def least_seconds(text, most):
    """Seconds of the processor that a text takes; of up to five trials, for a machine may be busy."""
    found = []
    while len(found) < 5 and min(found, default=most) >= most:
        begun = time.process_time()
        findings({"note": text})
        found.append(time.process_time() - begun)
    return min(found)


@given(st.text(max_size=500))
def test_any_text(text):
    for one in findings({"note": text}):
        assert one.kind in KINDS
        assert one.excerpt in unicodedata.normalize("NFC", text)


@given(
    st.lists(
        st.sampled_from(["my ", "son ", "Ahmed ", "0", "7", " ", "@", ".com", "at ", "(", ")", "+", "3", ", ", "is "]),
        max_size=120,
    )
)
def test_any_pieces(pieces):
    findings({"note": "".join(pieces)})


@given(hours=st.tuples(*[st.integers(0, 23)] * 4), minutes=st.sampled_from(["00", "15", "30", "45"]), dot=st.sampled_from(":."),
       dash=st.sampled_from(["-", " - ", "–", " to ", " until "]), day=st.sampled_from(["Mon", "Tue & Thu", "wt.", "Sat,"]))  # fmt: skip
def test_no_opening_hours_are_a_finding(hours, minutes, dot, dash, day):
    first, second, third, fourth = (f"{hour:02d}{dot}{minutes}" for hour in hours)
    text = f"{day} {first}{dash}{second} {third}{dash}{fourth}"
    assert findings({"note": text}) == ()


@given(
    number=st.integers(7_400_000_000, 7_999_999_999),
    cuts=st.sets(st.integers(2, 10), max_size=4),
    between=st.sampled_from(" .-\u2013/"),
)
def test_every_mobile_number_is_a_finding(number, cuts, between):
    digits = f"0{number}"
    text = "".join(between * (at in cuts) + digit for at, digit in enumerate(digits))
    assert kinds(f"ask {text} please") == {"phone"}, text
