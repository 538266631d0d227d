"""Signing in through OpenID Connect, from the button to the queue and out again, with a provider on this machine."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import shapely

from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from data.store.store import Store
from tests.browser.oidc_provider import Provider
from tests.browser.waiting import MOST, at_rest, drawn, text_shown

pytestmark = pytest.mark.browser

KNOWN, STRANGER = "moderator-7", "stranger-9"


@pytest.fixture(scope="module")
def provider():
    running = Provider("pramshed", uuid.uuid4().hex, (KNOWN, STRANGER)).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def deployment(root, tmp_path_factory, provider, serve):
    """A server whose secrets name the provider, and a store that knows one of its people."""
    folder = tmp_path_factory.mktemp("oidc")
    url = f"sqlite:///{folder / 'marks.sqlite'}"
    store = Store.open(url)
    group = store.groups.create(OPERATOR, name="Newport families", place="isle-of-wight")
    link = store.groups.open_link(store.groups.make_link(OPERATOR, group.id).token)
    draft = MarkDraft(
        place="isle-of-wight", kind="meeting_place", name="The hall", geometry=shapely.Point(450_014, 89_065)
    )
    mark = store.marks.add(link, draft, submission=str(uuid.uuid4())).mark_id
    person = store.accounts.add(OPERATOR, name="Mo", issuer=provider.issuer, subject=KNOWN)
    secrets = folder / ".streamlit" / "secrets.toml"  # in the server's home, as a deployment may have it
    secrets.parent.mkdir()
    secrets.write_text(
        "[auth]\n"
        'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{uuid.uuid4().hex}{uuid.uuid4().hex}"\n'
        f'client_id = "{provider.client_id}"\nclient_secret = "{provider.client_secret}"\n'
        f'server_metadata_url = "{provider.metadata_url}"\nclient_kwargs = {{ scope = "openid" }}\n',
        "utf-8",
    )
    secrets.chmod(0o600)
    address = serve(
        root / "app.py", PRAMSHED_MARKS_URL=url, HOME=str(folder), no_proxy="127.0.0.1",
        NO_PROXY="127.0.0.1",
    )  # fmt: skip
    provider.redirect_uri = f"{address}/oauth2callback"
    yield SimpleNamespace(address=address, store=store, mark=mark, person=person)
    store.close()


def signed_in(visit, deployment, who):
    """The page Moderation, after somebody has gone by the provider."""
    seen = visit(f"{deployment.address}/moderate", alone=True)
    drawn(seen)
    page = seen.page
    page.get_by_role("button", name="Sign in with your organisation's account").click(timeout=MOST)
    page.get_by_role("button", name=f"Sign in as {who}").click(timeout=MOST)
    back_at_the_desk(seen, deployment)
    return seen


def back_at_the_desk(seen, deployment):
    """From the first page, to which the provider leads, without waiting for its map."""
    seen.page.wait_for_url(lambda address: urlsplit(address).path == "/", wait_until="commit", timeout=MOST)
    seen.page.goto(f"{deployment.address}/moderate")
    drawn(seen)


def test_somebody_known_comes_in_decides_and_goes(visit, deployment, provider):
    seen = signed_in(visit, deployment, KNOWN)
    page = seen.page
    text_shown(seen, "Signed in as Mo")
    page.get_by_test_id("stDataFrame").hover(timeout=MOST)
    unsafe = page.get_by_role("button", name="Download as CSV")  # a spreadsheet would run what is in its cells
    assert unsafe.count() == 0
    page.get_by_role("button", name="Look at the oldest: The hall").press("Enter")
    page.get_by_role("button", name="Approve: put it on the map").wait_for(timeout=MOST)
    at_rest(seen)
    page.get_by_role("button", name="Approve: put it on the map").press("Enter", timeout=MOST)
    page.get_by_text("The hall is on the map.").wait_for(timeout=MOST)
    assert deployment.store.desk.get(OPERATOR, deployment.mark).status == "approved"
    assert deployment.store.desk.history(OPERATOR, deployment.mark)["actor"].iloc[-1] == "Mo"
    page.reload()
    text_shown(seen, "Signed in as Mo")  # the cookie, signed, holds
    page.get_by_role("button", name="Sign out").click()
    back_at_the_desk(seen, deployment)
    page.get_by_role("button", name="Sign in with your organisation's account").wait_for(timeout=MOST)
    assert {"/.well-known/openid-configuration", "/authorize", "/token", "/jwks", "/logout"} <= set(provider.answered)
    assert provider.refused == []
    assert seen.foreign == []
    assert seen.errors == []


@pytest.mark.full_size  # the same page without a browser: tests/layers/session/test_signin.py
def test_somebody_unknown_is_told_what_to_hand_on(visit, deployment, provider):
    seen = signed_in(visit, deployment, STRANGER)
    page = seen.page
    page.get_by_text("You are signed in, but have no rights here.").wait_for(timeout=MOST)
    assert f"issuer:  {provider.issuer}\nsubject: {STRANGER}" in page.get_by_test_id("stCode").inner_text()
    assert page.get_by_text("on this list").count() == 0
    person = deployment.store.accounts.add(OPERATOR, name="New", issuer=provider.issuer, subject=STRANGER)
    page.reload()
    text_shown(seen, "Signed in as New")
    deployment.store.accounts.disable(OPERATOR, person.id)
    page.get_by_text("On the map", exact=True).click()
    page.get_by_text("You are signed in, but have no rights here.").wait_for(timeout=MOST)


def test_a_cookie_that_was_made_up_is_nobody(visit, deployment):
    seen = visit(f"{deployment.address}/moderate", alone=True)
    forged = f'{{"iss": "x", "sub": "{KNOWN}", "is_logged_in": true, "origin": "{deployment.address}"}}'
    for name in ("_streamlit_user", "_streamlit_user_tokens"):
        seen.page.context.add_cookies([{"name": name, "value": forged.encode().hex(), "url": deployment.address}])
    seen.page.reload()
    seen.page.get_by_role("button", name="Sign in with your organisation's account").wait_for(timeout=MOST)
    assert seen.page.get_by_text("Signed in as").count() == 0


def test_a_token_that_somebody_else_has_signed_lets_nobody_in(visit, deployment, provider, monkeypatch):
    monkeypatch.setattr(provider, "forging", True)
    page = signed_in(visit, deployment, KNOWN).page
    page.get_by_role("button", name="Sign in with your organisation's account").wait_for(timeout=MOST)
    assert page.get_by_text("Signed in as").count() == 0
