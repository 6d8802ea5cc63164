"""Stakeholders and communication plans in the demo: the first projects get a register, a plan, and one missed date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from pmo.analysis.document_fields import filled
from pmo.models import DocumentTemplate, Organisation, Role, User
from pmo.services.document_templates import templates_install
from projects.analysis.communication import due_dates
from projects.models import (
    Communication,
    CommunicationAudience,
    CommunicationPlanItem,
    Document,
    DocumentVersion,
    Project,
    Stakeholder,
)
from projects.selectors.documents import values_of

TOLD: Final = 40  # projects that get them; the demo may have thousands
SINCE: Final = timedelta(days=80)
PEOPLE: Final = (  # name, group, interest, influence, stance, wanted, expects
    ("Finance committee", "Head office", 3, 5, "neutral", "supports", "No surprises in the budget; a page a quarter."),
    ("Night shift supervisors", "Operations", 5, 3, "against", "supports", "Training before the first day, by day."),
    ("Works council", "Staff", 4, 4, "neutral", "supports", "To be asked before duties change."),
    ("Residents of Mill Lane", "Public", 4, 2, "against", "neutral", "Quiet after eight in the evening."),
    ("Service desk", "Operations", 3, 2, "supports", "supports", "Answers for callers two weeks ahead."),
    ("Regional director", "Head office", 4, 5, "leads", "leads", "Open for the summer season."),
    ("Main supplier", "Contractor", 2, 3, "supports", "", "Orders ten weeks ahead."),
    ("Safety authority", "Public", 2, 5, "unknown", "neutral", "Complete papers, once."),
)  # fmt: skip
PLAN: Final = (  # message, what for, channel, cadence, whom, days after the beginning
    ("Project status, one page", "So that the sponsor decides in time.", "report", "monthly", (0, 5), 2),
    ("What changes for you this week", "So that shifts can plan.", "meeting", "fortnightly", (1, 4), 6),
    ("Letter to the neighbours", "When noise is to be expected.", "mail", "quarterly", (3,), 12),
    ("Talk with the works council", "Before duties change.", "call", "monthly", (2,), 20),
)


def people_write(organisation: Organisation, users: dict[str, User], today: date) -> None:
    """Rows for the first TOLD projects, in five inserts."""
    mine = Project.objects.filter(organisation=organisation).order_by("id")
    projects = list(
        mine.select_related("organisation", "portfolio", "sponsor", "project_manager", "budget_owner")[:TOLD]
    )
    persons = [
        Stakeholder(
            organisation=organisation, project=project, name=name, group=group, interest=interest,
            influence=influence, stance=stance, wanted_stance=wanted, expectations=expects,
        )
        for place, project in enumerate(projects)
        for number, (name, group, interest, influence, stance, wanted, expects) in enumerate(PEOPLE)
        if (place + number) % 5 or number < 2
    ]  # fmt: skip
    Stakeholder.objects.bulk_create(persons, batch_size=500)
    names = [row[0] for row in PEOPLE]
    items, heard = [], []
    for place, project in enumerate(projects):
        for number, (message, purpose, channel, cadence, _whom, later) in enumerate(PLAN):
            if (place + number) % 4 == 3:
                continue
            begins = today - SINCE + timedelta(days=later + place % 9)
            item = CommunicationPlanItem(
                organisation=organisation, project=project, message=message, purpose=purpose, channel=channel,
                cadence=cadence, starts_on=begins, responsible_id=project.project_manager_id,
            )  # fmt: skip
            items.append(item)
            heard.append({names[each] for each in PLAN[number][4]})
    CommunicationPlanItem.objects.bulk_create(items, batch_size=500)
    at = {(row.project_id, row.name): row for row in persons}
    CommunicationAudience.objects.bulk_create(
        [
            CommunicationAudience(organisation=organisation, item=item, stakeholder=at[item.project_id, name])
            for item, wanted in zip(items, heard, strict=True)
            for name in sorted(wanted)
            if (item.project_id, name) in at
        ],
        batch_size=500,
    )
    _charters(organisation, projects, users)
    _said(organisation, items, next(iter(users.values()), None), today)


def _charters(organisation: Organisation, projects: list[Project], users: dict[str, User]) -> None:
    """An approved charter for each of the first projects, and a gate paper that waits or is written."""
    templates_install(organisation)
    held = {row.key: row for row in DocumentTemplate.objects.filter(organisation=organisation)}
    writer, director = users.get(Role.PROJECT_MANAGER), users.get(Role.PMO_DIRECTOR)
    papers = [(project, "charter", "approved") for project in projects]
    papers += [
        (p, "gate-paper", "submitted" if place % 2 else "draft") for place, p in enumerate(projects) if place % 3
    ]
    documents = [
        Document(organisation=organisation, project=project, name=held[key].name, template=held[key])
        for project, key, _state in papers
    ]
    Document.objects.bulk_create(documents, batch_size=500)
    now, versions = timezone.now(), []
    for document, (project, key, state) in zip(documents, papers, strict=True):
        done = state == "approved" and writer is not None and director is not None
        versions.append(
            DocumentVersion(
                organisation=organisation, project=project, document=document, number=1, made_by=writer,
                body=filled(held[key].body, values_of(project)), state=state,
                made_at=now - timedelta(days=40), decided_by=director if done else None,
                decided_at=now - timedelta(days=33) if done else None,
            )
        )  # fmt: skip
    DocumentVersion.objects.bulk_create(versions, batch_size=500)


def _said(organisation: Organisation, items: list[CommunicationPlanItem], user: User | None, today: date) -> None:
    """All passed dates are marked, but the last one of the first message of every second project is missed."""
    rows, seen = [], set()
    for item in items:
        days = due_dates(item.cadence, item.starts_on, item.ends_on, item.starts_on, today - timedelta(days=1))
        if item.project_id not in seen and item.project_id % 2:
            days = days[:-1]
        seen.add(item.project_id)
        for day in days:
            out = (item.pk + day.day) % 11 == 0
            rows.append(
                Communication(
                    organisation=organisation, item=item, project_id=item.project_id, due=day, done_by=user,
                    done_on=min(today, day + timedelta(days=day.day % 2)), state="left_out" if out else "sent",
                    note="Nobody could come; moved to the next one." if out else "",
                )
            )  # fmt: skip
    Communication.objects.bulk_create(rows, batch_size=500)
