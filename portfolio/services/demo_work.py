"""What people of the demo did: projects entered, budgets approved, a few findings taken in hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from pmo.models import AuditEvent, Organisation, OutboxMark, Person, Role, User
from pmo.selectors.actors import actor_for
from pmo.selectors.clock import today_in
from portfolio.models import Finding
from portfolio.services.findings import finding_acknowledge, finding_assign, finding_treat
from portfolio.services.rebuild import standings_rebuild
from projects.models import Budget

SEEN: Final = ("budget-concentration", "missing-owner")


def log_write(organisation: Organisation, users: dict[str, User]) -> None:
    """Tell the log what the rows presuppose: who entered each project and who proposed and approved its budget."""
    director = users[Role.PMO_DIRECTOR]
    analyst = users.get(Role.PMO_ANALYST, users[Role.PROJECT_MANAGER])
    events: list[AuditEvent] = []
    budgets = Budget.objects.filter(organisation=organisation).select_related("project")
    for budget in budgets:
        project = budget.project
        day = min(budget.created_at, project.created_at).date()

        def tell(
            user: User, action: str, kind: str, pk: int, label: str, hour: int, day: date = day, ref: int = project.pk
        ) -> None:
            events.append(
                AuditEvent(
                    organisation=organisation,
                    at=datetime.combine(day, time(hour), tzinfo=UTC),
                    user=user,
                    action=action,
                    object_type=kind,
                    object_id=str(pk),
                    label=label,
                    project_ref=ref,
                )
            )

        tell(director, "project.create", "project", project.pk, f"{project.code} {project.name}", 7)
        tell(analyst, "budget.propose", "budget", budget.pk, f"{project.code} B{budget.number}", 8)
        if budget.approved_at is not None:
            tell(director, "budget.approve", "budget", budget.pk, f"{project.code} B{budget.number}", 16)
    AuditEvent.objects.bulk_create(sorted(events, key=lambda event: event.at))


def findings_work(organisation: Organisation, users: dict[str, User]) -> None:
    """Acknowledge, assign and treat a few, so that every state of a finding can be seen; then bring sums in line."""
    director = actor_for(users[Role.PMO_DIRECTOR], organisation)
    due = today_in(organisation) + timedelta(days=14)
    mine = Finding.objects.filter(organisation=organisation).order_by("id")
    for finding in mine.filter(rule__in=SEEN):
        finding_acknowledge(actor=director, finding_id=finding.pk)
    helper = Person.objects.filter(organisation=organisation, user=users.get(Role.PMO_ANALYST)).first()
    vendor = mine.filter(rule="vendor-overruns").first()
    if vendor is not None and helper is not None:
        finding_assign(actor=director, finding_id=vendor.pk, person_id=helper.pk, due=due)
    overrun = mine.filter(rule="cost-overrun", concerned__project__code="TRN-011").first()
    if overrun is not None:
        finding_treat(actor=director, finding_id=overrun.pk, note="Recovery plan goes to the board in two weeks.")
    standings_rebuild(organisation.pk)
    OutboxMark.objects.filter(organisation=organisation).delete()  # all of it has just been paid
