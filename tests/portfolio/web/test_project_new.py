"""A new project by its form."""

from decimal import Decimal

import pytest

from portfolio.models import Portfolio
from projects.models import Budget, Project
from tests.conftest import Cast

NEW = "/o/alder/projects/new/"


def _fields(cast: Cast, **changes: object) -> dict[str, object]:
    return {
        "name": "Ferry terminal lifts",
        "code": "TRN-031",
        "portfolio": cast.portfolio.pk,
        "programme": cast.programme.pk,
        "start": "2026-11-01",
        "finish": "2027-10-31",
        "project_manager": cast.person("project_manager").pk,
        "budget": "1,680,000",
        **changes,
    }


def test_a_project_is_created_with_phases_owner_and_first_budget(alder: Cast) -> None:
    answer = alder.client("portfolio_manager").post(NEW, _fields(alder))
    assert answer.status_code == 302 and answer["Location"] == "/o/alder/projects/TRN-031/"
    project = Project.objects.get(code="TRN-031")
    assert project.phases.count() == 5
    assert project.project_manager == alder.person("project_manager")
    budget = Budget.objects.get(project=project)
    assert (budget.state, budget.lines.get().amount) == ("draft", Decimal(1_680_000))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "ALDER-1"}, "code"),
        ({"finish": "2026-01-01"}, "finish"),
        ({"name": ""}, "name"),
        ({"budget": "lots"}, "budget"),
        ({"budget": "0"}, None),
    ],
)
def test_a_refused_project_is_not_half_created(alder: Cast, changes: dict[str, object], field: str | None) -> None:
    answer = alder.client("pmo_director").post(NEW, _fields(alder, **changes))
    if field is None:  # no budget at all is fine
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert 'value="2026-11-01"' in answer.content.decode()
    assert Project.objects.filter(name="Ferry terminal lifts").count() == 0


def test_a_portfolio_manager_creates_in_their_own_portfolios_alone(alder: Cast) -> None:
    other = Portfolio.objects.create(organisation=alder.organisation, code="X", name="Not theirs", currency="GBP")
    client = alder.client("portfolio_manager")
    assert "Not theirs" not in client.get(NEW).content.decode()
    answer = client.post(NEW, _fields(alder, portfolio=other.pk, programme=""))
    assert answer.status_code == 422 and answer.context["form"].errors["portfolio"]


def test_a_programme_of_another_portfolio_is_refused(alder: Cast) -> None:
    other = Portfolio.objects.create(organisation=alder.organisation, code="X", name="Another", currency="GBP")
    answer = alder.client("pmo_director").post(NEW, _fields(alder, portfolio=other.pk))
    assert answer.status_code == 422 and answer.context["form"].errors["programme"]


def test_an_administrator_creates_projects_but_proposes_no_money(alder: Cast) -> None:
    client = alder.client("administrator")
    assert "First budget" not in client.get(NEW).content.decode()
    assert client.post(NEW, _fields(alder)).status_code == 302
    assert Budget.objects.count() == 0


def test_whoever_may_not_create_is_refused(alder: Cast) -> None:
    assert alder.client("project_manager").post(NEW, _fields(alder)).status_code == 403
