"""The pages of imports."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from projects.models import ImportBatch, Project
from projects.services.import_run import import_run
from projects.web.import_columns import lines_of, mapping_from

pytestmark = pytest.mark.django_db
TABLE = (
    "Project No,Title,Start Date,Budget (£m),RAG\n"
    "T-1,Tram,13/01/2026,10.5,Green\n"
    "T-2,Bus,14/01/2026,lots,Mauve\n"
    "T-3,Ferry,15/01/2026,2,Red\n"
    "T-4,Cable car,15/01/2026,2.5 or 3,Red\n"
).encode()


@pytest.fixture
def analyst(alder):
    return alder.client("pmo_analyst")


def send(client, content=TABLE, name="trams.csv", org="alder"):
    return client.post(f"/o/{org}/imports/", {"file": SimpleUploadedFile(name, content)})


def page(client, path):
    answer = client.get(f"/o/alder/imports/{path}")
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_the_first_page_says_what_to_do(analyst):
    text = page(analyst, "")
    assert "Nothing has been imported yet" in text and "UK Government Major Projects Portfolio" in text


def test_a_file_goes_from_the_drop_zone_to_the_projects_and_back(analyst):
    answer = send(analyst)
    batch = ImportBatch.objects.get()
    assert answer["Location"] == f"/o/alder/imports/{batch.pk}/"
    waiting = page(analyst, f"{batch.pk}/")
    assert "Waiting for a worker" in waiting and f'data-stamp="{batch.state}-0-0"' in waiting
    import_run(batch.pk)
    preview = page(analyst, f"{batch.pk}/")
    assert "Nothing is changed" in preview.replace("nothing is changed", "Nothing is changed")
    assert "12,500,000.00" in preview and "“2.5 or 3” is not an amount" in preview
    analyst.post(f"/o/alder/imports/{batch.pk}/apply/")
    import_run(batch.pk)
    assert "Taken back" not in page(analyst, f"{batch.pk}/") and Project.objects.filter(code="T-1").exists()
    analyst.post(f"/o/alder/imports/{batch.pk}/undo/")
    import_run(batch.pk)
    assert "What it had created is archived" in page(analyst, f"{batch.pk}/")
    assert "trams.csv" in page(analyst, "")


def test_the_page_of_a_running_import_asks_only_for_what_is_new(analyst):
    send(analyst)
    batch = ImportBatch.objects.get()
    address = f"/o/alder/imports/{batch.pk}/?stamp="
    assert analyst.get(address + "queued-0-0").status_code == 204
    fresh = analyst.get(address + "queued-50-0").content.decode()
    assert "<html" not in fresh and "data-finished" not in fresh
    import_run(batch.pk)
    assert "data-finished" in analyst.get(address + "queued-0-0").content.decode()
    assert analyst.get(address + "previewed-100-0").status_code == 302


def test_columns_show_samples_and_a_change_is_previewed(analyst):
    send(analyst)
    batch = ImportBatch.objects.get()
    import_run(batch.pk)
    text = page(analyst, f"{batch.pk}/columns/")
    assert "10.5 · lots · 2" in text and "Mauve = " in text
    form = {
        "target": "projects",
        "col-name": "Title",
        "col-code": "Project No",
        "col-budget": "Budget (£m)",
        "scale-budget": "1000",
        "col-health": "RAG",
        "words-health": "Mauve = amber",
        "default-currency": "EUR",
        "option-empty_values": "lots\n2.5 or 3",
    }
    assert analyst.post(f"/o/alder/imports/{batch.pk}/columns/", form).status_code == 302
    import_run(batch.pk)
    batch.refresh_from_db()
    assert (batch.created, batch.rejected) == (4, 0)
    assert batch.mapping["budget"] == {"column": "Budget (£m)", "scale": "1000"}
    assert batch.mapping["health"]["values"] == {"Mauve": "amber"} and batch.sums == {"budget": "12500.00"}


def test_what_the_form_does_not_show_survives_it(alder, analyst, shared_data):
    path = shared_data / "nyc_sca_districts_1_2.csv"
    send(analyst, path.read_bytes(), path.name)
    batch = ImportBatch.objects.get()
    import_run(batch.pk)
    batch.refresh_from_db()
    text = page(analyst, f"{batch.pk}/")
    assert "Recognised as “NYC school construction phases”" in text
    text = page(analyst, f"{batch.pk}/columns/")
    assert "Project School Name + Project Description" in text
    posted = QueryDict(mutable=True)
    for line in lines_of("projects", batch.mapping, batch.columns):
        key = line.spec.key
        posted[f"col-{key}"] = next((choice.value for choice in line.choices if choice.selected), "")
        posted[f"default-{key}"], posted[f"words-{key}"] = line.default, line.words
        posted[f"scale-{key}"] = next((value for value, _label, on in line.scales if on), "1")
    again = mapping_from(posted, "projects", batch.mapping)
    assert again["name"] == batch.mapping["name"]
    assert again["status"]["values"] == batch.mapping["status"]["values"]
    assert again["portfolio"] == batch.mapping["portfolio"]


def test_a_mapping_is_kept_and_used_again(analyst):
    send(analyst)
    batch = ImportBatch.objects.get()
    import_run(batch.pk)
    form = {"target": "projects", "col-name": "Title", "save": "1", "mapping_name": "Monthly trams"}
    answer = analyst.post(f"/o/alder/imports/{batch.pk}/columns/", form, follow=True)
    assert "Kept as “Monthly trams”." in answer.content.decode()
    assert "Monthly trams" in page(analyst, f"{batch.pk}/columns/")


def test_a_refused_mapping_comes_back_with_the_field_marked(analyst):
    send(analyst)
    batch = ImportBatch.objects.get()
    import_run(batch.pk)
    form = {"target": "projects", "col-name": "Title", "option-header_row": "many"}
    answer = analyst.post(f"/o/alder/imports/{batch.pk}/columns/", form)
    assert answer.status_code == 422 and "must be a whole number" in answer.content.decode()


def test_a_file_that_is_no_table_is_refused_where_the_person_is(analyst):
    answer = analyst.post(
        "/o/alder/imports/",
        {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")},
        headers={"Referer": "http://testserver/o/alder/imports/"},
        follow=True,
    )
    assert "This is not a CSV or XLSX file." in answer.content.decode()


def test_only_those_who_may_import_see_the_pages(alder, birch):
    send(alder.client("pmo_director"))
    batch = ImportBatch.objects.get()
    assert alder.client("auditor").get("/o/alder/imports/").status_code == 403
    assert alder.client("project_manager").get(f"/o/alder/imports/{batch.pk}/").status_code == 404, "not their own"
    for path in ("", "columns/", "rejects.csv"):
        assert birch.client("pmo_director").get(f"/o/birch/imports/{batch.pk}/{path}").status_code == 404
    assert birch.client("pmo_director").post(f"/o/birch/imports/{batch.pk}/apply/").status_code == 404
