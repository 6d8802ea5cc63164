"""A stored version of a standard, read whole in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from pmo.analysis.standard_content import (
    ActivityContent,
    CriterionContent,
    DeliverableContent,
    GateContent,
    PhaseContent,
    RuleContent,
    StandardContent,
)
from pmo.models import Activity, Deliverable, Gate, GateCriterion, Phase, StandardVersion, TailoringRule


def phases_whole(version: StandardVersion) -> QuerySet[Phase]:
    """The phases of a version with everything in them, in five queries."""
    return (
        Phase.objects.filter(version=version)
        .order_by("order")
        .prefetch_related(
            Prefetch("activities", Activity.objects.select_related("template").order_by("order", "pk")),
            Prefetch("deliverables", Deliverable.objects.select_related("template").order_by("order", "pk")),
            Prefetch("gates", Gate.objects.order_by("order", "pk")),
            Prefetch("gates__criteria", GateCriterion.objects.order_by("order", "pk")),
        )
    )


def content_of(version: StandardVersion) -> StandardContent:
    """The version as facts; six queries, and one more where its standard is not loaded."""
    standard = version.standard
    rules = TailoringRule.objects.filter(version=version).order_by("order")
    return StandardContent(
        slug=standard.slug,
        name=standard.name,
        description=standard.description,
        source=standard.source,
        licence=standard.licence,
        summary=version.summary,
        phases=phases_content(phases_whole(version)),
        rules=tuple(
            RuleContent(rule.name, rule.effect, dict(rule.conditions), tuple(rule.targets), rule.value)
            for rule in rules
        ),
    )


def phases_content(phases: Iterable[Phase]) -> tuple[PhaseContent, ...]:
    """Phases as `phases_whole` loads them."""
    return tuple(
        PhaseContent(
            phase.key,
            phase.name,
            phase.purpose,
            tuple(_activity(each) for each in phase.activities.all()),
            tuple(_deliverable(each) for each in phase.deliverables.all()),
            tuple(_gate(each) for each in phase.gates.all()),
        )
        for phase in phases
    )


def _activity(row: Activity) -> ActivityContent:
    return ActivityContent(
        row.key, row.name, row.obligation, row.responsible_role, row.why, row.how,
        row.template.key if row.template else "", row.due_from, row.due_days,
    )  # fmt: skip


def _deliverable(row: Deliverable) -> DeliverableContent:
    return DeliverableContent(
        row.key, row.name, row.obligation, row.responsible_role, row.description, row.acceptance,
        row.template.key if row.template else "",
    )  # fmt: skip


def _gate(row: Gate) -> GateContent:
    return GateContent(
        row.key, row.name, row.obligation, row.responsible_role, row.purpose, row.at, tuple(row.approver_roles),
        row.quorum, row.in_order,
        tuple(CriterionContent(each.key, each.text, each.mandatory) for each in row.criteria.all()),
    )  # fmt: skip
