"""What was known before an import, or before it was taken back, stays what it was; its changes are in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.models import AuditEvent
from pmo.services.audit import audit_seal, audit_verify
from portfolio.selectors.changed import changed
from projects.analysis.changes import Moment
from projects.analysis.earned_value import Performance, measure
from projects.models import Budget, ImportBatch, MeasurementMethod, PhaseMilestone, Project, ProjectPhase
from projects.selectors.facts import performance_facts
from projects.selectors.projects import visible_to
from projects.selectors.then import values_then
from projects.services.budgets import LineDraft
from projects.services.import_run import import_run
from projects.services.imports import import_create, import_undo
from projects.services.phase_methods import MilestoneDraft, phase_method_set
from projects.services.progress import progress_record
from tests.conftest import STATUS_DATE, Cast

pytestmark = pytest.mark.django_db
Approve = Callable[..., Budget]
Send = Callable[[str], ImportBatch]

FIRST = "Code,Title,Start,Finish,Status,Manager,Budget,Spent\nT-1,Tram,2026-01-05,2026-12-18,active,Ann Lee,1000,400\n"
MAPPING = {
    "code": "Code", "name": "Title", "start": "Start", "finish": "Finish", "status": "Status",
    "project_manager": "Manager", "budget": "Budget", "actual_cost": "Spent",
}  # fmt: skip


@pytest.fixture
def send(alder: Cast) -> Send:
    def run(text: str) -> ImportBatch:
        batch = import_create(
            actor=alder.actor("pmo_analyst"),
            file=ContentFile(text.encode()),
            file_name="trams.csv",
            target="projects",
            mapping=MAPPING,
            options={"source": "transport", "status_date": "2026-06-30", "create_missing": True},
            mode="apply",
        )
        import_run(batch.pk)
        batch.refresh_from_db()
        assert batch.state == "applied", batch.error
        return batch

    return run


def undo(cast: Cast, batch: ImportBatch) -> None:
    import_undo(actor=cast.actor("pmo_analyst"), batch_id=batch.pk)
    assert import_run(batch.pk) == "undone"


def figures(project: Project, known_at: datetime | None = None) -> Performance:
    return measure(performance_facts([project.pk], as_of=STATUS_DATE, known_at=known_at)[project.pk].facts, STATUS_DATE)


def test_the_figures_before_an_import_and_before_its_undo_never_change(alder: Cast, send: Send) -> None:
    send(FIRST)
    tram = Project.objects.get(code="T-1")
    before, asked = timezone.now(), figures(tram)
    batch = send(FIRST.replace("2026-12-18", "2028-12-18").replace("active", "on_hold").replace("1000", "5000"))
    between, imported = timezone.now(), figures(tram)
    assert imported.bac == 5000 and imported.pv != asked.pv

    assert figures(tram, before) == asked
    undo(alder, batch)
    assert figures(tram).bac == asked.bac == 1000
    assert figures(tram, before) == asked
    assert figures(tram, between) == imported, "what was known while the import stood"


def test_each_change_of_an_import_and_of_its_undo_is_in_the_log(alder: Cast, send: Send) -> None:
    made = send(FIRST)
    tram = Project.objects.get(code="T-1")
    moment = timezone.now()
    batch = send(FIRST.replace("2026-12-18", "2027-01-29").replace("Ann Lee", "Bo Reed"))
    ann = tram.project_manager_id
    tram.refresh_from_db()
    told = AuditEvent.objects.get(object_type="project", object_id=str(tram.pk), action="project.update")
    assert told.before == {"finish": "2026-12-18", "project_manager": ann}
    assert told.after == {"finish": "2027-01-29", "project_manager": tram.project_manager_id}
    assert values_then(moment, [tram.pk])["project", tram.pk]["finish"] == date(2026, 12, 18)

    undo(alder, batch)
    back = AuditEvent.objects.filter(object_type="project", action="project.update").latest("id")
    assert (back.before, back.after) == (told.after, told.before)
    undo(alder, made)
    mine = AuditEvent.objects.filter(object_type="project", object_id=str(tram.pk)).order_by("id")
    assert list(mine.values_list("action", flat=True)) == [
        "project.create", "project.update", "project.update", "project.archive",
    ]  # fmt: skip
    send(FIRST)
    assert mine.last().action == "project.restore"  # type: ignore[union-attr]
    audit_seal()
    assert audit_verify()[1] == ""


def test_what_changed_tells_the_people_and_dates_that_an_import_changed(alder: Cast, send: Send) -> None:
    send(FIRST)
    moment = timezone.now()
    send(FIRST.replace("2026-12-18", "2027-01-29").replace("Ann Lee", "Bo Reed"))
    director = alder.actor("pmo_director")
    found = changed(director, visible_to(director), Moment(STATUS_DATE, moment), Moment(STATUS_DATE, None))
    assert [line.text for line in found.lines if line.kind == "field"] == [
        "Project manager: Ann Lee → Bo Reed",
        "Finish, planned: 2026-12-18 → 2027-01-29",
    ]


def test_the_log_of_a_large_import_takes_few_statements(alder: Cast, send: Send) -> None:
    rows = [f"N-{number},New {number},2026-01-05,2026-12-18,active,,," for number in range(300)]
    with CaptureQueriesContext(connection) as taken:
        send("\n".join([FIRST.splitlines()[0], *rows]))
    assert AuditEvent.objects.filter(action="project.create", label__startswith="N-").count() == 300
    written = [query["sql"] for query in taken.captured_queries if query["sql"].startswith("INSERT")]
    assert sum("pmo_auditevent" in sql for sql in written) < 10


def test_changed_milestones_are_taken_back(alder: Cast, approved_budget: Approve) -> None:
    project = alder.project
    assert project is not None
    phase = ProjectPhase.objects.filter(project=project).first()
    assert phase is not None
    approved_budget(alder, lines=[LineDraft(Decimal(1000), None, project_phase_id=phase.pk)])
    manager = alder.actor("project_manager")

    def milestones(*drafts: tuple[str, int, date | None]) -> None:
        phase_method_set(
            actor=manager, phase_id=phase.pk, method=MeasurementMethod.MILESTONES,
            milestones=[MilestoneDraft(name, Decimal(weight), on) for name, weight, on in drafts],
        )  # fmt: skip

    milestones(("Drawn", 1, date(2026, 2, 2)), ("Built", 3, date(2026, 12, 1)), ("Tidied", 1, None))
    reached = PhaseMilestone.objects.get(project_phase=phase, name="Drawn")
    progress_record(
        actor=manager, project_id=project.pk, project_phase_id=phase.pk, status_date=STATUS_DATE,
        milestone_id=reached.pk,
    )  # fmt: skip
    moment, asked = timezone.now(), figures(project)
    assert asked.ev == 200
    milestones(("Drawn", 3, date(2026, 11, 1)), ("Built", 1, None))
    assert figures(project).ev == 750
    assert figures(project, moment) == asked
    told = AuditEvent.objects.filter(action="project_phase.update").latest("id")
    assert [one["name"] for one in told.before["milestones"]] == ["Drawn", "Built", "Tidied"]

    events = AuditEvent.objects.count()
    milestones(("Drawn", 3, date(2026, 11, 1)), ("Built", 1, None))
    last = AuditEvent.objects.latest("id")
    assert AuditEvent.objects.count() == events + 1 and "milestones" not in last.after
    director = alder.actor("pmo_director")
    found = changed(director, visible_to(director), Moment(STATUS_DATE, moment), Moment(STATUS_DATE, None))
    [line] = [line.text for line in found.lines if "Milestones" in line.text]
    assert line.endswith(
        "Milestones: Drawn (1, 2026-02-02), Built (3, 2026-12-01), Tidied (1) → Drawn (3, 2026-11-01), Built (1)"
    )
