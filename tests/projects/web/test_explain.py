"""The derivation of a figure: it adds up, it links on, and it is a page of its own too."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.metrics import METRICS
from projects.models import Budget
from projects.selectors.explanations import figure_explained
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import progress_record
from tests.conftest import STATUS_DATE, Cast

FIGURES = "/o/alder/projects/ALDER-1/figures/"


@pytest.fixture
def odd(alder: Cast, approved_budget: Callable[..., Budget], settle: Callable[[], int]) -> Cast:
    """A project whose parts do not come out even: three phases of 1000/3, a third done in each."""
    assert alder.project is not None
    phases = list(alder.project.phases.order_by("order"))[:3]
    approved_budget(alder, lines=[LineDraft(Decimal("333.37"), date(2026, 3, 1), phase.pk) for phase in phases])
    actor = alder.actor("pmo_director")
    for phase in phases:
        progress_record(
            actor=actor,
            project_id=alder.project.pk,
            project_phase_id=phase.pk,
            status_date=date(2026, 10, 20),
            percent_complete=Decimal("33.33"),
        )
    for amount, category, day in (("100.01", "labour", 5), ("20.10", "services", 6), ("-0.05", "services", 7)):
        posting = Posting(alder.project.pk, Decimal(amount), date(2026, 10, day), category=category)
        cost_entry_post(actor=actor, posting=posting)
    settle()
    return alder


def test_what_is_listed_adds_up_to_what_is_shown(odd: Cast) -> None:
    assert odd.project is not None
    for metric in METRICS:
        told = figure_explained(odd.project, metric.key, as_of=STATUS_DATE)
        if told.packages:
            assert sum(earned for _, earned in told.packages) == told.figures["ev"]
            assert sum(line.budget for line, _ in told.packages) == told.figures["bac"]
        if told.planned and told.figures["pv"] is not None:
            assert sum(counted for _, counted in told.planned if counted is not None) == told.figures["pv"]
        if told.categories:
            assert sum(share.amount for share in told.categories) == told.total == sum(m[2] for m in told.months)
            assert sum(share.entries for share in told.categories) == told.entries == sum(m[1] for m in told.months)
            assert told.total == told.figures["committed" if metric.key == "committed" else "ac"]


def test_the_panel_shows_formula_numbers_and_the_colour(odd: Cast) -> None:
    answer = odd.client("project_manager").get(f"{FIGURES}cpi/", headers={"HX-Request": "true"})
    panel = answer.content.decode()
    assert "<html" not in panel
    for piece in ("<span>EV</span>", "<span>AC</span>", "<span>333.34</span>", "<span>120.06</span>", "2.78", "Green"):
        assert piece in panel, piece
    assert f'href="{FIGURES}ev/"' in panel and f'href="{FIGURES}ac/"' in panel
    assert "All 3 entries" in panel


def test_the_link_to_the_entries_lists_exactly_those(odd: Cast) -> None:
    client = odd.client("project_manager")
    panel = client.get(f"{FIGURES}ac/", headers={"HX-Request": "true"}).content.decode()
    found = re.search(r'class="xs" href="([^"]+)"', panel)
    assert found is not None
    listed = client.get(found.group(1).replace("&amp;", "&"))
    assert listed.context["list"].page.count == 3


def test_the_same_address_opened_directly_is_a_whole_page(odd: Cast) -> None:
    answer = odd.client("project_manager").get(f"{FIGURES}cpi/")
    assert b"<html" in answer.content
    assert "HX-Request" in answer["Vary"]


def test_every_figure_can_be_explained_even_where_it_is_undefined(alder: Cast) -> None:
    client = alder.client("auditor")
    for metric in METRICS:
        answer = client.get(f"{FIGURES}{metric.key}/", headers={"HX-Request": "true"})
        assert answer.status_code == 200, metric.key
    assert "Not defined" in client.get(f"{FIGURES}cpi/").content.decode()


def test_a_name_that_is_no_figure_is_not_found(alder: Cast) -> None:
    assert alder.client("auditor").get(f"{FIGURES}luck/").status_code == 404


def test_an_explanation_takes_at_most_19_statements(odd: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = odd.client("project_manager")
    with django_assert_max_num_queries(19):
        client.get(f"{FIGURES}eac/")


def test_what_changed_is_told_since_the_last_month_end(odd: Cast) -> None:
    assert odd.project is not None
    told = figure_explained(odd.project, "ac", as_of=date(2026, 10, 31))
    assert told.since == date(2026, 9, 30)
    assert told.change.difference == Decimal("120.06")
