"""`manage.py import_file`: the same import without a browser."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from projects.models import Project

pytestmark = pytest.mark.django_db


def run(*args):
    out = StringIO()
    call_command("import_file", *map(str, args), stdout=out)
    return out.getvalue()


def test_a_real_file_is_recognised_previewed_and_applied(alder, shared_data):
    path = shared_data / "us_itdashboard_4_agencies.csv"
    before = Project.objects.count()
    said = run("projects", path, "--organisation", "alder")
    assert "Recognised as “US Federal IT Dashboard”." in said
    assert "223 rows: 222 created, 0 updated, 0 unchanged, 1 rejected." in said
    assert "sum of budget: 6206886975.00" in said and Project.objects.count() == before
    run("auto", path, "--organisation", "alder", "--apply")
    assert Project.objects.count() == before + 222
    assert "222 unchanged" in run("projects", path, "--organisation", "alder", "--apply")


def test_a_mapping_comes_from_a_file(alder, tmp_path):
    table, mapping = tmp_path / "t.csv", tmp_path / "m.json"
    table.write_text("Code;Titre\nT-1;Tram\n")
    mapping.write_text(json.dumps({"mapping": {"code": "Code", "name": "Titre"}, "options": {"delimiter": ";"}}))
    assert "1 created" in run("projects", table, "--organisation", "alder", "--mapping", mapping, "--apply")
    assert Project.objects.get(code="T-1").name == "Tram"


def test_refusals_are_one_sentence(alder, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("Nothing\n1\n")
    for args, sentence in (
        (("projects", tmp_path / "none.csv", "--organisation", "alder"), "There is no file"),
        (("projects", table, "--organisation", "nowhere"), "no organisation “nowhere”"),
        (("projects", table, "--organisation", "alder", "--mapping", "Unknown"), "no mapping “Unknown”"),
        (("projects", table, "--organisation", "alder", "--user", "tom@alder.example"), "does not allow this"),
        (("projects", table, "--organisation", "alder"), "Say which column holds “Name”"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(*args)
