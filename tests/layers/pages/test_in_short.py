"""In short: five questions on one screen, and the same numbers as everywhere else."""

from __future__ import annotations

from tests.layers.reading import html, words

PAGE = "layers/pages/in_short.py"


def test_the_five_questions_are_answered(seen):
    at = seen(PAGE)
    said = words(at)
    for heading in ("How many?", "Where?", "Who?", "Since when?", "How sure?"):
        assert f"<h2>{heading}</h2>" in html(at)
    assert "4,008 of 5,882 under-fives whose walk is known (68%)" in said
    assert "1. Ryde South (007E): 167 of 167 under-fives too far away, typical walk about 25 minutes" in said
    assert "in the least deprived about 32 minutes: 18 minutes less" in said
    assert "5 full centres became linked sites" in said
    assert "How sure is 4,008?" in said
    assert "56% then 25% of under-fives in the most deprived fifth of England" in said
    assert "the first half walk 61% of them; the half with the shortest walks 20%." in said
    assert "Of the 10 neighbourhoods that come first, 5 stay among the first 10 under all 4 ways" in said


def test_another_order_and_runs_of_areas(visit):
    at = visit(PAGE)
    at.radio(key="fair-by").set_value("abroad").run()
    assert "38% of under-fives in the tenth with most residents born abroad" in words(at)
    assert "35% then 15% of under-fives in the third with most residents born abroad" in words(at)
    at.toggle(key="runs").set_value(True).run()
    assert "No run of neighbouring areas with a large gap stands out from chance." in words(at)
    assert not at.exception


def test_a_distance_that_guidance_names_at_the_walkers_own_pace(visit):
    at = visit(PAGE, named="800m", who="toddler")
    assert not at.select_slider
    assert "15 minutes at 3.2 km/h: facilities within 800 m of all homes" in at.sidebar.caption[0].value
    assert "(79%) live more than 15 minutes" in words(at)
    assert "than 800 m: 4,662 (79%)" in words(at)
    at.pills(key="named").set_value(None).run()
    assert "4,008" not in words(at)  # fifteen minutes again, with a toddler
    assert (at.select_slider(key="minutes").value, "named" in at.query_params) == (15, False)


def test_where_children_are_not_known(visit, derive):
    nobody = {
        name: lambda table: table.assign(under5=float("nan"), under2=float("nan")) for name in ("areas", "origins")
    }
    derive("Childless", **nobody)
    said = words(visit(PAGE, place="childless"))
    assert "Not known: this place has no figures of under-fives." in said
