"""The cockpit on two clocks: an earlier day, and what was known at an earlier moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from portfolio.listings.projects import FIELDS
from portfolio.selectors.cockpit import portfolio_rows, totals
from portfolio.selectors.past import Moment, past_rows, past_totals
from projects.analysis.metrics import METRICS
from projects.models import Project
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import progress_record
from tests.conftest import STATUS_DATE, Cast

PAGE = "/o/alder/"


@pytest.fixture
def measured(alder: Cast, approved_budget: Callable[..., object], settle: Callable[[], int]) -> Cast:
    """A budget of 1.2 m, 600,000.50 spent in June and 40 % done at the end of October."""
    approved_budget(alder)
    _post(alder, "600000.50", date(2026, 6, 3))
    assert alder.project is not None
    progress_record(
        actor=alder.actor("project_manager"), project_id=alder.project.pk, status_date=date(2026, 10, 30),
        percent_complete=Decimal(40),
    )  # fmt: skip
    settle()
    return alder


def _post(cast: Cast, amount: str, on: date) -> None:
    assert cast.project is not None
    cost_entry_post(actor=cast.actor("pmo_analyst"), posting=Posting(cast.project.pk, Decimal(amount), on))


def test_the_figures_as_at_today_are_the_live_ones(measured: Cast) -> None:
    actor = measured.actor("pmo_director")
    live = list(portfolio_rows(actor).order_by("pk").values(*FIELDS))
    then = past_rows(measured.organisation, portfolio_rows(actor), FIELDS, Moment(STATUS_DATE, None))
    assert len(live) == len(then) > 0
    for one, other in zip(live, then, strict=True):
        for metric in METRICS:
            assert one[f"performance__{metric.key}"] == other[f"performance__{metric.key}"], metric.key
        assert one["standing__health"] == other["standing__health"]
        assert one["performance__last_update_on"] == other["performance__last_update_on"]
    now, past = totals(portfolio_rows(actor))[0], past_totals(then, Moment(STATUS_DATE, None))[0]
    assert (now.bac, now.ac, now.eac, now.cpi, now.red, now.measured) == (
        past.bac, past.ac, past.eac, past.cpi, past.red, past.measured
    )  # fmt: skip


def test_an_earlier_day_leaves_out_what_came_later(measured: Cast) -> None:
    page = measured.client("pmo_director").get(PAGE, {"as_of": "2026-05-31"}).content.decode()
    assert "Figures as at 31 May 2026, as known now." in page
    assert ">0.80<" not in page  # no CPI before anything was earned or spent
    assert "as_of=2026-05-31" in page.split('id="row-')[1]
    assert "data-live" not in page


def test_what_was_known_never_changes_once_asked(measured: Cast, settle: Callable[[], int]) -> None:
    asked = {"as_of": "2026-10-31", "known_at": timezone.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    client = measured.client("pmo_director")

    def export() -> bytes:
        return b"".join(client.get(PAGE, {**asked, "format": "csv"}).streaming_content)

    page, file = client.get(PAGE, asked).content.decode(), export()
    project = Project.objects.get(pk=measured.project.pk)  # type: ignore[union-attr]
    explained = client.get(f"{PAGE}projects/{project.code}/figures/ac/", asked).content.decode()
    assert "600,000.50" in explained
    _post(measured, "1234.56", date(2026, 6, 30))  # late: dated before, recorded after
    settle()
    assert export() == file
    assert client.get(PAGE, asked).content.decode().count("row-") == page.count("row-")
    again = client.get(f"{PAGE}projects/{project.code}/figures/ac/", asked).content.decode()
    assert "601,235.06" not in again
    live = b"".join(client.get(PAGE, {"format": "csv"}).streaming_content)
    assert b"601235.06" in live and b"601235.06" not in file


def test_filters_and_order_rest_on_the_figures_of_the_day(measured: Cast) -> None:
    client = measured.client("pmo_director")
    none = client.get(PAGE, {"as_of": "2026-10-31", "ac__gte": "700000"}).content.decode()
    one = client.get(PAGE, {"as_of": "2026-10-31", "ac__gte": "600000", "ordering": "-cpi"}).content.decode()
    assert "No project matches" in none and 'id="row-' in one


def test_findings_of_the_past_are_not_guessed(measured: Cast) -> None:
    answer = measured.client("pmo_director").get(PAGE, {"as_of": "2026-10-01", "severity": "high"})
    assert answer.status_code == 400
    assert "cannot be told" in answer.content.decode()


def test_a_page_that_knows_one_clock_refuses_the_other(measured: Cast) -> None:
    answer = measured.client("pmo_director").get(f"{PAGE}findings/?{urlencode({'known_at': '2026-01-01T00:00:00Z'})}")
    assert answer.status_code == 400


def test_an_earlier_day_takes_as_many_statements_for_many_projects(
    measured: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = measured.client("pmo_director")
    client.get(PAGE, {"as_of": "2026-09-30"})
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        assert client.get(PAGE, {"as_of": "2026-09-30"}).status_code == 200
