"""The cockpit: what it shows, what it leaves out, how it keeps itself up to date, and for whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from pmo.models import Membership, OutboxMark, SavedView
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import progress_record
from projects.services.projects import ProjectDraft, project_create
from tests.conftest import Cast

PAGE = "/o/alder/"


@pytest.fixture
def measured(alder: Cast, approved_budget: Callable[..., object], settle: Callable[[], int]) -> Cast:
    """Alder's project with a budget of 1.2 m, 600,000.50 spent and 40 % done at the end of October."""
    approved_budget(alder)
    assert alder.project is not None
    cost_entry_post(
        actor=alder.actor("pmo_analyst"), posting=Posting(alder.project.pk, Decimal("600000.50"), date(2026, 6, 3))
    )
    progress_record(
        actor=alder.actor("project_manager"), project_id=alder.project.pk, status_date=date(2026, 10, 30),
        percent_complete=Decimal(40),
    )  # fmt: skip
    settle()
    return alder


def stamp_of(text: str) -> str:
    return text.split('data-stamp="', 1)[1].split('"', 1)[0]


def test_a_row_shows_the_figures_and_their_derivations(measured: Cast) -> None:
    page = measured.client("pmo_director").get(PAGE).content.decode()
    assert "Alder court retrofit" in page
    assert ">1,200<" in page  # budget in thousands
    assert ">0.80<" in page  # CPI = 480,000 / 600,000.50
    assert "/o/alder/projects/ALDER-1/figures/cpi/" in page


def test_the_page_takes_at_most_twelve_statements(
    measured: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = measured.client("pmo_director")
    client.get(PAGE)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert client.get(PAGE).status_code == 200


def test_nothing_new_is_answered_with_204_and_a_posting_changes_the_stamp(
    measured: Cast, settle: Callable[[], int]
) -> None:
    client = measured.client("pmo_director")
    stamp = stamp_of(client.get(PAGE).content.decode())
    assert client.get(f"{PAGE}rows/?stamp={stamp}").status_code == 204
    assert measured.project is not None
    cost_entry_post(
        actor=measured.actor("pmo_analyst"), posting=Posting(measured.project.pk, Decimal(1000), date(2026, 9, 1))
    )
    waiting = client.get(f"{PAGE}rows/?stamp={stamp}").content.decode()
    assert "Recalculating, 1 change at" in waiting
    settle()
    done = client.get(f"{PAGE}rows/?stamp={stamp_of(waiting)}").content.decode()
    assert "Recalculating" not in done
    assert ">601<" in done


def test_a_dead_letter_is_said_and_not_passed_off_as_work_in_hand(measured: Cast) -> None:

    assert measured.project is not None
    OutboxMark.objects.create(
        organisation=measured.organisation, kind="performance", subject_id=measured.project.pk, dead_at=timezone.now()
    )
    assert "Stopped; see Office, Health" in measured.client("pmo_director").get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["administrator", "team_member", "stakeholder"])
def test_a_role_without_money_sees_the_project_and_no_figure_of_it(measured: Cast, role: str) -> None:
    page = measured.client(role).get(PAGE).content.decode()
    assert "Alder court retrofit" in page
    for figure in ("1,200", "600,000", ">600<", "CPI", "EAC", "0.80"):
        assert figure not in page
    charts = measured.client(role).get(f"{PAGE}charts/").content.decode()
    assert "Spend by month" not in charts


@pytest.mark.parametrize("role", ["administrator", "team_member", "stakeholder"])
def test_a_role_without_money_cannot_sort_or_filter_by_it(measured: Cast, role: str) -> None:
    client = measured.client(role)
    for query in ("ordering=cpi", "cpi__lt=1", "columns=name,bac", "health=red", "attention=true"):
        assert client.get(f"{PAGE}?{query}").status_code == 400, query


def test_another_organisation_is_not_there(measured: Cast, birch: Cast) -> None:
    assert birch.client("pmo_director").get(PAGE).status_code == 404
    assert "Birch" not in measured.client("pmo_director").get(PAGE).content.decode()


def test_the_export_holds_exactly_the_rows_and_columns_shown(measured: Cast) -> None:
    actor = measured.actor("pmo_director")
    project_create(
        actor=actor,
        draft=ProjectDraft("X-2", "=HYPERLINK(1)", measured.portfolio.pk, "GBP", values={"status": "on_hold"}),
    )
    client = measured.client("pmo_director")
    answer = client.get(f"{PAGE}?columns=code,name,bac,cpi&ordering=code&format=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[1] == ["ALDER-1", "Alder court retrofit", "1200000.00", "0.799999"]
    assert rows[2] == ["X-2", "'=HYPERLINK(1)", "", ""]
    assert len(rows) == 3


def test_a_person_with_money_on_one_project_exports_no_money_of_another(
    measured: Cast, settle: Callable[[], int]
) -> None:

    Membership.objects.create(
        organisation=measured.organisation, user=measured.people["project_manager"], role="administrator"
    )
    other = project_create(
        actor=measured.actor("pmo_director"), draft=ProjectDraft("Z-9", "Secret", measured.portfolio.pk, "GBP")
    )
    cost_entry_post(
        actor=measured.actor("pmo_director"), posting=Posting(other.pk, Decimal("777.77"), date(2026, 5, 5))
    )
    settle()
    client = measured.client("project_manager")
    page = client.get(PAGE).content.decode()
    assert "Secret" in page
    assert "778" not in page and "777" not in page
    assert "not yours to see" in page
    assert "Total," not in page and "Budget (BAC)" not in page  # a sum would tell the rest
    narrowed = client.get(f"{PAGE}?ac__gte=1").content.decode()
    assert "Alder court retrofit" in narrowed and "Secret" not in narrowed
    assert "Secret" not in client.get(f"{PAGE}?ordering=ac").content.decode()
    answer = client.get(f"{PAGE}?columns=code,ac&format=csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "600000.50" in text
    assert "777" not in text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("colour=red", "colour"),
        ("health=blue", "blue"),
        ("page=-1", "-1"),
        ("ordering=password", "password"),
        ("cpi__lt=abc", "abc"),
    ],
)
def test_an_address_that_asks_for_nonsense_is_answered_with_a_sentence(measured: Cast, query: str, says: str) -> None:
    answer = measured.client("pmo_director").get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_a_view_is_saved_shown_as_a_tab_and_forgotten(measured: Cast) -> None:
    client = measured.client("pmo_director")
    client.post(f"{PAGE}views/", {"name": "Over budget", "query": "vac_percent__lt=0&ordering=-eac"})
    view = SavedView.objects.get()
    assert view.query == "vac_percent__lt=0&ordering=-eac"
    assert "Over budget" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}views/{view.pk}/forget/")
    assert not SavedView.objects.exists()


def test_somebody_who_is_not_signed_in_is_sent_to_sign_in(alder: Cast) -> None:
    answer = Client().get(PAGE)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_charts_add_up_to_the_ledger(measured: Cast) -> None:
    charts = measured.client("pmo_director").get(f"{PAGE}charts/").content.decode()
    assert "£0.6m to date, £1.0m planned" in charts


def test_a_new_project_stands_in_the_list_before_any_worker_has_looked_at_it(measured: Cast) -> None:
    project_create(
        actor=measured.actor("pmo_director"), draft=ProjectDraft("N-1", "Brand new", measured.portfolio.pk, "GBP")
    )
    page = measured.client("pmo_director").get(PAGE).content.decode()
    assert "Brand new" in page
    assert "1–2 of 2 projects" in page
