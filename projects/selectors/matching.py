"""The match queue: lines that wait for a project, and what is known that may tell which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import Count, QuerySet

from pmo.kit.errors import NotFound
from pmo.selectors.actors import Actor
from projects.analysis.matching import Known, Line, fold
from projects.models import CostEntry, ImportBatch, Project, UnmatchedCost, Vendor
from projects.selectors.imports import batches_for
from projects.selectors.projects import projects_for

PART = 500


def unmatched_for(actor: Actor, action: str = "import.run") -> QuerySet[UnmatchedCost]:
    """Lines of the imports that the actor may see."""
    rows = UnmatchedCost.objects.filter(organisation=actor.organisation)
    rows = rows.select_related("import_batch", "suggested", "decided_by", "cost_entry__project")
    if actor.everywhere(action):
        return rows
    return rows.filter(import_batch_id__in=batches_for(actor, action).values("pk"))


def unmatched_get(actor: Actor, pk: int) -> UnmatchedCost:
    """Raises Forbidden where the actor imports nothing, NotFound for a line they may not see."""
    actor.require("import.run")
    found = unmatched_for(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such line here.")
    return found


def waiting_count(actor: Actor, batch: ImportBatch | None = None) -> int:
    """How many lines wait: all of them, or those of one import."""
    waiting = unmatched_for(actor).filter(state=UnmatchedCost.State.WAITING)
    return (waiting if batch is None else waiting.filter(import_batch=batch)).count()


def projects_to_match(actor: Actor, limit: int = 2_000) -> list[tuple[int, str, str]]:
    """(id, code, name) of the projects that a line may be matched to."""
    rows = projects_for(actor, "cost.post").filter(archived_at__isnull=True).order_by("code")
    return list(rows.values_list("id", "code", "name")[:limit])


def line_of(row: UnmatchedCost) -> Line:
    return Line(row.hint, row.vendor, row.reference, row.description)


def matching_facts(actor: Actor, lines: Sequence[Line]) -> Known:
    """What may tell where the lines belong, within the projects that the actor may post to. Few queries, by 500."""
    allowed = dict(projects_for(actor, "cost.post").filter(archived_at__isnull=True).values_list("id", "code"))
    mine = CostEntry.objects.filter(organisation=actor.organisation, reverses__isnull=True).order_by()
    references: dict[str, Counter[int]] = defaultdict(Counter)
    for part in _parts({line.reference for line in lines if line.reference}):
        rows = mine.filter(reference__in=part).values_list("reference", "project_id").annotate(n=Count("id"))
        for reference, project, count in rows:
            if project in allowed:
                references[fold(reference)][project] += count
    vendors: dict[str, Counter[int]] = defaultdict(Counter)
    for part in _parts({line.vendor for line in lines if line.vendor}):
        ids = Vendor.objects.filter(organisation=actor.organisation, name__in=part).values("pk")
        rows = mine.filter(vendor_id__in=ids).values_list("vendor__name", "project_id").annotate(n=Count("id"))
        for vendor, project, count in rows:
            if project in allowed:
                vendors[fold(vendor)][project] += count
    hints: dict[str, Counter[int]] = defaultdict(Counter)
    for part in _parts({line.hint for line in lines if line.hint}):
        matched = UnmatchedCost.objects.filter(
            organisation=actor.organisation, state=UnmatchedCost.State.MATCHED, hint__in=part
        )
        counted = matched.order_by().values_list("hint", "cost_entry__project_id").annotate(n=Count("id"))
        for hint, project, count in counted:
            if project in allowed:
                hints[fold(hint)][project] += count
    return Known({fold(code): pk for pk, code in allowed.items()}, hints, references, vendors)


def _parts(texts: set[str]) -> list[list[str]]:
    known = sorted(texts)
    return [known[start : start + PART] for start in range(0, len(known), PART)]


def project_named(actor: Actor, text: str) -> Project | None:
    """The project that a person picked by its code, among those they may post to."""
    return projects_for(actor, "cost.post").filter(code=text.strip().split(" ")[0]).first()
