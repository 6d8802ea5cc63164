"""A small office: one organisation, its director, two portfolio managers and a project manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from pmo.models import Membership, Organisation, Person, User
from pmo.selectors.actors import Actor, actor_for
from pmo.services.organisations import organisation_create
from portfolio.models import Portfolio, PortfolioAssignment, Programme
from projects.models import Budget, BudgetLine, CostEntry, Progress, Project, ProjectPerformance, Vendor
from projects.services.performance import performance_rebuild
from projects.services.projects import standard_of

STATUS_DATE = date(2026, 10, 31)


@dataclass
class Office:
    """One organisation, and short ways to fill it."""

    organisation: Organisation
    portfolio: Portfolio
    programme: Programme

    def member(self, role: str, *, name: str = "", portfolio: Portfolio | None = None) -> Actor:
        email = f"{name or role}@{self.organisation.slug}.example".replace(" ", "").lower()
        user, _ = User.objects.get_or_create(email=email, defaults={"name": name or role})
        Membership.objects.get_or_create(organisation=self.organisation, user=user, role=role)
        person, _ = Person.objects.get_or_create(
            organisation=self.organisation, user=user, defaults={"name": user.name, "email": email}
        )
        if portfolio is not None:
            PortfolioAssignment.objects.get_or_create(
                organisation=self.organisation, portfolio=portfolio, person=person
            )
        return actor_for(user, self.organisation)

    def person(self, actor: Actor) -> Person:
        return Person.objects.get(organisation=self.organisation, user=actor.user)

    def project(self, code: str, *, budget: int | None = 1_000_000, **values: Any) -> Project:
        """An active project from January to December 2026, on plan at the status date unless told otherwise."""
        somebody = Person.objects.filter(organisation=self.organisation).first()
        named = dict.fromkeys(("project_manager", "sponsor", "budget_owner"), somebody)
        project = Project.objects.create(
            **{
                "organisation": self.organisation,
                "code": code,
                "name": f"Project {code}",
                "portfolio": self.portfolio,
                "currency": self.organisation.currency,
                "standard_version": standard_of(self.organisation.pk),
                "start": date(2026, 1, 1),
                "finish": date(2026, 12, 31),
                **named,
                **values,
            }
        )
        if budget is not None:
            approved = Budget.objects.create(
                organisation=self.organisation, project=project, number=1, state="approved", origin="imported",
                approved_at="2026-01-01T00:00:00Z", effective_on=date(2026, 1, 1),
            )  # fmt: skip
            BudgetLine.objects.create(
                organisation=self.organisation, budget=approved, project=project, amount=Decimal(budget)
            )
        return project

    def cost(self, project: Project, amount: int, *, vendor: Vendor | None = None, on: date = STATUS_DATE) -> None:
        CostEntry.objects.create(
            organisation=self.organisation, project=project, amount=Decimal(amount), currency=project.currency,
            incurred_on=on, vendor=vendor,
        )  # fmt: skip

    def progress(self, project: Project, percent: int, *, on: date = STATUS_DATE) -> None:
        Progress.objects.create(
            organisation=self.organisation, project=project, status_date=on, percent_complete=Decimal(percent)
        )

    def vendor(self, name: str) -> Vendor:
        return Vendor.objects.create(organisation=self.organisation, name=name)

    def compute(self) -> None:
        """Figures of every project, as the worker would compute them."""
        performance_rebuild(self.organisation.pk)

    def figures(self, project: Project) -> ProjectPerformance:
        return ProjectPerformance.objects.get(project=project)


def _office(slug: str, name: str) -> Office:
    organisation = organisation_create(slug=slug, name=name, currency="GBP")
    organisation.status_date = STATUS_DATE
    organisation.save()
    portfolio = Portfolio.objects.create(organisation=organisation, code="CAP", name="Capital", currency="GBP")
    programme = Programme.objects.create(organisation=organisation, portfolio=portfolio, code="HAR", name="Harbour")
    office = Office(organisation, portfolio, programme)
    Person.objects.create(organisation=organisation, name="K. Wyatt")
    return office


@pytest.fixture(autouse=True)
def nothing_cached() -> None:
    """Ids repeat from test to test; what was cached for one must not be taken for another."""
    cache.clear()


@pytest.fixture
def office(db: None) -> Office:
    return _office("merrowby", "Merrowby Council")


@pytest.fixture
def other_office(db: None) -> Office:
    return _office("tarn", "Tarn District")


@pytest.fixture
def director(office: Office) -> Actor:
    return office.member("pmo_director", name="Ida Frame")
