"""The door: who gets in, what a stranger learns (nothing), how soon a right that is gone is refused (at once)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pmo.models import ApiToken, Membership, User
from pmo.services.tokens import token_create, token_revoke
from tests.conftest import PASSWORD

KNOWN, UNKNOWN = "dora@alder.example", "nora@alder.example"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_failures_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def dora(alder):
    user = alder.people["pmo_director"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email, password, client=None, **headers):
    return (client or Client()).post(LOGIN, {"login": email, "password": password}, **headers)


def plain(answer, email):
    """What a stranger could compare: status, headers and body, without what differs for everybody."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", answer.content.decode())
    headers = {name: re.sub(r"nonce-[^']+", "", value) for name, value in answer.items() if name != "Expires"}
    return answer.status_code, headers, body.replace(email, "EMAIL")


def test_the_right_password_lets_in_by_a_cookie_that_scripts_cannot_read(dora):
    client = Client()
    client.get(LOGIN)
    answer = sign_in(KNOWN, PASSWORD, client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/o/alder/").status_code == 200


def test_a_session_that_was_there_before_the_sign_in_is_worth_nothing_after_it(dora, alder):
    client = Client()
    client.force_login(alder.people["stakeholder"])
    before = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    sign_in(KNOWN, PASSWORD, client)
    assert client.cookies["sessionid"].value != before
    client.cookies["sessionid"] = before
    assert client.get("/o/alder/").status_code == 302


@pytest.mark.parametrize("field", ["login", "reset"])
def test_a_stranger_cannot_tell_a_known_address_from_an_unknown_one(dora, field):
    if field == "login":
        answers = [plain(sign_in(email, "wrong password"), email) for email in (KNOWN, UNKNOWN)]
    else:
        path = reverse("account_reset_password")
        answers = [plain(Client().post(path, {"email": email}), email) for email in (KNOWN, UNKNOWN)]
    assert answers[0] == answers[1]


def test_an_unknown_address_costs_as_much_work_as_a_known_one(dora, monkeypatch):
    hashed = []
    for name in ("encode", "verify"):
        work = getattr(Argon2PasswordHasher, name)

        def counted(self, *args, work=work, name=name, **kwargs):
            hashed.append(name)
            return work(self, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    sign_in(KNOWN, "wrong password")
    known = len(hashed)
    sign_in(UNKNOWN, "wrong password")
    assert known == 1
    assert len(hashed) == 2


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_ten_failures_for_an_account_close_it_for_a_while_wherever_they_come_from(dora, email):
    for place in range(10):
        assert sign_in(email, "wrong password", REMOTE_ADDR=f"192.0.2.{place}").status_code == 200
    answer = sign_in(email, PASSWORD, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "sessionid" not in answer.cookies
    assert sign_in("anil@alder.example", "wrong password", REMOTE_ADDR="198.51.100.7").status_code == 200


def test_ten_failures_from_one_place_close_it_for_every_account(dora):
    for place in range(10):
        assert sign_in(f"somebody{place}@alder.example", "wrong password").status_code == 200
    assert sign_in(KNOWN, PASSWORD).status_code == 429


def test_the_right_password_in_between_does_not_open_the_count_again(dora):
    for _ in range(9):
        sign_in(KNOWN, "wrong password")
    assert sign_in(KNOWN, PASSWORD).status_code == 302
    assert sign_in(KNOWN, "wrong password").status_code == 200
    assert sign_in(KNOWN, "wrong password").status_code == 429


def test_guessing_the_old_password_of_an_open_session_is_counted_too(dora):
    client = Client()
    client.force_login(dora)
    form = {"oldpassword": "wrong password", "password1": "another long one", "password2": "another long one"}
    answers = [client.post(reverse("account_change_password"), form).status_code for _ in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[10:] == [429] * 2


def test_nobody_signs_up(db):
    form = {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for path in ("account_signup", "socialaccount_signup"):
        Client().get(reverse(path))
        Client().post(reverse(path), form)
    assert not User.objects.filter(email="me@example.org").exists()
    assert "password1" not in Client().get(reverse("account_signup")).content.decode()


def reset_link(email=KNOWN):
    Client().post(reverse("account_reset_password"), {"email": email})
    return re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]


def use(link, password="a brand new password"):
    """Follow the link of the mail and set a password; the answers."""
    client = Client()
    shown = client.get(link)
    if shown.status_code != 302:
        return shown, None
    return shown, client.post(shown["Location"], {"password1": password, "password2": password})


def test_a_reset_link_sets_a_password_once_and_ends_every_session(dora):
    elsewhere = Client()
    elsewhere.force_login(dora)
    link = reset_link()
    _shown, done = use(link)
    assert done.status_code == 302
    dora.refresh_from_db()
    assert dora.check_password("a brand new password")
    assert elsewhere.get("/o/alder/").status_code == 302
    _shown, again = use(link, "yet another password")
    dora.refresh_from_db()
    assert again is None
    assert dora.check_password("a brand new password")


def test_a_reset_link_is_worth_nothing_after_an_hour(dora, monkeypatch, settings):
    assert settings.PASSWORD_RESET_TIMEOUT <= 3600
    link = reset_link()
    later = datetime.now() + timedelta(seconds=3_601)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert use(link)[1] is None


def test_a_reset_link_of_one_account_is_worth_nothing_for_another(dora, alder):
    link = reset_link()
    other = reset_link(alder.people["pmo_analyst"].email)
    mixed = other.rsplit("/", 2)[0] + "/" + other.rsplit("/", 2)[1].split("-", 1)[0] + "-" + link.split("-", 1)[1]
    assert use(mixed)[1] is None


def test_an_address_sets_no_more_than_five_mails_off(dora):
    answers = [Client().post(reverse("account_reset_password"), {"email": KNOWN}).status_code for _ in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5


def test_signing_out_takes_a_post(dora):
    client = Client()
    client.force_login(dora)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/o/alder/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/o/alder/").status_code == 302


def test_a_sign_in_leads_to_no_other_site(dora):
    for target in ("https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:alert(1)"):
        answer = Client().post(LOGIN, {"login": KNOWN, "password": PASSWORD, "next": target})
        assert answer.status_code == 302
        assert "evil" not in answer["Location"]
        assert "javascript" not in answer["Location"]


DOORS = [
    "/o/alder/", "/o/alder/rows/", "/o/alder/?format=csv", "/o/alder/projects/ALDER-1/ledger/?format=xlsx",
    "/api/v1/projects/", "/api/v1/cost-entries/?format=csv",
]  # fmt: skip


@pytest.mark.parametrize("path", DOORS)
def test_a_role_that_is_taken_away_is_refused_with_the_next_request(alder, path):
    client = alder.client("pmo_director")
    assert client.get(path).status_code == 200
    Membership.objects.filter(user=alder.people["pmo_director"]).delete()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", DOORS)
def test_an_account_that_is_closed_is_refused_with_the_next_request(alder, path):
    client = alder.client("pmo_director")
    assert client.get(path).status_code == 200
    User.objects.filter(pk=alder.people["pmo_director"].pk).update(is_active=False)
    assert client.get(path).status_code == (401 if path.startswith("/api/") else 302)


@pytest.mark.parametrize("path", [path for path in DOORS if path.startswith("/api/")])
@pytest.mark.parametrize("how", ["revoked", "expired", "role gone", "account closed"])
def test_a_token_that_is_worth_nothing_any_more_is_refused_with_the_next_request(alder, path, how):
    actor = alder.actor("pmo_director")
    token, text = token_create(actor=actor, name="probe", scopes=["projects:*", "costs:*", "finance:read"])
    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get(path, headers=headers).status_code == 200
    if how == "revoked":
        token_revoke(actor=actor, token_id=token.pk)
    elif how == "expired":
        ApiToken.objects.filter(pk=token.pk).update(expires_at=token.created_at)
    elif how == "role gone":
        Membership.objects.filter(user=token.user).delete()
    else:
        User.objects.filter(pk=token.user_id).update(is_active=False)
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_opens_no_page(alder):
    _token, text = token_create(actor=alder.actor("pmo_director"), name="probe", scopes=["projects:*"])
    answer = Client().get("/o/alder/", headers={"Authorization": f"Bearer {text}"})
    assert answer["Location"].startswith(LOGIN)


def test_a_session_writes_to_the_api_only_with_the_token_of_its_page(alder):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alder.people["pmo_director"])
    answer = careful.post("/api/v1/people/", '{"name": "Nia"}', content_type="application/json")
    assert answer.status_code == 403
