"""An estimate to complete by month: what it sums to, that it counts as the bottom-up EAC, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.kit.errors import ApplicationError, Forbidden
from projects.analysis.earned_value import measure
from projects.models import Forecast, ProjectPerformance
from projects.selectors.facts import performance_facts
from projects.services.costs import Posting, cost_entry_post
from projects.services.forecasts import EtcLine, etc_record
from tests.conftest import STATUS_DATE, Cast

LINES = [
    EtcLine(date(2026, 11, 1), Decimal("50000.10"), "labour"),
    EtcLine(date(2026, 11, 1), Decimal("10000"), "material"),
    EtcLine(date(2026, 12, 1), Decimal("40000.05"), "labour"),
]


def _post(cast: Cast, amount: str, on: date) -> None:
    assert cast.project is not None
    cost_entry_post(actor=cast.actor("pmo_analyst"), posting=Posting(cast.project.pk, Decimal(amount), on))


def _record(cast: Cast, lines: list[EtcLine] = LINES, role: str = "project_manager") -> Forecast:
    assert cast.project is not None
    return etc_record(actor=cast.actor(role), project_id=cast.project.pk, status_date=STATUS_DATE, lines=lines)


def test_the_eac_is_what_is_spent_and_what_is_left(
    alder: Cast, approved_budget: Callable[..., object], settle: Callable[[], int]
) -> None:
    approved_budget(alder)
    _post(alder, "600000.50", date(2026, 6, 3))
    forecast = _record(alder)
    assert (forecast.kind, forecast.eac) == ("etc", Decimal("700000.65"))
    settle()
    kept = ProjectPerformance.objects.get(project=alder.project)
    assert kept.eacs["bottom_up"] == "700000.65"


def test_it_counts_from_its_moment_on_and_not_before(alder: Cast, approved_budget: Callable[..., object]) -> None:
    approved_budget(alder)
    _post(alder, "100.00", date(2026, 6, 3))
    before = timezone.now()
    _record(alder)
    pk = alder.project.pk  # type: ignore[union-attr]

    def bottom_up(**moment: object) -> Decimal | None:
        return measure(performance_facts([pk], **moment)[pk].facts, STATUS_DATE).eacs["bottom_up"]  # type: ignore[arg-type]

    assert bottom_up(as_of=STATUS_DATE) == Decimal("100100.15")
    assert bottom_up(as_of=STATUS_DATE, known_at=before) is None


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "empty"),
        ([EtcLine(date(2026, 9, 1), Decimal(1))], "in_the_past"),
        ([LINES[0], LINES[0]], "twice"),
        ([EtcLine(date(2026, 11, 1), Decimal(-1))], "negative"),
        ([EtcLine(date(2026, 11, 1), Decimal(1), "bribes")], "unknown_choice"),
    ],
)
def test_what_is_no_estimate_is_refused_and_nothing_is_kept(alder: Cast, lines: list[EtcLine], code: str) -> None:
    with pytest.raises(ApplicationError) as refused:
        _record(alder, lines)
    assert refused.value.code == code
    assert not Forecast.objects.exists()


def test_only_who_edits_the_project_estimates(alder: Cast) -> None:
    with pytest.raises(Forbidden):
        _record(alder, role="budget_owner")


def test_the_api_takes_lines_in_place_of_a_sum(alder: Cast) -> None:
    client = alder.client("project_manager")
    body = {
        "project": str(alder.project.pk), "status_date": "2026-10-31",  # type: ignore[union-attr]
        "lines": [{"period": "2026-11", "category": "labour", "amount": "12.50"}],
    }  # fmt: skip
    headers = {"X-Organisation": alder.organisation.slug}
    answer = client.post("/api/v1/forecasts/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["eac"], answer.json()["kind"]) == ("12.50", "etc")
    assert answer.json()["lines"] == [{"period": "2026-11", "category": "labour", "amount": "12.50"}]
    both = client.post("/api/v1/forecasts/", {**body, "eac": "1.00"}, content_type="application/json", headers=headers)
    assert both.status_code == 400


def test_the_form_begins_with_the_plan_and_records_what_was_typed(
    alder: Cast, approved_budget: Callable[..., object]
) -> None:
    approved_budget(alder)
    client = alder.client("project_manager")
    address = "/o/alder/projects/ALDER-1/forecast/months/"
    page = client.get(address).content.decode()
    assert 'name="2026-11:' in page
    category = page.split('name="2026-11:', 1)[1].split('"', 1)[0]
    sent = {"status_date": "2026-10-31", f"2026-11:{category}": "1,000.25", f"2026-12:{category}": "0"}
    assert client.post(address, sent).status_code == 302
    forecast = Forecast.objects.get()
    assert [(line.period, line.amount) for line in forecast.lines.all()] == [(date(2026, 11, 1), Decimal("1000.25"))]
    assert client.post(address, {"status_date": "2026-10-31"}).status_code == 422
