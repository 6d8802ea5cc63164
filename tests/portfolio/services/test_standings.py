"""From figures to standing, findings and roll-ups."""

from datetime import date
from decimal import Decimal

import pytest

from portfolio.models import Finding, FindingEvent, FindingProject, Portfolio, ProjectStanding, RollUp, RollUpDay
from portfolio.services.standings import standings_lock, standings_owe, standings_refresh
from projects.models import HealthDeclaration, Project
from tests.portfolio.conftest import STATUS_DATE, Office

pytestmark = pytest.mark.django_db


def refresh(office: Office, *projects: Project) -> None:
    office.compute()
    standings_refresh(office.organisation.pk, [project.pk for project in projects] or None)


def good(office: Office, code: str, **values) -> Project:
    project = office.project(code, **values)
    office.progress(project, 84)
    office.cost(project, 830_000)
    return project


def bad(office: Office, code: str, vendor=None, **values) -> Project:
    project = office.project(code, **values)
    office.progress(project, 50)
    office.cost(project, 800_000, vendor=vendor)
    return project


def test_a_project_on_plan_is_green_and_has_no_findings(office):
    project = good(office, "A")
    refresh(office)
    standing = ProjectStanding.objects.get(project=project)
    assert (standing.health, standing.health_rank, standing.open_findings) == ("green", 2, 0)
    assert Finding.objects.count() == 0


def test_a_project_in_trouble_is_red_with_its_reasons_and_gravest_finding(office):
    project = bad(office, "A")
    refresh(office)
    standing = ProjectStanding.objects.get(project=project)
    assert standing.health == "red"
    assert {reason["metric"] for reason in standing.health_reasons} == {"cpi", "spi", "vac_percent"}
    assert standing.top_finding_severity == "critical"
    assert standing.top_finding_title == Finding.objects.get(pk=standing.top_finding).title
    assert standing.open_findings == Finding.objects.count() == 3


def test_doing_it_twice_writes_no_second_finding_event_or_revision(office):
    bad(office, "A")
    refresh(office)
    before = list(Finding.objects.values_list("pk", "version")), FindingEvent.objects.count()
    revisions = ProjectStanding.objects.get().revision, list(RollUp.objects.values_list("pk", "revision"))
    refresh(office)
    assert before == (list(Finding.objects.values_list("pk", "version")), FindingEvent.objects.count())
    assert revisions == (ProjectStanding.objects.get().revision, list(RollUp.objects.values_list("pk", "revision")))


def test_a_finding_whose_cause_is_gone_resolves_itself_and_reopens_with_its_history(office):
    project = bad(office, "A")
    refresh(office)
    office.progress(project, 90)
    refresh(office, project)
    assert set(Finding.objects.values_list("status", flat=True)) == {"resolved"}
    assert ProjectStanding.objects.get().open_findings == 0
    office.progress(project, 50)
    refresh(office, project)
    overrun = Finding.objects.get(rule="cost-overrun")
    assert overrun.status == "open"
    assert list(overrun.events.order_by("id").values_list("kind", flat=True)) == ["opened", "resolved", "reopened"]


def test_figures_of_a_finding_follow_and_a_change_of_severity_is_told(office):
    project = office.project("A")
    office.progress(project, 84)
    office.cost(project, 1_000_000)
    refresh(office)
    assert Finding.objects.get(rule="cost-overrun").severity == "high"
    office.cost(project, 300_000)
    refresh(office, project)
    overrun = Finding.objects.get(rule="cost-overrun")
    assert (overrun.severity, overrun.severity_rank) == ("critical", 0)
    assert overrun.title == "Cost is 54.8 % over the value of the work done"
    assert overrun.events.first().text == "high → critical"


def test_evaluating_one_project_leaves_the_findings_of_others_alone(office):
    first, second = bad(office, "A"), bad(office, "B")
    refresh(office)
    office.progress(first, 90)
    office.progress(second, 90)
    refresh(office, first)
    open_ones = FindingProject.objects.exclude(finding__status="resolved").values_list("project__code", flat=True)
    assert set(open_ones) == {"B"}


def test_one_by_one_ends_the_same_as_all_at_once(office):
    vendor = office.vendor("Brackwell Systems")
    projects = [bad(office, code, vendor, programme=office.programme) for code in "ABCD"]
    office.compute()
    for project in projects:
        standings_refresh(office.organisation.pk, [project.pk])

    def state():
        findings = Finding.objects.order_by("fingerprint")
        standings = ProjectStanding.objects.order_by("project_id")
        return (
            list(findings.values("rule", "subject", "severity", "title", "detail", "evidence", "status")),
            sorted(FindingProject.objects.values_list("finding__fingerprint", "project_id")),
            list(standings.values("project_id", "health", "top_finding_title", "open_findings")),
            list(RollUp.objects.order_by("pk").values("scope", "currency", "figures", "red", "open_findings")),
        )

    piecemeal = state()
    standings_refresh(office.organisation.pk)
    assert state() == piecemeal
    assert {row["rule"] for row in piecemeal[0]} >= {"vendor-overruns", "programme-drift", "budget-concentration"}


def test_a_finding_across_projects_resolves_when_a_project_leaves_the_programme(office):
    projects = [bad(office, code, programme=office.programme) for code in "ABC"]
    refresh(office)
    drift = Finding.objects.get(rule="programme-drift")
    Project.objects.filter(pk=projects[0].pk).update(programme=None)
    refresh(office, projects[0])
    drift.refresh_from_db()
    assert drift.status == "resolved"


def test_a_finding_across_projects_tells_who_joined(office):
    for code in "ABC":
        bad(office, code, programme=office.programme)
    refresh(office)
    late = bad(office, "D", programme=office.programme)
    refresh(office, late)
    drift = Finding.objects.get(rule="programme-drift")
    assert drift.events.first().text == "+D"
    assert drift.concerned.count() == 4


def test_a_finding_across_projects_is_not_shown_in_the_standing_of_one(office):
    for code in "ABC":
        bad(office, code, programme=office.programme)
    refresh(office)
    tops = set(ProjectStanding.objects.values_list("top_finding_title", flat=True))
    assert all("Harbour" not in title for title in tops)


def test_an_archived_project_is_not_judged_any_more(office):
    project = bad(office, "A")
    refresh(office)
    Project.objects.filter(pk=project.pk).update(archived_at="2026-10-30T00:00:00Z")
    refresh(office, project)
    assert set(Finding.objects.values_list("status", flat=True)) == {"resolved"}
    assert RollUp.objects.count() == 0


def test_the_latest_declaration_counts_until_it_expires(office):
    project = good(office, "A")
    for on, health, expires in (
        (date(2026, 9, 1), "red", None),
        (date(2026, 10, 1), "amber", date(2026, 10, 31)),
    ):
        HealthDeclaration.objects.create(
            organisation=office.organisation, project=project, status_date=on, health=health, reason="Frost",
            expires_on=expires,
        )  # fmt: skip
    refresh(office)
    assert ProjectStanding.objects.get().declared == "amber"
    office.organisation.status_date = date(2026, 11, 1)
    office.organisation.save()
    refresh(office)
    assert ProjectStanding.objects.get().declared == "none"


def test_roll_ups_hold_sums_by_scope_and_currency(office):
    good(office, "A", programme=office.programme)
    bad(office, "B")
    good(office, "C", currency="EUR")
    refresh(office)
    assert sorted(RollUp.objects.values_list("scope", "currency", "projects_counted")) == [
        ("organisation", "EUR", 1),
        ("organisation", "GBP", 2),
        ("portfolio", "EUR", 1),
        ("portfolio", "GBP", 2),
        ("programme", "GBP", 1),
    ]
    pounds = RollUp.objects.get(scope="organisation", currency="GBP")
    assert (pounds.bac, pounds.ac) == (Decimal(2_000_000), Decimal(1_630_000))
    assert (pounds.red, pounds.green, pounds.projects_measured) == (1, 1, 2)
    assert pounds.figures["ev"] == "1340000"
    assert Decimal(pounds.figures["cpi"]) == round(Decimal(1_340_000) / 1_630_000, 6)
    assert pounds.figures["spi_t"] is None
    assert "time" in pounds.undefined["spi_t"]
    assert RollUpDay.objects.filter(day=STATUS_DATE).count() == 5


def test_a_roll_up_without_projects_disappears(office):
    project = good(office, "A")
    refresh(office)
    other = Portfolio.objects.create(organisation=office.organisation, code="DIG", name="Digital", currency="GBP")
    Project.objects.filter(pk=project.pk).update(portfolio=other)
    refresh(office, project)
    assert list(RollUp.objects.filter(scope="portfolio").values_list("portfolio__code", flat=True)) == ["DIG"]


def test_another_organisation_is_never_touched(office, other_office):
    bad(office, "A")
    bad(other_office, "A")
    refresh(office)
    assert set(Finding.objects.values_list("organisation_id", flat=True)) == {office.organisation.pk}
    assert not ProjectStanding.objects.filter(organisation=other_office.organisation).exists()


def test_the_number_of_queries_does_not_grow_with_the_projects(office, django_assert_max_num_queries):
    for number in range(30):
        bad(office, f"P{number}", programme=office.programme)
    office.compute()
    standings_refresh(office.organisation.pk)
    with django_assert_max_num_queries(43):
        standings_refresh(office.organisation.pk)


def test_work_is_owed_by_mark_and_paid_by_the_relay(office):
    bad(office, "A")
    office.compute()
    standings_owe(office.organisation.pk)
    assert standings_lock(office.organisation.pk, [0]) == [0]
    standings_refresh(office.organisation.pk, [0])
    assert Finding.objects.count() == 3


def test_a_look_at_everything_resolves_what_a_rule_left_that_is_no_more(office):
    project = bad(office, "A")
    refresh(office)
    left = Finding.objects.get(rule="cost-overrun")
    Finding.objects.filter(pk=left.pk).update(rule="retired-rule", fingerprint="0" * 64)
    refresh(office, project)
    left.refresh_from_db()
    assert left.status == "open"
    refresh(office)
    left.refresh_from_db()
    assert left.status == "resolved"
