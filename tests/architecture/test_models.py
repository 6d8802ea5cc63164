"""Every row belongs to an organisation, and the database itself holds it there, whatever the code above forgets."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from pmo.kit.constraints import append_only_models, tenant_field, tenant_models, tenant_references
from pmo.models import AuditEvent, AuditSeal, IdempotencyKey, Organisation, OutboxMark
from pmo.services.audit import audit_seal
from portfolio.models import FindingEvent, RollUpDay, RuleSetting
from projects.models import ProjectReporting
from tests.api.operations import operations
from tests.world import World, build, undone

ROOT = Path(__file__).resolve().parents[2]
OURS = ("pmo", "projects", "portfolio")

GLOBAL = {
    "pmo.Organisation": "is the tenant",
    "pmo.User": "signs in to several organisations; rights come from memberships alone",
    "pmo.User_groups": "the framework's; no right here comes from a group",
    "pmo.User_user_permissions": "the framework's; no right here comes from one",
    "pmo.Heartbeat": "when a worker was last seen: of the installation",
    "pmo.AuditSeal": "one-to-one with its event, which has the organisation",
}
OTHERS = {"auth", "contenttypes", "sessions", "account", "socialaccount", "mfa"}  # accounts, not an organisation's data


def tenants() -> list[type[models.Model]]:
    return sorted(tenant_models(), key=lambda model: model._meta.label)


REFERENCES = [(model, field) for model in tenants() for field in tenant_references(model)]
APPEND_ONLY = sorted(append_only_models(), key=lambda model: model._meta.label)


def named(value: Any) -> str:
    return value.name if isinstance(value, models.Field) else value._meta.label


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both houses, and a row of whatever the matrix does not need."""
    with django_db_blocker.unblock(), undone():
        made = build()
        for house in (made.alder, made.birch):
            _rest(house)
        audit_seal()
        yield made


def _rest(house: Any) -> None:
    organisation = house.cast.organisation
    OutboxMark.objects.create(organisation=organisation, kind="performance", subject_id=1)
    IdempotencyKey.objects.create(organisation=organisation, actor_key="a", route="POST /", key="k", request_sha256="0")
    RuleSetting.objects.create(organisation=organisation, slug="cost-overrun")
    FindingEvent.objects.create(organisation=organisation, finding_id=house.id("finding", "own"), kind="seen")
    ProjectReporting.objects.create(
        organisation=organisation, project_id=house.id("project", "own"), status_date="2026-01-01", currency="EUR",
        computed_at=timezone.now(),
    )  # fmt: skip
    for scope in ({"scope": "portfolio", "portfolio_id": house.id("portfolio", "own")},
                  {"scope": "programme", "programme_id": house.id("programme", "own")}):  # fmt: skip
        RollUpDay.objects.create(organisation=organisation, day="2026-01-01", currency="GBP", **scope)


def test_every_model_has_an_organisation_or_is_known_to_be_global():
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]
    without = {model._meta.label for model in ours if tenant_field(model) is None}
    assert without == set(GLOBAL)
    assert {model._meta.app_label for model in apps.get_models()} - set(OURS) <= OTHERS


def test_what_is_global_by_way_of_its_event_has_one():
    field = AuditSeal._meta.get_field("event")
    assert (field.unique, field.null, tenant_field(field.related_model)) == (True, False, tenant_field(AuditEvent))


def present() -> dict[str, str]:
    """The guarantees in the actual database: name -> definition."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), REFERENCES, ids=named)
def test_the_database_has_a_tenant_key_for_every_reference(model, field):
    table, known = model._meta.db_table, present()
    if connection.vendor == "postgresql":
        said = known[f"tf_{table}_{field.column}"[:63]]
        assert f"({field.column}, organisation_id)" in said
        return
    events = "i" if getattr(model, "append_only", False) else "iu"
    for event in events:
        assert f'NEW."{field.column}"' in known[f"tf_{table}_{event}"]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), REFERENCES, ids=named)
def test_a_row_cannot_refer_to_one_of_another_organisation(world: World, model, field):
    # The newest: what is published cannot be changed at all, so drafts come last in the world.
    own = model.objects.filter(organisation=world.alder.cast.organisation).order_by("-pk").first()
    foreign = field.related_model.objects.filter(organisation=world.birch.cast.organisation).first()
    assert own is not None, "no row of it in tests/world.py"
    assert foreign is not None
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        if getattr(model, "append_only", False):
            own.pk = None
            setattr(own, field.attname, foreign.pk)
            model.objects.bulk_create([own])
        else:
            model.objects.filter(pk=own.pk).update(**{field.attname: foreign.pk})
        connection.check_constraints() if connection.vendor == "sqlite" else _now()
    said = str(refused.value)
    # PostgreSQL looks at unique keys and checks first; that the tenant key is there is held by the test above.
    sooner = connection.vendor == "postgresql" and ("duplicate key" in said or "check constraint" in said)
    assert "tenant key" in said or f"tf_{model._meta.db_table}"[:40] in said or sooner


def _now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=named)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id WHERE id = %s", "DELETE FROM {} WHERE id = %s"])
def test_the_database_refuses_to_change_or_delete_what_only_grows(world, model, statement):
    row = model.objects.first()
    assert row is not None, "no row of it in tests/world.py"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(connection.ops.quote_name(model._meta.db_table)), [row.pk])


@pytest.mark.django_db
def test_an_organisation_with_rows_is_never_deleted(world):
    with pytest.raises((DatabaseError, models.ProtectedError)), transaction.atomic():
        Organisation.objects.filter(pk=world.birch.cast.organisation.pk).delete()


# Functions that answer rows without asking who asks: what they are given has been asked for already.
GIVEN = "what it is given has been asked for with the actor already"
WITHOUT_ACTOR: dict[str, str] = {
    "projects/selectors/money.py:known_rows": GIVEN,
    "projects/selectors/approvers.py:delegations_on": GIVEN,
    "projects/selectors/approvers.py:holders_of": GIVEN,
    "projects/selectors/imports.py:rows_of": GIVEN,
    "projects/selectors/ledger.py:entries_of": GIVEN,
    "portfolio/selectors/cockpit.py:running": GIVEN,
    "portfolio/selectors/compliance.py:in_state": GIVEN,
    "portfolio/selectors/compliance.py:with_waiting": GIVEN,
    **dict.fromkeys(
        (
            f"portfolio/selectors/evidence_packs.py:{x}"
            for x in ("evidence_of", "reviews_of", "waivers_of", "letters_in")
        ),
        "a pack's projects were asked for with its maker as the actor",
    ),
    "portfolio/selectors/past.py:there_at": GIVEN,
    "portfolio/selectors/past.py:under_way_at": GIVEN,
    "projects/selectors/baselines.py:baselines_of": GIVEN,
    "pmo/selectors/standard_content.py:phases_whole": GIVEN,
    "portfolio/selectors/rules.py:rule_settings": "those of one organisation, for workers too: they have no actor",
    "pmo/selectors/outbox.py:dead_letters": "for the operator's command line; the page filters by the actor's own",
}


def test_every_selector_of_rows_starts_from_who_asks():
    found = {}
    for app in OURS:
        for path in sorted((ROOT / app / "selectors").glob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _answers_rows(node):
                    found[f"{path.relative_to(ROOT)}:{node.name}"] = "actor" in [arg.arg for arg in node.args.args]
    without = {name for name, asks in found.items() if not asks}
    assert len(found) > 20
    assert without == set(WITHOUT_ACTOR), "take the actor first, or give a reason"


def _answers_rows(node: ast.FunctionDef) -> bool:
    return node.returns is not None and "QuerySet" in ast.unparse(node.returns)


def test_every_reference_in_a_request_is_looked_up_within_reach():
    """A reference field without a scope would take the key of anybody's row."""
    open_ones = [
        f"{shape.__name__}.{name}"
        for operation in operations()
        for shape in getattr(operation.view.cls, "input_classes", {}).values()
        for name, field in _fields(shape())
        if type(field).__name__ == "PrimaryKeyRelatedField"
        or (type(field).__name__ == "ReferenceField" and getattr(field, "scope", None) is None)
    ]
    assert open_ones == []


def _fields(shape: Any) -> Any:
    for name, field in getattr(shape, "fields", {}).items():
        yield name, field
        child = getattr(field, "child", None)
        if child is not None:
            yield f"{name}[]", child
            yield from _fields(child)
