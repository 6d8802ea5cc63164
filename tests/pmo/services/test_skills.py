"""Judging people: who may, what is refused, and that nothing is rewritten."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import Assessment, AuditEvent, DevelopmentAction, Person, Skill
from pmo.selectors.skills import assessments_for, levels_at, persons_for, requests_to
from pmo.services.skills import (
    assessments_record,
    certificate_add,
    certificate_withdraw,
    development_plan,
    development_turn,
    peer_answer,
    peer_ask,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)


@pytest.fixture
def skill(alder):
    return Skill.objects.get(organisation=alder.organisation, key="scheduling")


def judge(alder, role: str, of: str, skill: Skill, level: int = 3, on: date = DAY, evidence: str = "Seen."):
    return assessments_record(
        actor=alder.actor(role), person_id=alder.person(of).pk, levels={skill.pk: level}, assessed_on=on,
        evidence=evidence,
    )  # fmt: skip


def seen_by(alder, role: str) -> set[str]:
    return {person.name.split()[0] for person in persons_for(alder.actor(role), "skill.view")}


def test_whose_skills_somebody_sees_follows_from_their_role(alder):
    everybody = {name.split()[0] for name in Person.objects.values_list("name", flat=True)}
    assert seen_by(alder, "pmo_director") == seen_by(alder, "pmo_analyst") == seen_by(alder, "auditor") == everybody
    assert seen_by(alder, "portfolio_manager") == {"Petra", "Milo"}
    own = {"project_manager": "Milo", "administrator": "Ada", "team_member": "Tom", "budget_owner": "Bea"}
    assert {role: seen_by(alder, role) for role in own} == {role: {name} for role, name in own.items()}


def test_one_judges_oneself_and_the_office_as_an_assessor(alder, skill):
    [own] = judge(alder, "project_manager", "project_manager", skill, 5, evidence="")
    [office] = judge(alder, "pmo_analyst", "project_manager", skill, 2)
    assert (own.kind, office.kind) == ("self", "assessor")
    milo = alder.person("project_manager").pk
    assert levels_at(alder.organisation.pk, DAY)[milo][skill.pk].level == 2
    assert AuditEvent.objects.filter(action="assessment.record").count() == 2


def test_a_colleague_is_not_judged_unasked(alder, skill):
    with pytest.raises(NotFound):
        judge(alder, "project_manager", "team_member", skill)
    with pytest.raises(Forbidden):
        judge(alder, "auditor", "project_manager", skill)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": 6}, "Scheduling: “6” is not a level from 0 to 5."),
        ({"on": date(2999, 1, 1)}, "2999-01-01 is still to come"),
        ({"evidence": "  "}, "Say what it rests on"),
        ({"evidence": "x" * 2001}, "2001 signs"),
    ],
)
def test_a_judgement_that_cannot_stand_is_refused(alder, skill, change, said):
    with pytest.raises(ApplicationError, match=said):
        judge(alder, "pmo_analyst", "project_manager", skill, **change)


def test_an_assessment_is_never_changed_by_the_database_itself(alder, skill):
    [made] = judge(alder, "pmo_analyst", "project_manager", skill)
    with pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.filter(pk=made.pk).update(level=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.filter(pk=made.pk).delete()


def test_a_peer_judges_once_when_asked_and_sees_nothing(alder, skill):
    milo, tom = alder.person("project_manager"), alder.person("team_member")
    asked = peer_ask(actor=alder.actor("project_manager"), person_id=milo.pk, peer=tom)
    with pytest.raises(ApplicationError, match="has been asked"):
        peer_ask(actor=alder.actor("project_manager"), person_id=milo.pk, peer=tom)
    with pytest.raises(NotFound):
        peer_answer(actor=alder.actor("pmo_director"), request_id=asked.pk, levels={skill.pk: 1}, assessed_on=DAY)
    [made] = peer_answer(actor=alder.actor("team_member"), request_id=asked.pk, levels={skill.pk: 4}, assessed_on=DAY)
    assert (made.kind, made.person) == ("peer", milo)
    assert not requests_to(alder.actor("team_member")).exists()
    with pytest.raises(NotFound):
        peer_answer(actor=alder.actor("team_member"), request_id=asked.pk, levels={skill.pk: 5}, assessed_on=DAY)
    assert not assessments_for(alder.actor("team_member"), "skill.view").exists()


def test_nobody_is_their_own_peer_and_who_has_no_account_is_not_asked(alder):
    milo = alder.person("project_manager")
    nobody = Person.objects.create(organisation=alder.organisation, name="Nobody")
    for peer, said in ((milo, "own peer"), (nobody, "no account")):
        with pytest.raises(ApplicationError, match=said):
            peer_ask(actor=alder.actor("project_manager"), person_id=milo.pk, peer=peer)


def test_a_certificate_raises_the_level_until_it_is_withdrawn(alder, skill):
    milo = alder.person("project_manager")
    values = {"name": "Paper", "issued_on": date(2026, 1, 1), "skill": skill, "level": 4}
    with pytest.raises(ApplicationError, match="for an assessor to say"):
        certificate_add(actor=alder.actor("project_manager"), person_id=milo.pk, values=values)
    made = certificate_add(actor=alder.actor("pmo_analyst"), person_id=milo.pk, values=values)
    assert levels_at(alder.organisation.pk, DAY)[milo.pk][skill.pk].source == "certificate"
    certificate_withdraw(actor=alder.actor("pmo_analyst"), certificate_id=made.pk)
    assert skill.pk not in levels_at(alder.organisation.pk, DAY)[milo.pk]
    with pytest.raises(ApplicationError, match="withdrawn already"):
        certificate_withdraw(actor=alder.actor("pmo_analyst"), certificate_id=made.pk)


def test_a_certificate_ends_after_it_was_issued_and_names_both_skill_and_level_or_neither(alder, skill):
    analyst, milo = alder.actor("pmo_analyst"), alder.person("project_manager").pk
    for more, said in (
        ({"expires_on": date(2025, 1, 1)}, "cannot end on 2025-01-01"),
        ({"level": 3}, "give both, or neither"),
        ({"issued_on": date(2999, 1, 1)}, "still to come"),
    ):
        values = {"name": "Paper", "issued_on": date(2026, 1, 1), **more}
        with pytest.raises(ApplicationError, match=said):
            certificate_add(actor=analyst, person_id=milo, values=values)


def test_of_two_who_turn_a_development_one_is_told(alder, skill):
    milo = alder.actor("project_manager")
    made = development_plan(
        actor=milo, person_id=alder.person("project_manager").pk, skill_id=skill.pk, target_level=4, text="A course"
    )
    development_turn(actor=milo, action_id=made.pk, version=1, state="under_way")
    with pytest.raises(ApplicationError, match="meanwhile"):
        development_turn(actor=alder.actor("pmo_analyst"), action_id=made.pk, version=1, state="done")
    assert DevelopmentAction.objects.get(pk=made.pk).state == "under_way"


def test_levels_of_another_organisation_are_another_organisations(alder, birch, skill):
    judge(alder, "pmo_analyst", "project_manager", skill)
    assert levels_at(birch.organisation.pk, DAY) == {}
    with pytest.raises(NotFound):
        assessments_record(
            actor=birch.actor("pmo_director"), person_id=alder.person("project_manager").pk, levels={skill.pk: 1},
            assessed_on=DAY, evidence="x",
        )  # fmt: skip


def test_levels_of_ten_take_as_many_queries_as_of_one(alder, skill, django_assert_num_queries):
    for role in ("project_manager", "team_member", "budget_owner"):
        judge(alder, "pmo_analyst", role, skill)
    with django_assert_num_queries(2):
        assert len(levels_at(alder.organisation.pk, DAY)) == 3
