"""Who sees which finding."""

import pytest

from portfolio.models import Finding, Portfolio
from portfolio.selectors.findings import findings_for, visible_to
from portfolio.services.standings import standings_refresh
from tests.portfolio.conftest import Office

pytestmark = pytest.mark.django_db


def bad(office: Office, code: str, **values):
    project = office.project(code, **values)
    office.progress(project, 50)
    office.cost(project, 800_000)
    return project


def rules_seen(actor) -> set[str]:
    return set(visible_to(actor).values_list("rule", flat=True))


def look(office: Office) -> None:
    office.compute()
    standings_refresh(office.organisation.pk)


def test_the_office_sees_all_of_its_organisation_and_nothing_of_another(office, other_office, director):
    bad(office, "A")
    bad(other_office, "A")
    look(office)
    look(other_office)
    assert set(visible_to(director).values_list("organisation", flat=True)) == {office.organisation.pk}
    assert visible_to(director).count() == Finding.objects.count() / 2


def test_a_project_manager_sees_the_findings_of_their_project_only(office):
    manager = office.member("project_manager", name="Maren Tveit")
    mine = bad(office, "A", project_manager=office.person(manager))
    bad(office, "B")
    look(office)
    assert set(visible_to(manager).values_list("concerned__project", flat=True)) == {mine.pk}
    assert visible_to(manager).count() == 3


def test_a_finding_across_projects_is_hidden_from_who_sees_only_some_of_them(office, director):
    manager = office.member("project_manager", name="Maren Tveit")
    person = office.person(manager)
    for code in "ABC":
        bad(office, code, programme=office.programme, project_manager=person)
    last = bad(office, "D", programme=office.programme)
    look(office)
    assert "programme-drift" in rules_seen(director)
    assert "programme-drift" not in rules_seen(manager)
    last.project_manager = person
    last.save()
    assert "programme-drift" in rules_seen(manager)


def test_a_finding_about_a_portfolio_is_for_who_manages_that_portfolio(office):
    keeper = office.member("portfolio_manager", name="Lars Haque", portfolio=office.portfolio)
    elsewhere = Portfolio.objects.create(organisation=office.organisation, code="D", name="Digital", currency="GBP")
    stranger = office.member("portfolio_manager", name="Tea Brandt", portfolio=elsewhere)
    owner = office.member("project_manager", name="Maren Tveit")
    for code in "ABCD":
        bad(office, code, project_manager=office.person(owner))
    look(office)
    assert "budget-concentration" in rules_seen(keeper)
    assert rules_seen(stranger) == set()
    assert "cost-overrun" in rules_seen(owner)
    assert "budget-concentration" not in rules_seen(owner)


def test_team_and_stakeholders_see_no_findings(office):
    bad(office, "A")
    look(office)
    for role in ("team_member", "stakeholder", "administrator"):
        assert rules_seen(office.member(role)) == set()


def test_seeing_is_not_acting(office):
    bad(office, "A")
    look(office)
    auditor = office.member("auditor")
    assert visible_to(auditor).exists()
    assert not findings_for(auditor, "finding.resolve").exists()
