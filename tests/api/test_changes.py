"""Budgets copied, replaced and compared, change requests and the bridge, over the API."""

from __future__ import annotations

from decimal import Decimal

from projects.models import Baseline, Budget, ChangeRequest


def test_a_change_is_proposed_by_token_and_decided_by_a_person(alder, approved_budget, call, browser):
    first = approved_budget(alder)
    analyst = call(alder, "pmo_analyst")
    copied = analyst.post(f"budgets/{first.pk}/copy/", {"percent": "5.00", "shift_months": 1}).json()
    assert (copied["state"], copied["total"]) == ("draft", "1260000.00")
    made = analyst.post(
        "change-requests/",
        {"project": str(alder.project.pk), "title": "More", "reason": "Found.", "budget": copied["id"]},
    )
    assert (made.status_code, made.json()["cost_effect"]) == (201, "60000.00")
    path = f"change-requests/{made.json()['id']}"
    submitted = analyst.post(f"{path}/submit/", {}, If_Match=made["ETag"])
    assert submitted.json()["state"] == "submitted"
    decision = {"decision": "approve", "reason": "Good.", "effective_on": "2026-06-01"}
    director = call(alder, "pmo_director")
    assert director.post(f"{path}/decide/", decision, If_Match=submitted["ETag"]).status_code == 403
    person = browser(alder, "pmo_director")
    tried = person.post(f"{path}/decide/?dry_run=true", decision, If_Match=submitted["ETag"])
    assert tried.json()["result"]["state"] == "approved"
    assert ChangeRequest.objects.get().state == "submitted"
    assert person.post(f"{path}/decide/", decision, If_Match='"v1"').status_code == 412
    assert person.post(f"{path}/decide/", decision, If_Match=submitted["ETag"]).json()["state"] == "approved"
    found = analyst.get(f"baselines/?project={alder.project.pk}&sort=number").json()["results"]
    assert [(row["number"], row["bac"]) for row in found] == [(1, "1200000.00"), (2, "1260000.00")]
    bridge = analyst.get(f"projects/{alder.project.pk}/bridge/").json()
    steps = sum(Decimal(step["amount"]) for step in bridge["steps"])
    assert Decimal(bridge["start"]) + steps == Decimal(bridge["end"])
    assert bridge["steps"][0]["change_request"] == 1


def test_lines_are_replaced_whole_with_if_match_and_compared(alder, approved_budget, call):
    first = approved_budget(alder)
    analyst = call(alder, "pmo_analyst")
    draft = analyst.post(f"budgets/{first.pk}/copy/", {})
    path = f"budgets/{draft.json()['id']}"
    lines = {"lines": [{"amount": "70.00", "period": "2026-02"}, {"amount": "30.00", "category": "contingency"}]}
    assert analyst.send("PUT", f"{path}/lines/", lines).status_code == 428
    assert analyst.send("PUT", f"{path}/lines/", lines, If_Match='"v9"').status_code == 412
    wrong = {"lines": [{"amount": "70.00"}, {"amount": "0.00"}]}
    assert analyst.send("PUT", f"{path}/lines/", wrong, If_Match=draft["ETag"]).status_code == 400
    saved = analyst.send("PUT", f"{path}/lines/", lines, If_Match=draft["ETag"])
    assert (saved.status_code, saved.json()["total"]) == (200, "100.00")
    diff = analyst.get(f"{path}/diff/?against={first.pk}").json()
    assert (diff["before"], diff["after"], diff["difference"]) == ("1200000.00", "100.00", "-1199900.00")
    for parts in ("lines", "months"):
        assert sum(Decimal(part["difference"]) for part in diff[parts]) == Decimal("-1199900.00")
    assert {line["state"] for line in diff["lines"]} == {"added", "removed", "changed"}
    assert analyst.get(f"{path}/diff/?against=987654321").status_code == 400
    assert analyst.get(f"{path}/diff/").status_code == 400


def test_a_second_budget_without_a_request_is_refused_in_a_sentence(alder, approved_budget, call, browser):
    first = approved_budget(alder)
    analyst = call(alder, "pmo_analyst")
    draft = analyst.post(f"budgets/{first.pk}/copy/", {})
    path = f"budgets/{draft.json()['id']}"
    submitted = analyst.post(f"{path}/submit/", {}, If_Match=draft["ETag"])
    answer = browser(alder, "pmo_director").post(f"{path}/approve/", {}, If_Match=submitted["ETag"])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "needs_change_request")
    assert Baseline.objects.count() == 1
    assert Budget.objects.get(number=2).state == "submitted"
