"""What the log says in words."""

from typing import Any

import pytest

from pmo.models import AuditEvent
from pmo.web.audit_words import changes, said


def _event(action: str = "project.update", before: Any = None, after: Any = None) -> AuditEvent:
    return AuditEvent(action=action, before=before, after=after)


def test_a_change_is_told_field_by_field_from_what_to_what() -> None:
    event = _event(before={"name": "Old", "finish": "2027-06-30"}, after={"name": "New", "finish": "2027-08-18"})
    assert changes(event) == [("name", "Old", "New"), ("finish", "30 Jun 2027", "18 Aug 2027")]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("amount", "-1250.4", "−1,250.40"),
        ("total", "9100000", "9,100,000.00"),
        ("reason", "1250.4", "1250.4"),
        ("expires_at", "2027-02-22T06:48:08.069Z", "22 Feb 2027"),
        ("finish", "2027-02-31x", "2027-02-31x"),
        ("scopes", ["a", "b"], "a, b"),
        ("new", True, "yes"),
        ("note", None, ""),
        ("note", "x" * 500, "x" * 159 + "…"),
    ],
)
def test_values_are_written_as_people_read_them(name: str, value: object, words: str) -> None:
    assert changes(_event(after={name: value}))[0][2] == words


def test_a_day_that_is_none_is_left_as_it_is() -> None:
    assert changes(_event(after={"finish": "2027-02-30"}))[0][2] == "2027-02-30"


def test_an_action_nobody_put_into_words_is_still_told() -> None:
    assert said(_event("tariff.thing_do")) == "tariff: thing do"
    assert said(_event("cost.post")) == "posted a cost"
