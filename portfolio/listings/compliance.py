"""The compliance of projects: the matrix's rows, its API list and its export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from portfolio.selectors.compliance import Head, state_filter
from projects.models import Project, ProjectStatus

STATES: Final = (
    ("breach", _("In breach")),
    ("due", _("Due soon")),
    ("waived", _("Waived")),
    ("late", _("Met late")),
    ("kept", _("All kept in time")),
    ("none", _("No percentage yet")),
)
WORDS: Final = {
    "met": _("Met"),
    "late": _("Late"),
    "waived": _("Waived"),
    "due": _("Due"),
    "breach": _("Breach"),
    "open": _("Open"),
    "not_applicable": _("n/a"),
}
KINDS: Final = {
    "activity": _("Activity"),
    "deliverable": _("Deliverable"),
    "gate": _("Gate"),
    "policy": _("Policy"),
}


def _state(lookup: str, value: Any) -> Q:
    return state_filter(value)


def _requirement(lookup: str, value: Any) -> Q:
    """It is asked of the project at all. With a state beside it, `narrowed` of the page asks for that one's state."""
    return Q(compliance__cells__has_key=value)


def kept(name: str) -> Any:
    """Reads a field of the kept compliance; None where there is none."""
    return lambda row: getattr(getattr(row, "compliance", None), name, None)


COMPLIANCE: Final = Listing(
    name="compliance",
    label=_("Compliance"),
    columns=(
        Column("code", _("Code"), "code", sort="code"),
        Column("name", _("Project"), "name", sort="name"),
        Column("lead", _("Lead"), "project_manager.name", sort="project_manager__name"),
        Column("portfolio", _("Portfolio"), "portfolio.name", sort="portfolio__name"),
        Column(
            "standard", _("Standard"), lambda row: str(row.standard_version), sort="standard_version__standard__name"
        ),
        Column("phase", _("Phase"), "phase.name", sort="phase__order"),
        Column("percent", _("Compliance %"), kept("percent"), kind="percent", sort="compliance__percent"),
        Column("applicable", _("Due so far"), kept("applicable"), kind="int", sort="compliance__applicable"),
        Column("met", _("Met in time"), kept("met"), kind="int", sort="compliance__met"),
        Column("waived", _("Waived"), kept("waived"), kind="int", sort="compliance__waived"),
        Column("late", _("Late"), kept("late"), kind="int", sort="compliance__late"),
        Column("breached", _("In breach"), kept("breached"), kind="int", sort="compliance__breached"),
        Column("due_soon", _("Due soon"), kept("due_soon"), kind="int", sort="compliance__due_soon"),
        Column("as_of", _("As at"), kept("as_of"), kind="date", sort="compliance__as_of", default=False),
    ),
    filters=(
        Filter("portfolio", "portfolio__code", lookups=("exact", "in"), label=_("Portfolio")),
        Filter("programme", "programme__code", lookups=("exact", "in"), label=_("Programme")),
        Filter(
            "status", "status", kind="choice", lookups=("exact", "in"), choices=tuple(ProjectStatus.choices),
            label=_("Status"),
        ),
        Filter("standard", "standard_version__standard__slug", label=_("Standard")),
        Filter("version", "standard_version__number", kind="int", label=_("Version")),
        Filter("phase", "phase__phase__key", lookups=("exact", "in"), label=_("Phase now")),
        Filter("of_phase", "standard_version__phases__key", label=_("Requirements of")),
        Filter("state", kind="choice", choices=STATES, condition=_state, label=_("State")),
        Filter("requirement", condition=_requirement, label=_("Requirement")),
        Filter("lead", "project_manager__name", lookups=("exact", "contains", "isnull"), label=_("Lead")),
        Filter(
            "percent", "compliance__percent", kind="decimal", lookups=("gte", "gt", "lte", "lt", "isnull"),
            label=_("Compliance %"),
        ),
        Filter(
            "breached", "compliance__breached", kind="int", lookups=("gte", "gt", "lte", "lt"), label=_("In breach")
        ),
    ),
    search=("name", "code"),
    default_sort=("percent", "code"),
)  # fmt: skip


def cell_words(cell: Sequence[Any] | None) -> str:
    """A packed cell in words, for files: “Waived until 2026-04-30”."""
    if cell is None:
        return ""
    state, _pk, due, done, until, _bad = cell
    word = str(WORDS[state])
    if state in ("met", "late"):
        return f"{word} {done}"
    if state == "waived":
        return _now("Waived until %s") % until
    return f"{word} {due}" if due and state != "not_applicable" else word


def head_column(head: Head) -> Column:
    """A requirement as a column of the export."""
    label = f"{head.phase_name}: {head.name}" if head.phase_name else head.name
    return Column(head.cell, label, lambda row: cell_words(cells_of(row).get(head.cell)))


def cells_of(row: Project) -> Mapping[str, Sequence[Any]]:
    """The packed cells of a project; none where nothing has been computed."""
    kept_row = getattr(row, "compliance", None)
    return kept_row.cells if kept_row is not None else {}
