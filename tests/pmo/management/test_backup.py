"""`manage.py backup` and `restore`: one file, the same records, never over something without being told to."""

import json
import os
import shutil
import stat
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from pmo.models import Organisation
from projects.models import CostEntry, Project

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _dumps():
    """Where the test database can be dumped: in memory it cannot, the last test makes up for it."""
    if connection.vendor == "sqlite":
        pytest.skip("the test database is in memory; a database of files is backed up by another test")
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")


def run(command, file, **options):
    out = StringIO()
    call_command(command, str(file), stdout=out, **options)
    return out.getvalue()


@pytest.mark.usefixtures("_dumps")
def test_what_was_backed_up_comes_back(alder, tmp_path):
    file = tmp_path / "office.backup"
    said = run("backup", file)
    assert f"projects_costentry  {CostEntry.objects.count()} rows" in said
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    Organisation.objects.filter(slug="alder").update(name="Overwritten")
    assert "the records are those of the backup" in run("restore", file, force=True)
    assert Organisation.objects.get(slug="alder").name == "Alder council"
    assert Project.objects.filter(organisation__slug="alder").count() == 1


@pytest.mark.usefixtures("_dumps")
def test_nothing_is_overwritten_without_force(alder, tmp_path):
    file = tmp_path / "office.backup"
    run("backup", file)
    with pytest.raises(CommandError, match="is there already"):
        run("backup", file)
    with pytest.raises(CommandError, match="database is in use"):
        run("restore", file)


@pytest.mark.usefixtures("_dumps")
def test_a_restore_that_differs_from_what_was_backed_up_says_which_table(alder, tmp_path):
    file = tmp_path / "office.backup"
    run("backup", file)
    manifest = tmp_path / "office.backup.sha256.json"
    kept = json.loads(manifest.read_text())
    changed = [{**row, "rows": row["rows"] + 1} if row["table"] == "projects_progress" else row for row in kept]
    manifest.write_text(json.dumps(changed))
    with pytest.raises(CommandError, match="not what was backed up: projects_progress"):
        run("restore", file, force=True)


def test_a_file_that_is_no_backup_changes_nothing(alder, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear office, here is nothing of the kind you want.")
    with pytest.raises(CommandError, match="is not a backup of"):
        run("restore", file, force=True)
    assert Organisation.objects.filter(slug="alder").exists()
    with pytest.raises(CommandError, match="There is no file"):
        run("restore", tmp_path / "missing", force=True)


def test_a_backup_is_never_put_where_browsers_can_fetch_it(alder):
    with pytest.raises(CommandError, match="is served to browsers"):
        run("backup", settings.STATIC_ROOT / "office.backup")


@pytest.mark.slow
def test_a_database_of_files_is_backed_up_while_it_runs_and_restored_elsewhere(tmp_path):
    """By processes of their own, each with its data folder, as an operator does it."""

    def manage(data, *arguments):
        variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={**variables, "PMO_DATA": str(tmp_path / data), "DJANGO_SETTINGS_MODULE": "pmo.settings"},
            capture_output=True,
            text=True,
            check=False,
        )

    file = str(tmp_path / "office.backup")
    assert manage("here", "migrate", "--verbosity", "0").returncode == 0
    assert manage("here", "seed_demo", "--projects", "2", "--cost-entries", "40").returncode == 0
    said = manage("here", "backup", file).stdout
    assert "projects_costentry  280 rows" in said
    assert manage("here", "backup", file).stderr.strip().endswith("--force overwrites it.")
    there = manage("there", "restore", file)
    assert there.returncode == 0, there.stderr
    assert there.stdout.splitlines()[:-1] == said.splitlines()[:-1]
    assert "in use" in manage("there", "restore", file).stderr
    assert manage("there", "rebuild", "--check").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "office.backup",
        "office.backup.sha256.json",
    ]
