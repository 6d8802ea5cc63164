"""The inbox of findings and the page of rules, as a person in a browser meets them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from portfolio.models import Finding, RuleSetting
from portfolio.services.standings import standings_refresh
from tests.portfolio.conftest import Office

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "detail"}


@pytest.fixture
def finding(office: Office) -> Finding:
    for code in ("DIG-031", "DIG-032"):
        project = office.project(
            code, sponsor=None if code == "DIG-032" else office.person(office.member("pmo_director"))
        )
        office.progress(project, 84)
        office.cost(project, 1_000_000 if code == "DIG-031" else 840_000)
    office.compute()
    standings_refresh(office.organisation.pk)
    return Finding.objects.get(rule="cost-overrun")


@pytest.fixture
def visitor(client: Client, director, finding) -> Client:
    client.force_login(director.user)
    return client


def inbox(office: Office, query: str = "") -> str:
    return f"{reverse('portfolio:findings', args=[office.organisation.slug])}{query}"


def address(finding: Finding, name: str = "portfolio:finding", *args: object) -> str:
    return reverse(name, args=[finding.organisation.slug, finding.pk, *args])


def test_the_inbox_shows_findings_by_severity_and_opens_the_gravest(visitor, office, finding):
    page = visitor.get(inbox(office)).content.decode()
    assert "Cost is 19.0 % over the value of the work done" in page
    assert "No sponsor named" in page
    assert page.index("High") < page.index("Medium")
    first = re.findall(r'data-finding="(\d+)"', page[page.index('class="inbox"') :])[0]
    assert re.search(rf'id="detail"[^>]*data-finding="{first}"', page)
    assert Finding.objects.get(pk=first).severity == "high"


def test_tabs_count_what_they_hold(visitor, office, finding):
    counts = visitor.get(inbox(office)).context["counts"]
    assert (counts["open"], counts["new"], counts["across"], counts["suppressed"]) == (3, 3, 0, 0)


def test_searching_finds_by_project_code(visitor, office):
    page = visitor.get(inbox(office, "?search=DIG-032")).content.decode()
    assert "No sponsor named" in page
    assert "Cost is 19.0" not in page


def test_an_unknown_filter_is_refused_with_a_sentence(visitor, office):
    answer = visitor.get(inbox(office, "?colour=red"))
    assert answer.status_code == 400
    assert "There is no parameter" in answer.content.decode()


def test_a_finding_is_served_alone_to_the_page_that_asks_for_it(visitor, finding):
    fragment = visitor.get(address(finding), headers=HTMX).content.decode()
    assert fragment.lstrip().startswith("<aside")
    assert "£840,000" in fragment
    assert "First seen" in fragment
    panel = visitor.get(address(finding), headers={"HX-Request": "true", "HX-Target": "panel-body"}).content.decode()
    assert "panel-head" in panel


def test_acknowledging_answers_the_finding_its_row_and_the_counts(visitor, finding):
    answer = visitor.post(address(finding, "portfolio:finding-act", "acknowledge"), {"version": 1}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="finding-{finding.pk}"' in page
    assert page.count("hx-swap-oob") == 2
    assert "toast" in answer.headers["HX-Trigger"]
    finding.refresh_from_db()
    assert finding.status == "acknowledged"


def test_without_htmx_one_comes_back_to_the_finding(visitor, finding):
    answer = visitor.post(address(finding, "portfolio:finding-act", "acknowledge"), {"version": 1})
    assert answer.status_code == 302
    assert answer.url.startswith(address(finding))


def test_a_refused_suppression_keeps_the_form_with_its_sentence(visitor, finding):
    values = {"version": 1, "until": "2020-01-01", "reason": "Known"}
    answer = visitor.post(address(finding, "portfolio:finding-act", "suppress"), values, headers=HTMX)
    assert answer.status_code == 422
    assert "is not in the future" in answer.content.decode()
    assert Finding.objects.get(pk=finding.pk).status == "open"


def test_somebody_else_was_quicker(visitor, finding):
    visitor.post(address(finding, "portfolio:finding-act", "acknowledge"), {"version": 1})
    answer = visitor.post(address(finding, "portfolio:finding-act", "treat"), {"version": 1}, headers=HTMX)
    assert answer.status_code == 412
    assert "Somebody changed this finding" in answer.content.decode()


def test_what_is_ticked_is_acknowledged(visitor, office):
    ids = list(Finding.objects.values_list("pk", flat=True))
    visitor.post(reverse("portfolio:findings-acknowledge", args=[office.organisation.slug]), {"ids": ids})
    assert set(Finding.objects.values_list("status", flat=True)) == {"acknowledged"}


def test_a_comment_appears_in_the_history(visitor, finding):
    answer = visitor.post(address(finding, "portfolio:finding-comment"), {"text": "Steel <b>prices</b>"}, headers=HTMX)
    assert "Steel &lt;b&gt;prices&lt;/b&gt;" in answer.content.decode()


def test_the_export_holds_exactly_what_is_shown(visitor, office):
    answer = visitor.get(inbox(office, "?rule=missing-owner&format=csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "DIG-032" in lines[1]


def test_an_auditor_looks_and_is_offered_nothing_to_do(client, office, finding):
    client.force_login(office.member("auditor").user)
    page = client.get(address(finding)).content.decode()
    assert "acknowledge/" not in page
    assert client.post(address(finding, "portfolio:finding-act", "acknowledge")).status_code == 403


def test_another_organisation_is_not_there(client, other_office, finding):
    client.force_login(other_office.member("pmo_director").user)
    assert client.get(address(finding)).status_code == 404
    assert client.get(reverse("portfolio:finding", args=["tarn", finding.pk])).status_code == 404
    assert client.get(reverse("portfolio:finding", args=["tarn", 10**25])).status_code == 404


def test_the_page_costs_a_fixed_number_of_queries(visitor, office, django_assert_max_num_queries):
    visitor.get(inbox(office))
    with django_assert_max_num_queries(24):
        visitor.get(inbox(office))


def test_an_empty_inbox_says_why_and_what_next(client, office, director):
    client.force_login(director.user)
    assert "Nothing was found yet" in client.get(inbox(office)).content.decode()


def test_a_rule_is_set_and_taken_back_in_the_page(visitor, office):
    url = reverse("portfolio:rule", args=[office.organisation.slug, "cost-overrun"])
    values = {
        "enabled": "on",
        "severity": "medium",
        "version": "0",
        "tolerance.percent": "12.5",
        "tolerance.severe_percent": "30",
    }
    assert visitor.post(url, values).status_code == 302
    assert RuleSetting.objects.get().tolerance == {"percent": "12.5", "severe_percent": "30"}
    page = visitor.get(reverse("portfolio:rules", args=[office.organisation.slug])).content.decode()
    assert "Set here" in page
    visitor.post(url, {**values, "version": "1", "shipped": "1"})
    assert RuleSetting.objects.get().tolerance == {}


def test_a_tolerance_that_is_no_number_comes_back_with_its_sentence(visitor, office):
    url = reverse("portfolio:rule", args=[office.organisation.slug, "cost-overrun"])
    values = {
        "enabled": "on",
        "severity": "high",
        "version": "0",
        "tolerance.percent": "lots",
        "tolerance.severe_percent": "30",
    }
    answer = visitor.post(url, values)
    assert answer.status_code == 422
    assert "Enter a number" in answer.content.decode()
    assert not RuleSetting.objects.exists()


def test_only_the_office_sets_rules_and_others_read_them(client, office, finding):
    client.force_login(office.member("project_manager").user)
    page = client.get(reverse("portfolio:rules", args=[office.organisation.slug])).content.decode()
    assert "the PMO sets them" in page
    url = reverse("portfolio:rule", args=[office.organisation.slug, "cost-overrun"])
    assert client.post(url, {"version": 0}).status_code == 403


def test_the_navigation_says_how_many_are_open_on_every_page(visitor, office, finding):
    page = visitor.get(reverse("portfolio:rules", args=[office.organisation.slug])).content.decode()
    assert '<span class="count">3</span>' in page
    visitor.post(
        address(finding, "portfolio:finding-act", "suppress"), {"until": "2099-01-01", "reason": "Known"}, headers=HTMX
    )
    page = visitor.get(reverse("portfolio:rules", args=[office.organisation.slug])).content.decode()
    assert '<span class="count">2</span>' in page


def test_a_finding_is_assigned_with_a_date(visitor, office, director, finding):
    values = {"version": 1, "owner": office.person(director).pk, "due": "2099-01-31"}
    page = visitor.post(address(finding, "portfolio:finding-act", "assign"), values, headers=HTMX).content.decode()
    assert "Ida Frame, due 31 Jan" in " ".join(page.split())
    refused = visitor.post(address(finding, "portfolio:finding-act", "assign"), {"owner": 10**9}, headers=HTMX)
    assert refused.status_code == 422
    assert "Select a valid choice" in refused.content.decode()
