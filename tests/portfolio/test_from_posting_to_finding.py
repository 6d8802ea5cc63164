"""From a posted cost to the finding: what the worker pays, in the order it is owed."""

from datetime import date
from decimal import Decimal

import pytest

from pmo.models import OutboxMark
from portfolio.models import Finding, ProjectStanding, RollUp
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import progress_record
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_a_posted_cost_becomes_a_finding_and_a_sum_once_the_worker_has_paid(alder: Cast, approved_budget, settle):
    approved_budget(alder)
    assert alder.project is not None
    manager = alder.actor("project_manager")
    progress_record(
        actor=manager, project_id=alder.project.pk, status_date=date(2026, 10, 30), percent_complete=Decimal(80)
    )
    settle()
    assert not Finding.objects.filter(rule="cost-overrun").exists()
    cost_entry_post(actor=manager, posting=Posting(alder.project.pk, Decimal(1_200_000), date(2026, 10, 30)))
    assert OutboxMark.objects.exists()
    settle()
    assert not OutboxMark.objects.exists()
    assert Finding.objects.get(rule="cost-overrun").title == "Cost is 25.0 % over the value of the work done"
    assert ProjectStanding.objects.get().health == "red"
    assert RollUp.objects.get(scope="programme").figures["ac"] == "1200000"
