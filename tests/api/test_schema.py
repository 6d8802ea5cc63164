"""The schema says what the API does, and its page keeps the strict content policy."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import yaml
from django.core.management import call_command


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema, which must come without a warning and be valid OpenAPI."""
    out = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)
    return yaml.safe_load(out.getvalue())


def operations(schema: dict[str, Any]):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def parameters(operation: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in operation.get("parameters", [])}


def test_it_is_openapi_31_without_a_warning(schema):
    assert schema["openapi"] == "3.1.0"
    assert len(list(operations(schema))) > 60


def test_every_operation_is_summed_up_and_tells_of_its_refusals(schema):
    for method, path, operation in operations(schema):
        assert operation["summary"], (method, path)
        assert "application/problem+json" in operation["responses"]["default"]["content"], (method, path)
        assert operation["security"] == [{"token": []}, {"session": []}], (method, path)


def test_every_write_may_be_tried_and_every_post_repeated(schema):
    for method, path, operation in operations(schema):
        known = parameters(operation)
        assert ("dry_run" in known) == (method != "get"), (method, path)
        assert ("Idempotency-Key" in known) == (method == "post"), (method, path)
        assert method in ("get", "post", "put", "patch", "delete"), (method, path)


def test_changes_of_money_and_approvals_take_if_match(schema):
    for path in ("projects/{id}/", "portfolios/{id}/"):
        assert "If-Match" in parameters(schema["paths"][f"/api/v1/{path}"]["patch"])
    for action in ("submit", "approve", "reject"):
        assert "If-Match" in parameters(schema["paths"][f"/api/v1/budgets/{{id}}/{action}/"]["post"])


def test_a_list_names_its_filters(schema):
    known = parameters(schema["paths"]["/api/v1/cost-entries/"]["get"])
    assert {"page", "page_size", "ordering", "search", "format", "kind__in", "incurred_on__gte"} <= known


def test_no_money_is_a_number(schema):
    for name, component in schema["components"]["schemas"].items():
        for key, field in component.get("properties", {}).items():
            if key in ("amount", "eac", "total", "management_reserve", "approval_limit", "bac", "ac"):
                assert "number" not in str(field.get("type")), (name, key)


def test_the_page_has_no_inline_script_or_style_and_loads_from_here_alone(client):
    response = client.get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    assert "<style" not in page
    assert "style=" not in page
    assert all(link.startswith("/") for link in re.findall(r'(?:src|href)="([^"]+)"', page))
    script = client.get(re.findall(r'src="([^"]*script[^"]*)"', page)[-1].replace("&amp;", "&"))
    assert script["Content-Type"].startswith("application/javascript")
    assert client.get("/api/v1/schema/").status_code == 200
