"""What changed between two moments, read from the rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.kit.errors import ApplicationError
from pmo.models import AuditEvent, Person
from portfolio.models import Finding, FindingProject
from portfolio.selectors.changed import Changed, changed
from portfolio.selectors.changed_moments import moments_of, presets
from projects.models import Budget, BudgetLine, CostEntry, Forecast, HealthDeclaration, Progress, ProjectMember
from projects.selectors.projects import visible_to
from projects.services.projects import project_update

FROM, TO = date(2026, 8, 31), date(2026, 10, 31)
BEFORE, BETWEEN = datetime(2026, 8, 15, 9, tzinfo=UTC), datetime(2026, 9, 15, 9, tzinfo=UTC)


def entry(project, amount, on, at, **more):
    return CostEntry.objects.create(
        organisation_id=project.organisation_id, project=project, amount=Decimal(amount), currency=project.currency,
        incurred_on=on, recorded_at=at, **more,
    )  # fmt: skip


def look(actor, rows=None) -> Changed:
    return changed(actor, visible_to(actor) if rows is None else rows, *moments_of(actor.organisation, FROM, TO))


@pytest.fixture
def project(office):
    project = office.project("A-1", budget=1_200_000)
    type(project).objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    Progress.objects.create(
        organisation=office.organisation, project=project, status_date=date(2026, 8, 14), percent_complete=40,
        recorded_at=BEFORE,
    )  # fmt: skip
    return project


@pytest.fixture
def ledger(project):
    """100.10 known before; 30.02 added, 20.03 late, 5.05 taken back; an order; one recorded after the second moment."""
    first = entry(project, "100.10", date(2026, 8, 10), BEFORE)
    entry(project, "5.05", date(2026, 8, 11), BEFORE)
    entry(project, "30.02", date(2026, 9, 10), BETWEEN, reference="INV-2")
    entry(project, "20.03", date(2026, 8, 20), BETWEEN)
    entry(project, "-5.05", date(2026, 9, 12), BETWEEN, reverses=first)
    entry(project, "7000", date(2026, 9, 12), BETWEEN, kind="commitment")
    return project


def test_the_entries_listed_add_up_to_the_difference_in_actual_cost_to_the_cent(director, ledger):
    found = look(director)
    [one] = found.projects
    [total] = found.totals
    listed = sum(line.amount for line in found.lines if line.kind in ("added", "late", "reversed"))
    before, after = one.values["ac"]
    assert (before, after) == (Decimal("105.15"), Decimal("150.15"))
    assert listed == after - before == one.cost_difference == total.cost_difference == Decimal("45.00")
    assert total.parts == {
        "added": Decimal("30.02"), "late": Decimal("20.03"), "reversed": Decimal("-5.05"), "ordered": Decimal(7000)
    }  # fmt: skip
    assert [line.text for line in found.lines if line.amount == Decimal("30.02")] == ["INV-2"]


def test_what_was_booked_after_the_second_moment_is_no_change(director, ledger):
    entry(ledger, "999", date(2026, 9, 1), datetime(2026, 10, 30, 9, tzinfo=UTC))
    first, second = moments_of(director.organisation, FROM, date(2026, 10, 15))
    found = changed(director, visible_to(director), first, second)
    assert found.totals[0].cost_difference == Decimal("45.00")


def test_an_instant_splits_a_day(director, project):
    for hour in (8, 16):
        entry(project, hour, date(2026, 9, 15), datetime(2026, 9, 15, hour, tzinfo=UTC))
    steering = datetime(2026, 9, 15, 12, tzinfo=UTC)
    found = changed(director, visible_to(director), *moments_of(director.organisation, steering, TO))
    assert found.totals[0].cost_difference == 16


def test_each_figure_names_what_can_have_moved_it(director, ledger):
    one = look(director).projects[0]
    drivers = {figure.key: dict(figure.drivers) for figure in one.figures}
    assert drivers["ac"] == {"late": 1, "added": 1, "reversed": 1}
    assert drivers["pv"] == {"time": 0}
    assert "ev" not in drivers  # nothing was said of the work
    Progress.objects.create(
        organisation=director.organisation, project=ledger, status_date=date(2026, 10, 1), percent_complete=60,
        recorded_at=datetime(2026, 10, 2, tzinfo=UTC),
    )  # fmt: skip
    figures = {figure.key: figure for figure in look(director).projects[0].figures}
    assert dict(figures["ev"].drivers) == {"progress": 1}
    assert figures["ev"].difference == Decimal("240000.00")


def test_statements_approvals_findings_and_people_are_told(director, project):
    org = {"organisation": director.organisation}
    Forecast.objects.create(
        **org, project=project, status_date=date(2026, 9, 30), eac=Decimal("1250000"), recorded_at=BETWEEN
    )
    HealthDeclaration.objects.create(
        **org, project=project, status_date=date(2026, 9, 30), health="red", reason="Late.", recorded_at=BETWEEN
    )
    budget = Budget.objects.create(
        **org, project=project, number=2, state="approved", origin="imported", approved_at=BETWEEN,
        effective_on=date(2026, 9, 15),
    )  # fmt: skip
    BudgetLine.objects.create(**org, budget=budget, project=project, amount=Decimal(1_300_000))
    finding = Finding.objects.create(
        **org, rule="cost-overrun", scope="project", fingerprint="f", subject="s", severity="high", title="Overrun",
        first_seen=BEFORE, resolved_at=BETWEEN,
    )  # fmt: skip
    FindingProject.objects.create(**org, finding=finding, project=project)
    wyatt = Person.objects.get(name="K. Wyatt")
    ida = Person.objects.get(name="Ida Frame")
    AuditEvent.objects.create(
        **org, at=BETWEEN, action="project.update", object_type="project", object_id=str(project.pk),
        project_ref=project.pk, before={"sponsor": wyatt.pk, "finish": "2026-12-31"},
        after={"sponsor": ida.pk, "finish": "2027-01-31"},
    )  # fmt: skip
    texts = {
        line.kind: [other.text for other in look(director).lines if other.kind == line.kind]
        for line in look(director).lines
    }
    assert texts == {
        "forecast": ["Cost at completion 1,250,000.00 GBP as at 30 September 2026"],
        "health": ["Red: Late as at 30 September 2026"],
        "budget": ["Budget 2 approved: 1,300,000.00 GBP, 1,200,000.00 before"],
        "finding": ["Resolved: Overrun"],
        "field": ["Sponsor: K. Wyatt → Ida Frame", "Finish, planned: 2026-12-31 → 2027-01-31"],
    }


def test_a_change_made_here_is_told_with_names(director, project):
    wyatt = Person.objects.get(name="K. Wyatt")
    project_update(actor=director, project_id=project.pk, version=project.version, values={"budget_owner": wyatt.pk})
    first, second = moments_of(director.organisation, FROM, None)
    [line] = changed(director, visible_to(director), first, second).lines
    assert (line.kind, line.text, line.who) == ("field", "Budget owner: Ida Frame → K. Wyatt", "Ida Frame")


def test_whoever_may_not_see_the_money_sees_progress_and_no_amount(office, director, ledger):
    looker = office.member("team_member", name="Jonty Marsh")
    ProjectMember.objects.create(
        organisation=office.organisation, project=ledger, person=office.person(looker), kind="team"
    )
    Progress.objects.create(
        organisation=office.organisation, project=ledger, status_date=date(2026, 10, 1), percent_complete=60,
        recorded_at=datetime(2026, 10, 2, tzinfo=UTC),
    )  # fmt: skip
    found = look(looker)
    [one] = found.projects
    assert {line.kind for line in found.lines} == {"progress"}
    assert (found.totals, found.without_money, one.cost_difference) == ((), 1, None)
    assert {figure.key for figure in one.figures} <= {
        "percent_complete",
        "spi",
        "sv_percent",
        "es",
        "sv_t",
        "spi_t",
        "ieac_t",
    }
    assert not {"ac", "eac", "bac", "cpi"} & one.values.keys()


def test_projects_beyond_reach_are_not_there(office, director, ledger):
    assert look(office.member("team_member", name="Somebody Else")).looked_at == 0


def test_sums_are_by_currency_and_never_mixed(office, director, ledger):
    other = office.project("E-3", currency="EUR")
    entry(other, "12.34", date(2026, 9, 10), BETWEEN)
    totals = {total.currency: total.cost_difference for total in look(director).totals}
    assert totals == {"GBP": Decimal("45.00"), "EUR": Decimal("12.34")}


def test_the_number_of_statements_does_not_grow_with_the_projects(office, director, ledger):
    with CaptureQueriesContext(connection) as few:
        look(director)
    for number in range(8):
        more = office.project(f"M-{number}")
        entry(more, "3.00", date(2026, 9, 10), BETWEEN)
    with CaptureQueriesContext(connection) as many:
        look(director)
    assert len(many) == len(few) <= 32


def test_moments_that_run_backwards_are_refused(director):
    with pytest.raises(ApplicationError, match="2026-10-31 is not before 2026-08-31"):
        moments_of(director.organisation, TO, FROM)


def test_without_being_asked_it_is_thirty_days_up_to_now(director):
    first, second = moments_of(director.organisation, None, None)
    assert (first.as_of, second.as_of, second.known_at) == (TO - timedelta(days=30), TO, None)


def test_the_moments_to_choose_from_are_ends_of_what_people_reckon_in(director):
    director.organisation.fiscal_year_start_month = 4
    days = dict(presets(director.organisation, date(2026, 11, 24)))
    assert days == {
        "week": date(2026, 11, 17),
        "days": date(2026, 10, 25),
        "month": date(2026, 10, 31),
        "quarter": date(2026, 9, 30),
        "year": date(2026, 3, 31),
    }
    assert dict(presets(director.organisation, date(2027, 1, 5)))["quarter"] == date(2026, 12, 31)
