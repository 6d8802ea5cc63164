"""What projects have to do, and what they did of it, in a fixed number of queries: the facts of compliance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from pmo.models import Obligation, Organisation, Policy, PolicyAcknowledgement, PolicyVersion
from portfolio.analysis.compliance import Kind, Leave, Requirement, passed_on
from projects.models import (
    GateReview,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    Waiver,
)

OWN: Final = (
    "project_id", "id", "key", "name", "project_phase__phase__key", "project_phase__name", "project_phase__order",
    "order", "obligation", "applies", "due",
)  # fmt: skip
POLICY_PHASE: Final = "policies"
BOUND: Final = ("project_manager", "budget_owner", "sponsor")


@dataclass(frozen=True, slots=True)
class Binding:
    """A policy in force at the day: since when, whom it binds, how long they have, who acknowledged it when."""

    policy_id: int
    slug: str
    name: str
    effective_on: date
    days: int
    roles: frozenset[str]
    acknowledged: dict[int, date]  # user -> day


def requirements_of(
    organisation: Organisation, day: date, project_ids: Collection[int] | None = None
) -> dict[int, list[Requirement]]:
    """By project (every project asked for, None: all of the organisation), what it has to do as known at `day`.

    Eight queries, however many projects. For the system: the caller shows nothing of it that somebody may not see.
    """
    wanted: dict[str, Any] = {"organisation": organisation}
    if project_ids is not None:
        wanted["project_id__in"] = list(project_ids)
    leaves = _leaves(wanted)
    projects = Project.objects.filter(organisation=organisation).order_by("id")
    if project_ids is not None:
        projects = projects.filter(pk__in=list(project_ids))
    named = projects.values_list("id", "start", *(f"{role}__user_id" for role in BOUND))
    bindings = policies_in_force(organisation, day)
    found = {row[0]: _policies(row, bindings, leaves, day) for row in named}
    done = ProjectActivity.State.DONE
    for row in ProjectActivity.objects.filter(**wanted).values_list(*OWN, "state", "done_on").order_by("id"):
        _add(found, row, "activity", row[-1] if row[-2] == done else None, leaves)
    accepted = ProjectDeliverable.State.ACCEPTED
    for row in ProjectDeliverable.objects.filter(**wanted).values_list(*OWN, "state", "decided_on").order_by("id"):
        _add(found, row, "deliverable", row[-1] if row[-2] == accepted else None, leaves)
    reviews = _reviews(wanted)
    passed = (ProjectGate.State.PASSED, ProjectGate.State.CONDITIONAL)
    for row in ProjectGate.objects.filter(**wanted).values_list(*OWN, "state", "decided_on").order_by("id"):
        stated = row[-1] if row[-2] in passed else None
        _add(found, row, "gate", passed_on(reviews[row[1]], day) if row[1] in reviews else stated, leaves)
    return found


def _add(
    found: dict[int, list[Requirement]], row: tuple[Any, ...], kind: Kind, done_on: date | None,
    leaves: dict[tuple[str, int], tuple[Leave, ...]],
) -> None:  # fmt: skip
    project, pk, key, name, phase, phase_name, phase_order, order, obligation, applies, due = row[:11]
    if project not in found:
        return
    found[project].append(
        Requirement(
            pk, kind, key, name, phase or f"p{phase_order}", phase_name, phase_order, order,
            obligation == Obligation.MANDATORY, applies, due, done_on, leaves.get((kind, pk), ()),
        )
    )  # fmt: skip


def _leaves(wanted: dict[str, Any]) -> dict[tuple[str, int], tuple[Leave, ...]]:
    """Granted waivers by what they waive. A policy's: ("policy:12", project)."""
    granted = Waiver.objects.filter(**wanted, state=Waiver.State.GRANTED, decided_at__isnull=False).order_by("id")
    found: dict[tuple[str, int], list[Leave]] = defaultdict(list)
    fields = ("project_id", "activity_id", "deliverable_id", "gate_id", "policy_id", "decided_at", "expires_on")
    for project, activity, deliverable, gate, policy, decided_at, expires_on in granted.values_list(*fields):
        leave = Leave(decided_at.date(), expires_on)
        for kind, pk in (("activity", activity), ("deliverable", deliverable), ("gate", gate)):
            if pk is not None:
                found[kind, pk].append(leave)
        if policy is not None:
            found[f"policy:{policy}", project].append(leave)
    return {key: tuple(items) for key, items in found.items()}


def _reviews(wanted: dict[str, Any]) -> dict[int, list[tuple[date, str]]]:
    decided = GateReview.objects.filter(**wanted, state=GateReview.State.DECIDED, decided_on__isnull=False)
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for gate, decided_on, decision in decided.order_by("number").values_list("gate_id", "decided_on", "decision"):
        if decided_on is not None:
            found[gate].append((decided_on, decision))
    return found


def policies_in_force(organisation: Organisation, day: date) -> list[Binding]:
    """The policies that bind somebody at `day`, each in its version of then. Two queries."""
    versions: QuerySet[PolicyVersion] = PolicyVersion.objects.filter(
        organisation=organisation, published_at__isnull=False, effective_on__lte=day
    ).select_related("policy")
    newest: dict[int, PolicyVersion] = {}
    for version in versions.order_by("number"):
        newest[version.policy_id] = version
    binding = [version for version in newest.values() if version.binds_roles and not _withdrawn(version.policy, day)]
    said = PolicyAcknowledgement.objects.filter(
        organisation=organisation, version__in=[version.pk for version in binding]
    )
    acknowledged: dict[int, dict[int, date]] = defaultdict(dict)
    for version_id, user, at in said.values_list("version_id", "user_id", "acknowledged_at"):
        acknowledged[version_id][user] = at.date()
    return [
        Binding(
            version.policy_id, version.policy.slug, version.policy.name, version.effective_on or day,
            version.acknowledge_within_days, frozenset(version.binds_roles), acknowledged[version.pk],
        )
        for version in sorted(binding, key=lambda item: item.policy.name)
    ]  # fmt: skip


def _withdrawn(policy: Policy, day: date) -> bool:
    return policy.withdrawn_at is not None and policy.withdrawn_at.date() <= day


def _policies(
    row: tuple[Any, ...], bindings: list[Binding], leaves: dict[tuple[str, int], tuple[Leave, ...]], day: date
) -> list[Requirement]:
    """The policies that bind the people a project names. Nobody bound has an account: it does not apply."""
    project, start, *users = row
    found = []
    for order, binding in enumerate(bindings):
        bound = {user for role, user in zip(BOUND, users, strict=True) if user and role in binding.roles}
        days = [binding.acknowledged.get(user) for user in bound]
        since = max(binding.effective_on, start) if start is not None and start <= day else binding.effective_on
        done = [at for at in days if at is not None and at <= day]
        item = Requirement(
            binding.policy_id, "policy", binding.slug, binding.name, POLICY_PHASE, "", 0, order, applies=bool(bound),
            due=since + timedelta(days=binding.days), leaves=leaves.get((f"policy:{binding.policy_id}", project), ()),
        )  # fmt: skip
        found.append(replace(item, done_on=max(done)) if bound and len(done) == len(bound) else item)
    return found
