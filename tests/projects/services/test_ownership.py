"""Who answers for what: exactly one Accountable, defaults, and handing everything over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import AuditEvent, OutboxMark, Person, Policy
from portfolio.models import Finding
from projects.models import (
    GateApproval,
    GateCondition,
    GateReview,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    ProjectMember,
    Responsibility,
)
from projects.selectors.ownership import load_of, matrix_of
from projects.services.handover import person_handover
from projects.services.ownership import (
    responsibilities_default,
    responsibilities_set,
    responsibility_create,
    responsibility_delete,
    responsibility_update,
)


@pytest.fixture
def project(alder):
    return Project.objects.get(pk=alder.project.pk)


@pytest.fixture
def gate(alder, project):
    return ProjectGate.objects.create(
        organisation=alder.organisation, project=project, project_phase=project.phases.first(), order=1, key="start",
        name="Start gate",
    )  # fmt: skip


def change(alder, place, /, role="pmo_analyst", **letters):
    """`project=("Petra", "A")` and the like, as somebody who looked a moment ago."""
    wanted = {(subject.replace("_", ":"), alder.person(who).pk): letter for subject, (who, letter) in letters.items()}
    seen = matrix_of(place).seen
    return responsibilities_set(actor=alder.actor(role), project_id=place.pk, letters=wanted, seen=seen)


def held(project):
    rows = Responsibility.objects.filter(project=project).order_by("subject", "letter")
    return [(row.subject.split(":")[0], row.person.name.split()[0], row.letter) for row in rows]


def test_letters_are_set_changed_and_taken_away(alder, project, gate):
    assert change(alder, project, project=("pmo_director", "A"), **{f"gate_{gate.pk}": ("project_manager", "R")}) == 2
    assert held(project) == [("gate", "Milo", "R"), ("project", "Dora", "A")]
    assert Responsibility.objects.get(subject=f"gate:{gate.pk}").gate == gate
    assert change(alder, project, project=("pmo_director", "C")) == 1
    assert change(alder, project, project=("pmo_director", "C")) == 0
    assert change(alder, project, project=("pmo_director", "")) == 1
    assert held(project) == [("gate", "Milo", "R")]


def test_accountability_moves_from_one_to_another_in_one_go(alder, project):
    change(alder, project, project=("pmo_director", "A"))
    letters = {("project", alder.person("pmo_director").pk): "I", ("project", alder.person("budget_owner").pk): "A"}
    responsibilities_set(
        actor=alder.actor("pmo_analyst"), project_id=project.pk, letters=letters, seen=matrix_of(project).seen
    )
    assert held(project) == [("project", "Bea", "A"), ("project", "Dora", "I")]


def test_two_accountable_for_one_thing_are_refused_by_name(alder, project, gate):
    change(alder, project, **{f"gate_{gate.pk}": ("pmo_director", "A")})
    with pytest.raises(ApplicationError, match="accountable for “Start gate”, not 2") as refusal:
        change(alder, project, **{f"gate_{gate.pk}": ("budget_owner", "A")})
    assert refusal.value.code == "two_accountable"
    assert held(project) == [("gate", "Dora", "A")]


def test_what_somebody_changed_meanwhile_is_not_overwritten(alder, project):
    seen = matrix_of(project).seen
    change(alder, project, project=("pmo_director", "A"))
    with pytest.raises(ApplicationError, match="meanwhile"):
        responsibilities_set(
            actor=alder.actor("pmo_analyst"), project_id=project.pk, seen=seen,
            letters={("project", alder.person("budget_owner").pk): "R"},
        )  # fmt: skip


def test_a_letter_a_subject_and_a_person_that_are_none_are_refused(alder, birch, project):
    me = alder.person("budget_owner").pk
    for letters, words in (
        ({("project", me): "X"}, "none of R, A, C, I"),
        ({("phase:999999", me): "R"}, "nothing of this project"),
        ({("project", birch.person("budget_owner").pk): "R"}, "no such person"),
    ):
        with pytest.raises(ApplicationError, match=words):
            responsibilities_set(
                actor=alder.actor("pmo_analyst"), project_id=project.pk, letters=letters, seen=matrix_of(project).seen
            )
    assert held(project) == []


def test_the_log_and_the_outbox_hear_of_it(alder, project):
    OutboxMark.objects.all().delete()
    change(alder, project, project=("pmo_director", "A"))
    event = AuditEvent.objects.get(action="responsibility.set")
    assert event.after == {"Alder court retrofit, Dora Alder": "A"}
    assert set(OutboxMark.objects.values_list("kind", flat=True)) == {"compliance", "portfolio"}


@pytest.mark.parametrize("role", ["budget_owner", "team_member", "auditor", "administrator"])
def test_others_may_not(alder, project, role):
    with pytest.raises((Forbidden, NotFound)):
        change(alder, project, role=role, project=("pmo_director", "A"))


def test_one_by_one_as_the_api_does(alder, project):
    actor, bea = alder.actor("pmo_analyst"), alder.person("budget_owner").pk
    row = responsibility_create(actor=actor, project_id=project.pk, subject="project", person_id=bea, letter="A")
    with pytest.raises(ApplicationError, match="has the letter A there already"):
        responsibility_create(actor=actor, project_id=project.pk, subject="project", person_id=bea, letter="R")
    assert responsibility_update(actor=actor, responsibility_id=row.pk, letter="R").letter == "R"
    responsibility_delete(actor=actor, responsibility_id=row.pk)
    assert held(project) == []


def test_defaults_come_from_the_people_named_and_keep_what_is_there(alder, project, gate):
    change(alder, project, **{f"gate_{gate.pk}": ("auditor", "A")})
    made = responsibilities_default(actor=alder.actor("pmo_analyst"), project_id=project.pk)
    letters = held(project)
    assert [row.letter for row in Responsibility.objects.filter(gate=gate)] == ["A"]
    assert Responsibility.objects.get(gate=gate).person == alder.person("auditor")
    assert {x for x in letters if x[0] == "project"} == {
        ("project", "Dora", "A"), ("project", "Milo", "R"), ("project", "Bea", "C"),
    }  # fmt: skip
    assert made == len(letters) - 1
    assert matrix_of(project).vacant == []
    assert responsibilities_default(actor=alder.actor("pmo_analyst"), project_id=project.pk) == 0


def test_what_nobody_is_accountable_for_is_named(alder, project, gate):
    vacant = {subject.name for subject in matrix_of(project).vacant}
    assert {project.name, "Start gate"} <= vacant
    change(alder, project, **{f"gate_{gate.pk}": ("pmo_director", "A")})
    assert {subject.name for subject in matrix_of(project).vacant} == vacant - {"Start gate"}


# ---------------------------------------------------------------- handing over


@pytest.fixture
def laden(alder, project, gate):
    """Milo answers for the project in every way there is."""
    milo = alder.person("project_manager")
    mine = {"organisation": alder.organisation, "project": project}
    row = {**mine, "project_phase": project.phases.first(), "order": 1}
    change(alder, project, project=("project_manager", "A"), **{f"gate_{gate.pk}": ("project_manager", "R")})
    ProjectActivity.objects.create(**row, key="a", name="Open", assigned_to=milo)
    ProjectActivity.objects.create(**row, key="b", name="Done", assigned_to=milo, state="done")
    ProjectDeliverable.objects.create(**row, key="c", name="Case", owner=milo)
    review = GateReview.objects.create(**mine, gate=gate, number=1, state="submitted")
    GateApproval.objects.create(organisation=alder.organisation, review=review, order=1, approver=milo)
    GateCondition.objects.create(**mine, review=review, text="Sign", due=date(2026, 12, 1), owner=milo)
    ProjectMember.objects.create(**mine, person=milo, kind="team")
    Policy.objects.create(organisation=alder.organisation, slug="p", name="Gifts", owner=milo)
    Finding.objects.create(
        organisation=alder.organisation, rule="x", scope="project", severity="low", severity_rank=3, title="Y",
        fingerprint="f", subject=f"project:{project.pk}", owner=milo, first_seen=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    return milo


def test_everything_open_goes_to_the_other_and_what_is_done_stays(alder, project, laden):
    petra = alder.person("portfolio_manager")
    director = alder.actor("pmo_director")
    assert load_of(director, laden).count == 8
    assert person_handover(actor=director, from_id=laden.pk, to_id=petra.pk) == 9
    assert load_of(director, laden).count == 0
    assert load_of(director, petra).count == 8
    project.refresh_from_db()
    assert project.project_manager == petra
    assert ProjectActivity.objects.get(name="Done").assigned_to == laden
    assert Policy.objects.get(slug="p").owner == petra
    assert Finding.objects.get(rule="x").owner == petra
    told = AuditEvent.objects.filter(action="responsibility.handover")
    assert {event.object_type for event in told} == {"person", "project"}
    assert told.get(object_type="project").project_ref == project.pk


def test_of_two_letters_for_one_thing_the_stronger_stays(alder, project, gate, laden):
    change(alder, project, project=("portfolio_manager", "I"), **{f"gate_{gate.pk}": ("portfolio_manager", "A")})
    person_handover(actor=alder.actor("pmo_director"), from_id=laden.pk, to_id=alder.person("portfolio_manager").pk)
    assert held(project) == [("gate", "Petra", "A"), ("project", "Petra", "A")]


def test_a_handover_is_refused_to_oneself_to_strangers_and_of_nothing(alder, birch, laden):
    director, nobody = alder.actor("pmo_director"), Person.objects.create(organisation=alder.organisation, name="N")
    with pytest.raises(ApplicationError, match="somebody else"):
        person_handover(actor=director, from_id=laden.pk, to_id=laden.pk)
    with pytest.raises(NotFound):
        person_handover(actor=director, from_id=laden.pk, to_id=birch.person("auditor").pk)
    with pytest.raises(ApplicationError, match="answers for nothing"):
        person_handover(actor=director, from_id=nobody.pk, to_id=laden.pk)
    assert load_of(director, laden).count == 8


@pytest.mark.parametrize("role", ["portfolio_manager", "project_manager", "administrator", "auditor"])
def test_only_the_office_hands_over(alder, laden, role):
    with pytest.raises(Forbidden):
        person_handover(actor=alder.actor(role), from_id=laden.pk, to_id=alder.person("auditor").pk)
    assert Responsibility.objects.filter(person=laden).count() == 2


def test_the_matrix_takes_five_queries_and_a_load_seven(alder, project, laden, django_assert_num_queries):
    with django_assert_num_queries(5):
        matrix_of(project)
    director = alder.actor("pmo_director")
    with django_assert_num_queries(7):
        load_of(director, laden)
