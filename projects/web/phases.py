"""The phase bar: each phase with its dates, how much of its time has passed, and its gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from projects.models import Project, ProjectGate, ProjectPhase

PASSED = (ProjectGate.State.PASSED, ProjectGate.State.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class PhaseShown:
    """`state` is done, now or todo; `passed` is the percentage of the bar that is filled."""

    phase: ProjectPhase
    state: str
    passed: float
    start: date | None
    finish: date | None
    gate: ProjectGate | None = None  # the first that is not passed; else the last


def phases_shown(project: Project, status_date: date) -> list[PhaseShown]:
    """The phases in their order. Those before the project's current one are done. Two queries."""
    phases = list(project.phases.order_by("order"))
    current = next((phase.order for phase in phases if phase.pk == project.phase_id), None)
    ended = project.status in ("closed", "cancelled")
    gates: dict[int, ProjectGate] = {}
    for gate in project.gates.filter(applies=True).order_by("order"):
        known = gates.get(gate.project_phase_id)
        if known is None or known.state in PASSED:
            gates[gate.project_phase_id] = gate
    shown = []
    for phase in phases:
        if (ended and project.status == "closed") or (current is not None and phase.order < current):
            state = "done"
        elif current is not None and phase.order == current and not ended:
            state = "now"
        else:
            state = "todo"
        start, finish = phase.actual_start or phase.start, phase.actual_finish or phase.finish
        passed = 100.0 if state == "done" else _passed(start, finish, status_date) if state == "now" else 0.0
        shown.append(PhaseShown(phase, state, passed, start, finish, gates.get(phase.pk)))
    return shown


def _passed(start: date | None, finish: date | None, today: date) -> float:
    """Share of the phase's days gone by; a phase that has begun always shows something."""
    if start is None or finish is None or finish <= start:
        return 50.0
    return round(min(max((today - start).days / (finish - start).days * 100, 4), 100), 1)
