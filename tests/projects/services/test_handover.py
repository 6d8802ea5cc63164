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


def test_who_hands_a_project_over_in_the_page_lands_where_they_may_be(alder: Cast) -> None:
    client = alder.client("project_manager")
    page = client.get("/o/alder/projects/ALDER-1/edit/")
    sent = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    heir = alder.person("pmo_analyst")
    answer = client.post("/o/alder/projects/ALDER-1/edit/", {**sent, "project_manager": heir.pk}, follow=True)
    assert answer.redirect_chain == [("/o/alder/", 302)]
    assert answer.status_code == 200
    assert Project.objects.get(code="ALDER-1").project_manager_id == heir.pk
