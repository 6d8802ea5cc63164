"""Figures of a project kept in euro, in the pounds of its organisation: renewed with its own, none without a rate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.models import Organisation
from pmo.services.rates import rate_record
from projects.analysis.conversion import MissingRate
from projects.analysis.earned_value import measure
from projects.models import Budget, Project, ProjectReporting
from projects.selectors.facts import performance_facts
from projects.selectors.reporting import reported_figures
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post, cost_entry_reverse
from projects.services.performance import performance_differences, performance_rebuild, performance_refresh
from projects.services.progress import progress_record
from projects.services.projects import ProjectDraft, project_create
from tests.conftest import STATUS_DATE, Cast

Settle = Callable[[], int]


def rate(cast: Cast, value: str, on: date, base: str = "EUR") -> None:
    rate_record(actor=cast.actor("pmo_analyst"), base=base, quote="GBP", rate=Decimal(value), valid_on=on)


def post(cast: Cast, project: Project, amount: int, on: date, **more: object) -> int:
    posting = Posting(project_id=project.pk, amount=Decimal(amount), incurred_on=on, **more)  # type: ignore[arg-type]
    return cost_entry_post(actor=cast.actor("pmo_director"), posting=posting).entry.pk


@pytest.fixture
def abroad(alder: Cast, approved_budget: Callable[..., Budget]) -> Project:
    """A project in euro, with a budget of 1,000 approved on 10 February 2026."""
    project = project_create(
        actor=alder.actor("pmo_director"),
        draft=ProjectDraft(
            code="ALDER-EU",
            name="Alder twin town bridge",
            portfolio_id=alder.portfolio.pk,
            currency="EUR",
            values={"start": date(2026, 1, 1), "finish": date(2026, 12, 31)},
        ),
    )
    budget = approved_budget(alder, project, [LineDraft(Decimal(1_000), date(2026, 1, 1))])
    Budget.objects.filter(pk=budget.pk).update(approved_at="2026-02-10T12:00:00Z")
    return project


def kept(project: Project) -> ProjectReporting:
    return ProjectReporting.objects.get(project=project)


def test_plan_and_cost_are_converted_each_at_their_own_rate(alder: Cast, abroad: Project, settle: Settle):
    rate(alder, "0.80", date(2026, 1, 1))
    rate(alder, "0.90", date(2026, 3, 1))
    post(alder, abroad, 300, date(2026, 2, 20))
    post(alder, abroad, 200, date(2026, 3, 5))
    actor = alder.actor("pmo_analyst")
    progress_record(actor=actor, project_id=abroad.pk, status_date=date(2026, 3, 31), percent_complete=Decimal(40))
    settle()
    row = kept(abroad)
    assert (row.currency, row.status_date) == ("GBP", STATUS_DATE)
    assert (row.bac, row.ev, row.ac) == (800, 320, 420)
    # CPI 400/500: EAC = 1,000/0.8 = 1,250 EUR, of which 750 are left.
    assert row.eac == 420 + 600
    assert row.rates == [
        ["EUR", "GBP", "0.80000000", "2026-01-01"],
        ["EUR", "GBP", "0.90000000", "2026-03-01"],
    ]


def test_a_settled_order_leaves_nothing_open(alder: Cast, abroad: Project, settle: Settle):
    rate(alder, "0.80", date(2026, 1, 1))
    rate(alder, "0.90", date(2026, 3, 1))
    order = post(alder, abroad, 100, date(2026, 2, 1), kind="commitment")
    post(alder, abroad, 40, date(2026, 3, 5), settles_id=order)
    settle()
    assert (kept(abroad).committed, kept(abroad).ac) == (48, 36)
    post(alder, abroad, 60, date(2026, 4, 5), settles_id=order)
    settle()
    assert kept(abroad).committed == 0


def test_a_missing_rate_is_named_and_leaves_no_figure(alder: Cast, abroad: Project, settle: Settle):
    rate(alder, "0.80", date(2026, 2, 1))
    post(alder, abroad, 10, date(2026, 1, 15))
    settle()
    row = kept(abroad)
    assert (row.missing_base, row.missing_quote, row.missing_on) == ("EUR", "GBP", date(2026, 1, 15))
    assert {row.bac, row.pv, row.ev, row.ac, row.committed, row.eac} == {None}


def test_recording_the_missing_rate_brings_the_figures(alder: Cast, abroad: Project, settle: Settle):
    post(alder, abroad, 10, date(2026, 1, 15))
    settle()
    assert kept(abroad).missing_base == "EUR"
    rate(alder, "0.80", date(2026, 1, 1))
    settle()
    assert (kept(abroad).missing_base, kept(abroad).ac) == ("", 8)


def test_a_corrected_rate_corrects_the_figures(alder: Cast, abroad: Project, settle: Settle):
    rate(alder, "0.80", date(2026, 1, 1))
    entry = post(alder, abroad, 100, date(2026, 1, 15))
    settle()
    rate(alder, "0.81", date(2026, 1, 1))
    settle()
    assert kept(abroad).ac == 81
    cost_entry_reverse(actor=alder.actor("pmo_analyst"), entry_id=entry, reason="Twice.")
    settle()
    assert kept(abroad).ac == 0


def test_a_project_in_the_own_currency_has_no_row_and_costs_no_query(alder: Cast, settle: Settle):
    assert alder.project is not None
    post(alder, alder.project, 10, date(2026, 1, 15))
    settle()
    assert not ProjectReporting.objects.exists()
    with CaptureQueriesContext(connection) as taken:
        performance_refresh(alder.organisation.pk, [alder.project.pk])
    assert not [query for query in taken if "exchangerate" in query["sql"] or "projectreporting" in query["sql"]]


def test_a_rebuild_finds_nothing_and_mends_what_was_spoilt(alder: Cast, abroad: Project, settle: Settle):
    rate(alder, "0.80", date(2026, 1, 1))
    post(alder, abroad, 100, date(2026, 1, 15))
    settle()
    assert performance_differences(alder.organisation.pk) == []
    ProjectReporting.objects.update(ac=Decimal(7))
    ProjectReporting.objects.create(
        organisation=alder.organisation, project=alder.project, status_date=STATUS_DATE, currency="GBP",
        computed_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    told = performance_differences(alder.organisation.pk)
    assert told == [
        f"Project {abroad.pk} in GBP: ac is kept as Decimal('7.000000'), the rows say Decimal('80.000000').",
        f"Project {alder.project.pk} has figures in GBP that nothing calls for.",
    ]
    performance_rebuild(alder.organisation.pk)
    assert performance_differences(alder.organisation.pk) == []


def at(project: Project, organisation: Organisation, day: date, known_at: object = None) -> object:
    loaded = performance_facts([project.pk], as_of=day, known_at=known_at)  # type: ignore[arg-type]
    measured = {project.pk: measure(loaded[project.pk].facts, day)}
    found = reported_figures(organisation, measured, as_of=day, known_at=known_at)  # type: ignore[arg-type]
    return found[project.pk]


def test_as_of_the_status_date_is_what_is_kept(alder: Cast, abroad: Project, settle: Settle):
    rate(alder, "0.80", date(2026, 1, 1))
    rate(alder, "0.90", date(2026, 3, 1))
    post(alder, abroad, 300, date(2026, 2, 20))
    post(alder, abroad, 200, date(2026, 3, 5))
    settle()
    live, then = kept(abroad), at(abroad, alder.organisation, STATUS_DATE)
    assert (live.bac, live.ac, live.eac) == (then.bac, then.ac, then.eac)  # type: ignore[attr-defined]
    assert at(abroad, alder.organisation, date(2026, 2, 28)).ac == 240  # type: ignore[attr-defined]


def test_what_was_known_stays_what_was_known(alder: Cast, abroad: Project, settle: Settle):
    rate(alder, "0.80", date(2026, 1, 1))
    post(alder, abroad, 300, date(2026, 2, 20))
    moment = timezone.now()
    before = at(abroad, alder.organisation, STATUS_DATE, moment)
    rate(alder, "0.95", date(2026, 1, 1))
    post(alder, abroad, 50, date(2026, 2, 21))
    settle()
    assert at(abroad, alder.organisation, STATUS_DATE, moment) == before
    assert kept(abroad).ac == Decimal("332.5")


def test_without_any_rate_the_pair_is_missing_also_in_the_past(alder: Cast, abroad: Project):
    post(alder, abroad, 300, date(2026, 2, 20))
    assert isinstance(at(abroad, alder.organisation, STATUS_DATE), MissingRate)
