"""A project kept in euro tells its figures in the pounds of its organisation, and by which rates it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.services.rates import rate_record
from projects.models import Budget, Project
from projects.selectors.converted import project_converted
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post
from projects.services.projects import ProjectDraft, project_create
from tests.conftest import STATUS_DATE, Cast

PAGE = "/o/alder/projects/ALDER-EU/"


@pytest.fixture
def abroad(alder: Cast, approved_budget: Callable[..., Budget], settle: Callable[[], int]) -> Project:
    """1,000 EUR approved at 0.80, 200 EUR spent at 0.90."""
    director = alder.actor("pmo_director")
    draft = ProjectDraft(
        code="ALDER-EU", name="Twin town bridge", portfolio_id=alder.portfolio.pk, currency="EUR",
        values={"start": date(2026, 1, 1), "finish": date(2026, 12, 31)},
    )  # fmt: skip
    project = project_create(actor=director, draft=draft)
    budget = approved_budget(alder, project, [LineDraft(Decimal(1_000), date(2026, 1, 1))])
    Budget.objects.filter(pk=budget.pk).update(approved_at="2026-02-10T12:00:00Z")
    cost_entry_post(actor=director, posting=Posting(project.pk, Decimal(200), date(2026, 3, 5)))
    settle()
    return project


@pytest.fixture
def rated(alder: Cast, abroad: Project, settle: Callable[[], int]) -> Project:
    for value, on in (("0.80", date(2026, 1, 1)), ("0.90", date(2026, 3, 1))):
        rate_record(
            actor=alder.actor("pmo_analyst"), base="EUR", quote="GBP", rate=Decimal(value), valid_on=on, source="Bank"
        )
    settle()
    return project_of(abroad)


def project_of(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def page(alder: Cast, address: str, role: str = "pmo_director") -> str:
    return alder.client(role).get(address).content.decode()


def test_the_project_page_tells_the_figures_in_pounds_and_the_rates_behind_them(alder: Cast, rated: Project) -> None:
    shown = page(alder, PAGE)
    section = shown.partition('id="p-reporting"')[2].partition('id="p-figures"')[0]
    for piece in ("In GBP", "800.00", "180.00", "1 EUR = 0.9 GBP", "1 EUR = 0.8 GBP", "Bank", "recorded by"):
        assert piece in section, piece
    link = f"/o/alder/settings/rates/?base=EUR&quote=GBP&valid_on={date(2026, 3, 1).isoformat()}"
    assert link.replace("&", "&amp;") in section
    assert alder.client("pmo_director").get(link).context["list"].page.count == 1


def test_the_live_parts_renew_the_section(alder: Cast, rated: Project) -> None:
    live = page(alder, f"{PAGE}live/?state=old")
    assert 'id="p-reporting"' in live and "1 EUR = 0.9 GBP" in live


def test_a_missing_rate_is_named_with_a_link_to_the_rates(alder: Cast, abroad: Project) -> None:
    for address in (PAGE, f"{PAGE}figures/ac/"):
        shown = page(alder, address)
        assert "no exchange rate from EUR to GBP is known on" in shown
        assert "/o/alder/settings/rates/?base=EUR&amp;quote=GBP" in shown


def test_the_derivation_of_a_figure_tells_its_conversion_below(alder: Cast, rated: Project) -> None:
    shown = page(alder, f"{PAGE}figures/ac/")
    assert "180.00 GBP" in shown and "each cost at the rate of its day" in shown and "1 EUR = 0.9 GBP" in shown
    assert "In GBP" not in page(alder, f"{PAGE}figures/cpi/")


def test_projects_in_the_own_currency_and_readers_without_money_have_no_such_section(
    alder: Cast, rated: Project
) -> None:
    assert "reporting-h" not in page(alder, "/o/alder/projects/ALDER-1/")
    assert "reporting-h" not in page(alder, PAGE, "team_member")


def test_what_was_known_is_converted_by_the_rates_known_then(alder: Cast, rated: Project) -> None:
    moment = timezone.now()
    common = {"as_of": STATUS_DATE}
    before = project_converted(rated, alder.organisation, **common, known_at=moment)  # type: ignore[arg-type]
    kept = project_converted(rated, alder.organisation, **common, kept=True)  # type: ignore[arg-type]
    assert before == kept and before is not None
    rate_record(actor=alder.actor("pmo_analyst"), base="EUR", quote="GBP", rate=Decimal(1), valid_on=date(2026, 3, 1))
    assert project_converted(rated, alder.organisation, **common, known_at=moment) == before  # type: ignore[arg-type]
    now = project_converted(rated, alder.organisation, **common)  # type: ignore[arg-type]
    assert now is not None and {line.key: line.value for line in now.lines}["ac"] == 200
