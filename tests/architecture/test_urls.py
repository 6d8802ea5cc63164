"""No address is forgotten: each says which right it needs, or stands on a reviewed list with its reason."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from pmo.analysis.permissions import MATRIX
from pmo.kit.site_map import addresses
from tests.api.operations import operations

EVERYTHING = addresses()
OFFICE = [address for address in EVERYTHING if address.pattern.startswith("/o/")]
API = [address for address in EVERYTHING if address.pattern.startswith("/api/")]
ELSEWHERE = [address for address in EVERYTHING if not address.pattern.startswith(("/o/", "/api/"))]

# Addresses of the API that are no operation of it.
NOT_IN_OPENAPI = {
    "schema": "describes the API; tells of no data, so nobody need sign in",
    "api-docs": "the same for people; loads the schema and nothing else",
    "api-nothing": "the 404 of every other address below /api/",
}

# Addresses outside the office and the API. Everything of a person's own account is theirs alone; accounts are made by
# administrators, so the two sign-up forms answer that they are closed (tests/pmo/test_sign_in.py).
OUTSIDE = {
    "home": "leads to the organisation of who is signed in, or to the sign-in",
    "healthz": "says that the process answers; no data",
    "readyz": "says how the parts are; no data of an organisation",
    "account_login": "the sign-in",
    "account_logout": "by POST alone",
    "account_inactive": "a sentence",
    "account_signup": "closed",
    "account_reauthenticate": "one's own password again",
    "account_email": "one's own addresses",
    "account_email_verification_sent": "a sentence",
    "account_confirm_email": "by the key of a mail",
    "account_change_password": "one's own",
    "account_set_password": "one's own",
    "account_reset_password": "sends a mail, the same answer for everybody",
    "account_reset_password_done": "a sentence",
    "account_reset_password_from_key": "by the key of a mail, once, within the hour",
    "account_reset_password_from_key_done": "a sentence",
    "account_confirm_login_code": "by the code of a mail; not offered unless switched on",
    "mfa_index": "one's own second factor",
    "mfa_authenticate": "the second step of the sign-in",
    "mfa_reauthenticate": "one's own",
    "mfa_activate_totp": "one's own",
    "mfa_deactivate_totp": "one's own",
    "mfa_view_recovery_codes": "one's own",
    "mfa_generate_recovery_codes": "one's own",
    "mfa_download_recovery_codes": "one's own",
    "socialaccount_login_cancelled": "a sentence",
    "socialaccount_login_error": "a sentence",
    "socialaccount_signup": "closed",
    "socialaccount_connections": "one's own",
    "openid_connect_login": "only for a provider that the operator has set up",
    "openid_connect_callback": "only for a provider that the operator has set up",
}
# Without a name: the old addresses of the four social pages, which redirect.
UNNAMED = "django.views.generic.base.RedirectView"


# Which right each door asks for, as reviewed: whoever changes a declaration changes this list too, and it shows.
# `manage.py dump_urls --rights` prints it.
REVIEWED = Path(__file__).with_name("rights.tsv")


def key(address):
    return address.name or address.pattern


def test_the_walk_finds_the_site():
    assert len(OFFICE) > 20
    assert len(API) > 50


def test_no_address_answers_twice():
    assert len({address.pattern for address in EVERYTHING}) == len(EVERYTHING)


@pytest.mark.parametrize("address", OFFICE, ids=key)
def test_a_page_says_which_right_it_needs(address):
    assert address.actions, f"{address.view} has no @page"
    assert set(address.actions.values()) <= set(MATRIX)
    assert address.name, f"{address.pattern} has no name to link to"


@pytest.mark.parametrize("address", [a for a in API if a.name not in NOT_IN_OPENAPI], ids=lambda a: a.pattern)
def test_an_operation_of_the_api_says_which_right_it_needs(address):
    assert address.actions is not None, f"{address.view} declares no action_map"
    assert set(address.actions) == set(address.operations), f"{address.view} leaves a method without a right"
    assert set(address.actions.values()) <= {*MATRIX, None}


def test_every_address_of_the_api_is_in_the_schema_or_on_the_list():
    described = {(operation.method, operation.view) for operation in operations()}
    routed = {
        (method, address.callback) for address in API if address.name not in NOT_IN_OPENAPI
        for method in address.operations
    }  # fmt: skip
    assert {(method, view) for method, view in routed} == described
    assert {address.name for address in API} >= set(NOT_IN_OPENAPI), "an exception that is none any more"


def test_every_address_outside_is_on_the_list():
    named = {address.name for address in ELSEWHERE if address.name}
    assert named == set(OUTSIDE)
    assert {address.view for address in ELSEWHERE if not address.name} == {UNNAMED}


def test_every_door_asks_for_the_right_it_was_reviewed_with():
    out = StringIO()
    call_command("dump_urls", rights=True, stdout=out)
    now, reviewed = out.getvalue().splitlines(), REVIEWED.read_text(encoding="utf-8").splitlines()
    assert sorted(set(now) - set(reviewed)) == []
    assert sorted(set(reviewed) - set(now)) == []


def test_the_command_prints_every_address():
    out = StringIO()
    call_command("dump_urls", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(EVERYTHING)
    assert "/api/v1/people/$\tperson-list\tpmo.api.people.People\tGET=people.view POST=people.manage" in lines
    out = StringIO()
    call_command("dump_urls", below="/o/", stdout=out)
    assert len(out.getvalue().splitlines()) == len(OFFICE)
