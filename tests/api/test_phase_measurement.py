"""Over the API: how a phase is measured, and progress in units and milestones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from projects.models import Progress, ProjectPhase
from tests.conftest import Cast

MILESTONES = [
    {"name": "Drawn", "weight": "1", "planned_on": "2026-02-02"},
    {"name": "Built", "weight": "3", "planned_on": "2026-09-01"},
]


@pytest.fixture
def phases(alder: Cast) -> list[ProjectPhase]:
    """Two phases, whatever the standard brings."""
    assert alder.project is not None
    found = list(alder.project.phases.order_by("order"))
    for order in range(len(found), 2):
        found.append(
            ProjectPhase.objects.create(
                organisation=alder.organisation, project=alder.project, order=50 + order, name=f"Part {order}"
            )
        )
    return found


def patch(cast: Cast, phase: ProjectPhase, status: int = 200, **body: Any) -> dict[str, Any]:
    client = cast.client("project_manager")
    found = client.patch(f"/api/v1/project-phases/{phase.pk}/", body, content_type="application/json")
    assert found.status_code == status, found.content
    return found.json()


def say(cast: Cast, phase: ProjectPhase, status: int = 201, **body: Any) -> dict[str, Any]:
    values = {"project": str(phase.project_id), "project_phase": str(phase.pk), "status_date": "2026-06-30", **body}
    found = cast.client("project_manager").post("/api/v1/progress/", values, content_type="application/json")
    assert found.status_code == status, found.content
    return found.json()


def test_milestones_are_set_read_and_reported(alder: Cast, phases: list[ProjectPhase]):
    found = patch(alder, phases[0], method="milestones", milestones=MILESTONES)
    assert [{key: one[key] for key in ("name", "weight", "planned_on")} for one in found["milestones"]] == MILESTONES
    built = found["milestones"][1]["id"]
    said = say(alder, phases[0], milestone=built)
    assert (said["milestone"], said["percent_complete"], said["units_done"]) == (built, "75", None)
    assert say(alder, phases[0], milestone=built, percent_complete="0")["percent_complete"] == "0"
    body = alder.client("auditor").get(f"/api/v1/project-phases/{phases[0].pk}/").json()
    assert body["milestones"] == found["milestones"]


def test_units_say_the_percentage(alder: Cast, phases: list[ProjectPhase]):
    found = patch(alder, phases[0], method="units", units_total="400")
    assert (found["method"], found["units_total"], found["milestones"]) == ("units", "400", [])
    said = say(alder, phases[0], units_done="90.5")
    assert (said["units_done"], said["percent_complete"]) == ("90.5", "22.62")


def test_a_phase_follows_another_but_not_in_a_circle(alder: Cast, phases: list[ProjectPhase]):
    first, second = phases[:2]
    found = patch(alder, first, method="apportioned", apportioned_to=str(second.pk))
    assert found["apportioned_to"] == str(second.pk)
    refused = patch(alder, second, 400, method="apportioned", apportioned_to=str(first.pk))
    assert refused["errors"][0]["field"] == "apportioned_to"


def test_what_is_not_given_stays(alder: Cast, phases: list[ProjectPhase]):
    before = patch(alder, phases[0], method="milestones", milestones=MILESTONES)
    after = patch(alder, phases[0], name="Renamed", method="milestones")
    assert (after["name"], after["milestones"]) == ("Renamed", before["milestones"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"method": "guess"}, "method"),
        ({"method": "units"}, "units_total"),
        ({"method": "units", "units_total": "1.555"}, "units_total"),
        ({"units_total": "5"}, "units_total"),
        ({"method": "milestones"}, "milestones"),
        ({"method": "percent", "milestones": MILESTONES}, "milestones"),
        ({"method": "milestones", "milestones": [{"name": "A", "weight": "0"}]}, "milestones"),
        ({"method": "apportioned"}, "apportioned_to"),
        ({"method": "apportioned", "apportioned_to": "999999"}, "apportioned_to"),
    ],
)
def test_a_measurement_that_lacks_something_is_refused_whole(
    alder: Cast, phases: list[ProjectPhase], body: dict[str, Any], field: str
):
    refused = patch(alder, phases[0], 400, name="Not kept", **body)
    assert refused["errors"][0]["field"] == field
    assert ProjectPhase.objects.get(pk=phases[0].pk).name != "Not kept"


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "percent_complete"), ({"units_done": "5"}, "units_done"), ({"milestone": "9"}, "milestone")],
)
def test_progress_that_says_nothing_measurable_is_refused(
    alder: Cast, phases: list[ProjectPhase], body: dict[str, Any], field: str
):
    refused = say(alder, phases[0], 400, **body)
    assert refused["errors"][0]["field"] == field
    assert not Progress.objects.exists()


def test_a_milestone_of_another_phase_is_none_of_this(alder: Cast, phases: list[ProjectPhase]):
    found = patch(alder, phases[0], method="milestones", milestones=MILESTONES)
    refused = say(alder, phases[1], 400, milestone=found["milestones"][0]["id"])
    assert refused["errors"][0]["field"] == "milestone"


def test_the_percentage_alone_still_does(alder: Cast, phases: list[ProjectPhase]):
    assert Decimal(say(alder, phases[0], percent_complete="40")["percent_complete"]) == 40
