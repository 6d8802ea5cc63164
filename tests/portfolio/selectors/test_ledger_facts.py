"""What the rules about the ledger look at, summed up by the database."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

from portfolio.analysis.facts import ProjectFigures
from portfolio.selectors.facts import COLUMNS, OWN, across_facts, inner_facts, portfolio_facts, wide_facts
from portfolio.selectors.ledger_facts import like_invoices, spend_apart
from projects.models import Category, CostEntry

DAY = date(2026, 11, 24)


def booked(office, project, amount, **values):
    return CostEntry.objects.create(
        **{
            "organisation": office.organisation,
            "project": project,
            "amount": Decimal(amount),
            "currency": "GBP",
            "incurred_on": DAY,
            **values,
        }
    )


def test_contingency_and_spend_outside_the_dates_are_told_apart(office):
    project = office.project("ONE", start=date(2026, 3, 1), finish=date(2026, 6, 30))
    inside = date(2026, 4, 1)
    booked(office, project, 5, incurred_on=inside)
    booked(office, project, 10, incurred_on=inside, category=Category.CONTINGENCY)
    booked(office, project, 200, incurred_on=date(2026, 2, 28))
    booked(office, project, 3_000, incurred_on=date(2026, 7, 1), category=Category.CONTINGENCY)
    booked(office, project, 40_000, kind="commitment", incurred_on=date(2026, 7, 1), category=Category.CONTINGENCY)
    booked(office, project, 500_000, incurred_on=DAY + timedelta(days=1), category=Category.CONTINGENCY)
    assert spend_apart(office.organisation, DAY, None) == {
        project.pk: {"contingency_spent": Decimal(3_010), "spend_outside": Decimal(3_200)}
    }
    assert spend_apart(office.organisation, DAY, [project.pk + 1]) == {}


def test_invoices_are_alike_in_vendor_amount_and_currency(office):
    project, vendor, other = office.project("ONE"), office.vendor("Quarry & Sons"), office.vendor("Brook Ltd")
    alike = [booked(office, project, 700, vendor=vendor) for _ in range(2)]
    for currency in ("GBP", "EUR"):
        booked(office, project, 900, vendor=vendor, currency=currency)
    booked(office, project, 700, vendor=other)
    booked(office, project, 701, vendor=vendor)
    found = like_invoices(office.organisation, DAY)
    assert [(one.id, one.vendor) for one in found] == [(row.pk, "Quarry & Sons") for row in alike]
    assert like_invoices(office.organisation, DAY, [other.pk]) == ()


def test_facts_of_a_part_and_facts_across_are_those_of_the_whole(office):
    vendor = office.vendor("Quarry & Sons")
    projects = [office.project(f"P-{number}", budget=1_000) for number in range(3)]
    for project in projects:
        office.cost(project, 700, vendor=vendor)
    office.compute()
    whole = portfolio_facts(office.organisation)
    part = inner_facts(office.organisation, [project.pk for project in projects[:2]])
    assert part.projects == whole.projects[:2]
    assert part.covers(f"project:{projects[0].pk}")
    assert not part.covers(f"project:{projects[2].pk}")
    assert not part.covers(f"vendor:{vendor.pk}")
    across = across_facts(office.organisation, wide_facts(office.organisation))
    assert (across.vendor_spend, across.portfolio_spend, across.invoices) == (
        whole.vendor_spend,
        whole.portfolio_spend,
        whole.invoices,
    )
    assert [(one.id, one.cpi, one.ac) for one in across.projects] == [
        (one.id, one.cpi, one.ac) for one in whole.projects
    ]


def test_columns_are_read_in_the_order_of_the_figures():
    columns = [name.removeprefix("performance__").replace("__name", "_name") for name in COLUMNS]
    roles = {f"{role}_name": role for role in ("project_manager", "sponsor", "budget_owner")}
    columns = [roles.get(name, name) for name in columns]
    columns[len(OWN) : len(OWN)] = ["has_baseline"]
    assert [*columns, "created_on"] == [one.name for one in fields(ProjectFigures)][: len(columns) + 1]
