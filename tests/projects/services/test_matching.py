"""Lines of a finance file without a known project: they wait, are matched or dismissed, and are costs once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from pmo.kit.errors import ApplicationError, NotFound
from projects.models import CostEntry, ImportBatch, UnmatchedCost
from projects.services.costs import cost_entry_reverse
from projects.services.import_run import import_run
from projects.services.imports import import_create, import_undo
from projects.services.matching import unmatched_accept, unmatched_dismiss, unmatched_match
from tests.conftest import Cast

FILE = (
    "project,amount,date,vendor,ref\n"
    "ALDER-1,10.00,2026-03-01,Brack Ltd,I-1\n"
    "NOBODY,20.00,2026-03-02,Zed Ltd,I-2\n"
    "Heating ALDER 1,30.00,2026-03-03,Zed Ltd,I-3\n"
)
MAPPING = {
    name: {"column": column}
    for name, column in (
        ("project", "project"), ("amount", "amount"), ("incurred_on", "date"), ("vendor", "vendor"),
        ("reference", "ref"),
    )
}  # fmt: skip
OPTIONS = {"unmatched": "queue", "create_missing": True}


@pytest.fixture
def send(alder: Cast):  # type: ignore[no-untyped-def]
    def run(text: str = FILE, *, role: str = "pmo_analyst", **options: object) -> ImportBatch:
        batch = import_create(
            actor=alder.actor(role), file=ContentFile(text.encode()), file_name="fin.csv", target="cost-entries",
            mapping=MAPPING, options={**OPTIONS, **options}, mode="apply",
        )  # fmt: skip
        import_run(batch.pk)
        batch.refresh_from_db()
        assert batch.state == "applied", batch.error
        assert batch.created + batch.updated + batch.unchanged + batch.rejected == batch.total
        return batch

    return run


def outcome(batch: ImportBatch) -> tuple[int, int, int]:
    return batch.created, batch.unchanged, batch.rejected


def waiting(hint: str) -> UnmatchedCost:
    return UnmatchedCost.objects.get(hint=hint)


def test_lines_of_unknown_projects_wait_and_say_so(send) -> None:  # type: ignore[no-untyped-def]
    batch = send()
    assert outcome(batch) == (3, 0, 0)
    assert CostEntry.objects.count() == 1
    assert "waits in the match queue" in batch.rows.get(line=3).message
    assert waiting("NOBODY").suggested is None
    found = waiting("Heating ALDER 1")
    assert found.suggested.code == "ALDER-1" and found.suggested_because.startswith("Its code stands in the project")


def test_without_the_option_they_are_rejected_as_before(send) -> None:  # type: ignore[no-untyped-def]
    assert outcome(send(unmatched="reject")) == (1, 0, 2)
    assert not UnmatchedCost.objects.exists()


def test_the_same_file_twice_is_all_unchanged_waiting_matched_or_dismissed(send, alder: Cast) -> None:  # type: ignore[no-untyped-def]
    send()
    assert outcome(send()) == (0, 3, 0)
    actor = alder.actor("pmo_analyst")
    assert alder.project is not None
    unmatched_match(actor=actor, unmatched_id=waiting("NOBODY").pk, project_id=alder.project.pk)
    unmatched_dismiss(actor=actor, unmatched_id=waiting("Heating ALDER 1").pk, reason="Not ours")
    assert outcome(send()) == (0, 3, 0)
    assert UnmatchedCost.objects.count() == 2
    assert sum(CostEntry.objects.values_list("amount", flat=True)) == Decimal("30.00")


def test_a_match_posts_with_its_provenance_and_once(send, alder: Cast) -> None:  # type: ignore[no-untyped-def]
    batch = send()
    row = waiting("NOBODY")
    actor = alder.actor("pmo_analyst")
    assert alder.project is not None
    done = unmatched_match(actor=actor, unmatched_id=row.pk, project_id=alder.project.pk)
    entry = done.cost_entry
    assert entry is not None and entry.vendor is not None
    assert (entry.import_batch_id, entry.import_line, entry.amount, entry.vendor.name) == (batch.pk, 3, 20, "Zed Ltd")
    with pytest.raises(ApplicationError, match="decided"):
        unmatched_match(actor=actor, unmatched_id=row.pk, project_id=alder.project.pk)
    assert CostEntry.objects.count() == 2


def test_suggestions_are_accepted_together(send, alder: Cast) -> None:  # type: ignore[no-untyped-def]
    send()
    ids = list(UnmatchedCost.objects.values_list("pk", flat=True))
    assert unmatched_accept(actor=alder.actor("pmo_analyst"), unmatched_ids=ids) == 1
    assert waiting("Heating ALDER 1").state == "matched"
    assert waiting("NOBODY").state == "waiting"


def test_a_matched_hint_is_the_suggestion_of_the_next_file(send, alder: Cast) -> None:  # type: ignore[no-untyped-def]
    send()
    assert alder.project is not None
    unmatched_match(actor=alder.actor("pmo_analyst"), unmatched_id=waiting("NOBODY").pk, project_id=alder.project.pk)
    send("project,amount,date,vendor,ref\nNOBODY,5.00,2026-04-02,,\n")
    row = UnmatchedCost.objects.get(state="waiting", hint="NOBODY")
    assert (row.suggested, row.suggested_because) == (alder.project, "Lines with “NOBODY” were matched to it before.")


def test_an_import_taken_back_may_come_again(send, alder: Cast) -> None:  # type: ignore[no-untyped-def]
    batch = send()
    assert alder.project is not None
    actor = alder.actor("pmo_analyst")
    unmatched_match(actor=actor, unmatched_id=waiting("NOBODY").pk, project_id=alder.project.pk)
    import_undo(actor=actor, batch_id=batch.pk)
    import_run(batch.pk)
    assert not UnmatchedCost.objects.filter(state="waiting").exists()
    assert sum(CostEntry.objects.values_list("amount", flat=True)) == 0
    assert outcome(send()) == (3, 0, 0)
    again = UnmatchedCost.objects.get(state="waiting", hint="NOBODY")
    unmatched_match(actor=actor, unmatched_id=again.pk, project_id=alder.project.pk)
    assert sum(CostEntry.objects.values_list("amount", flat=True)) == Decimal("30.00")


def test_somebody_elses_lines_do_not_exist_for_a_project_manager(send, alder: Cast) -> None:  # type: ignore[no-untyped-def]
    send()
    with pytest.raises(NotFound):
        unmatched_dismiss(actor=alder.actor("project_manager"), unmatched_id=waiting("NOBODY").pk, reason="x")


def test_a_reversed_match_is_not_posted_again_by_the_file(send, alder: Cast) -> None:  # type: ignore[no-untyped-def]
    send()
    assert alder.project is not None
    done = unmatched_match(
        actor=alder.actor("pmo_analyst"), unmatched_id=waiting("NOBODY").pk, project_id=alder.project.pk
    )
    assert done.cost_entry_id is not None
    cost_entry_reverse(actor=alder.actor("pmo_director"), entry_id=done.cost_entry_id, reason="Wrong project")
    assert outcome(send()) == (0, 3, 0)
