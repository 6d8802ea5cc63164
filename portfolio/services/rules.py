"""Setting rules: on or off, severity, tolerances. Every change makes the organisation be looked at anew."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound, StaleVersion
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from portfolio.analysis.registry import Rule, rule_by_slug
from portfolio.models import RuleSetting, Severity
from portfolio.selectors.rules import RuleInForce, in_force, rule_settings
from portfolio.services.standings import standings_owe

LARGEST: Final = Decimal(1_000_000_000)


@transaction.atomic
def rule_setting_update(
    *,
    actor: Actor,
    slug: str,
    version: int,
    enabled: bool | None = None,
    severity: str | None = None,
    tolerance: Mapping[str, Decimal] | None = None,
) -> RuleInForce:
    """Set what is given and leave the rest. `version` is the one read (0: as shipped). Answers the rule in force.

    Raises NotFound, ApplicationError naming the tolerance and value at fault, StaleVersion.
    """
    actor.require("rule.configure")
    rule = rule_by_slug(slug)
    if rule is None:
        raise NotFound()
    before = in_force(rule, rule_settings(actor.organisation).filter(slug=slug).first())
    if severity is not None and severity not in Severity.values:
        raise ApplicationError(_("“%s” is not a severity.") % severity, field="severity", code="unknown_choice")
    limits = {**before.tolerance, **_checked(rule, tolerance or {})}
    values = {
        "enabled": before.enabled if enabled is None else enabled,
        "severity": severity or before.severity,
        "tolerance": {name: format(value, "f") for name, value in limits.items() if value != rule.tolerance[name]},
    }
    if values["severity"] == rule.severity:
        values["severity"] = ""  # as shipped: follows the product
    _write(actor, slug, version, values)
    standings_owe(actor.organisation.pk)
    after = in_force(rule, rule_settings(actor.organisation).get(slug=slug))
    audit_record(
        actor=actor,
        action="rule.set",
        object_type="rule",
        object_id=slug,
        label=f"{rule.id} {rule.title}",
        before=_told(before),
        after=_told(after),
    )
    return after


def _checked(rule: Rule, given: Mapping[str, Decimal]) -> dict[str, Decimal]:
    for name, value in given.items():
        if name not in rule.tolerance:
            raise ApplicationError(
                _("%(rule)s has no tolerance “%(name)s”; it has %(names)s.")
                % {"rule": rule.title, "name": name[:40], "names": ", ".join(rule.tolerance)},
                field=f"tolerance.{name[:40]}",
                code="unknown_tolerance",
            )
        if not value.is_finite() or not 0 <= value <= LARGEST:
            raise ApplicationError(
                _("%(value)s is not a tolerance: from 0 to %(limit)s.")
                % {"value": str(value)[:40], "limit": f"{LARGEST:,}"},
                field=f"tolerance.{name}",
                code="out_of_range",
            )
    return {name: round(value, 6).normalize() + 0 for name, value in given.items()}


def _write(actor: Actor, slug: str, version: int, values: Mapping[str, Any]) -> None:
    mine = RuleSetting.objects.filter(organisation=actor.organisation, slug=slug)
    if version == 0:
        try:
            with transaction.atomic():
                RuleSetting.objects.create(organisation=actor.organisation, slug=slug, **values)
            return
        except IntegrityError:
            pass  # somebody set it since: told below
    elif mine.filter(version=version).update(version=F("version") + 1, changed_at=timezone.now(), **values):
        return
    current = mine.values_list("version", flat=True).first() or 0
    raise StaleVersion(
        _("Somebody set this rule since you read it: you have version %(given)d, now it is %(current)d.")
        % {"given": version, "current": current},
        current_version=current,
    )


def _told(rule: RuleInForce) -> dict[str, Any]:
    tolerance = {name: format(value, "f") for name, value in rule.tolerance.items()}
    return {"enabled": rule.enabled, "severity": rule.severity, "tolerance": tolerance}
