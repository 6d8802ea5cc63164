"""Standards: what is installed, edited, imported, published; and that the published never changes."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from pmo.analysis.standard_diff import standard_diff
from pmo.analysis.standard_file import standard_to_yaml
from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import Activity, AuditEvent, Gate, GateCriterion, Phase, Standard, StandardVersion, TailoringRule
from pmo.selectors.shipped import SHIPPED, shipped_standard
from pmo.selectors.standard_content import content_of
from pmo.services.standard_items import item_add, item_change, item_delete, item_move
from pmo.services.standards import (
    draft_begin,
    draft_discard,
    standard_create,
    standard_import,
    standard_install,
    standard_retire,
    version_publish,
)
from projects.services.projects import standard_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(alder):
    return alder.actor("pmo_director")


@pytest.fixture
def analyst(alder):
    return alder.actor("pmo_analyst")


def five(cast) -> Standard:
    return Standard.objects.get(organisation=cast.organisation, slug="five-phases")


def names(version, model=Activity, path="phase__version"):
    return list(model.objects.filter(**{path: version}).order_by("phase__order", "order").values_list("key", flat=True))


def change(analyst, draft, kind, item, **values):
    draft.refresh_from_db()
    return item_change(
        actor=analyst, version_id=draft.pk, revision=draft.revision, kind=kind, item_id=item.pk, values=values
    )


def test_a_new_organisation_has_every_shipped_standard_as_it_is_in_its_file(alder):
    for slug in SHIPPED:
        version = StandardVersion.objects.get(organisation=alder.organisation, standard__slug=slug)
        assert version.published_at is not None
        assert content_of(version) == shipped_standard(slug)
    assert standard_of(alder.organisation.pk).standard.slug == SHIPPED[0]


def test_a_version_is_read_in_as_many_queries_however_long_it_is(alder, django_assert_num_queries):
    for slug in SHIPPED:
        version = StandardVersion.objects.select_related("standard").get(
            organisation=alder.organisation, standard__slug=slug
        )
        with django_assert_num_queries(6):
            content_of(version)


@pytest.mark.parametrize(
    "statement",
    [
        lambda version: StandardVersion.objects.filter(pk=version.pk).update(summary="Else"),
        lambda version: Phase.objects.filter(version=version).update(name="Else"),
        lambda version: Activity.objects.filter(phase__version=version).update(why="Else"),
        lambda version: Activity.objects.filter(phase__in=version.phases.all())._raw_delete("default"),
        lambda version: GateCriterion.objects.filter(gate__phase__version=version).delete(),
        lambda version: Gate.objects.filter(phase__version=version).update(quorum=3),
        lambda version: TailoringRule.objects.filter(version=version).delete(),
        lambda version: Phase.objects.create(
            organisation=version.organisation, version=version, order=99, key="late", name="Late"
        ),
    ],
)
def test_the_database_itself_refuses_to_change_what_is_published(alder, statement):
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        statement(standard_of(alder.organisation.pk))


def test_a_draft_cannot_be_smuggled_into_a_published_version(alder, analyst):
    published = standard_of(alder.organisation.pk)
    draft = draft_begin(actor=analyst, standard_id=published.standard_id)
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        Activity.objects.filter(phase__version=draft).update(phase=published.phases.first())


def test_services_refuse_to_edit_what_is_published(alder, analyst):
    version = standard_of(alder.organisation.pk)
    with pytest.raises(ApplicationError, match="published versions never change") as refused:
        item_add(actor=analyst, version_id=version.pk, revision=version.revision, kind="phase", values={"name": "X"})
    assert (refused.value.code, refused.value.status) == ("published", 409)


def test_a_draft_begins_as_a_copy_and_there_is_only_one(alder, analyst):
    draft = draft_begin(actor=analyst, standard_id=five(alder).pk)
    assert (draft.number, draft.copied_from.number) == (2, 1)
    assert standard_diff(content_of(draft.copied_from), content_of(draft)) == ()
    with pytest.raises(ApplicationError, match="has a draft already, version 2"):
        draft_begin(actor=analyst, standard_id=five(alder).pk)


def test_of_two_editors_the_second_is_told(alder, analyst, director):
    draft = draft_begin(actor=analyst, standard_id=five(alder).pk)
    phase = draft.phases.first()
    first = {"version_id": draft.pk, "revision": draft.revision, "kind": "activity", "parent_id": phase.pk}
    item_add(actor=analyst, **first, values={"name": "First"})
    with pytest.raises(StaleVersion, match="Somebody else changed this draft") as told:
        item_add(actor=director, **first, values={"name": "Second"})
    assert told.value.extra == {"version": draft.revision + 1}
    assert not Activity.objects.filter(phase__version=draft, name="Second").exists()


def test_things_are_added_changed_moved_and_taken_out(alder, analyst):
    draft = draft_begin(actor=analyst, standard_id=five(alder).pk)
    phase = draft.phases.order_by("order").first()

    def act(service, **kwargs):
        draft.refresh_from_db()
        return service(actor=analyst, version_id=draft.pk, revision=draft.revision, **kwargs)

    made = act(item_add, kind="activity", parent_id=phase.pk, values={"name": "Ask the neighbours"})
    assert (made.key, made.order) == ("ask-the-neighbours", 7)
    act(item_move, kind="activity", item_id=made.pk, to=1)
    assert names(draft)[:2] == ["ask-the-neighbours", "charter"]
    assert list(phase.activities.order_by("order").values_list("order", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    act(item_move, kind="activity", item_id=made.pk, to=99)
    assert names(draft)[6] == "ask-the-neighbours"
    act(item_change, kind="activity", item_id=made.pk, values={"obligation": "recommended", "due_days": -7})
    made.refresh_from_db()
    assert (made.obligation, made.due_days, made.name) == ("recommended", -7, "Ask the neighbours")
    second = draft.phases.order_by("order")[1]
    act(item_change, kind="activity", item_id=made.pk, values={}, parent_id=second.pk)
    made.refresh_from_db()
    assert (made.phase_id, made.order) == (second.pk, 9)
    act(item_delete, kind="activity", item_id=made.pk)
    assert "ask-the-neighbours" not in names(draft)
    act(item_move, kind="phase", item_id=second.pk, to=1)
    assert [each.key for each in draft.phases.order_by("order")][:2] == ["planning", "initiation"]
    assert AuditEvent.objects.filter(action__startswith="standard.", object_id=str(draft.pk)).count() == 8


def test_rules_follow_a_key_that_is_renamed_and_forget_one_that_is_taken_out(alder, analyst):
    draft = draft_begin(actor=analyst, standard_id=five(alder).pk)
    stakeholders = Activity.objects.get(phase__version=draft, key="stakeholders")
    change(analyst, draft, "activity", stakeholders, key="people-concerned")
    rule = TailoringRule.objects.filter(version=draft).order_by("order").first()
    assert "activity:people-concerned" in rule.targets
    assert "activity:stakeholders" not in rule.targets
    draft.refresh_from_db()
    phase = draft.phases.get(key="initiation")
    item_delete(actor=analyst, version_id=draft.pk, revision=draft.revision, kind="phase", item_id=phase.pk)
    rule.refresh_from_db()
    assert "activity:people-concerned" not in rule.targets
    assert "activity:procurement" in rule.targets


@pytest.mark.parametrize(
    ("kind", "values", "field", "says"),
    [
        ("activity", {"name": " "}, "name", "empty"),
        ("activity", {"name": "A", "due_days": 9_999}, "due_days", "“9999” is not between"),
        ("activity", {"name": "A", "responsible_role": "king"}, "responsible_role", "“king” is not one of"),
        ("activity", {"name": "A", "key": "charter"}, "key", "“charter” is taken"),
        ("activity", {"name": "A", "template": "nothing-like-it"}, "template", "no document template"),
        ("gate", {"name": "G", "approver_roles": []}, "approver_roles", "somebody has to decide"),
        ("gate", {"name": "G", "approver_roles": ["sponsor"], "quorum": 2}, "quorum", "2 approvals are asked for"),
        ("activity", {"name": "A", "colour": "red"}, "colour", "no such field"),
    ],
)
def test_a_hostile_value_is_refused_beside_its_field(alder, analyst, kind, values, field, says):
    draft = draft_begin(actor=analyst, standard_id=five(alder).pk)
    with pytest.raises(ApplicationError, match=says) as refused:
        item_add(
            actor=analyst, version_id=draft.pk, revision=draft.revision, kind=kind, values=values,
            parent_id=draft.phases.first().pk,
        )  # fmt: skip
    assert refused.value.field == field


def test_publishing_needs_a_director_a_reason_and_a_sound_draft(alder, analyst, director):
    draft = draft_begin(actor=analyst, standard_id=five(alder).pk)
    with pytest.raises(Forbidden):
        version_publish(actor=analyst, version_id=draft.pk, revision=draft.revision, summary="Better.")
    with pytest.raises(ApplicationError, match="what is new"):
        version_publish(actor=director, version_id=draft.pk, revision=draft.revision, summary=" ")
    rule = TailoringRule.objects.filter(version=draft).first()
    TailoringRule.objects.filter(pk=rule.pk).update(targets=["activity:gone"])
    with pytest.raises(ApplicationError, match="“activity:gone” is nothing of this standard"):
        version_publish(actor=director, version_id=draft.pk, revision=draft.revision, summary="Better.")
    TailoringRule.objects.filter(pk=rule.pk).update(targets=["activity:stakeholders"])
    draft.refresh_from_db()
    published = version_publish(actor=director, version_id=draft.pk, revision=draft.revision, summary="Better.")
    assert (published.number, published.published_by) == (2, director.user)
    assert standard_of(alder.organisation.pk).pk == published.pk
    assert alder.project.standard_version.number == 1


def test_a_file_makes_a_new_standard_or_the_draft_of_the_one_it_names(alder, analyst):
    mine = standard_to_yaml(shipped_standard("pm2")).replace("slug: pm2", "slug: ours", 1)
    fresh = standard_import(actor=analyst, data=mine.encode())
    assert (fresh.standard.slug, fresh.number, fresh.published_at) == ("ours", 1, None)
    assert standard_to_yaml(content_of(fresh)) == mine
    changed = standard_to_yaml(shipped_standard("pm2")).replace("name: Open the logs", "name: Begin the logs", 1)
    draft = standard_import(actor=analyst, data=changed.encode())
    assert (draft.standard.slug, draft.number) == ("pm2", 2)
    assert [(each.kind, each.key) for each in standard_diff(content_of(draft.copied_from), content_of(draft))] == [
        ("activity", "logs")
    ]
    with pytest.raises(ApplicationError, match="has a draft already"):
        standard_import(actor=analyst, data=changed.encode())
    with pytest.raises(ApplicationError, match="format") as refused:
        standard_import(actor=analyst, data=b"hello: world")
    assert refused.value.field == "file"


def test_an_older_organisation_takes_a_shipped_standard_over_as_a_draft(alder, analyst):
    draft = standard_install(actor=analyst, slug="small-change")
    assert (draft.number, draft.published_at) == (2, None)
    with pytest.raises(NotFound):
        standard_install(actor=analyst, slug="../secrets")


def test_a_discarded_draft_leaves_nothing_and_a_standard_without_versions_goes_with_it(alder, analyst):
    draft = standard_create(actor=analyst, values={"slug": "own", "name": "Our own"})
    item_add(actor=analyst, version_id=draft.pk, revision=1, kind="phase", values={"name": "One"})
    draft_discard(actor=analyst, version_id=draft.pk, revision=2)
    assert not Standard.objects.filter(slug="own").exists()
    copy = draft_begin(actor=analyst, standard_id=five(alder).pk)
    draft_discard(actor=analyst, version_id=copy.pk, revision=copy.revision)
    assert five(alder).versions.count() == 1


def test_a_retired_standard_is_followed_by_no_new_project_and_the_last_stays(alder, director):
    retired = standard_retire(actor=director, standard_id=five(alder).pk, retired=True)
    assert retired.retired_at is not None
    assert standard_of(alder.organisation.pk).standard.slug == "pm2"
    for slug in ("pm2", "gates-0-5"):
        standard_retire(actor=director, standard_id=Standard.objects.get(organisation=alder.organisation, slug=slug).pk,
                        retired=True)  # fmt: skip
    last = Standard.objects.get(organisation=alder.organisation, slug="small-change")
    with pytest.raises(ApplicationError, match="only standard"):
        standard_retire(actor=director, standard_id=last.pk, retired=True)


@pytest.mark.parametrize("role", ["project_manager", "team_member", "auditor", "administrator"])
def test_nobody_else_writes_standards(alder, role):
    actor = alder.actor(role)
    with pytest.raises(Forbidden):
        draft_begin(actor=actor, standard_id=five(alder).pk)
    with pytest.raises(Forbidden):
        standard_import(actor=actor, data=b"")


def test_a_standard_of_another_organisation_does_not_exist(alder, birch, analyst):
    with pytest.raises(NotFound):
        draft_begin(actor=analyst, standard_id=five(birch).pk)
