"""Imports end to end, without a door: send, preview, apply, again, take back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from openpyxl import Workbook

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import OutboxMark
from projects.models import Budget, BudgetLine, CostEntry, ImportBatch, ImportRow, Project
from projects.services import import_run as running
from projects.services.import_run import import_run
from projects.services.imports import import_apply, import_cancel, import_create, import_undo, mapping_save

pytestmark = pytest.mark.django_db

PROJECTS = (
    "Code,Title,Portfolio,Start,Finish,Budget,Spent,EAC,Done,RAG\n"
    "T-1,Tram,Alder capital,2026-01-01,2026-12-31,1000.50,400.25,1100,40,Green\n"
    "T-2,Bus,Alder capital,2026-02-01,2026-11-30,2000,,,,Red\n"
    "T-3,Ferry,Alder capital,2026-02-01,2025-11-30,10,,,,\n"
    "T-4,Cable car,Alder capital,2026-02-01,2026-11-30,lots,,,,\n"
)
MAPPING = {
    "code": "Code",
    "name": "Title",
    "portfolio": "Portfolio",
    "start": "Start",
    "finish": "Finish",
    "budget": "Budget",
    "actual_cost": "Spent",
    "reported_eac": "EAC",
    "percent_complete": "Done",
    "health": "RAG",
}
OPTIONS = {"source": "transport", "status_date": "2026-06-30"}


@pytest.fixture
def send(alder):
    def run(text=PROJECTS, *, role="pmo_analyst", target="projects", mapping=MAPPING, options=OPTIONS, mode="apply"):
        content = text if isinstance(text, bytes) else text.encode()
        batch = import_create(
            actor=alder.actor(role),
            file=ContentFile(content),
            file_name="trams.csv",
            target=target,
            mapping=mapping,
            options=options,
            mode=mode,
        )
        import_run(batch.pk)
        batch.refresh_from_db()
        assert batch.created + batch.updated + batch.unchanged + batch.rejected == batch.total
        assert ImportRow.objects.filter(batch=batch).count() == (batch.total if batch.state != "failed" else 0)
        return batch

    return run


def outcomes(batch):
    return {row.line: (row.outcome, row.message) for row in batch.rows.all()}


def test_a_preview_says_what_would_happen_and_changes_nothing(send, alder):
    before = Project.objects.count()
    batch = send(mode="preview")
    assert batch.state == "previewed" and batch.progress == 100
    assert (batch.total, batch.created, batch.rejected) == (4, 2, 2)
    assert outcomes(batch)[4] == ("rejected", "Line 4: The finish 2025-11-30 is before the start 2026-02-01.")
    assert outcomes(batch)[5][1] == "Line 5, column “Budget”: “lots” is not an amount."
    assert batch.sums == {"budget": "3000.50", "actual_cost": "400.25", "reported_eac": "1100.00"}
    assert Project.objects.count() == before and CostEntry.objects.count() == 0


def test_applying_makes_projects_with_phases_budget_ledger_and_statements(send, alder, settle):
    batch = send()
    assert batch.state == "applied"
    tram = Project.objects.get(code="T-1")
    assert (tram.name, tram.portfolio, tram.import_batch) == ("Tram", alder.portfolio, batch)
    assert tram.phases.count() == 5 and tram.phase == tram.phases.first()
    budget = tram.budgets.get()
    assert (budget.state, budget.origin) == ("approved", "imported")
    assert budget.lines.get().amount == Decimal("1000.50")
    entry = tram.cost_entries.get()
    assert (entry.amount, entry.incurred_on, entry.source) == (Decimal("400.25"), date(2026, 6, 30), "transport")
    assert (entry.import_batch, entry.import_line) == (batch, 2)
    assert tram.forecasts.get().eac == 1100 and tram.progress.get().percent_complete == 40
    assert tram.health_declarations.get().health == "green"
    settle()
    tram.performance.refresh_from_db()
    assert (tram.performance.bac, tram.performance.ac) == (Decimal("1000.50"), Decimal("400.25"))


def test_the_same_file_again_changes_nothing(send):
    send()
    counts = (Project.objects.count(), CostEntry.objects.count(), Budget.objects.count())
    again = send()
    assert (again.created, again.updated, again.unchanged, again.rejected) == (0, 0, 2, 2)
    assert (Project.objects.count(), CostEntry.objects.count(), Budget.objects.count()) == counts


def test_a_newer_file_posts_the_difference_and_a_new_budget_version(send):
    send()
    newer = "Code,Title,Budget,Spent\nT-1,Tram line,1500,500\n"
    mapping = {"code": "Code", "name": "Title", "budget": "Budget", "actual_cost": "Spent"}
    batch = send(newer, mapping=mapping)
    assert batch.updated == 1
    tram = Project.objects.get(code="T-1")
    assert tram.name == "Tram line" and tram.start == date(2026, 1, 1), "what the file does not say stays"
    assert sorted(tram.cost_entries.values_list("amount", flat=True)) == [Decimal("99.75"), Decimal("400.25")]
    assert [b.lines.get().amount for b in tram.budgets.order_by("number")] == [Decimal("1000.50"), Decimal(1500)]


def test_undo_archives_what_was_made_and_reverses_the_ledger(send, alder, settle):
    batch = send()
    import_undo(actor=alder.actor("pmo_analyst"), batch_id=batch.pk)
    assert import_run(batch.pk) == "undone"
    tram = Project.objects.get(code="T-1")
    assert tram.archived_at is not None and tram.budgets.get().state == "rejected"
    assert sum(entry.amount for entry in tram.cost_entries.all()) == 0
    again = send()
    tram.refresh_from_db()
    assert again.updated == 2 and tram.archived_at is None
    assert sum(entry.amount for entry in tram.cost_entries.all()) == Decimal("400.25")
    assert tram.budgets.filter(state="approved").count() == 1


def test_undo_restores_changed_values_unless_they_were_changed_again(send, alder):
    send()
    batch = send(PROJECTS.replace("Tram,", "Tram line,").replace("2026-12-31", "2027-01-31").replace("1000.50", "1"))
    assert batch.updated == 1
    Project.objects.filter(code="T-1").update(finish=date(2027, 2, 28))
    import_undo(actor=alder.actor("pmo_analyst"), batch_id=batch.pk)
    import_run(batch.pk)
    tram = Project.objects.get(code="T-1")
    assert tram.name == "Tram" and tram.finish == date(2027, 2, 28) and tram.archived_at is None
    assert tram.budgets.filter(state="approved").get().lines.get().amount == Decimal("1000.50")
    batch.refresh_from_db()
    assert "finish of T-1 was changed again since and is left as it is." in [note["message"] for note in batch.warnings]


def test_a_budget_approved_here_is_not_overridden_but_proposed(send, alder, approved_budget):
    approved_budget(alder)
    batch = send(
        "Code,Title,Budget\nALDER-1,Alder court retrofit,5\n",
        mapping={"code": "Code", "name": "Title", "budget": "Budget"},
    )
    assert batch.updated == 1
    assert [b.state for b in alder.project.budgets.order_by("number")] == ["approved", "submitted"]
    assert any("submitted for approval" in note["message"] for note in batch.warnings)


LEDGER = (
    "Project,Date,Amount,Supplier,Invoice,Id\n"
    "ALDER-1,2026-03-01,100.10,Acme,R1,1\n"
    "ALDER-1,2026-03-02,200.20,acme,R2,2\n"
    "NOBODY,2026-03-02,1,Acme,R3,3\n"
    "ALDER-1,2026-03-03,0,Acme,R4,4\n"
)
LEDGER_MAPPING = {
    "project": "Project",
    "incurred_on": "Date",
    "amount": "Amount",
    "vendor": "Supplier",
    "reference": "Invoice",
    "external_id": "Id",
}


def ledger(send, text=LEDGER, **changes):
    options = {"create_missing": True, "source": "erp"}
    return send(text, **({"target": "cost-entries", "mapping": LEDGER_MAPPING, "options": options} | changes))


def test_cost_entries_are_posted_once(send, alder, settle):
    batch = ledger(send)
    assert (batch.created, batch.rejected) == (2, 2)
    assert outcomes(batch)[4][1] == "Line 4: There is no project “NOBODY” here."
    assert outcomes(batch)[5][1] == "Line 5: An amount of zero says nothing."
    assert batch.sums == {"amount": "300.30"}
    assert {entry.vendor.name for entry in CostEntry.objects.all()} == {"Acme"}
    again = ledger(send)
    assert (again.created, again.unchanged) == (0, 2)
    assert again.sums == {"amount": "300.30"} and CostEntry.objects.count() == 2
    settle()
    assert alder.project.performance.ac == Decimal("300.30")


def test_an_entry_posted_before_with_another_amount_is_rejected(send):
    ledger(send)
    batch = ledger(send, LEDGER.replace("100.10", "999"))
    assert "“1” is in the ledger already with another amount; reverse it first." in outcomes(batch)[2][1]


def test_entries_taken_back_can_be_imported_again_and_once_only(send, alder):
    for _round in range(2):
        batch = ledger(send)
        assert batch.created == 2
        import_undo(actor=alder.actor("pmo_analyst"), batch_id=batch.pk)
        import_run(batch.pk)
        assert sum(entry.amount for entry in CostEntry.objects.all()) == 0
    assert ledger(send).created == 2
    assert ledger(send).unchanged == 2
    assert sum(entry.amount for entry in CostEntry.objects.all()) == Decimal("300.30")


def test_rows_without_an_id_are_told_apart_by_content_and_place(send):
    text = "Project,Date,Amount\nALDER-1,2026-03-01,5\nALDER-1,2026-03-01,5\n"
    mapping = {"project": "Project", "incurred_on": "Date", "amount": "Amount"}
    assert ledger(send, text, mapping=mapping, options={}).created == 2
    assert ledger(send, text, mapping=mapping, options={}).unchanged == 2


def test_without_leave_to_create_a_missing_vendor_rejects_the_row(send):
    batch = ledger(send, options={})
    assert "There is no vendor “Acme” here." in outcomes(batch)[2][1]


def test_budget_lines_become_a_version_once(send, alder):
    text = "Project,Month,Category,Amount\nALDER-1,2026-01-15,labor,10\nALDER-1,March 2026,Capex,20\n"
    mapping = {"project": "Project", "period": "Month", "category": "Category", "amount": "Amount"}
    batch = send(text, target="budget-lines", mapping=mapping, options={})
    assert (batch.created, batch.rejected) == (1, 1), "“Capex” is no category"
    text = text.replace("Capex", "services")
    batch = send(text, target="budget-lines", mapping=mapping, options={})
    assert batch.created == 2 and batch.sums == {"amount": "30.00"}
    lines = BudgetLine.objects.filter(budget__number=2).order_by("period")
    assert [(line.period, line.category, line.amount) for line in lines] == [
        (date(2026, 1, 1), "labour", Decimal(10)),
        (date(2026, 3, 1), "services", Decimal(20)),
    ]
    assert send(text, target="budget-lines", mapping=mapping, options={}).unchanged == 2


def test_roles_import_only_as_far_as_their_rights_reach(send, alder):
    for role in ("administrator", "budget_owner", "team_member", "stakeholder", "auditor"):
        with pytest.raises(Forbidden):
            send(role=role)
    batch = send(role="project_manager")
    assert outcomes(batch)[2][1].endswith("Your role may import into your own projects, but not create new ones.")
    assert ledger(send, role="project_manager").created == 2
    other = send(
        PROJECTS.replace("Alder capital", "Elsewhere"),
        role="portfolio_manager",
        options=OPTIONS | {"create_missing": True},
    )
    assert "your role cannot make one" in outcomes(other)[2][1]
    assert send(role="portfolio_manager").created == 2


def test_a_foreign_project_does_not_exist_for_an_import(send, birch):
    batch = ledger(send, LEDGER.replace("NOBODY", birch.project.code))
    assert f"There is no project “{birch.project.code}” here." in outcomes(batch)[4][1]
    with pytest.raises(NotFound):
        import_apply(actor=birch.actor("pmo_director"), batch_id=batch.pk)


def test_a_file_that_cannot_be_read_or_mapped_is_refused_in_a_sentence(send):
    for content, sentence in ((b"", "empty"), (b"%PDF-1.7 x", "not a CSV or XLSX")):
        with pytest.raises(ApplicationError, match=sentence):
            send(content, mapping=None, options={})
    with pytest.raises(ApplicationError) as refusal:
        send(mapping={"name": {"column": "Title", "scale": "x"}})
    assert refusal.value.field == "mapping.name.scale"
    batch = send(mapping={"name": "Nome"})
    assert batch.state == "failed" and "There is no column “Nome” in the file" in batch.error
    with pytest.raises(ApplicationError, match="Line 3 holds a NUL byte"):
        send(b"Title\nA\nB\x00\n", mapping={"name": "Title"})
    batch = send(b"Title\n" + b"A\n" * 300 + b"B\x00\n", mapping={"name": "Title"})
    assert batch.state == "failed" and "NUL" in batch.error


def test_a_file_above_the_limit_is_refused_with_413(send, settings):
    settings.UPLOAD_LIMIT = 100
    with pytest.raises(ApplicationError, match="at most") as refusal:
        send()
    assert refusal.value.status == 413


def test_a_cancelled_import_writes_nothing(send, alder, monkeypatch):
    batch = import_create(
        actor=alder.actor("pmo_analyst"), file=ContentFile(PROJECTS.encode()), file_name="x.csv", target="projects",
        mapping=MAPPING, mode="apply",
    )  # fmt: skip
    decide = running._decide

    def cancel_meanwhile(*args):
        ImportBatch.objects.filter(pk=batch.pk).update(cancel_requested=True)
        return decide(*args)

    monkeypatch.setattr(running, "_decide", cancel_meanwhile)
    assert import_run(batch.pk) == "cancelled"
    assert not Project.objects.filter(code="T-1").exists()
    with pytest.raises(ApplicationError, match="cannot be done now"):
        import_cancel(actor=alder.actor("pmo_analyst"), batch_id=batch.pk)


def test_an_import_that_breaks_half_way_leaves_no_trace_and_can_be_tried_again(send, alder, monkeypatch):
    monkeypatch.setattr("projects.services.import_projects_write._write_statements", lambda *args: 1 / 0)
    batch = send()
    assert batch.state == "failed" and "nothing was changed" in batch.error
    assert not Project.objects.filter(code="T-1").exists()
    monkeypatch.undo()
    import_apply(actor=alder.actor("pmo_analyst"), batch_id=batch.pk)
    assert import_run(batch.pk) == "applied"


def test_a_batch_whose_worker_fell_silent_is_taken_over_and_the_old_worker_writes_nothing(send, alder):
    batch = import_create(
        actor=alder.actor("pmo_analyst"), file=ContentFile(PROJECTS.encode()), file_name="x.csv", target="projects",
        mapping=MAPPING, mode="apply",
    )  # fmt: skip
    old = running.import_claim(batch.pk)
    assert running.import_claim(batch.pk) is None, "it is being worked on"
    ImportBatch.objects.filter(pk=batch.pk).update(started_at=old.token - 2 * running.LEASE)
    assert import_run(batch.pk) == "applied"
    with pytest.raises(running.Lost):
        old.progress(50)
    with pytest.raises(running.Lost), transaction.atomic():
        old.finish(state="applied")


def test_the_mark_of_an_import_stays_until_it_is_finished(
    send, alder, settle, no_broker, django_capture_on_commit_callbacks
):
    batch = import_create(
        actor=alder.actor("pmo_analyst"), file=ContentFile(PROJECTS.encode()), file_name="x.csv", target="projects",
        mapping=MAPPING, mode="apply",
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        settle()
    assert ("projects.import_run", str(batch.pk)) in no_broker
    assert OutboxMark.objects.filter(kind="import", subject_id=batch.pk).count() == 1
    import_run(batch.pk)
    OutboxMark.objects.filter(kind="import").update(next_at="2026-01-01T00:00:00Z")
    settle()
    assert not OutboxMark.objects.filter(kind="import").exists()


def test_a_mapping_is_kept_under_its_name(alder):
    actor = alder.actor("pmo_analyst")
    for title in ("Title", "Name"):
        saved = mapping_save(actor=actor, name="Monthly", target="projects", mapping={"name": title}, options={})
    assert saved.mapping == {"name": "Name"}
    with pytest.raises(ApplicationError):
        mapping_save(actor=actor, name="Monthly", target="projects", mapping={"colour": "x"}, options={})


def test_a_workbook_is_imported_with_its_own_dates_and_numbers(alder, tmp_path):
    book = Workbook()
    book.active.append(["Project code", "Project name", "Start date", "End date", "Budget", "Currency"])
    book.active.append(["X-1", "Library", date(2026, 2, 1), date(2026, 11, 30), 0.1 + 0.2, "EUR"])
    book.active.append(["X-2", "Museum", datetime(2026, 3, 1), "soon", 1250000, "EUR"])
    book.save(tmp_path / "plan.xlsx")
    batch = import_create(
        actor=alder.actor("pmo_director"),
        file=ContentFile((tmp_path / "plan.xlsx").read_bytes()),
        file_name="plan.xlsx",
        mode="apply",
    )
    assert import_run(batch.pk) == "applied"
    library = Project.objects.get(code="X-1")
    assert (library.start, library.finish, library.currency) == (date(2026, 2, 1), date(2026, 11, 30), "EUR")
    assert library.budgets.get().lines.get().amount == Decimal("0.30")
    other = batch.rows.get(line=3)
    assert other.outcome == "created" and Project.objects.get(code="X-2").finish is None, "“soon” is no date: empty"


def test_a_portfolio_made_by_an_import_reports_in_the_currency_of_its_projects(send):
    text = "Title,Portfolio\nCanal,Waterways\n"
    mapping = {"name": "Title", "portfolio": "Portfolio", "currency": {"default": "EUR"}}
    assert send(text, mapping=mapping, options={"create_missing": True}).created == 1
    assert Project.objects.get(name="Canal").portfolio.currency == "EUR"


def test_a_project_outside_ones_reach_does_not_exist_for_an_import(send, alder):
    send()
    batch = ledger(send, LEDGER.replace("NOBODY", "T-1"), role="project_manager")
    assert outcomes(batch)[4][1] == "Line 4: There is no project “T-1” here."


def test_an_import_whose_worker_fell_silent_can_be_stopped_for_good(send, alder):
    batch = import_create(
        actor=alder.actor("pmo_analyst"), file=ContentFile(PROJECTS.encode()), file_name="x.csv", target="projects",
        mapping=MAPPING, mode="apply",
    )  # fmt: skip
    old = running.import_claim(batch.pk)
    silent = old.token - 2 * running.LEASE
    ImportBatch.objects.filter(pk=batch.pk).update(started_at=silent)
    assert import_cancel(actor=alder.actor("pmo_analyst"), batch_id=batch.pk).state == "cancelled"
    assert import_run(batch.pk) == ""
    import_apply(actor=alder.actor("pmo_analyst"), batch_id=batch.pk)
    assert import_run(batch.pk) == "applied", "and be started anew"
