"""What was last said about a project, phase by phase."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from projects.analysis.facts import ProgressFact
from projects.analysis.progress import latest_statements
from projects.models import HealthDeclaration, Progress, Project, ProjectPhase
from projects.selectors.facts import STATEMENT


class PhaseProgress(NamedTuple):
    """A phase (None: the whole project) and the statement that holds for it now, if any."""

    phase: ProjectPhase | None
    percent: ProgressFact | None


def progress_now(project: Project, as_of: date | None = None) -> list[PhaseProgress]:
    """The statement that holds for the whole project and for each phase. Two queries."""
    said = Progress.objects.filter(project=project).order_by("id")
    facts = [ProgressFact(*row) for row in said.values_list(*STATEMENT)]
    latest = latest_statements(facts, as_of or date.max)
    phases = ProjectPhase.objects.filter(project=project).order_by("order")
    return [PhaseProgress(None, latest.get(None)), *(PhaseProgress(phase, latest.get(phase.pk)) for phase in phases)]


def declaration_now(project: Project, as_of: date) -> HealthDeclaration | None:
    """The health declaration that holds at `as_of`, with who made it: one query."""
    said = HealthDeclaration.objects.filter(project=project, status_date__lte=as_of).select_related("declared_by")
    return said.order_by("-status_date", "-id").first()
