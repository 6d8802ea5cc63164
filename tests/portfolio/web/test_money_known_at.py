"""The money pages as known at an earlier moment: nothing recorded since then moves a figure of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.models import Budget, Forecast
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import forecast_record, progress_record
from projects.services.projects import project_update
from tests.conftest import STATUS_DATE, Cast

MODES = ("budget", "forecast", "variance", "commitments")
PAGES = ("/o/alder/projects/ALDER-1/money/", "/o/alder/money/")


@pytest.fixture
def spent(alder: Cast, approved_budget: Callable[..., Budget], settle: Callable[[], int]) -> Cast:
    """A budget of 1.2 m by month, costs of two months, an order, progress of 30 %."""
    assert alder.project is not None
    approved_budget(alder, alder.project, [LineDraft(Decimal(1_200_000), None)])
    for amount, on, kind in (
        (90_000, date(2026, 2, 3), "actual"), (110_000, date(2026, 5, 4), "actual"),
        (50_000, date(2026, 6, 1), "commitment"),
    ):  # fmt: skip
        posting = Posting(alder.project.pk, Decimal(amount), on, kind=kind)
        cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting)
    progress_record(
        actor=alder.actor("project_manager"), project_id=alder.project.pk, status_date=date(2026, 6, 30),
        percent_complete=Decimal(30),
    )  # fmt: skip
    settle()
    return alder


def file(cast: Cast, page: str, mode: str, **query: str) -> bytes:
    answer = cast.client("pmo_analyst").get(page, {"mode": mode, "format": "csv", **query})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def late(cast: Cast, settle: Callable[[], int]) -> None:
    """Everything that could move a figure of an earlier moment."""
    assert cast.project is not None
    analyst, project = cast.actor("pmo_analyst"), cast.project
    for kind in ("actual", "commitment", "accrual"):
        cost_entry_post(
            actor=analyst, posting=Posting(project.pk, Decimal(7_777), date(2026, 3, 9), kind=kind, category="labour")
        )
    progress_record(
        actor=cast.actor("project_manager"), project_id=project.pk, status_date=date(2026, 6, 30),
        percent_complete=Decimal(55),
    )  # fmt: skip
    forecast_record(actor=analyst, project_id=project.pk, status_date=date(2026, 6, 30), eac=Decimal(2_000_000))
    project.refresh_from_db()
    project_update(
        actor=analyst, project_id=project.pk, version=project.version,
        values={"finish": date(2027, 6, 30), "forecast_finish": date(2027, 8, 31)},
    )  # fmt: skip
    settle()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("mode", MODES)
def test_a_file_of_both_dates_is_the_same_after_late_entries(
    spent: Cast, settle: Callable[[], int], page: str, mode: str
):
    moment = (timezone.now() + timedelta(milliseconds=1)).isoformat()
    dates = {"as_of": "2026-06-30", "known_at": moment}
    before = file(spent, page, mode, **dates)
    late(spent, settle)
    assert file(spent, page, mode, **dates) == before
    if mode != "budget":
        assert file(spent, page, mode, as_of="2026-06-30") != before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("mode", MODES)
def test_as_known_now_is_what_the_page_shows(spent: Cast, page: str, mode: str):
    now = (timezone.now() + timedelta(seconds=1)).isoformat()
    live = file(spent, page, mode)
    assert file(spent, page, mode, as_of=STATUS_DATE.isoformat(), known_at=now) == live


def test_a_project_recorded_later_is_not_among_them(spent: Cast):
    before = (timezone.now() - timedelta(days=1)).isoformat()
    assert b"ALDER-1" not in file(spent, "/o/alder/money/", "forecast", known_at=before)


def test_the_page_says_what_it_shows(spent: Cast):
    at = timezone.now().isoformat()
    for page in PAGES:
        assert "as known on" in spent.client("pmo_analyst").get(page, {"known_at": at}).content.decode()


def test_the_moment_costs_a_fixed_number_of_statements(spent: Cast, django_assert_max_num_queries):
    client = spent.client("pmo_analyst")
    at = timezone.now().isoformat()
    client.get("/o/alder/money/", {"known_at": at})
    with django_assert_max_num_queries(22):
        client.get("/o/alder/money/", {"known_at": at})
    assert not Forecast.objects.exists()
