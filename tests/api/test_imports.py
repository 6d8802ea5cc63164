"""The API of imports: a file in a form, JSON out."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import ImportBatch, Project
from projects.services.import_run import import_run

pytestmark = pytest.mark.django_db
TABLE = (
    b"Code,Title,Portfolio,Budget\n"
    b"T-1,Tram,Alder capital,10.50\n"
    b"T-2,Bus,Alder capital,x\n"
    b"T-3,=cmd(),Alder capital,lots\n"
)
MAPPING = {
    "code": "Code",
    "name": {"column": "Title"},
    "portfolio": "Portfolio",
    "budget": {"column": "Budget", "scale": 1.5},
}


@pytest.fixture
def upload(alder, call):
    def run(role="pmo_analyst", content=TABLE, headers=None, **fields):
        caller = call(alder, role)
        form = {"file": SimpleUploadedFile("trams.csv", content), "target": "projects"} | fields
        form = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in form.items() if v is not None}
        answer = caller.client.post("/api/v1/imports/", form, headers={**caller.headers, **(headers or {})})
        return caller, answer

    return run


def test_a_file_is_previewed_applied_and_taken_back(upload):
    caller, answer = upload(mapping=MAPPING)
    assert answer.status_code == 202, answer.content
    body = answer.json()
    assert body["state"] == "queued" and answer["Location"].endswith(f"/{body['id']}/")
    import_run(int(body["id"]))
    body = caller.get(f"imports/{body['id']}/").json()
    assert (body["state"], body["total"], body["created"], body["rejected"]) == ("previewed", 3, 1, 2)
    assert body["sums"] == {"budget": "15.75"}
    rows = caller.get(f"imports/{body['id']}/rows/?outcome=rejected").json()
    assert rows["count"] == 2 and rows["results"][0]["line"] == 3
    assert rows["results"][0]["message"] == "Line 3, column “Budget”: “x” is not an amount."
    assert caller.post(f"imports/{body['id']}/apply/").status_code == 202
    import_run(int(body["id"]))
    assert Project.objects.get(code="T-1").archived_at is None
    assert caller.post(f"imports/{body['id']}/apply/").status_code == 409
    assert caller.post(f"imports/{body['id']}/undo/").json()["state"] == "queued"
    import_run(int(body["id"]))
    assert Project.objects.get(code="T-1").archived_at is not None
    assert caller.get(f"imports/{body['id']}/").json()["state"] == "undone"


def test_rejects_come_as_a_harmless_file_to_correct(upload):
    caller, answer = upload(mapping=MAPPING)
    import_run(int(answer.json()["id"]))
    text = caller.get(f"imports/{answer.json()['id']}/rejects.csv").getvalue().decode("utf-8-sig")
    lines = text.split("\r\n")
    assert lines[0] == "Code,Title,Portfolio,Budget,Line,Why"
    assert lines[1].startswith("T-2,Bus,Alder capital,x,3,")
    assert lines[2].startswith("T-3,'=cmd(),Alder capital,lots,4,")


def test_mode_apply_does_both_and_a_saved_mapping_is_used_by_name(upload, alder, call):
    saved = call(alder, "pmo_analyst").post(
        "import-mappings/", {"name": "Monthly", "target": "projects", "mapping": {"code": "Code", "name": "Title"}}
    )
    assert saved.status_code == 201, saved.content
    caller, answer = upload(mapping="Monthly", mode="apply")
    import_run(int(answer.json()["id"]))
    assert caller.get(f"imports/{answer.json()['id']}/").json()["created"] == 3
    assert [row["name"] for row in caller.get("import-mappings/").json()["results"]] == ["Monthly"]
    assert upload(mapping="Nothing")[1].status_code == 400


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"target": "moon"}, "target"),
        ({"mapping": "{"}, None),
        ({"mapping": {"colour": "x"}}, "mapping.colour"),
        ({"mapping": MAPPING, "options": {"skip": 1}}, "options.skip"),
        ({"mapping": MAPPING, "mode": "destroy"}, "mode"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "file"),
        ({"file": None}, "file"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_used_is_a_400_that_names_it(upload, fields, field):
    _caller, answer = upload(**fields)
    assert answer.status_code == 400, answer.content
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert field is None or problem["errors"][0]["field"] == field
    assert not ImportBatch.objects.exists()


def test_a_body_that_is_no_form_is_a_415(alder, call):
    assert call(alder, "pmo_analyst").post("imports/", {"target": "projects"}).status_code == 415


def test_a_huge_upload_is_a_413_before_it_is_read(upload):
    _caller, answer = upload(headers={"Content-Length": str(200 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "at most 50 MB" in answer.json()["detail"]


def test_other_organisations_and_roles_see_nothing(upload, birch, call):
    _caller, answer = upload(mapping=MAPPING)
    pk = answer.json()["id"]
    stranger = call(birch, "pmo_director")
    for path in ("", "rows/", "rejects.csv"):
        assert stranger.get(f"imports/{pk}/{path}").status_code == 404
    for act in ("apply", "undo", "cancel"):
        assert stranger.post(f"imports/{pk}/{act}/").status_code == 404
    assert stranger.get("imports/").json()["count"] == 0
    assert upload(role="auditor")[1].status_code == 403


def test_the_same_idempotency_key_sends_a_file_once(alder, call):
    caller = call(alder, "pmo_analyst")
    answers = [
        caller.client.post(
            "/api/v1/imports/",
            {"file": SimpleUploadedFile("trams.csv", TABLE), "mapping": json.dumps(MAPPING)},
            headers={**caller.headers, "Idempotency-Key": "monday"},
        )
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json() and ImportBatch.objects.count() == 1
