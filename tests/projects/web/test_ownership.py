"""Pages of who answers for what."""

from __future__ import annotations

import csv
import io

import pytest

from projects.models import Project, ProjectMember, Responsibility
from projects.selectors.ownership import matrix_of
from projects.services.ownership import responsibilities_default


@pytest.fixture
def project(alder):
    project = Project.objects.get(pk=alder.project.pk)
    responsibilities_default(actor=alder.actor("pmo_analyst"), project_id=project.pk)
    return project


@pytest.fixture
def client(alder):
    return alder.client("pmo_director")


def address(project, end="responsibilities/"):
    return f"/o/alder/projects/{project.code}/{end}"


def form(project, **changes):
    """What the page sends back: every cell, with some changed."""
    matrix = matrix_of(project)
    cells = {
        f"cell/{subject.key}/{person.pk}": matrix.letters.get((subject.key, person.pk), "")
        for subject in matrix.subjects
        for person in matrix.people
    }
    return {"seen": matrix.seen, **cells, **changes}


def test_the_matrix_shows_each_thing_and_person_with_a_named_field(client, project, alder):
    page = client.get(address(project))
    [whole, *rest] = page.context["rows"]
    assert [cell.letter for cell in whole.cells] == ["C", "A", "R"]  # Bea, Dora, Milo
    assert whole.cells[1].label == f"{alder.person('pmo_director').name}: {project.name}"
    assert all(not row.vacant for row in rest)
    assert f'aria-label="{whole.cells[1].label}"' in page.content.decode()


def test_saving_writes_what_changed_alone(client, project, alder):
    dora = alder.person("pmo_director").pk
    answer = client.post(address(project), form(project, **{f"cell/project/{dora}": "I"}), follow=True)
    assert "1 letter changed" in answer.content.decode()
    assert Responsibility.objects.get(subject="project", person=dora).letter == "I"
    assert client.get(address(project)).context["vacant"][0].key == "project"


def test_two_accountable_come_back_with_the_reason_and_what_was_chosen(client, project, alder):
    milo = alder.person("project_manager").pk
    answer = client.post(address(project), form(project, **{f"cell/project/{milo}": "A"}))
    assert answer.status_code == 422
    assert "Exactly one person can be accountable" in answer.content.decode()
    letters = [cell.letter for cell in answer.context["rows"][0].cells]
    assert letters == ["C", "A", "A"]
    assert Responsibility.objects.get(subject="project", person=milo).letter == "R"


def test_what_somebody_changed_meanwhile_is_not_overwritten(client, project):
    sent = form(project)
    Responsibility.objects.filter(subject="project", letter="C").delete()
    answer = client.post(address(project), sent)
    assert answer.status_code == 422 and "meanwhile" in answer.content.decode()


def test_another_person_gets_a_column(client, project, alder):
    olga = alder.person("auditor")
    page = client.get(f"{address(project)}?add={olga.pk}")
    assert olga in [person for person, _roles in page.context["people"]]
    assert client.get(f"{address(project)}?add=999999").status_code == 404


def test_a_team_member_reads_and_does_not_write(alder, project):
    client = alder.client("team_member")
    assert "<select" not in client.get(address(project)).content.decode()
    assert client.post(address(project), form(project)).status_code == 403


def test_the_matrix_is_exported(client, project):
    text = b"".join(client.get(f"{address(project)}?format=csv").streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["Project", "Kind", "Of what", "Person", "Letter"]
    assert len(rows) == Responsibility.objects.count()


def test_a_person_sees_what_they_answer_for_in_the_projects_they_may_see(alder, project):
    milo = alder.person("project_manager")
    mine = alder.client("project_manager").get("/o/alder/answers/")
    assert mine.context["person"] == milo
    assert ("Project manager", project) in mine.context["roles"]
    assert {item["row"].letter for item in mine.context["letters"]} <= {"A", "R"}
    ProjectMember.objects.all().delete()
    theirs = alder.client("team_member").get(f"/o/alder/people/{milo.pk}/answers/")
    assert theirs.context["load"].count == 0


def test_handing_over_shows_what_moves_and_then_moves_it(client, project, alder):
    milo, petra = alder.person("project_manager"), alder.person("portfolio_manager")
    before = client.get(f"/o/alder/people/{milo.pk}/handover/").context["load"].count
    assert before > 1
    answer = client.post(f"/o/alder/people/{milo.pk}/handover/", {"to": petra.pk})
    assert answer.url == f"/o/alder/people/{petra.pk}/answers/"
    assert client.get(f"/o/alder/people/{milo.pk}/handover/").context["load"].count == 0
    again = client.post(f"/o/alder/people/{milo.pk}/handover/", {"to": petra.pk})
    assert again.status_code == 422 and "answers for nothing" in again.content.decode()
