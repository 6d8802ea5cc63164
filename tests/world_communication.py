"""Stakeholders, a communication plan and documents of a project of the test world."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from pmo.models import DocumentTemplate
from projects.models import (
    Communication,
    CommunicationAudience,
    CommunicationPlanItem,
    Document,
    DocumentVersion,
    Project,
    Stakeholder,
)


def communication(house: Any, which: str, project: Project, word: str) -> None:
    """One of each. The team member is responsible for the message, so that they may say it was sent."""
    mine = {"organisation": house.cast.organisation, "project": project}
    somebody = Stakeholder.objects.create(**mine, name=f"{word} neighbour", interest=4, influence=5, expectations=word)
    item = CommunicationPlanItem.objects.create(
        **mine, message=f"{word} news", purpose=word, channel="mail", cadence="weekly", starts_on=date(2026, 1, 5),
        responsible=house.cast.person("team_member"),
    )  # fmt: skip
    CommunicationAudience.objects.create(organisation=house.cast.organisation, item=item, stakeholder=somebody)
    Communication.objects.create(
        **mine, item=item, due=date(2026, 1, 12), state="sent", done_on=date(2026, 1, 12), note=word
    )
    template, _made = DocumentTemplate.objects.get_or_create(
        organisation=house.cast.organisation,
        key="letter",
        defaults={"name": f"{house.canary} letter", "body": "# Hello"},
    )
    house.keep("template", "own", template)
    secret = f"# {word}\n\nCosts {{{{= 613377.13 }}}}."
    director, colleague = house.cast.people["pmo_director"], house.cast.people["colleague"]
    for kind, state in (("document", "draft"), ("document_submitted", "submitted")):
        document = Document.objects.create(**mine, name=f"{word} {kind}", template=template)
        DocumentVersion.objects.create(
            **mine, document=document, number=1, body=secret, state="approved", made_by=colleague, decided_by=director,
            decided_at=timezone.now(),
        )  # fmt: skip
        DocumentVersion.objects.create(**mine, document=document, number=2, body=secret, state=state, made_by=colleague)
        house.keep(kind, which, document)
    house.keep("stakeholder", which, somebody)
    house.keep("communication", which, item)
