"""The project page: what it shows, to whom, in how many statements, and how it keeps itself current."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from portfolio.web.project import GROUPS
from projects.analysis.facts import EAC_METHODS
from projects.analysis.metrics import METRIC
from projects.models import Budget, Project
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import health_declare, progress_record
from tests.conftest import Cast

PAGE = "/o/alder/projects/ALDER-1/"
AMOUNTS = ("1,200", "654,321", "654321", "987,654", "987654", "1200000", "moneybar", "scurve")


@pytest.fixture
def running(alder: Cast, approved_budget: Callable[..., Budget], settle: Callable[[], int]) -> Cast:
    """The project with a budget, a cost, a commitment, progress and a declared health, all worked in."""
    assert alder.project is not None
    approved_budget(alder)
    director = alder.actor("pmo_director")
    for kind, amount in (("actual", "654321.09"), ("commitment", "987654.32")):
        posting = Posting(alder.project.pk, Decimal(amount), date(2026, 9, 15), kind=kind, vendor_name="Alder Stone")
        cost_entry_post(actor=director, posting=posting)
    progress_record(
        actor=director, project_id=alder.project.pk, status_date=date(2026, 10, 31), percent_complete=Decimal(40)
    )
    health_declare(actor=director, project_id=alder.project.pk, status_date=date(2026, 10, 31), health="green")
    settle()
    return alder


def test_the_page_says_what_is_declared_beside_what_is_computed(running: Cast) -> None:
    page = running.client("project_manager").get(PAGE).content.decode()
    assert "Health: declared and computed differ" in page
    assert "CPI 0.73; red below 0.90" in page
    assert "Dora Alder" in page  # who declared it, and who is the sponsor


def test_every_figure_is_on_the_page_and_opens_its_derivation(running: Cast) -> None:
    page = running.client("pmo_director").get(PAGE).content.decode()
    shown = {key for _, keys in GROUPS for key in keys}
    assert shown == set(METRIC)
    project = Project.objects.select_related("performance").get(code="ALDER-1")
    for key in shown:
        if getattr(project.performance, key) is not None:
            assert f'href="{PAGE}figures/{key}/" data-act="explain"' in page, key


def test_the_page_takes_at_most_28_statements(running: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = running.client("project_manager")
    with django_assert_max_num_queries(28):
        assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("role", ["team_member", "stakeholder", "administrator"])
def test_whoever_may_not_see_money_finds_none_anywhere(running: Cast, role: str) -> None:
    client = running.client(role)
    for address in (PAGE, f"{PAGE}live/", f"{PAGE}activity/"):
        answer = client.get(address)
        assert answer.status_code == 200
        page = answer.content.decode()
        for amount in AMOUNTS:
            assert amount not in page, f"{amount} on {address}"
        assert "CPI 0." not in page
    for address in ("ledger/", "budgets/", "figures/cpi/", "ledger/new/"):
        assert client.get(PAGE + address).status_code == 403, address


def test_an_owner_nobody_named_says_so_and_offers_to_name_one(alder: Cast) -> None:
    Project.objects.filter(code="ALDER-1").update(sponsor=None)
    page = alder.client("project_manager").get(PAGE).content.decode()
    assert re.search(r'Nobody, <a href="/o/alder/projects/ALDER-1/edit/#id_sponsor">', page)
    assert "#id_sponsor" not in alder.client("auditor").get(PAGE).content.decode()


def test_buttons_are_there_only_for_who_may_use_them(running: Cast) -> None:
    assert "Post a cost" in running.client("budget_owner").get(PAGE).content.decode()
    for role in ("auditor", "team_member"):
        page = running.client(role).get(PAGE).content.decode()
        assert "Post a cost" not in page
        assert "Edit the project" not in page


def test_a_project_without_anything_names_the_next_step(alder: Cast, settle: Callable[[], int]) -> None:
    settle()
    page = alder.client("project_manager").get(PAGE).content.decode()
    assert "No curve to draw yet" in page
    assert "No budget has been approved." in page
    assert "/budgets/new/" in page


def test_the_poll_answers_204_until_something_changed(running: Cast, settle: Callable[[], int]) -> None:
    client = running.client("project_manager")
    state = _state(client)
    assert client.get(f"{PAGE}live/?state={state}").status_code == 204
    assert running.project is not None
    posting = Posting(running.project.pk, Decimal("100000"), date(2026, 10, 1))
    cost_entry_post(actor=running.actor("pmo_director"), posting=posting)
    waiting = client.get(f"{PAGE}live/?state={state}")
    assert waiting.status_code == 200
    parts = waiting.content.decode()
    assert "Recalculating, 1 change at" in parts
    assert "654" in parts and "754" not in _summary(parts)  # the old figure, and it is dimmed
    assert 'class="card phead dimmed"' in parts
    settle()
    after = client.get(f"{PAGE}live/?state={state}").content.decode()
    assert "Recalculating" not in after
    assert "754" in _summary(after)
    for part in ("p-state", "p-phases", "p-summary", "p-charts", "p-figures", "p-ledger", "p-history"):
        assert re.search(rf'id="{part}"[^>]*hx-swap-oob="true"', after), part


def test_figures_as_at_an_earlier_day_are_worked_out_and_say_so(running: Cast) -> None:
    page = running.client("pmo_director").get(f"{PAGE}?as_of=2026-08-31").content.decode()
    assert "Figures as at 31 Aug 2026" in page
    assert "654" not in _summary(page)
    assert 'hx-trigger="every' not in page  # the past does not change by itself


def test_a_date_that_is_none_is_refused_with_a_sentence(running: Cast) -> None:
    answer = running.client("pmo_director").get(f"{PAGE}?as_of=soon")
    assert answer.status_code == 400
    assert "soon" in answer.content.decode()


def test_a_project_of_another_organisation_is_not_there(running: Cast, birch: Cast) -> None:
    client = running.client("pmo_director")
    assert client.get("/o/alder/projects/BIRCH-1/").status_code == 404
    assert client.get("/o/birch/projects/BIRCH-1/").status_code == 404


def test_a_code_with_a_slash_has_an_address_too(alder: Cast) -> None:
    Project.objects.filter(code="ALDER-1").update(code="ALDER/1~a")
    client = alder.client("pmo_director")
    assert client.get("/o/alder/projects/ALDER~2F1~7Ea/").status_code == 200
    assert client.get("/o/alder/projects/ALDER~2F1~7Ea/ledger/").status_code == 200


def _state(client: Client) -> str:
    found = re.search(r"live/\?state=([\d.]+)", client.get(PAGE).content.decode())
    assert found is not None
    return found.group(1)


def _summary(page: str) -> str:
    """The people, health and money part alone."""
    start = page.index('id="p-summary"')
    return page[start : page.index('id="p-charts"')]


def test_the_five_estimates_stand_beside_one_another_and_say_why_one_counts(running: Cast) -> None:
    page = running.client("pmo_director").get(PAGE)
    found = {each.method: each for each in page.context["estimates"]}
    assert set(found) == set(EAC_METHODS)
    project = Project.objects.select_related("performance").get(code="ALDER-1")
    assert [each.value for each in found.values() if each.chosen] == [project.performance.eac]
    assert found["cpi"].vac == project.performance.vac
    assert found["budget_rate"].value == Decimal("1374321.09")  # AC + (BAC − EV)
    assert found["reported"].reason in page.text
    assert "No method is chosen, so the standard one counts" in page.text
    assert "For every 1.00 spent, 0.73 of planned work was done." in page.text


def test_the_chosen_method_is_told_with_its_reason(running: Cast) -> None:
    Project.objects.filter(code="ALDER-1").update(eac_method="budget_rate", eac_method_reason="The flood was one-off.")
    page = running.client("pmo_director").get(f"{PAGE}?as_of=2026-10-31&known_at=2100-01-01T00:00:00Z")
    assert [each.method for each in page.context["estimates"] if each.chosen] == ["budget_rate"]
    assert "Chosen for this project: The flood was one-off." in page.text


def test_the_estimates_are_nothing_for_whoever_may_not_see_money(running: Cast) -> None:
    page = running.client("team_member").get(PAGE)
    assert "estimates" not in page.context
    assert "What it will cost, by each method" not in page.text
