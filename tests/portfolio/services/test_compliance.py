"""Compliance kept by the worker: equal to the rows, told onwards, and as at any past day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pmo.models import Obligation, OutboxMark, Policy, PolicyAcknowledgement, PolicyVersion
from pmo.services.outbox import relay_all
from pmo.services.policy_marks import policies_changed
from portfolio.models import ComplianceDay, ProjectCompliance
from portfolio.selectors.compliance_facts import requirements_of
from portfolio.services.compliance import compliance_differences, compliance_rebuild
from portfolio.services.compliance_days import compliance_days_backfill
from portfolio.services.rebuild import organisation_differences, organisation_rebuild
from projects.models import GateReview, ProjectActivity, ProjectDeliverable, ProjectGate, ProjectPhase, Waiver
from projects.services.lifecycle_marks import requirements_changed

DAY = date(2026, 10, 31)


def laid(office, project, **changes):
    """A project with a phase and one activity, one deliverable and one gate, all due in September, none done."""
    mine = {"organisation": office.organisation, "project": project}
    phase = ProjectPhase.objects.create(**mine, order=1, name="Initiation")
    common = {**mine, "project_phase": phase, "order": 1, "due": date(2026, 9, 15), **changes}
    return (
        ProjectActivity.objects.create(**common, key="charter", name="Write the charter"),
        ProjectDeliverable.objects.create(**common, key="case", name="Business case"),
        ProjectGate.objects.create(**common, key="start", name="Start gate"),
    )


@pytest.fixture
def project(office):
    return office.project("A-1", budget=None)


def kept(project) -> ProjectCompliance:
    return ProjectCompliance.objects.get(project=project)


def test_a_changed_requirement_is_counted_once_the_mark_is_paid(office, project):
    activity, _deliverable, _gate = laid(office, project)
    requirements_changed(office.organisation.pk, [project.pk])
    relay_all()
    assert (kept(project).applicable, kept(project).breached, kept(project).percent) == (3, 3, 0)
    ProjectActivity.objects.filter(pk=activity.pk).update(state="done", done_on=date(2026, 9, 15))
    requirements_changed(office.organisation.pk, [project.pk])
    relay_all()
    assert (kept(project).met, kept(project).breached, kept(project).percent) == (1, 2, Decimal("33.33"))
    assert kept(project).cells["activity:p1:charter"][:2] == ["met", activity.pk]
    assert not OutboxMark.objects.exists()


def test_doing_it_again_writes_nothing(office, project):
    laid(office, project)
    compliance_rebuild(office.organisation.pk)
    revision = kept(project).revision
    assert compliance_rebuild(office.organisation.pk) == 0
    assert kept(project).revision == revision


def test_what_is_handed_in_is_not_delivered_and_what_is_returned_neither(office, project, director):
    _activity, deliverable, _gate = laid(office, project)
    for state in ("submitted", "returned"):
        ProjectDeliverable.objects.filter(pk=deliverable.pk).update(state=state, decided_on=date(2026, 9, 1))
        compliance_rebuild(office.organisation.pk)
        assert kept(project).cells["deliverable:p1:case"][0] == "breach"
    ProjectDeliverable.objects.filter(pk=deliverable.pk).update(state="accepted", decided_by=director.user)
    compliance_rebuild(office.organisation.pk)
    assert kept(project).cells["deliverable:p1:case"][0] == "met"


def test_a_gate_held_after_it_passed_is_open_again(office, project):
    _activity, _deliverable, gate = laid(office, project)
    mine = {"organisation": office.organisation, "project": project, "gate": gate, "state": "decided"}
    at = datetime(2026, 9, 1, tzinfo=UTC)
    GateReview.objects.create(**mine, number=1, decision="pass", decided_on=date(2026, 9, 1), decided_at=at)
    compliance_rebuild(office.organisation.pk)
    assert kept(project).cells["gate:p1:start"][0] == "met"
    GateReview.objects.create(**mine, number=2, decision="hold", decided_on=date(2026, 10, 1), decided_at=at)
    compliance_rebuild(office.organisation.pk)
    assert kept(project).cells["gate:p1:start"][0] == "breach"
    [before] = [r for r in requirements_of(office.organisation, date(2026, 9, 20))[project.pk] if r.kind == "gate"]
    assert before.done_on == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("state", "shown"), [("granted", "waived"), ("asked", "breach"), ("refused", "breach"), ("revoked", "breach")]
)
def test_only_a_granted_waiver_waives(office, project, director, state, shown):
    activity, _deliverable, _gate = laid(office, project)
    Waiver.objects.create(
        organisation=office.organisation, project=project, activity=activity, reason="No time", state=state,
        expires_on=date(2026, 12, 1), asked_by=office.member("project_manager").user, decided_by=director.user,
        decided_at=datetime(2026, 9, 10, tzinfo=UTC),
    )  # fmt: skip
    compliance_rebuild(office.organisation.pk)
    assert kept(project).cells["activity:p1:charter"][0] == shown


def test_what_was_tailored_out_or_is_recommended_is_not_counted(office, project):
    laid(office, project, applies=False)
    other = office.project("B-2", budget=None)
    laid(office, other, obligation=Obligation.RECOMMENDED)
    compliance_rebuild(office.organisation.pk)
    assert (kept(project).applicable, kept(project).percent) == (0, None)
    assert kept(project).why_undefined == "No mandatory requirement has come due yet."
    assert {cell[0] for cell in kept(other).cells.values()} == {"open"}
    assert kept(other).applicable == 0


@pytest.fixture
def policy(office):
    policy = Policy.objects.create(organisation=office.organisation, slug="gifts", name="Gifts")
    PolicyVersion.objects.create(
        organisation=office.organisation, policy=policy, number=1, text="Take none.", effective_on=date(2026, 9, 1),
        binds_roles=["project_manager"], acknowledge_within_days=14, published_at=datetime(2026, 8, 20, tzinfo=UTC),
    )  # fmt: skip
    return policy


def test_a_policy_binds_the_lead_until_it_is_acknowledged(office, policy):
    lead = office.member("project_manager", name="Milo")
    project = office.project("A-1", budget=None, project_manager=office.person(lead))
    compliance_rebuild(office.organisation.pk)
    assert kept(project).cells["policy:policies:gifts"][:3] == ["breach", policy.pk, "2026-09-15"]
    PolicyAcknowledgement.objects.create(
        organisation=office.organisation, version=policy.versions.get(), user=lead.user,
        acknowledged_at=datetime(2026, 9, 16, tzinfo=UTC),
    )  # fmt: skip
    policies_changed(office.organisation.pk, lead.user.pk)
    relay_all()
    assert kept(project).cells["policy:policies:gifts"][0] == "late"


def test_a_policy_does_not_bind_a_project_whose_lead_has_no_account(office, policy, project):
    compliance_rebuild(office.organisation.pk)
    assert kept(project).cells["policy:policies:gifts"][0] == "not_applicable"


def test_the_day_sums_the_live_projects_of_each_portfolio(office, project):
    laid(office, project)
    closed = office.project("B-2", budget=None, status="closed")
    laid(office, closed)
    compliance_rebuild(office.organisation.pk)
    requirements_changed(office.organisation.pk, [project.pk])
    relay_all()
    rows = ComplianceDay.objects.filter(day=DAY).values_list("portfolio", "projects", "applicable", "breached")
    assert sorted(rows, key=str) == sorted([(None, 1, 3, 3), (office.portfolio.pk, 1, 3, 3)], key=str)


def test_past_days_are_computed_from_the_rows(office, project):
    activity, *_ = laid(office, project)
    ProjectActivity.objects.filter(pk=activity.pk).update(state="done", done_on=date(2026, 9, 10))
    compliance_days_backfill(office.organisation, [date(2026, 9, 1), date(2026, 9, 30)])
    found = dict(ComplianceDay.objects.filter(portfolio=None).values_list("day", "applicable"))
    assert found == {date(2026, 9, 1): 0, date(2026, 9, 30): 3}


def test_the_check_names_a_cell_and_a_sum_that_are_wrong(office, project):
    laid(office, project)
    organisation_rebuild(office.organisation.pk)
    assert organisation_differences(office.organisation.pk) == []
    row = kept(project)
    row.cells["gate:p1:start"][0], row.met = "met", 9
    row.save()
    ComplianceDay.objects.filter(portfolio=None).update(met=1)
    found = compliance_differences(office.organisation.pk)
    assert [text for text in found if "1 cells differ, the first is gate:p1:start" in text]
    assert [text for text in found if "met is kept as 9, the rows say 0" in text]
    assert [text for text in found if text.startswith("The compliance of the office on 2026-10-31")]


def test_the_facts_take_as_many_queries_for_one_project_as_for_ten(office, policy, django_assert_num_queries):
    projects = [office.project(f"P-{n}", budget=None) for n in range(10)]
    for each in projects:
        laid(office, each)
    for ids in ([projects[0].pk], [each.pk for each in projects], None):
        with django_assert_num_queries(8):
            requirements_of(office.organisation, DAY, ids)
