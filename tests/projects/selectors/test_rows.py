"""Rows come no further than the reader's reach."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projects.models import CostEntry, Project, Vendor
from projects.selectors.rows import vendors_for
from tests.conftest import Cast


def spent_with(cast: Cast, project: Project, name: str) -> Vendor:
    vendor = Vendor.objects.create(organisation=cast.organisation, name=name)
    CostEntry.objects.create(
        organisation=cast.organisation, project=project, vendor=vendor, kind="actual", currency=project.currency,
        amount=Decimal(10), incurred_on=date(2026, 3, 4),
    )  # fmt: skip
    return vendor


@pytest.fixture
def vendors(alder: Cast, birch: Cast) -> tuple[Cast, Vendor, Vendor, Vendor]:
    """One of the cast's project, one of a project nobody is assigned to, one never paid; elsewhere there is another."""
    assert alder.project is not None and birch.project is not None
    other = Project.objects.create(
        organisation=alder.organisation, code="OTHER", name="Another", portfolio=alder.portfolio, currency="GBP",
        standard_version=alder.project.standard_version,
    )  # fmt: skip
    spent_with(birch, birch.project, "Birch & Sons")
    unpaid = Vendor.objects.create(organisation=alder.organisation, name="Never paid")
    return alder, spent_with(alder, alder.project, "Ours"), spent_with(alder, other, "Theirs"), unpaid


@pytest.mark.parametrize("role", ["project_manager", "budget_owner"])
def test_whoever_reaches_some_projects_sees_the_vendors_of_those_alone(
    vendors: tuple[Cast, Vendor, Vendor, Vendor], role: str
) -> None:
    cast, ours, _, _ = vendors
    assert list(vendors_for(cast.actor(role), "money.view")) == [ours]


def test_whoever_reaches_the_organisation_sees_all_of_its_vendors(
    vendors: tuple[Cast, Vendor, Vendor, Vendor],
) -> None:
    cast, *all_of_them = vendors
    assert set(vendors_for(cast.actor("pmo_director"), "money.view")) == set(all_of_them)


def test_whoever_may_not_do_it_sees_none(vendors: tuple[Cast, Vendor, Vendor, Vendor]) -> None:
    cast, *_ = vendors
    assert not vendors_for(cast.actor("team_member"), "money.view").exists()
