"""findings and rules over REST."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from pmo.selectors.actors import Actor
from portfolio.analysis.registry import all_rules
from portfolio.models import Finding
from portfolio.services.standings import standings_refresh
from tests.portfolio.conftest import Office

pytestmark = pytest.mark.django_db
FINDINGS, RULES = "/api/v1/findings/", "/api/v1/rules/"


@pytest.fixture
def finding(office: Office) -> Finding:
    for code in ("DIG-031", "DIG-032"):
        project = office.project(code)
        office.progress(project, 84)
        office.cost(project, 1_000_000)
    office.compute()
    standings_refresh(office.organisation.pk)
    return Finding.objects.get(rule="cost-overrun", concerned__project__code="DIG-031")


@pytest.fixture
def api(client: Client, director: Actor, finding: Finding) -> Client:
    client.force_login(director.user)
    return client


def post(api: Client, path: str, body: Any = None, **headers: str) -> Any:
    return api.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)


def test_a_finding_answers_what_the_contract_names(api: Client, finding: Finding) -> None:
    answer = api.get(f"{FINDINGS}{finding.pk}/")
    body = answer.json()
    assert {
        "id", "rule", "severity", "title", "detail", "projects", "evidence", "first_seen", "last_seen", "status",
        "owner", "due", "suppressed_until", "history",
    } <= set(body)  # fmt: skip
    assert body["projects"] == [
        {"id": str(finding.concerned.get().project_id), "code": "DIG-031", "name": "Project DIG-031"}
    ]
    ac = next(item for item in body["evidence"] if item["metric"] == "ac")
    assert (ac["value"], ac["unit"], ac["project"]) == ("1000000", "GBP", body["projects"][0]["id"])
    assert [line["kind"] for line in body["history"]] == ["opened"]
    assert answer.headers["ETag"] == '"v1"'


def test_the_list_filters_and_refuses_what_it_does_not_know(api: Client, finding: Finding) -> None:
    assert api.get(f"{FINDINGS}?rule=cost-overrun&tab=open&search=DIG-031").json()["count"] == 1
    assert api.get(f"{FINDINGS}?project={finding.concerned.get().project_id}").json()["count"] == 2
    refused = api.get(f"{FINDINGS}?colour=red")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "unknown_parameter"


def test_the_list_costs_a_fixed_number_of_queries(api: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        assert api.get(FINDINGS).json()["count"] == 4


def test_acting_takes_the_version_read(api: Client, finding: Finding) -> None:
    path = f"{FINDINGS}{finding.pk}/acknowledge/"
    assert post(api, path, **{"If-Match": '"v1"'}).json()["status"] == "acknowledged"
    stale = post(api, f"{FINDINGS}{finding.pk}/treat/", **{"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["version"]) == (412, 2)


def test_a_dry_run_changes_nothing(api: Client, finding: Finding) -> None:
    answer = post(api, f"{FINDINGS}{finding.pk}/acknowledge/?dry_run=true")
    assert answer.json()["result"]["status"] == "acknowledged"
    assert Finding.objects.get(pk=finding.pk).status == "open"


def test_assigning_suppressing_reopening_and_commenting(
    api: Client, finding: Finding, office: Office, director: Actor
) -> None:
    path = f"{FINDINGS}{finding.pk}/"
    owner = str(office.person(director).pk)
    assert post(api, f"{path}assign/", {"owner": owner, "due": "2099-01-31"}).json()["owner"] == owner
    held = post(api, f"{path}suppress/", {"until": "2099-01-01", "reason": "Known"}).json()
    assert (held["status"], held["suppressed_until"]) == ("suppressed", "2099-01-01")
    assert post(api, f"{path}reopen/").json()["status"] == "open"
    history = post(api, f"{path}comment/", {"text": "See the minutes"}).json()["history"]
    assert [line["kind"] for line in history] == ["comment", "reopened_by_hand", "suppressed", "assigned", "opened"]


def test_a_suppression_without_a_reason_names_the_field(api: Client, finding: Finding) -> None:
    answer = post(api, f"{FINDINGS}{finding.pk}/suppress/", {"until": "2099-01-01"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "reason"


def test_many_at_once_or_none(api: Client) -> None:
    ids = [str(pk) for pk in Finding.objects.values_list("pk", flat=True)]
    assert post(api, f"{FINDINGS}bulk-acknowledge/", {"ids": [*ids, "999999"]}).status_code == 403
    assert post(api, f"{FINDINGS}bulk-acknowledge/", {"ids": ids}).json() == {"acknowledged": 4}


def test_what_one_may_not_see_is_not_there_and_what_one_may_not_do_is_refused(
    client: Client, office: Office, other_office: Office, finding: Finding
) -> None:
    client.force_login(other_office.member("pmo_director").user)
    assert client.get(f"{FINDINGS}{finding.pk}/").status_code == 404
    assert post(client, f"{FINDINGS}{finding.pk}/acknowledge/").status_code == 404
    client.force_login(office.member("auditor").user)
    assert client.get(f"{FINDINGS}{finding.pk}/").status_code == 200
    assert post(client, f"{FINDINGS}{finding.pk}/acknowledge/").status_code == 403


def test_rules_are_listed_with_their_tolerances_as_text(api: Client) -> None:
    body = api.get(RULES).json()
    assert body["count"] == len(all_rules())
    first = body["results"][0]
    assert (first["id"], first["slug"], first["enabled"], first["scope"]) == ("R-01", "cost-overrun", True, "project")
    assert first["tolerance"] == {"percent": "10", "severe_percent": "25"}
    assert first["condition"] == "Cost is more than 10 % over the value of the work done."


def test_setting_a_rule_needs_the_version_and_text_for_numbers(api: Client) -> None:
    path = f"{RULES}cost-overrun/"

    def patch(body: Any, **headers: str) -> Any:
        return api.patch(path, json.dumps(body), content_type="application/json", headers=headers)

    assert patch({"enabled": False}).status_code == 428
    assert patch({"tolerance": {"percent": 12.5}}, **{"If-Match": '"v0"'}).status_code == 400
    set_ = patch({"tolerance": {"percent": "12.5"}}, **{"If-Match": '"v0"'})
    assert set_.json()["tolerance"] == {"percent": "12.5", "severe_percent": "25"}
    assert set_.headers["ETag"] == '"v1"'
    assert patch({"enabled": False}, **{"If-Match": '"v0"'}).status_code == 412
    assert patch({"colour": "red"}, **{"If-Match": '"v1"'}).status_code == 400


def test_an_unknown_rule_is_not_there(api: Client) -> None:
    assert api.get(f"{RULES}no-such-rule/").status_code == 404
