"""Who is let in: by passphrase, by OpenID Connect, for how long; and that no page and no address goes round it."""

from __future__ import annotations

import tomllib

import pytest

from data.store.people import OPERATOR
from layers.session import signin, who
from tests.layers.moderators import ISSUER, PAGE, labels, office, plainly, prepared, press, raw  # noqa: F401
from tests.layers.reading import html, words

INVITATION = 'class="pramshed-button" target="_self" href="/sign-in?to=moderate'


@pytest.fixture
def by_provider(visit, office):  # noqa: F811
    """The page as somebody sees it whom a provider has let in."""

    def come(**claims):
        return visit(PAGE, user={"is_logged_in": True, **claims})

    return come


def test_a_visitor_is_asked_to_sign_in_and_sees_nothing(visit, office):  # noqa: F811
    office.wait(name="A secret hall", contact="anna@example.org")
    for query in ({}, {"place": "isle-of-wight"}, {"desk-open": "mark-aaaaaaaaaaaa", "_person": "1"}):
        at = visit(PAGE, **query)
        assert INVITATION in html(at)
        assert not {"Approve: put it on the map", "Sign out"} & set(labels(at))
        assert "secret hall" not in words(at)


def test_who_has_signed_in_sees_the_marks(office):  # noqa: F811
    office.wait()
    at = office.come_in("Ada")
    assert "Signed in as **Ada**, administrator" in words(at)
    assert "1 mark on this list" in words(at)


def test_signing_out_forgets_everything_and_is_for_every_window(office):  # noqa: F811
    at = office.look_at(office.wait())
    assert "desk-open" in at.session_state
    token = at.session_state["_cookie"]
    press(at, "Sign out")
    assert INVITATION in html(at)
    assert not at.info
    assert not [key for key in at.session_state if str(key).startswith(("desk-", "_person"))]
    assert office.store.sign_ins.whose(token) is None


def test_a_sign_in_that_has_ended(office):  # noqa: F811
    at = office.come_in()
    office.store.sign_ins.end(at.session_state["_cookie"])
    at.run()
    assert INVITATION in html(at)
    assert plainly(at.info[0].value) == who.ENDED
    assert not at.run().info, "said once"


def test_a_disabled_person_loses_the_page_at_once(office):  # noqa: F811
    mark = office.wait()
    at = office.look_at(mark)
    office.store.accounts.disable(OPERATOR, office.bo.id)
    at.button(key="desk-approve").click().run()
    assert not at.exception
    assert office.get(mark).status == "waiting"
    assert INVITATION in html(at)
    assert who.ENDED in raw(at)


def test_a_person_of_the_provider(by_provider, office):  # noqa: F811
    office.wait()
    at = by_provider(iss=ISSUER, sub="bo-1")
    assert "Signed in as **Bo**, moderator" in words(at)
    assert "1 mark on this list" in words(at)
    assert "Your passphrase" not in [label for group in at.get("button_group") for label in group.options]
    office.store.accounts.disable(OPERATOR, office.bo.id)
    at.run()
    assert "have no rights here" in at.warning[0].value


def test_a_person_that_we_do_not_know_is_told_whom_to_ask(by_provider, office):  # noqa: F811
    office.wait(name="A secret hall")
    at = by_provider(iss=ISSUER, sub="<b>stranger</b>", name="Bo", email="bo@example.org")
    assert at.warning[0].value.startswith("You are signed in, but have no rights here. Give your administrator")
    assert at.code[0].value == f"issuer:  {ISSUER}\nsubject: <b>stranger</b>"
    assert "secret hall" not in words(at)
    press(at, "Sign out")
    assert not at.user.get("iss")
    assert INVITATION in html(at)


@pytest.mark.parametrize(
    "claims",
    [
        {"is_logged_in": False, "iss": ISSUER, "sub": "bo-1"},
        {"is_logged_in": "yes", "iss": ISSUER, "sub": "bo-1"},
        {"is_logged_in": True, "sub": "bo-1"},
        {"is_logged_in": True, "iss": ISSUER, "sub": ""},
        {"is_logged_in": True, "iss": ISSUER, "sub": ["bo-1"]},
        {"is_logged_in": True, "iss": "https://other.example.org", "sub": "bo-1"},
        {"is_logged_in": True, "iss": ISSUER, "sub": "BO-1"},
    ],
)
def test_only_both_claims_of_a_token_are_an_identity(by_provider, office, claims):  # noqa: F811
    at = by_provider(**claims)
    assert f"Signed in as **{office.bo.name}**" not in words(at)
    assert "Which marks" not in [group.label for group in at.get("button_group")]


def test_providers_are_found_in_the_secrets_and_nowhere_else(tmp_path, monkeypatch):
    from streamlit.runtime.secrets import Secrets
    from streamlit.testing.v1.util import patch_config_options

    path = tmp_path / "secrets.toml"
    monkeypatch.setattr(Secrets, "_maybe_install_file_watchers", lambda self: None)

    def found(text=None):
        if text is not None:
            path.write_text(text, "utf-8")
        with patch_config_options({"secrets.files": [str(path)]}):
            monkeypatch.setattr(signin.st, "secrets", Secrets())
            return signin.providers()

    both = '[auth]\nredirect_uri = "http://localhost/oauth2callback"\ncookie_secret = "x"\n'
    one = 'client_id = "a"\nclient_secret = "b"\nserver_metadata_url = "https://login.example.org/x"\n'
    assert found() == [], "there is no such file"
    assert found("") == []
    assert found('[other]\nkey = "value"\n') == []
    assert found(both) == []
    assert found(both + one) == [None]
    assert found(f"{both}[auth.council]\n{one}[auth.half]\nclient_id = 'a'\n") == ["council"]
    assert found(f"[auth]\n{one}") == [], "without a secret for the cookie it would not work"


def test_the_example_of_secrets_is_complete(root):
    said = tomllib.loads((root / ".streamlit" / "secrets.toml.example").read_text("utf-8"))["auth"]
    assert {"redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"} <= said.keys()
    assert said["redirect_uri"].endswith("/oauth2callback")
    assert said["cookie_secret"] == said["client_secret"] == "", "no secret that somebody would leave as it is"
    assert ".streamlit/secrets.toml" in (root / ".gitignore").read_text("utf-8").split()
