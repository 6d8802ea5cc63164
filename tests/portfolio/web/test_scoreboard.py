"""The page of the scoreboard and its file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from projects.analysis.estimates import NAMES
from tests.portfolio.selectors.test_scoreboard import finish, report

PAGE = "/o/merrowby/scoreboard/"


@pytest.fixture
def client(director):
    client = Client()
    client.force_login(director.user)
    return client


def test_the_page_names_the_closest_method_at_each_checkpoint_and_how_far_off_it_was(client, office):
    finish(office, "A-1")
    page = client.get(PAGE)
    winners = page.context["winners"]
    assert [point.at for point, *_rest in winners] == [25, 50, 75]
    for point, name, error, known in winners:
        assert known == point.counts[point.best]
        assert error == min(each for each in point.errors.values() if each is not None)
        assert name == NAMES[point.best]
    assert winners[0][2] == 20
    assert "off by 20.0 %, in 1 project" in page.text


def test_the_average_is_told_over_those_projects_that_have_it(client, office):
    for number, code in enumerate(("A-1", "B-2", "C-3", "D-4")):
        project = finish(office, code)
        if number < 3:
            report(office, project, 1_250_000, "2026-01-15")
    assert "As reported</b> came closest: off by 0.0 % on average, over 3 of 4 projects." in client.get(PAGE).text


def test_a_checkpoint_leads_to_the_project_as_at_that_day(client, office):
    finish(office, "A-1")
    assert "/o/merrowby/projects/A-1/?as_of=2026-03-31" in client.get(PAGE).text


def test_without_a_finished_project_the_page_says_what_it_waits_for(client, office):
    office.project("R-1")
    text = client.get(PAGE).text
    assert "No project is finished yet" in text
    assert "which method to trust" in text


def test_finished_projects_that_tell_nothing_are_named_with_the_reason(client, office):
    office.project("S-1", status="closed")
    text = client.get(PAGE).text
    assert "No finished project can be compared" in text
    assert "neither its costs nor a final cost are recorded" in text


def test_the_file_has_a_line_a_project_checkpoint_and_method(client, office):
    report(office, finish(office, "A-1"), 1_300_000, "2026-03-15")
    text = b"".join(client.get(f"{PAGE}?format=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3 * 5
    [cell] = [row for row in rows if row["At percent"] == "50" and row["Method"] == "As reported"]
    assert (cell["Estimate"], cell["Off by percent"], cell["Final cost"]) == ("1300000.00", "4.00", "1250000.00")
    assert all(row["Estimate"] or row["Why undefined"] for row in rows)
    assert client.get(f"{PAGE}?format=xlsx").headers["Content-Disposition"].endswith('.xlsx"')


@pytest.mark.parametrize("query", ["?by=colour", "?portfolio=XXX", "?format=pdf", "?buy=tag"])
def test_what_is_not_understood_is_refused(client, office, query):
    assert client.get(PAGE + query).status_code == 400


def test_the_page_takes_a_fixed_number_of_statements(client, office, django_assert_max_num_queries):
    for number in range(4):
        finish(office, f"M-{number}")
    client.get(PAGE)
    with django_assert_max_num_queries(24):
        client.get(PAGE)


def test_the_api_tells_the_same(client, office):
    finish(office, "A-1")
    answer = client.get("/api/v1/scoreboard/?by=tier", headers={"X-Organisation": "merrowby"}).json()
    assert [score["at"] for score in answer["scores"] if score["type"] == ""] == [25, 50, 75]
    [one] = answer["results"]
    assert (one["code"], one["final_cost"], one["types"]) == ("A-1", "1250000.00", ["No tier"])
    methods = {each["method"]: each for each in one["checkpoints"][1]["methods"]}
    assert methods["cpi"] == {
        "method": "cpi", "estimate": "1100000.00", "error_percent": "-12", "reason": None
    }  # fmt: skip
    assert methods["reported"]["reason"] == "No estimate was reported up to 31 March 2026."
