"""A new database gets its first account, once; an old one is left as it is."""

from io import StringIO

import pytest
from django.core.management import call_command

from pmo.management.commands import prepare
from pmo.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db


def run(**options):
    out = StringIO()
    call_command("prepare", stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv(prepare.PASSWORD_VARIABLE, "cedar-river-lamp-42")
    return "cedar-river-lamp-42"


def test_a_new_database_without_demo_gets_one_account_that_may_do_everything(password):
    assert run(demo=False) == ["Making the first account", f"sign-in: {prepare.FIRST_ADMINISTRATOR}"]
    user = User.objects.get()
    assert user.check_password(password)
    assert password not in user.password
    assert set(Membership.objects.values_list("role", flat=True)) == {"administrator", "pmo_director"}


def test_a_second_run_changes_nothing_and_says_nothing(password):
    run(demo=False)
    before = User.objects.get().password
    assert run(demo=False) == []
    assert User.objects.get().password == before
    assert Organisation.objects.count() == 1


def test_without_a_password_the_account_cannot_be_used_until_it_is_given_one(monkeypatch):
    monkeypatch.delenv(prepare.PASSWORD_VARIABLE, raising=False)
    assert run(demo=False)[-1].startswith("Give administrator@office.example a password")
    assert not User.objects.get().has_usable_password()


def test_a_new_database_gets_the_demo_portfolio_unless_told_otherwise(password, monkeypatch):
    calls = []
    monkeypatch.setattr(prepare, "get_commands", lambda: {"seed_demo": "portfolio"})
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: calls.append((name, options)))
    assert run(demo=True)[-1] == f"sign-in: {prepare.DEMO_DIRECTOR}"
    (name, options) = calls[-1]
    assert name == "seed_demo"
    assert {key: options[key] for key in ("projects", "if_empty", "password")} == {
        "projects": 24,
        "if_empty": True,
        "password": password,
    }
