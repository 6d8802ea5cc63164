import pytest

from pmo.analysis.permissions import MATRIX, ROLES
from projects.models import Project, ProjectMember
from projects.selectors.projects import projects_for
from projects.selectors.rights import rights_on
from tests.conftest import Cast


def _elsewhere(cast: Cast) -> Project:
    """A second project of the organisation that nobody is assigned to."""
    assert cast.project is not None
    return Project.objects.create(
        organisation=cast.organisation,
        code="OTHER",
        name="Another",
        portfolio=cast.portfolio,
        currency="GBP",
        standard_version=cast.project.standard_version,
    )


@pytest.mark.parametrize("role", ROLES)
def test_rights_on_a_project_are_those_that_its_lists_are_filtered_by(alder: Cast, role: str) -> None:
    actor = alder.actor(role)
    for project in (alder.project, _elsewhere(alder)):
        assert project is not None
        rights = rights_on(actor, project)
        for action in MATRIX:
            reached = projects_for(actor, action).filter(pk=project.pk).exists()
            assert (action in rights) == reached, f"{role}, {action}, {project.code}"


def test_nobody_has_rights_on_a_project_of_another_organisation(alder: Cast, birch: Cast) -> None:
    assert birch.project is not None
    assert rights_on(alder.actor("pmo_director"), birch.project) == frozenset()


def test_whoever_reaches_the_whole_organisation_costs_no_query(alder: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    project = Project.objects.select_related("project_manager", "sponsor", "budget_owner").get(pk=alder.project.pk)  # type: ignore[union-attr]
    actor = alder.actor("pmo_director")
    with django_assert_num_queries(0):
        rights_on(actor, project)


def test_an_onlooker_of_one_kind_is_not_one_of_another(alder: Cast) -> None:
    assert alder.project is not None
    ProjectMember.objects.filter(project=alder.project).delete()
    ProjectMember.objects.create(
        organisation=alder.organisation, project=alder.project, person=alder.person("stakeholder"), kind="team"
    )
    assert "project.view" not in rights_on(alder.actor("stakeholder"), alder.project)
