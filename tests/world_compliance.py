"""Responsibilities, kept compliance and an evidence pack, in both houses of the world."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from pmo.models import Person
from portfolio.models import EvidencePack
from projects.models import Project, Responsibility

PACKERS = ("pmo_director", "pmo_analyst", "portfolio_manager", "project_manager", "auditor")


def compliance(house: Any, which: str, project: Project) -> None:
    """A letter of somebody who is named to the whole office, as everybody is."""
    person = Person.objects.create(organisation=house.cast.organisation, name=f"{house.canary} adviser")
    row = Responsibility.objects.create(
        organisation=house.cast.organisation, project=project, subject="project", person=person, letter="C"
    )
    house.keep("responsibility", which, row)
    house.keep("adviser", which, person)


def packs(house: Any, which: str, owner: Any) -> None:
    """A pack that is ready and one that waits, of somebody who may make some."""
    if which not in (*PACKERS, "unassigned"):
        return
    project = Project.objects.get(pk=house.id("project", "own"))
    for state in ("ready", "queued"):
        pack = EvidencePack(
            organisation=house.cast.organisation, project=project, as_of="2026-10-31", state=state, created_by=owner
        )
        pack.file.save("pack.zip", ContentFile(f"{house.canary} evidence".encode()), save=False)
        pack.save()
        house.keep(f"pack_{state}", which, pack)
