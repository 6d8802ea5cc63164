"""Complexity and tiers; moving projects to another version of their standard, and back."""

from __future__ import annotations

from typing import Any

import pytest

from pmo.analysis.builtin_tiers import FACTORS
from pmo.kit.errors import ApplicationError, Forbidden
from pmo.models import Activity, Deliverable, Gate, Phase, StandardVersion, TailoringRule
from pmo.services.outbox import relay_all
from pmo.services.standards import draft_begin
from projects.models import Project, ProjectActivity, ProjectDeliverable, ProjectGate, TailoringChange
from projects.selectors.tailoring import plans_for
from projects.services.checklists import checklists_lay
from projects.services.projects import ProjectDraft, project_create, project_update
from projects.services.standard_moves import moves_run, standard_move, standard_move_undo
from projects.services.tailoring import complexity_assess, tailoring_decide
from tests.conftest import Cast

LOW = {factor["key"]: factor["answers"][0]["score"] for factor in FACTORS}
HIGH = {factor["key"]: factor["answers"][-1]["score"] for factor in FACTORS}
ROWS = {"activity": ProjectActivity, "deliverable": ProjectDeliverable, "gate": ProjectGate}


def checklist(project: Project) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in the checklist, without what counts changes of a row."""
    fields = ("key", "name", "project_phase_id", "order", "obligation", "applies", "due", "state")
    return {
        kind: sorted(model.objects.filter(project=project, applies=True).values_list(*fields, f"{kind}_id"))
        for kind, model in ROWS.items()
    }


def next_version(cast: Cast) -> StandardVersion:
    """A published version 2: one activity renamed, one dropped, one new, one to another phase, a recommended one made
    mandatory, a phase and its gate new."""
    draft = draft_begin(actor=cast.actor("pmo_analyst"), standard_id=cast.project.standard_version.standard_id)
    draft = getattr(draft, "version", draft)
    first, second = Phase.objects.filter(version=draft).order_by("order")[:2]
    mine = {"organisation": cast.organisation}
    named, dropped, moved = Activity.objects.filter(phase=first).order_by("order")[:3]
    Activity.objects.filter(pk=named.pk).update(name="Renamed charter")
    TailoringRule.objects.filter(version=draft).delete()
    dropped.delete()
    Activity.objects.filter(pk=moved.pk).update(phase=second, order=99)
    Activity.objects.create(**mine, phase=second, order=98, key="fresh", name="Fresh one")
    last = Phase.objects.create(**mine, version=draft, order=90, key="afterwards", name="Afterwards")
    Deliverable.objects.create(**mine, phase=last, order=1, key="after-paper", name="After paper")
    Gate.objects.create(**mine, phase=last, order=1, key="after-gate", name="After gate", approver_roles=["sponsor"])
    StandardVersion.objects.filter(pk=draft.pk).update(published_at="2026-01-01T00:00:00Z")
    return StandardVersion.objects.get(pk=draft.pk)


def test_a_new_project_has_the_checklist_of_its_standard(alder: Cast) -> None:
    project = alder.project
    asked = Activity.objects.filter(phase__version=project.standard_version).count()
    assert 0 < project.activities.count() <= asked
    assert project.gates.exclude(due=None).exists()
    assert checklists_lay(alder.organisation.pk, [project.pk]) == 0, "it is laid once"


def test_a_lighter_tier_is_proposed_as_a_difference_and_accepted(alder: Cast) -> None:
    project, pm = alder.project, alder.actor("project_manager")
    row, change = complexity_assess(
        actor=pm, project_id=project.pk, answers=HIGH, size={"budget": "9000000", "months": 30, "team": 40}
    )
    assert (row.tier, change.after["tier"]) == (3, 3)
    before = checklist(project)
    project.refresh_from_db()
    assert project.tier is None, "nothing changes before it is accepted"
    assert checklist(project) == before
    tailoring_decide(actor=pm, change_id=change.pk, accept=True)
    project.refresh_from_db()
    assert project.tier == 3
    done = project.activities.filter(applies=True).first()
    ProjectActivity.objects.filter(pk=done.pk).update(note="kept")
    _row, lighter = complexity_assess(actor=pm, project_id=project.pk, answers=LOW, size={"budget": "1000"})
    gone = [each for each in lighter.diff if each["change"] == "removed"]
    assert gone, "tier 1 leaves something out"
    tailoring_decide(actor=pm, change_id=lighter.pk, accept=True)
    left_out = {(each["kind"], each["key"]) for each in gone}
    for kind, key in left_out:
        assert ROWS[kind].objects.get(project=project, key=key).applies is False
    assert ProjectActivity.objects.get(pk=done.pk).note == "kept"
    with pytest.raises(ApplicationError, match="already"):
        tailoring_decide(actor=pm, change_id=lighter.pk, accept=True)


def test_a_change_of_tier_is_waived_by_somebody_else_with_a_reason(alder: Cast) -> None:
    project = alder.project
    _row, change = complexity_assess(
        actor=alder.actor("pmo_director"), project_id=project.pk, answers=HIGH, size={"budget": "9000000"}
    )
    with pytest.raises(ApplicationError, match="Say why"):
        tailoring_decide(actor=alder.actor("portfolio_manager"), change_id=change.pk, accept=False)
    with pytest.raises(Forbidden, match="somebody else"):
        tailoring_decide(actor=alder.actor("pmo_director"), change_id=change.pk, accept=False, reason="No need.")
    with pytest.raises(Forbidden):
        tailoring_decide(actor=alder.actor("project_manager"), change_id=change.pk, accept=False, reason="No.")
    done = tailoring_decide(
        actor=alder.actor("portfolio_manager"), change_id=change.pk, accept=False, reason="Nearly done."
    )
    project.refresh_from_db()
    assert (done.state, project.tier) == ("waived", None)


def test_an_unanswered_question_is_named(alder: Cast) -> None:
    answers = {key: value for key, value in LOW.items() if key != "finance"}
    with pytest.raises(ApplicationError) as refused:
        complexity_assess(actor=alder.actor("pmo_analyst"), project_id=alder.project.pk, answers=answers, size={})
    assert refused.value.field == "finance"
    with pytest.raises(ApplicationError, match="Neither budget"):
        complexity_assess(actor=alder.actor("pmo_analyst"), project_id=alder.project.pk, answers=LOW, size={})


def test_a_tier_set_by_hand_takes_the_checklist_with_it(alder: Cast) -> None:
    project = alder.project
    before = project.activities.filter(applies=True).count()
    project_update(actor=alder.actor("pmo_analyst"), project_id=project.pk, version=project.version, values={"tier": 1})
    kept = TailoringChange.objects.get(project=project)
    assert kept.state == "accepted"
    assert project.activities.filter(applies=True).count() != before or kept.diff


def test_projects_move_to_a_new_version_lose_nothing_and_come_back_exactly(alder: Cast) -> None:
    project = alder.project
    second = project_create(
        actor=alder.actor("pmo_director"),
        draft=ProjectDraft(code="A-2", name="Second", portfolio_id=alder.portfolio.pk, currency="GBP"),
    )
    ids = [project.pk, second.pk]
    worked_on = project.activities.order_by("project_phase__order", "order")[1]  # the one to be dropped
    ProjectActivity.objects.filter(pk=worked_on.pk).update(state="done", done_on="2026-02-01", note="kept")
    before = {pk: checklist(Project.objects.get(pk=pk)) for pk in ids}
    version = next_version(alder)
    plans = {plan.project_id: plan for plan in plans_for(alder.organisation.pk, ids, version=version)}
    told = {each["key"]: each["change"] for each in plans[project.pk].told}
    assert told["fresh"] == told["after-gate"] == "added"
    assert told[worked_on.key] == "removed"
    batch = standard_move(actor=alder.actor("pmo_analyst"), version_id=version.pk, project_ids=ids)
    relay_all()
    project.refresh_from_db()
    assert project.standard_version_id == version.pk
    worked_on.refresh_from_db()
    assert (worked_on.applies, worked_on.state, worked_on.note) == (False, "done", "kept")
    assert project.activities.get(key="fresh").project_phase.name == project.phases.order_by("order")[1].name
    assert project.gates.get(key="after-gate").project_phase.name == "Afterwards"
    assert plans_for(alder.organisation.pk, ids)[0].changes == (), "moved once, there is nothing left to do"
    assert set(project.activities.filter(applies=True).values_list("activity__phase__version", flat=True)) == {
        version.pk
    }
    changes = TailoringChange.objects.filter(batch=batch)
    assert set(changes.values_list("state", flat=True)) == {"accepted"}
    moves_run(alder.organisation.pk, list(changes.values_list("pk", flat=True)))  # a second worker finds nothing
    standard_move_undo(actor=alder.actor("pmo_analyst"), batch=batch)
    relay_all()
    for pk in ids:
        assert checklist(Project.objects.get(pk=pk)) == before[pk]
    assert set(Project.objects.filter(pk__in=ids).values_list("standard_version", flat=True)) != {version.pk}
    with pytest.raises(ApplicationError, match="undone already"):
        standard_move_undo(actor=alder.actor("pmo_analyst"), batch=batch)


def test_a_move_is_not_undone_over_what_was_tailored_since(alder: Cast) -> None:
    project = alder.project
    version = next_version(alder)
    batch = standard_move(actor=alder.actor("pmo_director"), version_id=version.pk, project_ids=[project.pk])
    relay_all()
    again = StandardVersion.objects.exclude(pk=version.pk).filter(published_at__isnull=False).first()
    standard_move(actor=alder.actor("pmo_director"), version_id=again.pk, project_ids=[project.pk])
    relay_all()
    with pytest.raises(ApplicationError, match="since; undo that first"):
        standard_move_undo(actor=alder.actor("pmo_director"), batch=batch)


def test_only_the_office_moves_and_not_to_where_a_project_is(alder: Cast, birch: Cast) -> None:
    project = alder.project
    with pytest.raises(Forbidden):
        standard_move(
            actor=alder.actor("project_manager"), version_id=project.standard_version_id, project_ids=[project.pk]
        )
    director = alder.actor("pmo_director")
    with pytest.raises(ApplicationError, match="already"):
        standard_move(actor=director, version_id=project.standard_version_id, project_ids=[project.pk])
    with pytest.raises(ApplicationError, match="no project here"):
        standard_move(actor=director, version_id=project.standard_version_id, project_ids=[birch.project.pk])
