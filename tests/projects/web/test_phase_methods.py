"""Choosing how a phase is measured."""

from datetime import date
from decimal import Decimal

import pytest

from projects.models import PhaseMilestone, Progress, ProjectPhase


@pytest.fixture
def phases(alder):
    found = list(alder.project.phases.order_by("order"))
    assert len(found) > 2
    return found


def send(cast, phase, role="project_manager", **values):
    address = f"/o/alder/projects/{cast.project.code}/phases/"
    return cast.client(role).post(address, {"phase": phase.pk, **values})


def test_units_are_kept_with_their_number(alder, phases):
    assert send(alder, phases[0], method="units", units_total="120").status_code == 302
    changed = ProjectPhase.objects.get(pk=phases[0].pk)
    assert (changed.method, changed.units_total) == ("units", Decimal(120))


def test_units_without_a_number_are_refused_beside_the_field(alder, phases):
    answer = send(alder, phases[0], method="units")
    assert answer.status_code == 422
    assert "Say how many units there are in all." in answer.content.decode()


def test_milestones_are_read_line_by_line_and_changed_by_name(alder, phases):
    send(alder, phases[0], method="milestones", milestones="Survey; 1; 2026-03-31\nDesign; 3")
    send(alder, phases[0], method="milestones", milestones="Design; 2\nReview; 1")
    found = PhaseMilestone.objects.filter(project_phase=phases[0]).values_list("order", "name", "weight")
    assert list(found) == [(1, "Design", Decimal(2)), (2, "Review", Decimal(1))]


def test_a_reported_milestone_cannot_be_left_out(alder, phases):
    send(alder, phases[0], method="milestones", milestones="Survey; 1\nDesign; 3")
    reached = PhaseMilestone.objects.get(name="Survey")
    Progress.objects.create(
        organisation=alder.organisation, project=alder.project, project_phase=phases[0], milestone=reached,
        status_date=date(2026, 3, 1), percent_complete=Decimal(25),
    )  # fmt: skip
    answer = send(alder, phases[0], method="milestones", milestones="Design; 3")
    assert answer.status_code == 422
    assert "cannot be left out: Survey" in answer.content.decode()


def test_phases_apportioned_in_a_circle_are_refused(alder, phases):
    assert send(alder, phases[0], method="apportioned", apportioned_to=str(phases[1].pk)).status_code == 302
    answer = send(alder, phases[1], method="apportioned", apportioned_to=str(phases[0].pk))
    assert answer.status_code == 422
    assert "in a circle" in answer.content.decode()


def test_a_line_that_is_no_milestone_is_named(alder, phases):
    answer = send(alder, phases[0], method="milestones", milestones="Survey; much")
    assert "Survey; much" in answer.content.decode()


def test_a_budget_owner_does_not_set_methods(alder, phases):
    assert send(alder, phases[0], role="budget_owner", method="units", units_total="1").status_code == 403


def test_the_progress_form_asks_for_units_and_milestones_where_a_phase_is_measured_by_them(alder, phases):
    client, address = alder.client("project_manager"), f"/o/alder/projects/{alder.project.code}/progress/"
    assert not {"units_done", "milestone_id"} & set(client.get(address).context["form"].fields)
    send(alder, phases[0], method="units", units_total="120")
    send(alder, phases[1], method="milestones", milestones="Survey; 1\nDesign; 3")
    assert {"units_done", "milestone_id"} <= set(client.get(address).context["form"].fields)
    client.post(address, {"project_phase": phases[0].pk, "units_done": "30", "status_date": "2026-03-01"})
    survey = PhaseMilestone.objects.get(name="Survey")
    client.post(address, {"project_phase": phases[1].pk, "milestone_id": survey.pk, "status_date": "2026-03-01"})
    said = Progress.objects.order_by("pk").values_list("units_done", "milestone_id", "percent_complete")
    assert list(said) == [(Decimal(30), None, Decimal(25)), (None, survey.pk, Decimal(25))]


def test_progress_without_any_measure_is_refused(alder, phases):
    address = f"/o/alder/projects/{alder.project.code}/progress/"
    answer = alder.client("project_manager").post(address, {"status_date": "2026-03-01"})
    assert answer.status_code == 422
    assert "Say how much is done" in answer.content.decode()
