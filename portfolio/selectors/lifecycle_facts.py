"""What the rules about running projects look at, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef

from pmo.models import Obligation, Organisation
from portfolio.analysis.facts import LIVE, PortfolioFacts
from portfolio.analysis.health import is_red
from portfolio.analysis.lifecycle_facts import Answers, Ending, Late, Lifecycle, Skipped
from portfolio.selectors.compliance_facts import Binding, policies_in_force
from projects.models import (
    GateCondition,
    GateReview,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    Responsibility,
    Waiver,
)

AHEAD: Final = timedelta(days=90)  # how long before its expiry a waiver may matter to a rule
PASSED: Final = (ProjectGate.State.PASSED, ProjectGate.State.CONDITIONAL)
Found = dict[int, dict[str, Any]]


def with_lifecycle(organisation: Organisation, facts: PortfolioFacts) -> PortfolioFacts:
    """The same facts with how the projects in scope are run, and who is accountable for what. Eight queries."""
    day = facts.status_date
    mine: dict[str, Any] = {"organisation": organisation, "project__status__in": sorted(LIVE)}
    if facts.changed is not None:
        mine["project_id__in"] = list(facts.changed)
    accountable, names = _accountable(organisation)
    found: Found = defaultdict(lambda: defaultdict(list))
    waived = _waivers(mine, day, found)
    _gates(mine, day, found, waived)
    _activities(mine, found, waived)
    _conditions(mine, day, found)
    _people(organisation, facts, found)
    lifecycle = {
        project: Lifecycle(
            asked=bool(parts.pop("asked", False)),
            accountable=names.get(project),
            **{key: tuple(items) for key, items in parts.items()},
        )
        for project, parts in found.items()
    }
    return replace(facts, lifecycle=lifecycle, accountable=accountable)


def with_accountable(organisation: Organisation, facts: PortfolioFacts) -> PortfolioFacts:
    """The same facts with who is accountable for what, which is all that rules across projects read. One query."""
    return replace(facts, accountable=_accountable(organisation)[0])


def _accountable(organisation: Organisation) -> tuple[tuple[Answers, ...], dict[int, str]]:
    """Who is accountable for each live project. One query."""
    rows = Responsibility.objects.filter(
        organisation=organisation, subject="project", letter=Responsibility.Letter.ACCOUNTABLE,
        project__status__in=sorted(LIVE), project__archived_at__isnull=True,
    ).order_by("project_id")  # fmt: skip
    figures = ("project__performance__cpi", "project__performance__spi", "project__performance__vac_percent")
    found = tuple(
        Answers(person, name, project, code, is_red(cpi=cpi, spi=spi, vac_percent=vac))
        for person, name, project, code, cpi, spi, vac in rows.values_list(
            "person_id", "person__name", "project_id", "project__code", *figures
        )
    )
    return found, {item.project_id: item.person for item in found}


def _waivers(mine: dict[str, Any], day: date, found: Found) -> set[tuple[str, int]]:
    """What is waived at the day; and, of what is still not done, the waivers that end. One query."""
    granted = Waiver.objects.filter(**mine, state=Waiver.State.GRANTED, decided_at__isnull=False).order_by("id")
    last: dict[tuple[int, str, int], tuple[str, date, bool]] = {}
    fields = (
        "project_id", "expires_on", "activity_id", "activity__name", "activity__state", "deliverable_id",
        "deliverable__name", "deliverable__state", "gate_id", "gate__name", "gate__state", "policy_id", "policy__name",
    )  # fmt: skip
    for row in granted.values_list(*fields):
        project, expires_on = row[:2]
        targets = (
            ("activity", row[2], row[3], row[4] == ProjectActivity.State.DONE),
            ("deliverable", row[5], row[6], row[7] == ProjectDeliverable.State.ACCEPTED),
            ("gate", row[8], row[9], row[10] in PASSED),
            ("policy", row[11], row[12], False),
        )
        for kind, pk, name, done in targets:
            if pk is not None:
                key = (project, kind, pk)
                if key not in last or last[key][1] < expires_on:
                    last[key] = (name, expires_on, done)
    waived = set()
    for (project, kind, pk), (name, expires_on, done) in last.items():
        if expires_on >= day:
            waived.add((kind, pk))
        if not done and expires_on <= day + AHEAD:
            found[project]["waivers"].append(Ending(name, expires_on))
    return waived


def _gates(mine: dict[str, Any], day: date, found: Found, waived: set[tuple[str, int]]) -> None:
    rows = ProjectGate.objects.filter(**mine, applies=True, obligation=Obligation.MANDATORY, due__lt=day)
    for project, pk, name, due in (
        rows.exclude(state__in=PASSED).order_by("due", "id").values_list("project_id", "id", "name", "due")
    ):
        if due is not None and ("gate", pk) not in waived:
            found[project]["gates"].append(Late(name, due))


def _activities(mine: dict[str, Any], found: Found, waived: set[tuple[str, int]]) -> None:
    rows = ProjectActivity.objects.filter(
        **mine, applies=True, obligation=Obligation.MANDATORY, project_phase__order__lt=F("project__phase__order")
    ).exclude(state=ProjectActivity.State.DONE)
    fields = ("project_id", "id", "name", "project_phase__name")
    for project, pk, name, phase in rows.order_by("project_phase__order", "order", "id").values_list(*fields):
        if ("activity", pk) not in waived:
            found[project]["skipped"].append(Skipped(name, phase))


def _conditions(mine: dict[str, Any], day: date, found: Found) -> None:
    rows = GateCondition.objects.filter(
        **mine, met_on__isnull=True, due__lt=day, review__state=GateReview.State.DECIDED,
        review__decision=GateReview.Decision.CONDITIONAL, review__gate__state=ProjectGate.State.CONDITIONAL,
    )  # fmt: skip
    fields = ("project_id", "text", "due", "review__gate__name")
    for project, text, due, gate in rows.order_by("due", "id").values_list(*fields):
        found[project]["conditions"].append(Late(text, due, gate))


def _people(organisation: Organisation, facts: PortfolioFacts, found: Found) -> None:
    """What project managers have not acknowledged, and which projects have been asked for anything. Three queries."""
    bindings = [item for item in policies_in_force(organisation, facts.status_date) if _binds_leads(item)]
    rows = Project.objects.filter(organisation=organisation, status__in=sorted(LIVE), archived_at__isnull=True)
    if facts.changed is not None:
        rows = rows.filter(pk__in=list(facts.changed))
    laid = Exists(ProjectActivity.objects.filter(project=OuterRef("pk")))
    named = Exists(Responsibility.objects.filter(project=OuterRef("pk")))
    fields = ("id", "start", "project_manager__user_id", "project_manager__name", "laid", "named")
    for project, start, user, name, has_rows, has_letters in rows.annotate(laid=laid, named=named).values_list(*fields):
        if has_rows or has_letters:
            found[project]["asked"] = True
        if user is not None:
            late = list(_late(bindings, user, name, start, facts.status_date))
            if late:
                found[project]["policies"] += late


def _binds_leads(binding: Binding) -> bool:
    return "project_manager" in binding.roles


def _late(bindings: Iterable[Binding], user: int, name: str, start: date | None, day: date) -> Iterable[Late]:
    for binding in bindings:
        since = max(binding.effective_on, start) if start is not None and start <= day else binding.effective_on
        due = since + timedelta(days=binding.days)
        if user not in binding.acknowledged and due < day:
            yield Late(binding.name, due, name)
