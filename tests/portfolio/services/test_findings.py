"""What people do with findings."""

from datetime import date, timedelta

import pytest

from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import AuditEvent, OutboxMark
from pmo.selectors.clock import today_in
from portfolio.models import Finding, ProjectStanding
from portfolio.services.findings import (
    finding_acknowledge,
    finding_assign,
    finding_comment,
    finding_reopen,
    finding_suppress,
    finding_treat,
    findings_acknowledge,
)
from portfolio.services.standings import standings_refresh
from tests.portfolio.conftest import Office

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2099, 1, 1)


@pytest.fixture
def finding(office: Office) -> Finding:
    project = office.project("A")
    office.progress(project, 84)
    office.cost(project, 1_000_000)
    look(office)
    return Finding.objects.get(rule="cost-overrun")


def look(office: Office) -> None:
    office.compute()
    standings_refresh(office.organisation.pk)


def kinds(finding: Finding) -> list[str]:
    return list(finding.events.order_by("id").values_list("kind", flat=True))


def test_acknowledging_leaves_a_line_of_history_and_an_audit_event(director, finding):
    changed = finding_acknowledge(actor=director, finding_id=finding.pk, version=1)
    assert (changed.status, changed.version) == ("acknowledged", 2)
    assert kinds(finding) == ["opened", "acknowledged"]
    event = AuditEvent.objects.get(action="finding.acknowledged")
    assert (event.before, event.after) == ({"status": "open"}, {"status": "acknowledged"})
    assert event.project_ref == finding.concerned.get().project_id


def test_acknowledging_twice_changes_nothing_more(director, finding):
    finding_acknowledge(actor=director, finding_id=finding.pk)
    assert finding_acknowledge(actor=director, finding_id=finding.pk).version == 2


def test_acknowledged_stays_acknowledged_while_it_is_seen_again(office, director, finding):
    finding_acknowledge(actor=director, finding_id=finding.pk)
    look(office)
    finding.refresh_from_db()
    assert finding.status == "acknowledged"


def test_of_two_who_act_at_once_one_is_told(director, finding):
    finding_acknowledge(actor=director, finding_id=finding.pk, version=1)
    with pytest.raises(StaleVersion) as refused:
        finding_treat(actor=director, finding_id=finding.pk, version=1)
    assert refused.value.extra == {"version": 2}


def test_assigning_names_a_person_and_a_date(office, director, finding):
    due = today_in(office.organisation) + timedelta(days=7)
    person = office.person(director)
    changed = finding_assign(actor=director, finding_id=finding.pk, person_id=person.pk, due=due)
    assert (changed.owner, changed.due) == (person, due)
    assert finding_assign(actor=director, finding_id=finding.pk, person_id=None).owner is None
    assert kinds(finding) == ["opened", "assigned", "unassigned"]


def test_a_person_of_another_organisation_cannot_be_assigned(other_office, director, finding):
    stranger = other_office.person(other_office.member("pmo_director"))
    with pytest.raises(ApplicationError, match="no such person"):
        finding_assign(actor=director, finding_id=finding.pk, person_id=stranger.pk)


def test_suppressing_needs_a_reason_and_a_date_to_come(office, director, finding):
    with pytest.raises(ApplicationError, match="why"):
        finding_suppress(actor=director, finding_id=finding.pk, until=NEXT_YEAR, reason=" ")
    with pytest.raises(ApplicationError, match="not in the future"):
        finding_suppress(actor=director, finding_id=finding.pk, until=today_in(office.organisation), reason="Known")


def test_a_suppressed_finding_leaves_the_standing_of_its_project_and_comes_back_on_its_date(office, director, finding):
    finding_suppress(actor=director, finding_id=finding.pk, until=NEXT_YEAR, reason="Known")
    assert OutboxMark.objects.filter(kind="portfolio", subject_id=finding.concerned.get().project_id).exists()
    before = ProjectStanding.objects.get().open_findings
    look(office)
    finding.refresh_from_db()
    assert finding.status == "suppressed"
    assert ProjectStanding.objects.get().open_findings == before - 1
    office.organisation.status_date = NEXT_YEAR
    office.organisation.save()
    look(office)
    finding.refresh_from_db()
    assert finding.status == "open"
    assert kinds(finding)[-1] == "unsuppressed"


def test_reopening_by_hand_takes_a_suppression_back(director, finding):
    finding_suppress(actor=director, finding_id=finding.pk, until=NEXT_YEAR, reason="Known")
    changed = finding_reopen(actor=director, finding_id=finding.pk)
    assert (changed.status, changed.suppressed_until, changed.suppress_reason) == ("open", None, "")


def test_a_resolved_finding_cannot_be_acted_on(office, director, finding):
    office.progress(office_project(finding), 100)
    look(office)
    for act in (finding_acknowledge, finding_treat, finding_reopen):
        with pytest.raises(ApplicationError, match="resolved"):
            act(actor=director, finding_id=finding.pk)


def office_project(finding: Finding):
    return finding.concerned.get().project


def test_a_comment_is_part_of_the_history(director, finding):
    event = finding_comment(actor=director, finding_id=finding.pk, text="  Steel prices, see the minutes. ")
    assert (event.kind, event.text, event.user) == ("comment", "Steel prices, see the minutes.", director.user)


def test_many_are_acknowledged_at_once_or_none(office, director, finding):
    everything = list(Finding.objects.values_list("pk", flat=True))
    with pytest.raises(ApplicationError, match="nothing was changed"):
        findings_acknowledge(actor=director, finding_ids=[*everything, 999_999])
    assert not Finding.objects.filter(status="acknowledged").exists()
    assert findings_acknowledge(actor=director, finding_ids=everything) == len(everything)
    assert kinds(finding) == ["opened", "acknowledged"]
    assert AuditEvent.objects.filter(action="finding.acknowledged").count() == len(everything)
    assert AuditEvent.objects.filter(
        project_ref=finding.concerned.get().project_id, action="finding.acknowledged"
    ).exists()
    assert findings_acknowledge(actor=director, finding_ids=everything) == 0


def test_somebody_who_may_not_see_it_learns_nothing_and_who_may_only_look_is_refused(office, other_office, finding):
    with pytest.raises(NotFound):
        finding_acknowledge(actor=other_office.member("pmo_director"), finding_id=finding.pk)
    with pytest.raises(NotFound):
        finding_acknowledge(actor=office.member("project_manager"), finding_id=finding.pk)
    with pytest.raises(Forbidden):
        finding_acknowledge(actor=office.member("auditor"), finding_id=finding.pk)
