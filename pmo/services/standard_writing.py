"""Writing a whole version of a standard from facts, in a handful of statements; and installing what is shipped."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from pmo.analysis.builtin_tiers import tier_model
from pmo.analysis.standard_content import PhaseContent, StandardContent
from pmo.models import (
    Activity,
    Deliverable,
    DocumentTemplate,
    Gate,
    GateCriterion,
    Organisation,
    Phase,
    Standard,
    StandardVersion,
    TailoringRule,
    TierModel,
    User,
)
from pmo.selectors.shipped import SHIPPED, shipped_standard


@transaction.atomic
def standards_install(organisation: Organisation) -> None:
    """The shipped standards as published versions 1, and the shipped tier model; what is there already stays."""
    have = set(Standard.objects.filter(organisation=organisation).values_list("slug", flat=True))
    for slug in SHIPPED:
        if slug not in have:
            standard_put(organisation, shipped_standard(slug), publish=True)
    if not TierModel.objects.filter(organisation=organisation).exists():
        TierModel.objects.create(organisation=organisation, number=1, published_at=timezone.now(), **tier_model())


def standard_put(organisation: Organisation, content: StandardContent, *, publish: bool = False) -> StandardVersion:
    """A new standard with its first version, a draft unless `publish`."""
    standard = Standard.objects.create(
        organisation=organisation, slug=content.slug, name=content.name, description=content.description,
        source=content.source, licence=content.licence,
    )  # fmt: skip
    version = StandardVersion.objects.create(
        organisation=organisation, standard=standard, number=1, summary=content.summary
    )
    version_fill(version, content)
    return version_freeze(version, None) if publish else version


def version_freeze(version: StandardVersion, user: User | None) -> StandardVersion:
    """From here on the database refuses every change."""
    version.published_at, version.published_by = timezone.now(), user
    version.save(update_fields=["published_at", "published_by"])
    return version


def version_fill(version: StandardVersion, content: StandardContent) -> None:
    """Write everything of `content` into the empty draft `version`."""
    mine = {"organisation_id": version.organisation_id}
    templates = _templates(version.organisation_id, content.phases)
    phases = Phase.objects.bulk_create(
        Phase(**mine, version=version, order=place, key=each.key, name=each.name, purpose=each.purpose)
        for place, each in enumerate(content.phases, start=1)
    )
    pairs = list(zip(phases, content.phases, strict=True))
    Activity.objects.bulk_create(
        Activity(
            **mine, phase=phase, order=place, key=each.key, name=each.name, obligation=each.obligation,
            responsible_role=each.responsible_role, why=each.why, how=each.how,
            template_id=templates.get(each.template), due_from=each.due_from, due_days=each.due_days,
        )
        for phase, facts in pairs for place, each in enumerate(facts.activities, start=1)
    )  # fmt: skip
    Deliverable.objects.bulk_create(
        Deliverable(
            **mine, phase=phase, order=place, key=each.key, name=each.name, obligation=each.obligation,
            responsible_role=each.responsible_role, description=each.description, acceptance=each.acceptance,
            template_id=templates.get(each.template),
        )
        for phase, facts in pairs for place, each in enumerate(facts.deliverables, start=1)
    )  # fmt: skip
    wanted = [(phase, place, each) for phase, facts in pairs for place, each in enumerate(facts.gates, start=1)]
    gates = Gate.objects.bulk_create(
        Gate(
            **mine, phase=phase, order=place, key=each.key, name=each.name, obligation=each.obligation,
            responsible_role=each.responsible_role, purpose=each.purpose, at=each.at,
            approver_roles=list(each.approver_roles), quorum=each.quorum, in_order=each.in_order,
        )
        for phase, place, each in wanted
    )  # fmt: skip
    GateCriterion.objects.bulk_create(
        GateCriterion(**mine, gate=gate, order=place, key=each.key, text=each.text, mandatory=each.mandatory)
        for gate, (_phase, _place, facts) in zip(gates, wanted, strict=True)
        for place, each in enumerate(facts.criteria, start=1)
    )
    TailoringRule.objects.bulk_create(
        TailoringRule(
            **mine, version=version, order=place, name=each.name, conditions=dict(each.conditions),
            targets=list(each.targets), effect=each.effect, value=each.value,
        )
        for place, each in enumerate(content.rules, start=1)
    )  # fmt: skip


def version_empty(version: StandardVersion) -> None:
    """Take everything out of a draft."""
    GateCriterion.objects.filter(gate__phase__version=version).delete()
    for model in (Activity, Deliverable, Gate):
        model.objects.filter(phase__version=version).delete()
    Phase.objects.filter(version=version).delete()
    TailoringRule.objects.filter(version=version).delete()


def _templates(organisation_id: int, phases: Iterable[PhaseContent]) -> dict[str, int]:
    """The newest template of each key named; a key that the organisation does not have is left out."""
    keys = {each.template for phase in phases for each in phase.activities}
    keys |= {each.template for phase in phases for each in phase.deliverables}
    keys.discard("")
    if not keys:
        return {}
    rows = DocumentTemplate.objects.filter(organisation_id=organisation_id, key__in=keys).order_by("number")
    return dict(rows.values_list("key", "pk"))
