"""The conventions of the REST contract, on the ledger as the example."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from pmo.models import ApiToken, AuditEvent, IdempotencyKey, Membership, OutboxMark
from projects.models import CostEntry, Project


def entry(cast, **values):
    body = {"project": str(cast.project.pk), "amount": "1250.50", "incurred_on": "2026-03-31", "category": "labour"}
    return {**body, **values}


def errors(response):
    return [(error["field"], error["code"]) for error in response.json()["errors"]]


def test_a_posted_cost_is_answered_with_its_fields_as_the_contract_names_them(alder, call):
    response = call(alder, "project_manager").post(
        "cost-entries/", entry(alder, vendor_name="Heat Ltd", external_id="7", source="erp")
    )
    assert response.status_code == 201, response.content
    body = response.json()
    assert body["amount"] == "1250.50"
    assert body["currency"] == "GBP"
    assert body["project"] == str(alder.project.pk)
    assert body["vendor_name"] == "Heat Ltd"
    assert body["task"] is None
    assert isinstance(body["id"], str)
    assert response["Location"] == f"/api/v1/cost-entries/{body['id']}/"
    assert call(alder, "auditor").get(f"cost-entries/{body['id']}/").json() == body
    assert OutboxMark.objects.filter(kind="performance", subject_id=alder.project.pk).exists()


def test_a_list_comes_in_an_envelope_with_absolute_links(alder, call):
    director = call(alder, "pmo_director")
    for day in range(1, 4):
        director.post("cost-entries/", entry(alder, incurred_on=f"2026-03-0{day}", amount=f"{day}.00"))
    page = director.get("cost-entries/?page_size=2&ordering=amount").json()
    assert page["count"] == 3
    assert [row["amount"] for row in page["results"]] == ["1.00", "2.00"]
    assert page["next"] == "http://testserver/api/v1/cost-entries/?ordering=amount&page_size=2&page=2"
    assert page["previous"] is None
    assert [row["amount"] for row in director.get("cost-entries/?amount__gte=2.5").json()["results"]] == ["3.00"]
    assert director.get("cost-entries/?project__code=x").status_code == 400


def test_an_export_holds_what_the_list_shows(alder, call):
    director = call(alder, "pmo_director")
    director.post("cost-entries/", entry(alder, description='=HYPERLINK("http://x")'))
    response = director.get("cost-entries/?format=csv&columns=amount,description")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert rows == [["Amount", "Description"], ["1250.50", '\'=HYPERLINK("http://x")']]
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(director.get("cost-entries/?format=xlsx&columns=amount")))
    ).active
    assert [row[0].value for row in sheet.rows] == ["Amount", 1250.5]


def test_the_same_key_and_body_get_the_same_answer_and_have_one_effect(alder, call):
    director = call(alder, "pmo_director")
    first = director.post("cost-entries/", entry(alder), Idempotency_Key="a1")
    again = director.post("cost-entries/", entry(alder), Idempotency_Key="a1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert CostEntry.objects.count() == 1
    other = director.post("cost-entries/", entry(alder, amount="2.00"), Idempotency_Key="a1")
    assert other.status_code == 422
    assert errors(other) == [("Idempotency-Key", "idempotency_key_reused")]
    assert CostEntry.objects.count() == 1


def test_a_key_is_its_callers_own(alder, birch, call):
    assert call(alder, "pmo_director").post("cost-entries/", entry(alder), Idempotency_Key="k").status_code == 201
    assert call(alder, "pmo_analyst").post("cost-entries/", entry(alder), Idempotency_Key="k").status_code == 201
    assert call(birch, "pmo_director").post("cost-entries/", entry(birch), Idempotency_Key="k").status_code == 201
    assert CostEntry.objects.count() == 3


def test_a_key_whose_request_was_refused_may_be_used_again(alder, call):
    director = call(alder, "pmo_director")
    assert director.post("cost-entries/", entry(alder, amount="0.00"), Idempotency_Key="k").status_code == 400
    assert director.post("cost-entries/", entry(alder), Idempotency_Key="k").status_code == 201


def test_while_the_first_request_runs_the_second_is_told_so(alder, call):
    director = call(alder, "pmo_director")
    director.post("cost-entries/", entry(alder), Idempotency_Key="k")
    IdempotencyKey.objects.update(response_status=None, response_body=None)
    running = director.post("cost-entries/", entry(alder), Idempotency_Key="k")
    assert running.status_code == 409
    assert errors(running) == [("Idempotency-Key", "idempotency_key_running")]
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert director.post("cost-entries/", entry(alder), Idempotency_Key="k").status_code == 201


def test_an_answer_is_kept_for_72_hours(alder, call):
    director = call(alder, "pmo_director")
    director.post("cost-entries/", entry(alder), Idempotency_Key="k")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=73))
    fresh = director.post("cost-entries/", entry(alder), Idempotency_Key="k")
    assert fresh.status_code == 201
    assert "Idempotency-Replayed" not in fresh


def test_a_dry_run_answers_what_would_change_and_changes_nothing(alder, call, django_capture_on_commit_callbacks):
    director = call(alder, "pmo_director")
    OutboxMark.objects.all().delete()
    events = AuditEvent.objects.count()
    with django_capture_on_commit_callbacks() as callbacks:
        response = director.post("cost-entries/?dry_run=true", entry(alder, vendor_name="New Ltd"))
    assert response.status_code == 200
    body = response.json()
    assert (body["dry_run"], body["status"], body["result"]["amount"]) == (True, 201, "1250.50")
    assert callbacks == []
    assert CostEntry.objects.count() == OutboxMark.objects.count() == 0
    assert AuditEvent.objects.count() == events
    assert director.post("cost-entries/?dry_run=true", entry(alder, amount="x")).status_code == 400
    assert director.post("cost-entries/?dry_run=perhaps", entry(alder)).status_code == 400
    patched = director.patch(f"projects/{alder.project.pk}/?dry_run=true", {"name": "Other"}, If_Match='"v1"')
    assert patched.json()["result"]["name"] == "Other"
    assert Project.objects.get(pk=alder.project.pk).name == "Alder court retrofit"


def test_a_list_is_posted_whole_or_not_at_all_with_errors_by_index(alder, call):
    director = call(alder, "pmo_director")
    good = director.post("cost-entries/", [entry(alder, amount=f"{n}.00") for n in range(1, 4)])
    assert good.status_code == 201
    assert good.json()["count"] == 3
    bad = director.post("cost-entries/", [entry(alder), entry(alder, amount="1_0"), entry(alder, project="999")])
    assert bad.status_code == 400
    assert [(e["index"], e["field"]) for e in bad.json()["errors"]] == [(1, "amount"), (2, "project")]
    late = director.post("cost-entries/", [entry(alder), entry(alder, incurred_on="1800-01-01")])
    assert [(e["index"], e["field"]) for e in late.json()["errors"]] == [(1, "incurred_on")]
    assert CostEntry.objects.count() == 3
    assert director.post("cost-entries/", []).status_code == 400
    assert director.post("cost-entries/", [entry(alder)] * 1001).status_code == 400


def test_a_change_needs_the_version_it_was_read_with(alder, call):
    director = call(alder, "pmo_director")
    path = f"projects/{alder.project.pk}/"
    read = director.get(path)
    assert read["ETag"] == f'"v{read.json()["version"]}"'
    assert director.patch(path, {"name": "New name"}).status_code == 428
    changed = director.patch(path, {"name": "New name"}, If_Match=read["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != read["ETag"]
    stale = director.patch(path, {"name": "Newer name"}, If_Match=read["ETag"])
    assert stale.status_code == 412
    assert stale.json()["version"] == changed.json()["version"]
    assert director.patch(path, {"name": "x"}, If_Match="*").status_code == 412


def test_a_budget_is_submitted_and_approved_by_somebody_else(alder, call, browser):
    analyst, director = call(alder, "pmo_analyst"), browser(alder, "pmo_director")
    lines = [{"amount": "100000.00", "period": "2026-01"}, {"amount": "50000.00", "category": "services"}]
    made = analyst.post("budgets/", {"project": str(alder.project.pk), "lines": lines}).json()
    assert (made["state"], made["total"], made["currency"]) == ("draft", "150000.00", "GBP")
    path = f"budgets/{made['id']}/"
    more = analyst.post("budget-lines/", {"budget": made["id"], "amount": "1.00", "period": "2026-02"})
    assert more.json()["period"] == "2026-02"
    made = analyst.get(path).json()  # a further line makes another version of the draft
    assert analyst.post(path + "submit/").status_code == 428
    submitted = analyst.post(path + "submit/", If_Match=f'"v{made["version"]}"')
    assert submitted.json()["state"] == "submitted"
    tag = submitted["ETag"]
    assert analyst.post(path + "approve/", If_Match=tag).status_code == 403
    token = call(alder, "pmo_director")
    assert token.post(path + "approve/", If_Match=tag).status_code == 403
    assert director.post(path + "approve/", If_Match=tag).json()["state"] == "approved"
    assert director.post(path + "approve/", If_Match=tag).status_code == 412
    assert analyst.post("budget-lines/", {"budget": made["id"], "amount": "1.00"}).status_code == 409


def test_the_ledger_has_no_put_patch_or_delete_but_a_reversal(alder, call):
    made = call(alder, "project_manager").post("cost-entries/", entry(alder)).json()
    path = f"cost-entries/{made['id']}/"
    director = call(alder, "pmo_director")
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        response = director.send(method, path, {})
        assert response.status_code == 405, method
        assert response["Content-Type"] == "application/problem+json"
    assert director.post(path + "reverse/", {}).status_code == 400
    reversal = director.post(path + "reverse/", {"reason": "Wrong project."})
    assert reversal.status_code == 201
    assert reversal.json()["amount"] == "-1250.50"
    assert reversal.json()["reverses"] == made["id"]
    assert director.post(path + "reverse/", {"reason": "Again."}).status_code == 409
    assert sum(CostEntry.objects.values_list("amount", flat=True)) == Decimal(0)


def test_a_foreign_object_is_404_a_forbidden_action_403_and_nobody_401(alder, birch, call, client):
    foreign = call(birch, "pmo_director").post("cost-entries/", entry(birch)).json()
    auditor, director = call(alder, "auditor"), call(alder, "pmo_director")
    assert director.get(f"cost-entries/{foreign['id']}/").status_code == 404
    assert director.post(f"cost-entries/{foreign['id']}/reverse/", {"reason": "x"}).status_code == 404
    assert auditor.post(f"cost-entries/{foreign['id']}/reverse/", {"reason": "x"}).status_code == 404
    own = director.post("cost-entries/", entry(alder)).json()
    assert auditor.post(f"cost-entries/{own['id']}/reverse/", {"reason": "x"}).status_code == 403
    assert call(alder, "team_member").get("cost-entries/").status_code == 403
    nobody = client.get("/api/v1/cost-entries/")
    assert nobody.status_code == 401
    assert nobody["WWW-Authenticate"] == "Bearer"
    assert client.get("/api/v1/cost-entries/", headers={"Authorization": "Bearer plb_x_y"}).status_code == 401


def test_a_foreign_reference_and_one_that_never_existed_get_the_same_sentence(alder, birch, call):
    director = call(alder, "pmo_director")
    foreign = director.post("cost-entries/", entry(alder, project=str(birch.project.pk)))
    never = director.post("cost-entries/", entry(alder, project="987654321"))
    assert foreign.status_code == never.status_code == 400
    assert errors(foreign) == errors(never) == [("project", "missing")]
    assert foreign.json()["detail"].replace(str(birch.project.pk), "X") == never.json()["detail"].replace(
        "987654321", "X"
    )


def test_a_person_in_several_organisations_names_one(alder, birch, browser):
    Membership.objects.create(organisation=birch.organisation, user=alder.people["auditor"], role="auditor")
    auditor = browser(alder, "auditor")
    unsaid = auditor.get("projects/")
    assert unsaid.status_code == 400
    assert errors(unsaid) == [("X-Organisation", "organisation_required")]
    named = {"X-Organisation": "birch"}
    assert [row["code"] for row in auditor.get("projects/", **named).json()["results"]] == ["BIRCH-1"]
    assert auditor.get(f"projects/{alder.project.pk}/", **named).status_code == 404
    assert browser(alder, "pmo_director").get("projects/", **named).status_code == 404


def test_a_tokens_organisation_cannot_be_switched(alder, birch, call):
    Membership.objects.create(organisation=birch.organisation, user=alder.people["auditor"], role="auditor")
    assert call(alder, "auditor").get("projects/", **{"X-Organisation": "birch"}).status_code == 404
    assert call(alder, "auditor").get("projects/", **{"X-Organisation": "alder"}).status_code == 200


def test_a_token_opens_its_scopes_only_and_nothing_once_revoked_or_its_owner_left(alder, call):
    narrow = call(alder, "pmo_director", ["costs:read"])
    assert narrow.get("cost-entries/").status_code == 200
    assert narrow.post("cost-entries/", entry(alder)).status_code == 403
    assert narrow.get("audit-events/").status_code == 403
    assert ApiToken.objects.get().last_used_at is not None
    Membership.objects.filter(user=alder.people["pmo_director"]).delete()
    assert narrow.get("cost-entries/").status_code == 401
    other = call(alder, "pmo_analyst")
    ApiToken.objects.update(revoked_at=timezone.now())
    assert other.get("cost-entries/").status_code == 401


def test_the_secret_of_a_token_is_answered_once_and_kept_nowhere(alder, browser):
    analyst = browser(alder, "pmo_analyst")
    body = {"name": "erp", "scopes": ["costs:write"], "days": 30}
    made = analyst.post("tokens/", body, Idempotency_Key="t")
    secret = made.json()["token"]
    assert secret.startswith("plb_")
    assert "token" not in analyst.post("tokens/", body, Idempotency_Key="t").json()
    assert secret not in str(list(IdempotencyKey.objects.values()))
    assert secret not in analyst.get("tokens/").content.decode()
    assert analyst.delete(f"tokens/{made.json()['id']}/").status_code == 204
    assert ApiToken.objects.get().revoked_at is not None


def test_a_browser_needs_the_csrf_token_to_write(alder):
    client = alder.client("pmo_director")
    client.handler.enforce_csrf_checks = True
    response = client.post("/api/v1/people/", {"name": "New"}, content_type="application/json")
    assert response.status_code == 403
    assert "CSRF" in response.json()["detail"]


@pytest.mark.parametrize("path", ["nothing/", "projects", "projects/x/y/z/", ""])
def test_an_address_that_is_none_is_a_problem_too(alder, call, path):
    response = call(alder, "pmo_director").get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_too_many_requests_are_told_when_to_come_back(alder, call, settings):
    settings.API_THROTTLES, settings.API_RATES = True, {"read": 3}
    director = call(alder, "pmo_director")
    answers = [director.get("vendors/") for _ in range(8)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    assert 1 <= int(late[0]["Retry-After"]) <= 61
    settings.API_THROTTLES = False
    assert director.get("vendors/").status_code == 200
