"""What people do with findings: acknowledge, assign, treat, suppress, reopen, comment. Each leaves its line of
history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, Min
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, StaleVersion
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.services.audit import audit_record
from portfolio.models import Finding, FindingEvent, FindingProject
from portfolio.selectors.findings import finding_get, findings_for
from portfolio.services.standings import standings_owe

ACT: Final = "finding.resolve"
BULK_LIMIT: Final = 1_000
NOTE_LIMIT: Final = 2_000
Status = Finding.Status


@transaction.atomic
def finding_acknowledge(*, actor: Actor, finding_id: int, version: int | None = None) -> Finding:
    """Say that it was seen and is taken seriously. An acknowledged one stays as it is."""
    finding = finding_get(actor, finding_id, action=ACT)
    if finding.status == Status.ACKNOWLEDGED:
        return finding
    _must_be(finding, Status.OPEN)
    return _change(actor, finding, version, "acknowledged", status=Status.ACKNOWLEDGED)


@transaction.atomic
def findings_acknowledge(*, actor: Actor, finding_ids: Sequence[int]) -> int:
    """Acknowledge those of the findings that are open; all or nothing where one is out of reach. Answers how many."""
    wanted = set(finding_ids)
    if len(wanted) > BULK_LIMIT:
        raise ApplicationError(_("At most %d findings at once.") % BULK_LIMIT, code="too_many")
    mine = list(findings_for(actor, ACT).filter(pk__in=wanted).values_list("pk", "status"))
    if len(mine) != len(wanted):
        raise ApplicationError(
            _("%d of these findings are not yours to act on; nothing was changed.") % (len(wanted) - len(mine)),
            code="out_of_reach",
            status=403,
        )
    rows = Finding.objects.filter(pk__in=[pk for pk, status in mine if status == Status.OPEN], status=Status.OPEN)
    labels = dict(rows.select_for_update().values_list("pk", "title"))
    rows.filter(pk__in=labels).update(status=Status.ACKNOWLEDGED, version=F("version") + 1)
    FindingEvent.objects.bulk_create(
        FindingEvent(organisation=actor.organisation, finding_id=pk, user=actor.user, kind="acknowledged")
        for pk in labels
    )
    projects = (
        FindingProject.objects.filter(finding__in=labels)
        .values_list("finding_id")
        .annotate(Count("id"), Min("project_id"))
    )
    concerned = {pk: project if count == 1 else None for pk, count, project in projects}
    for pk, label in labels.items():
        audit_record(
            actor=actor,
            action="finding.acknowledged",
            object_type="finding",
            object_id=pk,
            label=label,
            project_id=concerned.get(pk),
            before={"status": Status.OPEN},
            after={"status": Status.ACKNOWLEDGED},
        )
    return len(labels)


@transaction.atomic
def finding_assign(
    *, actor: Actor, finding_id: int, person_id: int | None, due: date | None = None, version: int | None = None
) -> Finding:
    """Say who looks after it (None: nobody any more), and until when."""
    finding = finding_get(actor, finding_id, action=ACT)
    if finding.status == Status.RESOLVED:
        raise _refused(finding)
    person = None
    if person_id is not None:
        person = Person.objects.filter(organisation=actor.organisation, pk=person_id).first()
        if person is None:
            raise ApplicationError(_("There is no such person here."), field="owner", code="does_not_exist")
    if due is not None and due < today_in(actor.organisation):
        raise ApplicationError(_("%s is past; give a date to come.") % due.isoformat(), field="due", code="in_the_past")
    text = "" if person is None else person.name + (f", {due.isoformat()}" if due else "")
    return _change(actor, finding, version, "assigned" if person else "unassigned", text, owner=person, due=due)


@transaction.atomic
def finding_treat(*, actor: Actor, finding_id: int, note: str = "", version: int | None = None) -> Finding:
    """Say that something is being done about it."""
    finding = finding_get(actor, finding_id, action=ACT)
    if finding.status == Status.IN_TREATMENT:
        return finding
    _must_be(finding, Status.OPEN, Status.ACKNOWLEDGED)
    return _change(actor, finding, version, "in_treatment", _text(note, "note"), status=Status.IN_TREATMENT)


@transaction.atomic
def finding_suppress(*, actor: Actor, finding_id: int, until: date, reason: str, version: int | None = None) -> Finding:
    """Put it out of sight until a date, with the reason. From that date on it is open again if the cause is still
    there.
    """
    finding = finding_get(actor, finding_id, action=ACT)
    _must_be(finding, Status.OPEN, Status.ACKNOWLEDGED, Status.IN_TREATMENT, Status.SUPPRESSED)
    if until <= today_in(actor.organisation):
        raise ApplicationError(
            _("%s is not in the future; say until when it is to stay out of sight.") % until.isoformat(),
            field="until",
            code="in_the_past",
        )
    why = _text(reason, "reason", limit=500)
    if not why:
        raise ApplicationError(_("Say why it may be left out of sight."), field="reason", code="required")
    text = f"{until.isoformat()}: {why}"
    values: dict[str, Any] = {"status": Status.SUPPRESSED, "suppressed_until": until, "suppress_reason": why}
    return _change(actor, finding, version, "suppressed", text, **values)


@transaction.atomic
def finding_reopen(*, actor: Actor, finding_id: int, version: int | None = None) -> Finding:
    """Back to open: neither acknowledged, nor in treatment, nor suppressed any more."""
    finding = finding_get(actor, finding_id, action=ACT)
    if finding.status == Status.OPEN:
        return finding
    _must_be(finding, Status.ACKNOWLEDGED, Status.IN_TREATMENT, Status.SUPPRESSED)
    values: dict[str, Any] = {"status": Status.OPEN, "suppressed_until": None, "suppress_reason": ""}
    return _change(actor, finding, version, "reopened_by_hand", "", **values)


@transaction.atomic
def finding_comment(*, actor: Actor, finding_id: int, text: str) -> FindingEvent:
    """Add a sentence to its history. Needs the right to comment on every project that it concerns."""
    finding = finding_get(actor, finding_id, action="comment.write")
    said = _text(text, "text")
    if not said:
        raise ApplicationError(_("Write something first."), field="text", code="required")
    return _tell(actor, finding, "comment", said)


def _must_be(finding: Finding, *allowed: str) -> None:
    if finding.status not in allowed:
        raise _refused(finding)


def _refused(finding: Finding) -> ApplicationError:
    if finding.status == Status.RESOLVED:
        sentence = _("This finding is resolved: its cause is gone. It reopens by itself should the cause come back.")
    else:
        sentence = _("This finding is %(status)s; reopen it first.") % {"status": finding.get_status_display().lower()}
    return ApplicationError(sentence, code="wrong_status", status=409, extra={"finding_status": finding.status})


def _text(given: str, field: str, *, limit: int = NOTE_LIMIT) -> str:
    text = given.strip()
    if len(text) > limit or "\x00" in text:
        raise ApplicationError(_("At most %d characters, all of them readable.") % limit, field=field, code="too_long")
    return text


def _change(actor: Actor, finding: Finding, version: int | None, kind: str, text: str = "", **values: Any) -> Finding:
    """Write under the version that was read: of two who act at once one is told that it has changed."""
    expected = finding.version if version is None else version
    before = {name: _plain(getattr(finding, name)) for name in values}
    was_counted = finding.status in (Status.OPEN, Status.ACKNOWLEDGED, Status.IN_TREATMENT)
    rows = Finding.objects.filter(pk=finding.pk, organisation=actor.organisation, version=expected)
    if not rows.update(version=F("version") + 1, **values):
        current = Finding.objects.values_list("version", flat=True).get(pk=finding.pk)
        raise StaleVersion(
            _("Somebody changed this finding since you read it: you have version %(given)d, now it is %(current)d.")
            % {"given": expected, "current": current},
            current_version=current,
        )
    _tell(actor, finding, kind, text)
    finding.refresh_from_db()
    audit_record(
        actor=actor,
        action=f"finding.{kind}",
        object_type="finding",
        object_id=finding.pk,
        label=finding.title,
        project_id=_only_project(finding),
        before=before,
        after={name: _plain(getattr(finding, name)) for name in values},
    )
    if was_counted != (finding.status in (Status.OPEN, Status.ACKNOWLEDGED, Status.IN_TREATMENT)):
        standings_owe(finding.organisation_id, _projects(finding))
    return finding


def _tell(actor: Actor, finding: Finding, kind: str, text: str) -> FindingEvent:
    return FindingEvent.objects.create(
        organisation=actor.organisation, finding=finding, user=actor.user, kind=kind, text=text
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Person) else value


def _projects(finding: Finding) -> list[int]:
    return list(FindingProject.objects.filter(finding=finding).values_list("project_id", flat=True))


def _only_project(finding: Finding) -> int | None:
    projects = _projects(finding)
    return projects[0] if len(projects) == 1 else None
