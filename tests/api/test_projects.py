"""Projects, their phases, figures and statements over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.metrics import METRICS
from projects.models import Progress, Project
from projects.services.budgets import LineDraft

FIELDS = {
    "id", "code", "name", "description", "portfolio", "programme", "status", "phase", "standard_version",
    "tier", "project_manager", "sponsor", "budget_owner", "start", "finish", "actual_start", "actual_finish",
    "percent_complete", "currency", "tags", "source", "external_id", "version",
}  # fmt: skip
FIGURES = {
    "status_date", "bac", "pv", "ev", "ac", "committed", "cv", "cv_percent", "sv", "sv_percent", "cpi", "spi",
    "eac", "eac_method", "eacs", "etc", "vac", "vac_percent", "tcpi_bac", "tcpi_eac", "es", "sv_t", "spi_t",
    "ieac_t", "budget_variance", "spend_percent", "currency", "computed_at", "computed_through", "pending",
    "undefined",
}  # fmt: skip


@pytest.fixture
def measured(alder, call, approved_budget, settle):
    """Half done in six months at a cost of 660,000, against 1,200,000 over 2026."""
    approved_budget(alder)
    manager = call(alder, "project_manager")
    project = str(alder.project.pk)
    manager.post("progress/", {"project": project, "status_date": "2026-06-30", "percent_complete": "45"})
    manager.post("cost-entries/", {"project": project, "amount": "660000.00", "incurred_on": "2026-06-30"})
    settle()
    return f"projects/{project}/"


def test_a_project_has_the_fields_of_the_contract(alder, call):
    body = call(alder, "team_member").get(f"projects/{alder.project.pk}/").json()
    assert set(body) >= FIELDS
    assert body["portfolio"] == str(alder.portfolio.pk)
    assert body["project_manager"] == str(alder.person("project_manager").pk)
    assert body["phase"] is not None


def test_a_project_is_created_changed_moved_archived_and_restored(alder, call):
    director = call(alder, "pmo_director")
    body = {
        "code": "NEW-1", "name": "New bridge", "portfolio": str(alder.portfolio.pk), "currency": "EUR",
        "programme": str(alder.programme.pk), "start": "2026-01-01", "finish": "2026-12-31", "tags": ["bridge"],
        "sponsor": str(alder.person("pmo_director").pk),
    }  # fmt: skip
    made = director.post("projects/", body)
    assert made.status_code == 201, made.content
    path = f"projects/{made.json()['id']}/"
    assert director.get(f"project-phases/?project={made.json()['id']}").json()["count"] == 5
    taken = director.post("projects/", body)
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (409, "code")
    changed = director.patch(path, {"status": "on_hold", "finish": "2027-01-31"}, If_Match=director.get(path)["ETag"])
    assert changed.json()["status"] == "on_hold"
    other = director.post("portfolios/", {"code": "OPS", "name": "Operations"}).json()
    moved = director.post(path + "move/", {"portfolio": other["id"]}, If_Match=changed["ETag"])
    assert (moved.json()["portfolio"], moved.json()["programme"]) == (other["id"], None)
    wrong = director.patch(path, {"programme": str(alder.programme.pk)}, If_Match=moved["ETag"])
    assert wrong.json()["errors"][0]["code"] == "other_portfolio"
    gone = director.post(path + "archive/", If_Match=moved["ETag"])
    assert gone.json()["archived_at"] is not None
    assert director.get("projects/?archived=false").json()["count"] == 1
    assert director.post(path + "restore/", If_Match=gone["ETag"]).json()["archived_at"] is None


def test_every_figure_is_there_as_text_or_null_with_its_reason(alder, call, measured):
    body = call(alder, "auditor").get(measured + "performance/").json()
    assert set(body) >= FIGURES
    assert (body["bac"], body["ev"], body["ac"], body["cv"]) == ("1200000.00", "540000.00", "660000.00", "-120000.00")
    assert body["cpi"] == "0.818182"
    assert body["pending"] is False
    assert body["computed_through"] != "0"
    for metric in METRICS:
        assert isinstance(body[metric.key], str) or body["undefined"][metric.key]
    assert not any(isinstance(value, float) for value in body.values())


def test_figures_are_asked_as_at_a_date_and_as_known_at_a_moment(alder, call, measured):
    director = call(alder, "pmo_director")
    before = director.get(measured + "performance/?as_of=2026-03-31").json()
    assert (before["ac"], before["pv"], before["status_date"]) == ("0.00", "300000.00", "2026-03-31")
    unknown = director.get(measured + "performance/?known_at=2020-01-01T00:00:00Z").json()
    assert unknown["bac"] is None
    assert unknown["undefined"]["bac"]
    assert director.get(measured + "performance/?as_of=soon").status_code == 400
    assert director.get(measured + "performance/?until=2026-03-31").status_code == 400
    curve = director.get(measured + "performance/?series=true").json()["series"]
    assert curve[0]["period"] == "2026-01"
    assert curve[5]["ac"] == "660000.00"
    assert curve[11]["ev"] is None


def test_a_figure_pending_says_so(alder, call, measured):
    director = call(alder, "pmo_director")
    director.post("cost-entries/", {"project": str(alder.project.pk), "amount": "1.00", "incurred_on": "2026-07-01"})
    assert director.get(measured + "performance/").json()["pending"] is True


def test_a_figure_is_explained_by_its_formula_inputs_and_rows(alder, call, measured):
    director = call(alder, "pmo_director")
    body = director.get(measured + "performance/cpi/explain/").json()
    assert body["formula"] == "EV / AC"
    assert body["value"] == "0.818182"
    assert {item["key"]: item["value"] for item in body["inputs"]} == {"ev": "540000.00", "ac": "660000.00"}
    assert body["costs"] == [{"kind": "actual", "period": "2026-06", "amount": "660000.00"}]
    assert director.get(measured + "performance/roi/explain/").status_code == 404


def test_money_is_hidden_from_whoever_may_not_see_it(alder, call, measured):
    member = call(alder, "team_member")
    assert member.get(measured + "performance/").status_code == 403
    assert member.get("projects/?columns=code,bac&format=csv").status_code == 400
    assert member.get("projects/?ordering=-bac").status_code == 400
    assert member.get("projects/?bac__gte=1").status_code == 400
    assert call(alder, "pmo_director").get("projects/?bac__gte=1").json()["count"] == 1


def test_a_list_has_no_money_columns_where_one_row_may_not_show_them(alder, call, measured):
    """The administrator sees every project and, as project manager of one, the money of that one only."""
    admin = alder.people["administrator"]
    admin.memberships.create(organisation=alder.organisation, role="project_manager")
    Project.objects.filter(pk=alder.project.pk).update(project_manager=alder.person("administrator"))
    caller = call(alder, "administrator")
    assert caller.get(measured + "performance/").status_code == 200
    assert caller.get("projects/?ordering=-bac").status_code == 400


def test_a_portfolio_shows_what_its_projects_come_to(alder, call, measured):
    body = call(alder, "portfolio_manager").get(f"portfolios/{alder.portfolio.pk}/performance/").json()
    assert (body["projects_counted"], body["bac"], body["ac"], body["currency"]) == (
        1,
        "1200000.00",
        "660000.00",
        "GBP",
    )
    assert body["other_currencies"] == []
    assert call(alder, "project_manager").get(f"portfolios/{alder.portfolio.pk}/performance/").status_code == 403
    assert call(alder, "project_manager").get(f"portfolios/{alder.portfolio.pk}/").status_code == 200
    programme = call(alder, "auditor").get(f"programmes/{alder.programme.pk}/performance/").json()
    assert programme["bac"] == "1200000.00"


def test_statements_are_kept_and_the_future_is_refused(alder, call):
    manager = call(alder, "project_manager")
    project = str(alder.project.pk)
    made = manager.post("progress/", {"project": project, "status_date": "2026-06-30", "percent_complete": "62.5"})
    assert made.json()["percent_complete"] == "62.5"
    assert made.json()["task"] is None
    future = manager.post("progress/", {"project": project, "status_date": "2199-01-01", "percent_complete": "1"})
    assert future.status_code == 400
    forecast = manager.post("forecasts/", {"project": project, "status_date": "2026-06-30", "eac": "1300000.00"})
    assert forecast.json()["eac"] == "1300000.00"
    silent = manager.post("health-declarations/", {"project": project, "status_date": "2026-06-30", "health": "red"})
    assert silent.json()["errors"][0]["field"] == "reason"
    said = {"project": project, "status_date": "2026-06-30", "health": "red", "reason": "Steel is late."}
    assert manager.post("health-declarations/", said).status_code == 201
    assert Progress.objects.get().percent_complete == Decimal("62.5")
    assert manager.delete(f"progress/{made.json()['id']}/").status_code == 405


def test_a_phase_gets_its_dates(alder, call):
    manager = call(alder, "project_manager")
    phase = manager.get(f"project-phases/?project={alder.project.pk}&ordering=order").json()["results"][0]
    path = f"project-phases/{phase['id']}/"
    assert manager.patch(path, {"start": "2026-02-01", "finish": "2026-03-01"}).json()["start"] == "2026-02-01"
    assert manager.patch(path, {"start": "2026-04-01"}).json()["errors"][0]["code"] == "out_of_order"
    assert call(alder, "auditor").patch(path, {"start": None}).status_code == 403


def test_budget_lines_of_several_months_come_back_by_month(alder, call, approved_budget):
    approved_budget(alder, lines=[LineDraft(Decimal("10.50"), date(2026, month, 1)) for month in (1, 2)])
    rows = call(alder, "budget_owner").get("budget-lines/?period__gte=2026-02&budget_state=approved").json()["results"]
    assert [(row["period"], row["amount"]) for row in rows] == [("2026-02", "10.50")]


def test_totals_of_a_project_without_detail_become_rows(alder, call, settle):
    director = call(alder, "pmo_director")
    body = {"code": "T-1", "name": "Tram", "portfolio": str(alder.portfolio.pk), "currency": "GBP"}
    totals = {"budget": "1000.00", "actual_cost": "400.50", "reported_eac": "1100.00"}
    made = director.post("projects/", {**body, **totals, "start": "2026-01-01", "finish": "2026-12-31"})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert director.get(f"budgets/?project={pk}").json()["results"][0]["state"] == "submitted"
    path = f"projects/{pk}/"
    changed = director.patch(path, {"actual_cost": "450.00"}, If_Match=made["ETag"])
    assert changed.status_code == 200, changed.content
    again = director.patch(path, {"actual_cost": "450.00"}, If_Match=changed["ETag"])
    assert again.status_code == 200
    rows = director.get(f"cost-entries/?project={pk}&ordering=amount").json()["results"]
    assert [row["amount"] for row in rows] == ["49.50", "400.50"]
    settle()
    figures = director.get(path + "performance/").json()
    assert (figures["ac"], figures["eacs"]["reported"]) == ("450.00", "1100.00")
    refused = director.post("projects/", {**body, "code": "T-2", "budget": "0.00"})
    assert refused.json()["errors"][0]["field"] == "budget"
    poor = call(alder, "administrator").post("projects/", {**body, "code": "T-3", "actual_cost": "1.00"})
    assert poor.status_code == 403
    assert not Project.objects.filter(code__in=("T-2", "T-3")).exists()


def test_projects_are_found_by_tag(alder, call):
    director = call(alder, "pmo_director")
    etag = director.get(f"projects/{alder.project.pk}/")["ETag"]
    director.patch(f"projects/{alder.project.pk}/", {"tags": ["net zero", "café"]}, If_Match=etag)
    assert director.get("projects/?tag=caf%C3%A9").json()["count"] == 1
    assert director.get("projects/?tag=net+zero").json()["count"] == 1
    assert director.get("projects/?tag=net").json()["count"] == 0
