"""The two clocks on generated histories: today is what is live, and what was known is told the same for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo.services.outbox import relay_all
from projects.analysis.earned_value import Performance, measure
from projects.analysis.metrics import METRICS
from projects.analysis.presentation import as_shown
from projects.models import Budget, Project, ProjectPerformance
from projects.selectors.facts import performance_facts
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post
from projects.services.phases import project_phase_update
from projects.services.progress import forecast_record, progress_record
from projects.services.projects import project_update
from tests.conftest import STATUS_DATE, Cast

few = settings(
    max_examples=10, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
days = st.dates(date(2026, 1, 2), STATUS_DATE)
amounts = st.decimals(1, 900_000, places=2)
percents = st.decimals(0, 100, places=2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("cost"), days, amounts),
        st.tuples(st.just("order"), days, amounts),
        st.tuples(st.just("progress"), days, percents),
        st.tuples(st.just("forecast"), days, amounts),
        st.tuples(st.just("finish"), st.dates(date(2026, 12, 1), date(2028, 12, 31)), st.just(Decimal(0))),
        st.tuples(st.just("phase"), st.dates(date(2026, 12, 1), date(2028, 12, 31)), st.just(Decimal(0))),
    ),
    min_size=1,
    max_size=6,
)


def take(cast: Cast, project: Project, step: tuple[str, date, Decimal]) -> None:
    kind, on, value = step
    director = cast.actor("pmo_director")
    said: dict[str, Any] = {"actor": director, "project_id": project.pk, "status_date": on}
    if kind in ("cost", "order"):
        posting = Posting(project.pk, value, on, kind="actual" if kind == "cost" else "commitment")
        cost_entry_post(actor=director, posting=posting)
    elif kind == "progress":
        progress_record(**said, percent_complete=value)
    elif kind == "forecast":
        forecast_record(**said, eac=value)
    elif kind == "finish":
        project.refresh_from_db()
        project_update(actor=director, project_id=project.pk, version=project.version, values={"finish": on})
    else:
        phase = project.phases.order_by("order").last()
        assert phase is not None
        project_phase_update(actor=director, phase_id=phase.pk, values={"finish": on})


def figures(project: Project, **moment: Any) -> Performance:
    return measure(performance_facts([project.pk], as_of=STATUS_DATE, **moment)[project.pk].facts, STATUS_DATE)


def test_whatever_is_recorded_later_what_was_known_is_the_same_and_today_is_live(
    alder: Cast, approved_budget: Callable[..., Budget]
) -> None:
    project = alder.project
    assert project is not None
    phase = project.phases.order_by("order").last()
    assert phase is not None
    approved_budget(alder, lines=[LineDraft(Decimal(600_000), None, phase.pk), LineDraft(Decimal(300_000), None)])
    moved = []

    @few
    @given(steps, steps)
    def holds(first: list[tuple[str, date, Decimal]], later: list[tuple[str, date, Decimal]]) -> None:
        with transaction.atomic():
            for step in first:
                take(alder, project, step)
            moment, asked = timezone.now(), figures(project)
            assert figures(project, known_at=moment) == asked
            for step in later:
                take(alder, project, step)
            assert figures(project, known_at=moment) == asked
            now = figures(project)
            assert figures(project, known_at=timezone.now()) == now
            moved.append(now != asked)
            relay_all()
            live = ProjectPerformance.objects.get(project=project)
            assert {metric.key: getattr(live, metric.key) for metric in METRICS} == as_shown(now)
            transaction.set_rollback(True)

    holds()
    assert any(moved), "the later steps changed nothing, so nothing was tried"
