"""The pages of the office: who sees what, what they change, and in how many statements."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from pmo.models import ApiToken, Membership, OutboxMark, Person, User
from pmo.services.audit import audit_seal
from projects.services.costs import Posting, cost_entry_post
from tests.conftest import Cast

OFFICE = "/o/alder/"


def test_a_token_is_shown_once_and_never_again(alder: Cast) -> None:
    client = alder.client("pmo_analyst")
    made = client.post(f"{OFFICE}tokens/", {"name": "Finance export", "days": 30, "scopes": ["finance:read"]})
    found = re.search(r"plb_[0-9a-f]{10}_[\w-]{43}", made.content.decode())
    assert made.status_code == 200 and found is not None
    assert made["Cache-Control"] == "no-store"
    again = client.get(f"{OFFICE}tokens/").content.decode()
    assert "Finance export" in again
    assert found.group() not in again
    asked = Client().get("/api/v1/", headers={"Authorization": f"Bearer {found.group()}"})
    assert asked.status_code != 401


@pytest.mark.parametrize(
    ("field", "value"), [("days", "0"), ("days", "400"), ("name", ""), ("scopes", []), ("scopes", ["moon:walk"])]
)
def test_a_refused_token_makes_none(alder: Cast, field: str, value: object) -> None:
    asked = {"name": "Export", "days": 30, "scopes": ["finance:read"], field: value}
    answer = alder.client("pmo_analyst").post(f"{OFFICE}tokens/", asked)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert ApiToken.objects.count() == 0


def test_reading_roles_are_offered_reading_scopes_alone(alder: Cast) -> None:
    page = alder.client("auditor").get(f"{OFFICE}tokens/").content.decode()
    assert "finance:read" in page and ":write" not in page


def test_one_revokes_ones_own_token_and_not_anothers(alder: Cast) -> None:
    client = alder.client("pmo_analyst")
    client.post(f"{OFFICE}tokens/", {"name": "Export", "days": 30, "scopes": ["finance:read"]})
    token = ApiToken.objects.get()
    assert alder.client("pmo_director").post(f"{OFFICE}tokens/{token.pk}/revoke/").status_code == 404
    assert client.post(f"{OFFICE}tokens/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def _posted(cast: Cast) -> None:
    assert cast.project is not None
    posting = Posting(cast.project.pk, Decimal("654321"), date(2026, 10, 1), reference="INV 1")
    cost_entry_post(actor=cast.actor("pmo_director"), posting=posting)


def test_the_log_says_who_did_what_and_whether_it_is_sealed(alder: Cast) -> None:
    _posted(alder)
    client = alder.client("auditor")
    page = client.get(f"{OFFICE}audit/").content.decode()
    assert "Dora Alder" in page and "posted a cost" in page and "654321" in page
    assert "waiting" in page and "sealed</span>" not in page
    audit_seal()
    assert "sealed</span>" in client.get(f"{OFFICE}audit/").content.decode()


def test_the_log_is_exported_as_it_is_filtered(alder: Cast) -> None:
    _posted(alder)
    answer = alder.client("auditor").get(f"{OFFICE}audit/?action=cost.post&format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2 and "cost.post" in lines[1]


def test_an_administrator_reads_the_log_but_no_money_in_it(alder: Cast) -> None:
    _posted(alder)
    page = alder.client("administrator").get(f"{OFFICE}audit/?columns=at,user,label").content.decode()
    assert "654321" not in page
    assert "created the project" in alder.client("administrator").get(f"{OFFICE}audit/").content.decode()


def test_the_log_of_another_organisation_is_not_shown(alder: Cast, birch: Cast) -> None:
    assert "Birch" not in alder.client("auditor").get(f"{OFFICE}audit/").content.decode()


def test_the_standard_can_be_read_with_its_activities_and_gates(alder: Cast) -> None:
    client = alder.client("stakeholder")
    library = client.get(f"{OFFICE}standards/").content.decode()
    address = re.search(r'href="(/o/alder/standards/versions/\d+/)">Five phases<', library)
    assert address is not None
    page = client.get(address[1]).content.decode()
    for words in ("Initiation", "Closing", "Write the charter", "One page: aim", "Gate 1: start", "Mandatory"):
        assert words in page


def test_roles_are_shown_to_who_may_see_them_alone(alder: Cast) -> None:
    assert "Budget owner, up to 5,000,000.00" in alder.client("auditor").get(f"{OFFICE}people/").content.decode()
    page = alder.client("team_member").get(f"{OFFICE}people/").content.decode()
    assert "Bea Alder" in page and "Budget owner" not in page
    assert alder.client("stakeholder").get(f"{OFFICE}people/").status_code == 403


def test_an_administrator_gives_a_role_and_takes_it_away(alder: Cast) -> None:
    client = alder.client("administrator")
    given = {"email": "new@alder.example", "name": "Nia New", "role": "project_manager", "approval_limit": ""}
    assert client.post(f"{OFFICE}people/roles/new/", given).status_code == 302
    membership = Membership.objects.get(user__email="new@alder.example")
    assert Person.objects.filter(organisation=alder.organisation, user=membership.user).exists()
    address = f"{OFFICE}people/roles/{membership.pk}/revoke/"
    assert alder.client("pmo_director").post(address).status_code == 403
    assert client.post(address).status_code == 302
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_nobody_gives_themselves_a_role(alder: Cast) -> None:
    given = {"email": alder.people["administrator"].email, "role": "pmo_director"}
    answer = alder.client("administrator").post(f"{OFFICE}people/roles/new/", given)
    assert answer.status_code == 422
    assert "Nobody grants or takes a role of their own." in answer.content.decode()


def test_a_person_is_named_without_an_account(alder: Cast) -> None:
    before = User.objects.count()
    client = alder.client("pmo_analyst")
    assert client.post(f"{OFFICE}people/new/", {"name": "Hal Outside", "email": ""}).status_code == 302
    assert "Hal Outside" in client.get(f"{OFFICE}people/?account=no").content.decode()
    assert User.objects.count() == before


def test_failed_work_is_shown_and_tried_again_by_the_administrator(alder: Cast) -> None:
    assert alder.project is not None
    OutboxMark.objects.all().delete()
    OutboxMark.objects.create(
        organisation=alder.organisation,
        kind="performance",
        subject_id=alder.project.pk,
        attempts=3,
        dead_at=timezone.now(),
        last_error="ValueError: no luck",
    )
    assert "ValueError: no luck" in alder.client("pmo_director").get(f"{OFFICE}health/").content.decode()
    assert alder.client("pmo_director").post(f"{OFFICE}health/retry/").status_code == 403
    assert alder.client("administrator").post(f"{OFFICE}health/retry/").status_code == 302
    assert not OutboxMark.objects.filter(dead_at__isnull=False).exists()
    assert "Nothing has failed" in alder.client("administrator").get(f"{OFFICE}health/").content.decode()


@pytest.mark.parametrize(
    ("role", "address", "most"),
    [
        ("administrator", "people/", 12),
        ("administrator", "tokens/", 10),
        ("auditor", "audit/", 11),
        ("administrator", "health/", 13),
        ("stakeholder", "standards/", 13),
    ],
)
def test_a_page_of_the_office_takes_few_statements(  # type: ignore[no-untyped-def]
    alder: Cast, django_assert_max_num_queries, role: str, address: str, most: int
) -> None:
    client = alder.client(role)
    with django_assert_max_num_queries(most):
        assert client.get(OFFICE + address).status_code == 200


def test_somebody_without_an_organisation_is_told_whom_to_ask(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create(email="lone@example.org"))
    assert "You are in no organisation yet" in client.get("/").content.decode()
