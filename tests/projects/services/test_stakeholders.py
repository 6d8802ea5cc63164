"""The register of stakeholders and the communication plan: what is kept, refused, and who may say what was sent."""

from datetime import date, timedelta

import pytest

from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import AuditEvent
from pmo.selectors.clock import today_in
from projects.models import Communication, CommunicationAudience, Project
from projects.selectors.stakeholders import due_shown, grid_of, plan_items_for, stakeholders_for
from projects.services.communication import communication_mark, plan_item_create, plan_item_stop, plan_item_update
from projects.services.stakeholders import stakeholder_create, stakeholder_remove, stakeholder_update

pytestmark = pytest.mark.django_db
SOMEBODY = {"name": "Town council", "interest": 4, "influence": 5, "stance": "against"}


@pytest.fixture
def manager(alder):
    return alder.actor("project_manager")


@pytest.fixture
def council(alder, manager):
    return stakeholder_create(actor=manager, project_id=alder.project.pk, values=SOMEBODY)


def planned(alder, actor, **values):
    given = {"message": "Status", "channel": "mail", "cadence": "weekly", "starts_on": today_in(alder.organisation)}
    return plan_item_create(actor=actor, project_id=alder.project.pk, values=given | values)


def test_a_name_is_in_the_register_once_and_again_after_it_was_taken_off(alder, manager, council):
    with pytest.raises(ApplicationError) as refused:
        stakeholder_create(actor=manager, project_id=alder.project.pk, values=SOMEBODY)
    assert (refused.value.status, refused.value.field) == (409, "name")
    stakeholder_remove(actor=manager, stakeholder_id=council.pk)
    stakeholder_create(actor=manager, project_id=alder.project.pk, values=SOMEBODY)
    assert stakeholders_for(manager, "stakeholder.view").filter(name="Town council").count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("interest", 0), ("influence", 6), ("stance", "cross"), ("name", " "), ("person_id", 9**9)]
)
def test_a_value_that_cannot_be_is_refused_by_name(alder, manager, field, value):
    with pytest.raises(ApplicationError) as refused:
        stakeholder_create(actor=manager, project_id=alder.project.pk, values=SOMEBODY | {field: value})
    assert refused.value.field == field.removesuffix("_id")


def test_two_people_cannot_overwrite_each_other(manager, council):
    stakeholder_update(actor=manager, stakeholder_id=council.pk, values={"stance": "neutral"}, version=1)
    with pytest.raises(StaleVersion):
        stakeholder_update(actor=manager, stakeholder_id=council.pk, values={"stance": "leads"}, version=1)
    council.refresh_from_db()
    assert council.stance == "neutral"
    assert AuditEvent.objects.filter(action="stakeholder.update").count() == 1


def test_the_grid_holds_everybody_once_at_their_place(manager, council):
    grid = grid_of(stakeholders_for(manager, "stakeholder.view"))
    assert [influence for influence, _cells in grid] == [5, 4, 3, 2, 1]
    held = [(cell.interest, cell.influence, cell.advice) for _i, cells in grid for cell in cells if cell.people]
    assert held == [(4, 5, "close")]


def test_the_audience_is_of_the_same_project(alder, birch, manager, council):
    foreign = stakeholder_create(actor=birch.actor("project_manager"), project_id=birch.project.pk, values=SOMEBODY)
    with pytest.raises(ApplicationError) as refused:
        plan_item_create(
            actor=manager, project_id=alder.project.pk, audience=[council.pk, foreign.pk],
            values={"message": "x", "channel": "mail", "cadence": "once", "starts_on": date(2026, 1, 1)},
        )  # fmt: skip
    assert refused.value.field == "audience"
    assert not CommunicationAudience.objects.exists()


def test_the_state_of_each_date_and_what_a_stopped_message_leaves(alder, manager):
    today = today_in(alder.organisation)
    item = planned(alder, manager, starts_on=today - timedelta(days=14))
    communication_mark(actor=manager, item_id=item.pk, due=today - timedelta(days=14), state="sent")
    shown = due_shown(plan_items_for(manager, "stakeholder.view"), today)
    assert [each.state for each in shown] == ["sent", "missed", "due", "due", "due"]
    plan_item_stop(actor=manager, item_id=item.pk)
    assert due_shown(plan_items_for(manager, "stakeholder.view"), today) == []
    assert Communication.objects.count() == 1


def test_a_date_is_marked_once(alder, manager):
    item, today = planned(alder, manager), today_in(alder.organisation)
    communication_mark(actor=manager, item_id=item.pk, due=today, state="sent")
    with pytest.raises(ApplicationError) as refused:
        communication_mark(actor=manager, item_id=item.pk, due=today, state="left_out", note="no")
    assert refused.value.status == 409
    assert Communication.objects.get().state == "sent"


def test_only_dates_of_the_plan_within_two_weeks_can_be_marked_and_leaving_out_has_a_reason(alder, manager):
    item, today = planned(alder, manager), today_in(alder.organisation)
    for day, state, note, field in (
        (today + timedelta(days=1), "sent", "", "due"),
        (today + timedelta(days=21), "sent", "", "due"),
        (today, "left_out", " ", "note"),
        (today, "lost", "", "state"),
    ):
        with pytest.raises(ApplicationError) as refused:
            communication_mark(actor=manager, item_id=item.pk, due=day, state=state, note=note)
        assert refused.value.field == field
    assert not Communication.objects.exists()


def test_a_team_member_marks_what_they_are_responsible_for_and_nothing_else(alder, manager):
    member, today = alder.actor("team_member"), today_in(alder.organisation)
    theirs = planned(alder, manager, responsible_id=alder.person("team_member").pk)
    other = planned(alder, manager)
    communication_mark(actor=member, item_id=theirs.pk, due=today, state="sent")
    with pytest.raises(Forbidden):
        communication_mark(actor=member, item_id=other.pk, due=today, state="sent")
    with pytest.raises(Forbidden):
        plan_item_update(actor=member, item_id=theirs.pk, values={"message": "Mine"})


def test_what_is_not_seen_is_not_there(alder, birch, manager):
    item = planned(alder, manager)
    with pytest.raises(NotFound):
        communication_mark(
            actor=birch.actor("pmo_director"), item_id=item.pk, due=today_in(alder.organisation), state="sent"
        )


def test_the_list_of_dates_asks_as_often_for_many_messages_as_for_one(alder, manager, django_assert_num_queries):
    for number in range(6):
        planned(alder, manager, message=f"News {number}")
    rows = plan_items_for(manager, "stakeholder.view")
    with django_assert_num_queries(3):
        assert len(due_shown(rows, today_in(alder.organisation))) == 18
    assert Project.objects.filter(pk=alder.project.pk).exists()
