"""Budget lines imported as a draft wait to be handed in and approved; nothing is in force before."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from projects.models import Budget, ImportBatch
from projects.services.budgets import budget_submit
from projects.services.import_run import import_run
from projects.services.imports import import_create
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
LINES = "Project,Month,Category,Amount\nALDER-1,2026-01-15,labour,10\nALDER-1,2026-03-01,services,2000\n"
MAPPING = {"project": "Project", "period": "Month", "category": "Category", "amount": "Amount"}


def send(
    cast: Cast, text: str = LINES, *, mode: str = "apply", target: str = "budget-lines", **changes: object
) -> ImportBatch:
    values = {"mapping": MAPPING, "options": {"budget_as": "draft"}} | changes
    batch = import_create(
        actor=cast.actor("pmo_analyst"), file=ContentFile(text.encode()), file_name="budget.csv", target=target,
        mode=mode, **values,  # type: ignore[arg-type]
    )  # fmt: skip
    import_run(batch.pk)
    batch.refresh_from_db()
    return batch


def test_the_lines_are_a_draft_that_its_importer_hands_in(alder: Cast) -> None:
    before = set(Budget.objects.values_list("pk", flat=True))
    assert send(alder).created == 2
    budget = Budget.objects.exclude(pk__in=before).get()
    assert (budget.state, budget.origin, budget.approved_at, budget.effective_on) == ("draft", "entered", None, None)
    assert sum(line.amount for line in budget.lines.all()) == Decimal(2010)
    budget_submit(actor=alder.actor("pmo_analyst"), budget_id=budget.pk, version=budget.version)
    budget.refresh_from_db()
    assert budget.state == "submitted"


def test_the_same_file_again_is_unchanged_and_says_so(alder: Cast) -> None:
    send(alder)
    count = Budget.objects.count()
    again = send(alder)
    assert (again.created, again.unchanged) == (0, 2) and Budget.objects.count() == count
    preview = send(alder, mode="preview")
    page = alder.client("pmo_analyst").get(f"/o/alder/imports/{preview.pk}/").content.decode()
    assert "Nothing to apply" in page and "Ready to apply" not in page


def test_a_preview_says_what_each_line_is(alder: Cast) -> None:
    batch = send(alder, mode="preview")
    assert batch.state == "previewed" and Budget.objects.filter(import_batch=batch).count() == 0
    told = list(batch.rows.order_by("line").values_list("message", flat=True))
    assert told == [
        "ALDER-1, whole project, Labour, 2026-01, 10.00 GBP",
        "ALDER-1, whole project, Services, 2026-03, 2,000.00 GBP",
    ]


def test_a_line_for_the_match_queue_is_not_told_as_created(alder: Cast) -> None:
    batch = send(
        alder, "Project,Date,Amount\nNOBODY,2026-03-01,5\n", mode="preview", target="cost-entries",
        mapping={"project": "Project", "incurred_on": "Date", "amount": "Amount"}, options={"unmatched": "queue"},
    )  # fmt: skip
    page = alder.client("pmo_analyst").get(f"/o/alder/imports/{batch.pk}/").content.decode()
    assert ">Waits in the match queue</span>" in page and ">Created</span>" not in page


def test_the_choice_is_on_the_page_of_the_columns(alder: Cast) -> None:
    batch = send(alder, mode="preview")
    page = alder.client("pmo_analyst").get(f"/o/alder/imports/{batch.pk}/columns/").content.decode()
    assert '<option value="draft" selected>a new draft to be approved here</option>' in page
