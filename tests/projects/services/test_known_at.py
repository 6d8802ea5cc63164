"""The two clocks on real rows: what was known at a moment stays what it was; as at today is what is live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.kit.errors import ApplicationError
from projects.analysis.earned_value import Performance, measure
from projects.models import (
    Budget,
    Forecast,
    ForecastLine,
    MeasurementMethod,
    PhaseMilestone,
    Progress,
    Project,
    ProjectPerformance,
    ProjectPhase,
)
from projects.selectors.facts import performance_facts
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post, cost_entry_reverse
from projects.services.phases import project_phase_update
from projects.services.progress import forecast_record, progress_record
from projects.services.projects import project_update
from tests.conftest import STATUS_DATE, Cast, without_phases

Approve = Callable[..., Budget]


def figures(project: Project, known_at: datetime | None = None, as_of: date = STATUS_DATE) -> Performance:
    return measure(performance_facts([project.pk], as_of=as_of, known_at=known_at)[project.pk].facts, as_of)


def post(cast: Cast, amount: str, on: date, role: str = "pmo_analyst") -> int:
    assert cast.project is not None
    posting = Posting(cast.project.pk, Decimal(amount), on)
    return cost_entry_post(actor=cast.actor(role), posting=posting).entry.pk


@pytest.fixture
def running(alder: Cast, approved_budget: Approve) -> Cast:
    """A project with a phase, a budget partly spread over the phase's dates, costs, progress and a forecast."""
    assert alder.project is not None
    without_phases(alder.project)
    ProjectPhase.objects.create(
        organisation=alder.organisation, project=alder.project, order=1, name="Build",
        start=date(2026, 2, 2), finish=date(2026, 11, 27),
    )  # fmt: skip
    phase = ProjectPhase.objects.get(project=alder.project)
    approved_budget(
        alder, lines=[LineDraft(Decimal(900_000), None, project_phase_id=phase.pk), LineDraft(Decimal(300_000), None)]
    )
    post(alder, "250000.40", date(2026, 3, 4))
    said = {"actor": alder.actor("project_manager"), "project_id": alder.project.pk, "status_date": date(2026, 9, 30)}
    progress_record(**said, percent_complete=Decimal(40))
    forecast_record(**said, eac=Decimal(1_300_000))
    return alder


def test_what_was_known_never_changes_whatever_is_recorded_afterwards(running: Cast) -> None:
    project = running.project
    assert project is not None
    phase = ProjectPhase.objects.get(project=project)
    entry = post(running, "1000", date(2026, 3, 5))
    moment = timezone.now()
    asked = figures(project, moment)

    post(running, "77777.77", date(2026, 3, 6))
    cost_entry_reverse(actor=running.actor("budget_owner"), entry_id=entry, reason="Not ours")
    said = {"actor": running.actor("project_manager"), "project_id": project.pk, "status_date": date(2026, 9, 30)}
    progress_record(**said, percent_complete=Decimal(90))
    progress_record(**said, percent_complete=Decimal(15), project_phase_id=phase.pk)
    forecast_record(**said, eac=Decimal(2_000_000))
    approved = running.project.budgets.get()
    newer = Budget.objects.create(
        organisation=running.organisation, project=project, number=2, state="approved", origin="imported",
        effective_on=approved.effective_on, approved_at=timezone.now(),
    )  # fmt: skip
    newer.lines.create(
        organisation=running.organisation, project=project, period=date(2026, 5, 1), amount=Decimal(1_500_000)
    )
    project_phase_update(
        actor=running.actor("project_manager"), phase_id=phase.pk, values={"start": date(2026, 8, 3), "name": "Works"}
    )
    project.refresh_from_db()
    changes = {"finish": date(2027, 6, 30), "eac_method": "budget_rate", "eac_method_reason": "New supplier"}
    project_update(actor=running.actor("pmo_director"), project_id=project.pk, version=project.version, values=changes)

    assert figures(project, moment) == asked
    assert figures(project) != asked
    assert figures(project, timezone.now()) == figures(project)


def test_as_at_today_is_what_is_live(running: Cast, settle: Callable[[], int]) -> None:
    assert running.project is not None
    settle()
    live = ProjectPerformance.objects.get(project=running.project)
    now = figures(running.project, timezone.now())
    assert (live.ev, live.ac, live.bac) == (now.ev, now.ac, now.bac)
    assert live.pv is not None and now.pv is not None and abs(live.pv - now.pv) <= Decimal("0.005")


def test_units_and_milestones_say_the_percentage_by_themselves(running: Cast) -> None:
    assert running.project is not None
    phase = ProjectPhase.objects.get(project=running.project)
    known = {"organisation": running.organisation, "project_phase": phase}
    first, second = (
        PhaseMilestone.objects.create(**known, order=order, name=f"M{order}", weight=weight)
        for order, weight in ((1, Decimal(1)), (2, Decimal(3)))
    )
    said = {
        "actor": running.actor("project_manager"), "project_id": running.project.pk, "project_phase_id": phase.pk,
        "status_date": date(2026, 10, 1),
    }  # fmt: skip
    ProjectPhase.objects.filter(pk=phase.pk).update(units_total=Decimal(400))
    assert progress_record(**said, units_done=Decimal(80)).percent_complete == 20
    ProjectPhase.objects.filter(pk=phase.pk).update(method=MeasurementMethod.UNITS)
    assert figures(running.project).ev == 900_000 * Decimal("0.2") + 300_000 * Decimal("0.4")

    ProjectPhase.objects.filter(pk=phase.pk).update(method=MeasurementMethod.MILESTONES)
    assert progress_record(**said, milestone_id=second.pk).percent_complete == 75
    assert progress_record(**said, milestone_id=first.pk).percent_complete == 100
    progress_record(**said, milestone_id=second.pk, percent_complete=Decimal(0))
    assert figures(running.project).ev == 900_000 * Decimal("0.25") + 300_000 * Decimal("0.4")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"units_done": Decimal(5)}, "units_done"),
        ({"milestone_id": 999_999}, "milestone"),
        ({}, "percent_complete"),
    ],
)
def test_a_statement_that_says_nothing_measurable_is_refused(
    running: Cast, values: dict[str, object], field: str
) -> None:
    assert running.project is not None
    phase = ProjectPhase.objects.get(project=running.project)
    before = Progress.objects.count()
    with pytest.raises(ApplicationError) as refused:
        progress_record(
            actor=running.actor("project_manager"),
            project_id=running.project.pk,
            project_phase_id=phase.pk,
            status_date=date(2026, 10, 1),
            **values,  # type: ignore[arg-type]
        )
    assert refused.value.field == field
    assert Progress.objects.count() == before


def test_an_estimate_to_complete_by_month_is_the_bottom_up_estimate(running: Cast) -> None:
    assert running.project is not None
    forecast = Forecast.objects.create(
        organisation=running.organisation, project=running.project, kind="etc", status_date=date(2026, 9, 30),
        eac=Decimal("650000.40"),
    )  # fmt: skip
    for month, amount in ((10, 100_000), (11, 250_000), (12, 50_000)):
        ForecastLine.objects.create(
            organisation=running.organisation, forecast=forecast, period=date(2026, month, 1), amount=Decimal(amount)
        )
    assert figures(running.project).eacs["bottom_up"] == Decimal("550000.40")  # October is gone
    assert figures(running.project, as_of=date(2026, 9, 30)).eacs["bottom_up"] == Decimal("650000.40")


def test_the_facts_of_any_number_of_projects_take_ten_queries_at_most(running: Cast) -> None:
    with CaptureQueriesContext(connection) as taken:
        performance_facts(as_of=STATUS_DATE, known_at=timezone.now(), organisation_id=running.organisation.pk)
    assert len(taken) == 9
