"""Which estimate was right, read from the rows of finished projects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import Portfolio
from portfolio.selectors.scoreboard import scoreboard, why_silent
from projects.analysis.estimates import NAMES
from projects.analysis.facts import EAC_METHODS
from projects.models import Forecast, ForecastLine

ENDS = ((25, date(2026, 1, 31)), (50, date(2026, 3, 31)), (75, date(2026, 5, 31)), (100, date(2026, 6, 30)))


def finish(office, code, *, spent=(250_000, 300_000, 300_000, 400_000), **values):
    """A project of 1,000,000 done in June: a quarter by January, half by March, three quarters by May."""
    project = office.project(
        code, **{"status": "closed", "finish": date(2026, 6, 30), "actual_finish": date(2026, 6, 30), **values}
    )
    for (percent, on), amount in zip(ENDS, spent, strict=True):
        office.progress(project, percent, on=on)
        if amount:
            office.cost(project, amount, on=on)
    return project


def report(office, project, eac, on):
    return Forecast.objects.create(organisation=office.organisation, project=project, status_date=on, eac=Decimal(eac))


def errors(point):
    return {miss.method: miss.error_percent for miss in point.misses}


def test_each_method_is_held_against_the_final_cost_at_each_checkpoint(office, director):
    project = finish(office, "A-1")  # 1,250,000 in the end
    report(office, project, 1_250_000, date(2026, 3, 15))
    [one] = scoreboard(director).compared
    assert one.score.final == 1_250_000
    first, second, third = one.score.checkpoints
    assert [point.on for point in one.score.checkpoints] == [date(2026, 1, 31), date(2026, 3, 31), date(2026, 5, 31)]
    assert errors(first)["cpi"] == -20  # 1,000,000 / (250 / 250)
    assert errors(second)["cpi"] == -12  # 1,000,000 / (500 / 550) = 1,100,000
    assert errors(second)["reported"] == 0
    assert errors(first)["reported"] is None
    assert (second.best, third.best) == ("reported", "reported")


def test_an_undefined_method_says_why(office, director):
    finish(office, "A-1", spent=(0, 0, 300_000, 400_000))
    [one] = scoreboard(director).compared
    said = {miss.method: miss.reason for miss in one.score.checkpoints[0].misses}
    assert said["cpi"] == "Nothing has been spent up to the status date."
    assert said["reported"] == "No estimate was reported up to 31 January 2026."
    assert said["budget_rate"] is None


def test_a_forecast_by_month_counts_as_the_projects_own_estimate(office, director):
    project = finish(office, "A-1")
    forecast = Forecast.objects.create(
        organisation=office.organisation, project=project, kind="etc", status_date=date(2026, 3, 31),
        eac=Decimal(1_250_000),
    )  # fmt: skip
    for month, amount in ((4, 300_000), (5, 400_000)):
        ForecastLine.objects.create(
            organisation=office.organisation, forecast=forecast, period=date(2026, month, 1), amount=Decimal(amount)
        )
    [one] = scoreboard(director).compared
    found = {miss.method: miss.estimate for miss in one.score.checkpoints[1].misses}
    assert found["bottom_up"] == found["reported"] == 1_250_000


@pytest.mark.parametrize(
    ("by", "kinds"),
    [
        ("portfolio", {"Capital", "Works"}),
        ("programme", {"Harbour", "No programme"}),
        ("tier", {"Tier 2", "No tier"}),
        ("tag", {"bridge", "steel", "No tag"}),
    ],
)
def test_projects_are_gathered_by_the_type_asked_for(office, director, by, kinds):
    works = Portfolio.objects.create(organisation=office.organisation, code="WRK", name="Works", currency="GBP")
    finish(office, "A-1", programme=office.programme, tags=["bridge", "steel"])
    finish(office, "B-2", portfolio=works, tier=2)
    found = scoreboard(director, by=by)
    assert {point.kind for point in found.types} == kinds
    assert [point.compared for point in found.whole] == [2, 2, 2]


def test_a_portfolio_narrows_it(office, director):
    works = Portfolio.objects.create(organisation=office.organisation, code="WRK", name="Works", currency="GBP")
    finish(office, "A-1")
    finish(office, "B-2", portfolio=works)
    assert [one.code for one in scoreboard(director, portfolio="WRK").compared] == ["B-2"]


def test_what_is_not_finished_is_not_there_and_what_tells_nothing_says_why(office, director):
    running = office.project("R-1")
    office.progress(running, 60, on=date(2026, 5, 31))
    silent = office.project("S-1", status="closed", actual_finish=date(2026, 6, 30))
    office.cost(silent, 5, on=date(2026, 5, 1))
    bare = office.project("S-2", status="closed", actual_finish=date(2026, 6, 30))
    found = scoreboard(director)
    assert (found.compared, found.whole, found.finished) == ((), (), 2)
    assert {one.pk for one in found.silent} == {silent.pk, bare.pk}
    assert all(why_silent(one) for one in found.silent)


def test_nobody_sees_a_project_whose_money_is_not_theirs(office, director):
    finish(office, "A-1")
    assert scoreboard(office.member("team_member", name="Jonty Marsh")).finished == 0


def test_the_number_of_statements_does_not_grow_with_the_projects(office, director):
    report(office, finish(office, "A-1"), 9, date(2026, 3, 15))
    with CaptureQueriesContext(connection) as few:
        scoreboard(director)
    for number in range(6):
        finish(office, f"M-{number}")
    with CaptureQueriesContext(connection) as many:
        scoreboard(director)
    assert len(many) == len(few) <= 13


def test_every_method_has_a_name():
    assert set(EAC_METHODS) < set(NAMES)
