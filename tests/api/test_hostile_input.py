"""Whatever is sent: a plain sentence, a 4xx, and nothing changed."""

from __future__ import annotations

import csv
import io
import json
import os
import warnings
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.openapi import from_wsgi

from pmo.models import AuditEvent, OutboxMark, Person
from projects.models import Budget, CostEntry, Progress, Project

COUNTED = (CostEntry, Budget, Progress, Project, Person, AuditEvent, OutboxMark)
CASES = int(os.environ.get("API_FUZZ_CASES", "300"))
DEEP = '{"a":' * 100_000


def state() -> list[int]:
    return [model.objects.count() for model in COUNTED]


@pytest.fixture
def director(alder, birch, call):
    return call(alder, "pmo_director")


def said(response: Any) -> str:
    """The sentence of a refusal, after checking that it is one."""
    assert 400 <= response.status_code < 500, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail", "errors"} <= set(body)
    assert body["status"] == response.status_code
    for error in body["errors"]:
        assert error["message"].strip()
        assert error["message"][-1] in ".!?", error
        assert error["code"]
    assert "Traceback" not in body["detail"]
    assert "\x00" not in response.content.decode()
    return body["detail"]


@pytest.mark.parametrize(
    "amount",
    [
        1250.5, 1250, 10**400, True, None, [], {}, "", "abc", "1_000", "１２３", "1e5", "NaN", "Infinity", "-",
        "1,000.00", "0.001", "9" * 13, "0", "0.00", "-0.00", " 1", "1\n", "£5", "=1+1", "٣",
    ],
)  # fmt: skip
def test_an_amount_that_is_none_is_refused(alder, director, amount):
    before = state()
    body = {"project": str(alder.project.pk), "incurred_on": "2026-03-01", "amount": amount}
    response = director.post("cost-entries/", body)
    assert said(response)
    assert response.json()["errors"][0]["field"] == "amount"
    assert state() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project", 7),
        ("project", "7 OR 1=1"),
        ("project", "9" * 40),
        ("project", "-1"),
        ("project", "１"),
        ("project", None),
        ("project", {"id": "1"}),
        ("project", ["1"]),
        ("project_phase", "999999"),
        ("incurred_on", "31.03.2026"),
        ("incurred_on", "2026-02-30"),
        ("incurred_on", "２０２６-03-01"),
        ("incurred_on", "0001-01-01"),
        ("incurred_on", "9999-12-31"),
        ("incurred_on", 20260301),
        ("incurred_on", "2026-03-01T00:00:00Z"),
        ("kind", "bribe"),
        ("kind", {"a": 1}),
        ("category", 5),
        ("currency", "EUR"),
        ("currency", "POUNDS"),
        ("vendor", "1"),
        ("reference", 12),
        ("reference", "x" * 121),
        ("description", ["a"]),
        ("task", "5"),
        ("colour", "red"),
        ("id", "1"),
        ("recorded_at", "2020-01-01T00:00:00Z"),
        ("organisation", "2"),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused_by_name(alder, director, field, value):
    before = state()
    body = {"project": str(alder.project.pk), "incurred_on": "2026-03-01", "amount": "1.00", field: value}
    response = director.post("cost-entries/", body)
    assert said(response)
    assert field in [error["field"] for error in response.json()["errors"]]
    assert state() == before


@pytest.mark.parametrize("field", ["project", "project_phase", "vendor"])
def test_a_row_of_another_organisation_cannot_be_named(alder, birch, call, director, field):
    foreign = call(birch, "pmo_director")
    theirs = {
        "project": str(birch.project.pk),
        "project_phase": foreign.get("project-phases/").json()["results"][0]["id"],
        "vendor": foreign.post("vendors/", {"name": "Birch heat"}).json()["id"],
    }
    before = state()
    body = {"project": str(alder.project.pk), "incurred_on": "2026-03-01", "amount": "1.00", field: theirs[field]}
    response = director.post("cost-entries/", body)
    assert "Birch" not in said(response)
    assert response.json()["errors"][0]["field"] == field
    assert state() == before


@pytest.mark.parametrize(
    "text",
    [
        DEEP, "[" * 100_000, '{"a": NaN}', '{"a": 1, "a": 2}', '{"name": "a\\u0000b"}', '{"name": "\\ud800"}', "{",
        "nil", b"\xff\xfe", "[" + "9" * 5000 + "]", '"text"', "5", "null", "true", "[[]]", "[1]",
        '[{"name": "x"}, null]',
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_taken_is_refused(director, text):
    before = state()
    assert said(director.post("people/", text))
    assert state() == before


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x"])
def test_a_body_of_another_kind_is_refused(director, kind):
    response = director.client.post("/api/v1/people/", "name=x", content_type=kind, headers=director.headers)
    assert response.status_code == 415
    assert said(response)


def test_a_body_of_200_mb_is_refused_unread(director):
    class Unread(io.BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("the body was read")

    response = director.client.generic(
        "POST",
        "/api/v1/people/",
        b"{}",
        content_type="application/json",
        headers=director.headers,
        CONTENT_LENGTH=str(200 * 1024 * 1024),
        **{"wsgi.input": Unread()},
    )
    assert response.status_code == 413
    assert said(response)


def test_a_body_over_the_limit_is_refused(director):
    response = director.post("people/", json.dumps({"name": "x" * 2_700_000}))
    assert response.status_code == 413
    assert said(response)


@pytest.mark.parametrize(
    "query",
    [
        "helth=red", "project__code=x", "project__organisation__slug=birch", "amount__gte=1_000", "amount__gte=１",
        "amount__gte=NaN", "page=-1", "page=0", "page=1e3", "page=99999999999999999999", "page=2", "page_size=201",
        "page_size=ten", "ordering=password", "ordering=project__organisation__slug", "ordering=--amount", "kind=bribe",
        "incurred_on__gte=yesterday", "incurred_on__gte=2026-13-01", "recorded_at__gte=2026-01-01", "columns=secret",
        "format=exe", "search=a%00b", "vendor=1%27--", "vendor__isnull=maybe", "kind=actual&kind=actual",
        "dry_run=true", "search=" + "x" * 300, "project__in=" + ",".join(["1"] * 101), "amount__gte=" + "9" * 400,
        "%00=1", "as_of=2026-01-01",
    ],
)  # fmt: skip
def test_a_query_that_was_not_declared_is_refused(director, query):
    response = director.get(f"cost-entries/?{query}")
    assert response.status_code == 400
    assert said(response)


@pytest.mark.parametrize("pk", ["0", "-1", "9" * 30, "1.5", "１", "abc", "1%00", "..%2f", "%27", "1%0a"])
def test_an_id_that_is_none_is_not_found(director, pk):
    response = director.get(f"cost-entries/{pk}/")
    assert response.status_code in (400, 404)
    assert said(response)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "cost-entries/"),
        ("DELETE", "cost-entries/"),
        ("PATCH", "cost-entries/1/"),
        ("POST", "organisations/"),
        ("DELETE", "audit-events/1/"),
        ("POST", "roles/"),
        ("TRACE", "people/"),
        ("BREW", "people/"),
        ("POST", "projects/1/performance/"),
        ("GET", "budgets/1/approve/"),
    ],
)
def test_a_method_that_is_not_offered_is_405(director, method, path):
    response = director.send(method, path, {})
    assert response.status_code == 405
    assert said(response)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("If-Match", "v1"),
        ("If-Match", '"v1", "v2"'),
        ("If-Match", '"v１"'),
        ("Idempotency-Key", "x" * 256),
        ("Idempotency-Key", "a b"),
        ("X-Organisation", "birch"),
        ("X-Organisation", "' OR 1=1"),
        ("Authorization", "Basic YTpi"),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer plb_a_é"),
        ("Accept", "text/html"),
    ],
)
def test_a_header_that_cannot_be_taken_is_refused(alder, director, header, value):
    before = state()
    path, body = f"projects/{alder.project.pk}/", {"name": "Other"}
    sender = director.patch if header == "If-Match" else director.post
    response = sender(path if header == "If-Match" else "people/", body, **{header: value})
    assert said(response)
    assert state() == before


@pytest.mark.parametrize("name", ["=1+1", "+A1", "-A1", "@SUM(1)", "\t=1", '=HYPERLINK("http://x","y")', "＝1+1"])
def test_a_formula_in_a_name_is_kept_as_text_and_exported_harmless(director, name):
    made = director.post("people/", {"name": name})
    assert made.status_code == 201
    assert made.json()["name"] == name.strip()
    response = director.get("people/?format=csv&columns=name")
    cells = [row[0] for row in csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig")))]
    assert f"'{name.strip()}" in cells


def test_markup_in_a_name_comes_back_as_the_same_text(director):
    name = "<script>alert(1)</script> ' \" -- 😀 \u202e"
    response = director.post("people/", {"name": name})
    assert response.json()["name"] == name
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"


@contextmanager
def one_connection():
    """A server closes its connection between requests; here that would end the test's own transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def test_generated_requests_never_get_a_5xx(alder, director):
    """About 300 requests made from the schema itself, of the right shape and wrong in substance."""
    director.post("cost-entries/", {"project": str(alder.project.pk), "amount": "1.00", "incurred_on": "2026-03-01"})
    with warnings.catch_warnings(), one_connection():
        warnings.simplefilter("ignore")
        schema = from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 60
    answers: dict[int, int] = {}

    ids: dict[str, list[str]] = {}

    def attempt(operation: Any) -> None:
        resource = operation.path.split("/")[3]
        if resource not in ids:
            rows = director.get(f"{resource}/").json().get("results", [])
            ids[resource] = [row["id"] for row in rows]

        @settings(
            max_examples=max(1, CASES // len(operations)),
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE))
        def send(case: Any) -> None:
            if "id" in case.path_parameters and ids.get(resource):
                case.path_parameters["id"] = ids[resource][0]  # a row that is there: further than to the 404
            case.headers.pop("X-Organisation", None)
            with one_connection():
                response = case.call(headers=director.headers)
            answers[response.status_code] = answers.get(response.status_code, 0) + 1
            assert response.status_code < 500, (operation.label, case, response.text)

        send()

    for operation in operations:
        attempt(operation)
    assert len(answers) > 3
