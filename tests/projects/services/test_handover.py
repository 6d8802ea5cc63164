"""A project manager may hand the project over, though they see it no more afterwards."""

from __future__ import annotations

from projects.models import Project
from projects.services.projects import project_update
from tests.conftest import Cast


def test_who_hands_a_project_over_is_told_how_it_stands(alder: Cast) -> None:
    assert alder.project is not None
    heir = alder.person("pmo_analyst")
    changed = project_update(
        actor=alder.actor("project_manager"),
        project_id=alder.project.pk,
        version=alder.project.version,
        values={"project_manager": heir},
    )
    assert changed.project_manager == heir
    assert Project.objects.get(pk=alder.project.pk).project_manager_id == heir.pk
