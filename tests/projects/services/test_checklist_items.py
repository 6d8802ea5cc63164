"""Working on a checklist: activities, deliverables, evidence, waivers, lessons, and closing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.models import AuditEvent
from projects.models import Evidence, ProjectActivity, Waiver
from projects.selectors.checklist import checklist_of, next_of
from projects.services.checklist_items import (
    project_activity_add,
    project_activity_update,
    project_deliverable_decide,
    project_deliverable_submit,
)
from projects.services.closing import benefit_owner_name, lesson_record
from projects.services.evidence import evidence_add, evidence_withdraw
from projects.services.projects import project_update
from projects.services.waivers import waiver_ask, waiver_decide, waiver_revoke
from tests.conftest import Cast

TODAY = timezone.now().date()


def activity(cast: Cast) -> ProjectActivity:
    row = cast.project.activities.order_by("project_phase__order", "order").first()
    assert row is not None
    return row


def test_an_activity_is_done_by_whom_and_when_and_can_be_taken_up_again(alder: Cast) -> None:
    team, row = alder.actor("team_member"), activity(alder)
    done = project_activity_update(actor=team, activity_id=row.pk, version=row.version, values={"state": "done"})
    assert (done.done_by, done.done_on) == (alder.people["team_member"], TODAY)
    event = AuditEvent.objects.get(action="activity.done")
    assert (event.before, event.after) == ({"state": "open"}, {"state": "done"})
    with pytest.raises(StaleVersion):
        project_activity_update(actor=team, activity_id=row.pk, version=row.version, values={"state": "open"})
    again = project_activity_update(actor=team, activity_id=row.pk, version=done.version, values={"state": "started"})
    assert (again.done_by, again.done_on, again.done_at) == (None, None, None)


def test_an_activity_is_not_done_tomorrow(alder: Cast) -> None:
    values = {"state": "done", "done_on": TODAY + timedelta(days=1)}
    with pytest.raises(ApplicationError, match="not come yet"):
        project_activity_update(
            actor=alder.actor("pmo_analyst"), activity_id=activity(alder).pk, version=None, values=values
        )


def test_nobody_from_elsewhere_is_assigned(alder: Cast, birch: Cast) -> None:
    with pytest.raises(ApplicationError, match="nobody here"):
        project_activity_update(
            actor=alder.actor("pmo_analyst"), activity_id=activity(alder).pk, version=None,
            values={"assigned_to": birch.person("team_member")},
        )  # fmt: skip


def test_a_project_adds_activities_of_its_own(alder: Cast) -> None:
    phase = alder.project.phases.first()
    row = project_activity_add(
        actor=alder.actor("project_manager"), project_id=alder.project.pk, project_phase_id=phase.pk,
        name="Ask the neighbours", due=date(2026, 12, 1), assigned_to=alder.person("team_member"),
    )  # fmt: skip
    assert (row.activity, row.obligation, row.key[:4]) == (None, "recommended", "own-")
    with pytest.raises(ApplicationError, match="what is to be done"):
        project_activity_add(
            actor=alder.actor("project_manager"), project_id=alder.project.pk, project_phase_id=phase.pk, name=" "
        )


def test_a_deliverable_is_accepted_by_somebody_else(alder: Cast) -> None:
    row = alder.project.deliverables.first()
    pm, director = alder.actor("project_manager"), alder.actor("pmo_director")
    row = project_deliverable_submit(actor=pm, deliverable_id=row.pk, version=row.version)
    with pytest.raises(Forbidden, match="somebody else"):
        project_deliverable_decide(actor=pm, deliverable_id=row.pk, version=row.version, accept=True)
    with pytest.raises(ApplicationError, match="what is missing"):
        project_deliverable_decide(actor=director, deliverable_id=row.pk, version=row.version, accept=False)
    row = project_deliverable_decide(
        actor=director, deliverable_id=row.pk, version=row.version, accept=False, reason="No figures."
    )
    row = project_deliverable_submit(actor=pm, deliverable_id=row.pk, version=row.version)
    row = project_deliverable_decide(actor=director, deliverable_id=row.pk, version=row.version, accept=True)
    assert (row.state, row.decided_by, row.decided_on) == ("accepted", alder.people["pmo_director"], TODAY)
    with pytest.raises(ApplicationError, match="cannot be done"):
        project_deliverable_submit(actor=pm, deliverable_id=row.pk, version=row.version)


def test_evidence_is_a_link_or_a_file_and_is_withdrawn_by_a_new_row(alder: Cast) -> None:
    team, row = alder.actor("team_member"), activity(alder)
    here: dict[str, Any] = {"actor": team, "kind": "activity", "object_id": row.pk}
    link = evidence_add(**here, title="Minutes", url="https://example.org/minutes")
    paper = evidence_add(**here, title="", upload=SimpleUploadedFile("../note.txt", b"hello"))
    assert (paper.title, paper.size) == ("note.txt", 5)
    assert paper.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    for bad in ({"url": "javascript:alert(1)"}, {}, {"upload": SimpleUploadedFile("e", b"")}):
        with pytest.raises(ApplicationError):
            evidence_add(**here, title="x", **bad)
    evidence_withdraw(actor=team, evidence_id=link.pk, reason="Wrong page.")
    with pytest.raises(ApplicationError, match="withdrawn already"):
        evidence_withdraw(actor=team, evidence_id=link.pk, reason="Again.")
    assert Evidence.objects.get(pk=link.pk).url == "https://example.org/minutes"
    shown = next(
        item for phase in checklist_of(alder.project, TODAY, None) for item in phase.items if item.row.pk == row.pk
        and item.kind == "activity"
    )  # fmt: skip
    assert [each.title for each in shown.evidence] == ["note.txt"]


def test_a_waiver_settles_until_it_ends_or_is_revoked(alder: Cast) -> None:
    row, pm, director = activity(alder), alder.actor("project_manager"), alder.actor("pmo_director")

    def settled(day: date) -> bool:
        phases = checklist_of(alder.project, day, None)
        return next(i for p in phases for i in p.items if i.kind == "activity" and i.row.pk == row.pk).settled

    asked = waiver_ask(
        actor=pm, project_id=alder.project.pk, kind="activity", object_id=row.pk, reason="Too small.",
        expires_on=TODAY + timedelta(days=10),
    )  # fmt: skip
    assert not settled(TODAY)
    with pytest.raises(ApplicationError, match="asked for"):
        waiver_ask(
            actor=pm, project_id=alder.project.pk, kind="activity", object_id=row.pk, reason="Again.",
            expires_on=TODAY + timedelta(days=10),
        )  # fmt: skip
    granted = waiver_decide(actor=director, waiver_id=asked.pk, version=asked.version, grant=True)
    assert settled(TODAY) and not settled(TODAY + timedelta(days=11))
    with pytest.raises(ApplicationError, match="cannot be done"):
        waiver_decide(actor=director, waiver_id=asked.pk, version=granted.version, grant=False, reason="No.")
    waiver_revoke(actor=director, waiver_id=asked.pk, version=granted.version, reason="It grew.")
    assert not settled(TODAY)
    assert Waiver.objects.get(pk=asked.pk).decision_reason == "It grew."


def test_who_asked_for_a_waiver_does_not_grant_it(alder: Cast) -> None:
    director = alder.actor("pmo_director")
    asked = waiver_ask(
        actor=director, project_id=alder.project.pk, kind="activity", object_id=activity(alder).pk, reason="x",
        expires_on=TODAY + timedelta(days=10),
    )  # fmt: skip
    with pytest.raises(Forbidden, match="somebody else"):
        waiver_decide(actor=director, waiver_id=asked.pk, version=asked.version, grant=True)


def test_what_comes_next_is_the_most_overdue_thing_of_the_current_phase(alder: Cast) -> None:
    phases = checklist_of(alder.project, TODAY, None)
    first = next_of(phases)
    assert first is not None and first.row.project_phase_id == alder.project.phase_id
    due = [i.row.due for i in phases[0].mandatory if i.row.due and not i.settled]
    assert first.row.due == min(due)


def test_a_project_is_not_closed_before_its_end_is_in_order(alder: Cast) -> None:
    project, director = alder.project, alder.actor("pmo_director")

    def close() -> Any:
        project.refresh_from_db()
        return project_update(
            actor=director, project_id=project.pk, version=project.version, values={"status": "closed"}
        )

    with pytest.raises(ApplicationError) as refused:
        close()
    assert refused.value.code == "not_ready_to_close"
    kinds = {each["kind"] for each in refused.value.extra["lacking"]}
    assert {"activity", "gate", "lesson", "benefit_owner"} <= kinds
    last = project.phases.order_by("order").last()
    project.activities.filter(project_phase=last).update(state="done", done_on=TODAY)
    project.deliverables.filter(project_phase=last).update(
        state="accepted", decided_by=alder.people["pmo_director"], submitted_by=alder.people["project_manager"]
    )
    project.gates.filter(project_phase=last).update(state="passed")
    with pytest.raises(ApplicationError, match="lesson"):
        close()
    lesson_record(actor=director, project_id=project.pk, title="Start early", happened="Late.", advice="Earlier.")
    with pytest.raises(ApplicationError, match="benefit"):
        close()
    benefit_owner_name(
        actor=director, project_id=project.pk, benefit="Warm flats", person=alder.person("budget_owner"),
        review_on=date(2027, 6, 1),
    )  # fmt: skip
    assert close().status == "closed"
