"""The forms of a project: done, refused beside the field, and nothing typed is lost."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from projects.models import Budget, CostEntry, Forecast, HealthDeclaration, Progress, Project
from projects.services.costs import Posting, cost_entry_post
from projects.services.projects import project_update
from tests.conftest import Cast

PAGE = "/o/alder/projects/ALDER-1/"
COST = {
    "once": "6f1d7f6e-0f0b-4a55-9d59-0f1c2f1f8a11",
    "kind": "actual",
    "amount": "1,250.40",
    "incurred_on": "2026-10-01",
    "category": "services",
    "vendor_name": "Brackwell Systems",
    "reference": "INV 88121",
    "project_phase": "",
    "description": "",
}


def test_a_cost_is_posted_and_the_page_says_so(alder: Cast) -> None:
    client = alder.client("budget_owner")
    answer = client.post(f"{PAGE}ledger/new/", COST, follow=True)
    assert answer.redirect_chain[-1][0] == PAGE
    assert "Posted. The figures follow in a moment." in answer.content.decode()
    entry = CostEntry.objects.get()
    assert (entry.amount, entry.vendor.name, entry.recorded_by) == (  # type: ignore[union-attr]
        Decimal("1250.40"),
        "Brackwell Systems",
        alder.people["budget_owner"],
    )


def test_a_form_sent_twice_posts_once(alder: Cast) -> None:
    client = alder.client("budget_owner")
    for _ in range(2):
        assert client.post(f"{PAGE}ledger/new/", COST).status_code == 302
    assert CostEntry.objects.count() == 1
    other = client.post(f"{PAGE}ledger/new/", {**COST, "amount": "7"})
    assert other.status_code == 422 and "was posted before" in other.content.decode()


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 40])
def test_an_id_that_cannot_be_is_not_found(alder: Cast, pk: str) -> None:
    client = alder.client("pmo_director")
    for address in (f"ledger/{pk}/reverse/", f"budgets/{pk}/submit/", f"budgets/{pk}/approve/"):
        assert client.post(PAGE + address, {"version": "1", "reason": "x"}).status_code == 404, address


def test_a_version_beyond_all_numbers_is_only_stale(alder: Cast) -> None:
    project = Project.objects.get(code="ALDER-1")
    sent = _fields(project, name="Other", version="9" * 40)
    assert alder.client("project_manager").post(f"{PAGE}edit/", sent).status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "2026-06-30,2026-07-01", "' OR 1=1"])
def test_a_date_nobody_means_is_refused(alder: Cast, day: str) -> None:
    client = alder.client("pmo_director")
    for address in ("", "live/", "figures/cpi/"):
        assert client.get(PAGE + address, {"as_of": day}).status_code == 400, address


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("amount", "0", "An amount of zero says nothing."),
        ("amount", "12.345", "no more than 2 decimal places"),
        ("amount", "much", "Enter a number."),
        ("amount", "", "“Amount” is needed."),
        ("incurred_on", "31/31/2026", "Enter a valid date."),
        ("incurred_on", "0026-10-01", "is not a date anybody means"),
        ("kind", "gift", "gift is not one of the available choices"),
        ("project_phase", "999999", "999999 is not one of the available choices"),
    ],
)
def test_a_refused_cost_changes_nothing_and_keeps_what_was_typed(
    alder: Cast, field: str, value: str, sentence: str
) -> None:
    answer = alder.client("budget_owner").post(f"{PAGE}ledger/new/", {**COST, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="INV 88121"' in page and 'value="Brackwell Systems"' in page
    assert CostEntry.objects.count() == 0


def test_an_entry_is_reversed_with_a_reason_by_somebody_else(alder: Cast) -> None:
    assert alder.project is not None
    posting = Posting(alder.project.pk, Decimal(500), date(2026, 10, 1))
    entry = cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting).entry
    address = f"{PAGE}ledger/{entry.pk}/reverse/"
    own = alder.client("pmo_analyst").post(address, {"reason": "twice"})
    assert own.status_code == 422 and "somebody else has to reverse it" in own.content.decode()
    client = alder.client("budget_owner")
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "Posted twice"}).status_code == 302
    assert sum(CostEntry.objects.values_list("amount", flat=True)) == 0
    again = client.post(address, {"reason": "Posted twice"})
    assert again.status_code == 422 and "reversed already" in again.content.decode()


def test_an_entry_of_another_project_cannot_be_reversed_here(alder: Cast, birch: Cast) -> None:
    assert birch.project is not None
    posting = Posting(birch.project.pk, Decimal(500), date(2026, 10, 1))
    entry = cost_entry_post(actor=birch.actor("pmo_analyst"), posting=posting).entry
    assert alder.client("pmo_director").post(f"{PAGE}ledger/{entry.pk}/reverse/", {"reason": "x"}).status_code == 404
    assert CostEntry.objects.count() == 1


def test_progress_forecast_and_health_are_stated(alder: Cast) -> None:
    client = alder.client("project_manager")
    said = {"percent_complete": "45.5", "status_date": "2026-10-31", "project_phase": ""}
    assert client.post(f"{PAGE}progress/", said).status_code == 302
    assert client.post(f"{PAGE}forecast/", {"eac": "1,300,000", "status_date": "2026-10-31"}).status_code == 302
    assert client.post(f"{PAGE}declare-health/", {"health": "green", "status_date": "2026-10-31"}).status_code == 302
    assert Progress.objects.get().percent_complete == Decimal("45.50")
    assert Forecast.objects.get().eac == Decimal(1_300_000)
    assert HealthDeclaration.objects.get().health == "green"


def test_amber_without_a_reason_is_refused_beside_the_reason(alder: Cast) -> None:
    answer = alder.client("project_manager").post(
        f"{PAGE}declare-health/", {"health": "amber", "status_date": "2026-10-31"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"] == ["Say why it is not green."]


def test_a_statement_about_the_future_is_refused(alder: Cast) -> None:
    said = {"percent_complete": "45", "status_date": "2199-01-01"}
    answer = alder.client("project_manager").post(f"{PAGE}progress/", said)
    assert answer.status_code == 422
    assert "is in the future" in answer.context["form"].errors["status_date"][0]


def _fields(project: Project, **changes: object) -> dict[str, object]:
    own = {
        "version": project.version,
        "name": project.name,
        "status": project.status,
        "description": project.description,
        "phase": project.phase_id,
        "project_manager": project.project_manager_id,
        "sponsor": project.sponsor_id,
        "budget_owner": project.budget_owner_id,
        "start": project.start,
        "finish": project.finish,
    }
    return {key: "" if value is None else value for key, value in (own | changes).items()}


def test_owners_and_dates_are_changed(alder: Cast) -> None:
    project = Project.objects.get(code="ALDER-1")
    client = alder.client("project_manager")
    changed = _fields(project, forecast_finish="2027-03-01", sponsor=alder.person("auditor").pk)
    assert client.post(f"{PAGE}edit/", changed).status_code == 302
    project.refresh_from_db()
    assert (project.forecast_finish, project.sponsor_id) == (date(2027, 3, 1), alder.person("auditor").pk)
    assert project.version == 2


def test_a_save_on_top_of_somebody_elses_says_what_stands_there_and_keeps_the_values(alder: Cast) -> None:
    project = Project.objects.get(code="ALDER-1")
    mine = _fields(project, name="My name for it")
    director = alder.actor("pmo_director")
    project_update(actor=director, project_id=project.pk, version=1, values={"name": "Their <b>name"})
    client = alder.client("project_manager")
    answer = client.post(f"{PAGE}edit/", mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this project meanwhile." in page
    assert "Now: Their &lt;b&gt;name" in page
    assert 'value="My name for it"' in page
    assert Project.objects.get(pk=project.pk).name == "Their <b>name"
    assert 'name="version" value="2"' in page  # saving once more is a decision
    assert client.post(f"{PAGE}edit/", {**mine, "version": 2}).status_code == 302
    assert Project.objects.get(pk=project.pk).name == "My name for it"


def test_another_way_to_estimate_needs_its_reason(alder: Cast) -> None:
    project = Project.objects.get(code="ALDER-1")
    answer = alder.client("project_manager").post(f"{PAGE}edit/", _fields(project, eac_method="budget_rate"))
    assert "eac_method_reason" in answer.context["form"].errors


LINES = {
    "rows": "2",
    "label": "First",
    "line0-amount": "1,000.00",
    "line0-category": "labour",
    "line0-expense_type": "capital",
    "line0-period": "2026-03",
    "line1-amount": "",
    "line1-category": "labour",
    "line1-expense_type": "capital",
}


def test_a_budget_is_proposed_submitted_and_approved_by_somebody_else(alder: Cast) -> None:
    proposer, decider = alder.client("project_manager"), alder.client("budget_owner")
    assert proposer.post(f"{PAGE}budgets/new/", LINES).status_code == 302
    budget = Budget.objects.get()
    line = budget.lines.get()
    assert (line.amount, line.period, line.category) == (Decimal(1000), date(2026, 3, 1), "labour")
    assert proposer.post(f"{PAGE}budgets/{budget.pk}/submit/", {"version": 1}).status_code == 302
    assert "Approve" in decider.get(f"{PAGE}budgets/").content.decode()
    assert proposer.post(f"{PAGE}budgets/{budget.pk}/approve/", {"version": 2}).status_code == 403
    assert decider.post(f"{PAGE}budgets/{budget.pk}/approve/", {"version": 2}).status_code == 302
    budget.refresh_from_db()
    assert budget.state == "approved"


def test_a_budget_is_turned_down_with_a_reason(alder: Cast) -> None:
    proposer, decider = alder.client("project_manager"), alder.client("budget_owner")
    proposer.post(f"{PAGE}budgets/new/", LINES)
    budget = Budget.objects.get()
    proposer.post(f"{PAGE}budgets/{budget.pk}/submit/", {"version": 1})
    assert decider.post(f"{PAGE}budgets/{budget.pk}/reject/", {"version": 2, "reason": ""}).status_code == 400
    decider.post(f"{PAGE}budgets/{budget.pk}/reject/", {"version": 2, "reason": "Too high"})
    page = proposer.get(f"{PAGE}budgets/").content.decode()
    assert "Too high" in page and "Rejected" in page


def test_a_wrong_line_is_refused_and_the_others_stay(alder: Cast) -> None:
    wrong = {**LINES, "line1-amount": "much", "line0-period": "spring"}
    answer = alder.client("project_manager").post(f"{PAGE}budgets/new/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a number." in page and "“spring” is not a month such as 2026-11." in page
    assert 'value="1,000.00"' in page
    assert Budget.objects.count() == 0


def test_more_lines_keep_what_was_typed(alder: Cast) -> None:
    answer = alder.client("project_manager").post(f"{PAGE}budgets/new/", {**LINES, "more": "1"})
    assert answer.status_code == 200
    assert answer.context["rows"] == 10
    assert 'value="1,000.00"' in answer.content.decode()
    assert Budget.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("auditor", "ledger/new/"),
        ("auditor", "edit/"),
        ("budget_owner", "progress/"),
        ("team_member", "declare-health/"),
        ("stakeholder", "forecast/"),
        ("auditor", "budgets/new/"),
    ],
)
def test_a_form_somebody_may_not_use_is_refused(alder: Cast, role: str, address: str) -> None:
    client = alder.client(role)
    assert client.get(PAGE + address).status_code == 403
    assert client.post(PAGE + address, {}).status_code == 403


def test_the_list_of_the_ledger_filters_and_exports(alder: Cast, settle: Callable[[], int]) -> None:
    assert alder.project is not None
    for number, kind in enumerate(("actual", "commitment", "accrual"), start=1):
        posting = Posting(
            alder.project.pk, Decimal(number), date(2026, 10, number), kind=kind, reference="=1+1", vendor_name="Stone"
        )
        cost_entry_post(actor=alder.actor("pmo_director"), posting=posting)
    client = alder.client("project_manager")
    listed = client.get(f"{PAGE}ledger/?kind=commitment&search=stone")
    assert [entry.amount for entry in listed.context["list"].page.rows] == [Decimal(2)]
    answer = client.get(f"{PAGE}ledger/?format=csv&kind__in=actual,accrual")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(text.splitlines()) == 3
    assert "'=1+1" in text
    assert client.get(f"{PAGE}ledger/?colour=red").status_code == 400


def test_the_ledger_takes_a_fixed_number_of_statements(alder: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    assert alder.project is not None
    for day in range(1, 20):
        posting = Posting(alder.project.pk, Decimal(day), date(2026, 10, day), vendor_name=f"Vendor {day}")
        cost_entry_post(actor=alder.actor("pmo_director"), posting=posting)
    client = alder.client("project_manager")
    with django_assert_max_num_queries(12):
        client.get(f"{PAGE}ledger/")
