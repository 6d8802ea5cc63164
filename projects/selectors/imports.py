"""Imports: batches one may see, their rows, and what is known already about the things a file names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from pmo.kit.errors import ApplicationError, NotFound
from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from projects.imports.preset import all_presets, sniff
from projects.models import (
    Budget,
    BudgetLine,
    CostEntry,
    Forecast,
    HealthDeclaration,
    ImportBatch,
    ImportMapping,
    ImportRow,
    Progress,
    Project,
)
from projects.selectors.projects import projects_for, visible_to

TOTAL = "total/"  # external ids of ledger entries that carry a project's spending to date


@dataclass(frozen=True)
class Recipe:
    """A mapping that can be used by its name: saved here, or shipped with the product."""

    key: str
    name: str
    target: str
    mapping: Mapping[str, Any]
    options: Mapping[str, Any]
    about: str = ""
    ready: bool = False


def batches_for(actor: Actor, action: str = "import.run") -> QuerySet[ImportBatch]:
    """Imports that the actor may see: all of the organisation, or their own where their rights do not reach so far."""
    if not actor.allows(action):
        return ImportBatch.objects.none()
    mine = ImportBatch.objects.filter(organisation=actor.organisation).select_related("created_by")
    return mine if actor.everywhere(action) else mine.filter(created_by=actor.user)


def batch_get(actor: Actor, pk: int) -> ImportBatch:
    """Raises Forbidden where the actor's role imports nothing, NotFound for what they may not see."""
    actor.require("import.run")
    batch = batches_for(actor).filter(pk=pk).first()
    if batch is None:
        raise NotFound("There is no such import here.")
    return batch


def rows_of(batch: ImportBatch, outcome: str = "") -> QuerySet[ImportRow]:
    """Rows in file order, of one outcome or of all."""
    rows = ImportRow.objects.filter(batch=batch, organisation_id=batch.organisation_id).order_by("line")
    return rows.filter(outcome=outcome) if outcome else rows


def mappings_for(actor: Actor, action: str = "import.run") -> QuerySet[ImportMapping]:
    """The organisation's saved mappings, by name."""
    mine = ImportMapping.objects.filter(organisation=actor.organisation).order_by("name")
    return mine if actor.allows(action) else mine.none()


def recipes(actor: Actor) -> list[Recipe]:
    """Saved mappings, then the ready ones."""
    saved = [Recipe(f"saved-{m.pk}", m.name, m.target, m.mapping, m.options) for m in mappings_for(actor)]
    ready = [Recipe(p.key, p.name, p.target, p.mapping, p.options, p.about, True) for p in all_presets()]
    return saved + ready


def mapping_named(actor: Actor, name: str) -> Recipe:
    """By name or key. Raises ApplicationError."""
    found = next((recipe for recipe in recipes(actor) if name in (recipe.name, recipe.key)), None)
    if found is None:
        raise ApplicationError(f"There is no mapping “{name[:60]}” here.", field="mapping", code="does_not_exist")
    return found


def recipe_in_use(batch: ImportBatch) -> str:
    """The name of the ready mapping that the file was recognised by and still has, or ""."""
    known = sniff([str(column.get("header", "")) for column in batch.columns])
    return known.name if known is not None and dict(known.mapping) == batch.mapping else ""


def reach_of(actor: Actor) -> tuple[set[int], set[int]]:
    """Ids of the projects that the actor may import into, and of those they may know of."""
    allowed = set(projects_for(actor, "import.run").values_list("pk", flat=True))
    return allowed, allowed | set(visible_to(actor).values_list("pk", flat=True))


@dataclass(slots=True)
class KnownProject:
    """What is on record about a project, as far as an import can change it. Amounts by phase name (None: no phase)."""

    project: Project
    budget: dict[str | None, Decimal] = field(default_factory=dict)
    budget_number: int = 0
    budget_origin: str = ""
    spent: dict[str | None, Decimal] = field(default_factory=dict)
    eac: Decimal | None = None
    percent: Decimal | None = None
    health: str | None = None

    @property
    def budget_total(self) -> Decimal | None:
        return sum(self.budget.values(), Decimal(0)) if self.budget_number else None


@dataclass(slots=True)
class ProjectDirectory:
    """The projects of an organisation by source and external id, by code, and by name (where only one has it)."""

    by_external: Mapping[tuple[str, str], KnownProject]
    codes: dict[str, Project]
    by_code: Mapping[str, KnownProject]
    by_name: Mapping[str, KnownProject | None]

    def find(self, source: str, external: str, code: str, name: str) -> KnownProject | None:
        """The external id decides; else the code; else the name, where nothing better is given."""
        if external:
            found = self.by_external.get((source, external))
            return found or (self.by_code.get(code.casefold()) if code else None)
        if code:
            return self.by_code.get(code.casefold())
        return self.by_name.get(name.casefold())

    def refer(self, text: str) -> KnownProject | None:
        """A project as rows of a ledger name it: by code, external id of any source, or name."""
        if found := self.by_code.get(text.casefold()):
            return found
        external = [known for (_source, ident), known in self.by_external.items() if ident == text]
        return external[0] if len(external) == 1 else self.by_name.get(text.casefold())


def known_projects(organisation_id: int, *, source: str = "", details: bool = True) -> ProjectDirectory:
    """Everything an import compares with, in seven queries whatever the number of projects; one without `details`."""
    known = {
        project.pk: KnownProject(project)
        for project in Project.objects.filter(organisation_id=organisation_id).select_related(
            "portfolio", "programme", "project_manager", "sponsor", "budget_owner"
        )
    }
    if details:
        _load_budgets(organisation_id, known)
        _load_statements(organisation_id, known)
        _load_spending(organisation_id, source, known)
    names: dict[str, list[KnownProject]] = defaultdict(list)
    for item in known.values():
        names[item.project.name.casefold()].append(item)
    return ProjectDirectory(
        by_external={(k.project.source, k.project.external_id): k for k in known.values() if k.project.external_id},
        codes={k.project.code.casefold(): k.project for k in known.values()},
        by_code={k.project.code.casefold(): k for k in known.values()},
        by_name={name: items[0] if len(items) == 1 else None for name, items in names.items()},
    )


def _load_budgets(organisation_id: int, known: Mapping[int, KnownProject]) -> None:
    newest: dict[int, int] = {}
    standing = Budget.objects.filter(organisation_id=organisation_id).exclude(state=Budget.State.REJECTED)
    for pk, project_id, number, origin in standing.order_by("number").values_list(
        "id", "project_id", "number", "origin"
    ):
        newest[project_id] = pk
        known[project_id].budget_number, known[project_id].budget_origin = number, origin
    wanted = set(newest.values())
    lines = (
        BudgetLine.objects.filter(organisation_id=organisation_id)
        .values_list("budget_id", "project_id", "project_phase__name")
        .annotate(total=ExactSum("amount"))
    )
    for budget_id, project_id, phase, total in lines:
        if budget_id in wanted:
            known[project_id].budget[phase] = total


def _load_statements(organisation_id: int, known: Mapping[int, KnownProject]) -> None:
    mine = Q(organisation_id=organisation_id)
    for project_id, eac in Forecast.objects.filter(mine).order_by("status_date", "id").values_list("project_id", "eac"):
        known[project_id].eac = eac
    progress = Progress.objects.filter(mine, project_phase__isnull=True).order_by("status_date", "id")
    for project_id, percent in progress.values_list("project_id", "percent_complete"):
        known[project_id].percent = percent
    declared = HealthDeclaration.objects.filter(mine).order_by("status_date", "id")
    for project_id, health in declared.values_list("project_id", "health"):
        known[project_id].health = health


def _load_spending(organisation_id: int, source: str, known: Mapping[int, KnownProject]) -> None:
    entries = CostEntry.objects.filter(
        organisation_id=organisation_id, source=source, external_id__startswith=TOTAL, reversed_by__isnull=True
    )
    sums = entries.values_list("project_id", "project_phase__name").annotate(total=ExactSum("amount"))
    for project_id, phase, total in sums:
        known[project_id].spent[phase] = total
