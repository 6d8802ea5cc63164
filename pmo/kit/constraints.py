"""What every tenant table must hold in the database itself, derived from the models.

Two guarantees that no service can forget, put in place after every `migrate`, for every table that calls for them:

* **tenant keys**: a row can refer only to rows of its own tenant. PostgreSQL: composite foreign keys
  `(x_id, organisation_id)`. SQLite, which cannot add a constraint to a table: triggers that say the same.
* **append-only**: a model with `append_only = True` has no UPDATE and no DELETE, whoever asks;
* **published**: a model with `published_by_way_of = ("phase", "version")` belongs to what those foreign keys lead to
  (an empty tuple: is it itself). Once that has a `published_at`, nothing of it is added, changed or taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

TENANT = "organisation"


def tenant_field(model: type[models.Model]) -> models.Field[Any, Any] | None:
    """The model's own, mandatory tenant key, or None where the model is global or shared."""
    for field in model._meta.local_concrete_fields:
        if field.name == TENANT and not field.null:
            return field
    return None


def tenant_models() -> list[type[models.Model]]:
    """Every installed model whose rows belong to a tenant."""
    return [model for model in apps.get_models(include_auto_created=True) if tenant_field(model)]


def tenant_references(model: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    """The foreign keys of a tenant model that lead to another tenant row."""
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.ForeignKey) and field.name != TENANT and tenant_field(field.related_model):
            yield field


def append_only_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def published_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if getattr(model, "published_by_way_of", None) is not None]


def _is_published(model: type[models.Model], row: str) -> str:
    """SQL: whether `row` (OLD or NEW) of the model's table belongs to something published."""
    path: tuple[str, ...] = model.published_by_way_of  # type: ignore[attr-defined]
    if not path:
        return f"{row}.published_at IS NOT NULL"
    fields = []
    for name in path:
        fields.append(model._meta.get_field(name))
        model = fields[-1].related_model  # type: ignore[assignment]
    tables = [field.related_model._meta.db_table for field in fields]  # type: ignore[union-attr]
    joins = "".join(
        f' JOIN "{tables[i]}" p{i} ON p{i}.id = p{i - 1}."{fields[i].column}"'  # type: ignore[union-attr]
        for i in range(1, len(fields))
    )
    return (
        f'EXISTS (SELECT 1 FROM "{tables[0]}" p0{joins} WHERE p0.id = {row}."{fields[0].column}" '  # type: ignore[union-attr]
        f"AND p{len(fields) - 1}.published_at IS NOT NULL)"
    )


def _published_events(model: type[models.Model]) -> dict[str, list[str]]:
    """Which rows are looked at on which statement. A thing that is published itself may be inserted as such."""
    if not model.published_by_way_of:  # type: ignore[attr-defined]
        return {"UPDATE": ["OLD"], "DELETE": ["OLD"]}
    return {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every missing guarantee in place. Quick and without effect where all are there."""
    tables = set(connection.introspection.table_names())
    tenants = [model for model in tenant_models() if model._meta.db_table in tables]
    frozen = [model for model in append_only_models() if model._meta.db_table in tables]
    published = [model for model in published_models() if model._meta.db_table in tables]
    if connection.vendor == "postgresql":
        _install_postgresql(connection, tenants, frozen)
        _install_published_postgresql(connection, published)
    else:
        _install_sqlite(connection, tenants, frozen)
        _install_published_sqlite(connection, published)


def _install_postgresql(
    connection: BaseDatabaseWrapper, tenants: Iterable[type[models.Model]], frozen: Iterable[type[models.Model]]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT tgname FROM pg_trigger")
        present = {row[0] for row in cursor.fetchall()}
        parents = {field.related_model for model in tenants for field in tenant_references(model)}
        for parent in sorted(parents, key=lambda model: model._meta.db_table):
            table, name = parent._meta.db_table, f"tk_{parent._meta.db_table}"
            if name not in present:
                cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (id, organisation_id)')
        for model in tenants:
            for field in tenant_references(model):
                name = f"tf_{model._meta.db_table}_{field.column}"[:63]
                if name in present:
                    continue
                cursor.execute(
                    f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{name}" '
                    f'FOREIGN KEY ("{field.column}", organisation_id) '
                    f'REFERENCES "{field.related_model._meta.db_table}" (id, organisation_id) '
                    "DEFERRABLE INITIALLY DEFERRED"
                )
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pl_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for model in frozen:
            table, name = model._meta.db_table, f"ao_{model._meta.db_table}"
            if name not in present:
                cursor.execute(
                    f'CREATE TRIGGER "{name}" BEFORE UPDATE OR DELETE ON "{table}" '
                    "FOR EACH ROW EXECUTE FUNCTION pl_append_only()"
                )


def _install_sqlite(
    connection: BaseDatabaseWrapper, tenants: Iterable[type[models.Model]], frozen: Iterable[type[models.Model]]
) -> None:
    with connection.cursor() as cursor:
        for model in tenants:
            table = model._meta.db_table
            checks = [
                f'(NEW."{field.column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM '
                f'"{field.related_model._meta.db_table}" p WHERE p.id = NEW."{field.column}" '
                "AND p.organisation_id = NEW.organisation_id))"
                for field in tenant_references(model)
            ]
            for event, short in (("INSERT", "i"), ("UPDATE", "u")):
                name = f"tf_{table}_{short}"
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                if checks and not (event == "UPDATE" and getattr(model, "append_only", False)):
                    cursor.execute(
                        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {" OR ".join(checks)} '
                        f"BEGIN SELECT RAISE(ABORT, 'tenant key: {table}'); END"
                    )
        for model in frozen:
            table = model._meta.db_table
            for event, short in (("UPDATE", "u"), ("DELETE", "d")):
                cursor.execute(
                    f'CREATE TRIGGER IF NOT EXISTS "ao_{table}_{short}" BEFORE {event} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
                )


def _install_published_postgresql(connection: BaseDatabaseWrapper, published: Iterable[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger")
        present = {row[0] for row in cursor.fetchall()}
        for model in published:
            table, name = model._meta.db_table, f"pb_{model._meta.db_table}"
            events = _published_events(model)
            checks = " ".join(
                f"IF TG_OP = '{event}' AND ({' OR '.join(_is_published(model, row) for row in rows)}) THEN "
                f"RAISE EXCEPTION 'published: {table}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
                for event, rows in events.items()
            )
            cursor.execute(
                f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {checks} '
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
            )
            if name not in present:
                cursor.execute(
                    f'CREATE TRIGGER "{name}" BEFORE {" OR ".join(events)} ON "{table}" '
                    f'FOR EACH ROW EXECUTE FUNCTION "{name}"()'
                )


def _install_published_sqlite(connection: BaseDatabaseWrapper, published: Iterable[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for model in published:
            table = model._meta.db_table
            for event, rows in _published_events(model).items():
                name = f"pb_{table}_{event[0].lower()}"
                check = " OR ".join(_is_published(model, row) for row in rows)
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                cursor.execute(
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {check} '
                    f"BEGIN SELECT RAISE(ABORT, 'published: {table}'); END"
                )


@contextmanager
def append_only_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For the installation's operator (restore, emptying a test database): drops the guards and puts them back."""
    frozen = append_only_models()
    with connection.cursor() as cursor:
        for model in published_models():
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute(f'DROP TRIGGER IF EXISTS "pb_{table}" ON "{table}"')
            else:
                for short in ("i", "u", "d"):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "pb_{table}_{short}"')
        for model in frozen:
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute(f'DROP TRIGGER IF EXISTS "ao_{table}" ON "{table}"')
            else:
                for short in ("u", "d"):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "ao_{table}_{short}"')
    try:
        yield
    finally:
        install(connection)
