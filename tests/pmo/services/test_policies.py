"""Policies: written, published from a day on, acknowledged by those bound; and who has not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import Membership, Policy, PolicyVersion
from pmo.selectors.clock import today_in
from pmo.selectors.policies import binding, bound_by, policies_for
from pmo.services.policies import (
    policy_acknowledge,
    policy_create,
    policy_draft_begin,
    policy_draft_change,
    policy_draft_discard,
    policy_publish,
    policy_withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(alder) -> date:
    return today_in(alder.organisation)


@pytest.fixture
def draft(alder) -> PolicyVersion:
    made = policy_create(
        actor=alder.actor("pmo_analyst"),
        about={"slug": "gifts", "name": "Gifts"},
        text={"text": "# No gifts", "binds_roles": ["project_manager", "budget_owner"], "acknowledge_within_days": 7},
    )
    return made.versions.get()


@pytest.fixture
def publish(alder, draft, today):
    def act(version=None, effective_on=None, summary="First."):
        version = version or draft
        version.refresh_from_db()
        return policy_publish(
            actor=alder.actor("pmo_director"), version_id=version.pk, revision=version.revision,
            effective_on=effective_on or today, summary=summary,
        )  # fmt: skip

    return act


def waiting(alder, role):
    return [str(each) for each in binding(alder.actor(role))]


def test_a_draft_binds_nobody_and_is_seen_by_those_who_write(alder, draft):
    assert waiting(alder, "project_manager") == []
    assert list(policies_for(alder.actor("project_manager"), "policy.view")) == []
    assert [each.state for each in policies_for(alder.actor("auditor"), "policy.view")] == ["draft"]


def test_those_bound_are_asked_until_they_have_read_it(alder, publish):
    version = publish()
    assert waiting(alder, "project_manager") == ["Gifts, version 1"]
    assert waiting(alder, "team_member") == []
    policy_acknowledge(actor=alder.actor("project_manager"), version_id=version.pk)
    first = version.acknowledgements.get()
    assert waiting(alder, "project_manager") == []
    assert policy_acknowledge(actor=alder.actor("project_manager"), version_id=version.pk) == first


def test_it_binds_from_its_day_and_not_before(alder, publish, today):
    version = publish(effective_on=today + timedelta(days=1))
    assert waiting(alder, "project_manager") == []
    with pytest.raises(ApplicationError, match="not in force"):
        policy_acknowledge(actor=alder.actor("project_manager"), version_id=version.pk)


def test_a_new_version_asks_anew_and_the_old_one_holds_until_its_day(alder, publish, today):
    policy_acknowledge(actor=alder.actor("project_manager"), version_id=publish().pk)
    second = policy_draft_begin(actor=alder.actor("pmo_analyst"), policy_id=Policy.objects.get().pk)
    assert second.text == "# No gifts"
    publish(second, today + timedelta(days=30), "Stricter.")
    assert waiting(alder, "project_manager") == []
    assert waiting(alder, "budget_owner") == ["Gifts, version 1"]
    third = policy_draft_begin(actor=alder.actor("pmo_analyst"), policy_id=second.policy_id)
    with pytest.raises(ApplicationError, match="cannot bind from an earlier day"):
        publish(third, today)


def test_the_list_of_those_bound_names_who_has_not_and_who_is_late(alder, publish, today):
    version = publish(effective_on=today - timedelta(days=8))
    policy_acknowledge(actor=alder.actor("project_manager"), version_id=version.pk)
    Membership.objects.create(
        organisation=alder.organisation, user=alder.people["budget_owner"], role="project_manager"
    )
    found = bound_by(version, today)
    assert [(str(each.user), each.acknowledged_at is None, each.late) for each in found] == [
        ("Bea Alder", True, True),
        ("Milo Alder", False, False),
    ]
    assert set(found[0].roles) == {"budget_owner", "project_manager"}
    assert not bound_by(version, version.effective_on + timedelta(days=7))[0].late


def test_a_published_version_never_changes_whoever_asks(alder, publish):
    version = publish()
    with pytest.raises(ApplicationError, match="published versions never change"):
        policy_draft_change(
            actor=alder.actor("pmo_analyst"), version_id=version.pk, revision=version.revision, values={"text": "Else"}
        )
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(text="Else")


def test_of_two_writers_the_second_is_told(alder, draft):
    analyst = alder.actor("pmo_analyst")
    change = {"version_id": draft.pk, "revision": draft.revision}
    policy_draft_change(actor=analyst, **change, values={"text": "One"})
    with pytest.raises(StaleVersion):
        policy_draft_change(actor=analyst, **change, values={"text": "Two"})
    assert PolicyVersion.objects.get(pk=draft.pk).text == "One"


def test_a_withdrawn_policy_binds_nobody_until_it_is_brought_back(alder, publish):
    version = publish()
    director = alder.actor("pmo_director")
    policy_withdraw(actor=director, policy_id=version.policy_id, withdrawn=True)
    assert waiting(alder, "project_manager") == []
    policy_withdraw(actor=director, policy_id=version.policy_id, withdrawn=False)
    assert waiting(alder, "project_manager") == ["Gifts, version 1"]


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        ({"text": " "}, "text", "may not be empty"),
        ({"text": "A", "binds_roles": ["auditor"]}, "binds_roles", "cannot bind the role “auditor”"),
        ({"text": "A", "binds_roles": ["king"]}, "binds_roles", "“king” is no role"),
        ({"text": "A", "acknowledge_within_days": 999}, "acknowledge_within_days", "“999” is not between"),
        ({"text": "A\x00"}, "text", "cannot be shown"),
        ({"text": "x" * 60_001}, "text", "at most 60000"),
    ],
)
def test_a_hostile_value_is_refused_beside_its_field(alder, text, field, says):
    with pytest.raises(ApplicationError, match=says) as refused:
        policy_create(actor=alder.actor("pmo_analyst"), about={"slug": "s", "name": "S"}, text=text)
    assert refused.value.field is not None
    assert refused.value.field.startswith(field)


def test_writing_publishing_and_reading_are_for_whom_the_matrix_says(alder, birch, draft, publish):
    with pytest.raises(Forbidden):
        policy_publish(
            actor=alder.actor("pmo_analyst"), version_id=draft.pk, revision=draft.revision,
            effective_on=date(2026, 1, 1), summary="S",
        )  # fmt: skip
    with pytest.raises(NotFound):
        policy_draft_discard(actor=birch.actor("pmo_analyst"), version_id=draft.pk, revision=draft.revision)
    version = publish()
    with pytest.raises(Forbidden):
        policy_acknowledge(actor=alder.actor("auditor"), version_id=version.pk)
    with pytest.raises(NotFound):
        policy_acknowledge(actor=birch.actor("project_manager"), version_id=version.pk)


def test_a_discarded_draft_that_was_never_published_takes_its_policy_along(alder, draft):
    policy_draft_discard(actor=alder.actor("pmo_analyst"), version_id=draft.pk, revision=draft.revision)
    assert not Policy.objects.exists()


def test_what_waits_is_found_in_two_queries(alder, publish, django_assert_num_queries):
    publish()
    actor = alder.actor("project_manager")
    with django_assert_num_queries(2):
        binding(actor)
