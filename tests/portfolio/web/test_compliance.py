"""The matrix of projects and requirements, and the compliance of one project."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from pmo.models import Activity, Gate, Phase, Policy, PolicyVersion
from portfolio.models import ProjectCompliance
from portfolio.services.compliance import compliance_rebuild
from portfolio.services.standings import standings_refresh
from projects.models import ProjectActivity, ProjectGate, ProjectPhase
from projects.services.lifecycle_marks import requirements_changed
from projects.services.projects import standard_of


@pytest.fixture
def client(director):
    client = Client()
    client.force_login(director.user)
    return client


@pytest.fixture
def filled(office, director):
    """Three projects that follow the standard: one in breach, one all done, one with nothing due."""
    version = standard_of(office.organisation.pk)
    phases = list(Phase.objects.filter(version=version).order_by("order")[:2])
    for code, done, due in (("A-1", False, "09-15"), ("B-2", True, "09-15"), ("C-3", False, "12-15")):
        project = office.project(code, budget=None, standard_version=version)
        for order, phase in enumerate(phases, 1):
            lay(office, project, phase, order, date.fromisoformat(f"2026-{due}"), done)
    compliance_rebuild(office.organisation.pk)
    standings_refresh(office.organisation.pk)
    return office


def lay(office, project, phase, order, due, done):
    mine = {"organisation": office.organisation, "project": project}
    own = ProjectPhase.objects.create(**mine, order=order, name=phase.name, phase=phase)
    for model, source, link in ((ProjectActivity, Activity, "activity"), (ProjectGate, Gate, "gate")):
        ended = {"state": "done", "done_on": due} if link == "activity" else {"state": "passed", "decided_on": due}
        for asked in source.objects.filter(phase=phase):
            model.objects.create(
                **mine, project_phase=own, order=asked.order, key=asked.key, name=asked.name, due=due,
                **{link: asked}, **(ended if done else {}),
            )  # fmt: skip


def page(client, query=""):
    return client.get(f"/o/merrowby/compliance/{query}")


def codes(response):
    return [row.project.code for row in response.context["rows"]]


def test_the_worst_stand_first_and_those_without_a_percentage_last(client, filled):
    response = page(client)
    assert codes(response) == ["A-1", "B-2", "C-3"]
    assert [row.percent for row in response.context["rows"]] == [Decimal(0), Decimal(100), None]
    assert "No mandatory requirement has come due yet." in response.content.decode()


def test_columns_stand_in_the_order_of_phases_and_a_cell_says_its_state_in_words(client, filled):
    response = page(client)
    first, second = response.context["phases"][:2]
    phase = Phase.objects.filter(version=standard_of(filled.organisation.pk)).order_by("order").first()
    asked = phase.activities.count() + phase.deliverables.count() + phase.gates.count()
    assert (first, second[0]) == ((phase.name, asked), "Planning")
    cell = str(response.context["rows"][0].cells[0])
    assert "✕" in cell and "Breach" in cell and "was due 15 Sep 2026" in cell
    assert 'href="/o/merrowby/projects/A-1/compliance/#r-activity-' in cell


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=breach", ["A-1"]),
        ("?state=kept", ["B-2"]),
        ("?state=none", ["C-3"]),
        ("?portfolio=CAP", ["A-1", "B-2", "C-3"]),
        ("?status=closed", []),
        ("?search=B-2", ["B-2"]),
        ("?ordering=-percent", ["B-2", "A-1", "C-3"]),
        ("?breached__gte=1", ["A-1"]),
    ],
)
def test_filters_narrow_the_rows(client, filled, query, expected):
    assert codes(page(client, query)) == expected


def test_a_requirement_with_a_state_shows_the_projects_in_that_state_of_it(client, filled):
    head = page(client).context["heads"][0][0]
    assert codes(page(client, f"?requirement={head.cell}")) == ["A-1", "B-2", "C-3"]
    narrowed = page(client, f"?requirement={head.cell}&state=breach")
    assert codes(narrowed) == ["A-1"]
    assert [shown.cell for shown, _href in narrowed.context["heads"]] == [head.cell]
    assert codes(page(client, "?requirement=activity:none:such")) == []


def test_one_phase_shows_its_columns_alone(client, filled):
    heads = page(client, "?of_phase=planning").context["heads"]
    assert {head.phase for head, _href in heads} == {"planning"}


def test_an_unknown_filter_is_refused(client, filled):
    assert page(client, "?colour=red").status_code == 400


def test_the_export_holds_the_rows_and_cells_as_seen(client, filled):
    text = b"".join(page(client, "?state=breach&format=csv").streaming_content).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert row[head.index("Code")] == "A-1"
    assert row[head.index("In breach")] == str(ProjectCompliance.objects.get(project__code="A-1").breached)
    charter = next(index for index, name in enumerate(head) if name.startswith("Initiation: "))
    assert row[charter] == "Breach 2026-09-15"
    book = load_workbook(io.BytesIO(b"".join(page(client, "?format=xlsx").streaming_content)))
    assert book.active.max_row == 4
    assert book.active.max_column == len(head)


def test_a_view_is_saved_and_leads_back(client, filled):
    answer = client.post("/o/merrowby/compliance/views/", {"name": "Trouble", "query": "state=breach"})
    assert answer.url == "/o/merrowby/compliance/?state=breach"
    views = page(client, "?state=breach").context["views"]
    assert ("Trouble", True) in [(view["name"], view["current"]) for view in views]


def test_the_trend_is_of_the_portfolio_asked_for(client, filled):
    whole = client.get("/o/merrowby/compliance/trend/").context
    assert whole["days"][-1].applicable == sum(ProjectCompliance.objects.values_list("applicable", flat=True))
    assert client.get("/o/merrowby/compliance/trend/?portfolio=CAP").context["title"] == "Compliance of Capital"
    assert client.get("/o/merrowby/compliance/trend/?portfolio=NONE").context["days"] == []


def test_the_matrix_takes_ten_statements_however_many_rows(client, filled, django_assert_max_num_queries):
    page(client)
    with django_assert_max_num_queries(10):
        page(client)
    for number in range(20):
        filled.project(f"Z-{number}", budget=None)
    compliance_rebuild(filled.organisation.pk)
    with django_assert_max_num_queries(10):
        page(client)


def test_a_project_lists_what_stands_behind_its_percentage(client, filled):
    response = client.get("/o/merrowby/projects/A-1/compliance/")
    sums = response.context["sums"]
    assert sums.breached == sums.applicable > 0
    assert f"0 of {sums.applicable} mandatory requirements" in response.content.decode()
    one = client.get("/o/merrowby/projects/A-1/compliance/?state=met")
    assert one.context["phases"] == []
    assert client.get("/o/merrowby/projects/A-1/compliance/?state=red").status_code == 400


def test_a_project_is_shown_as_at_an_earlier_day(client, filled):
    response = client.get("/o/merrowby/projects/A-1/compliance/?as_of=2026-09-01")
    assert (response.context["sums"].applicable, response.context["percent"]) == (0, None)
    assert "No mandatory requirement has come due yet." in response.content.decode()


def test_a_project_manager_sees_the_own_project_alone(office, filled):
    lead = office.member("project_manager", name="Milo")
    filled.project("M-1", budget=None, project_manager=office.person(lead))
    compliance_rebuild(filled.organisation.pk)
    client = Client()
    client.force_login(lead.user)
    assert codes(page(client)) == ["M-1"]
    assert client.get("/o/merrowby/projects/A-1/compliance/").status_code == 404
    assert client.get("/o/merrowby/compliance/trend/").context["days"] == []


def test_a_row_that_is_being_recomputed_says_so(client, filled):
    project = ProjectCompliance.objects.get(project__code="B-2").project
    requirements_changed(filled.organisation.pk, [project.pk])
    response = page(client)
    assert [row.waiting for row in response.context["rows"]] == [False, True, False]
    assert "Recalculating" in response.content.decode()


def test_policies_that_bind_are_the_last_columns(client, filled):
    policy = Policy.objects.create(organisation=filled.organisation, slug="gifts", name="Gifts")
    PolicyVersion.objects.create(
        organisation=filled.organisation, policy=policy, number=1, text="None.", effective_on=date(2026, 9, 1),
        binds_roles=["project_manager"], published_at=datetime(2026, 8, 1, tzinfo=UTC),
    )  # fmt: skip
    compliance_rebuild(filled.organisation.pk)
    response = page(client)
    assert response.context["heads"][-1][0].cell == "policy:policies:gifts"
    assert response.context["phases"][-1] == ("Policies", 1)
    assert "Gifts: was due 15 Sep 2026" in str(response.context["rows"][0].cells[-2])
