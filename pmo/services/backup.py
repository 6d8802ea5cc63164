"""Taking the database out as one file, and putting such a file back, with proof that the records are the same.

The proof is a digest over every append-only table (the ledger, progress, the audit log ...): these are what nobody may
lose. It is kept beside the file and compared after a restore.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from pmo.kit.constraints import append_only_models
from pmo.kit.errors import ApplicationError
from pmo.models import User

CHUNK: Final = 5_000


class Digest(NamedTuple):
    """How many rows a table has, and the SHA-256 over all of them in the order of their ids."""

    table: str
    rows: int
    sha256: str


def backup(target: Path, *, force: bool = False) -> list[Digest]:
    """Write the database as it is at this moment to `target`, while it runs, and the digests beside it."""
    _refuse_reachable(target)
    if target.exists() and not force:
        raise ApplicationError(_("%s is there already; --force overwrites it.") % target, code="exists", status=409)
    if not target.parent.is_dir():
        raise ApplicationError(_("There is no folder %s.") % target.parent, code="no_folder")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        digests = _dump_postgresql(part) if connection.vendor == "postgresql" else _dump_sqlite(part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    manifest = _manifest(target)
    manifest.write_text(json.dumps([digest._asdict() for digest in digests], indent=1) + "\n")
    manifest.chmod(0o600)
    return digests


def restore(source: Path, *, force: bool = False) -> list[Digest]:
    """Put a backup back in place of the database. Refused where somebody has an account already, without `force`.

    Answers the digests of what is now there; raises ApplicationError where they differ from those of the backup.
    """
    if not source.is_file():
        raise ApplicationError(_("There is no file %s.") % source, code="does_not_exist")
    if not force and _in_use():
        raise ApplicationError(
            _("This database is in use; --force replaces everything in it by the backup."), code="in_use", status=409
        )
    if connection.vendor == "postgresql":
        _load_postgresql(source)
    else:
        _load_sqlite(source)
    with transaction.atomic():
        digests = list(digests_now())
    kept = _manifest(source)
    if kept.is_file():
        wanted = [Digest(**row) for row in json.loads(kept.read_text())]
        differing = sorted({digest.table for digest in set(wanted) ^ set(digests)})
        if differing:
            raise ApplicationError(
                _("Restored, but these tables are not what was backed up: %s.") % ", ".join(differing), code="differs"
            )
    return digests


def digests_now() -> Iterator[Digest]:
    """The digest of every append-only table of the database."""
    for model in sorted(append_only_models(), key=lambda model: model._meta.db_table):
        columns = [field.attname for field in model._meta.local_concrete_fields]
        digest, rows = hashlib.sha256(), 0
        for row in model._base_manager.order_by("pk").values_list(*columns).iterator(chunk_size=CHUNK):
            digest.update(repr([_plain(value) for value in row]).encode())
            rows += 1
        yield Digest(model._meta.db_table, rows, digest.hexdigest())


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | str | bool):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return str(value)


def _manifest(file: Path) -> Path:
    return file.with_name(file.name + ".sha256.json")


def _refuse_reachable(target: Path) -> None:
    """A backup holds everything: it must not lie where the web server hands out files."""
    place = target.absolute().resolve()
    for folder in (settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS):
        if place.is_relative_to(Path(folder).resolve()):
            raise ApplicationError(_("%s is served to browsers; put the backup elsewhere.") % folder, code="reachable")


def _in_use() -> bool:
    return User._meta.db_table in connection.introspection.table_names() and User.objects.exists()


def _dump_sqlite(part: Path) -> list[Digest]:
    """A consistent copy beside running writers; then the digests of the copy itself, not of what came since."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(part)])
    live = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(part)
    try:
        digests = list(digests_now())
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=DELETE")  # so that the one file is all there is
        return digests
    finally:
        connection.close()
        connection.settings_dict["NAME"] = live


def _load_sqlite(source: Path) -> None:
    if source.open("rb").read(16) != b"SQLite format 3\0":
        raise ApplicationError(_("%s is not a backup of SQLite.") % source, code="wrong_format")
    connection.ensure_connection()
    with sqlite3.connect(f"file:{source.absolute()}?mode=ro", uri=True) as other:
        if other.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise ApplicationError(_("%s is damaged; nothing was changed.") % source, code="damaged")
        other.backup(connection.connection)
    connection.close()


def _dump_postgresql(part: Path) -> list[Digest]:
    """pg_dump and the digests look at the same exported snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", f"--file={part}")
        return list(digests_now())


def _load_postgresql(source: Path) -> None:
    if source.open("rb").read(5) != b"PGDMP":
        raise ApplicationError(_("%s is not a backup of PostgreSQL.") % source, code="wrong_format")
    connection.close()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", str(source))


def _run(programme: str, *arguments: str) -> None:
    path = shutil.which(programme)
    if path is None:
        raise ApplicationError(_("%s is not installed here.") % programme, code="not_installed")
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {variable: str(database[key]) for variable, key in names.items() if database.get(key)}
    where = "--dbname=" + str(database["NAME"])
    done = subprocess.run(  # nosec B603: fixed programme, no shell
        [path, where, *arguments], env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise ApplicationError(f"{programme}: {lines[0]}", code="failed")
