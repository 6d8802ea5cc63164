"""The rules about running projects, from rows to findings, in a fixed number of queries."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pmo.models import Policy, PolicyVersion
from portfolio.models import Finding
from portfolio.selectors.facts import portfolio_facts
from portfolio.selectors.lifecycle_facts import with_lifecycle
from portfolio.services.standings import standings_refresh
from projects.models import (
    GateCondition,
    GateReview,
    ProjectActivity,
    ProjectGate,
    ProjectPhase,
    Responsibility,
    Waiver,
)

BEFORE = date(2026, 9, 15)
AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def lead(office):
    return office.member("project_manager", name="Milo")


@pytest.fixture
def run(office, lead):
    """A project in its second phase, with an open activity and a late gate of the first."""
    project = office.project("A-1", budget=None, project_manager=office.person(lead))
    mine = {"organisation": office.organisation, "project": project}
    first, second = (ProjectPhase.objects.create(**mine, order=n, name=f"Phase {n}") for n in (1, 2))
    project.phase = second
    project.save()
    common = {**mine, "order": 1, "due": BEFORE}
    project.activity = ProjectActivity.objects.create(**common, project_phase=first, key="charter", name="Charter")
    project.gate = ProjectGate.objects.create(**common, project_phase=first, key="start", name="Start gate")
    return project


def of(office, project):
    return portfolio_facts(office.organisation).lifecycle[project.pk]


def waive(office, director, project, expires_on, **target):
    return Waiver.objects.create(
        organisation=office.organisation, project=project, reason="No time", state="granted", expires_on=expires_on,
        asked_by=office.member("project_manager", name="Milo").user, decided_by=director.user, decided_at=AT, **target,
    )  # fmt: skip


def test_the_late_gate_and_the_skipped_activity_are_seen(office, run):
    lifecycle = of(office, run)
    assert [(gate.name, gate.due) for gate in lifecycle.gates] == [("Start gate", BEFORE)]
    assert [(item.name, item.phase) for item in lifecycle.skipped] == [("Charter", "Phase 1")]
    assert (lifecycle.asked, lifecycle.accountable) == (True, None)


def test_what_is_waived_is_neither_late_nor_skipped(office, director, run):
    waive(office, director, run, date(2026, 12, 31), gate=run.gate)
    waive(office, director, run, date(2026, 12, 31), activity=run.activity)
    lifecycle = of(office, run)
    assert (lifecycle.gates, lifecycle.skipped) == ((), ())
    assert {item.name for item in lifecycle.waivers} == {"Charter", "Start gate"}


def test_of_two_waivers_the_later_end_counts_and_an_expired_one_waives_no_more(office, director, run):
    waive(office, director, run, date(2026, 9, 20), gate=run.gate)
    waive(office, director, run, date(2026, 10, 30), gate=run.gate)
    lifecycle = of(office, run)
    assert [item.expires_on for item in lifecycle.waivers] == [date(2026, 10, 30)]
    assert len(lifecycle.gates) == 1


def test_a_waiver_of_what_has_been_done_is_no_matter(office, director, run):
    waive(office, director, run, date(2026, 10, 30), activity=run.activity)
    ProjectActivity.objects.update(state="done", done_on=BEFORE)
    assert of(office, run).waivers == ()


def test_an_unmet_condition_counts_while_its_gate_stands_on_it(office, run):
    mine = {"organisation": office.organisation, "project": run}
    review = GateReview.objects.create(
        **mine, gate=run.gate, number=1, state="decided", decision="conditional", decided_at=AT, decided_on=BEFORE
    )
    GateCondition.objects.create(**mine, review=review, text="Sign the lease", due=date(2026, 10, 1))
    assert of(office, run).conditions == ()
    ProjectGate.objects.update(state="conditional")
    [late] = of(office, run).conditions
    assert (late.name, late.note) == ("Sign the lease", "Start gate")


def test_a_policy_binds_the_lead(office, lead, run):
    policy = Policy.objects.create(organisation=office.organisation, slug="gifts", name="Gifts")
    PolicyVersion.objects.create(
        organisation=office.organisation, policy=policy, number=1, text="None.", effective_on=date(2026, 9, 1),
        binds_roles=["project_manager"], acknowledge_within_days=14, published_at=AT,
    )  # fmt: skip
    [late] = of(office, run).policies
    assert (late.name, late.due, late.note) == ("Gifts", date(2026, 9, 15), "Milo")


def test_findings_open_and_resolve_with_their_cause(office, run):
    standings_refresh(office.organisation.pk)
    seen = set(Finding.objects.filter(status="open").values_list("rule", flat=True))
    assert {"overdue-gate", "skipped-activities"} <= seen
    ProjectGate.objects.update(state="passed", decided_on=BEFORE)
    standings_refresh(office.organisation.pk, [run.pk])
    assert Finding.objects.get(rule="overdue-gate").status == "resolved"
    assert Finding.objects.get(rule="skipped-activities").status == "open"


def test_overload_is_seen_from_any_one_of_the_projects(office):
    person = office.person(office.member("pmo_director", name="Lee"))
    projects = [office.project(f"P-{n}", budget=None) for n in range(9)]
    for project in projects:
        Responsibility.objects.create(
            organisation=office.organisation, project=project, subject="project", person=person, letter="A"
        )
    standings_refresh(office.organisation.pk, [projects[4].pk])
    finding = Finding.objects.get(rule="accountable-overload")
    assert (finding.status, finding.concerned.count()) == ("open", 9)
    Responsibility.objects.filter(project=projects[0]).delete()
    standings_refresh(office.organisation.pk, [projects[0].pk])
    finding.refresh_from_db()
    assert finding.status == "resolved"


def test_the_facts_take_as_many_queries_for_one_project_as_for_all(office, run, django_assert_num_queries):
    policy = Policy.objects.create(organisation=office.organisation, slug="gifts", name="Gifts")
    PolicyVersion.objects.create(
        organisation=office.organisation, policy=policy, number=1, text="None.", effective_on=date(2026, 9, 1),
        binds_roles=["project_manager"], published_at=AT,
    )  # fmt: skip
    for ids in ([run.pk], None):
        facts = portfolio_facts(office.organisation, ids)
        with django_assert_num_queries(8):
            with_lifecycle(office.organisation, facts)
